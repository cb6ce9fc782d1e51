/**
 * Cox's proportional hazards regression.
 *
 * Source: Cox 1972, doi:10.1111/j.2517-6161.1972.tb00899.x.
 * Layer:  model; imports core, table.
 */
import { InputError, NumericalError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import { Scores } from "../table/scores.js";
import type { SurvivalData } from "../table/survival-data.js";
import { type WeightOptions, weightsOf } from "./case-weights.js";
import { cholesky, invertCholesky, solveCholesky } from "./cholesky.js";
import { concordance } from "./concordance.js";
import { baselineHazard } from "./cox-baseline.js";
import { sandwichCovariance } from "./cox-influence.js";
import { coxLikelihood, linearPredictor, riskOrder, type Ties } from "./cox-likelihood.js";
import { type CoxEstimates, CoxModel, LARGEST_SCORE } from "./cox-model.js";
import { coxMoments } from "./cox-moments.js";
import { maximizeCox } from "./cox-newton.js";
import type { Estimator } from "./estimator.js";
import { groupRows } from "./groups.js";
import { checkConfidence } from "./kaplan-meier.js";
import { refuseWild, standardizeColumns } from "./standardize-columns.js";
import { labelsOfDrawn } from "./validation/rows.js";

export interface CoxOptions extends WeightOptions {
  /** Events at the same time: "efron" (default, like R) or "breslow". */
  readonly ties?: Ties;
  /** Coverage of the intervals of the hazard ratios, default 0.95. */
  readonly confidence?: number;
  /** A baseline hazard for each class; by patient id, may hold more patients. Default one for all. */
  readonly strata?: Labels;
}

/** A recipe for Cox regression. */
export type CoxEstimator = Estimator<SurvivalData, CoxModel>;

/**
 * Recipe for Cox regression without penalty, all columns of the table as covariates.
 *
 * With `weights` that are not all whole numbers the covariance, errors, intervals and the Wald test are robust, as in R's
 * `coxph(weights =)`; the likelihood ratio and score tests are of the weighted likelihood as if its patients were independent.
 *
 * `fit` throws InputError on mismatched ids, missing values, no event, constant or collinear columns (named), a patient
 * without stratum or positive weight, and NumericalError when a coefficient is infinite (separation; the covariate is named).
 *
 * @example
 * const fitted = model.cox().fit(cohort.numeric(["age", "stage"]), os);
 * fitted.sentence; // "Cox regression (Efron, 227 patients, 164 events): age, HR 1.01 …"
 */
export function cox({ ties = "efron", confidence = 0.95, strata, weights }: CoxOptions = {}): CoxEstimator {
  checkConfidence(confidence);
  if (ties !== "efron" && ties !== "breslow") {
    throw new InputError(`ties must be "efron" or "breslow", found "${String(ties)}".`);
  }
  return { fit: (x, y) => fitCox(x, y, { ties, confidence, strata, weights }) };
}

interface FullOptions {
  readonly ties: Ties;
  readonly confidence: number;
  readonly strata: Labels | undefined;
  readonly weights: Scores | undefined;
}

function fitCox(
  x: FeatureTable,
  y: SurvivalData,
  { ties, confidence, strata: given, weights }: FullOptions,
): CoxModel {
  checkSameIds(y.ids, x.ids, "the follow-up", "the table of covariates");
  if (y.events === 0) {
    throw new InputError(
      `none of ${y.length} patients has the event: there is nothing to fit. Check the event column.`,
    );
  }
  const strata = given === undefined ? undefined : labelsOfDrawn(given, y.ids);
  const caseWeights = weightsOf(y.ids, weights);
  const weight = caseWeights?.values ?? new Float64Array(y.length).fill(1);
  const { matrix, mean, deviation } = standardizeColumns(x);
  const groups = groupRows(y.ids, strata);
  const order = riskOrder(y.time, groups);
  const optimum = maximizeCox({
    x: matrix,
    names: x.names,
    events: weight.reduce((sum, one, row) => sum + one * y.event[row], 0),
    likelihood: (beta) => coxLikelihood(matrix, y.event, order, ties, weight, beta),
  });

  const p = x.columns.length;
  const coefficients = optimum.beta.map((value, j) => value / deviation[j]);
  const covariance = invertCholesky(optimum.factor, p).map(
    (value, at) => value / (deviation[Math.floor(at / p)] * deviation[at % p]),
  );
  const centers = mean.map((value, j) => {
    const { values } = x.columns[j];
    if (isIndicator(values)) return 0;
    return caseWeights === null ? value : weightedMean(values, weight);
  });
  // The likelihood saw every column centred; scores are centred like R's, where indicators keep their 0.
  const shift = centers.reduce((sum, center, j) => sum + coefficients[j] * (mean[j] - center), 0);
  const centered = linearPredictor(matrix, optimum.beta);
  const eta = centered.map((value) => value + shift);
  refuseWild(eta, y.ids, LARGEST_SCORE);
  const labels = groups.map((group) => group.label);
  const found: CoxEstimates = {
    ties,
    confidence,
    n: y.length,
    events: y.events,
    unit: y.unit,
    columns: x.columns.map(({ name, unit }) => ({ name, unit })),
    coefficients,
    centers,
    covariance,
    naiveCovariance: covariance,
    logLikelihood: optimum.atOptimum.logLikelihood,
    nullLogLikelihood: optimum.atZero.logLikelihood,
    scoreStatistic: optimum.score,
    waldStatistic: waldStatistic(optimum.beta, optimum.atOptimum.information),
    concordance: concordance(y, new Scores(y.ids, eta, "linear predictor"), {
      ...(strata !== undefined && { strata }),
      ...(weights !== undefined && { weights }),
    }),
    baseline: baselineHazard(coxMoments(matrix, p, y.time, y.event, order, ties, eta, weight), labels),
    training: { x, y, strata, weights: weight },
    weighting: caseWeights === null ? "none" : caseWeights.isFrequency ? "frequency" : "sampling",
    iterations: optimum.iterations,
  };
  const naive = new CoxModel(found);
  if (found.weighting !== "sampling") return naive;
  const robust = sandwichCovariance(naive, undefined);
  return new CoxModel({
    ...found,
    covariance: robust.covariance,
    waldStatistic: robustWald(robust.covariance, coefficients),
  });
}

/** bᵀ V⁻¹ b. */
function robustWald(covariance: Float64Array, coefficients: Float64Array): number {
  const p = coefficients.length;
  // In units of the errors, so that a floor means the same for every column.
  const errors = coefficients.map((_, j) => Math.sqrt(covariance[j * p + j]));
  const correlation = covariance.map((value, at) => value / (errors[Math.floor(at / p)] * errors[at % p]));
  const { factor, singular } = cholesky(correlation, p, 1e-12);
  if (singular >= 0 || !correlation.every(Number.isFinite)) {
    throw new NumericalError(
      "the robust errors of the weighted fit are singular: too few patients inform about the coefficients. Fit fewer covariates.",
    );
  }
  const z = coefficients.map((value, j) => value / errors[j]);
  return solveCholesky(factor, p, z).reduce((sum, value, j) => sum + value * z[j], 0);
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < values.length; row++) {
    sum += weights[row] * values[row];
    total += weights[row];
  }
  return sum / total;
}

/** R leaves columns of −1, 0 and 1 as they are when it centres. */
function isIndicator(values: Float64Array): boolean {
  return values.every((value) => value === 0 || value === 1 || value === -1);
}

function waldStatistic(beta: Float64Array, information: Float64Array): number {
  const p = beta.length;
  let sum = 0;
  for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) sum += beta[i] * information[i * p + j] * beta[j];
  return sum;
}
