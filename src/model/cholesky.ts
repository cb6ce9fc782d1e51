/**
 * Cholesky factorisation of small symmetric positive definite matrices, and what is solved with it.
 *
 * Layer:  model; imports nothing.
 */

/** Lower factor L with A = L Lᵀ, row-major, and the first row whose pivot vanished, or -1. */
export interface Cholesky {
  readonly factor: Float64Array;
  readonly singular: number;
}

/**
 * @param matrix  n × n, row-major, symmetric.
 * @param floor  A pivot at or below this counts as 0.
 */
export function cholesky(matrix: Float64Array, n: number, floor: number): Cholesky {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= factor[i * n + k] * factor[j * n + k];
      if (i !== j) {
        factor[i * n + j] = sum / factor[j * n + j];
      } else if (sum > floor) {
        factor[i * n + i] = Math.sqrt(sum);
      } else {
        return { factor, singular: i };
      }
    }
  }
  return { factor, singular: -1 };
}

/** x with L Lᵀ x = b. */
export function solveCholesky(factor: Float64Array, n: number, b: Float64Array): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    let sum = x[i];
    for (let k = 0; k < i; k++) sum -= factor[i * n + k] * x[k];
    x[i] = sum / factor[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i];
    for (let k = i + 1; k < n; k++) sum -= factor[k * n + i] * x[k];
    x[i] = sum / factor[i * n + i];
  }
  return x;
}

/** (L Lᵀ)⁻¹, row-major. */
export function invertCholesky(factor: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  const unit = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    unit[i] = 1;
    inverse.set(solveCholesky(factor, n, unit), i * n);
    unit[i] = 0;
  }
  return inverse;
}
