/**
 * Penalised regression on a working set at one penalty: Newton steps of the quadratic model, with the curvature kept as
 * long as it serves.
 *
 * Source: Lee, Sun & Saunders 2014, doi:10.1137/130921428 (proximal Newton).
 * Layer:  model; imports core and its own folder.
 */
import { NumericalError } from "../../core/errors.js";
import type { Loss } from "./loss.js";
import { type Penalty, QuadraticSolver } from "./quadratic.js";
import type { WorkingSet } from "./working-set.js";

const MAX_STEPS = 300;
/** Largest change of a coefficient that is left to be made, relative to the largest coefficient (or to 1). */
const SMALL_MOVE = 1e-10;
/** A step that is not this much smaller than the one before means that the curvature has changed. */
const SLOW = 0.35;
/** Part of the promised decrease that a step must bring. */
const ENOUGH = 1e-4;
const ROUNDING = 1e-14;

/** Where the solution stands. */
export class Solver {
  readonly #loss: Loss;
  readonly #set: WorkingSet;
  readonly #quadratic: QuadraticSolver;
  /** Largest gradient that may be left, on the scale of the loss. */
  readonly #tolerance: number;
  readonly #eta: Float64Array;
  readonly #trialEta: Float64Array;
  /** By slot. */
  #gradient = new Float64Array(0);
  #target = new Float64Array(0);
  #trial = new Float64Array(0);
  /** Loss at the current coefficients. */
  value: number = Number.NaN;

  constructor(loss: Loss, set: WorkingSet, tolerance: number) {
    this.#loss = loss;
    this.#set = set;
    this.#quadratic = new QuadraticSolver(set);
    this.#tolerance = tolerance;
    this.#eta = new Float64Array(loss.rows.length);
    this.#trialEta = new Float64Array(loss.rows.length);
    this.#evaluate();
    set.refresh(() => true);
  }

  /**
   * Moves the coefficients of the working set to the minimum of loss + penalty, and leaves the loss evaluated there.
   *
   * @throws NumericalError if there is none, or it cannot be reached.
   */
  solve(penalty: Penalty): void {
    const set = this.#set;
    if (this.#gradient.length < set.width) {
      this.#gradient = new Float64Array(set.width);
      this.#target = new Float64Array(set.width);
      this.#trial = new Float64Array(set.width);
    }
    const gradient = this.#gradient;
    const target = this.#target;
    const trial = this.#trial;
    let lastMove = Number.POSITIVE_INFINITY;
    this.#evaluate();
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      set.gradient(gradient);
      this.#quadratic.solve(gradient, penalty, target);
      let move = 0;
      let largest = 1;
      for (let slot = 0; slot < set.count; slot++) {
        move = Math.max(move, Math.abs(target[slot] - set.beta[slot]));
        largest = Math.max(largest, Math.abs(target[slot]));
      }
      const isStuck = set.fresh && move >= 0.5 * lastMove;
      if (move <= SMALL_MOVE * largest || isStuck) {
        const isSolved = violation(set, gradient, penalty) <= this.#tolerance;
        if (isSolved) return;
      }
      const taken = this.#step(gradient, penalty, target, trial);
      const isSlow = move > SLOW * lastMove || taken < 1;
      lastMove = move;
      if (taken === 0 && set.fresh) break;
      if (isSlow && !set.fresh) set.refresh(() => true);
      else if (taken > 0) set.fresh = false;
    }
    throw new NumericalError(
      "the penalised likelihood has no minimum that can be reached: the penalty is too weak to keep a coefficient finite. " +
        "Use larger penalties, or penalise every column.",
    );
  }

  /** Takes the curvature where the coefficients are, and forgets columns whose coefficient is 0 unless `keep` is true. */
  renew(keep: (slot: number) => boolean): void {
    this.#evaluate();
    this.#set.refresh((slot) => this.#set.beta[slot] !== 0 || keep(slot));
  }

  #evaluate(): void {
    this.#set.predict(this.#set.beta, this.#eta);
    this.value = this.#loss.evaluate(this.#eta);
  }

  /** Goes to the target, or part of the way. @returns The part; 0 if no part of it helps. */
  #step(gradient: Float64Array, penalty: Penalty, target: Float64Array, trial: Float64Array): number {
    const set = this.#set;
    const { beta, count } = set;
    const before = penaltyOf(beta, penalty, count);
    let promised = penaltyOf(target, penalty, count) - before;
    for (let slot = 0; slot < count; slot++) promised -= gradient[slot] * (target[slot] - beta[slot]);
    for (let part = 1; part > 1e-9; part /= 2) {
      for (let slot = 0; slot < count; slot++)
        trial[slot] = part === 1 ? target[slot] : beta[slot] + part * (target[slot] - beta[slot]);
      set.predict(trial, this.#trialEta);
      const value = this.#loss.evaluate(this.#trialEta);
      const gained = value + penaltyOf(trial, penalty, count) - (this.value + before);
      if (gained <= ENOUGH * part * promised + ROUNDING * Math.abs(this.value)) {
        beta.set(trial.subarray(0, count));
        this.#eta.set(this.#trialEta);
        this.value = value;
        return part;
      }
      // An old curvature may promise too much: it is renewed before the step is shortened.
      if (!set.fresh) break;
    }
    this.#evaluate();
    return 0;
  }
}

function penaltyOf(beta: Float64Array, { l1, l2 }: Penalty, count: number): number {
  let sum = 0;
  for (let slot = 0; slot < count; slot++) {
    sum += l1[slot] * Math.abs(beta[slot]) + 0.5 * l2[slot] * beta[slot] * beta[slot];
  }
  return sum;
}

/** How far the conditions of a minimum are missed. */
function violation({ beta, count }: WorkingSet, gradient: Float64Array, { l1, l2 }: Penalty): number {
  let most = 0;
  for (let slot = 0; slot < count; slot++) {
    const b = beta[slot];
    const rest = gradient[slot] - l2[slot] * b;
    const miss = b === 0 ? Math.abs(rest) - l1[slot] : Math.abs(rest - l1[slot] * Math.sign(b));
    if (!(miss <= most)) most = miss;
  }
  return most;
}
