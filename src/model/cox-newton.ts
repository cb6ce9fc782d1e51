/**
 * Maximum of a partial likelihood by Newton's method with step halving.
 *
 * Layer:  model; imports core.
 */
import { InputError, NumericalError } from "../core/errors.js";
import { cholesky, solveCholesky } from "./cholesky.js";
import { type CoxLikelihood, linearPredictor } from "./cox-likelihood.js";

/** What the likelihood is made of. */
export interface CoxProblem {
  /** n × p, row-major, columns of mean 0 and standard deviation 1. */
  readonly x: Float64Array;
  readonly names: readonly string[];
  /** Number of events, which the information grows with. */
  readonly events: number;
  readonly likelihood: (beta: Float64Array) => CoxLikelihood;
}

/** The maximum, for standardised columns. */
export interface CoxOptimum {
  readonly beta: Float64Array;
  /** Cholesky factor of the information at the maximum. */
  readonly factor: Float64Array;
  readonly atZero: CoxLikelihood;
  /** Score statistic at zero: gᵀ I⁻¹ g. */
  readonly score: number;
  readonly atOptimum: CoxLikelihood;
  readonly iterations: number;
}

const MAX_ITERATIONS = 100;
/** Twice the log likelihood that one more step would gain, and the largest change of a linear predictor. */
const SMALL_GAIN = 1e-12;
const SMALL_MOVE = 1e-6;
/** Information per event below which a direction counts as not determined; columns have variance 1. */
const NO_INFORMATION = 1e-11;

/** @throws InputError if no event informs about a column; NumericalError if a coefficient is infinite. */
export function maximizeCox(problem: CoxProblem): CoxOptimum {
  const { x, names, events, likelihood } = problem;
  const p = names.length;
  const floor = NO_INFORMATION * events;
  let beta: Float64Array = new Float64Array(p);
  const atZero = likelihood(beta);
  let state = atZero;
  let score = Number.NaN;
  let step: Float64Array = new Float64Array(p);

  for (let iteration = 1; iteration <= MAX_ITERATIONS; iteration++) {
    const { factor, singular } = cholesky(state.information, p, floor);
    if (singular >= 0 && iteration === 1) throw uninformative(names[singular]);
    if (singular >= 0) throw infinite(names, step);
    step = solveCholesky(factor, p, state.gradient);
    const gain = dot(state.gradient, step);
    if (iteration === 1) score = gain;
    const move = linearPredictor(x, step).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const next = halvedStep(problem, beta, step, state);
    beta = next.beta;
    state = next.state;
    if (gain < SMALL_GAIN && move < SMALL_MOVE) {
      const last = cholesky(state.information, p, floor);
      if (last.singular >= 0) throw infinite(names, step);
      return { beta, factor: last.factor, atZero, score, atOptimum: state, iterations: iteration };
    }
  }
  throw infinite(names, step);
}

/** The step, halved until the likelihood does not fall by more than rounding. */
function halvedStep(
  { likelihood }: CoxProblem,
  beta: Float64Array,
  step: Float64Array,
  state: CoxLikelihood,
): { readonly beta: Float64Array; readonly state: CoxLikelihood } {
  const least = state.logLikelihood - 1e-10 * Math.abs(state.logLikelihood);
  for (let part = 1; part > 1e-10; part /= 2) {
    const trial = beta.map((value, j) => value + part * step[j]);
    const next = likelihood(trial);
    if (next.logLikelihood >= least && next.information.every(Number.isFinite))
      return { beta: trial, state: next };
  }
  throw new NumericalError(
    "the Cox likelihood cannot be raised any further, and yet it is not at its maximum. " +
      "Look for extreme values in the covariates and drop or transform them.",
  );
}

function uninformative(name: string): InputError {
  return new InputError(
    `covariate "${name}" does not vary (given the others) among the patients at risk at any event, ` +
      "so that no coefficient can be estimated. Drop it, or check times and events.",
  );
}

function infinite(names: readonly string[], step: Float64Array): NumericalError {
  const largest = step.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const growing = names.filter((_, j) => Math.abs(step[j]) > 0.1 * largest).map((name) => `"${name}"`);
  return new NumericalError(
    `the coefficient of ${growing.join(", ")} grows without limit: the covariate orders the events perfectly (separation), ` +
      "so that no finite hazard ratio fits best. Drop or merge it, or fit with a penalty.",
  );
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
