/**
 * The directions along which class means differ most, compared with the scatter inside the classes.
 *
 * Layer:  model; imports nothing.
 */
import { symmetricEigen } from "./symmetric-eigen.js";

export interface Directions {
  /** d × p, row-major; along each, the variance inside the classes is 1. */
  readonly vectors: Float64Array;
  /** Share of the scatter between classes. */
  readonly explained: Float64Array;
}

/** Directions that hold less than this share of the scatter are rounding. */
const NEGLIGIBLE = 1e-12;

/**
 * @param means  k × p, row-major.
 * @param factor  Cholesky factor of the correlation inside the classes, p × p.
 * @param scale  Standard deviation of each column inside the classes.
 */
export function discriminantDirections(
  means: Float64Array,
  priors: Float64Array,
  factor: Float64Array,
  scale: Float64Array,
): Directions {
  const k = priors.length;
  const p = scale.length;
  // Weighted deviations of the means, in coordinates where the scatter inside the classes is that of a sphere.
  const sphere = new Float64Array(k * p);
  for (let j = 0; j < p; j++) {
    let center = 0;
    for (let c = 0; c < k; c++) center += priors[c] * means[c * p + j];
    for (let c = 0; c < k; c++)
      sphere[c * p + j] = (Math.sqrt(priors[c]) * (means[c * p + j] - center)) / scale[j];
  }
  for (let c = 0; c < k; c++) {
    for (let i = 0; i < p; i++) {
      let sum = sphere[c * p + i];
      for (let j = 0; j < i; j++) sum -= factor[i * p + j] * sphere[c * p + j];
      sphere[c * p + i] = sum / factor[i * p + i];
    }
  }
  const gram = new Float64Array(k * k);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) {
      for (let j = 0; j < p; j++) gram[a * k + b] += sphere[a * p + j] * sphere[b * p + j];
    }
  }
  const { values, vectors } = symmetricEigen(gram, k);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const used = Array.from(values.keys()).filter(
    (d) => d < Math.min(k - 1, p) && values[d] > NEGLIGIBLE * total,
  );
  const found = new Float64Array(used.length * p);
  used.forEach((d, at) => {
    for (let i = p - 1; i >= 0; i--) {
      let sum = 0;
      for (let c = 0; c < k; c++) sum += (vectors[d * k + c] * sphere[c * p + i]) / Math.sqrt(values[d]);
      for (let j = i + 1; j < p; j++) sum -= factor[j * p + i] * found[at * p + j];
      found[at * p + i] = sum / factor[i * p + i];
    }
    for (let j = 0; j < p; j++) found[at * p + j] /= scale[j];
  });
  return { vectors: found, explained: Float64Array.from(used, (d) => values[d] / total) };
}
