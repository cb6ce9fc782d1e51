/**
 * Moran's I and Geary's C over all pairs of voxels, exact but for rounding.
 *
 * The weight of a pair (1 / distance) depends only on the distance, so the three sums over pairs are quadratic forms of a
 * convolution. Parseval's theorem gives them from Fourier transforms of the zero-padded region in N log N instead of N² steps.
 * Source: IBSI reference manual, arXiv:1612.07003, N365 and NPT7.
 * Layer:  radiomics; imports core, fft, region (types).
 */
import { InputError } from "../core/errors.js";
import type { Vec3 } from "../core/geometry.js";
import { type ComplexLines, type FftPlan, goodLength, planFft, transform } from "./fft.js";
import type { Region } from "./region.js";

/** Most numbers in the half-transformed signals (2 GiB). */
const MAX_NUMBERS = 2 ** 28;

export interface SpatialAutocorrelation {
  /** NaN if the region is flat or has one voxel. */
  readonly moran: number;
  readonly geary: number;
}

/** @throws InputError if the region's box is too large for the memory. */
export function spatialAutocorrelation(region: Region): SpatialAutocorrelation {
  const n = region.positions.length;
  const { centered, squares } = standardized(region.values);
  if (n < 2 || squares === 0) return { moran: Number.NaN, geary: Number.NaN };
  const grid = placeInBox(region, centered);
  const { weights, products, mixed } = pairSums(grid, region.geometry.spacing);
  return {
    moran: (n / weights) * (products / squares),
    // Σ w (xᵢ − xⱼ)² = 2 Σ w xᵢ² − 2 Σ w xᵢ xⱼ
    geary: ((n - 1) / weights) * ((mixed - products) / squares),
  };
}

/** Intensities minus their mean, scaled so that the largest is 1: neither index depends on the scale. */
function standardized(values: Float64Array): { centered: Float64Array; squares: number } {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i];
  mean /= values.length;
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i] - mean));
  // Only rounding of the mean: the region is flat.
  if (largest <= 1e-12 * Math.abs(mean)) return { centered: values, squares: 0 };
  const centered = new Float64Array(values.length);
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    centered[i] = (values[i] - mean) / largest;
    squares += centered[i] * centered[i];
  }
  return { centered, squares };
}

/** The region's voxels in their own tight box. `at` counts x fastest, then y, then z. */
interface Scattered {
  readonly size: Vec3;
  readonly at: Int32Array;
  readonly centered: Float64Array;
}

function placeInBox({ positions, geometry }: Region, centered: Float64Array): Scattered {
  const [nx, ny] = geometry.size;
  const low = [Infinity, Infinity, Infinity];
  const high = [0, 0, 0];
  for (let i = 0; i < positions.length; i++) {
    const p = positions[i];
    const x = p % nx;
    const y = Math.floor(p / nx) % ny;
    const z = Math.floor(p / (nx * ny));
    low[0] = Math.min(low[0], x);
    low[1] = Math.min(low[1], y);
    low[2] = Math.min(low[2], z);
    high[0] = Math.max(high[0], x);
    high[1] = Math.max(high[1], y);
    high[2] = Math.max(high[2], z);
  }
  const size: Vec3 = [high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1];
  const at = positions.map((p) => {
    const x = (p % nx) - low[0];
    const y = (Math.floor(p / nx) % ny) - low[1];
    const z = Math.floor(p / (nx * ny)) - low[2];
    return x + size[0] * (y + size[1] * z);
  });
  return { size, at, centered };
}

interface PairSums {
  /** Σ wᵢⱼ */
  readonly weights: number;
  /** Σ wᵢⱼ xᵢ xⱼ */
  readonly products: number;
  /** Σ wᵢⱼ xᵢ² */
  readonly mixed: number;
}

