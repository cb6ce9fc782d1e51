/**
 * Covariances drawn towards a simpler one, so that they can be inverted with few patients.
 *
 * Source: Ledoit & Wolf 2004, doi:10.1016/S0047-259X(03)00096-4.
 * Layer:  model; imports nothing.
 */
import { productMatrix } from "./moments.js";

/** (1 − shrinkage) × covariance + shrinkage × its mean variance on the diagonal, in place. */
export function shrink(covariance: Float64Array, p: number, shrinkage: number): void {
  let trace = 0;
  for (let j = 0; j < p; j++) trace += covariance[j * p + j];
  for (let at = 0; at < covariance.length; at++) covariance[at] *= 1 - shrinkage;
  for (let j = 0; j < p; j++) covariance[j * p + j] += (shrinkage * trace) / p;
}

/**
 * Covariance (with n) of centered rows, shrunk as much as Ledoit and Wolf found best. Columns are brought to one scale for
 * it and back, as scikit-learn does for discriminant analysis.
 */
export function ledoitWolf(centered: Float64Array, p: number): Float64Array {
  const n = centered.length / p;
  const scale = new Float64Array(p);
  centered.forEach((value, at) => {
    scale[at % p] += (value * value) / n;
  });
  for (let j = 0; j < p; j++) scale[j] = scale[j] > 0 ? Math.sqrt(scale[j]) : 1;
  const rows = centered.map((value, at) => value / scale[at % p]);
  const covariance = productMatrix(rows, p, 1 / n);
  shrink(covariance, p, bestShrinkage(rows, covariance, p, n));
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < p; j++) covariance[i * p + j] *= scale[i] * scale[j];
  }
  return covariance;
}

/** An error of this share of the sum of squares is rounding: shrinking by it would make a constant column count most. */
const ROUNDING = 1e-14;

function bestShrinkage(rows: Float64Array, covariance: Float64Array, p: number, n: number): number {
  let trace = 0;
  for (let j = 0; j < p; j++) trace += covariance[j * p + j];
  const mean = trace / p;
  // Squared distance of the covariance to the target, and how much of it is sampling error.
  let squares = 0;
  for (const value of covariance) squares += value * value;
  let fourth = 0;
  for (let start = 0; start < rows.length; start += p) {
    let length = 0;
    for (let j = 0; j < p; j++) length += rows[start + j] ** 2;
    fourth += length * length;
  }
  const error = (fourth / n - squares) / (n * p);
  const distance = (squares - 2 * mean * trace + p * mean * mean) / p;
  const part = Math.min(error, distance);
  return part <= ROUNDING * squares ? 0 : part / distance;
}
