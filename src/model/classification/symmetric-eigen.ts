/**
 * Eigenvalues and eigenvectors of a small symmetric matrix.
 *
 * Source: Jacobi 1846; Golub & Van Loan, Matrix Computations, section 8.5.
 * Layer:  model; imports nothing.
 */

export interface Eigen {
  /** Falling. */
  readonly values: Float64Array;
  /** One vector per row, in the order of the values. */
  readonly vectors: Float64Array;
}

const MAX_SWEEPS = 60;

/** @param matrix  n × n, row-major, symmetric. */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const a = matrix.slice();
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let rest = 0;
    let size = 0;
    for (let i = 0; i < n; i++) {
      size += a[i * n + i] ** 2;
      for (let j = 0; j < i; j++) rest += a[i * n + j] ** 2;
    }
    if (rest <= 1e-34 * size) break;
    for (let i = 1; i < n; i++) {
      for (let j = 0; j < i; j++) rotate(a, v, n, i, j);
    }
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j] - a[i * n + i]);
  const vectors = new Float64Array(n * n);
  order.forEach((column, at) => {
    for (let i = 0; i < n; i++) vectors[at * n + i] = v[i * n + column];
  });
  return { values: Float64Array.from(order, (i) => a[i * n + i]), vectors };
}

/** Turns axes i and j so that a[i][j] becomes 0. */
function rotate(a: Float64Array, v: Float64Array, n: number, i: number, j: number): void {
  const off = a[i * n + j];
  if (off === 0) return;
  const theta = (a[j * n + j] - a[i * n + i]) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[k * n + i], a[k * n + j]];
    a[k * n + i] = c * x - s * y;
    a[k * n + j] = s * x + c * y;
  }
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[i * n + k], a[j * n + k]];
    a[i * n + k] = c * x - s * y;
    a[j * n + k] = s * x + c * y;
    const [p, q] = [v[k * n + i], v[k * n + j]];
    v[k * n + i] = c * p - s * q;
    v[k * n + j] = s * p + c * q;
  }
}
