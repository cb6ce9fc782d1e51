/**
 * Where each frame's pixels lie in a file: one after the other, or in packed pieces.
 *
 * Source: DICOM PS3.5 A.4 (packed pixels, basic offset table), PS3.3 C.7.6.3.
 * Layer:  io; imports core.
 */
import type { InputError } from "../core/errors.js";
import type { DicomItem, Fragment } from "./dicom-file.js";

const PIXELS = "x7fe00010";
/** More than a 16th of the pixels is no padding, but a header that lies. */
const MOST_PADDING = 16;

/** The bytes of one frame, and where the first of them lies in the file. */
export interface FrameBytes {
  readonly bytes: Uint8Array;
  readonly at: number;
}

/**
 * Cuts the pixel data into frames.
 *
 * @param frameBytes  Bytes of one unpacked frame.
 * @throws InputError if there are fewer or more than the header says.
 */
export function framesOf(item: DicomItem, frames: number, frameBytes: number): FrameBytes[] {
  const packed = item.fragments(PIXELS);
  if (!item.has(PIXELS) && packed === null) throw item.fault(PIXELS, "is missing");
  if (item.syntax.pixels === "native") {
    if (packed !== null)
      throw item.fault(PIXELS, `is packed, but the transfer syntax says ${item.syntax.name}`);
    return nativeFrames(item, frames, frameBytes);
  }
  if (packed === null)
    throw item.fault(PIXELS, `is not packed, but the transfer syntax says ${item.syntax.name}`);
  const groups = groupPieces(item, packed.pieces, packed.starts, frames);
  return groups.map((pieces) => ({ bytes: joined(pieces), at: (pieces[0] as Fragment).at }));
}

function nativeFrames(item: DicomItem, frames: number, frameBytes: number): FrameBytes[] {
  const bytes = item.bytes(PIXELS);
  const expected = frames * frameBytes;
  // Values are padded to an even number of bytes, and by some machines with zeros to a full block.
  const padding = bytes.subarray(expected);
  const isPadded =
    padding.length <= Math.max(1, expected / MOST_PADDING) && padding.every((byte) => byte === 0);
  if (bytes.length < expected || (!isPadded && padding.length > expected % 2)) {
    const what = frames === 1 ? "" : ` of ${frames} frames`;
    throw item.fault(
      PIXELS,
      `has ${bytes.length} bytes, but ${item.uint16("x00280010")} rows × ${item.uint16("x00280011")} columns${what} need ${expected}`,
    );
  }
  const start = item.offsetOf(PIXELS) as number;
  return Array.from({ length: frames }, (_, f) => ({
    bytes: bytes.subarray(f * frameBytes, (f + 1) * frameBytes),
    at: start + f * frameBytes,
  }));
}

/** Which pieces make which frame: by the offset table, one each, or by the marks at which a stream starts. */
function groupPieces(
  item: DicomItem,
  pieces: readonly Fragment[],
  starts: readonly number[],
  frames: number,
): Fragment[][] {
  const wrong = (found: number): InputError =>
    item.fault(PIXELS, `holds ${found} packed frames, but the header says ${frames}`);
  if (pieces.length === 0) throw wrong(0);
  if (frames === 1) return [[...pieces]];
  if (pieces.length === frames) return pieces.map((piece) => [piece]);
  const isStart =
    starts.length === frames
      ? (piece: Fragment): boolean => starts.includes(piece.offset)
      : (piece: Fragment): boolean => startsStream(piece.bytes);
  const groups: Fragment[][] = [];
  for (const piece of pieces) {
    if (groups.length === 0 || isStart(piece)) groups.push([]);
    (groups.at(-1) as Fragment[]).push(piece);
  }
  if (groups.length !== frames) throw wrong(groups.length);
  return groups;
}

/** JPEG and JPEG-LS start with FFD8 FF, JPEG 2000 with FF4F FF51. */
function startsStream([a, b, c]: Uint8Array): boolean {
  return a === 0xff && ((b === 0xd8 && c === 0xff) || (b === 0x4f && c === 0xff));
}

function joined(pieces: readonly Fragment[]): Uint8Array {
  if (pieces.length === 1) return (pieces[0] as Fragment).bytes;
  return Buffer.concat(pieces.map((piece) => piece.bytes));
}
