/**
 * SHA-256 of what a computation was made from.
 *
 * Layer:  io; imports core.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import path from "node:path";
import { InputError } from "../core/errors.js";
import { isFolder, listFolder } from "./file.js";

/** In hex: of a file's bytes; of a folder's files, each by its name in the folder and its own hash. */
export async function hashPath(place: string): Promise<string> {
  if (!(await isFolder(place))) return hashFile(place);
  const hash = createHash("sha256");
  for (const name of await filesBelow(place)) {
    // Names with "/" on every system, so that a cohort has one hash wherever it lies.
    hash.update(`${name.split(path.sep).join("/")}\n${await hashFile(path.join(place, name))}\n`);
  }
  return hash.digest("hex");
}

/** In hex, of bytes and texts one after the other. */
export function hashParts(...parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }))
      hash.update(chunk as Buffer);
  } catch (cause) {
    throw new InputError(`the file cannot be read (${(cause as Error).message}). Check the path.`, {
      file,
      cause,
    });
  }
  return hash.digest("hex");
}

/** Paths relative to the folder, sorted. */
async function filesBelow(folder: string): Promise<string[]> {
  const { files, folders } = await listFolder(folder);
  const below = await Promise.all(
    folders.map(async (name) =>
      (await filesBelow(path.join(folder, name))).map((file) => path.join(name, file)),
    ),
  );
  return [...files, ...below.flat()].sort();
}
