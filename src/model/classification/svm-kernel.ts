/**
 * Kernels of support vector machines: how alike two patients are.
 *
 * Layer:  model; imports core and its own folders.
 */
import { NumericalError } from "../../core/errors.js";
import { PANEL, packPanels, panelLength, withProducts } from "../wasm/products.js";

/** Which kernel, with numbers for everything that it needs. */
export interface SvmKernel {
  readonly kind: "linear" | "rbf" | "poly" | "sigmoid";
  readonly gamma: number;
  readonly degree: number;
  readonly coef0: number;
}

/** The kernel between any vector and the rows of a matrix. */
export interface KernelSource {
  /** |row|² of each row. */
  readonly squares: Float64Array;
  /** Kernel of each row with itself. */
  readonly diagonal: Float64Array;
  /**
   * Kernel of a vector with each row, written to `out`.
   *
   * @param square  |vector|².
   * @throws NumericalError if a value overflows.
   */
  row(vector: Float64Array, square: number, out: Float32Array | Float64Array): void;
}

/**
 * Calls `use` with the kernel between any vector and all rows of a matrix.
 *
 * @param matrix  n × p, row-major.
 */
export function withKernel<T>(
  kernel: SvmKernel,
  matrix: Float64Array,
  n: number,
  p: number,
  use: (source: KernelSource) => T,
): T {
  const length = panelLength(n, p);
  const sizes = { vector: 8 * p, panels: 8 * length, products: (8 * length) / p };
  return withProducts(sizes, [], ({ kernels, buffer, at }) => {
    packPanels(matrix, n, p, new Float64Array(buffer, at.panels, length));
    const squares = squaresOf(matrix, n, p);
    const input = new Float64Array(buffer, at.vector, p);
    const products = new Float64Array(buffer, at.products, n);
    // At distance 0 an RBF kernel is 1; all others know a row's product with itself.
    const diagonal = new Float64Array(n).fill(1);
    if (kernel.kind !== "rbf") transform(kernel, squares, squares, 0, diagonal);
    return use({
      squares,
      diagonal,
      row: (vector, square, out) => {
        input.set(vector);
        kernels.dotPanels(at.panels, Math.ceil(n / PANEL), p, at.vector, at.products);
        transform(kernel, products, squares, square, out);
      },
    });
  });
}

/** |row|² of each row. */
export function squaresOf(matrix: Float64Array, n: number, p: number): Float64Array {
  const squares = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    for (let t = row * p; t < (row + 1) * p; t++) squares[row] += matrix[t] * matrix[t];
  }
  return squares;
}

/** From inner products to kernel values. */
function transform(
  { kind, gamma, degree, coef0 }: SvmKernel,
  products: Float64Array,
  squares: Float64Array,
  square: number,
  out: Float32Array | Float64Array,
): void {
  const n = out.length;
  let sum = 0;
  if (kind === "rbf") {
    for (let row = 0; row < n; row++) {
      const distance = square + squares[row] - 2 * products[row];
      out[row] = Math.exp(-gamma * (distance > 0 ? distance : 0));
      sum += out[row];
    }
  } else if (kind === "linear") {
    for (let row = 0; row < n; row++) sum += out[row] = products[row];
  } else if (kind === "poly") {
    for (let row = 0; row < n; row++) sum += out[row] = power(gamma * products[row] + coef0, degree);
  } else {
    for (let row = 0; row < n; row++) sum += out[row] = Math.tanh(gamma * products[row] + coef0);
  }
  if (Number.isFinite(sum)) return;
  throw new NumericalError(
    `the ${kind} kernel overflows: values are too large for it. Standardize the columns, or use a smaller gamma or degree.`,
  );
}

/** By squaring, as libsvm does: a whole power of a negative number is exact in its sign. */
function power(base: number, degree: number): number {
  let result = 1;
  for (let square = base, rest = degree; rest > 0; rest = Math.floor(rest / 2), square *= square) {
    if (rest % 2 === 1) result *= square;
  }
  return result;
}
