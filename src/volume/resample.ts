/**
 * Resampling to another voxel spacing on the grid that IBSI prescribes: both grids share their centre.
 *
 * Source: Image Biomarker Standardisation Initiative, reference manual, arXiv:1612.07003, section 2.4.
 * Layer:  volume; imports core, bspline, index-box.
 */
import { InputError } from "../core/errors.js";
import { type Geometry, indexToWorld, type Vec3 } from "../core/geometry.js";
import { type Coordinates, interpolateCubic } from "./bspline.js";
import { boxSize, type IndexBox } from "./index-box.js";

export { boxSize } from "./index-box.js";

/** "cubic" is the cubic B-spline. */
export type Interpolation = "linear" | "nearest" | "cubic";

/** A voxel array that can be resampled. */
export type Voxels = Float32Array | Float64Array | Uint8Array;

/** Most voxels that one resampled box may have (1 GiB of doubles). */
export const MAX_VOXELS: number = 2 ** 27;

/** Interpolated mask values that should be exactly ½ come out a rounding error below it. */
const HALF = 0.5 - 1e-9;

/**
 * The grid of another spacing that is centred on the same point and covers the whole scan: ⌈n·s/s′⌉ voxels an axis.
 *
 * @param spacing  Millimetres along x, y, z.
 * @throws InputError if a spacing is not positive and finite.
 */
export function centeredGrid(geometry: Geometry, spacing: Vec3): Geometry {
  if (spacing.some((s) => !(s > 0 && Number.isFinite(s)))) {
    throw new InputError(
      `resampling needs a positive spacing in mm, found ${spacing.join("×")}. Typical are 1 to 3 mm.`,
    );
  }
  const along = (axis: 0 | 1 | 2): { size: number; first: number } => {
    const extent = geometry.size[axis] * geometry.spacing[axis];
    // A ratio that is whole but for rounding must not gain a voxel.
    const size = Math.max(1, Math.ceil(extent / spacing[axis] - 1e-9));
    return { size, first: firstCoordinate(geometry, spacing, size, axis) };
  };
  const [x, y, z] = [along(0), along(1), along(2)];
  return {
    size: [x.size, y.size, z.size],
    spacing,
    origin: indexToWorld(geometry, [x.first, y.first, z.first]),
    direction: geometry.direction,
  };
}

/**
 * The grid of another spacing that starts at the same corner of the first voxel and covers the whole scan: ⌈n·s/s′⌉ voxels
 * an axis, as PyRadiomics and most resampling tools make it.
 *
 * @throws InputError as `centeredGrid`.
 */
export function cornerGrid(geometry: Geometry, spacing: Vec3): Geometry {
  const { size, direction } = centeredGrid(geometry, spacing);
  const first = (axis: 0 | 1 | 2): number =>
    (0.5 * (spacing[axis] - geometry.spacing[axis])) / geometry.spacing[axis];
  return { size, spacing, origin: indexToWorld(geometry, [first(0), first(1), first(2)]), direction };
}

/**
 * Interpolates one box of a centred grid.
 *
 * @param voxels  Source on `geometry`, x fastest.
 * @param grid    Made by `centeredGrid(geometry, …)`.
 * @param box     Part of `grid`, both ends included.
 * @returns One value per voxel of the box, x fastest.
 */
export function interpolateBox(
  voxels: Voxels,
  geometry: Geometry,
  grid: Geometry,
  box: IndexBox,
  interpolation: Interpolation,
): Float64Array {
  const size = boxSize(box);
  const count = size[0] * size[1] * size[2];
  if (count > MAX_VOXELS) {
    throw new InputError(
      `resampling to ${grid.spacing.join("×")} mm would make ${count} voxels, more than ${MAX_VOXELS}. ` +
        "Choose a larger spacing.",
    );
  }
  const coordinates: Coordinates = [
    sourceCoordinates(geometry, grid, box, 0),
    sourceCoordinates(geometry, grid, box, 1),
    sourceCoordinates(geometry, grid, box, 2),
  ];
  return interpolateAt(voxels, geometry.size, coordinates, interpolation);
}

/**
 * Interpolates on a grid of points.
 *
 * @param voxels  Source of `size` voxels, x fastest.
 * @param at      Source coordinates along x, y, z, ascending. Outside the outermost voxel centres the edge value
 *                continues; cubic splines are mirrored there.
 * @returns One value per combination of coordinates, x fastest.
 */
export function interpolateAt(
  voxels: Voxels,
  size: Vec3,
  at: Coordinates,
  interpolation: Interpolation,
): Float64Array {
  if (interpolation === "cubic") return interpolateCubic(voxels, size, at);
  const [x, y, z] = [0, 1, 2].map((axis) => samples(at[axis], size[axis], interpolation));
  const result = new Float64Array(at[0].length * at[1].length * at[2].length);
  interpolateLinear(voxels, size, x, y, z, result);
  return result;
}

/** A mask is never interpolated by splines: they overshoot at its edge. */
export function maskInterpolation(interpolation: Interpolation): Exclude<Interpolation, "cubic"> {
  return interpolation === "cubic" ? "linear" : interpolation;
}

