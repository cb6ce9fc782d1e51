/**
 * The few columns that a penalised regression currently works with, and the curvature of the loss in them.
 *
 * Layer:  model; imports nothing but its own folder.
 */
import { type Design, gatherColumn } from "./design.js";
import type { Loss } from "./loss.js";

/** Columns in slots 0 … count − 1. The slot arrays are longer than `count`. */
export class WorkingSet {
  count = 0;
  /** Column of the table in each slot; the number of columns stands for the intercept. */
  index: Uint32Array = new Uint32Array(16);
  /** Coefficient of each slot, for standardised columns. */
  beta: Float64Array = new Float64Array(16);
  /** Second derivatives of the loss, row-major; row length `width`. */
  hessian: Float64Array = new Float64Array(16 * 16);
  width = 16;
  /** Whether `hessian` was taken at the current predictors. */
  fresh = false;
  /** Counts how often the curvature was renewed, so that what was computed from it is known to be out of date. */
  version = 0;
  readonly #design: Design;
  readonly #loss: Loss;
  readonly #n: number;
  /** Standardised values of each slot in the order of the loss. */
  #values: Float64Array;
  readonly #curved: Float64Array;
  readonly #slotOf: Int32Array;
  #used: Uint32Array = new Uint32Array(16);

  constructor(design: Design, loss: Loss) {
    this.#design = design;
    this.#loss = loss;
    this.#n = loss.rows.length;
    this.#values = new Float64Array(16 * this.#n);
    this.#curved = new Float64Array(this.#n);
    this.#slotOf = new Int32Array(design.columns.length + 1).fill(-1);
  }

  has(column: number): boolean {
    return this.#slotOf[column] >= 0;
  }

  /** Takes a column in with coefficient 0, and its curvature with all others where the curvature was last frozen. */
  add(column: number): void {
    if (this.count === this.width) this.#grow();
    const slot = this.count++;
    const n = this.#n;
    this.index[slot] = column;
    this.beta[slot] = 0;
    this.#slotOf[column] = slot;
    if (column === this.#design.columns.length) this.#values.fill(1, slot * n, slot * n + n);
    else gatherColumn(this.#design, column, this.#loss.rows, this.#values, slot * n);
    this.#curveSlot(slot);
  }

  /** Takes the curvature anew at the predictors of the loss's last evaluation, and drops columns that `keep` refuses. */
  refresh(keep: (slot: number) => boolean): void {
    const n = this.#n;
    let kept = 0;
    for (let slot = 0; slot < this.count; slot++) {
      const column = this.index[slot];
      if (!keep(slot)) {
        this.#slotOf[column] = -1;
        continue;
      }
      if (kept < slot) {
        this.index[kept] = column;
        this.beta[kept] = this.beta[slot];
        this.#slotOf[column] = kept;
        this.#values.copyWithin(kept * n, slot * n, slot * n + n);
      }
      kept++;
    }
    this.count = kept;
    this.#loss.freeze();
    for (let slot = 0; slot < kept; slot++) this.#curveSlot(slot);
    this.fresh = true;
    this.version++;
  }

  /** Linear predictors of coefficients by slot. */
  predict(beta: Float64Array, eta: Float64Array): void {
    const n = this.#n;
    const values = this.#values;
    eta.fill(0);
    let used = 0;
    for (let slot = 0; slot < this.count; slot++) if (beta[slot] !== 0) this.#used[used++] = slot;
    // Four columns at a time: each visit of a predictor then does four times the work.
    for (; used % 4 !== 0; used--)
      addTimes(eta, beta[this.#used[used - 1]], values, this.#used[used - 1] * n);
    for (let i = 0; i < used; i += 4) {
      const s = this.#used[i];
      const t = this.#used[i + 1];
      const u = this.#used[i + 2];
      const v = this.#used[i + 3];
      const a = beta[s];
      const b = beta[t];
      const c = beta[u];
      const d = beta[v];
      const sn = s * n;
      const tn = t * n;
      const un = u * n;
      const vn = v * n;
      for (let at = 0; at < n; at++)
        eta[at] += a * values[sn + at] + b * values[tn + at] + (c * values[un + at] + d * values[vn + at]);
    }
  }

  /** Minus the derivative of the loss by each slot's coefficient. */
  gradient(out: Float64Array): void {
    dotColumns(this.#values, this.count, this.#loss.residual, out, 0);
  }

  /** Curvature of a slot with itself and all slots before it. */
  #curveSlot(slot: number): void {
    this.#loss.curve(this.#values, slot * this.#n, this.#curved);
    const line = slot * this.width;
    dotColumns(this.#values, slot + 1, this.#curved, this.hessian, line);
    for (let other = 0; other < slot; other++)
      this.hessian[other * this.width + slot] = this.hessian[line + other];
  }

  #grow(): void {
    // Half as much again: the curvature takes the square of it.
    const width = Math.ceil(this.width * 1.5);
    const hessian = new Float64Array(width * width);
    for (let row = 0; row < this.count; row++) {
      hessian.set(this.hessian.subarray(row * this.width, row * this.width + this.count), row * width);
    }
    this.hessian = hessian;
    this.#used = new Uint32Array(width);
    this.index = grown(this.index, new Uint32Array(width));
    this.beta = grown(this.beta, new Float64Array(width));
    this.#values = grown(this.#values, new Float64Array(width * this.#n));
    this.width = width;
  }
}

function grown<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function addTimes(to: Float64Array, factor: number, values: Float64Array, offset: number): void {
  for (let at = 0; at < to.length; at++) to[at] += factor * values[offset + at];
}

/** Inner products of the first `count` columns with a vector, written from `offset` of `out`. */
function dotColumns(
  values: Float64Array,
  count: number,
  vector: Float64Array,
  out: Float64Array,
  offset: number,
): void {
  const n = vector.length;
  const whole = count - (count % 4);
  for (let slot = 0; slot < whole; slot += 4) {
    const s = slot * n;
    const t = s + n;
    const u = t + n;
    const w = u + n;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let at = 0; at < n; at++) {
      const value = vector[at];
      a += values[s + at] * value;
      b += values[t + at] * value;
      c += values[u + at] * value;
      d += values[w + at] * value;
    }
    out[offset + slot] = a;
    out[offset + slot + 1] = b;
    out[offset + slot + 2] = c;
    out[offset + slot + 3] = d;
  }
  for (let slot = whole; slot < count; slot++) {
    let sum = 0;
    for (let at = 0; at < n; at++) sum += values[slot * n + at] * vector[at];
    out[offset + slot] = sum;
  }
}
