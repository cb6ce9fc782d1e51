/**
 * Parametric survival regression: exponential, Weibull, log-normal and log-logistic times, which covariates stretch or shrink.
 *
 * Source: Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data, 2002, chapter 3.
 * Layer:  model; imports core, table.
 */
import { InputError, NumericalError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import { checkSameIds, listIds } from "../table/ids.js";
import type { Scores } from "../table/scores.js";
import type { SurvivalData } from "../table/survival-data.js";
import { type WeightOptions, weightsOf } from "./case-weights.js";
import { LARGEST_SCORE } from "./cox-model.js";
import type { Estimator } from "./estimator.js";
import { checkConfidence } from "./kaplan-meier.js";
import { parametricCovariance } from "./parametric-covariance.js";
import {
  PARAMETRIC_DISTRIBUTIONS,
  type ParametricDistribution,
  STANDARD,
} from "./parametric-distribution.js";
import { maximizeParametric, type ParametricProblem } from "./parametric-likelihood.js";
import { ParametricSurvivalModel } from "./parametric-model.js";
import { type StandardColumns, standardizeColumns } from "./standardize-columns.js";

export interface ParametricSurvivalOptions extends WeightOptions {
  /** Of the times, default "weibull". */
  readonly distribution?: ParametricDistribution;
  /** Coverage of the intervals, default 0.95. */
  readonly confidence?: number;
}

/** A recipe for parametric survival regression. */
export type ParametricSurvivalEstimator = Estimator<SurvivalData, ParametricSurvivalModel>;

/**
 * Recipe for an accelerated failure time model by maximum likelihood, all columns of the table as covariates: one more unit
 * multiplies a patient's times by exp(coefficient). A table without columns gives the distribution of all patients.
 *
 * With `weights` that are not all whole numbers the covariance and intervals are robust, from R's weighted `dfbeta` residuals.
 *
 * `fit` throws InputError on mismatched ids, missing values, no event, a time of 0, constant or collinear columns (named), a
 * patient without positive weight, and NumericalError when a coefficient is infinite or the times leave no spread.
 *
 * @example
 * const fitted = model.parametricSurvival({ distribution: "log-normal" }).fit(cohort.numeric(["age"]), os);
 * fitted.aic; // smaller is better; compare it with that of the other distributions
 */
export function parametricSurvival({
  distribution = "weibull",
  confidence = 0.95,
  weights,
}: ParametricSurvivalOptions = {}): ParametricSurvivalEstimator {
  checkConfidence(confidence);
  if (!PARAMETRIC_DISTRIBUTIONS.includes(distribution)) {
    throw new InputError(
      `distribution must be one of ${PARAMETRIC_DISTRIBUTIONS.join(", ")}, found "${String(distribution)}".`,
    );
  }
  return { fit: (x, y) => fitParametric(x, y, { distribution, confidence, weights }) };
}

interface FullOptions {
  readonly distribution: ParametricDistribution;
  readonly confidence: number;
  readonly weights: Scores | undefined;
}

function fitParametric(
  x: FeatureTable,
  y: SurvivalData,
  { distribution, confidence, weights }: FullOptions,
): ParametricSurvivalModel {
  checkSameIds(y.ids, x.ids, "the follow-up", "the table of covariates");
  checkTimes(y);
  const caseWeights = weightsOf(y.ids, weights);
  const weight = caseWeights?.values ?? new Float64Array(y.length).fill(1);
  const columns = x.columns.length === 0 ? NO_COLUMNS : standardizeColumns(x);
  const events = weight.reduce((sum, one, row) => sum + one * y.event[row], 0);
  const { hasScale } = STANDARD[distribution];
  const { logTime, center, spread } = standardLogTimes(y, hasScale);
  const problem = (names: readonly string[], design: Float64Array): ParametricProblem => ({
    distribution: STANDARD[distribution],
    design,
    names: ["intercept", ...names],
    logTime,
    event: y.event,
    weight,
    events,
  });
  const whole = problem(x.names, withIntercept(columns.matrix, y.length, x.names.length));
  const optimum = maximizeParametric(whole);
  const none =
    x.names.length === 0 ? optimum : maximizeParametric(problem([], new Float64Array(y.length).fill(1)));
  refuseWildTimes(y, whole.design, optimum.location, center, spread);
  const { naive, robust } = parametricCovariance(whole, optimum);
  // The density of a time is that of its standardized logarithm over time and spread.
  const shift = y.time.reduce(
    (sum, time, row) => sum + weight[row] * y.event[row] * (Math.log(time) + Math.log(spread)),
    0,
  );
  const units = [spread, ...columns.deviation.map((deviation) => spread / deviation), 1];
  const size = x.names.length + (hasScale ? 2 : 1);
  const inUnits = (matrix: Float64Array): Float64Array =>
    matrix.map((value, at) => value * units[Math.floor(at / size)] * units[at % size]);
  const isSampling = caseWeights !== null && !caseWeights.isFrequency;
  return new ParametricSurvivalModel({
    distribution,
    confidence,
    n: y.length,
    events: y.events,
    columns: x.columns.map(({ name, unit }) => ({ name, unit })),
    centers: columns.mean,
    location: center + spread * optimum.location[0],
    coefficients: columns.deviation.map((deviation, j) => (spread * optimum.location[j + 1]) / deviation),
    scale: spread * optimum.scale,
    covariance: inUnits(isSampling ? robust() : naive),
    weighting: caseWeights === null ? "none" : isSampling ? "sampling" : "frequency",
    logLikelihood: optimum.logLikelihood - shift,
    nullLogLikelihood: none.logLikelihood - shift,
    iterations: optimum.iterations,
    training: { x, y, weights: weight },
  });
}

const NO_COLUMNS: StandardColumns = {
  matrix: new Float64Array(0),
  mean: new Float64Array(0),
  deviation: new Float64Array(0),
};

function checkTimes(y: SurvivalData): void {
  if (y.events === 0) {
    throw new InputError(
      `none of ${y.length} patients has the event: there is nothing to fit. Check the event column.`,
    );
  }
  const atStart = y.ids.filter((_, row) => y.time[row] === 0);
  if (atStart.length === 0) return;
  throw new InputError(
    `times of 0 have no logarithm, which these distributions need, but ${atStart.length} of ${y.length} patients have one: ` +
      `${listIds(atStart)}. Leave them out, or count their first day as half a day.`,
  );
}

/** Logarithms of the times, so that their size does not matter to the search. */
function standardLogTimes(
  { time }: SurvivalData,
  hasScale: boolean,
): { readonly logTime: Float64Array; readonly center: number; readonly spread: number } {
  const logs = time.map(Math.log);
  const center = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  const spread = Math.sqrt(logs.reduce((sum, value) => sum + (value - center) ** 2, 0) / logs.length);
  if (!hasScale) return { logTime: logs.map((value) => value - center), center, spread: 1 };
  if (spread > 1e-9 * Math.max(1, Math.abs(center))) {
    return { logTime: logs.map((value) => (value - center) / spread), center, spread };
  }
  throw new NumericalError(
    `all ${time.length} patients have the same time, ${time[0]}: their spread cannot be estimated. Look at the times, or fit ` +
      'the "exponential" distribution, which has none.',
  );
}

function withIntercept(matrix: Float64Array, n: number, p: number): Float64Array {
  const design = new Float64Array(n * (p + 1));
  for (let row = 0; row < n; row++) {
    design[row * (p + 1)] = 1;
    for (let j = 0; j < p; j++) design[row * (p + 1) + j + 1] = matrix[row * p + j];
  }
  return design;
}

function refuseWildTimes(
  y: SurvivalData,
  design: Float64Array,
  location: Float64Array,
  center: number,
  spread: number,
): void {
  const q = location.length;
  y.ids.forEach((id, row) => {
    let sum = center;
    for (let j = 0; j < q; j++) sum += spread * design[row * q + j] * location[j];
    if (Math.abs(sum) <= LARGEST_SCORE) return;
    throw new NumericalError(
      `the best fit gives patient ${id} times around exp(${sum.toPrecision(3)}) ${y.unit}, which no double can hold. ` +
        "Look for an extreme value in that row and drop or transform it.",
    );
  });
}
