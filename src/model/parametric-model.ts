/**
 * A fitted parametric survival model: time ratios, distribution, predicted survival and times, and how it reports itself.
 *
 * Layer:  model; imports core, table.
 */
import { showAs } from "../core/display.js";
import { normalQuantile } from "../core/distributions.js";
import { InputError, NumericalError } from "../core/errors.js";
import { FeatureTable } from "../table/feature-table.js";
import { formatNumber } from "../table/render.js";
import { Scores } from "../table/scores.js";
import type { SurvivalData, TimeUnit } from "../table/survival-data.js";
import { type WeightOptions, weightsOf } from "./case-weights.js";
import { type CoxWeighting, type ModelTest, modelTest } from "./cox-model.js";
import type { Fitted } from "./estimator.js";
import { checkConfidence } from "./kaplan-meier.js";
import {
  type FittedLocations,
  logTimeAt,
  meanCurve,
  type ParametricCurve,
  type PatientLocation,
} from "./parametric-curves.js";
import { type ParametricDistribution, STANDARD } from "./parametric-distribution.js";
import {
  type ParametricCovariate,
  type ParametricSummary,
  parametricSentence,
  parametricTable,
} from "./parametric-report.js";
import { predictNet } from "./penalized/net-path.js";
import { waldTest } from "./wald.js";

/** What `fit` was given. */
export interface ParametricTraining {
  readonly x: FeatureTable;
  readonly y: SurvivalData;
  /** How often each patient counts; 1 for each without weights. */
  readonly weights: Float64Array;
}

/** What the fit found, on the scale of the columns and times as they were given. */
export interface ParametricEstimates {
  readonly distribution: ParametricDistribution;
  readonly confidence: number;
  readonly n: number;
  readonly events: number;
  readonly columns: readonly { readonly name: string; readonly unit: string }[];
  /** Means of the columns. */
  readonly centers: Float64Array;
  /** Of ln time of a patient at the centers. */
  readonly location: number;
  readonly coefficients: Float64Array;
  readonly scale: number;
  /** Of location, coefficients and, if it is estimated, ln scale; row-major. */
  readonly covariance: Float64Array;
  readonly weighting: CoxWeighting;
  readonly logLikelihood: number;
  readonly nullLogLikelihood: number;
  readonly iterations: number;
  readonly training: ParametricTraining;
}

export interface ParametricPredictOptions {
  /** Coverage of the pointwise interval, default that of the model. */
  readonly confidence?: number;
}

/** A patient's predicted survival. */
export interface PredictedParametricSurvival extends ParametricCurve {
  readonly id: string;
}

/** A fitted parametric survival model. Shows itself as a table; `sentence` is for the paper. */
export class ParametricSurvivalModel implements Fitted<Scores>, ParametricSummary {
  readonly distribution: ParametricDistribution;
  readonly n: number;
  readonly events: number;
  /** Coverage of the intervals. */
  readonly confidence: number;
  readonly covariates: readonly ParametricCovariate[];
  /** Location of ln time where all covariates are 0. */
  readonly intercept: number;
  /** Of ln time: 1 for "exponential"; 1 / shape for "weibull" and "log-logistic"; the deviation of ln time for "log-normal". */
  readonly scale: number;
  /**
   * Covariance of the intercept, the coefficients and, unless the distribution is "exponential", ln scale, row-major: robust
   * if the weights are no whole numbers, else the inverse of the information.
   */
  readonly covariance: Float64Array;
  readonly weighting: CoxWeighting;
  /** Of the times (not of their logarithms), so that distributions can be compared. */
  readonly logLikelihood: number;
  /** Of the distribution without covariates. */
  readonly nullLogLikelihood: number;
  /** Against the distribution without covariates; null if there are none. */
  readonly likelihoodRatio: ModelTest | null;
  /** Akaike's criterion: 2k − 2 log likelihood, of k parameters. */
  readonly aic: number;
  /** Schwarz' criterion: k ln n − 2 log likelihood. */
  readonly bic: number;
  readonly timeUnit: TimeUnit;
  readonly iterations: number;
  readonly training: ParametricTraining;
  readonly #found: ParametricEstimates;

