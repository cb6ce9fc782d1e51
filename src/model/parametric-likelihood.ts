/**
 * Likelihood of right-censored times whose logarithm is a location plus a scale times a standard variable, and its maximum.
 *
 * Location and scale are both divided by the scale: in these parameters the logarithm of the likelihood is concave, so that
 * Newton's method finds the one maximum from anywhere.
 *
 * Source: Burridge 1981, doi:10.1111/j.2517-6161.1981.tb01152.x.
 * Layer:  model; imports core.
 */
import { NumericalError } from "../core/errors.js";
import { cholesky, solveCholesky } from "./cholesky.js";
import type { StandardDistribution } from "./parametric-distribution.js";

export interface ParametricProblem {
  readonly distribution: StandardDistribution;
  /** n × q, row-major; the first column is 1. */
  readonly design: Float64Array;
  /** Of the columns, for errors. */
  readonly names: readonly string[];
  /** n logarithms of times, of mean 0 and, if there is a scale, of deviation 1. */
  readonly logTime: Float64Array;
  readonly event: Uint8Array;
  readonly weight: Float64Array;
  /** Sum of the weights of the events. */
  readonly events: number;
}

/** The maximum: ln time = design · location + scale × variable. */
export interface ParametricOptimum {
  readonly location: Float64Array;
  readonly scale: number;
  /** Of `logTime`, so without the part that comes from taking logarithms. */
  readonly logLikelihood: number;
  readonly iterations: number;
}

const MAX_ITERATIONS = 100;
/** Twice the log likelihood that one more step would gain, and the largest change of a patient's standard variable. */
const SMALL_GAIN = 1e-12;
const SMALL_MOVE = 1e-6;
/** Information per event below which a direction counts as not determined. */
const NO_INFORMATION = 1e-11;

interface State {
  readonly value: number;
  readonly gradient: Float64Array;
  /** Negative second derivatives, row-major. */
  readonly information: Float64Array;
}

/** @throws NumericalError if a coefficient is infinite or the times leave no spread. */
export function maximizeParametric(problem: ParametricProblem): ParametricOptimum {
  const { distribution, design, logTime, names, events } = problem;
  const q = names.length;
  const size = q + (distribution.hasScale ? 1 : 0);
  // The last is 1 / scale.
  let theta: Float64Array = new Float64Array(q + 1);
  theta[q] = 1;
  let state = stateAt(problem, theta);
  for (let iteration = 1; iteration <= MAX_ITERATIONS; iteration++) {
    const { factor, singular } = cholesky(state.information, size, NO_INFORMATION * events);
    if (singular >= 0) throw noMaximum(problem, singular);
    const step = solveCholesky(factor, size, state.gradient);
    const gain = step.reduce((sum, part, j) => sum + part * state.gradient[j], 0);
    let move = 0;
    for (let row = 0; row < logTime.length; row++) {
      let change = distribution.hasScale ? step[q] * logTime[row] : 0;
      for (let j = 0; j < q; j++) change -= step[j] * design[row * q + j];
      move = Math.max(move, Math.abs(change));
    }
    const next = halvedStep(problem, theta, step, state);
    theta = next.theta;
    state = next.state;
    if (gain < SMALL_GAIN && move < SMALL_MOVE) {
      const scale = 1 / theta[q];
      return {
        location: theta.slice(0, q).map((part) => part * scale),
        scale,
        logLikelihood: state.value,
        iterations: iteration,
      };
    }
  }
  throw noMaximum(problem, -1);
}

function stateAt(problem: ParametricProblem, theta: Float64Array): State {
  const { distribution, design, names, logTime, event, weight } = problem;
  const q = names.length;
  const size = q + (distribution.hasScale ? 1 : 0);
  const gradient = new Float64Array(size);
  const information = new Float64Array(size * size);
  const terms = new Float64Array(3);
  // How a patient's standard variable changes with each parameter.
  const slope = new Float64Array(q + 1);
  let value = 0;
  let deaths = 0;
  for (let row = 0; row < logTime.length; row++) {
    let z = theta[q] * logTime[row];
    for (let j = 0; j < q; j++) {
      z -= theta[j] * design[row * q + j];
      slope[j] = -design[row * q + j];
    }
    slope[q] = logTime[row];
    distribution.terms(z, event[row] === 1, terms);
    value += weight[row] * terms[0];
    deaths += weight[row] * event[row];
    for (let i = 0; i < size; i++) {
      gradient[i] += weight[row] * terms[1] * slope[i];
      const part = weight[row] * -terms[2] * slope[i];
      for (let j = 0; j <= i; j++) information[i * size + j] += part * slope[j];
    }
  }
  value += deaths * Math.log(theta[q]);
  if (distribution.hasScale) {
    gradient[q] += deaths / theta[q];
    information[q * size + q] += deaths / theta[q] ** 2;
  }
  return { value, gradient, information };
}

/** The step, halved until the likelihood does not fall by more than rounding. */
function halvedStep(
  problem: ParametricProblem,
  theta: Float64Array,
  step: Float64Array,
  state: State,
): { readonly theta: Float64Array; readonly state: State } {
  const least = state.value - 1e-10 * Math.abs(state.value);
  for (let part = 1; part > 1e-10; part /= 2) {
    const trial = theta.map((value, j) => value + part * (step[j] ?? 0));
    if (!(trial[trial.length - 1] > 0)) continue;
    const next = stateAt(problem, trial);
    if (next.value >= least && next.information.every(Number.isFinite)) return { theta: trial, state: next };
  }
  throw noMaximum(problem, -1);
}

function noMaximum({ names }: ParametricProblem, at: number): NumericalError {
  if (at === names.length) {
    return new NumericalError(
      "the fitted times leave no spread: the model passes through every event, so that its likelihood has no maximum. " +
        "Fit fewer covariates, or more patients.",
    );
  }
  const what = at <= 0 ? "the fit has no finite maximum" : `the coefficient of "${names[at]}" is infinite`;
  return new NumericalError(
    `${what}: the events do not determine it, e.g. because nobody of a group has one (separation). ` +
      "Drop or merge covariates, or look for extreme values in them.",
  );
}
