/**
 * Patients as points in a plane: those that are explained alike lie close together.
 *
 * Source: Pearson 1901 (principal components); shap 0.48, `shap.plots.embedding`.
 * Layer:  explain; imports core, model, its own files.
 */
import { InputError } from "../core/errors.js";
import { symmetricEigen } from "../model/classification/symmetric-eigen.js";
import type { Explanation } from "./explanation.js";

/** The first two principal components of the SHAP values. */
export interface Embedding {
  readonly ids: readonly string[];
  /** n places along the first component, in the unit of the SHAP values. */
  readonly x: Float64Array;
  /** n along the second. */
  readonly y: Float64Array;
  /** Share of the variance of the SHAP values that each shows. */
  readonly shares: readonly [number, number];
}

/**
 * Projects SHAP values on their two principal components. The sign of a component is that which makes its largest weight
 * positive.
 *
 * @throws InputError on fewer than 2 features or 3 patients, or if all patients are explained the same.
 *
 * @example
 * const { x, y } = explain.embedding(why);
 */
export function embedding({ ids, features, values }: Explanation): Embedding {
  const [n, p] = [ids.length, features.length];
  if (n < 3 || p < 2) {
    throw new InputError(`an embedding needs at least 3 patients and 2 features, found ${n} and ${p}.`);
  }
  const means = new Float64Array(p);
  values.forEach((value, at) => {
    means[at % p] += value / n;
  });
  const centered = values.map((value, at) => value - means[at % p]);
  const covariance = new Float64Array(p * p);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) {
      const one = centered[i * p + j];
      for (let k = 0; k <= j; k++) covariance[j * p + k] += (one * centered[i * p + k]) / (n - 1);
    }
  }
  for (let j = 0; j < p; j++) {
    for (let k = 0; k < j; k++) covariance[k * p + j] = covariance[j * p + k];
  }
  const total = Array.from({ length: p }, (_, j) => covariance[j * p + j]).reduce((sum, one) => sum + one, 0);
  if (!(total > 0)) {
    throw new InputError("all patients have the same SHAP values: there is nothing to lay out.");
  }
  const { values: variances, vectors } = symmetricEigen(covariance, p);
  const place = (component: number): Float64Array => {
    const weights = vectors.subarray(component * p, (component + 1) * p);
    const largest = weights.reduce((most, weight) => (Math.abs(weight) > Math.abs(most) ? weight : most), 0);
    const sign = largest < 0 ? -1 : 1;
    return Float64Array.from(ids, (_, i) => {
      let sum = 0;
      for (let j = 0; j < p; j++) sum += weights[j] * centered[i * p + j];
      return sign * sum;
    });
  };
  return {
    ids,
    x: place(0),
    y: place(1),
    shares: [Math.max(0, variances[0]) / total, Math.max(0, variances[1]) / total],
  };
}
