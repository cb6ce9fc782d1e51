/**
 * One slice of a series: its place, its pixels, and how they become physical values.
 *
 * Layer:  io; imports core.
 */
import type { Vec3 } from "../core/geometry.js";
import type { DicomItem } from "./dicom-file.js";
import { dot } from "./direction.js";

/** Headers round direction cosines. */
const ORIENTATION_TOLERANCE = 1e-3;

export interface Slice {
  readonly item: DicomItem;
  readonly file: string;
  readonly modality: string;
  readonly columns: number;
  readonly rows: number;
  /** Distance of neighbouring columns and of neighbouring rows, mm. */
  readonly spacing: readonly [number, number];
  /** Direction of growing column index, LPS+. */
  readonly rowDirection: Vec3;
  /** Direction of growing row index, LPS+. */
  readonly columnDirection: Vec3;
  /** Centre of the first pixel, LPS+ mm. */
  readonly position: Vec3;
  readonly frameOfReference: string;
  readonly instance: string;
  readonly rescale: { readonly slope: number; readonly intercept: number };
  /** Unit after the rescale. */
  readonly unit: string;
}

/** @throws InputError naming the element that is missing, not read, or contradicts another. */
export function parseSlice(item: DicomItem): Slice {
  checkOnePlaneOfGrey(item);
  const [rowSpacing, columnSpacing] = item.decimals("x00280030", 2) as [number, number];
  if (!(rowSpacing > 0 && columnSpacing > 0)) throw item.fault("x00280030", "must be positive millimetres");
  const [rowDirection, columnDirection] = orientation(item);
  const modality = item.string("x00080060");
  const rows = item.uint16("x00280010");
  const columns = item.uint16("x00280011");
  if (rows === 0) throw item.fault("x00280010", "is 0");
  if (columns === 0) throw item.fault("x00280011", "is 0");
  return {
    item,
    file: item.file,
    modality,
    columns,
    rows,
    // The standard gives the distance between rows first.
    spacing: [columnSpacing, rowSpacing],
    rowDirection,
    columnDirection,
    position: item.decimals("x00200032", 3) as unknown as Vec3,
    frameOfReference: item.string("x00200052"),
    instance: item.string("x00080018"),
    rescale: rescaleOf(item, modality),
    unit: unitOf(item, modality),
  };
}

/**
 * Writes a slice's physical values into its place.
 *
 * @param out  rows × columns values, written from 0.
 * @throws InputError if the pixel data are not as long as the header says.
 */
export function writePixels(slice: Slice, out: Float32Array): void {
  const { item, rows, columns } = slice;
  const allocated = item.uint16("x00280100");
  const stored = item.uint16("x00280101", allocated);
  const high = item.uint16("x00280102", stored - 1);
  const signed = item.uint16("x00280103", 0) === 1;
  if (allocated !== 8 && allocated !== 16 && allocated !== 32) {
    throw item.fault("x00280100", `is ${allocated}; 8, 16 and 32 bits are read`);
  }
  if (stored < 1 || stored > allocated || high + 1 < stored || high >= allocated) {
    throw item.fault(
      "x00280101",
      `is ${stored} with high bit ${high} of ${allocated} bits, which is impossible`,
    );
  }
  const bytes = checkedPixelBytes(slice, (rows * columns * allocated) / 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

  // Bits above and below the stored ones may hold other things: shift them out, and let the sign follow.
  const left = 32 - (high + 1);
  const right = 32 - stored;
  const { slope, intercept } = slice.rescale;
  for (let p = 0; p < rows * columns; p++) {
    let raw: number;
    if (allocated === 16) raw = view.getUint16(2 * p, true);
    else if (allocated === 8) raw = bytes[p] as number;
    else raw = view.getUint32(4 * p, true);
    const value = signed ? (raw << left) >> right : (raw << left) >>> right;
    out[p] = value * slope + intercept;
  }
}

function checkOnePlaneOfGrey(item: DicomItem): void {
  const samples = item.uint16("x00280002", 1);
  const kind = item.string("x00280004");
  if (samples !== 1 || (kind !== "" && !kind.startsWith("MONOCHROME"))) {
    throw item.fault(
      "x00280002",
      `is ${samples} with color model ${kind || "unknown"}: only grey scans are read`,
    );
  }
  const frames = item.string("x00280008");
  if (frames !== "" && Number(frames) !== 1) {
    throw item.fault(
      "x00280008",
      `is ${frames}: files with several frames are not read yet, only one slice a file`,
    );
  }
}

function orientation(item: DicomItem): [Vec3, Vec3] {
  const [a, b, c, d, e, f] = item.decimals("x00200037", 6) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [row, column]: [Vec3, Vec3] = [
    [a, b, c],
    [d, e, f],
  ];
  const faults = [Math.hypot(...row) - 1, Math.hypot(...column) - 1, dot(row, column)];
  if (faults.every((fault) => Math.abs(fault) < ORIENTATION_TOLERANCE)) return [row, column];
  throw item.fault("x00200037", "must be two directions of length 1 at right angles");
}

function checkedPixelBytes({ item, rows, columns }: Slice, expected: number): Uint8Array {
  if (!item.has("x7fe00010")) throw item.fault("x7fe00010", "is missing");
  const bytes = item.bytes("x7fe00010");
  // Values are padded to an even number of bytes.
  if (bytes.length === expected || (expected % 2 === 1 && bytes.length === expected + 1)) return bytes;
  throw item.fault(
    "x7fe00010",
    `has ${bytes.length} bytes, but ${rows} rows × ${columns} columns need ${expected}`,
  );
}

function rescaleOf(item: DicomItem, modality: string): Slice["rescale"] {
  const isNeeded = modality === "CT" || modality === "PT";
  if (!isNeeded && !item.has("x00281053") && !item.has("x00281052")) return { slope: 1, intercept: 0 };
  const [slope] = item.decimals("x00281053", 1) as [number];
  const [intercept] = item.decimals("x00281052", 1) as [number];
  if (slope === 0) throw item.fault("x00281053", "is 0, which erases every value");
  return { slope, intercept };
}

function unitOf(item: DicomItem, modality: string): string {
  if (modality === "CT") {
    const type = item.string("x00281054");
    return type === "" ? "HU" : type;
  }
  if (modality === "PT") return item.string("x00541001") === "BQML" ? "Bq/mL" : item.string("x00541001");
  return "";
}
