/**
 * The path of an elastic net: its coefficients at falling penalties, each solution started from the one before.
 *
 * Minimises loss + λ Σ f_j (a |b_j| + (1 − a) b_j² / 2) over standardised columns.
 * Source: Friedman, Hastie & Tibshirani 2010, doi:10.18637/jss.v033.i01; Tibshirani et al. 2012,
 *         doi:10.1111/j.1467-9868.2011.01004.x, for the strong rules.
 * Layer:  model; imports core and its own folder.
 */
import { NumericalError } from "../../core/errors.js";
import { columnDot, type Design } from "./design.js";
import type { Loss } from "./loss.js";
import type { Penalty } from "./quadratic.js";
import { Solver } from "./solve.js";
import { WorkingSet } from "./working-set.js";

/** Which penalties. */
export interface PathOptions {
  /** Share of the absolute values in the penalty, a: 1 is the lasso, 0 is ridge. */
  readonly l1Ratio: number;
  /** f: the penalty of each column is multiplied by it. */
  readonly factors: Float64Array;
  /** Penalties, falling; or how to choose them from the data. */
  readonly lambdas: Float64Array | { readonly count: number; readonly smallest: number };
}

/** One solution, for standardised columns. */
export interface PathPoint {
  readonly lambda: number;
  /** Columns with a coefficient other than 0, ascending, and the coefficients. */
  readonly index: Uint32Array;
  readonly values: Float64Array;
  readonly intercept: number;
  readonly loss: number;
}

export interface Path {
  readonly points: readonly PathPoint[];
  /** Loss of the intercept alone, or of no effect at all. */
  readonly nullLoss: number;
}

/** Share of the largest gradient that may be left where it should vanish. */
const TOLERANCE = 1e-9;
/** Share of the largest gradient that a column could have, below which it is rounding. */
const NO_GRADIENT = 1e-14;
/** With ridge alone every penalty moves all columns: a sequence starts where this share of lasso would. */
const LEAST_L1 = 1e-3;
/** Share of the null deviance below which weaker penalties can only separate the outcome (glmnet's `devmax`). */
const NOTHING_LEFT = 1e-3;
/** Zero coefficients that are worth keeping in the working set. */
const SPARE = 10;
/** How many columns join the working set at once, at least. */
const BATCH = 20;
/** Columns that are looked at before all others, for each row: many more than a solution can hold. */
const FIRST = 10;

/** @throws NumericalError if no column informs about the outcome, or a coefficient without penalty is infinite. */
export function elasticNetPath(design: Design, loss: Loss, options: PathOptions): Path {
  return new PathFit(design, loss, options).run();
}

class PathFit {
  readonly #design: Design;
  readonly #loss: Loss;
  readonly #options: PathOptions;
  readonly #set: WorkingSet;
  /** Residual by row of the table: now, and when `#gradient` was taken. */
  readonly #residual: Float64Array;
  readonly #oldResidual: Float64Array;
  readonly #gradient: Float64Array;
  /** Memory for some of the columns. */
  readonly #some: Uint32Array;
  #penalty: Penalty = { l1: new Float64Array(0), l2: new Float64Array(0) };
  /** Whether `#gradient` is that of the current residual. */
  #isCurrent = false;

  constructor(design: Design, loss: Loss, options: PathOptions) {
    this.#design = design;
    this.#loss = loss;
    this.#options = options;
    this.#set = new WorkingSet(design, loss);
    const rows = design.columns[0].length;
    this.#residual = new Float64Array(rows);
    this.#oldResidual = new Float64Array(rows);
    this.#gradient = new Float64Array(design.columns.length);
    this.#some = new Uint32Array(design.columns.length);
  }

