/**
 * Boxes of voxels: the part of a grid around a region, with a margin that may reach beyond the scan.
 *
 * Layer:  volume; imports core, index-box.
 */
import { type Geometry, indexToWorld, type Vec3, worldToIndex } from "../core/geometry.js";
import type { IndexBox } from "./index-box.js";

/** A box grown by whole voxels on every side; it may leave the grid. */
export function growBox({ low, high }: IndexBox, by: Vec3): IndexBox {
  return {
    low: [low[0] - by[0], low[1] - by[1], low[2] - by[2]],
    high: [high[0] + by[0], high[1] + by[1], high[2] + by[2]],
  };
}

/** The part of a box that lies in the grid. */
export function clipBox({ low, high }: IndexBox, { size }: Geometry): IndexBox {
  return {
    low: [Math.max(0, low[0]), Math.max(0, low[1]), Math.max(0, low[2])],
    high: [Math.min(size[0] - 1, high[0]), Math.min(size[1] - 1, high[1]), Math.min(size[2] - 1, high[2])],
  };
}

/** The grid of a box: same spacing and direction, the first voxel of the box as origin. */
export function boxGeometry(geometry: Geometry, { low, high }: IndexBox): Geometry {
  return {
    size: [high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1],
    spacing: geometry.spacing,
    origin: indexToWorld(geometry, low),
    direction: geometry.direction,
  };
}

/** The box of another grid of the same direction that holds every voxel a source box can reach by interpolation. */
export function reachedBox(box: IndexBox, from: Geometry, to: Geometry): IndexBox {
  const { low, high } = growBox(box, [1, 1, 1]);
  const a = worldToIndex(to, indexToWorld(from, low));
  const b = worldToIndex(to, indexToWorld(from, high));
  return clipBox(
    {
      low: [Math.floor(a[0]), Math.floor(a[1]), Math.floor(a[2])],
      high: [Math.ceil(b[0]), Math.ceil(b[1]), Math.ceil(b[2])],
    },
    to,
  );
}

/** The smallest box of voxels that are not 0, or null if all are. Rows without any are passed quickly. */
export function tightBox(inside: Uint8Array, [nx, ny, nz]: Vec3): IndexBox | null {
  let lowX = nx;
  let highX = -1;
  let lowY = ny;
  let highY = -1;
  let lowZ = nz;
  let highZ = -1;
  const words = asWords(inside);
  const count = nx * ny * nz;
  // From the first voxel inside a row to the row's end, then on.
  for (let p = nextInside(inside, words, 0, count); p < count; ) {
    const line = Math.floor(p / nx);
    const y = line % ny;
    const z = (line - y) / ny;
    const row = line * nx;
    let q = row + nx - 1;
    while (inside[q] === 0) q--;
    lowX = Math.min(lowX, p - row);
    highX = Math.max(highX, q - row);
    lowY = Math.min(lowY, y);
    highY = Math.max(highY, y);
    lowZ = Math.min(lowZ, z);
    highZ = z;
    p = nextInside(inside, words, row + nx, count);
  }
  return highX < 0 ? null : { low: [lowX, lowY, lowZ], high: [highX, highY, highZ] };
}

/** The first voxel inside from `from` on, or `count`; empty ones are passed four at a time. */
function nextInside(inside: Uint8Array, words: Uint32Array, from: number, count: number): number {
  let p = from;
  while (p < count && (p & 3) !== 0 && inside[p] === 0) p++;
  if ((p & 3) === 0) {
    let w = p >> 2;
    while (w < words.length && words[w] === 0) w++;
    p = Math.max(p, Math.min(w << 2, count));
  }
  while (p < count && inside[p] === 0) p++;
  return p;
}

/** The same bytes, four at a time, without the last ones that do not fill a word; none if they are not aligned. */
function asWords({ buffer, byteOffset, length }: Uint8Array): Uint32Array {
  return byteOffset % 4 === 0 ? new Uint32Array(buffer, byteOffset, length >> 2) : new Uint32Array(0);
}

/**
 * Copies a box out of a grid of `size` voxels into an array of the box's own size.
 *
 * @param target  Length of the box, filled beforehand with what stands for "outside the scan".
 */
export function copyBox<T extends Float64Array | Uint8Array>(
  source: T extends Uint8Array ? Uint8Array : Float32Array | Float64Array,
  size: Vec3,
  box: IndexBox,
  target: T,
): T {
  const [nx, ny, nz] = size;
  const { low, high } = box;
  const width = high[0] - low[0] + 1;
  const height = high[1] - low[1] + 1;
  const from = Math.max(0, low[0]);
  const to = Math.min(nx - 1, high[0]);
  if (from > to) return target;
  for (let z = Math.max(0, low[2]); z <= Math.min(nz - 1, high[2]); z++) {
    for (let y = Math.max(0, low[1]); y <= Math.min(ny - 1, high[1]); y++) {
      const row = nx * (y + ny * z);
      const into = width * (y - low[1] + height * (z - low[2])) - low[0];
      target.set(source.subarray(row + from, row + to + 1), into + from);
    }
  }
  return target;
}
