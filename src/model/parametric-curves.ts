/**
 * Survival and times that a parametric model predicts, with intervals by the delta method.
 *
 * An interval is symmetric on the scale of the standard variable z = (ln time − location) / scale: ln(−ln S) of a Weibull model,
 * the logit of a log-logistic one, the probit of a log-normal one. So no limit leaves 0 to 1.
 *
 * Source: Lawless, Statistical Models and Methods for Lifetime Data, 2003, section 6.3.
 * Layer:  model; imports its own folder.
 */
import { quadratic } from "./cox-survival.js";
import type { StandardDistribution } from "./parametric-distribution.js";

/** A parametric model as its curves need it. */
export interface FittedLocations {
  readonly distribution: StandardDistribution;
  readonly scale: number;
  /** Of the location at the centers, the coefficients and, if there is one, the logarithm of the scale; row-major. */
  readonly covariance: Float64Array;
}

/** A patient: how far each covariate lies from its center, after a 1; and the location. */
export interface PatientLocation {
  readonly design: Float64Array;
  readonly location: number;
}

/** Smooth curve at the times asked for, with its pointwise interval. */
export interface ParametricCurve {
  readonly time: Float64Array;
  readonly survival: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * Mean survival of patients, each counted with its weight.
 *
 * @param times  Not negative.
 * @param quantile  Of the normal distribution, for the interval: 1.96 for 95 %.
 */
export function meanCurve(
  fitted: FittedLocations,
  patients: readonly PatientLocation[],
  weights: ArrayLike<number>,
  times: ArrayLike<number>,
  quantile: number,
): ParametricCurve {
  const time = Float64Array.from(times);
  const [survival, lower, upper] = [0, 1, 2].map(() => new Float64Array(time.length).fill(1));
  const { distribution } = fitted;
  const alike = groupAlike(patients, weights);
  time.forEach((at, k) => {
    if (at === 0) return;
    const { mean, z, error } = meanAt(fitted, alike, Math.log(at));
    survival[k] = mean;
    const known = Number.isFinite(z) && Number.isFinite(error);
    lower[k] = known ? distribution.survival(z + quantile * error) : mean;
    upper[k] = known ? distribution.survival(z - quantile * error) : mean;
  });
  return { time, survival, lower, upper };
}

/** Location of ln time at the quantile z of the standard variable, and its standard error. */
export function logTimeAt(
  { covariance, scale, distribution }: FittedLocations,
  { design, location }: PatientLocation,
  z: number,
): { readonly value: number; readonly error: number } {
  const slope = distribution.hasScale ? Float64Array.of(...design, scale * z) : design;
  return { value: location + scale * z, error: errorOf(covariance, slope) };
}

interface Alike extends PatientLocation {
  /** Share of the weights. */
  readonly share: number;
}

/** Patients of equal covariates are one, so that a group of them has exactly its own curve. */
function groupAlike(patients: readonly PatientLocation[], weights: ArrayLike<number>): readonly Alike[] {
  const found = new Map<string, PatientLocation & { weight: number }>();
  let total = 0;
  patients.forEach((patient, row) => {
    total += weights[row];
    const key = patient.design.join(" ");
    const same = found.get(key);
    if (same === undefined) found.set(key, { ...patient, weight: weights[row] });
    else same.weight += weights[row];
  });
  return [...found.values()].map(({ weight, ...patient }) => ({ ...patient, share: weight / total }));
}

/** Mean survival, the standard variable at which one patient would have it, and that variable's standard error. */
function meanAt(
  { distribution, scale, covariance }: FittedLocations,
  alike: readonly Alike[],
  logTime: number,
): { readonly mean: number; readonly z: number; readonly error: number } {
  const size = alike[0].design.length + (distribution.hasScale ? 1 : 0);
  const slope = new Float64Array(size);
  let mean = 0;
  for (const { design, location, share } of alike) {
    const z = (logTime - location) / scale;
    // Of one kind of patients, the density at their z falls out: it must not lose digits in the tail.
    const part = alike.length === 1 ? 1 : share * distribution.density(z);
    mean += share * distribution.survival(z);
    for (let j = 0; j < design.length; j++) slope[j] -= (part * design[j]) / scale;
    if (distribution.hasScale) slope[size - 1] -= part * z;
  }
  // Shares add up to 1 but for rounding.
  mean = Math.min(1, mean);
  const spread = errorOf(covariance, slope);
  if (alike.length === 1) return { mean, z: (logTime - alike[0].location) / scale, error: spread };
  const z = mean > 0 && mean < 1 ? distribution.atSurvival(mean) : Number.NaN;
  return { mean, z, error: spread / distribution.density(z) };
}

function errorOf(covariance: Float64Array, slope: Float64Array): number {
  // Rounding can leave a variance a hair below 0.
  return Math.sqrt(Math.max(0, quadratic(covariance, slope)));
}
