/**
 * Quadratic discriminant analysis: classes are normal, each with its own covariance.
 *
 * Source: Friedman 1989, doi:10.1080/01621459.1989.10478752 (regularization).
 * Layer:  model; imports core, table.
 */
import { showAs } from "../../core/display.js";
import { InputError, NumericalError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import type { Labels } from "../../table/labels.js";
import type { Probabilities } from "../../table/probabilities.js";
import { cholesky } from "../cholesky.js";
import type { Estimator } from "../estimator.js";
import { centeredClass, classMeans, productMatrix } from "./moments.js";
import { type Classifier, matrixFor, softmax, type Training, trainingOf } from "./training.js";

export interface QuadraticDiscriminantOptions {
  /**
   * 0 (default) to 1: the covariance becomes (1 − regularization) × covariance + regularization × identity, as scikit-learn
   * has it. The identity has the units of the columns: standardize them first.
   */
  readonly regularization?: number;
}

/** A fitted quadratic discriminant analysis. */
export interface QuadraticDiscriminantModel extends Classifier {
  readonly priors: Float64Array;
  /** k × p, row-major. */
  readonly means: Float64Array;
}

/** Share of the largest variance that a direction must have left. */
const NO_VARIANCE = 1e-13;

/**
 * Recipe for quadratic discriminant analysis.
 *
 * `fit` throws InputError on mismatched ids, missing values, one class only or a class with a single patient; NumericalError
 * if a class has too few patients for its covariance and there is no regularization.
 *
 * @example
 * const fitted = model.classification.quadraticDiscriminant({ regularization: 0.1 }).fit(train.x, train.y);
 */
export function quadraticDiscriminant(
  options: QuadraticDiscriminantOptions = {},
): Estimator<Labels, QuadraticDiscriminantModel> {
  const { regularization = 0 } = options;
  if (!(regularization >= 0 && regularization <= 1)) {
    throw new InputError(`the regularization must lie in [0, 1], found ${regularization}.`);
  }
  return { fit: (x, y) => fit(trainingOf(x, y), regularization) };
}

function fit(training: Training, regularization: number): QuadraticDiscriminantModel {
  const { n, p, classes, counts, columns } = training;
  const k = classes.length;
  const means = classMeans(training);
  const priors = Float64Array.from(counts, (count) => count / n);
  const factors = classes.map((_, c) => factorOf(training, means, c, regularization));
  const logDeterminants = factors.map((factor) => {
    let sum = 0;
    for (let j = 0; j < p; j++) sum += 2 * Math.log(factor[j * p + j]);
    return sum;
  });
  const model = {
    classes,
    columns,
    priors,
    means,
    predict: (x: FeatureTable): Probabilities => {
      const points = matrixFor(x, columns);
      const logs = new Float64Array(x.length * k);
      for (let row = 0; row < x.length; row++) {
        for (let c = 0; c < k; c++) {
          const distance = squaredDistance(points, row, means, c, factors[c], p);
          logs[row * k + c] = Math.log(priors[c]) - 0.5 * (distance + logDeterminants[c]);
        }
      }
      if (!logs.every(Number.isFinite)) {
        throw new NumericalError(
          "a value is so far from all classes that they cannot be compared. Rescale it.",
        );
      }
      return softmax(x.ids, classes, logs);
    },
  };
  return showAs(model, () => ({
    "text/plain": `Quadratic discriminant analysis: ${n} patients, ${p} columns, classes ${classes.map((name, c) => `${name} (${counts[c]})`).join(", ")}, regularization ${regularization}`,
  }));
}

/** Cholesky factor of the covariance of one class (with n, as scikit-learn 1.9 has it; before, it was n − 1). */
function factorOf(training: Training, means: Float64Array, c: number, regularization: number): Float64Array {
  const { p, classes, counts } = training;
  if (counts[c] < 2) {
    throw new InputError(
      `class "${classes[c]}" has a single patient, whose covariance is unknown. Merge classes, or use linearDiscriminant.`,
    );
  }
  const covariance = productMatrix(centeredClass(training, means, c), p, (1 - regularization) / counts[c]);
  let largest = 0;
  for (let j = 0; j < p; j++) {
    covariance[j * p + j] += regularization;
    largest = Math.max(largest, covariance[j * p + j]);
  }
  const { factor, singular } = cholesky(covariance, p, NO_VARIANCE * largest);
  if (singular < 0 && largest > 0 && Number.isFinite(largest)) return factor;
  throw new NumericalError(
    `the covariance of class "${classes[c]}" (${counts[c]} patients, ${p} columns) cannot be inverted: columns are constant or ` +
      "collinear in it, or it has too few patients. Drop columns, or use regularization.",
  );
}

/** Mahalanobis' distance of a point to a class mean, squared. */
function squaredDistance(
  points: Float64Array,
  row: number,
  means: Float64Array,
  c: number,
  factor: Float64Array,
  p: number,
): number {
  const solved = new Float64Array(p);
  let distance = 0;
  for (let i = 0; i < p; i++) {
    let sum = points[row * p + i] - means[c * p + i];
    for (let j = 0; j < i; j++) sum -= factor[i * p + j] * solved[j];
    solved[i] = sum / factor[i * p + i];
    distance += solved[i] * solved[i];
  }
  return distance;
}
