/**
 * Finds every DICOM series below a folder, without reading a pixel.
 *
 * Layer:  io; imports core.
 */
import { open, readdir } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../core/errors.js";
import { orInterrupt } from "../core/interrupt.js";
import { type DicomItem, looksLikeDicom, parseDicomFile, parseDicomStart } from "./dicom-file.js";
import { isFolder, readBytes } from "./file.js";
import { type FileFailure, FolderIndex, type IndexedFile } from "./folder-index.js";

export interface IndexOptions {
  /** Called now and then with the number of files that were looked at, and of all files. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops the search. */
  readonly signal?: AbortSignal;
}

/** Headers are mostly shorter than the first, and nearly always than the second. */
const STARTS = [16 << 10, 512 << 10] as const;
const FILES_AT_ONCE = 16;
const FILES_PER_REPORT = 100;
const DICOMDIR_CLASS = "1.2.840.10008.1.3.10";

/**
 * Lists the patients, studies and series below a folder: a table with a row per series. Folders are entered, links to folders are not.
 * Broken DICOM files are listed with their reason and stop nothing; other files are counted.
 *
 * @throws InputError if the folder cannot be read, and the signal's reason if it stops the search.
 *
 * @example
 * const found = await io.index("archive");
 * const ct = await io.readDicom(found.series[0].files);
 */
export async function indexFolder(
  folder: string,
  { onProgress, signal: given }: IndexOptions = {},
): Promise<FolderIndex> {
  if (!(await isFolder(folder)))
    throw new InputError("this is a file, not a folder. Name the folder around it.", { file: folder });
  const signal = orInterrupt(given);
  const files = await filesBelow(folder, signal);
  const looked: (IndexedFile | FileFailure | null)[] = new Array(files.length).fill(null);
  let next = 0;
  let done = 0;
  const advance = async (): Promise<void> => {
    while (next < files.length) {
      signal?.throwIfAborted();
      const i = next++;
      looked[i] = await look(files[i] as string);
      done++;
      if (done % FILES_PER_REPORT === 0 || done === files.length) onProgress?.(done, files.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(FILES_AT_ONCE, files.length) }, advance));
  return new FolderIndex(
    folder,
    looked.filter((found) => found !== null && "series" in found) as IndexedFile[],
    looked.filter((found) => found !== null && "reason" in found) as FileFailure[],
    looked.filter((found) => found === null).length,
  );
}

/** Paths of all files below a folder, sorted. A folder inside that may not be read is passed over. */
async function filesBelow(folder: string, signal: AbortSignal | undefined): Promise<string[]> {
  const found: string[] = [];
  const waiting = [folder];
  while (waiting.length > 0) {
    signal?.throwIfAborted();
    const current = waiting.pop() as string;
    const entries = await readdir(current, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const place = path.join(current, entry.name);
      if (entry.isDirectory()) waiting.push(place);
      else if (entry.isFile()) found.push(place);
    }
  }
  return found.sort();
}

/** What a file is: an instance of a series, a broken DICOM file, or (null) something else. */
async function look(file: string): Promise<IndexedFile | FileFailure | null> {
  try {
    const { item, bytes } = await headerOf(file);
    if (item === null || item.string("x00020002") === DICOMDIR_CLASS) return null;
    return { ...describe(item), file, bytes };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { file, reason: error.message.replace(/^.*?: /, "") };
  }
}

async function headerOf(file: string): Promise<{ readonly item: DicomItem | null; readonly bytes: number }> {
  const handle = await open(file).catch(() => null);
  if (handle === null) throw new InputError("the file may not be read. Ask for read permission.", { file });
  try {
    const { size } = await handle.stat();
    for (const length of STARTS) {
      const { buffer, bytesRead } = await handle.read(
        new Uint8Array(Math.min(length, size)),
        0,
        Math.min(length, size),
        0,
      );
      const start = buffer.subarray(0, bytesRead);
      if (!looksLikeDicom(start) && !/\.dcm$/i.test(file)) return { item: null, bytes: size };
      const item = parseDicomStart(start, file);
      if (item !== null) return { item, bytes: size };
      if (size <= length) break;
    }
    return { item: parseDicomFile(await readBytes(file), file), bytes: size };
  } finally {
    await handle.close();
  }
}

function describe(item: DicomItem): Omit<IndexedFile, "file" | "bytes"> {
  const series = item.string("x0020000e");
  if (series === "") throw item.fault("x0020000e", "is missing");
  const frames = Number(item.string("x00280008") || 1);
  return {
    series,
    patient: item.text("x00100020"),
    study: item.string("x0020000d"),
    modality: item.string("x00080060"),
    description: item.text("x0008103e"),
    studyDescription: item.text("x00081030"),
    date: dateOf(item.string("x00080021") || item.string("x00080020")),
    columns: item.uint16("x00280011", 0),
    rows: item.uint16("x00280010", 0),
    frames: Number.isInteger(frames) && frames > 0 ? frames : 1,
  };
}

/** 20260131 to 2026-01-31. */
function dateOf(text: string): string {
  return text.replace(/^(\d{4})\.?(\d{2})\.?(\d{2})$/, "$1-$2-$3");
}
