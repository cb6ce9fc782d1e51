/**
 * Voxels of one grid on another, whatever its spacing, place and direction.
 *
 * Layer:  volume; imports core, bspline, index-box, resample.
 */
import { InputError } from "../core/errors.js";
import { type Geometry, indexToWorld, type Vec3, voxelCount, worldToIndex } from "../core/geometry.js";
import { fitSpline, splineAt } from "./bspline.js";
import { type Interpolation, MAX_VOXELS, type Voxels } from "./resample.js";

/** A source coordinate that is whole or half but for rounding is meant to be so. */
const SNAP = 1e-9;

/**
 * Interpolates at the voxel centres of another grid.
 *
 * @param voxels   Source on `from`, x fastest.
 * @param outside  Value of points that lie in no voxel of the source. Between its outermost voxel centres and its faces
 *                 the edge value continues; cubic splines are mirrored there.
 * @returns One value per voxel of `to`, x fastest.
 * @throws InputError if `to` has too many voxels, or a spline would spread a voxel that is not finite.
 */
export function regrid(
  voxels: Voxels,
  from: Geometry,
  to: Geometry,
  interpolation: Interpolation,
  outside: number,
): Float64Array {
  const count = voxelCount(to);
  if (count > MAX_VOXELS) {
    throw new InputError(`a grid of ${count} voxels is more than ${MAX_VOXELS}. Choose a larger spacing.`);
  }
  const result = new Float64Array(count).fill(outside);
  const sample = sampler(voxels, from.size, interpolation);
  // A step along a voxel axis of the target is always the same step in the source.
  const start = worldToIndex(from, to.origin);
  const steps = ([0, 1, 2] as const).map((axis): Vec3 => {
    const one: Vec3 = [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0];
    const end = worldToIndex(from, indexToWorld(to, one));
    return [end[0] - start[0], end[1] - start[1], end[2] - start[2]];
  });
  const [ax, ay, az] = steps;
  const [nx, ny, nz] = from.size;
  for (let k = 0, p = 0; k < to.size[2]; k++) {
    for (let j = 0; j < to.size[1]; j++) {
      for (let i = 0; i < to.size[0]; i++, p++) {
        const x = snapped(start[0] + i * ax[0] + j * ay[0] + k * az[0]);
        const y = snapped(start[1] + i * ax[1] + j * ay[1] + k * az[1]);
        const z = snapped(start[2] + i * ax[2] + j * ay[2] + k * az[2]);
        if (x < -0.5 || y < -0.5 || z < -0.5 || x > nx - 0.5 || y > ny - 0.5 || z > nz - 0.5) continue;
        result[p] = sample(x, y, z);
      }
    }
  }
  return result;
}

function snapped(coordinate: number): number {
  const half = Math.round(2 * coordinate) / 2;
  return Math.abs(coordinate - half) < SNAP ? half : coordinate;
}

/** A function from a source coordinate, at most half a voxel outside the outermost centres, to a value. */
function sampler(
  voxels: Voxels,
  size: Vec3,
  interpolation: Interpolation,
): (x: number, y: number, z: number) => number {
  const [nx, ny, nz] = size;
  if (interpolation === "cubic") {
    const ends = size.map((n) => Float64Array.of(0, n - 1));
    const spline = fitSpline(voxels, size, [ends[0], ends[1], ends[2]]);
    return (x, y, z) => splineAt(spline, x, y, z);
  }
  if (interpolation === "nearest") {
    return (x, y, z) =>
      voxels[within(Math.round(x), nx) + nx * (within(Math.round(y), ny) + ny * within(Math.round(z), nz))];
  }
  return (x, y, z) => {
    const cx = within(x, nx);
    const cy = within(y, ny);
    const cz = within(z, nz);
    const i = Math.floor(cx);
    const j = Math.floor(cy);
    const k = Math.floor(cz);
    const wx = cx - i;
    const wy = cy - j;
    const wz = cz - k;
    // A neighbour without weight is not read: a missing value must not spread to where it says nothing.
    const dx = wx > 0 ? 1 : 0;
    const dy = wy > 0 ? nx : 0;
    const dz = wz > 0 ? nx * ny : 0;
    const p = i + nx * (j + ny * k);
    const low =
      (1 - wy) * ((1 - wx) * voxels[p] + wx * voxels[p + dx]) +
      wy * ((1 - wx) * voxels[p + dy] + wx * voxels[p + dx + dy]);
    const high =
      (1 - wy) * ((1 - wx) * voxels[p + dz] + wx * voxels[p + dx + dz]) +
      wy * ((1 - wx) * voxels[p + dy + dz] + wx * voxels[p + dx + dy + dz]);
    return (1 - wz) * low + wz * high;
  };
}

function within(coordinate: number, n: number): number {
  return Math.min(Math.max(coordinate, 0), n - 1);
}