  constructor(found: ParametricEstimates) {
    const p = found.columns.length;
    const k = p + (STANDARD[found.distribution].hasScale ? 2 : 1);
    const quantile = normalQuantile(1 - (1 - found.confidence) / 2);
    this.#found = found;
    this.distribution = found.distribution;
    this.n = found.n;
    this.events = found.events;
    this.confidence = found.confidence;
    this.covariates = found.columns.map(({ name, unit }, j): ParametricCovariate => {
      const coefficient = found.coefficients[j];
      const standardError = Math.sqrt(found.covariance[(j + 1) * (k + 1)]);
      const { ratio, ...test } = waldTest(coefficient, standardError, quantile);
      return { name, unit, coefficient, standardError, ...test, timeRatio: ratio };
    });
    this.intercept = found.coefficients.reduce(
      (sum, coefficient, j) => sum - coefficient * found.centers[j],
      found.location,
    );
    this.scale = found.scale;
    this.covariance = atZero(found.covariance, found.centers, k);
    this.weighting = found.weighting;
    this.logLikelihood = found.logLikelihood;
    this.nullLogLikelihood = found.nullLogLikelihood;
    this.likelihoodRatio = p === 0 ? null : modelTest(2 * (found.logLikelihood - found.nullLogLikelihood), p);
    this.aic = 2 * k - 2 * found.logLikelihood;
    const counted =
      found.weighting === "frequency"
        ? found.training.weights.reduce((sum, weight) => sum + weight, 0)
        : found.n;
    this.bic = k * Math.log(counted) - 2 * found.logLikelihood;
    this.timeUnit = found.training.y.unit;
    this.iterations = found.iterations;
    this.training = found.training;
    showAs(this, () => parametricTable(this));
  }

  /**
   * Log acceleration of each patient against one at the means of the covariates: with 1, everything happens e times as early.
   * High is bad, as with the other survival models.
   *
   * @param x  Holds the model's columns by name, in any order; others are ignored.
   * @throws InputError if a column is absent, has another unit, or lacks a value.
   */
  predict(x: FeatureTable): Scores {
    return new Scores(
      x.ids,
      this.#offsets(x).map((offset) => 0 - offset),
      "log acceleration",
    );
  }

