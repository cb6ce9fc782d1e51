/**
 * Sends the voxels of a shown scan to its open views, in pieces that a comm can carry.
 *
 * Layer:  plot; imports core, volume.
 */
import type { Json, LiveReply } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { Volume } from "../volume/volume.js";
import type { CoarseVoxels, VoxelsChunk } from "./mime.js";

/** Larger messages stall the sockets on their way. */
export const MOST_CHUNK_BYTES: number = 4 * 1024 * 1024;

/** Chunks from which a coarse copy goes ahead. */
const MANY_CHUNKS = 4;

/**
 * Answers a `VoxelsRequest`: 16-bit integers if they hold every voxel exactly, else floats; of a large scan a coarse copy first.
 * Little-endian, as is every machine that Node runs on.
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
  if (voxels.length > MANY_CHUNKS * perChunk) yield coarseCopy(volume, exact, Math.max(1, perChunk / 2));
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

/** Every second voxel along each axis, or every third and so on, until at most `most` are left. */
function coarseCopy({ voxels, geometry }: Volume, exact: boolean, most: number): LiveReply {
  const [nx, ny, nz] = geometry.size;
  let step = 1;
  let size = geometry.size;
  while (size[0] * size[1] * size[2] > most) {
    step++;
    size = [Math.ceil(nx / step), Math.ceil(ny / step), Math.ceil(nz / step)];
  }
  const [cx, cy, cz] = size;
  const values = exact ? new Int16Array(cx * cy * cz) : new Float32Array(cx * cy * cz);
  for (let z = 0, at = 0; z < cz; z++)
    for (let y = 0; y < cy; y++)
      for (let x = 0; x < cx; x++) values[at++] = voxels[step * (x + nx * (y + ny * z))];
  const content: CoarseVoxels & { [key: string]: Json } = {
    kind: "coarse",
    type: exact ? "int16" : "float32",
    step,
    size: [cx, cy, cz],
  };
  return { content, buffers: [new Uint8Array(values.buffer)] };
}

/** True if every voxel is a whole number of 16 bits; NaN and infinity are not. */
function fitsInt16(voxels: Float32Array | Float64Array): boolean {
  for (let p = 0; p < voxels.length; p++) {
    const value = voxels[p];
    if (!(value >= -32768 && value <= 32767) || value !== Math.floor(value)) return false;
  }
  return true;
}
