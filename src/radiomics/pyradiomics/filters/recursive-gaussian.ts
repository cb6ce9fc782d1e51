/**
 * Laplacian of Gaussian by recursive filters, as ITK computes it: lines in double precision, images between them in single.
 *
 * Source: R. Deriche, Recursively implementing the Gaussian and its derivatives, INRIA RR-1893 (1993); G. Farnebäck and
 * C.-F. Westin, Improving Deriche-style recursive Gaussian filters, J. Math. Imaging Vis. 26 (2006),
 * doi:10.1007/s10851-006-8464-z; ITK 5.4, LaplacianRecursiveGaussianImageFilter.
 * Layer:  radiomics; imports core (types), scan-image.
 */
import type { Vec3 } from "../../../core/geometry.js";
import type { ScanImage, SizedBox } from "./scan-image.js";

/**
 * @param sigmaMm  Standard deviation; the result is multiplied by its square ("normalized across scale").
 * @param box      Part of the scan that is wanted. Whole lines of at least 4 voxels are filtered in any case.
 */
export function laplacianOfGaussian(
  { voxels, size, spacing }: ScanImage,
  box: SizedBox,
  sigmaMm: number,
): Float32Array {
  const sum = new Float32Array(box.size[0] * box.size[1] * box.size[2]);
  for (const along of [0, 1, 2] as const) {
    const others = ([0, 1, 2] as const).filter((axis) => axis !== along);
    let block: Block = { voxels, size, low: [0, 0, 0] };
    for (const axis of [along, ...others]) {
      const order = axis === along ? 2 : 0;
      const filter = recursiveFilter(sigmaMm / spacing[axis], order, order === 2 ? sigmaMm * sigmaMm : 1);
      block = filterAxis(block, axis, filter, box);
    }
    const share = 1 / (spacing[along] * spacing[along]);
    for (let p = 0; p < sum.length; p++) sum[p] += block.voxels[p] * share;
  }
  return sum;
}

interface Block {
  readonly voxels: Float32Array | Float64Array;
  readonly size: Vec3;
  /** Index of the first voxel in the scan. */
  readonly low: Vec3;
}

/** A causal and an anticausal filter of order 4; the scan's edge values go on for ever. */
interface RecursiveFilter {
  /** Weights of the input, this voxel first, on the way up. */
  readonly up: readonly [number, number, number, number];
  /** Weights of the input, the next voxel first, on the way down. */
  readonly down: readonly [number, number, number, number];
  /** Weights of earlier output, the last one first. */
  readonly back: readonly [number, number, number, number];
}

/** Deriche's two damped oscillations: a·cos + b·sin of frequency w, decaying with l. */
const FREQUENCY = [0.6681, 2.0787] as const;
const DECAY = [-1.3932, -1.3732] as const;
const SMOOTH = { a: [1.353, -0.3531], b: [1.8151, 0.0902] } as const;
const CURVE = { a: [-1.3563, 0.3446], b: [5.2318, -2.2355] } as const;

/** @param sigma  In voxels. @param order  0: Gaussian; 2: its second derivative. */
function recursiveFilter(sigma: number, order: 0 | 2, scale: number): RecursiveFilter {
  const cos = FREQUENCY.map((w) => Math.cos(w / sigma));
  const sin = FREQUENCY.map((w) => Math.sin(w / sigma));
  const exp = DECAY.map((l) => Math.exp(l / sigma));
  const back = denominator(cos, exp);
  const smooth = numerator(SMOOTH, cos, sin, exp);
  const [sd, dd, ed] = moments([1, ...back]);
  const [sn0, dn0, en0] = moments(smooth);
  if (order === 0) {
    const total = (2 * sn0) / sd - smooth[0];
    return finished(
      smooth.map((n) => (n * scale) / total),
      back,
    );
  }
  const curve = numerator(CURVE, cos, sin, exp);
  const [sn2, dn2, en2] = moments(curve);
  const beta = -(2 * sn2 - sd * curve[0]) / (2 * sn0 - sd * smooth[0]);
  const sn = sn2 + beta * sn0;
  const dn = dn2 + beta * dn0;
  const en = en2 + beta * en0;
  const total = (en * sd * sd - ed * sn * sd - 2 * dn * dd * sd + 2 * dd * dd * sn) / (sd * sd * sd);
  return finished(
    curve.map((n, k) => ((n + beta * smooth[k]) * scale) / total),
    back,
  );
}

function denominator([c1, c2]: readonly number[], [e1, e2]: readonly number[]): number[] {
  return [
    -2 * (e2 * c2 + e1 * c1),
    4 * c2 * c1 * e1 * e2 + e1 * e1 + e2 * e2,
    -2 * c1 * e1 * e2 * e2 - 2 * c2 * e2 * e1 * e1,
    e1 * e1 * e2 * e2,
  ];
}

