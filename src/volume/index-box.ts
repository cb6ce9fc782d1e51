/**
 * Boxes of voxels of a grid.
 *
 * Layer:  volume; imports core.
 */
import type { Vec3 } from "../core/geometry.js";

/** A box of voxels, e.g. the smallest that holds a region; both ends belong to it. */
export interface IndexBox {
  readonly low: Vec3;
  readonly high: Vec3;
}

/** Voxels of a box per axis. */
export function boxSize({ low, high }: IndexBox): Vec3 {
  return [high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1];
}

/** All voxels of a grid. */
export function wholeBox([nx, ny, nz]: Vec3): IndexBox {
  return { low: [0, 0, 0], high: [nx - 1, ny - 1, nz - 1] };
}

/** Indices of the voxels inside, rising. */
export function positionsOf(inside: Uint8Array): Int32Array {
  let count = 0;
  for (let p = 0; p < inside.length; p++) if (inside[p] !== 0) count++;
  const positions = new Int32Array(count);
  for (let p = 0, n = 0; p < inside.length; p++) if (inside[p] !== 0) positions[n++] = p;
  return positions;
}
