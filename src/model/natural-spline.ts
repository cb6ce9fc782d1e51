/**
 * A smooth trend through a scatter: least squares on natural cubic splines, as many knots as degrees of freedom.
 *
 * Source: de Boor, A Practical Guide to Splines, 1978; the same curves as R's `lm(y ~ ns(x, df))`.
 * Layer:  model; imports core, table.
 */
import { NumericalError } from "../core/errors.js";
import { quantileOfSorted } from "../table/summarize.js";
import { cholesky, solveCholesky } from "./cholesky.js";

/** A curve at chosen places. */
export interface SplineTrend {
  readonly value: Float64Array;
  /** Standard error of each value where each observation has variance 1. */
  readonly unitError: Float64Array;
}

/**
 * Knots that share the values evenly, the outer two at their ends.
 *
 * @param count  At least 2.
 */
export function naturalKnots(values: Float64Array, count: number): Float64Array {
  const sorted = values.slice().sort();
  return Float64Array.from({ length: count }, (_, i) => quantileOfSorted(sorted, i / (count - 1)));
}

/**
 * @param knots  Rising; the curve is a straight line beyond the outer two. Their number is the degrees of freedom.
 * @param at  Places at which the curve is wanted.
 * @throws NumericalError if two knots are one, or the x do not determine the curve.
 */
export function naturalSpline(
  x: Float64Array,
  y: Float64Array,
  knots: Float64Array,
  at: Float64Array,
): SplineTrend {
  const k = knots.length;
  if (knots.some((knot, i) => i > 0 && !(knot > knots[i - 1]))) throw tooFew();
  const bends = cardinalBends(knots);
  const basis = (value: number): Float64Array => cardinalBasis(knots, bends, value);
  const information = new Float64Array(k * k);
  const moment = new Float64Array(k);
  x.forEach((value, row) => {
    const b = basis(value);
    for (let i = 0; i < k; i++) {
      moment[i] += b[i] * y[row];
      for (let j = 0; j < k; j++) information[i * k + j] += b[i] * b[j];
    }
  });
  const { factor, singular } = cholesky(information, k, 1e-12 * x.length);
  if (singular >= 0) throw tooFew();
  const heights = solveCholesky(factor, k, moment);
  const value = new Float64Array(at.length);
  const unitError = new Float64Array(at.length);
  at.forEach((place, row) => {
    const b = basis(place);
    const solved = solveCholesky(factor, k, b);
    let variance = 0;
    for (let i = 0; i < k; i++) {
      value[row] += b[i] * heights[i];
      variance += b[i] * solved[i];
    }
    unitError[row] = Math.sqrt(variance);
  });
  return { value, unitError };
}

function tooFew(): NumericalError {
  return new NumericalError(
    "there are too few distinct times of events for a smooth trend. Use fewer degrees of freedom.",
  );
}

/** Second derivatives at the knots of the k splines that are 1 at one knot and 0 at the others; k × k, by spline. */
function cardinalBends(knots: Float64Array): Float64Array {
  const k = knots.length;
  const inner = k - 2;
  const gap = (i: number): number => knots[i + 1] - knots[i];
  const matrix = new Float64Array(inner * inner);
  for (let i = 0; i < inner; i++) {
    matrix[i * inner + i] = (gap(i) + gap(i + 1)) / 3;
    if (i + 1 < inner) {
      matrix[i * inner + i + 1] = gap(i + 1) / 6;
      matrix[(i + 1) * inner + i] = gap(i + 1) / 6;
    }
  }
  const { factor } = cholesky(matrix, inner, 0);
  const bends = new Float64Array(k * k);
  for (let spline = 0; spline < k; spline++) {
    const height = (i: number): number => (i === spline ? 1 : 0);
    const turn = Float64Array.from(
      { length: inner },
      (_, i) => (height(i + 2) - height(i + 1)) / gap(i + 1) - (height(i + 1) - height(i)) / gap(i),
    );
    bends.set(solveCholesky(factor, inner, turn), spline * k + 1);
  }
  return bends;
}

/** Values of the k splines at one place. */
function cardinalBasis(knots: Float64Array, bends: Float64Array, value: number): Float64Array {
  const k = knots.length;
  let piece = 0;
  while (piece < k - 2 && value > knots[piece + 1]) piece++;
  const gap = knots[piece + 1] - knots[piece];
  const inside = Math.min(Math.max(value, knots[0]), knots[k - 1]);
  const b = (inside - knots[piece]) / gap;
  const a = 1 - b;
  const beyond = (value - inside) / gap;
  return Float64Array.from({ length: k }, (_, spline) => {
    const [from, to] = [spline === piece ? 1 : 0, spline === piece + 1 ? 1 : 0];
    const [m0, m1] = [bends[spline * k + piece], bends[spline * k + piece + 1]];
    const height = a * from + b * to + (((a ** 3 - a) * m0 + (b ** 3 - b) * m1) * gap * gap) / 6;
    const slope = to - from + (((1 - 3 * a * a) * m0 + (3 * b * b - 1) * m1) * gap * gap) / 6;
    return height + beyond * slope;
  });
}