function numerator(
  { a: [a1, a2], b: [b1, b2] }: { readonly a: readonly number[]; readonly b: readonly number[] },
  [c1, c2]: readonly number[],
  [s1, s2]: readonly number[],
  [e1, e2]: readonly number[],
): number[] {
  return [
    a1 + a2,
    e2 * (b2 * s2 - (a2 + 2 * a1) * c2) + e1 * (b1 * s1 - (a1 + 2 * a2) * c1),
    2 * e1 * e2 * ((a1 + a2) * c2 * c1 - (b1 * c2 * s1 + b2 * c1 * s2)) + a2 * e1 * e1 + a1 * e2 * e2,
    e2 * e1 * e1 * (b2 * s2 - a2 * c2) + e1 * e2 * e2 * (b1 * s1 - a1 * c1),
  ];
}

/** Σ n, Σ k·n, Σ k²·n. */
function moments(weights: readonly number[]): [number, number, number] {
  let sum = 0;
  let first = 0;
  let second = 0;
  for (let k = 0; k < weights.length; k++) {
    sum += weights[k];
    first += k * weights[k];
    second += k * k * weights[k];
  }
  return [sum, first, second];
}

function finished([n0, n1, n2, n3]: readonly number[], [d1, d2, d3, d4]: readonly number[]): RecursiveFilter {
  return {
    up: [n0, n1, n2, n3],
    down: [n1 - d1 * n0, n2 - d2 * n0, n3 - d3 * n0, -d4 * n0],
    back: [d1, d2, d3, d4],
  };
}

/** Filters every line along an axis and keeps of it what lies in the box. */
function filterAxis(
  { voxels, size, low }: Block,
  axis: 0 | 1 | 2,
  filter: RecursiveFilter,
  box: SizedBox,
): Block {
  const n = size[axis];
  const inner = size.slice(0, axis).reduce((product, m) => product * m, 1);
  const outer = size.slice(axis + 1).reduce((product, m) => product * m, 1);
  const kept = box.size[axis];
  const from = box.low[axis] - low[axis];
  const result = new Float32Array(inner * kept * outer);
  const line = new Float64Array(n);
  const response = new Float64Array(n);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = o * n * inner + i;
      for (let k = 0; k < n; k++) line[k] = voxels[start + k * inner];
      filterLine(line, filter, response);
      const into = o * kept * inner + i;
      for (let k = 0; k < kept; k++) result[into + k * inner] = response[from + k];
    }
  }
  const nextSize: [number, number, number] = [...size];
  nextSize[axis] = kept;
  const nextLow: [number, number, number] = [...low];
  nextLow[axis] = box.low[axis];
  return { voxels: result, size: nextSize, low: nextLow };
}

/** @param response  Written: as long as the line. */
function filterLine(line: Float64Array, { up, down, back }: RecursiveFilter, response: Float64Array): void {
  const n = line.length;
  const [n0, n1, n2, n3] = up;
  const [m1, m2, m3, m4] = down;
  const [d1, d2, d3, d4] = back;
  const rest = 1 + d1 + d2 + d3 + d4;
  // The output before the first voxel, where the input has always been the edge value.
  const first = line[0];
  let y1 = (first * (n0 + n1 + n2 + n3)) / rest;
  let y2 = y1;
  let y3 = y1;
  let y4 = y1;
  let x1 = first;
  let x2 = first;
  let x3 = first;
  for (let k = 0; k < n; k++) {
    const x = line[k];
    const y = x * n0 + x1 * n1 + x2 * n2 + x3 * n3 - (y1 * d1 + y2 * d2 + y3 * d3 + y4 * d4);
    response[k] = y;
    y4 = y3;
    y3 = y2;
    y2 = y1;
    y1 = y;
    x3 = x2;
    x2 = x1;
    x1 = x;
  }
  const last = line[n - 1];
  y1 = (last * (m1 + m2 + m3 + m4)) / rest;
  y2 = y1;
  y3 = y1;
  y4 = y1;
  x1 = last;
  x2 = last;
  x3 = last;
  let x4 = last;
  for (let k = n - 1; k >= 0; k--) {
    const y = x1 * m1 + x2 * m2 + x3 * m3 + x4 * m4 - (y1 * d1 + y2 * d2 + y3 * d3 + y4 * d4);
    response[k] += y;
    y4 = y3;
    y3 = y2;
    y2 = y1;
    y1 = y;
    x4 = x3;
    x3 = x2;
    x2 = x1;
    x1 = line[k];
  }
}
