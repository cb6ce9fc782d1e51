/**
 * Means, variances and covariances of training patients, class by class.
 *
 * Layer:  model; imports nothing.
 */
import type { Training } from "./training.js";

/** Mean of each column in each class, k × p, row-major. */
export function classMeans({ matrix, n, p, codes, counts }: Training): Float64Array {
  const means = new Float64Array(counts.length * p);
  for (let row = 0; row < n; row++) {
    for (let j = 0; j < p; j++) means[codes[row] * p + j] += matrix[row * p + j];
  }
  for (let at = 0; at < means.length; at++) means[at] /= counts[Math.floor(at / p)];
  return means;
}

/** Variance of each column over all patients, with n. */
export function columnVariances(matrix: Float64Array, n: number, p: number): Float64Array {
  const variances = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    let mean = 0;
    for (let row = 0; row < n; row++) mean += matrix[row * p + j];
    mean /= n;
    for (let row = 0; row < n; row++) variances[j] += (matrix[row * p + j] - mean) ** 2 / n;
  }
  return variances;
}

/** Rows of one class minus its mean, row-major. */
export function centeredClass(
  { matrix, n, p, codes, counts }: Training,
  means: Float64Array,
  c: number,
): Float64Array {
  const centered = new Float64Array(counts[c] * p);
  let at = 0;
  for (let row = 0; row < n; row++) {
    if (codes[row] !== c) continue;
    for (let j = 0; j < p; j++) centered[at++] = matrix[row * p + j] - means[c * p + j];
  }
  return centered;
}

/** Σ of products of centered rows, p × p, times `factor`, row-major. */
export function productMatrix(centered: Float64Array, p: number, factor: number): Float64Array {
  const sum = new Float64Array(p * p);
  for (let start = 0; start < centered.length; start += p) {
    for (let i = 0; i < p; i++) {
      const value = centered[start + i] * factor;
      for (let j = 0; j <= i; j++) sum[i * p + j] += value * centered[start + j];
    }
  }
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < i; j++) sum[j * p + i] = sum[i * p + j];
  }
  return sum;
}
