/**
 * The minimum of a quadratic model of the loss plus an elastic-net penalty, to rounding: coordinate descent finds which
 * coefficients are not 0, a Cholesky factor then solves for them exactly.
 *
 * Layer:  model; imports core and its own folder.
 */
import { NumericalError } from "../../core/errors.js";
import { FreeFactor } from "./free-factor.js";
import type { WorkingSet } from "./working-set.js";

const MAX_ROUNDS = 500;
const SWEEPS = 2;
/** How far, relative to its penalty, a zero coefficient's gradient may exceed it by rounding. */
const ROUNDING = 1e-10;

/** Penalty of each slot: `l1` on the absolute value, `l2` on half the square. */
export interface Penalty {
  readonly l1: Float64Array;
  readonly l2: Float64Array;
}

/** Solves the models of one working set, and keeps the factor while the curvature does not change. */
export class QuadraticSolver {
  readonly #set: WorkingSet;
  readonly #factor: FreeFactor;
  /** Gradient of the model where the solution stands. */
  #rest = new Float64Array(0);
  #isFree = new Uint8Array(0);
  /** Change of the free coefficients, by row of the factor. */
  #step = new Float64Array(0);

  constructor(set: WorkingSet) {
    this.#set = set;
    this.#factor = new FreeFactor(set);
  }

  /**
   * @param gradient  Minus the derivative of the loss at `set.beta`, by slot.
   * @param out  The coefficients at the minimum, by slot.
   * @throws NumericalError if columns without penalty are collinear.
   */
  solve(gradient: Float64Array, penalty: Penalty, out: Float64Array): void {
    const { count, beta, width } = this.#set;
    if (this.#rest.length < width) {
      this.#rest = new Float64Array(width);
      this.#isFree = new Uint8Array(width);
      this.#step = new Float64Array(width + 1);
    }
    for (let slot = 0; slot < count; slot++) {
      out[slot] = beta[slot];
      this.#rest[slot] = gradient[slot];
    }
    for (let round = 0; round < MAX_ROUNDS; round++) {
      if (!this.#moveFree(penalty, out)) continue;
      if (!this.#isViolated(penalty, out)) return;
      for (let sweep = 0; sweep < SWEEPS; sweep++) this.#sweep(penalty, out);
    }
  }

  /**
   * Moves the coefficients that are not 0 to their common minimum with the signs that they have, or up to where the first
   * of them becomes 0. @returns Whether the minimum was reached.
   */
  #moveFree({ l1, l2 }: Penalty, b: Float64Array): boolean {
    for (let slot = 0; slot < this.#set.count; slot++) {
      this.#isFree[slot] = b[slot] !== 0 || l1[slot] === 0 ? 1 : 0;
    }
    const factor = this.#factor;
    const step = this.#step;
    const singular = factor.update(this.#isFree, l2);
    let { count } = factor;
    const { order } = factor;
    let reach = 1;
    if (singular < 0) {
      for (let i = 0; i < count; i++) {
        const slot = order[i];
        step[i] = this.#rest[slot] - l1[slot] * Math.sign(b[slot]) - l2[slot] * b[slot];
      }
      factor.solve(step);
    } else {
      factor.explain(step);
      order[count] = singular;
      step[count++] = 1;
      this.#turnDownhill(count, { l1, l2 }, b);
      reach = Number.POSITIVE_INFINITY;
    }
    let blocked = -1;
    for (let i = 0; i < count; i++) {
      const slot = order[i];
      if (l1[slot] === 0 || b[slot] * step[i] >= 0) continue;
      const part = -b[slot] / step[i];
      if (part < reach) {
        reach = part;
        blocked = slot;
      }
    }
    if (reach === Number.POSITIVE_INFINITY) {
      throw new NumericalError(
        "columns without penalty are collinear, so that their effects cannot be told apart. Drop one of them, or penalise it.",
      );
    }
    for (let i = 0; i < count; i++) this.#move(order[i], reach * step[i], b);
    if (blocked >= 0) b[blocked] = 0;
    return blocked < 0;
  }

  /** Turns a direction without curvature so that the penalised model falls along it. */
  #turnDownhill(count: number, { l1, l2 }: Penalty, b: Float64Array): void {
    const step = this.#step;
    let slope = 0;
    let shrinks = false;
    for (let i = 0; i < count; i++) {
      const slot = this.#factor.order[i];
      slope += step[i] * (l1[slot] * Math.sign(b[slot]) + l2[slot] * b[slot] - this.#rest[slot]);
      if (l1[slot] > 0 && step[i] * b[slot] < 0) shrinks = true;
    }
    // Without a slope either way will do, as long as something becomes 0 on it.
    if (slope > 0 || (slope === 0 && !shrinks)) for (let i = 0; i < count; i++) step[i] = -step[i];
  }

  #move(slot: number, change: number, b: Float64Array): void {
    if (change === 0) return;
    const { hessian, width, count } = this.#set;
    const rest = this.#rest;
    const row = slot * width;
    b[slot] += change;
    for (let other = 0; other < count; other++) rest[other] -= change * hessian[row + other];
  }

  #isViolated({ l1 }: Penalty, b: Float64Array): boolean {
    for (let slot = 0; slot < this.#set.count; slot++) {
      const isZero = b[slot] === 0 && l1[slot] > 0;
      if (isZero && Math.abs(this.#rest[slot]) > l1[slot] * (1 + ROUNDING)) return true;
    }
    return false;
  }

  /** One pass of coordinate descent. */
  #sweep({ l1, l2 }: Penalty, b: Float64Array): void {
    const { hessian, width, count } = this.#set;
    for (let slot = 0; slot < count; slot++) {
      const own = hessian[slot * width + slot];
      const total = own + l2[slot];
      if (!(total > 0)) continue;
      const pull = this.#rest[slot] + own * b[slot];
      const size = Math.abs(pull) - l1[slot];
      const next = size > 0 ? (Math.sign(pull) * size) / total : 0;
      this.#move(slot, next - b[slot], b);
      b[slot] = next;
    }
  }
}
