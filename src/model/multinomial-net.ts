/**
 * Logistic regression with several classes and a lasso, ridge or elastic-net penalty: the whole path, cross-validated.
 *
 * Source: Friedman, Hastie & Tibshirani 2010, doi:10.18637/jss.v033.i01; definitions as in R's glmnet, family "multinomial".
 * Layer:  model; imports core, table.
 */
import { InputError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import { type ClassWeights, checkClassWeights, classWeightsOf } from "./classification/class-weights.js";
import type { Estimator } from "./estimator.js";
import { MultinomialLoss } from "./multinomial-net-loss.js";
import { MultinomialNetModel, type MultinomialSolution } from "./multinomial-net-model.js";
import { type Columns, type MultinomialPoint, multinomialPath } from "./multinomial-net-path.js";
import { type FoldScore, summarizeFolds } from "./penalized/cross-validation.js";
import { type Design, designOf, gatherColumn } from "./penalized/design.js";
import { refuseExtreme } from "./penalized/elastic-net.js";
import { type Fold, foldsOf } from "./penalized/folds.js";
import { penaltyOf } from "./penalized/net-path.js";
import { checkElasticNet, type ElasticNetOptions, pathOptions } from "./penalized/options.js";
import { checkFinite } from "./standardize-columns.js";

export interface MultinomialNetOptions extends ElasticNetOptions {
  /** Whether a column has coefficients for all classes or for none (group lasso), default false. */
  readonly grouped?: boolean;
  /** How a fold is judged: "deviance" (default), −2 log likelihood per patient; "error": share classified wrongly. */
  readonly measure?: "deviance" | "error";
  /** The log likelihood of a patient is multiplied by the weight of the class, scaled to a mean of 1; so are the scores of folds. */
  readonly classWeights?: ClassWeights;
}

/** A recipe for logistic regression of several classes with a penalty. */
export type MultinomialNetEstimator = Estimator<Labels, MultinomialNetModel>;

/** glmnet keeps predicted probabilities this far from 0 and 1 when it takes the deviance. */
const LEAST_PROBABILITY = 1e-5;

/**
 * Recipe for logistic regression of 2 or more classes with an elastic-net penalty, for more columns than patients too. Every
 * class has coefficients; intercepts are not penalised. Constant columns get the coefficient 0.
 *
 * `fit` throws InputError on mismatched ids, missing values, fewer than 2 classes with patients, or a fold whose other patients
 * lack a class; NumericalError if no column informs about the classes, or the minimum is not reached.
 *
 * @example
 * const fitted = model.multinomialNet({ grouped: true, folds: 5, seed: 7 }).fit(train.x, train.y);
 * fitted.predict(test.x).likeliest();
 */
export function multinomialNet(options: MultinomialNetOptions = {}): MultinomialNetEstimator {
  checkElasticNet(options);
  checkClassWeights(options.classWeights);
  const { measure = "deviance" } = options;
  if (measure !== "deviance" && measure !== "error") {
    throw new InputError(`measure must be "deviance" or "error", found "${String(measure)}".`);
  }
  return { fit: (x, y) => fitMultinomialNet(x, y, measure, options) };
}

/** The classes of the patients, and what each patient counts for. */
interface Outcome {
  readonly codes: Uint32Array;
  readonly k: number;
  /** Mean 1. */
  readonly weights: Float64Array;
}

function fitMultinomialNet(
  x: FeatureTable,
  y: Labels,
  measure: "deviance" | "error",
  options: MultinomialNetOptions,
): MultinomialNetModel {
  checkSameIds(y.ids, x.ids, `"${y.name}"`, "the table of covariates");
  if (x.columns.length === 0)
    throw new InputError("the table has no columns: there is nothing to fit. Select at least one column.");
  checkFinite(x);
  refuseExtreme(x);
  const classes = y.classes.filter((_, code) => y.counts[code] > 0);
  if (classes.length < 2) {
    throw new InputError(
      `"${y.name}" has patients in ${classes.length} class: there is nothing to tell apart. Check the filter before.`,
    );
  }
  const codes = Uint32Array.from(y.values, (value) => classes.indexOf(value));
  const counts = classes.map((_, c) => codes.filter((code) => code === c).length);
  const weight = classWeightsOf(options.classWeights, classes, counts);
  const total = counts.reduce((sum, count, c) => sum + count * weight[c], 0);
  const weights = Float64Array.from(codes, (code) => (weight[code] * y.length) / total);
  const outcome: Outcome = { codes, k: classes.length, weights };
  const folds = foldsOf(y.ids, Uint8Array.from(codes), options);
  for (const fold of folds) checkFold(fold, outcome, classes);

  const { standardize = true, grouped = false } = options;
  const settings = pathOptions(x, options);
  const values = x.columns.map((column) => column.values);
  const all = Uint32Array.from(codes, (_, row) => row);
  const design = designOf(values, all, standardize);
  const path = multinomialPath(columnsOf(design, all), lossOf(outcome, all), settings, grouped);
  const lambdas = Float64Array.from(path.points, (point) => point.lambda);
  const scores = folds.map((fold): FoldScore => {
    const own = designOf(values, fold.train, standardize);
    const loss = lossOf(outcome, fold.train);
    const { points } = multinomialPath(columnsOf(own, fold.train), loss, { ...settings, lambdas }, grouped);
    const held = Float64Array.from(fold.held, (row) => weights[row]);
    return {
      label: fold.label,
      weight: held.reduce((sum, each) => sum + each, 0),
      scores: Float64Array.from(points, (point) => scoreFold(own, point, fold.held, outcome, measure)),
    };
  });
  const what = measure === "deviance" ? "multinomial deviance" : "classification error";
  const crossValidation = folds.length === 0 ? null : summarizeFolds(what, lambdas, scores, true);
  return new MultinomialNetModel({
    classes,
    columns: x.columns.map(({ name, unit }) => ({ name, unit })),
    solutions: path.points.map((point) => onGivenColumns(point, design, outcome.k, path.nullLoss)),
    crossValidation,
    l1Ratio: options.l1Ratio ?? 1,
    grouped,
    n: y.length,
    lambda: crossValidation === null ? null : penaltyOf(options.choose ?? "min", crossValidation),
  });
}

function checkFold({ label, train }: Fold, { codes, k }: Outcome, classes: readonly string[]): void {
  const present = new Set(Array.from(train, (row) => codes[row]));
  if (present.size === k) return;
  const absent = classes.filter((_, c) => !present.has(c)).join(", ");
  throw new InputError(
    `the training part of fold ${label} has no patient of class ${absent}. Use other folds, or merge rare classes.`,
  );
}

/** Weights keep a mean of 1 among the rows. */
function lossOf({ codes, k, weights }: Outcome, rows: Uint32Array): MultinomialLoss {
  const own = Float64Array.from(rows, (row) => weights[row]);
  const mean = own.reduce((sum, weight) => sum + weight, 0) / own.length;
  return new MultinomialLoss(
    Uint32Array.from(rows, (row) => codes[row]),
    k,
    own.map((weight) => weight / mean),
  );
}

function columnsOf(design: Design, rows: Uint32Array): Columns {
  return design.columns.map((_, j) => {
    const values = new Float64Array(rows.length);
    if (design.scale[j] > 0) gatherColumn(design, j, rows, values, 0);
    return values;
  });
}

function scoreFold(
  { columns, center, scale }: Design,
  { index, values, intercepts }: MultinomialPoint,
  rows: Uint32Array,
  { codes, k, weights }: Outcome,
  measure: "deviance" | "error",
): number {
  let sum = 0;
  let total = 0;
  const eta = new Float64Array(k);
  for (const row of rows) {
    eta.set(intercepts);
    index.forEach((j, at) => {
      const value = (columns[j][row] - center[j]) / scale[j];
      for (let c = 0; c < k; c++) eta[c] += values[at * k + c] * value;
    });
    const most = eta.reduce((top, value) => Math.max(top, value), Number.NEGATIVE_INFINITY);
    const own = eta[codes[row]];
    total += weights[row];
    if (measure === "error") {
      sum += eta.indexOf(most) === codes[row] ? 0 : weights[row];
      continue;
    }
    const p = Math.exp(own - most) / eta.reduce((all, value) => all + Math.exp(value - most), 0);
    sum -= 2 * weights[row] * Math.log(Math.min(Math.max(p, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY));
  }
  return sum / total;
}

function onGivenColumns(
  { lambda, index, values, intercepts, loss }: MultinomialPoint,
  { center, scale }: Design,
  k: number,
  nullLoss: number,
): MultinomialSolution {
  const given = values.map((value, at) => value / scale[index[Math.floor(at / k)]]);
  const shifted = intercepts.map((value, c) =>
    index.reduce((sum, j, at) => sum - given[at * k + c] * center[j], value),
  );
  const mean = shifted.reduce((sum, value) => sum + value, 0) / k;
  return {
    lambda,
    index,
    values: given,
    intercepts: shifted.map((value) => value - mean),
    devianceRatio: 1 - loss / nullLoss,
  };
}
