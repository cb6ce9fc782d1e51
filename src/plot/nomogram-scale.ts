/**
 * The arithmetic of a nomogram: points of each covariate's value, and what a sum of points predicts.
 *
 * Source: Iasonos et al. 2008, doi:10.1200/JCO.2007.12.9791.
 * Layer:  plot; imports core, model, table.
 */
import { InputError } from "../core/errors.js";
import { CoxModel } from "../model/cox-model.js";
import { indexOfTime } from "../model/event-times.js";
import type { LogisticModel } from "../model/logistic-model.js";
import type { FeatureTable } from "../table/feature-table.js";
import { withUnit } from "./marks.js";

/** One covariate's axis: `pointsAt(low)` or `pointsAt(high)` is 0. */
export interface PointsAxis {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  readonly pointsAt: (value: number) => number;
  /** At the end that predicts more. */
  readonly most: number;
}

/** One prediction's axis. */
export interface PredictionAxis {
  readonly label: string;
  /** Probability at a sum of points; monotone. */
  readonly probabilityAt: (total: number) => number;
  /** Sum of points at which a probability is predicted. */
  readonly totalAt: (probability: number) => number;
}

export interface NomogramScale {
  readonly covariates: readonly PointsAxis[];
  /** Largest sum of points. */
  readonly total: number;
  readonly predictions: readonly PredictionAxis[];
}

const MOST_POINTS = 100;

/**
 * @param x  Patients whose least and largest values are the ends of the axes.
 * @param times  Of a Cox model, at which survival is predicted.
 * @throws InputError if the model is stratified, has no covariate with an effect, a column is absent or has no two values,
 * or a time is beyond the model's follow-up.
 */
export function nomogramScale(
  fitted: CoxModel | LogisticModel,
  x: FeatureTable,
  times: readonly number[],
): NomogramScale {
  const ranges = fitted.covariates.map(({ name, unit, coefficient }) => {
    const values = x.column(name).filter((value) => Number.isFinite(value));
    const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    if (!(low < high)) {
      throw new InputError(`"${name}" has no two values in the table: its axis would have no length.`);
    }
    return { label: withUnit(name, unit), coefficient, low, high };
  });
  const effect = ranges.reduce(
    (most, { coefficient, low, high }) => Math.max(most, Math.abs(coefficient) * (high - low)),
    0,
  );
  if (!(effect > 0))
    throw new InputError("no covariate of the model has an effect: there is nothing to draw.");
  const perPoint = effect / MOST_POINTS;
  const covariates = ranges.map(({ label, coefficient, low, high }): PointsAxis => {
    const zero = coefficient >= 0 ? low : high;
    const pointsAt = (value: number): number => (coefficient * (value - zero)) / perPoint;
    return { label, low, high, pointsAt, most: pointsAt(coefficient >= 0 ? high : low) };
  });
  const least = ranges.reduce(
    (sum, { coefficient, low, high }) => sum + coefficient * (coefficient >= 0 ? low : high),
    fitted.intercept,
  );
  const total = covariates.reduce((sum, { most }) => sum + most, 0);
  const predictions = linksOf(fitted, times).map(({ label, probability, score }) => ({
    label,
    probabilityAt: (points: number): number => probability(least + points * perPoint),
    totalAt: (value: number): number => (score(value) - least) / perPoint,
  }));
  return { covariates, total, predictions };
}

/** Linear predictor to probability and back. */
interface Link {
  readonly label: string;
  readonly probability: (score: number) => number;
  readonly score: (probability: number) => number;
}

function linksOf(fitted: CoxModel | LogisticModel, times: readonly number[]): readonly Link[] {
  if (!(fitted instanceof CoxModel)) {
    return [
      {
        label: `Probability of ${fitted.positive}`,
        probability: (score) => 1 / (1 + Math.exp(-score)),
        score: (p) => Math.log(p / (1 - p)),
      },
    ];
  }
  if (fitted.baseline.length !== 1) {
    throw new InputError("a stratified model has one baseline hazard per stratum. Fit it without strata.");
  }
  const [{ time, cumulativeHazard }] = fitted.baseline;
  if (times.length === 0) {
    throw new InputError(
      `say at which times survival is predicted: { at: [12, 24] }, in ${fitted.timeUnit}.`,
    );
  }
  return times.map((at) => {
    const step = at <= time[time.length - 1] ? indexOfTime(time, at) : -1;
    const hazard = step < 0 ? 0 : cumulativeHazard[step];
    if (!(hazard > 0)) {
      throw new InputError(
        `survival at ${at} ${fitted.timeUnit} cannot be predicted: times go from the first event to ` +
          `${time[time.length - 1]} ${fitted.timeUnit}, the end of the follow-up.`,
      );
    }
    return {
      label: `Survival at ${at} ${fitted.timeUnit}`,
      probability: (score) => Math.exp(-hazard * Math.exp(score)),
      score: (p) => Math.log(-Math.log(p) / hazard),
    };
  });
}
