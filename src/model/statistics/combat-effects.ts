/**
 * Shift and scale of one batch, feature by feature, shrunk towards what is usual among the features.
 *
 * Source: Johnson, Li & Rabinovic 2007, doi:10.1093/biostatistics/kxj037 (parametric priors).
 * Layer:  model; imports core.
 */
import { NumericalError } from "../../core/errors.js";
import { meanOf, squaresAround, varianceOf } from "./sample.js";

/** One per feature, in units of the pooled standard deviation. */
export interface BatchEffect {
  readonly batch: string;
  readonly shift: Float64Array;
  /** Factor of the standard deviation; 1 if only means are shifted. */
  readonly scale: Float64Array;
}

const MAX_STEPS = 10_000;
const CONVERGED = 1e-12;

/**
 * @param features  Standardized values of the patients of one batch, one array per feature.
 * @throws NumericalError if a feature does not vary in the batch.
 */
export function estimateEffects(
  batch: string,
  features: readonly Float64Array[],
  meanOnly: boolean,
): BatchEffect {
  const means = Float64Array.from(features, meanOf);
  const center = meanOf(means);
  const spread = varianceOf(means);
  if (meanOnly) {
    // As R's sva and neuroCombat: shrunk as if each mean came from a single patient.
    const shift = means.map((mean) => (spread * mean + center) / (spread + 1));
    return { batch, shift, scale: new Float64Array(features.length).fill(1) };
  }
  const variances = Float64Array.from(features, varianceOf);
  const mean = meanOf(variances);
  const scatter = varianceOf(variances);
  if (variances.includes(0)) {
    throw new NumericalError(
      `a feature has the same value for all patients of batch "${batch}". Drop it, or use meanOnly: true.`,
    );
  }
  // Inverse gamma prior with the mean and variance of the variances; if all are the same, that one is taken.
  const isCertain = !(scatter > 1e-24 * mean * mean);
  const shape = (2 * scatter + mean ** 2) / scatter;
  const rate = (mean * scatter + mean ** 3) / scatter;
  const shift = new Float64Array(features.length);
  const scale = new Float64Array(features.length);
  features.forEach((values, f) => {
    const n = values.length;
    let [location, variance] = [means[f], variances[f]];
    for (let step = 0; ; step++) {
      const nextLocation = (spread * n * means[f] + variance * center) / (spread * n + variance);
      const squares = squaresAround(values, nextLocation);
      const nextVariance = isCertain ? mean : (0.5 * squares + rate) / (n / 2 + shape - 1);
      const moved = Math.abs(nextLocation - location) + Math.abs(nextVariance - variance);
      [location, variance] = [nextLocation, nextVariance];
      if (moved <= CONVERGED * (1 + variance + Math.abs(location))) break;
      if (step > MAX_STEPS) throw new NumericalError(`the effects of batch "${batch}" do not converge.`);
    }
    shift[f] = location;
    scale[f] = Math.sqrt(variance);
  });
  return { batch, shift, scale };
}