  run(): Path {
    const { l1Ratio, factors } = this.#options;
    const { scale } = this.#design;
    const { saturated } = this.#loss;
    const p = factors.length;
    // Before the first gradient is known its scale is not; losses are averages, so that 1 is never far off.
    const start = new Solver(this.#loss, this.#set, TOLERANCE);
    if (this.#loss.intercept) {
      this.#set.add(p);
      start.solve(this.#penaltyAt(0));
    }
    const nullLoss = start.value;
    for (let j = 0; j < p; j++) if (factors[j] === 0 && scale[j] > 0) this.#set.add(j);
    start.renew(() => true);
    if (this.#set.count > 0) start.solve(this.#penaltyAt(0));
    this.#takeGradient();
    const largest = this.#largestPenalty();
    const lambdas = this.#sequence(largest);
    if (l1Ratio === 0) for (let j = 0; j < p; j++) if (factors[j] > 0 && scale[j] > 0) this.#set.add(j);

    const solver = new Solver(this.#loss, this.#set, TOLERANCE * largest * Math.max(l1Ratio, LEAST_L1));
    const points: PathPoint[] = [];
    let last = largest;
    for (const lambda of lambdas) {
      this.#solveAt(solver, lambda, last);
      last = lambda;
      points.push(this.#point(lambda, solver.value));
      const left = (solver.value - saturated) / (nullLoss - saturated);
      if (left < NOTHING_LEFT && !(this.#options.lambdas instanceof Float64Array)) break;
    }
    return { points, nullLoss };
  }

  #largestPenalty(): number {
    const { l1Ratio, factors } = this.#options;
    const { spread } = this.#design;
    const { residual } = this.#loss;
    const rounding = NO_GRADIENT * Math.sqrt(residual.length * residual.reduce((sum, r) => sum + r * r, 0));
    let largest = 0;
    for (let j = 0; j < factors.length; j++) {
      const size = Math.abs(this.#gradient[j]);
      if (factors[j] > 0 && size > rounding * spread[j]) largest = Math.max(largest, size / factors[j]);
    }
    if (largest === 0 && !(this.#options.lambdas instanceof Float64Array)) {
      throw new NumericalError(
        "no penalised column varies with the outcome: there is nothing to select. Check the columns, or the outcome.",
      );
    }
    return largest / Math.max(l1Ratio, LEAST_L1);
  }

  #sequence(largest: number): Float64Array {
    const { lambdas } = this.#options;
    if (lambdas instanceof Float64Array) return lambdas;
    const { count, smallest } = lambdas;
    return Float64Array.from({ length: count }, (_, k) =>
      k === 0 ? largest : largest * smallest ** (k / (count - 1)),
    );
  }

  #solveAt(solver: Solver, lambda: number, last: number): void {
    const set = this.#set;
    const { l1Ratio, factors } = this.#options;
    const isFree = (slot: number): boolean =>
      set.index[slot] === factors.length || factors[set.index[slot]] * l1Ratio === 0;
    let zeros = 0;
    for (let slot = 0; slot < set.count; slot++) if (set.beta[slot] === 0 && !isFree(slot)) zeros++;
    if (zeros > SPARE + set.count / 4) solver.renew(isFree);

    const strong = this.#strong(lambda, last);
    for (;;) {
      solver.solve(this.#penaltyAt(lambda));
      this.#scatterResidual();
      if (this.#addViolators(strong, lambda)) continue;
      if (!this.#addViolators(this.#suspects(lambda), lambda)) return;
    }
  }

  /** Columns that will hardly stay out, by the strong rule: they are looked at before all others. */
  #strong(lambda: number, last: number): Uint32Array {
    const { l1Ratio, factors } = this.#options;
    let count = 0;
    for (let j = 0; j < factors.length; j++) {
      if (Math.abs(this.#gradient[j]) >= l1Ratio * factors[j] * (2 * lambda - last)) this.#some[count++] = j;
    }
    const strong = this.#some.slice(0, count);
    const most = FIRST * this.#loss.rows.length;
    if (strong.length <= most) return strong;
    // Far from the last penalty the rule keeps nothing out.
    const rising = Float64Array.from(strong, (j) => Math.abs(this.#gradient[j])).sort();
    const limit = rising[rising.length - most];
    return strong.filter((j) => Math.abs(this.#gradient[j]) >= limit);
  }

  #penaltyAt(lambda: number): Penalty {
    const { count, index, width } = this.#set;
    const { l1Ratio, factors } = this.#options;
    if (this.#penalty.l1.length < width) {
      this.#penalty = { l1: new Float64Array(width), l2: new Float64Array(width) };
    }
    const { l1, l2 } = this.#penalty;
    for (let slot = 0; slot < count; slot++) {
      const factor = index[slot] === factors.length ? 0 : factors[index[slot]];
      l1[slot] = lambda * l1Ratio * factor;
      l2[slot] = lambda * (1 - l1Ratio) * factor;
    }
    return this.#penalty;
  }

  /** The columns whose gradient can have grown to their penalty since it was taken (Cauchy and Schwarz say how far). */
  #suspects(lambda: number): Uint32Array {
    const { l1Ratio, factors } = this.#options;
    const { spread } = this.#design;
    let square = 0;
    for (let row = 0; row < this.#residual.length; row++) {
      square += (this.#residual[row] - this.#oldResidual[row]) ** 2;
    }
    const moved = Math.sqrt(square * this.#loss.rows.length);
    let count = 0;
    for (let j = 0; j < factors.length; j++) {
      const most = Math.abs(this.#gradient[j]) + moved * spread[j];
      if (most >= lambda * l1Ratio * factors[j] && !this.#set.has(j)) this.#some[count++] = j;
    }
    if (count > factors.length / 4) this.#takeGradient();
    return this.#some.subarray(0, count);
  }

  /** Takes in the columns out of `candidates` whose gradient exceeds their penalty, the worst first. @returns Whether there were any. */
  #addViolators(candidates: Uint32Array, lambda: number): boolean {
    const { l1Ratio, factors } = this.#options;
    const violators: { readonly column: number; readonly excess: number }[] = [];
    for (let at = 0; at < candidates.length; at++) {
      const column = candidates[at];
      if (this.#set.has(column) || this.#design.scale[column] === 0) continue;
      const limit = lambda * l1Ratio * factors[column];
      const slope = this.#isCurrent
        ? this.#gradient[column]
        : columnDot(this.#design, column, this.#residual);
      const excess = Math.abs(slope) - limit;
      if (excess > TOLERANCE * limit) violators.push({ column, excess });
    }
    violators.sort((a, b) => b.excess - a.excess || a.column - b.column);
    for (const { column } of violators.slice(0, Math.max(BATCH, this.#set.count / 4))) this.#set.add(column);
    return violators.length > 0;
  }

  #scatterResidual(): void {
    const { rows, residual } = this.#loss;
    // A bootstrap sample holds rows several times.
    for (let at = 0; at < rows.length; at++) this.#residual[rows[at]] = 0;
    for (let at = 0; at < rows.length; at++) this.#residual[rows[at]] += residual[at];
    this.#isCurrent = false;
  }

  #takeGradient(): void {
    this.#scatterResidual();
    this.#oldResidual.set(this.#residual);
    for (let j = 0; j < this.#gradient.length; j++) {
      this.#gradient[j] = columnDot(this.#design, j, this.#residual);
    }
    this.#isCurrent = true;
  }

  #point(lambda: number, loss: number): PathPoint {
    const { index, beta, count } = this.#set;
    const p = this.#options.factors.length;
    const slots = Array.from({ length: count }, (_, slot) => slot)
      .filter((slot) => beta[slot] !== 0 && index[slot] < p)
      .sort((a, b) => index[a] - index[b]);
    const constant = index.subarray(0, count).indexOf(p);
    return {
      lambda,
      index: Uint32Array.from(slots, (slot) => index[slot]),
      values: Float64Array.from(slots, (slot) => beta[slot]),
      intercept: constant < 0 ? 0 : beta[constant],
      loss,
    };
  }
}
