/**
 * Cubic B-spline interpolation on a separable grid of points, as ITK and SciPy do it: the spline passes through every
 * voxel, and the scan is mirrored at its outermost voxel centres.
 *
 * Source: M. Unser, IEEE Signal Processing Magazine 16 (1999), doi:10.1109/79.799930.
 * Layer:  volume; imports core.
 */
import { InputError } from "../core/errors.js";
import type { Vec3 } from "../core/geometry.js";

/** The pole of the cubic spline's prefilter. */
const POLE = Math.sqrt(3) - 2;

/** Voxels after which the prefilter has forgotten what was before: POLE to this power is below 1e-17. */
const MEMORY = 30;

/** Source coordinates of the points along each axis, ascending, in voxels. */
export type Coordinates = readonly [Float64Array, Float64Array, Float64Array];

/**
 * @param voxels  Scan of `size` voxels, x fastest.
 * @param at      Points may lie outside the scan by less than its size; there it is mirrored.
 * @returns One value per combination of coordinates, x fastest.
 * @throws InputError if a voxel that the points depend on is not finite.
 */
export function interpolateCubic(
  voxels: Float32Array | Float64Array | Uint8Array,
  size: Vec3,
  at: Coordinates,
): Float64Array {
  return evaluateSpline(fitSpline(voxels, size, at), at);
}

/** Coefficients of a spline through a part of a scan. */
export interface Spline {
  readonly coefficients: Float64Array;
  readonly supports: readonly [Support, Support, Support];
  /** Voxels of the whole scan. */
  readonly size: Vec3;
}

/** @param at  Lowest and highest coordinates at which the spline will be evaluated; see `interpolateCubic`. */
export function fitSpline(
  voxels: Float32Array | Float64Array | Uint8Array,
  size: Vec3,
  at: Coordinates,
): Spline {
  const supports: Spline["supports"] = [
    support(at[0], size[0]),
    support(at[1], size[1]),
    support(at[2], size[2]),
  ];
  const coefficients = copySupport(voxels, size, supports);
  prefilter(coefficients, [supports[0].length, supports[1].length, supports[2].length]);
  return { coefficients, supports, size };
}

/** @param at  Within the coordinates for which the spline was fitted. */
export function evaluateSpline({ coefficients, supports, size }: Spline, at: Coordinates): Float64Array {
  const [x, y, z] = supports;
  const alongX = resampleAxis(coefficients, 1, x.length, y.length * z.length, taps(at[0], x, size[0]));
  const nx = at[0].length;
  const alongY = resampleAxis(alongX, nx, y.length, z.length, taps(at[1], y, size[1]));
  return resampleAxis(alongY, nx * at[1].length, z.length, 1, taps(at[2], z, size[2]));
}

/** Value at one point, less than the scan's size outside it; the spline must hold the whole scan. */
export function splineAt({ coefficients, size }: Spline, x: number, y: number, z: number): number {
  const [nx, ny, nz] = size;
  const i = Math.floor(x);
  const j = Math.floor(y);
  const k = Math.floor(z);
  let sum = 0;
  for (let c = -1; c <= 2; c++) {
    const wz = basis(z - k - c);
    const plane = ny * mirrored(k + c, nz);
    for (let b = -1; b <= 2; b++) {
      const wyz = wz * basis(y - j - b);
      const row = nx * (plane + mirrored(j + b, ny));
      for (let a = -1; a <= 2; a++) sum += wyz * basis(x - i - a) * coefficients[row + mirrored(i + a, nx)];
    }
  }
  return sum;
}

/** The cubic B-spline at a distance of at most 2. */
function basis(distance: number): number {
  const t = Math.abs(distance);
  return t < 1 ? 2 / 3 - (t * t * (2 - t)) / 2 : (2 - t) ** 3 / 6;
}

/** The part of an axis that points depend on. */
export interface Support {
  readonly from: number;
  readonly length: number;
}

function support(at: Float64Array, n: number): Support {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < at.length; i++) {
    if (at[i] < low) low = at[i];
    if (at[i] > high) high = at[i];
  }
  // What lies outside is mirrored, so a point below 0 depends on voxels up to as far inside.
  const reachLow = Math.min(Math.max(Math.floor(low) - 1, 0), n - 1);
  const reachHigh = Math.max(Math.min(Math.floor(high) + 2, n - 1), 0);
  const from = Math.max(0, Math.min(reachLow, 2 * (n - 1) - Math.floor(high) - 2) - MEMORY);
  const to = Math.min(n - 1, Math.max(reachHigh, 1 - Math.floor(low)) + MEMORY);
  return { from, length: to - from + 1 };
}

