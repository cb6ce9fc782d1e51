/**
 * Gauss–Legendre quadrature on [0, 1]: exact integrals of polynomials from a few points.
 *
 * Source: Golub & Welsch 1969, doi:10.1090/S0025-5718-69-99647-1, for the rule; the points are found by Newton's method.
 * Layer:  explain; imports nothing.
 */

export interface Quadrature {
  /** In (0, 1), rising. */
  readonly points: Float64Array;
  /** Positive, sum 1. */
  readonly weights: Float64Array;
}

/** The rule with `count` points: exact up to degree 2 · count − 1. */
export function gaussLegendre(count: number): Quadrature {
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < (count + 1) >> 1; i++) {
    let root = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 0;
    for (let step = 0; step < STEPS; step++) {
      let value = root;
      let before = 1;
      for (let degree = 2; degree <= count; degree++) {
        [before, value] = [value, ((2 * degree - 1) * root * value - (degree - 1) * before) / degree];
      }
      slope = (count * (root * value - before)) / (root * root - 1);
      root -= value / slope;
    }
    const weight = 1 / ((1 - root * root) * slope * slope);
    points[i] = (1 - root) / 2;
    points[count - 1 - i] = (1 + root) / 2;
    weights[i] = weight;
    weights[count - 1 - i] = weight;
  }
  return { points, weights };
}

/** Newton's method doubles the digits each time: from the start above, four steps are enough. */
const STEPS = 8;
