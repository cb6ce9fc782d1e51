/**
 * The path of a multinomial elastic net: coefficients of all classes at falling penalties.
 *
 * Minimises loss + λ Σ f_j (a · length of b_j + (1 − a) |b_j|² / 2) over standardised columns; the length is Σ |b_jc| for the
 * lasso, the Euclidean one for the group lasso.
 * Source: Friedman, Hastie & Tibshirani 2010, doi:10.18637/jss.v033.i01; Simon, Friedman & Hastie 2013, arXiv:1311.6529.
 * Layer:  model; imports core and its own folder.
 */
import { NumericalError } from "../core/errors.js";
import type { MultinomialLoss } from "./multinomial-net-loss.js";
import { type Block, minimizeBlocks, penaltyOf, violationOf } from "./multinomial-net-quadratic.js";
import type { PathOptions } from "./penalized/path.js";

/** One solution, for standardised columns. */
export interface MultinomialPoint {
  readonly lambda: number;
  /** Columns with a coefficient other than 0, ascending; column after column, k coefficients each. */
  readonly index: readonly number[];
  readonly values: Float64Array;
  /** Sum to 0. */
  readonly intercepts: Float64Array;
  readonly loss: number;
}

export interface MultinomialPath {
  readonly points: readonly MultinomialPoint[];
  readonly nullLoss: number;
}

/** Standardised columns; a constant one is all 0. */
export type Columns = readonly Float64Array[];

const TOLERANCE = 1e-9;
const LEAST_L1 = 1e-3;
const NOTHING_LEFT = 1e-3;
const MAX_STEPS = 100;
/** As many columns join at once, at least. */
const BATCH = 20;

/** @throws NumericalError if no column informs about the outcome, or the minimum is not reached. */
export function multinomialPath(
  columns: Columns,
  loss: MultinomialLoss,
  { l1Ratio, factors, lambdas }: PathOptions,
  grouped: boolean,
): MultinomialPath {
  const fit = new Fit(columns, loss, l1Ratio, factors, grouped);
  fit.solve(0, TOLERANCE);
  const nullLoss = fit.nullLoss();
  const largest = fit.largestPenalty() / Math.max(l1Ratio, LEAST_L1);
  if (largest === 0 && !(lambdas instanceof Float64Array)) {
    throw new NumericalError(
      "no penalised column varies with the outcome: there is nothing to select. Check the columns, or the outcome.",
    );
  }
  const sequence =
    lambdas instanceof Float64Array
      ? lambdas
      : Float64Array.from({ length: lambdas.count }, (_, at) =>
          at === 0 ? largest : largest * lambdas.smallest ** (at / (lambdas.count - 1)),
        );
  const points: MultinomialPoint[] = [];
  for (const lambda of sequence) {
    fit.solve(lambda, TOLERANCE * Math.min(largest * Math.max(l1Ratio, LEAST_L1), 1));
    points.push(fit.point(lambda));
    if (fit.value < NOTHING_LEFT * nullLoss && !(lambdas instanceof Float64Array)) break;
  }
  return { points, nullLoss };
}

class Fit {
  /** Loss at the current coefficients. */
  value = 0;
  readonly #columns: Columns;
  readonly #loss: MultinomialLoss;
  readonly #l1Ratio: number;
  readonly #factors: Float64Array;
  readonly #grouped: boolean;
  readonly #ones: Float64Array;
  readonly #usable: readonly number[];
  /** Columns that may have a coefficient, and all coefficients: intercepts first, then k a column. */
  #set: number[];
  #beta: Float64Array;
  #nullValue = Number.NaN;
  #eta: Float64Array;

