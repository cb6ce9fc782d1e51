/**
 * The dual of a support vector machine with two classes: sequential minimal optimization.
 *
 * Source: Platt 1998; Fan, Chen & Lin 2005, JMLR 6, 1889 (choice of the pair by second order, as libsvm).
 * Layer:  model; imports core and its own folder.
 */
import { NumericalError } from "../../core/errors.js";
import type { KernelSource } from "./svm-kernel.js";
import { KernelRows } from "./svm-rows.js";

/** Two classes. */
export interface SvmProblem {
  /** n × p, row-major. */
  readonly matrix: Float64Array;
  readonly p: number;
  /** 1 or −1 by row. */
  readonly sign: Int8Array;
  /** Largest coefficient of each row. */
  readonly upper: Float64Array;
}

/** The decision is Σ coefficient · kernel + intercept. */
export interface SvmSolution {
  /** By row, of the row's sign or 0. */
  readonly coefficients: Float64Array;
  readonly intercept: number;
  readonly iterations: number;
}

/** Curvature along a pair whose rows are alike. */
const FLAT = 1e-12;
/** libsvm gives up there too. */
const MAX_ITERATIONS = 10_000_000;

/**
 * @param tolerance  How far, at most, the conditions of the minimum are missed.
 * @throws NumericalError if the kernel overflows, or it takes too long.
 */
export function solveSvm(
  { matrix, p, sign, upper }: SvmProblem,
  source: KernelSource,
  tolerance: number,
): SvmSolution {
  const n = sign.length;
  const rows = new KernelRows(source, matrix, n, p);
  const beta = new Float64Array(n);
  // Coefficients may go from `low` to `high`; moving one up and another down by as much keeps their sum at 0.
  const low = Float64Array.from(upper, (limit, row) => (sign[row] > 0 ? 0 : -limit));
  const high = Float64Array.from(upper, (limit, row) => (sign[row] > 0 ? limit : 0));
  /** Minus the derivative by each coefficient: sign − Σ coefficient · kernel. */
  const slope = Float64Array.from(sign);
  const { diagonal } = source;

  for (let iterations = 0; iterations < MAX_ITERATIONS; iterations++) {
    // The row that gains most by going up, and the largest loss of any that may go down.
    let up = -1;
    let most = Number.NEGATIVE_INFINITY;
    let least = Number.POSITIVE_INFINITY;
    for (let row = 0; row < n; row++) {
      const s = slope[row];
      if (s > most && beta[row] < high[row]) {
        most = s;
        up = row;
      }
      if (s < least && beta[row] > low[row]) least = s;
    }
    if (!(most - least >= tolerance)) {
      return finish(beta, slope, low, high, (most + least) / 2, iterations);
    }
    const own = rows.row(up);
    const ownDiagonal = diagonal[up];
    let down = -1;
    let best = 0;
    for (let row = 0; row < n; row++) {
      const gap = most - slope[row];
      if (!(gap > 0) || !(beta[row] > low[row])) continue;
      const bend = ownDiagonal + diagonal[row] - 2 * own[row];
      const gain = (gap * gap) / (bend > 0 ? bend : FLAT);
      if (gain > best) {
        best = gain;
        down = row;
      }
    }
    if (down < 0) break;
    const other = rows.row(down);
    const bend = ownDiagonal + diagonal[down] - 2 * own[down];
    let step = (most - slope[down]) / (bend > 0 ? bend : FLAT);
    const upRoom = high[up] - beta[up];
    const downRoom = beta[down] - low[down];
    step = Math.min(step, upRoom, downRoom);
    const [upBefore, downBefore] = [beta[up], beta[down]];
    beta[up] = step === upRoom ? high[up] : beta[up] + step;
    beta[down] = step === downRoom ? low[down] : beta[down] - step;
    // Rounding leaves nothing to move: the scales of the rows differ by more digits than there are.
    if (beta[up] === upBefore && beta[down] === downBefore) break;
    for (let row = 0; row < n; row++) slope[row] -= step * (own[row] - other[row]);
  }
  throw new NumericalError(
    "the support vector machine does not come to its minimum: the columns may be of very different scale, or the cost is " +
      "too large. Standardize the columns, or use a smaller cost or a larger tolerance.",
  );
}

function finish(
  beta: Float64Array,
  slope: Float64Array,
  low: Float64Array,
  high: Float64Array,
  middle: number,
  iterations: number,
): SvmSolution {
  let free = 0;
  let sum = 0;
  for (let row = 0; row < beta.length; row++) {
    if (beta[row] > low[row] && beta[row] < high[row]) {
      free++;
      sum += slope[row];
    }
  }
  const intercept = free > 0 ? sum / free : middle;
  if (!Number.isFinite(intercept)) {
    throw new NumericalError(
      "the support vector machine overflows. Standardize the columns, or use a smaller cost.",
    );
  }
  return { coefficients: beta, intercept, iterations };
}
