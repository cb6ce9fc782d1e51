/**
 * Logistic regression with lasso, ridge or elastic-net penalty: the whole path, cross-validated.
 *
 * Source: Friedman, Hastie & Tibshirani 2010, doi:10.18637/jss.v033.i01; definitions as in R's glmnet.
 * Layer:  model; imports core, table.
 */
import { InputError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import { type ClassWeights, checkClassWeights, classWeightsOf } from "./classification/class-weights.js";
import type { Estimator } from "./estimator.js";
import { LogisticNetModel, probabilityOf } from "./logistic-net-model.js";
import { outcomeOf, type PositiveClass } from "./metrics/outcome.js";
import { fitElasticNet, type NetKind } from "./penalized/elastic-net.js";
import { type Fold, foldsOf } from "./penalized/folds.js";
import { LogisticLoss } from "./penalized/logistic-loss.js";
import { NetPath, penaltyOf } from "./penalized/net-path.js";
import { checkElasticNet, type ElasticNetOptions } from "./penalized/options.js";

/** How a fold is judged by a model that was fitted without it. */
export const LOGISTIC_NET_MEASURES = ["deviance", "auc", "error"] as const;

export type LogisticNetMeasure = (typeof LOGISTIC_NET_MEASURES)[number];

export interface LogisticNetOptions extends ElasticNetOptions, PositiveClass {
  /**
   * "deviance" (default): −2 log likelihood per patient; "auc": area under the ROC curve of the fold; "error": share of
   * patients on the wrong side of one half.
   */
  readonly measure?: LogisticNetMeasure;
  /** The log likelihood of a patient is multiplied by the weight of the class, scaled to a mean of 1; so are the scores of folds. */
  readonly classWeights?: ClassWeights;
}

/** A recipe for logistic regression with a penalty. */
export type LogisticNetEstimator = Estimator<Labels, LogisticNetModel>;

/** glmnet keeps predicted probabilities this far from 0 and 1 when it takes the deviance. */
const LEAST_PROBABILITY = 1e-5;

/**
 * Recipe for logistic regression with an elastic-net penalty, for more columns than patients too; the intercept is not
 * penalised. Constant columns get the coefficient 0.
 *
 * `fit` throws InputError on mismatched ids, missing values, one class only, or a fold that lacks a class; NumericalError
 * if no column informs about the outcome, or the penalty is too weak to keep a coefficient finite.
 *
 * @example
 * const fitted = model.logisticNet({ folds: 5, seed: 7 }).fit(train.x, train.y);
 * model.metrics.auc(test.y, fitted.predict(test.x));
 */
export function logisticNet(options: LogisticNetOptions = {}): LogisticNetEstimator {
  checkElasticNet(options);
  checkClassWeights(options.classWeights);
  const { measure = "deviance" } = options;
  if (!LOGISTIC_NET_MEASURES.includes(measure)) {
    throw new InputError(
      `measure must be one of ${LOGISTIC_NET_MEASURES.join(", ")}, found "${String(measure)}".`,
    );
  }
  return { fit: (x, y) => fitLogisticNet(x, y, measure, options) };
}

function fitLogisticNet(
  x: FeatureTable,
  y: Labels,
  measure: LogisticNetMeasure,
  options: LogisticNetOptions,
): LogisticNetModel {
  checkSameIds(y.ids, x.ids, `"${y.name}"`, "the table of covariates");
  const { isPositive, positives, positive } = outcomeOf(y, options);
  const folds = foldsOf(y.ids, isPositive, options);
  for (const fold of folds) checkFold(isPositive, fold, measure);
  const found = fitElasticNet(x, logisticKind(isPositive, weightsOf(y, options), measure), folds, options);
  const { crossValidation } = found;
  const columns = x.columns.map(({ name, unit }) => ({ name, unit }));
  return new LogisticNetModel(
    {
      path: new NetPath(columns, found.solutions, found.nullDeviance),
      crossValidation,
      l1Ratio: options.l1Ratio ?? 1,
      n: y.length,
      events: positives,
      lambda: crossValidation === null ? null : penaltyOf(options.choose ?? "min", crossValidation),
    },
    positive,
  );
}

function checkFold(isPositive: Uint8Array, { label, held, train }: Fold, measure: LogisticNetMeasure): void {
  for (const rows of measure === "auc" ? [held, train] : [train]) {
    const positives = rows.reduce((sum, row) => sum + isPositive[row], 0);
    if (positives > 0 && positives < rows.length) continue;
    throw new InputError(
      `${rows === held ? "fold" : "the training part of fold"} ${label} has ${rows.length} patients of one class only. Use fewer folds.`,
    );
  }
}

/** What each patient counts for. */
function weightsOf(y: Labels, { classWeights }: LogisticNetOptions): Float64Array {
  const present = y.classes.filter((_, code) => y.counts[code] > 0);
  const weight = classWeightsOf(
    classWeights,
    present,
    y.counts.filter((count) => count > 0),
  );
  return Float64Array.from(y.values, (value) => weight[present.indexOf(value)]);
}

function logisticKind(isPositive: Uint8Array, weights: Float64Array, measure: LogisticNetMeasure): NetKind {
  const scorers = { deviance: foldDeviance, auc: foldArea, error: foldError };
  const score = scorers[measure];
  return {
    loss: (rows) => new LogisticLoss(isPositive, rows, weights),
    measure: { deviance: "deviance", auc: "area under the ROC curve", error: "classification error" }[
      measure
    ],
    isError: measure !== "auc",
    weight: (fold) => weightOf(weights, fold.held),
    scorer: (fold) => (eta) => score(isPositive, eta, fold.held, weights),
  };
}

function weightOf(weights: Float64Array, rows: Uint32Array): number {
  return rows.reduce((sum, row) => sum + weights[row], 0);
}

function foldDeviance(
  isPositive: Uint8Array,
  eta: Float64Array,
  rows: Uint32Array,
  weights: Float64Array,
): number {
  let sum = 0;
  for (const row of rows) {
    const p = Math.min(Math.max(probabilityOf(eta[row]), LEAST_PROBABILITY), 1 - LEAST_PROBABILITY);
    sum -= 2 * weights[row] * Math.log(isPositive[row] === 1 ? p : 1 - p);
  }
  return sum / weightOf(weights, rows);
}

function foldError(
  isPositive: Uint8Array,
  eta: Float64Array,
  rows: Uint32Array,
  weights: Float64Array,
): number {
  let wrong = 0;
  for (const row of rows) if (eta[row] > 0 !== (isPositive[row] === 1)) wrong += weights[row];
  return wrong / weightOf(weights, rows);
}

/** Share of pairs of a positive and a negative patient that are ordered rightly; ties count half. */
function foldArea(isPositive: Uint8Array, eta: Float64Array, rows: Uint32Array): number {
  const sorted = rows.slice().sort((a, b) => eta[a] - eta[b]);
  let negatives = 0;
  let positives = 0;
  let pairs = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    let tied = 0;
    for (; end < sorted.length && eta[sorted[end]] === eta[sorted[start]]; end++)
      tied += isPositive[sorted[end]];
    pairs += tied * (negatives + (end - start - tied) / 2);
    negatives += end - start - tied;
    positives += tied;
    start = end;
  }
  return pairs / (positives * negatives);
}