function copySupport(
  voxels: Float32Array | Float64Array | Uint8Array,
  [nx, ny]: Vec3,
  [x, y, z]: readonly Support[],
): Float64Array {
  const box = new Float64Array(x.length * y.length * z.length);
  let finite = 0;
  for (let k = 0, p = 0; k < z.length; k++) {
    for (let j = 0; j < y.length; j++) {
      const row = x.from + nx * (y.from + j + ny * (z.from + k));
      for (let i = 0; i < x.length; i++, p++) {
        box[p] = voxels[row + i];
        // 0 times a number is 0, times NaN or infinity it is NaN.
        finite += 0 * box[p];
      }
    }
  }
  if (finite !== 0) {
    throw new InputError(
      "cubic interpolation spreads every voxel far, but the scan has voxels that are not finite near the region. " +
        'Repair them, or choose interpolation "linear".',
    );
  }
  return box;
}

/** Turns voxels into spline coefficients, in place, along every axis longer than one voxel. */
function prefilter(box: Float64Array, [nx, ny, nz]: Vec3): void {
  prefilterAxis(box, 1, nx, ny * nz);
  prefilterAxis(box, nx, ny, nz);
  prefilterAxis(box, nx * ny, nz, 1);
}

/**
 * Filters along one axis of a box, in place.
 *
 * @param inner  Values before the axis, which is also the axis's step; they are filtered side by side.
 * @param n      Length of the axis.
 * @param outer  Values after the axis.
 */
function prefilterAxis(box: Float64Array, inner: number, n: number, outer: number): void {
  if (n === 1) return;
  const horizon = Math.min(n, MEMORY);
  const first = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    const start = o * inner * n;
    first.fill(0);
    // Mirrored at the first voxel, the past of the causal filter is the scan itself.
    let power = 1;
    for (let k = 0; k < horizon; k++) {
      for (let i = 0; i < inner; i++) first[i] += power * box[start + k * inner + i];
      power *= POLE;
    }
    if (n < MEMORY) {
      // A short axis is mirrored at both ends again and again: a geometric series.
      for (let k = n - 2; k > 0; k--) {
        for (let i = 0; i < inner; i++) first[i] += power * box[start + k * inner + i];
        power *= POLE;
      }
      const rest = 1 / (1 - power);
      for (let i = 0; i < inner; i++) first[i] *= rest;
    }
    for (let i = 0; i < inner; i++) box[start + i] = 6 * first[i];
    for (let k = 1; k < n; k++) {
      const here = start + k * inner;
      for (let i = here; i < here + inner; i++) box[i] = 6 * box[i] + POLE * box[i - inner];
    }
    const last = start + (n - 1) * inner;
    for (let i = last; i < last + inner; i++) {
      box[i] = (POLE / (POLE * POLE - 1)) * (box[i] + POLE * box[i - inner]);
    }
    for (let k = n - 2; k >= 0; k--) {
      const here = start + k * inner;
      for (let i = here; i < here + inner; i++) box[i] = POLE * (box[i + inner] - box[i]);
    }
  }
}

/** Four coefficients and their weights for every point of an axis. */
interface Taps {
  /** 4 per point, counted from the start of the support. */
  readonly index: Int32Array;
  readonly weight: Float64Array;
}

function taps(at: Float64Array, { from }: Support, n: number): Taps {
  const index = new Int32Array(4 * at.length);
  const weight = new Float64Array(4 * at.length);
  for (let i = 0; i < at.length; i++) {
    const base = Math.floor(at[i]);
    const t = at[i] - base;
    const s = 1 - t;
    weight[4 * i] = (s * s * s) / 6;
    weight[4 * i + 1] = 2 / 3 - (t * t * (2 - t)) / 2;
    weight[4 * i + 2] = 2 / 3 - (s * s * (2 - s)) / 2;
    weight[4 * i + 3] = (t * t * t) / 6;
    for (let k = 0; k < 4; k++) index[4 * i + k] = mirrored(base - 1 + k, n) - from;
  }
  return { index, weight };
}

function mirrored(index: number, n: number): number {
  if (n === 1) return 0;
  const period = 2 * (n - 1);
  const within = ((index % period) + period) % period;
  return within < n ? within : period - within;
}

/** Evaluates the spline along one axis: `n` coefficients become one value per point; see `prefilterAxis`. */
function resampleAxis(
  box: Float64Array,
  inner: number,
  n: number,
  outer: number,
  { index, weight }: Taps,
): Float64Array {
  const points = index.length / 4;
  const result = new Float64Array(inner * points * outer);
  for (let o = 0, p = 0; o < outer; o++) {
    const start = o * inner * n;
    for (let i = 0; i < points; i++) {
      const a = start + index[4 * i] * inner;
      const b = start + index[4 * i + 1] * inner;
      const c = start + index[4 * i + 2] * inner;
      const d = start + index[4 * i + 3] * inner;
      const wa = weight[4 * i];
      const wb = weight[4 * i + 1];
      const wc = weight[4 * i + 2];
      const wd = weight[4 * i + 3];
      for (let q = 0; q < inner; q++, p++) {
        result[p] = wa * box[a + q] + wb * box[b + q] + wc * box[c + q] + wd * box[d + q];
      }
    }
  }
  return result;
}
