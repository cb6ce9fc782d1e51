/**
 * Gaussian naive Bayes: each column is normal within each class, and independent of the others.
 *
 * Source: as scikit-learn's GaussianNB.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { InputError, NumericalError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import type { Labels } from "../../table/labels.js";
import type { Probabilities } from "../../table/probabilities.js";
import { formatNumber, renderTable } from "../../table/render.js";
import type { Estimator } from "../estimator.js";
import { classMeans, columnVariances } from "./moments.js";
import { type Classifier, matrixFor, softmax, type Training, trainingOf } from "./training.js";

export interface NaiveBayesOptions {
  /** Share of the largest column variance that is added to all variances, so that none is 0; default 1e-9. */
  readonly smoothing?: number;
}

/** A fitted naive Bayes classifier. */
export interface NaiveBayesModel extends Classifier {
  /** Share of each class. */
  readonly priors: Float64Array;
  /** Class by class, k × p, row-major. */
  readonly means: Float64Array;
  readonly variances: Float64Array;
  /** ln of prior × density of each class, m × k, row-major. */
  logJoint(x: FeatureTable): Float64Array;
}

/**
 * Recipe for Gaussian naive Bayes.
 *
 * `fit` throws InputError on mismatched ids, missing values or one class only; NumericalError if all columns are constant.
 *
 * @example
 * const fitted = model.classification.naiveBayes().fit(train.x, train.y);
 */
export function naiveBayes({ smoothing = 1e-9 }: NaiveBayesOptions = {}): Estimator<Labels, NaiveBayesModel> {
  if (!(smoothing >= 0 && Number.isFinite(smoothing))) {
    throw new InputError(`the smoothing must be a share of variance, 0 or more, found ${smoothing}.`);
  }
  return { fit: (x, y) => fit(trainingOf(x, y), smoothing) };
}

function fit(training: Training, smoothing: number): NaiveBayesModel {
  const { matrix, n, p, codes, classes, counts, columns } = training;
  const k = classes.length;
  const means = classMeans(training);
  const extra = smoothing * columnVariances(matrix, n, p).reduce((most, value) => Math.max(most, value), 0);
  const variances = new Float64Array(k * p);
  for (let row = 0; row < n; row++) {
    for (let j = 0; j < p; j++)
      variances[codes[row] * p + j] += (matrix[row * p + j] - means[codes[row] * p + j]) ** 2;
  }
  for (let at = 0; at < variances.length; at++) {
    variances[at] = variances[at] / counts[Math.floor(at / p)] + extra;
    // Densities of a variance this small overflow.
    if (variances[at] > 1e-290) continue;
    throw new NumericalError(
      `column "${columns[at % p].name}" has the same value for all patients of class "${classes[Math.floor(at / p)]}", and there is no smoothing. ` +
        "Drop constant columns, or use smoothing: 1e-9.",
    );
  }
  const priors = Float64Array.from(counts, (count) => count / n);
  const logJoint = (x: FeatureTable): Float64Array => {
    const points = matrixFor(x, columns);
    const logs = new Float64Array(x.length * k);
    for (let c = 0; c < k; c++) {
      let constant = Math.log(priors[c]);
      for (let j = 0; j < p; j++) constant -= 0.5 * Math.log(2 * Math.PI * variances[c * p + j]);
      for (let row = 0; row < x.length; row++) {
        let distance = 0;
        for (let j = 0; j < p; j++)
          distance += (points[row * p + j] - means[c * p + j]) ** 2 / variances[c * p + j];
        logs[row * k + c] = constant - 0.5 * distance;
      }
    }
    if (logs.every(Number.isFinite)) return logs;
    throw new NumericalError(
      "a value is so far from all classes that their densities cannot be compared. Rescale it.",
    );
  };
  const model = {
    classes,
    columns,
    priors,
    means,
    variances,
    logJoint,
    predict: (x: FeatureTable): Probabilities => softmax(x.ids, classes, logJoint(x)),
  };
  return showAs(model, () => show(model, n));
}

function show({ classes, columns, means, variances }: NaiveBayesModel, n: number): MimeBundle {
  const p = columns.length;
  return renderTable({
    title: `Gaussian naive Bayes: ${n} patients, mean ± sd of each class`,
    header: ["column", ...classes],
    rows: columns
      .slice(0, 20)
      .map(({ name }, j) => [
        name,
        ...classes.map(
          (_, c) =>
            `${formatNumber(means[c * p + j], 3)} ± ${formatNumber(Math.sqrt(variances[c * p + j]), 3)}`,
        ),
      ]),
    notes: p > 20 ? [`… ${p - 20} more columns`] : [],
  });
}
