/**
 * Sends the voxels of a shown scan to its open views, in pieces that a comm can carry.
 *
 * Layer:  plot; imports core, volume.
 */
import type { Json, LiveReply } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { Volume } from "../volume/volume.js";
import type { VoxelsChunk } from "./mime.js";

/** Larger messages stall the sockets on their way. */
export const MOST_CHUNK_BYTES: number = 4 * 1024 * 1024;

/**
 * Answers a `VoxelsRequest`: 16-bit integers if they hold every voxel exactly, else floats. Little-endian, as is
 * every machine that Node runs on.
 *
 * @throws InputError if the request is of another kind.
 */
export function* answerVoxels(
  volume: Volume,
  request: Json,
  mostBytes: number = MOST_CHUNK_BYTES,
): Iterable<LiveReply> {
  if (typeof request !== "object" || request === null || !("kind" in request) || request.kind !== "voxels") {
    throw new InputError(
      `a scan's view can ask for { kind: "voxels" }, found ${JSON.stringify(request)?.slice(0, 80)}. ` +
        "Reload the page: its extension may be of another version.",
    );
  }
  const { voxels } = volume;
  const exact = fitsInt16(voxels);
  const perChunk = Math.floor(mostBytes / (exact ? 2 : 4));
  for (let start = 0; start < voxels.length; start += perChunk) {
    const part = voxels.subarray(start, start + perChunk);
    const values = exact ? Int16Array.from(part) : Float32Array.from(part);
    const content: VoxelsChunk & { [key: string]: Json } = {
      kind: "voxels",
      type: exact ? "int16" : "float32",
      start,
      count: values.length,
      total: voxels.length,
    };
    yield { content, buffers: [new Uint8Array(values.buffer)] };
  }
}

/** True if every voxel is a whole number of 16 bits; NaN and infinity are not. */
function fitsInt16(voxels: Float32Array | Float64Array): boolean {
  for (let p = 0; p < voxels.length; p++) {
    const value = voxels[p];
    if (!(value >= -32768 && value <= 32767) || value !== Math.floor(value)) return false;
  }
  return true;
}