function pairSums(grid: Scattered, spacing: Vec3): PairSums {
  const [nx, ny, nz] = grid.size;
  // Twice the size, so that no pair is nearer round the end than across the box.
  const plans = [
    planFft(goodLength(2 * nx - 1)),
    planFft(goodLength(2 * ny - 1)),
    planFft(goodLength(2 * nz - 1)),
  ];
  const [planX, planY, planZ] = plans;
  const halfX = planX.length / 2 + 1;
  const columns = ny * nz;
  if (6 * halfX * columns > MAX_NUMBERS) {
    throw new InputError(
      `Moran's I and Geary's C of a region of ${nx}×${ny}×${nz} voxels need more memory than there is. ` +
        'Resample to a larger spacing, or leave them out with omit: ["morph_moran_i", "morph_geary_c"].',
    );
  }
  const kernel = kernelSpectrum(plans, spacing);
  const signals = transformRows(grid, planX);
  let weights = 0;
  let products = 0;
  let mixed = 0;
  const planes = [0, 1, 2].map(() => newLines(planY.length * planZ.length));
  const spare = newLines(planY.length * Math.max(planZ.length, nz));
  const scratch = newLines(planY.length * Math.max(planZ.length, nz));
  for (let kx = 0; kx < halfX; kx++) {
    const [m, x, q] = signals.map((signal, s) =>
      transformPlane(signal, kx * columns, [ny, nz], planY, planZ, planes[s], scratch, spare),
    );
    const share = kx === 0 || kx === halfX - 1 ? 1 : 2;
    const [w, p, d] = weigh(kernel, kx, planY.length, planZ.length, m, x, q);
    weights += share * w;
    products += share * p;
    mixed += share * d;
  }
  const scale = 1 / (planX.length * planY.length * planZ.length);
  return { weights: weights * scale, products: products * scale, mixed: mixed * scale };
}

/** Sums one kx-plane of spectra, laid out kz-major, against the kernel's octant. */
function weigh(
  kernel: Float64Array,
  kx: number,
  lengthY: number,
  lengthZ: number,
  m: ComplexLines,
  x: ComplexLines,
  q: ComplexLines,
): [number, number, number] {
  const halfY = lengthY / 2 + 1;
  const halfZ = lengthZ / 2 + 1;
  let weights = 0;
  let products = 0;
  let mixed = 0;
  for (let kz = 0, i = 0; kz < lengthZ; kz++) {
    const foldedZ = kz < halfZ ? kz : lengthZ - kz;
    for (let ky = 0; ky < lengthY; ky++, i++) {
      const foldedY = ky < halfY ? ky : lengthY - ky;
      const w = kernel[foldedZ + halfZ * (foldedY + halfY * kx)];
      weights += w * (m.re[i] * m.re[i] + m.im[i] * m.im[i]);
      products += w * (x.re[i] * x.re[i] + x.im[i] * x.im[i]);
      mixed += w * (q.re[i] * m.re[i] + q.im[i] * m.im[i]);
    }
  }
  return [weights, products, mixed];
}

/**
 * Transforms the mask, the centred intensities and their squares along x.
 *
 * @returns Each as kx (0 … P/2) × z × y, y fastest.
 */
function transformRows(
  { size, at, centered }: Scattered,
  plan: FftPlan,
): [ComplexLines, ComplexLines, ComplexLines] {
  const [nx, ny, nz] = size;
  const columns = ny * nz;
  const length = plan.length;
  const halfX = length / 2 + 1;
  const both = newLines(length * columns);
  const squares = newLines(length * columns);
  const spare = newLines(length * columns);
  for (let i = 0; i < at.length; i++) {
    const x = at[i] % nx;
    const into = x * columns + Math.floor(at[i] / nx);
    both.re[into] = 1;
    both.im[into] = centered[i];
    squares.re[into] = centered[i] * centered[i];
  }
  const pair = transform(plan, columns, both, spare);
  const m = newLines(halfX * columns);
  const x = newLines(halfX * columns);
  for (let k = 0; k < halfX; k++) {
    const mirror = ((length - k) % length) * columns;
    for (let l = 0; l < columns; l++) {
      const i = k * columns + l;
      const j = mirror + l;
      // Two real signals in one transform: even part mask, odd part intensities.
      m.re[i] = (pair.re[i] + pair.re[j]) / 2;
      m.im[i] = (pair.im[i] - pair.im[j]) / 2;
      x.re[i] = (pair.im[i] + pair.im[j]) / 2;
      x.im[i] = (pair.re[j] - pair.re[i]) / 2;
    }
  }
  const q = transform(plan, columns, squares, pair === both ? spare : both);
  return [m, x, { re: q.re.slice(0, halfX * columns), im: q.im.slice(0, halfX * columns) }];
}