/** A mask as 0 and 1, whatever byte says inside; the same array if it already is. */
export function zeroOne(voxels: Uint8Array): Uint8Array {
  // Four voxels at a time, where memory allows.
  const words = voxels.byteOffset % 4 === 0 ? voxels.length >> 2 : 0;
  const fours = new Uint32Array(voxels.buffer, words === 0 ? 0 : voxels.byteOffset, words);
  let w = 0;
  while (w < words && (fours[w] & 0xfefefefe) === 0) w++;
  let p = 4 * w;
  while (p < voxels.length && voxels[p] <= 1) p++;
  if (p === voxels.length) return voxels;
  return voxels.map((v) => (v === 0 ? 0 : 1));
}

/** 1 where an interpolated mask is at least ½. */
export function thresholdHalf(values: Float64Array): Uint8Array {
  const inside = new Uint8Array(values.length);
  for (let p = 0; p < values.length; p++) inside[p] = values[p] >= HALF ? 1 : 0;
  return inside;
}

/** Rounds to whole numbers; halves go to the even neighbour, which has no drift (IEEE 754). */
export function roundInPlace(values: Float64Array): void {
  for (let p = 0; p < values.length; p++) {
    const v = values[p];
    const r = Math.round(v);
    values[p] = r - v === 0.5 && r % 2 !== 0 ? r - 1 : r;
  }
}

/** One number for all axes, or one per axis. */
export function toVec3(spacing: number | Vec3): Vec3 {
  return typeof spacing === "number" ? [spacing, spacing, spacing] : spacing;
}

/**
 * For each sample along one axis: the source voxel at or before it, and the weight of the next one. `step` is 0 where
 * that weight is 0, so that a missing value (NaN) just outside the region does not spread into it.
 */
interface AxisSamples {
  readonly index: Int32Array;
  readonly step: Int32Array;
  readonly weight: Float64Array;
}

function samples(coordinates: Float64Array, n: number, interpolation: Interpolation): AxisSamples {
  const count = coordinates.length;
  const index = new Int32Array(count);
  const step = new Int32Array(count);
  const weight = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const within = Math.min(Math.max(coordinates[i], 0), n - 1);
    const at = interpolation === "linear" ? within : Math.round(within);
    index[i] = Math.floor(at);
    weight[i] = at - index[i];
    step[i] = weight[i] > 0 ? 1 : 0;
  }
  return { index, step, weight };
}

/** Where the voxels of a box lie in the source, in source voxels; not outside its outermost centres. */
function sourceCoordinates(geometry: Geometry, grid: Geometry, box: IndexBox, axis: 0 | 1 | 2): Float64Array {
  const n = geometry.size[axis];
  const ratio = grid.spacing[axis] / geometry.spacing[axis];
  const first = firstCoordinate(geometry, grid.spacing, grid.size[axis], axis);
  const coordinates = new Float64Array(box.high[axis] - box.low[axis] + 1);
  for (let i = 0; i < coordinates.length; i++) {
    const exact = first + (box.low[axis] + i) * ratio;
    // A coordinate that is whole or half but for rounding is meant to be so: ties must not depend on rounding.
    const snapped = Math.round(exact * 1e9) / 1e9;
    coordinates[i] = Math.min(Math.max(snapped, 0), n - 1);
  }
  return coordinates;
}

/** Source coordinate of the first voxel centre of a centred grid with `size` voxels along the axis. */
function firstCoordinate(geometry: Geometry, spacing: Vec3, size: number, axis: 0 | 1 | 2): number {
  return 0.5 * (geometry.size[axis] - 1 - ((size - 1) * spacing[axis]) / geometry.spacing[axis]);
}

/** Blends four source rows into one, then interpolates along it. */
function interpolateLinear(
  voxels: Voxels,
  [nx, ny]: Vec3,
  x: AxisSamples,
  y: AxisSamples,
  z: AxisSamples,
  result: Float64Array,
): void {
  const countX = x.index.length;
  const from = x.index[0];
  const to = x.index[countX - 1] + x.step[countX - 1];
  const row = new Float64Array(nx);
  let p = 0;
  for (let k = 0; k < z.index.length; k++) {
    const wz = z.weight[k];
    const stepZ = z.step[k] * nx * ny;
    for (let j = 0; j < y.index.length; j++) {
      const wy = y.weight[j];
      const stepY = y.step[j] * nx;
      const start = nx * (y.index[j] + ny * z.index[k]);
      const w00 = (1 - wy) * (1 - wz);
      const w10 = wy * (1 - wz);
      const w01 = (1 - wy) * wz;
      const w11 = wy * wz;
      for (let i = from; i <= to; i++) {
        const q = start + i;
        row[i] =
          w00 * voxels[q] +
          w10 * voxels[q + stepY] +
          w01 * voxels[q + stepZ] +
          w11 * voxels[q + stepY + stepZ];
      }
      for (let i = 0; i < countX; i++) {
        const q = x.index[i];
        const w = x.weight[i];
        result[p++] = (1 - w) * row[q] + w * row[q + x.step[i]];
      }
    }
  }
}
