/**
 * The stored pixels of a frame, unpacked and turned into numbers.
 *
 * Source: DICOM PS3.3 C.7.6.3 (bits allocated, stored, high bit, sign), PS3.5 section 8.
 * Layer:  io; imports core, workers.
 */
import { InputError } from "../core/errors.js";
import { type DecodedFrame, decodeFrame } from "../workers/codec-pool.js";
import type { DicomItem } from "./dicom-file.js";
import { type FrameBytes, framesOf } from "./dicom-frames.js";
import { decodeRle } from "./dicom-rle.js";

/** More pixels a frame than any scanner makes: a lying header is refused before making room for them. */
const MAX_FRAME_PIXELS = 1 << 26;

/** How the pixels of a file are stored. */
export interface PixelFormat {
  readonly item: DicomItem;
  readonly rows: number;
  readonly columns: number;
  readonly allocated: number;
  readonly stored: number;
  readonly high: number;
  readonly isSigned: boolean;
  readonly frames: readonly FrameBytes[];
}

/** @throws InputError naming the element that is missing, impossible, or contradicts another. */
export function pixelFormat(item: DicomItem, frames: number): PixelFormat {
  const rows = item.uint16("x00280010");
  const columns = item.uint16("x00280011");
  if (rows === 0) throw item.fault("x00280010", "is 0");
  if (columns === 0) throw item.fault("x00280011", "is 0");
  if (rows * columns > MAX_FRAME_PIXELS)
    throw item.fault("x00280010", `× columns are ${rows} × ${columns}, too many pixels`);
  if (item.has("x7fe00008") || item.has("x7fe00009")) {
    throw item.fault("x7fe00008", "is not read: only whole numbers are", "Export the scan as NIfTI or NRRD.");
  }
  const allocated = item.uint16("x00280100");
  const stored = item.uint16("x00280101", allocated);
  const high = item.uint16("x00280102", stored - 1);
  if (allocated !== 8 && allocated !== 16 && allocated !== 32) {
    throw item.fault("x00280100", `is ${allocated}; 8, 16 and 32 bits are read`);
  }
  if (stored < 1 || stored > allocated || high + 1 < stored || high >= allocated) {
    throw item.fault(
      "x00280101",
      `is ${stored} with high bit ${high} of ${allocated} bits, which is impossible`,
    );
  }
  return {
    item,
    rows,
    columns,
    allocated,
    stored,
    high,
    isSigned: item.uint16("x00280103", 0) === 1,
    frames: framesOf(item, frames, (rows * columns * allocated) / 8),
  };
}

/**
 * Writes the stored values of one frame, rescaled.
 *
 * @param out  rows × columns values, written from 0.
 * @throws InputError with file and byte offset if the frame's data are damaged or cut off.
 */
export async function writeFrame(
  format: PixelFormat,
  frame: number,
  { slope, intercept }: { readonly slope: number; readonly intercept: number },
  out: Float32Array | Float64Array,
): Promise<void> {
  const { item, rows, columns, allocated } = format;
  const place = format.frames[frame] as FrameBytes;
  const { pixels } = item.syntax;
  let values: ArrayLike<number>;
  let shifts = bitShifts(format);
  if (pixels === "native" || pixels === "RLE") {
    const bytes =
      pixels === "RLE"
        ? inFile(format, place, () => decodeRle(place.bytes, rows * columns, allocated / 8))
        : place.bytes;
    values = numbersOf(bytes, allocated, item, pixels === "native" && item.syntax.isBigEndian);
  } else {
    const decoded = await decodeFrame({
      codec: pixels,
      stream: new Uint8Array(place.bytes),
      columns,
      rows,
    }).catch((error: unknown) => {
      throw atPlace(error, item.file, place.at);
    });
    values = decoded.samples;
    shifts = decodedShifts(format, decoded, pixels === "JPEG 2000" || pixels === "HTJ2K");
  }
  const [left, right, isSigned] = shifts;
  for (let p = 0; p < rows * columns; p++) {
    const raw = values[p] as number;
    const value = isSigned ? (raw << left) >> right : (raw << left) >>> right;
    out[p] = value * slope + intercept;
  }
}

type Shifts = readonly [left: number, right: number, isSigned: boolean];

/** Bits above and below the stored ones may hold other things: shift them out, and let the sign follow. */
function bitShifts({ stored, high, isSigned }: PixelFormat): Shifts {
  return [32 - (high + 1), 32 - stored, isSigned];
}

/**
 * JPEG 2000 has a sign of its own, and headers often contradict it: values are signed if either says so, with the bits of the stream
 * (as pydicom reads them). The other codecs give the bits as they are stored.
 */
function decodedShifts(format: PixelFormat, { bits, isSigned }: DecodedFrame, isJ2k: boolean): Shifts {
  if (isJ2k) return [32 - bits, 32 - bits, isSigned || format.isSigned];
  const stored = Math.min(format.stored, bits);
  const high = Math.min(format.high, bits - 1);
  return [32 - (high + 1), 32 - stored, format.isSigned];
}

function numbersOf(
  bytes: Uint8Array,
  allocated: number,
  item: DicomItem,
  isBigEndian: boolean,
): ArrayLike<number> {
  if (allocated === 8) {
    // Bytes that were written as 16-bit words lie in pairs, the second one first.
    return isBigEndian && item.vr("x7fe00010") === "OW"
      ? Uint8Array.from(bytes, (_, p) => bytes[p ^ 1] ?? 0)
      : bytes;
  }
  const width = allocated / 8;
  const count = Math.floor(bytes.length / width);
  if (!isBigEndian && bytes.byteOffset % width === 0) {
    return width === 2
      ? new Uint16Array(bytes.buffer, bytes.byteOffset, count)
      : new Uint32Array(bytes.buffer, bytes.byteOffset, count);
  }
  const own = Buffer.from(new Uint8Array(bytes.subarray(0, count * width)).buffer); // a copy starts at an aligned address
  if (isBigEndian) width === 2 ? own.swap16() : own.swap32();
  return width === 2
    ? new Uint16Array(own.buffer, own.byteOffset, count)
    : new Uint32Array(own.buffer, own.byteOffset, count);
}

function inFile<T>(format: PixelFormat, place: FrameBytes, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw atPlace(error, format.item.file, place.at);
  }
}

/** Puts the file's name and the place in the file before a fault inside a frame. */
function atPlace(error: unknown, file: string, at: number): unknown {
  if (!(error instanceof InputError)) return error;
  return new InputError(error.message, { file, offset: at + (error.offset ?? 0), cause: error });
}
