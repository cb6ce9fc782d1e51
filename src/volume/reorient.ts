/**
 * Voxel axes in the order and sense of the patient's: x to the Left, y to Posterior, z to Superior, without interpolation.
 *
 * Layer:  volume; imports core.
 */
import { type Geometry, indexToWorld, type Mat3, type Vec3 } from "../core/geometry.js";

/** Which voxel axis runs along each world axis, and whether in the opposite sense. */
interface AxisOrder {
  readonly axes: readonly [number, number, number];
  readonly flipped: readonly [boolean, boolean, boolean];
}

/** The same voxels on a grid whose axes are as near to LPS as an exchange and reversal of axes can make them. */
export function lpsGeometry(geometry: Geometry): Geometry {
  const { axes, flipped } = axisOrder(geometry.direction);
  const { size, spacing, direction: d } = geometry;
  const first: [number, number, number] = [0, 0, 0];
  for (let w = 0; w < 3; w++) if (flipped[w]) first[axes[w]] = size[axes[w]] - 1;
  const column = (w: number, row: number): number => (flipped[w] ? -1 : 1) * d[3 * row + axes[w]] + 0;
  const direction: Mat3 = [
    column(0, 0),
    column(1, 0),
    column(2, 0),
    column(0, 1),
    column(1, 1),
    column(2, 1),
    column(0, 2),
    column(1, 2),
    column(2, 2),
  ];
  return {
    size: [size[axes[0]], size[axes[1]], size[axes[2]]],
    spacing: [spacing[axes[0]], spacing[axes[1]], spacing[axes[2]]],
    origin: indexToWorld(geometry, first),
    direction,
  };
}

/** Voxels in the order of `lpsGeometry`. */
export function lpsVoxels<T extends Float32Array | Float64Array | Uint8Array>(
  voxels: T,
  geometry: Geometry,
): T {
  const { axes, flipped } = axisOrder(geometry.direction);
  const { size } = geometry;
  const strides: Vec3 = [1, size[0], size[0] * size[1]];
  const target = lpsGeometry(geometry).size;
  const steps = axes.map((axis, w) => (flipped[w] ? -1 : 1) * strides[axis]);
  let start = 0;
  for (let w = 0; w < 3; w++) if (flipped[w]) start += (size[axes[w]] - 1) * strides[axes[w]];
  const result = voxels.slice() as T;
  for (let k = 0, p = 0; k < target[2]; k++) {
    for (let j = 0; j < target[1]; j++) {
      let q = start + k * steps[2] + j * steps[1];
      for (let i = 0; i < target[0]; i++, p++, q += steps[0]) result[p] = voxels[q];
    }
  }
  return result;
}

/** Of the six orders the one whose axes lie closest to the patient's; identity if it is as close as another. */
function axisOrder(d: Mat3): AxisOrder {
  const orders: readonly (readonly [number, number, number])[] = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  let axes = orders[0];
  let best = -1;
  for (const order of orders) {
    const along = Math.abs(d[order[0]]) + Math.abs(d[3 + order[1]]) + Math.abs(d[6 + order[2]]);
    if (along > best + 1e-9) {
      best = along;
      axes = order;
    }
  }
  return { axes, flipped: [d[axes[0]] < 0, d[3 + axes[1]] < 0, d[6 + axes[2]] < 0] };
}