  /**
   * Survival of each patient at the times, with a pointwise interval by the delta method.
   *
   * @param times  In `timeUnit`, not negative and rising; default the distinct times of the patients it was fitted on.
   * @throws InputError as `predict`, or if the times are none.
   *
   * @example
   * model.brierScore(test.y, fitted.survival(test.x, [12, 24, 36]), [12, 24, 36], { train: train.y })
   */
  survival(
    x: FeatureTable,
    times: ArrayLike<number> = this.#ownTimes(),
    { confidence = this.confidence }: ParametricPredictOptions = {},
  ): readonly PredictedParametricSurvival[] {
    const quantile = this.#checked(times, confidence);
    return this.#patients(x).map((patient, row) => ({
      id: x.ids[row],
      ...meanCurve(this.#locations, [patient], [1], times, quantile),
    }));
  }

  /**
   * Mean survival of the patients: what the model says of a group as a whole.
   *
   * @param options.weights  How much each patient counts, default 1.
   * @throws InputError as `survival`, or if there is no patient.
   */
  meanSurvival(
    x: FeatureTable,
    times: ArrayLike<number> = this.#ownTimes(),
    { confidence = this.confidence, weights }: ParametricPredictOptions & WeightOptions = {},
  ): ParametricCurve {
    const quantile = this.#checked(times, confidence);
    if (x.length === 0)
      throw new InputError("mean survival needs at least 1 patient, found none. Check the filter before.");
    const counted = weightsOf(x.ids, weights)?.values ?? new Float64Array(x.length).fill(1);
    return meanCurve(this.#locations, this.#patients(x), counted, times, quantile);
  }

  /**
   * Time by which a share of patients like each one has had the event, with an interval that is symmetric in ln time.
   *
   * @param share  Between 0 and 1, default 0.5, the median.
   * @returns Columns `time`, `lower`, `upper`, in `timeUnit`; `upper` may be Infinity.
   * @throws InputError as `predict`, or if the share is none; NumericalError if no double can hold a time.
   */
  quantile(
    x: FeatureTable,
    share = 0.5,
    { confidence = this.confidence }: ParametricPredictOptions = {},
  ): FeatureTable {
    checkConfidence(confidence);
    if (!(share > 0 && share < 1))
      throw new InputError(`the share of a quantile must lie between 0 and 1, found ${share}.`);
    const quantile = normalQuantile(1 - (1 - confidence) / 2);
    const z = STANDARD[this.distribution].atSurvival(1 - share);
    const logs = this.#patients(x).map((patient) => logTimeAt(this.#locations, patient, z));
    const times = (side: number): Float64Array =>
      Float64Array.from(logs, ({ value, error }) => Math.exp(value + side * quantile * error));
    const unit = this.timeUnit;
    return new FeatureTable(x.ids, [
      { name: "time", unit, values: this.#held(x, times(0)) },
      { name: "lower", unit, values: times(-1) },
      { name: "upper", unit, values: times(1) },
    ]);
  }

  /**
   * Expected time of each patient, in `timeUnit`: also of a time beyond everybody's follow-up, where the distribution is a belief.
   *
   * @throws InputError as `predict`; NumericalError if the distribution has no mean (log-logistic with a scale from 1 on).
   */
  mean(x: FeatureTable): Scores {
    const log = STANDARD[this.distribution].logMean(this.scale);
    if (!Number.isFinite(log)) {
      throw new NumericalError(
        `a ${STANDARD[this.distribution].name} distribution of scale ${formatNumber(this.scale)} has no mean: its tail is too long. ` +
          "Take the median, quantile(x, 0.5).",
      );
    }
    const times = this.#offsets(x).map((offset) => Math.exp(this.#found.location + offset + log));
    return new Scores(x.ids, this.#held(x, times), `mean time (${this.timeUnit})`);
  }

  /** The model in one sentence for a paper. */
  get sentence(): string {
    return parametricSentence(this);
  }

  get #locations(): FittedLocations {
    return {
      distribution: STANDARD[this.distribution],
      scale: this.scale,
      covariance: this.#found.covariance,
    };
  }

  /** How far each patient's location lies from that at the centers. */
  #offsets(x: FeatureTable): Float64Array {
    const { location } = this.#found;
    return predictNet({ lambda: 0, covariates: this.covariates, intercept: this.intercept - location }, x);
  }

  #patients(x: FeatureTable): readonly PatientLocation[] {
    const { location, centers } = this.#found;
    const columns = this.covariates.map(({ name }) => x.column(name));
    return Array.from(this.#offsets(x), (offset, row) => ({
      location: location + offset,
      design: Float64Array.of(1, ...columns.map((values, j) => values[row] - centers[j])),
    }));
  }

  #ownTimes(): Float64Array {
    return Float64Array.from(new Set(this.training.y.time)).sort();
  }

  /** The normal quantile of the interval. */
  #checked(times: ArrayLike<number>, confidence: number): number {
    checkConfidence(confidence);
    for (let at = 0; at < times.length; at++) {
      if (times[at] >= 0 && times[at] < Number.POSITIVE_INFINITY && (at === 0 || times[at] > times[at - 1]))
        continue;
      throw new InputError(
        `times must be finite, not negative and rising, found ${times[at]} at position ${at}. Sort them.`,
      );
    }
    return normalQuantile(1 - (1 - confidence) / 2);
  }

  /** @throws NumericalError naming a patient whose time is beyond a double. */
  #held(x: FeatureTable, times: Float64Array): Float64Array {
    const wild = times.findIndex((time) => !Number.isFinite(time));
    if (wild < 0) return times;
    throw new NumericalError(
      `the predicted time of patient ${x.ids[wild]} is larger than any double. Check the values and units of that row.`,
    );
  }
}

/** The covariance of the location where all covariates are 0, instead of that at the centers. */
function atZero(covariance: Float64Array, centers: Float64Array, k: number): Float64Array {
  // The location at 0 is that at the centers less the coefficients times these.
  const shift = Float64Array.from({ length: k }, (_, j) =>
    j === 0 ? 1 : j <= centers.length ? -centers[j - 1] : 0,
  );
  const row = Float64Array.from({ length: k }, (_, j) =>
    shift.reduce((sum, part, i) => sum + part * covariance[i * k + j], 0),
  );
  const moved = covariance.slice();
  for (let j = 1; j < k; j++) moved[j] = moved[j * k] = row[j];
  moved[0] = shift.reduce((sum, part, j) => sum + part * row[j], 0);
  return moved;
}
