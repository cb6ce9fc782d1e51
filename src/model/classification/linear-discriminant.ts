/**
 * Linear discriminant analysis: classes are normal with one covariance.
 *
 * Source: Fisher 1936, doi:10.1111/j.1469-1809.1936.tb02137.x; Rao 1948.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { FeatureTable } from "../../table/feature-table.js";
import type { Labels } from "../../table/labels.js";
import type { Probabilities } from "../../table/probabilities.js";
import { formatNumber, renderTable } from "../../table/render.js";
import { cholesky, solveCholesky } from "../cholesky.js";
import type { Estimator } from "../estimator.js";
import { type Directions, discriminantDirections } from "./discriminant-directions.js";
import { centeredClass, classMeans, productMatrix } from "./moments.js";
import { ledoitWolf, shrink } from "./shrinkage.js";
import { type Classifier, matrixFor, softmax, type Training, trainingOf } from "./training.js";

export interface LinearDiscriminantOptions {
  /**
   * How far the covariance of each class is drawn towards equal variances without correlation: 0 (default) to 1, or "auto"
   * for Ledoit and Wolf's best. More columns than patients need it.
   */
  readonly shrinkage?: number | "auto";
}

/** A fitted linear discriminant analysis. */
export interface LinearDiscriminantModel extends Classifier {
  readonly priors: Float64Array;
  /** k × p, row-major. */
  readonly means: Float64Array;
  /** Of the linear score of each class, k × p, row-major; probabilities are their softmax. */
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
  /** Share of the scatter between classes along each discriminant. */
  readonly explained: Float64Array;
  /** Coordinates along the discriminants, in pooled standard deviations: columns LD1, LD2, … */
  transform(x: FeatureTable): FeatureTable;
}

/** Share of a column's variance that the columns before it must leave unexplained. */
const UNEXPLAINED = 1e-13;

/**
 * Recipe for linear discriminant analysis.
 *
 * `fit` throws InputError on mismatched ids, missing values or one class only; NumericalError if columns are constant inside
 * the classes or collinear and there is no shrinkage.
 *
 * @example
 * const fitted = model.classification.linearDiscriminant({ shrinkage: "auto" }).fit(train.x, train.y);
 */
export function linearDiscriminant(
  options: LinearDiscriminantOptions = {},
): Estimator<Labels, LinearDiscriminantModel> {
  const { shrinkage = 0 } = options;
  if (shrinkage !== "auto" && !(shrinkage >= 0 && shrinkage <= 1)) {
    throw new InputError(`the shrinkage must lie in [0, 1] or be "auto", found ${String(shrinkage)}.`);
  }
  return { fit: (x, y) => fit(trainingOf(x, y), shrinkage) };
}

function fit(training: Training, shrinkage: number | "auto"): LinearDiscriminantModel {
  const { n, p, classes, counts, columns } = training;
  const k = classes.length;
  const means = classMeans(training);
  const priors = Float64Array.from(counts, (count) => count / n);
  const { factor, scale } = factorize(pooledCovariance(training, means, shrinkage), training);
  const coefficients = new Float64Array(k * p);
  const intercepts = new Float64Array(k);
  for (let c = 0; c < k; c++) {
    const mean = means.subarray(c * p, c * p + p);
    const solved = solveCholesky(
      factor,
      p,
      mean.map((value, j) => value / scale[j]),
    );
    let square = 0;
    for (let j = 0; j < p; j++) {
      coefficients[c * p + j] = solved[j] / scale[j];
      square += coefficients[c * p + j] * mean[j];
    }
    intercepts[c] = Math.log(priors[c]) - square / 2;
  }
  const directions = discriminantDirections(means, priors, factor, scale);
  const model = {
    classes,
    columns,
    priors,
    means,
    coefficients,
    intercepts,
    explained: directions.explained,
    transform: (x: FeatureTable): FeatureTable => project(x, matrixFor(x, columns), directions, p),
    predict: (x: FeatureTable): Probabilities => {
      const points = matrixFor(x, columns);
      const logs = new Float64Array(x.length * k);
      for (let row = 0; row < x.length; row++) {
        for (let c = 0; c < k; c++) {
          let score = intercepts[c];
          for (let j = 0; j < p; j++) score += points[row * p + j] * coefficients[c * p + j];
          logs[row * k + c] = score;
        }
      }
      if (!logs.every(Number.isFinite)) {
        throw new NumericalError("a value is so large that its score overflows. Correct or rescale it.");
      }
      return softmax(x.ids, classes, logs);
    },
  };
  return showAs(model, () => show(model, n));
}

/** Mean of the covariances of the classes, weighted by their patients; each with n, and shrunk by itself. */
function pooledCovariance(training: Training, means: Float64Array, shrinkage: number | "auto"): Float64Array {
  const { n, p, counts } = training;
  const pooled = new Float64Array(p * p);
  counts.forEach((count, c) => {
    const centered = centeredClass(training, means, c);
    const covariance = shrinkage === "auto" ? ledoitWolf(centered, p) : productMatrix(centered, p, 1 / count);
    if (shrinkage !== "auto") shrink(covariance, p, shrinkage);
    for (let at = 0; at < pooled.length; at++) pooled[at] += (count / n) * covariance[at];
  });
  return pooled;
}

/** Factor of the correlation matrix, and the standard deviations that were taken out of it. */
function factorize(
  covariance: Float64Array,
  { p, columns }: Training,
): { readonly factor: Float64Array; readonly scale: Float64Array } {
  const scale = Float64Array.from(columns, (_, j) => Math.sqrt(covariance[j * p + j]));
  const constant = scale.findIndex((sd) => !(sd > 1e-150 && Number.isFinite(sd)));
  if (constant >= 0) {
    throw new NumericalError(
      `column "${columns[constant].name}" does not vary inside the classes: they cannot be compared along it. Drop it.`,
    );
  }
  const correlation = covariance.map((value, at) => value / scale[Math.floor(at / p)] / scale[at % p]);
  const { factor, singular } = cholesky(correlation, p, UNEXPLAINED);
  if (singular >= 0) {
    throw new NumericalError(
      `inside the classes, column "${columns[singular].name}" is a linear combination of those before it (collinear columns, or ` +
        'fewer patients than columns). Drop columns, or use shrinkage: "auto".',
    );
  }
  return { factor, scale };
}

function project(
  x: FeatureTable,
  points: Float64Array,
  { vectors, explained }: Directions,
  p: number,
): FeatureTable {
  return new FeatureTable(
    x.ids,
    Array.from(explained, (_, d) => ({
      name: `LD${d + 1}`,
      unit: "",
      values: Float64Array.from(x.ids, (__, row) => {
        let sum = 0;
        for (let j = 0; j < p; j++) sum += points[row * p + j] * vectors[d * p + j];
        return sum;
      }),
    })),
  );
}

const SHOWN_COLUMNS = 20;

function show(
  { classes, columns, coefficients, intercepts }: LinearDiscriminantModel,
  n: number,
): MimeBundle {
  const p = columns.length;
  return renderTable({
    title: `Linear discriminant analysis: ${n} patients, ${p} columns, linear scores of the classes`,
    header: ["column", ...classes],
    rows: [
      ["intercept", ...classes.map((_, c) => formatNumber(intercepts[c], 4))],
      ...columns.map(({ name }, j) => [
        name,
        ...classes.map((_, c) => formatNumber(coefficients[c * p + j], 4)),
      ]),
    ],
    most: SHOWN_COLUMNS + 1,
    what: "columns",
  });
}
