/**
 * DICOM's run-length encoding: each byte of the pixels, highest first, is a segment of its own.
 *
 * Source: DICOM PS3.5, annex G.
 * Layer:  io; imports core.
 */
import { InputError } from "../core/errors.js";

const HEADER_BYTES = 64;

/**
 * @param width  Bytes a pixel.
 * @returns `pixels` little-endian values of `width` bytes.
 * @throws InputError if a segment is missing, damaged, or holds fewer or more than its pixels; `offset` counts from the frame's start.
 */
export function decodeRle(frame: Uint8Array, pixels: number, width: number): Uint8Array {
  const fault = (what: string, offset: number): InputError =>
    new InputError(`the RLE data ${what}. Get a fresh copy of the file.`, { offset });
  if (frame.length < HEADER_BYTES) throw fault("are cut off in their header", frame.length);
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const segments = view.getUint32(0, true);
  if (segments !== width) throw fault(`have ${segments} segments where ${width} are needed`, 0);
  // Refuse a lying size before making room for it: two bytes hold at most 128.
  if (pixels > frame.length * 64)
    throw fault(`are cut off: ${frame.length} bytes cannot hold ${pixels} pixels`, frame.length);
  const out = new Uint8Array(pixels * width);
  for (let segment = 0; segment < segments; segment++) {
    const start = view.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < segments ? view.getUint32(8 + 4 * segment, true) : frame.length;
    if (start < HEADER_BYTES || end < start || end > frame.length)
      throw fault(`place segment ${segment} wrongly`, 4 + 4 * segment);
    const stop = unpackSegment(frame, start, end, out, width - 1 - segment, width);
    if (stop < out.length) throw fault(`are cut off: segment ${segment} ends too early`, end);
  }
  return out;
}

/** @returns Where the next byte would have been written. */
function unpackSegment(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  first: number,
  step: number,
): number {
  let p = first;
  for (let at = start; at < end && p < out.length; ) {
    const code = bytes[at++] as number;
    if (code < 128) {
      for (let i = 0; i <= code && at < end && p < out.length; i++, p += step) out[p] = bytes[at++] as number;
    } else if (code > 128 && at < end) {
      const value = bytes[at++] as number;
      for (let i = 0; i < 257 - code && p < out.length; i++, p += step) out[p] = value;
    }
  }
  return p;
}
