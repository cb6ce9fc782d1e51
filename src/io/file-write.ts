/**
 * Writing whole files: a reader sees the old one or the new one, never a part.
 *
 * Layer:  io; imports core.
 */
import { rename, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { InputError } from "../core/errors.js";

const pack = promisify(gzip);

/** The same bytes for the same content: gzip's header keeps no time and no name. */
export async function gzipBytes(bytes: Uint8Array): Promise<Uint8Array> {
  return pack(bytes, { level: 6 });
}

/** Writes beside the file and renames. @throws InputError if the folder is missing or not writable. */
export async function writeAtomically(file: string, content: Uint8Array | string): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  try {
    await writeFile(part, content, { flag: "wx" });
    await rename(part, file);
  } catch (cause) {
    await rm(part, { force: true });
    throw new InputError(
      `cannot write the file (${(cause as Error).message}). Check the folder and its rights.`,
      { file, cause },
    );
  }
}
