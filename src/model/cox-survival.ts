/**
 * Survival that a Cox model predicts for a patient, with its pointwise interval.
 *
 * Source: Tsiatis 1981; Link 1984, doi:10.2307/2530917, for the variance.
 * Layer:  model; imports core, table.
 */
import { normalQuantile } from "../core/distributions.js";
import { InputError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import { type CoxModel, LARGEST_SCORE } from "./cox-model.js";
import { replay } from "./cox-replay.js";
import { checkConfidence } from "./kaplan-meier.js";
import { type SurvivalInterval, survivalLimits } from "./survival-interval.js";

/** Step function of one patient: one entry per distinct time of the patients that the model was fitted on. */
export interface PredictedSurvival {
  readonly id: string;
  readonly time: Float64Array;
  readonly survival: Float64Array;
  /** Standard error of the cumulative hazard, which is that of ln S. */
  readonly hazardError: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface CoxSurvivalOptions {
  /** Coverage of the pointwise interval, default 0.95. */
  readonly confidence?: number;
  /** Scale on which the interval is symmetric, default "log" (R's default for Cox models). */
  readonly interval?: SurvivalInterval;
}

/**
 * Survival of each patient of a table.
 *
 * @throws InputError if the model is stratified (the baseline hazard is then not one), or as `predict`.
 */
export function coxSurvival(
  fitted: CoxModel,
  x: FeatureTable,
  { confidence = 0.95, interval = "log" }: CoxSurvivalOptions = {},
): readonly PredictedSurvival[] {
  checkConfidence(confidence);
  if (fitted.training.strata !== undefined) {
    throw new InputError(
      "a stratified model has one baseline hazard per stratum. Predict from a model without strata.",
    );
  }
  const scores = fitted.predict(x);
  const wild = scores.values.findIndex((value) => Math.abs(value) > LARGEST_SCORE);
  if (wild >= 0) {
    throw new InputError(
      `patient ${scores.ids[wild]} has a log hazard of ${scores.values[wild].toPrecision(3)}, far outside what the model was ` +
        "fitted on. Check the values and units of that row.",
    );
  }
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const { mean, deviation, moments } = replay(fitted);
  const p = fitted.covariates.length;
  const names = fitted.covariates.map((found) => found.name);
  const columns = names.map((name) => x.column(name));
  const time = Float64Array.from(moments, (moment) => moment.time);
  return scores.ids.map((id, row) => {
    const values = columns.map((column, j) => (column[row] - mean[j]) / deviation[j]);
    const risk = Math.exp(scores.values[row]);
    const survival = new Float64Array(time.length);
    const hazardError = new Float64Array(time.length);
    const lower = new Float64Array(time.length);
    const upper = new Float64Array(time.length);
    const slope = new Float64Array(p);
    const limits = new Float64Array(2);
    let hazard = 0;
    let variance = 0;
    moments.forEach((moment, at) => {
      hazard += moment.hazard;
      variance += moment.hazardVariance;
      // How the cumulative hazard changes with each coefficient, on the scale of the given columns.
      for (let j = 0; j < p; j++) {
        slope[j] += (values[j] * moment.hazard - moment.meanHazard[j]) * deviation[j];
      }
      survival[at] = Math.exp(-hazard * risk);
      hazardError[at] = risk * Math.sqrt(variance + quadratic(fitted.covariance, slope));
      survivalLimits(survival[at], hazardError[at], z, interval, limits);
      lower[at] = limits[0];
      upper[at] = limits[1];
    });
    return { id, time, survival, hazardError, lower, upper };
  });
}

/** vᵀ M v. @param matrix  p × p, row-major. */
export function quadratic(matrix: Float64Array, vector: Float64Array): number {
  const p = vector.length;
  let sum = 0;
  for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) sum += vector[i] * matrix[i * p + j] * vector[j];
  return sum;
}