/** Transforms one kx-plane (z × y, y fastest) along both axes, padding each. The result is kz-major, ky fastest. */
function transformPlane(
  signal: ComplexLines,
  start: number,
  [ny, nz]: readonly [number, number],
  planY: FftPlan,
  planZ: FftPlan,
  plane: ComplexLines,
  scratch: ComplexLines,
  spare: ComplexLines,
): ComplexLines {
  const lengthY = planY.length;
  scratch.re.fill(0, 0, lengthY * nz);
  scratch.im.fill(0, 0, lengthY * nz);
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      scratch.re[y * nz + z] = signal.re[start + z * ny + y];
      scratch.im[y * nz + z] = signal.im[start + z * ny + y];
    }
  }
  const along = transform(planY, nz, scratch, spare);
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < lengthY; y++) {
      plane.re[z * lengthY + y] = along.re[y * nz + z];
      plane.im[z * lengthY + y] = along.im[y * nz + z];
    }
  }
  plane.re.fill(0, nz * lengthY);
  plane.im.fill(0, nz * lengthY);
  const result = transform(planZ, lengthY, plane, scratch);
  if (result !== plane) {
    plane.re.set(result.re.subarray(0, plane.re.length));
    plane.im.set(result.im.subarray(0, plane.im.length));
  }
  return plane;
}

/** Spectrum of 1 / distance. It is real and even along each axis, so an octant holds it: kx, ky, kz, kz fastest. */
function kernelSpectrum(plans: readonly FftPlan[], [sx, sy, sz]: Vec3): Float64Array {
  const [hx, hy, hz] = plans.map((plan) => plan.length / 2 + 1);
  const octant = new Float64Array(hx * hy * hz);
  for (let x = 0, i = 0; x < hx; x++) {
    for (let y = 0; y < hy; y++) {
      for (let z = 0; z < hz; z++, i++) octant[i] = 1 / Math.hypot(x * sx, y * sy, z * sz);
    }
  }
  octant[0] = 0;
  transformEven(octant, plans[0], hy * hz, 0, hy * hz, 1);
  for (let x = 0; x < hx; x++) {
    transformEven(octant, plans[1], hz, x * hy * hz, hz, 1);
    transformEven(octant, plans[2], hy, x * hy * hz, 1, hz);
  }
  return octant;
}

/** Transforms real even lines in place; element k of line l is at start + k·step + l·lineStep, k up to half the length. */
function transformEven(
  values: Float64Array,
  plan: FftPlan,
  lines: number,
  start: number,
  step: number,
  lineStep: number,
): void {
  const { length } = plan;
  // The spectrum of a real even line is real: two lines share one transform.
  const pairs = Math.ceil(lines / 2);
  const input = newLines(length * pairs);
  for (let k = 0; k < length; k++) {
    const folded = start + Math.min(k, length - k) * step;
    for (let l = 0; l < pairs; l++) input.re[k * pairs + l] = values[folded + l * lineStep];
    for (let l = pairs; l < lines; l++) input.im[k * pairs + l - pairs] = values[folded + l * lineStep];
  }
  const { re, im } = transform(plan, pairs, input, newLines(length * pairs));
  for (let k = 0; k <= length / 2; k++) {
    for (let l = 0; l < pairs; l++) values[start + k * step + l * lineStep] = re[k * pairs + l];
    for (let l = pairs; l < lines; l++) values[start + k * step + l * lineStep] = im[k * pairs + l - pairs];
  }
}

function newLines(count: number): ComplexLines {
  return { re: new Float64Array(count), im: new Float64Array(count) };
}
