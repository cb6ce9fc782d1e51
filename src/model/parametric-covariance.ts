/**
 * Covariance of the estimates of a parametric survival model, from the information or robust against the model.
 *
 * Source: Kalbfleisch & Prentice 2002, section 3.4; White 1982, doi:10.2307/1912526, for the robust one.
 * Layer:  model; imports core.
 */
import { NumericalError } from "../core/errors.js";
import { cholesky, invertCholesky } from "./cholesky.js";
import type { ParametricOptimum, ParametricProblem } from "./parametric-likelihood.js";

export interface ParametricCovariance {
  /** Of the locations and, if there is a scale, of its logarithm; row-major: the inverse of the information. */
  readonly naive: Float64Array;
  /** The sandwich around the patients' scores. */
  readonly robust: () => Float64Array;
}

/** @throws NumericalError if the information is singular. */
export function parametricCovariance(
  { distribution, design, names, logTime, event, weight }: ParametricProblem,
  { location, scale }: ParametricOptimum,
): ParametricCovariance {
  const q = names.length;
  const size = q + (distribution.hasScale ? 1 : 0);
  const n = logTime.length;
  const information = new Float64Array(size * size);
  const scores = new Float64Array(n * size);
  const terms = new Float64Array(3);
  // How a patient's standard variable changes with each location and the logarithm of the scale.
  const slope = new Float64Array(q + 1);
  for (let row = 0; row < n; row++) {
    let mean = 0;
    for (let j = 0; j < q; j++) {
      mean += location[j] * design[row * q + j];
      slope[j] = -design[row * q + j] / scale;
    }
    const z = (logTime[row] - mean) / scale;
    slope[q] = -z;
    distribution.terms(z, event[row] === 1, terms);
    for (let i = 0; i < size; i++) {
      scores[row * size + i] = weight[row] * (terms[1] * slope[i] - (i === q ? event[row] : 0));
      for (let j = 0; j < size; j++) {
        // Only the slopes themselves change with the scale: each is in proportion to 1 / scale.
        const bent = (i === q || j === q ? -1 : 0) * terms[1] * (i === q ? slope[j] : slope[i]);
        information[i * size + j] -= weight[row] * (terms[2] * slope[i] * slope[j] + bent);
      }
    }
  }
  const { factor, singular } = cholesky(information, size, 0);
  const naive = singular >= 0 ? information : invertCholesky(factor, size);
  if (singular >= 0 || !naive.every(Number.isFinite)) {
    throw new NumericalError(
      "the information of the fit is singular, so that no errors can be given: the events do not determine the estimates. " +
        "Fit fewer covariates.",
    );
  }
  return { naive, robust: () => sandwich(scores, naive, size) };
}

/** Sum over the patients of the products of their influence. */
function sandwich(scores: Float64Array, naive: Float64Array, size: number): Float64Array {
  const covariance = new Float64Array(size * size);
  for (let row = 0; row * size < scores.length; row++) {
    const influence = Array.from({ length: size }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += naive[i * size + j] * scores[row * size + j];
      return sum;
    });
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) covariance[i * size + j] += influence[i] * influence[j];
  }
  return covariance;
}
