/**
 * Logistic regression without penalty, by maximum likelihood.
 *
 * Source: McCullagh & Nelder, Generalized Linear Models, 1989, chapter 4.
 * Layer:  model; imports core, table.
 */
import { NumericalError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import { cholesky, invertCholesky, solveCholesky } from "./cholesky.js";
import type { Estimator } from "./estimator.js";
import { checkConfidence } from "./kaplan-meier.js";
import { LogisticModel } from "./logistic-model.js";
import { outcomeOf, type PositiveClass } from "./metrics/outcome.js";
import { LogisticLoss } from "./penalized/logistic-loss.js";
import { type StandardColumns, standardizeColumns } from "./standardize-columns.js";

export interface LogisticOptions extends PositiveClass {
  /** Coverage of the intervals of the odds ratios, default 0.95. */
  readonly confidence?: number;
}

/** A recipe for logistic regression. */
export type LogisticEstimator = Estimator<Labels, LogisticModel>;

const MAX_ITERATIONS = 100;
/** Log likelihood that one more step would gain, and the largest change of a linear predictor. */
const SMALL_GAIN = 1e-12;
const SMALL_MOVE = 1e-6;
/** Information per patient below which a direction counts as not determined; columns have variance 1. */
const NO_INFORMATION = 1e-11;

/**
 * Recipe for logistic regression, all columns of the table as covariates, with an intercept.
 *
 * `fit` throws InputError on mismatched ids, missing values, one class only, constant or collinear columns (named), and
 * NumericalError when the covariates separate the classes, so that a coefficient is infinite.
 *
 * @example
 * const fitted = model.logistic().fit(cohort.numeric(["age", "volume"]), cohort.labels("response"));
 * fitted.covariates[0].oddsRatio;
 */
export function logistic(options: LogisticOptions = {}): LogisticEstimator {
  const { confidence = 0.95 } = options;
  checkConfidence(confidence);
  return { fit: (x, y) => fitLogistic(x, y, confidence, options) };
}

function fitLogistic(
  x: FeatureTable,
  y: Labels,
  confidence: number,
  options: LogisticOptions,
): LogisticModel {
  checkSameIds(y.ids, x.ids, `"${y.name}"`, "the table of covariates");
  const { isPositive, positives, positive } = outcomeOf(y, options);
  const columns = standardizeColumns(x);
  const { beta, covariance, logLikelihood, iterations } = maximize(columns, isPositive, x.names);
  const n = y.length;
  const share = positives / n;
  const given = onGivenColumns(beta, covariance, columns);
  return new LogisticModel({
    positive,
    confidence,
    n,
    positives,
    columns: x.columns.map(({ name, unit }) => ({ name, unit })),
    ...given,
    logLikelihood,
    nullLogLikelihood: positives * Math.log(share) + (n - positives) * Math.log1p(-share),
    iterations,
  });
}

/** Coefficients by Newton's method with step halving: intercept first, for standardised columns. */
function maximize(
  { matrix }: StandardColumns,
  isPositive: Uint8Array,
  names: readonly string[],
): {
  readonly beta: Float64Array;
  readonly covariance: Float64Array;
  readonly logLikelihood: number;
  readonly iterations: number;
} {
  const n = isPositive.length;
  const width = names.length + 1;
  const z = new Float64Array(n * width);
  for (let row = 0; row < n; row++) {
    z[row * width] = 1;
    z.set(matrix.subarray(row * names.length, (row + 1) * names.length), row * width + 1);
  }
  const loss = new LogisticLoss(
    isPositive,
    Uint32Array.from(isPositive, (_, row) => row),
  );
  let beta: Float64Array = new Float64Array(width);
  let eta: Float64Array = new Float64Array(n);
  let value = loss.evaluate(eta);
  for (let iteration = 1; iteration <= MAX_ITERATIONS; iteration++) {
    const { gradient, information } = derivatives(loss, z, width);
    const { factor, singular } = cholesky(information, width, NO_INFORMATION);
    if (singular >= 0) break;
    const step = solveCholesky(factor, width, gradient);
    const gain = n * step.reduce((sum, change, j) => sum + change * gradient[j], 0);
    const direction = times(z, width, step);
    const move = direction.reduce((most, change) => Math.max(most, Math.abs(change)), 0);
    const before = value;
    let part = 1;
    for (; part > 1e-10; part /= 2) {
      const reach = part;
      const trial = eta.map((old, row) => old + reach * direction[row]);
      value = loss.evaluate(trial);
      if (!(value <= before + 1e-10 * before)) continue;
      eta = trial;
      beta = beta.map((old, j) => old + reach * step[j]);
      break;
    }
    if (gain < SMALL_GAIN && move < SMALL_MOVE) {
      const last = cholesky(derivatives(loss, z, width).information, width, NO_INFORMATION);
      if (last.singular >= 0) break;
      const covariance = invertCholesky(last.factor, width).map((each) => each / n);
      return { beta, covariance, logLikelihood: -n * value, iterations: iteration };
    }
  }
  throw separated(beta, names);
}

/** Gradient and information of the average log likelihood where the loss was evaluated last. */
function derivatives(
  loss: LogisticLoss,
  z: Float64Array,
  width: number,
): { readonly gradient: Float64Array; readonly information: Float64Array } {
  const n = loss.rows.length;
  const gradient = new Float64Array(width);
  const information = new Float64Array(width * width);
  const weight = new Float64Array(n);
  loss.freeze();
  loss.curve(new Float64Array(n).fill(1), 0, weight);
  for (let row = 0; row < n; row++) {
    const offset = row * width;
    for (let i = 0; i < width; i++) {
      const weighted = weight[row] * z[offset + i];
      gradient[i] += loss.residual[row] * z[offset + i];
      for (let j = 0; j <= i; j++) information[i * width + j] += weighted * z[offset + j];
    }
  }
  for (let i = 0; i < width; i++)
    for (let j = 0; j < i; j++) information[j * width + i] = information[i * width + j];
  return { gradient, information };
}

function times(z: Float64Array, width: number, vector: Float64Array): Float64Array {
  return Float64Array.from({ length: z.length / width }, (_, row) => {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += z[row * width + j] * vector[j];
    return sum;
  });
}

/** From standardised columns to the given ones: value = coefficient · (column − mean) / deviation. */
function onGivenColumns(
  beta: Float64Array,
  covariance: Float64Array,
  { mean, deviation }: StandardColumns,
): { readonly coefficients: Float64Array; readonly covariance: Float64Array } {
  const width = beta.length;
  // Row i of the transformation: what coefficient i of the given columns is made of.
  const change = new Float64Array(width * width);
  change[0] = 1;
  for (let j = 1; j < width; j++) {
    change[j * width + j] = 1 / deviation[j - 1];
    change[j] = -mean[j - 1] / deviation[j - 1];
  }
  const coefficients = times(change, width, beta);
  const result = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    const half = new Float64Array(width);
    for (let k = 0; k < width; k++) {
      for (let l = 0; l < width; l++) half[k] += change[i * width + l] * covariance[l * width + k];
    }
    for (let j = 0; j < width; j++) {
      for (let k = 0; k < width; k++) result[i * width + j] += half[k] * change[j * width + k];
    }
  }
  return { coefficients, covariance: result };
}

function separated(beta: Float64Array, names: readonly string[]): NumericalError {
  const largest = beta.reduce((most, value, j) => (j === 0 ? most : Math.max(most, Math.abs(value))), 0);
  const growing = names.filter((_, j) => Math.abs(beta[j + 1]) > 0.3 * largest).map((name) => `"${name}"`);
  return new NumericalError(
    `the coefficient of ${growing.join(", ")} grows without limit: the covariates separate the classes, so that no finite ` +
      "odds ratio fits best. Drop or merge covariates, or fit with a penalty (model.logisticNet).",
  );
}
