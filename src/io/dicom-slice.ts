/**
 * The slices of a file: their places, their pixels, and how these become physical values. One slice a file, or the frames of an
 * enhanced multi-frame file, each described by its functional groups.
 *
 * Source: DICOM PS3.3 C.7.6.2 (image plane), C.7.6.16 (functional groups).
 * Layer:  io; imports core.
 */
import path from "node:path";
import type { Vec3 } from "../core/geometry.js";
import type { DicomItem } from "./dicom-file.js";
import { type PixelFormat, pixelFormat } from "./dicom-pixels.js";
import { dot } from "./direction.js";

/** Headers round direction cosines. */
const ORIENTATION_TOLERANCE = 1e-3;
/** No scanner makes more frames: a lying header is refused before making room for them. */
const MAX_FRAMES = 100_000;

const PIXEL_MEASURES = "x00289110";
const PLANE_POSITION = "x00209113";
const PLANE_ORIENTATION = "x00209116";
const VALUE_TRANSFORMATION = "x00289145";

export interface Slice extends FramePlace {
  readonly item: DicomItem;
  /** How the pixels of the file are stored, and which of its frames this is. */
  readonly format: PixelFormat;
  readonly frame: number;
  readonly file: string;
  /** File, and frame if there are several, for error messages. */
  readonly label: string;
  readonly modality: string;
  readonly columns: number;
  readonly rows: number;
  readonly frameOfReference: string;
  readonly instance: string;
  readonly rescale: { readonly slope: number; readonly intercept: number };
  /** Unit after the rescale. */
  readonly unit: string;
}

/** @throws InputError naming the element that is missing, not read, or contradicts another. */
export function parseSlices(item: DicomItem): Slice[] {
  checkGrey(item);
  const frames = frameCount(item);
  const format = pixelFormat(item, frames);
  const groups = functionalGroups(item, frames);
  const name = path.basename(item.file);
  return Array.from({ length: frames }, (_, frame) => {
    const label = frames === 1 ? name : `frame ${frame + 1} of ${name}`;
    return parseFrame(item, (sequence) => groups(frame, sequence), format, frame, label);
  });
}

/**
 * Finds the item of a functional group for a frame: its own, else the shared one, else the file itself, where single-frame files have
 * their elements.
 */
export function functionalGroups(
  item: DicomItem,
  frames: number,
): (frame: number, sequence: string) => DicomItem {
  const perFrame = item.items("x52009230");
  const shared = item.items("x52009229")[0];
  if (frames > 1 && perFrame.length !== frames) {
    throw item.fault(
      "x52009230",
      `describes ${perFrame.length} of ${frames} frames, so their places in the patient are not known`,
    );
  }
  return (frame, sequence) => perFrame[frame]?.items(sequence)[0] ?? shared?.items(sequence)[0] ?? item;
}

/** Where one frame lies. */
export interface FramePlace {
  /** Distance of neighbouring columns and of neighbouring rows, mm. */
  readonly spacing: readonly [number, number];
  /** Direction of growing column index, LPS+. */
  readonly rowDirection: Vec3;
  /** Direction of growing row index, LPS+. */
  readonly columnDirection: Vec3;
  /** Centre of the first pixel, LPS+ mm. */
  readonly position: Vec3;
  /** Slice thickness if the header has one, mm. */
  readonly thickness: number | undefined;
  /** Distance of neighbouring slices if the header has one, mm. */
  readonly betweenSlices: number | undefined;
}

export function framePlace(macro: (sequence: string) => DicomItem): FramePlace {
  const measures = macro(PIXEL_MEASURES);
  const [rowSpacing, columnSpacing] = measures.decimals("x00280030", 2) as [number, number];
  if (!(rowSpacing > 0 && columnSpacing > 0))
    throw measures.fault("x00280030", "must be positive millimetres");
  const [rowDirection, columnDirection] = orientation(macro(PLANE_ORIENTATION));
  return {
    // The standard gives the distance between rows first.
    spacing: [columnSpacing, rowSpacing],
    rowDirection,
    columnDirection,
    position: macro(PLANE_POSITION).decimals("x00200032", 3) as unknown as Vec3,
    thickness: measures.decimalList("x00180050")[0],
    betweenSlices: measures.decimalList("x00180088")[0],
  };
}

function parseFrame(
  item: DicomItem,
  macro: (sequence: string) => DicomItem,
  format: PixelFormat,
  frame: number,
  label: string,
): Slice {
  const modality = item.string("x00080060");
  return {
    item,
    format,
    frame,
    file: item.file,
    label,
    modality,
    columns: format.columns,
    rows: format.rows,
    ...framePlace(macro),
    frameOfReference: item.string("x00200052"),
    instance: item.string("x00080018"),
    rescale: rescaleOf(macro(VALUE_TRANSFORMATION), modality),
    unit: unitOf(item, macro(VALUE_TRANSFORMATION), modality),
  };
}

function checkGrey(item: DicomItem): void {
  const samples = item.uint16("x00280002", 1);
  const kind = item.string("x00280004");
  if (samples === 1 && (kind === "" || kind.startsWith("MONOCHROME"))) return;
  throw item.fault(
    "x00280002",
    `is ${samples} with color model ${kind || "unknown"}: only grey scans are read`,
    "Name the grey series.",
  );
}

export function frameCount(item: DicomItem): number {
  const text = item.string("x00280008");
  const frames = text === "" ? 1 : Number(text);
  if (Number.isInteger(frames) && frames >= 1 && frames <= MAX_FRAMES) return frames;
  throw item.fault("x00280008", `is "${text.slice(0, 20)}", which is no count of frames`);
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

/**
 * MR often has none: its values are arbitrary. Philips' private scale slope (2005,100E) is not applied: it turns the values into
 * another arbitrary unit, in which series of one scanner can be compared.
 */
function rescaleOf(item: DicomItem, modality: string): Slice["rescale"] {
  const isNeeded = modality === "CT" || modality === "PT";
  if (!isNeeded && !item.has("x00281053") && !item.has("x00281052")) return { slope: 1, intercept: 0 };
  const [slope] = item.decimals("x00281053", 1) as [number];
  const [intercept] = item.decimals("x00281052", 1) as [number];
  if (slope === 0) throw item.fault("x00281053", "is 0, which erases every value");
  return { slope, intercept };
}

function unitOf(item: DicomItem, transformation: DicomItem, modality: string): string {
  if (modality === "CT") {
    const type = transformation.string("x00281054");
    return type === "" || type === "US" ? "HU" : type;
  }
  if (modality !== "PT") return "";
  const unit = item.string("x00541001");
  return unit === "BQML" ? "Bq/mL" : unit;
}