  constructor(
    columns: Columns,
    loss: MultinomialLoss,
    l1Ratio: number,
    factors: Float64Array,
    grouped: boolean,
  ) {
    this.#columns = columns;
    this.#loss = loss;
    this.#l1Ratio = l1Ratio;
    this.#factors = factors;
    this.#grouped = grouped;
    this.#ones = new Float64Array(loss.n).fill(1);
    this.#usable = columns.flatMap((values, j) => (values.some((value) => value !== 0) ? [j] : []));
    this.#set = this.#usable.filter((j) => factors[j] === 0);
    this.#beta = new Float64Array(loss.k * (1 + this.#set.length));
    this.#eta = new Float64Array(loss.n * loss.k);
    this.value = loss.evaluate(this.#eta);
  }

  /** Loss of the intercepts alone. */
  nullLoss(): number {
    return this.#nullValue;
  }

  /** Largest gradient of a column by its factor, on the scale of the lasso. */
  largestPenalty(): number {
    let largest = 0;
    for (const j of this.#usable) {
      if (this.#factors[j] > 0) largest = Math.max(largest, this.#size(j) / this.#factors[j]);
    }
    // Below this it is rounding.
    return largest > 1e-14 ? largest : 0;
  }

  /** Goes to the minimum at a penalty; 0 means that penalised columns stay out. */
  solve(lambda: number, tolerance: number): void {
    if (lambda === 0) {
      const kept = this.#set;
      this.#set = [];
      const beta = this.#beta;
      this.#beta = new Float64Array(this.#loss.k);
      this.#minimize(0, tolerance);
      this.#nullValue = this.value;
      if (kept.length === 0) return;
      this.#set = kept;
      beta.set(this.#beta);
      this.#beta = beta;
      this.#minimize(0, tolerance);
      return;
    }
    for (;;) {
      this.#minimize(lambda, tolerance);
      const known = new Set(this.#set);
      const limit = lambda * this.#l1Ratio;
      const violators = this.#usable
        .filter((j) => !known.has(j))
        .map((j) => ({ j, excess: this.#size(j) - limit * this.#factors[j] }))
        .filter(({ excess }) => excess > tolerance)
        .sort((a, b) => b.excess - a.excess || a.j - b.j);
      if (violators.length === 0) return;
      this.#add(violators.slice(0, Math.max(BATCH, this.#set.length)).map(({ j }) => j));
    }
  }

  point(lambda: number): MultinomialPoint {
    const { k } = this.#loss;
    const slots = this.#set
      .map((j, slot) => ({ j, start: k * (1 + slot) }))
      .filter(({ start }) => this.#beta.subarray(start, start + k).some((value) => value !== 0))
      .sort((a, b) => a.j - b.j);
    const values = new Float64Array(k * slots.length);
    slots.forEach(({ start }, at) => {
      values.set(this.#beta.subarray(start, start + k), at * k);
    });
    const own = this.#beta.slice(0, k);
    const mean = own.reduce((sum, value) => sum + value, 0) / k;
    return {
      lambda,
      index: slots.map(({ j }) => j),
      values,
      intercepts: own.map((value) => value - mean),
      loss: this.value,
    };
  }

  /** Length of the gradient of a column that the penalty has to hold. */
  #size(j: number): number {
    const gradient = this.#gradientOf(this.#columns[j]);
    return this.#grouped
      ? Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0))
      : gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  }

  #gradientOf(column: Float64Array): Float64Array {
    const { n, k, residual } = this.#loss;
    const gradient = new Float64Array(k);
    for (let row = 0; row < n; row++) {
      const value = column[row];
      for (let c = 0; c < k; c++) gradient[c] += value * residual[row * k + c];
    }
    return gradient;
  }

  #add(columns: readonly number[]): void {
    const { k } = this.#loss;
    // Columns that have become 0 make room.
    const kept = this.#set.flatMap((j, slot) => {
      const own = this.#beta.slice(k * (1 + slot), k * (2 + slot));
      return this.#factors[j] === 0 || own.some((value) => value !== 0) ? [{ j, own }] : [];
    });
    const beta = new Float64Array(k * (1 + kept.length + columns.length));
    beta.set(this.#beta.subarray(0, k));
    kept.forEach(({ own }, slot) => {
      beta.set(own, k * (1 + slot));
    });
    this.#set = [...kept.map(({ j }) => j), ...columns];
    this.#beta = beta;
  }

  /** Newton's method on the columns of the set. */
  #minimize(lambda: number, tolerance: number): void {
    const { k } = this.#loss;
    const columns = [this.#ones, ...this.#set.map((j) => this.#columns[j])];
    const values = columns.flatMap((column) => new Array<Float64Array>(k).fill(column));
    const classes = values.map((_, at) => at % k);
    const blocks = this.#blocks(lambda);
    let isLast = false;
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const gradient = Float64Array.from(columns.flatMap((column) => [...this.#gradientOf(column)]));
      if (violationOf(gradient, blocks, this.#beta) <= tolerance || isLast) return;
      const target = this.#beta.slice();
      const rest = gradient.slice();
      minimizeBlocks(this.#loss.curvature(values, classes), rest, blocks, target, tolerance / 10);
      isLast = !this.#step(columns, blocks, gradient, target);
      if (isLast && violationOf(gradient, blocks, this.#beta) > 1e3 * tolerance) break;
    }
    throw new NumericalError(
      "the penalised likelihood has no minimum that can be reached: the penalty is too weak to keep a coefficient finite. " +
        "Use larger penalties, or penalise every column.",
    );
  }

  #blocks(lambda: number): readonly Block[] {
    const { k } = this.#loss;
    const intercepts = Array.from({ length: k }, (_, c): Block => ({ start: c, size: 1, l1: 0, l2: 0 }));
    const penalised = this.#set.flatMap((j, slot): Block[] => {
      const weight = lambda * this.#factors[j];
      const [l1, l2] = [weight * this.#l1Ratio, weight * (1 - this.#l1Ratio)];
      const start = k * (1 + slot);
      return this.#grouped && l1 > 0
        ? [{ start, size: k, l1, l2 }]
        : Array.from({ length: k }, (_, c) => ({ start: start + c, size: 1, l1, l2 }));
    });
    return [...intercepts, ...penalised];
  }

  /** Goes towards the target as far as it helps. @returns False if nowhere on the way. */
  #step(columns: Columns, blocks: readonly Block[], gradient: Float64Array, target: Float64Array): boolean {
    const before = penaltyOf(blocks, this.#beta);
    let promised = penaltyOf(blocks, target) - before;
    for (let at = 0; at < target.length; at++) promised -= gradient[at] * (target[at] - this.#beta[at]);
    for (let part = 1; part > 1e-9; part /= 2) {
      const trial = this.#beta.map((value, at) =>
        part === 1 ? target[at] : value + part * (target[at] - value),
      );
      const eta = this.#predict(columns, trial);
      const value = this.#loss.evaluate(eta);
      const gained = value + penaltyOf(blocks, trial) - this.value - before;
      if (!(gained <= 1e-4 * part * promised + 1e-14 * (Math.abs(this.value) + before))) continue;
      this.#beta = trial;
      this.#eta = eta;
      this.value = value;
      return true;
    }
    this.#loss.evaluate(this.#eta);
    return false;
  }

  #predict(columns: Columns, beta: Float64Array): Float64Array {
    const { n, k } = this.#loss;
    const eta = new Float64Array(n * k);
    columns.forEach((column, at) => {
      for (let c = 0; c < k; c++) {
        const b = beta[at * k + c];
        if (b !== 0) for (let row = 0; row < n; row++) eta[row * k + c] += b * column[row];
      }
    });
    return eta;
  }
}
