/**
 * Files on disk: reading them whole, unpacking them within bounds, and naming them in every error.
 *
 * Layer:  io; imports core.
 */
import { open, readdir, readFile, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { constants, gunzip, gunzipSync } from "node:zlib";
import { InputError } from "../core/errors.js";

const unpack = promisify(gunzip);

/** gzip cannot pack better than 1032 : 1 (RFC 1951: 258 bytes from 2 bits). */
const BEST_GZIP_RATIO = 1032;

/** @throws InputError if the file cannot be read; the message says why and what to do. */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** The first 512 bytes of a file, which tell its format. @throws InputError if it cannot be read. */
export async function firstBytes(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(512), 0, 512, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Is there a folder (true) or a file (false)? @throws InputError if there is neither. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Names of the files and folders inside a folder, sorted. @throws InputError if it cannot be read. */
export async function listFolder(folder: string): Promise<{ files: string[]; folders: string[] }> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const names = (wanted: boolean): string[] =>
      entries
        .filter((entry) => entry.isDirectory() === wanted)
        .map((entry) => entry.name)
        .sort();
    return { files: names(false), folders: names(true) };
  } catch (error) {
    throw unreadable(folder, error);
  }
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The first bytes of a gzip file, at least `count` if the file has that many, without unpacking the rest. */
export function gunzipStart(bytes: Uint8Array, count: number, file: string): Uint8Array {
  try {
    // 4 KiB of input bound the output to 4 MiB.
    return gunzipSync(bytes.subarray(0, 4096 + count), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw new InputError("the gzip data are damaged at their start. Get a fresh copy of the file.", {
      file,
      offset: 0,
      cause: error,
    });
  }
}

/**
 * Unpacks a gzip file whose header says how long it is.
 *
 * @param size  Bytes that must come out, not one more or less: this bounds the memory.
 * @param at  Where the packed bytes start in the file.
 */
export async function gunzipExactly(
  bytes: Uint8Array,
  size: number,
  file: string,
  at = 0,
): Promise<Uint8Array> {
  if (size > bytes.length * BEST_GZIP_RATIO) {
    throw new InputError(
      `the header declares ${size} bytes, more than ${bytes.length} bytes of gzip data can hold. ` +
        "The file is cut off or its header is wrong: get a fresh copy.",
      { file, offset: at },
    );
  }
  let unpacked: Uint8Array;
  try {
    unpacked = await unpack(bytes, { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    throw gzipFault(error, size, file, at, bytes.length);
  }
  checkLength(unpacked.length, size, file);
  return unpacked;
}

/** @throws InputError unless a file is as long as its header says. */
export function checkLength(found: number, declared: number, file: string): void {
  if (found === declared) return;
  const how = found < declared ? "cut off" : "longer than it should be";
  throw new InputError(
    `the header declares ${declared} bytes in all, but there are ${found}: the file is ${how}. ` +
      "Get a fresh copy of the file, or export it again.",
    { file, offset: Math.min(found, declared) },
  );
}

/** Runs a step and puts the file's name, and the byte where the fault must lie, before any InputError that does not have one yet. */
export function naming<T>(file: string, step: () => T, offset?: number): T {
  try {
    return step();
  } catch (error) {
    const isPlaceless = error instanceof InputError && error.offset === undefined;
    if (isPlaceless && (error.file === undefined || error.file === file)) {
      const message =
        error.file === undefined ? error.message : error.message.slice(`${error.file}: `.length);
      throw new InputError(message, { file, ...(offset === undefined ? {} : { offset }), cause: error });
    }
    throw error;
  }
}

function gzipFault(error: unknown, size: number, file: string, at: number, length: number): InputError {
  const code = (error as { code?: string }).code;
  if (code === "ERR_BUFFER_TOO_LARGE") {
    return new InputError(
      `the gzip data hold more than the ${size} bytes that the header declares. ` +
        "The header is wrong or the file is harmful: export it again from its source.",
      { file, offset: at, cause: error },
    );
  }
  const isCut = code === "Z_BUF_ERROR";
  const fault = isCut ? "end too early: the file is cut off" : "are damaged";
  return new InputError(`the gzip data ${fault}. Get a fresh copy of the file.`, {
    file,
    offset: isCut ? at + length : at,
    cause: error,
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT:
    "there is no such file or folder. Check the path; relative paths start at the current folder, a notebook's own.",
  EACCES: "reading is not permitted. Ask for read permission, or copy the data to a folder of yours.",
  EPERM: "reading is not permitted. Ask for read permission, or copy the data to a folder of yours.",
  EISDIR: "this is a folder, not a file. Name the file inside it.",
  ENOTDIR: "a part of this path is a file, not a folder. Check the path.",
  ERR_FS_FILE_TOO_LARGE: "the file is larger than 2 GB. Crop the scan first.",
};

function unreadable(path: string, error: unknown): InputError {
  const code = (error as { code?: string }).code ?? "";
  const reason = REASONS[code] ?? `it cannot be read (${code}). Check the path and the disk.`;
  return new InputError(reason, { file: path, cause: error });
}
