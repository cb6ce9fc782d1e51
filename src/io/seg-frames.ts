/**
 * The frames of a DICOM segmentation: which segment, where, and how much of each pixel belongs to it.
 *
 * Source: DICOM PS3.3 C.8.20 (segmentation), PS3.5 8.1.1 (bits are packed from the lowest on, without gaps between frames).
 * Layer:  io; imports core, workers.
 */
import type { DicomItem } from "./dicom-file.js";
import { pixelFormat, writeFrame } from "./dicom-pixels.js";
import { type FramePlace, frameCount, framePlace, functionalGroups } from "./dicom-slice.js";

const PIXELS = "x7fe00010";
const SEGMENT_IDENTIFICATION = "x0062000a";

/** One frame; a label map has one for all segments, with the number of the segment in each pixel. */
export interface SegFrame extends FramePlace {
  /** Number of the segment; null in a label map. */
  readonly segment: number | null;
  /** rows × columns: 0 or 1, steps of 1/`fullScale`, or segment numbers. */
  readonly values: () => Promise<ArrayLike<number>>;
}

export interface SegFrames {
  readonly kind: "BINARY" | "FRACTIONAL" | "LABELMAP";
  readonly rows: number;
  readonly columns: number;
  /** The value that means "all of the pixel"; 1 unless fractional. */
  readonly fullScale: number;
  readonly frames: readonly SegFrame[];
  /** Where the file describes the frames. */
  readonly at: number;
}

/** @throws InputError naming the element that is missing, not read, or contradicts another. */
export function segFrames(item: DicomItem): SegFrames {
  const kind = item.string("x00620001");
  if (kind !== "BINARY" && kind !== "FRACTIONAL" && kind !== "LABELMAP") {
    throw item.fault("x00620001", `is "${kind}"; BINARY, FRACTIONAL and LABELMAP are read`);
  }
  const count = frameCount(item);
  const rows = item.uint16("x00280010");
  const columns = item.uint16("x00280011");
  const groups = functionalGroups(item, count);
  const values = item.uint16("x00280100") === 1 ? bitsOf(item, count, rows * columns) : bytesOf(item, count);
  const frames = Array.from({ length: count }, (_, frame): SegFrame => {
    const macro = (sequence: string): DicomItem => groups(frame, sequence);
    const segment = kind === "LABELMAP" ? null : macro(SEGMENT_IDENTIFICATION).uint16("x0062000b");
    return { ...framePlace(macro), segment, values: () => values(frame) };
  });
  const fullScale = kind === "FRACTIONAL" ? item.uint16("x0062000e") : 1;
  if (fullScale === 0) throw item.fault("x0062000e", "is 0, which no pixel can reach");
  return { kind, rows, columns, fullScale, frames, at: item.offsetOf("x52009230") ?? 0 };
}

function bitsOf(item: DicomItem, frames: number, pixels: number): (frame: number) => Promise<Uint8Array> {
  if (item.syntax.pixels !== "native") {
    throw item.fault(
      PIXELS,
      `packs single bits as ${item.syntax.name}, which is not read`,
      "Convert the file to explicit little endian.",
    );
  }
  const bytes = item.bytes(PIXELS);
  const expected = Math.ceil((frames * pixels) / 8);
  if (bytes.length !== expected && bytes.length !== expected + (expected % 2)) {
    throw item.fault(
      PIXELS,
      `has ${bytes.length} bytes, but ${frames} frames of ${pixels} bits need ${expected}`,
    );
  }
  // Big-endian files keep the bits in 16-bit words, the second byte first.
  const flip = item.syntax.isBigEndian && item.vr(PIXELS) === "OW" ? 1 : 0;
  return async (frame) => {
    const values = new Uint8Array(pixels);
    for (let p = 0, bit = frame * pixels; p < pixels; p++, bit++) {
      values[p] = ((bytes[(bit >> 3) ^ flip] as number) >> (bit & 7)) & 1;
    }
    return values;
  };
}

function bytesOf(item: DicomItem, frames: number): (frame: number) => Promise<Float32Array> {
  const format = pixelFormat(item, frames);
  return async (frame) => {
    const values = new Float32Array(format.rows * format.columns);
    await writeFrame(format, frame, { slope: 1, intercept: 0 }, values);
    return values;
  };
}
