/**
 * The journal of a long extraction: one line for each patient that is finished, so that it can go on where it was left.
 *
 * Lines are JSON with a hash of themselves; a line that was cut off or torn is as if it had never been written.
 * Layer:  io; imports core, table (types).
 */
import { appendFile, readFile } from "node:fs/promises";
import { InputError } from "../core/errors.js";
import type { FinishedCase } from "../table/extracted-features.js";
import { hashParts } from "./hash-file.js";

/** Every line begins so. */
const MARK = '{"sha256":"';

/** Adds a line. Several threads may do so at once: a line is one write. */
export async function appendToJournal(file: string, entry: FinishedCase): Promise<void> {
  const { values, ...rest } = entry;
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const record = JSON.stringify({ ...rest, values: bytes.toString("base64") });
  try {
    // The leading line break ends a line that a crash has cut off.
    await appendFile(file, `\n{"sha256":"${hashParts(record)}","record":${record}}\n`);
  } catch (cause) {
    throw new InputError(`cannot write the journal (${(cause as Error).message}). Check the folder.`, {
      file,
      cause,
    });
  }
}

/** The last entry of each patient; none if there is no such file. @throws InputError if the file is something else than a journal. */
export async function readJournal(file: string): Promise<Map<string, FinishedCase>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    if ((cause as { code?: string }).code === "ENOENT") return new Map();
    throw new InputError(`cannot read the journal (${(cause as Error).message}). Check the path.`, {
      file,
      cause,
    });
  }
  const lines = text.split("\n").filter((line) => line !== "");
  const [first] = lines;
  if (first !== undefined && !MARK.startsWith(first.slice(0, MARK.length))) {
    throw new InputError("this file is no journal of an extraction. Name another file, or one that is new.", {
      file,
    });
  }
  const entries = lines.map(entryOf).filter((entry) => entry !== null);
  return new Map(entries.map((entry) => [entry.id, entry]));
}

/** Null for a line that is not whole. */
function entryOf(line: string): FinishedCase | null {
  const match = /^\{"sha256":"([0-9a-f]{64})","record":(.*)\}$/.exec(line);
  const [, hash, record] = match ?? [];
  if (record === undefined || hashParts(record) !== hash) return null;
  const { values, ...rest } = JSON.parse(record) as Omit<FinishedCase, "values"> & { values: string };
  const bytes = Buffer.from(values, "base64");
  const numbers = new Float64Array(bytes.length / 8);
  new Uint8Array(numbers.buffer).set(bytes);
  return { ...rest, values: numbers };
}
