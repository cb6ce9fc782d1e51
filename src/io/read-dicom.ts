/**
 * A folder or list of DICOM files to one scan.
 *
 * Layer:  io; imports core, volume.
 */
import path from "node:path";
import { InputError } from "../core/errors.js";
import type { Volume } from "../volume/volume.js";
import { type DicomItem, looksLikeDicom, parseDicomFile } from "./dicom-file.js";
import { volumeOfSeries } from "./dicom-series.js";
import type { SuvKind } from "./dicom-suv.js";
import { isFolder, listFolder, readBytes } from "./file.js";
import type { PartOptions } from "./part.js";

export interface DicomOptions extends PartOptions {
  /** Series instance UID; needed only where several series lie together. */
  readonly series?: string;
  /**
   * PET only: standardized uptake values by body weight, lean body mass or body surface, from the weight, injected activity and
   * times in the headers. Default: the values as stored, usually Bq/mL.
   */
  readonly suv?: SuvKind;
}

/** Objects that may lie beside a scan and are none. */
const NOT_SCANS: ReadonlySet<string> = new Set([
  "RTSTRUCT",
  "RTPLAN",
  "RTDOSE",
  "RTRECORD",
  "SEG",
  "SR",
  "PR",
  "KO",
  "REG",
  "DOC",
]);
const DICOMDIR_CLASS = "1.2.840.10008.1.3.10";
const FILES_AT_ONCE = 16;

/**
 * Reads a CT, MR or PET series: one slice a file, or an enhanced multi-frame file. CT values become Hounsfield units.
 *
 * Transfer syntaxes: implicit and explicit little endian, explicit big endian, deflated, RLE, JPEG (baseline, extended of 12 bits,
 * lossless), JPEG-LS, JPEG 2000 and HTJ2K. Compressed slices are decoded in threads, several at a time.
 *
 * Slices are sorted by position. Files in the folder that are no DICOM scan (text, DICOMDIR, structure sets) are passed over; folders
 * inside it are not entered.
 *
 * @param source  A folder, or the files of the series.
 * A series of several volumes, such as points in time or diffusion weightings, is read one `part` at a time.
 *
 * @throws InputError if a slice is missing, doubled, cut off or different, the gantry was tilted, several series or
 *   volumes lie together and none is chosen (they are listed), or nothing can be read.
 *
 * @example
 * const ct = await readDicom("LUNG1-001/CT");
 */
export async function readDicom(
  source: string | readonly string[],
  { series, suv, part }: DicomOptions = {},
): Promise<Volume> {
  return volumeOfSeries(await scanItems(source, series), suv, part);
}

/** The files of one series, parsed; see `readDicom`. */
export async function scanItems(source: string | readonly string[], series?: string): Promise<DicomItem[]> {
  const place = typeof source === "string" ? source : source[0];
  if (place === undefined)
    throw new InputError("no files are given. Name a folder, or the files of one series.");
  const items = typeof source === "string" ? await itemsAt(source) : await parseAll(source, false);
  const scans = items.filter((item) => !NOT_SCANS.has(item.string("x00080060")) && item.has("x00280010"));
  return chooseSeries(groupBySeries(scans), series, place, items);
}

async function itemsAt(source: string): Promise<DicomItem[]> {
  if (!(await isFolder(source))) return parseAll([source], false);
  const { files, folders } = await listFolder(source);
  const items = await parseAll(
    files.map((name) => path.join(source, name)),
    true,
  );
  if (items.length > 0) return items;
  const inside =
    folders.length === 0 ? "" : ` Folders inside it: ${folders.slice(0, 8).join(", ")}; name one of them.`;
  throw new InputError(
    `there is no DICOM file in this folder (${files.length} other files).${inside || " Check the path."}`,
    { file: source },
  );
}

/** @param passOver  Leave out files that are clearly not DICOM, as in a folder with other things. */
async function parseAll(files: readonly string[], passOver: boolean): Promise<DicomItem[]> {
  const items: DicomItem[] = [];
  for (let start = 0; start < files.length; start += FILES_AT_ONCE) {
    const batch = files.slice(start, start + FILES_AT_ONCE);
    const contents = await Promise.all(batch.map(readBytes));
    contents.forEach((bytes, i) => {
      const file = batch[i] as string;
      if (passOver && !looksLikeDicom(bytes) && !/\.(dcm|dicom|ima)$/i.test(file)) return;
      const item = parseDicomFile(bytes, file);
      if (item.string("x00020002") !== DICOMDIR_CLASS) items.push(item);
    });
  }
  return items;
}

function groupBySeries(scans: readonly DicomItem[]): Map<string, DicomItem[]> {
  const bySeries = new Map<string, DicomItem[]>();
  for (const item of scans) {
    const uid = item.string("x0020000e");
    if (uid === "") throw item.fault("x0020000e", "is missing");
    const group = bySeries.get(uid);
    if (group === undefined) bySeries.set(uid, [item]);
    else group.push(item);
  }
  return bySeries;
}

function chooseSeries(
  bySeries: ReadonlyMap<string, DicomItem[]>,
  wanted: string | undefined,
  place: string,
  found: readonly DicomItem[],
): DicomItem[] {
  if (bySeries.size === 0) {
    throw new InputError(
      `none of the ${found.length} DICOM files is a scan. Read a structure set with readRtstruct, a segmentation with readSeg; ` +
        "check the path of the scan.",
      { file: place, ...(found.length === 1 ? { offset: found[0]?.offsetOf("x00080060") ?? 0 } : {}) },
    );
  }
  const list = [...bySeries].map(
    ([uid, [first, ...rest]]) =>
      `\n  ${uid}: ${first?.string("x00080060")} "${first?.text("x0008103e")}", ${rest.length + 1} files`,
  );
  if (wanted !== undefined) {
    const chosen = bySeries.get(wanted);
    if (chosen !== undefined) return chosen;
    throw new InputError(`series ${wanted} is not here. Choose one of:${list.join("")}`, { file: place });
  }
  if (bySeries.size > 1) {
    throw new InputError(
      `${bySeries.size} series lie together. Choose one with { series: "…" }:${list.join("")}`,
      { file: place },
    );
  }
  return [...bySeries.values()][0] as DicomItem[];
}
