/**
 * The functions of `products.as`, and memory for what they work on.
 *
 * Layer:  model; imports core, products-binary.
 */
import { type InWorkspace, workspacesOf } from "../../core/wasm-workspace.js";
import { PRODUCTS_BINARY } from "./products-binary.js";

/** As in `products.as`; arrays are addresses in the module's memory. */
export interface Products {
  multiply(
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    c: number,
    m: number,
    k: number,
    n: number,
  ): void;
  unitRows(values: number, m: number, n: number, smallest: number, largest: number, stats: number): void;
  correlate(x: number, y: number, out: number, m: number, n: number, columns: number): void;
  dotPanels(panels: number, count: number, p: number, x: number, out: number): void;
  addRow(values: number, row: number, m: number, n: number, relu: number): void;
  columnSums(values: number, m: number, n: number, out: number): void;
  reluSlope(values: number, delta: number, count: number): void;
  decay(params: number, gradient: number, count: number, l2: number, m: number): void;
  adam(
    params: number,
    gradient: number,
    mean: number,
    square: number,
    count: number,
    rate: number,
    first: number,
    second: number,
    epsilon: number,
  ): void;
}

/** Memory and products for one piece of work. */
export const withProducts: InWorkspace<Products> = workspacesOf<Products>(PRODUCTS_BINARY);

/** Rows that `dotPanels` takes together. */
export const PANEL = 8;

/** Numbers that a matrix takes as panels. */
export function panelLength(rows: number, p: number): number {
  return Math.ceil(rows / PANEL) * PANEL * p;
}

/** Lays the rows of a matrix out as panels. @param matrix  rows × p, row-major. */
export function packPanels(matrix: Float64Array, rows: number, p: number, out: Float64Array): void {
  out.fill(0);
  for (let row = 0; row < rows; row++) {
    const start = (row - (row % PANEL)) * p + (row % PANEL);
    for (let t = 0; t < p; t++) out[start + t * PANEL] = matrix[row * p + t];
  }
}
