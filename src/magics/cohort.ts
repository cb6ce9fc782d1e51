/**
 * `%cohort`: a CSV file as a cohort that knows its columns, so that a misspelt one does not compile.
 *
 * Layer:  magics; imports core, io.
 */
import { closeSync, openSync, readSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { InputError } from "../core/errors.js";
import { parseCsv } from "../io/csv.js";
import type { ArgumentWords, LineMagic } from "./magic.js";

const USAGE = "%cohort NAME = FILE.csv [id=COLUMN] [delimiter=CHARACTER] [missing=CELL]";
const OPTIONS = ["id", "delimiter", "missing"];
/** A header is shorter than this. */
const MOST_BYTES = 1_000_000;

export const cohortMagic: LineMagic = {
  name: "cohort",
  usage: USAGE,
  doc: "Reads clinical rows from a CSV file. Column names are read at once, so that a misspelt one is a type error. The id column is called id unless said otherwise.",
  rewrite: (argument, folder) => {
    const { name, file, options } = parse(argument);
    const { id = "id", delimiter } = options;
    const columns = headerOf(file, folder, delimiter);
    if (!columns.includes(id)) {
      const hint = columns.length === 1 ? `, or the delimiter: %cohort ${name} = ${file} delimiter=";"` : "";
      throw new InputError(
        `${file} has no column "${id}". It has: ${columns.join(", ")}. Name the column of the patient ids: ` +
          `%cohort ${name} = ${file} id=${quoted(columns[0])}${hint}.`,
      );
    }
    const types = columns.filter((column) => column !== id).map((column) => JSON.stringify(column));
    const type = types.length === 0 ? "never" : types.join(" | ");
    return {
      before: "const ",
      after: ` = await (await import("radbook")).io.readCohort<${type}>(${call(file, options)});`,
      keep: [0, name.length],
    };
  },
  complete,
};

interface CohortOptions {
  readonly id?: string;
  readonly delimiter?: string;
  readonly missing?: readonly string[];
}

interface Parsed {
  readonly name: string;
  readonly file: string;
  readonly options: CohortOptions;
}

const WORD = `"[^"]*"|'[^']*'|\\S+`;

function parse(argument: string): Parsed {
  const pattern = new RegExp(`^([\\p{ID_Start}$_][\\p{ID_Continue}$]*)\\s*=\\s*(${WORD})((?:\\s+.*)?)$`, "u");
  const match = pattern.exec(argument.replace(/[\s;]+$/, ""));
  if (!match) {
    throw new InputError(
      `%cohort needs a name and a file: ${USAGE}, for example %cohort clinical = clinical.csv.`,
    );
  }
  const [, name = "", file = "", rest = ""] = match;
  return { name, file: home(unquoted(file)), options: parseOptions(rest) };
}

function parseOptions(text: string): CohortOptions {
  const missing: string[] = [];
  const found: { id?: string; delimiter?: string } = {};
  const unread = text.replace(
    new RegExp(`(?<=\\s)(\\w+)=(${WORD})`, "g"),
    (whole, key: string, value: string) => {
      const plain = unquoted(value);
      if (key === "missing") missing.push(plain);
      else if (key === "id") found.id = plain;
      else if (key === "delimiter") found.delimiter = plain === "tab" || plain === "\\t" ? "\t" : plain;
      else return whole;
      return "";
    },
  );
  if (unread.trim() !== "") {
    throw new InputError(`%cohort does not know "${unread.trim()}". It is used so: ${USAGE}.`);
  }
  return missing.length === 0 ? found : { ...found, missing };
}

/** Names in the first line, in order. @throws InputError if the file cannot be read or has none. */
function headerOf(file: string, folder: string, delimiter: string | undefined): readonly string[] {
  const text = beginning(path.resolve(folder, file), file);
  // The first line end outside of quotes.
  const line = /^(?:[^"\r\n]|"[^"]*")*/.exec(text)?.[0] ?? "";
  const { rows } = parseCsv(line, delimiter === undefined ? { file } : { file, delimiter });
  const [header] = rows;
  if (header === undefined) throw new InputError(`${file} is empty. A cohort needs a header line.`);
  return header;
}

function beginning(absolute: string, file: string): string {
  const bytes = Buffer.alloc(MOST_BYTES);
  try {
    const descriptor = openSync(absolute, "r");
    try {
      return bytes.toString("utf8", 0, readSync(descriptor, bytes));
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const why = missing ? "there is no such file" : (cause as Error).message;
    throw new InputError(`cannot read ${file} in ${path.dirname(absolute)}: ${why}. Check the path.`, {
      cause,
    });
  }
}

/** Arguments of `io.readCohort`. */
function call(file: string, options: CohortOptions): string {
  const given = Object.entries(options).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return JSON.stringify(file) + (given.length === 0 ? "" : `, { ${given.join(", ")} }`);
}

function complete(typed: string, folder: string): ArgumentWords {
  const file = /^[^=]*=\s*(\S*)$/.exec(typed);
  if (file) return { from: typed.length - (file[1] ?? "").length, words: [], files: /\.(csv|tsv|txt)$/i };
  const word = /(\S*)$/.exec(typed)?.[1] ?? "";
  const from = typed.length - word.length;
  if (!typed.includes("=")) return { from, words: [] };
  if (!word.startsWith("id=")) return { from, words: OPTIONS.map((option) => `${option}=`) };
  try {
    const parsed = parse(typed.slice(0, from));
    const columns = headerOf(parsed.file, folder, parsed.options.delimiter);
    return { from, words: columns.map((column) => `id=${quoted(column)}`) };
  } catch (error) {
    if (error instanceof InputError) return { from, words: [] };
    throw error;
  }
}

function quoted(word: string): string {
  return /\s/.test(word) ? `"${word}"` : word;
}

function unquoted(word: string): string {
  return /^(".*"|'.*')$/.test(word) ? word.slice(1, -1) : word;
}

function home(file: string): string {
  return file.startsWith("~/") ? path.join(os.homedir(), file.slice(2)) : file;
}
