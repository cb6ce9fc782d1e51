/**
 * Cholesky factor of the curvature of the coefficients that are free to move, kept up to date while columns come and go.
 *
 * Source: Golub & Van Loan, Matrix Computations, 2013, section 6.5.4 (removing a row by rotations).
 * Layer:  model; imports nothing but its own folder.
 */
import type { WorkingSet } from "./working-set.js";

/** Share of a column's own curvature that the columns before it must leave unexplained. */
const UNEXPLAINED = 1e-11;

/** L with L Lᵀ = curvature + l2 of the slots in `order`. */
export class FreeFactor {
  /** Slots in the order of the rows of the factor; `count` of them are in use. */
  order: Uint32Array = new Uint32Array(0);
  count = 0;
  readonly #set: WorkingSet;
  #factor = new Float64Array(0);
  #width = 0;
  /** Row in the factor of each slot, or -1; and the l2 that the row was made with. */
  #rowOf = new Int32Array(0);
  #l2 = new Float64Array(0);
  #version = -1;

  constructor(set: WorkingSet) {
    this.#set = set;
  }

  /**
   * Brings the factor in line with the free slots.
   *
   * @param isFree  1 for each slot that is free.
   * @returns The first slot whose column the others explain, which is left out of the factor with all that follow, or -1.
   */
  update(isFree: Uint8Array, l2: Float64Array): number {
    if (this.#version !== this.#set.version || this.#width !== this.#set.width) this.#clear();
    for (let row = this.count - 1; row >= 0; row--) {
      const slot = this.order[row];
      if (this.#l2[slot] !== l2[slot]) {
        this.#clear();
        break;
      }
      if (isFree[slot] === 0) this.#remove(row);
    }
    for (let slot = 0; slot < this.#set.count; slot++) {
      if (isFree[slot] === 1 && this.#rowOf[slot] < 0 && !this.#append(slot, l2[slot])) return slot;
    }
    return -1;
  }

  /** Solves L Lᵀ x = b in place, b by row of the factor. */
  solve(b: Float64Array): void {
    const factor = this.#factor;
    for (let i = 0; i < this.count; i++)
      b[i] = (b[i] - dotRow(factor, i * this.#width, b, i)) / factor[i * this.#width + i];
    this.#solveTransposed(b, this.count);
  }

  /**
   * The combination of the columns in the factor that a column which they explain consists of, with the other sign: along
   * it and 1 of that column the curvature vanishes.
   */
  explain(out: Float64Array): void {
    const last = this.count * this.#width;
    for (let k = 0; k < this.count; k++) out[k] = -this.#factor[last + k];
    this.#solveTransposed(out, this.count);
  }

  #solveTransposed(b: Float64Array, n: number): void {
    const factor = this.#factor;
    for (let i = n - 1; i >= 0; i--) {
      const line = i * this.#width;
      const value = b[i] / factor[line + i];
      b[i] = value;
      for (let k = 0; k < i; k++) b[k] -= factor[line + k] * value;
    }
  }

  #clear(): void {
    const { width, version } = this.#set;
    if (this.#width !== width) {
      this.#width = width;
      this.#factor = new Float64Array(width * width);
      this.order = new Uint32Array(width);
      this.#l2 = new Float64Array(width);
      this.#rowOf = new Int32Array(width);
    }
    this.#version = version;
    this.#rowOf.fill(-1);
    this.count = 0;
  }

  #append(slot: number, l2: number): boolean {
    const { hessian, width } = this.#set;
    const factor = this.#factor;
    const n = this.count;
    const line = n * width;
    for (let j = 0; j < n; j++) {
      const above = j * width;
      let a = hessian[slot * width + this.order[j]];
      let b = 0;
      let k = 0;
      for (; k + 1 < j; k += 2) {
        a -= factor[line + k] * factor[above + k];
        b += factor[line + k + 1] * factor[above + k + 1];
      }
      if (k < j) a -= factor[line + k] * factor[above + k];
      factor[line + j] = (a - b) / factor[above + j];
    }
    const own = hessian[slot * width + slot] + l2;
    let left = own;
    for (let k = 0; k < n; k++) left -= factor[line + k] * factor[line + k];
    if (!(left > UNEXPLAINED * own)) return false;
    factor[line + n] = Math.sqrt(left);
    this.order[n] = slot;
    this.#rowOf[slot] = n;
    this.#l2[slot] = l2;
    this.count = n + 1;
    return true;
  }

  #remove(row: number): void {
    const factor = this.#factor;
    const width = this.#width;
    this.#rowOf[this.order[row]] = -1;
    this.count--;
    for (let i = row; i < this.count; i++) {
      this.order[i] = this.order[i + 1];
      this.#rowOf[this.order[i]] = i;
      factor.copyWithin(i * width, (i + 1) * width, (i + 1) * width + i + 2);
    }
    // Each row now reaches one column past the diagonal: rotate that away, column by column.
    for (let k = row; k < this.count; k++) {
      const a = factor[k * width + k];
      const b = factor[k * width + k + 1];
      const length = Math.hypot(a, b);
      const cosine = a / length;
      const sine = b / length;
      factor[k * width + k] = length;
      for (let i = k + 1; i < this.count; i++) {
        const at = i * width + k;
        const left = factor[at];
        const right = factor[at + 1];
        factor[at] = cosine * left + sine * right;
        factor[at + 1] = cosine * right - sine * left;
      }
    }
  }
}

function dotRow(factor: Float64Array, line: number, b: Float64Array, n: number): number {
  let sum = 0;
  let other = 0;
  let k = 0;
  for (; k + 1 < n; k += 2) {
    sum += factor[line + k] * b[k];
    other += factor[line + k + 1] * b[k + 1];
  }
  if (k < n) sum += factor[line + k] * b[k];
  return sum + other;
}
