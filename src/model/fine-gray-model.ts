/**
 * A fitted Fine–Gray model: coefficients, tests, baseline, predicted incidence, and how it reports itself.
 *
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { normalQuantile } from "../core/distributions.js";
import type { FeatureTable } from "../table/feature-table.js";
import { formatNumber, formatP } from "../table/render.js";
import { Scores } from "../table/scores.js";
import type { TimeUnit } from "../table/survival-data.js";
import { type ModelTest, modelTest } from "./cox-model.js";
import { effectTable } from "./effect-table.js";
import type { Fitted } from "./estimator.js";
import { predictNet } from "./penalized/net-path.js";
import { type WaldCovariate, waldTest } from "./wald.js";

/** One covariate of the model, per one unit of the covariate. */
export interface FineGrayCovariate extends WaldCovariate {
  /** exp(coefficient): above 1 the incidence rises. Errors are robust. */
  readonly subdistributionHazardRatio: number;
}

/** A patient's predicted incidence: 0 at first, then a value from each time on. */
export interface PredictedIncidence {
  readonly id: string;
  readonly time: Float64Array;
  readonly incidence: Float64Array;
}

/** What the fit found, on the scale of the columns as they were given. */
export interface FineGrayEstimates {
  readonly cause: string;
  readonly confidence: number;
  readonly n: number;
  readonly events: number;
  readonly competing: number;
  readonly unit: TimeUnit;
  readonly columns: readonly { readonly name: string; readonly unit: string }[];
  readonly coefficients: Float64Array;
  /** Value of each column at which the score is 0: its mean. */
  readonly centers: Float64Array;
  /** p × p, row-major. */
  readonly covariance: Float64Array;
  readonly logLikelihood: number;
  readonly nullLogLikelihood: number;
  readonly baseline: { readonly time: Float64Array; readonly cumulativeHazard: Float64Array };
}

/** A fitted Fine–Gray model. Shows itself as a table; `sentence` is for the paper. */
export class FineGrayModel implements Fitted<Scores> {
  /** What `predict` gives. */
  readonly outputUnit = "log subdistribution hazard";
  /** The kind of event that is modelled. */
  readonly cause: string;
  readonly n: number;
  /** Events of the cause. */
  readonly events: number;
  /** Events of other kinds. */
  readonly competing: number;
  /** Coverage of the intervals. */
  readonly confidence: number;
  readonly covariates: readonly FineGrayCovariate[];
  /** Linear predictor of a patient whose covariates are all 0; that of a patient at the means is 0. */
  readonly intercept: number;
  /** Robust covariance of the coefficients, p × p, row-major. */
  readonly covariance: Float64Array;
  readonly logLikelihood: number;
  readonly nullLogLikelihood: number;
  /** Of a pseudo-likelihood, as cmprsk prints it: for comparison with it rather than for a paper. */
  readonly likelihoodRatio: ModelTest;
  /** Cumulative subdistribution hazard of a patient at the means of the covariates; times in `timeUnit`. */
  readonly baseline: { readonly time: Float64Array; readonly cumulativeHazard: Float64Array };
  readonly timeUnit: TimeUnit;

  constructor(found: FineGrayEstimates) {
    const p = found.columns.length;
    const quantile = normalQuantile(1 - (1 - found.confidence) / 2);
    this.cause = found.cause;
    this.n = found.n;
    this.events = found.events;
    this.competing = found.competing;
    this.confidence = found.confidence;
    this.covariates = found.columns.map(({ name, unit }, j): FineGrayCovariate => {
      const coefficient = found.coefficients[j];
      const standardError = Math.sqrt(found.covariance[j * p + j]);
      const { ratio, ...test } = waldTest(coefficient, standardError, quantile);
      return { name, unit, coefficient, standardError, ...test, subdistributionHazardRatio: ratio };
    });
    this.intercept = -found.coefficients.reduce((sum, value, j) => sum + value * found.centers[j], 0);
    this.covariance = found.covariance;
    this.logLikelihood = found.logLikelihood;
    this.nullLogLikelihood = found.nullLogLikelihood;
    this.likelihoodRatio = modelTest(2 * (found.logLikelihood - found.nullLogLikelihood), p);
    this.baseline = found.baseline;
    this.timeUnit = found.unit;
    showAs(this, () => this.#show());
  }

  /**
   * Linear predictor of each patient: log subdistribution hazard against a patient at the means.
   *
   * @param x  Holds the model's columns by name, in any order; others are ignored.
   * @throws InputError if a column is absent, has another unit, or lacks a value.
   */
  predict(x: FeatureTable): Scores {
    const { covariates, intercept } = this;
    return new Scores(x.ids, predictNet({ lambda: 0, covariates, intercept }, x), "linear predictor");
  }

  /** Cumulative incidence of the cause: 1 − exp(−baseline · exp(score)). Errors as `predict`. */
  incidence(x: FeatureTable): readonly PredictedIncidence[] {
    const { ids, values } = this.predict(x);
    const { time, cumulativeHazard } = this.baseline;
    return ids.map((id, row) => {
      const risk = Math.exp(values[row]);
      return { id, time, incidence: cumulativeHazard.map((hazard) => -Math.expm1(-hazard * risk)) };
    });
  }

  /** The model in one sentence for a paper. */
  get sentence(): string {
    const percent = formatNumber(this.confidence * 100, 4);
    const effects = this.covariates.map(
      ({ name, subdistributionHazardRatio, lower, upper, p }) =>
        `${name}, subdistribution hazard ratio ${formatNumber(subdistributionHazardRatio, 3)} ` +
        `(${percent} % CI ${formatNumber(lower, 3)}–${formatNumber(upper, 3)}, ${formatP(p)})`,
    );
    return (
      `Fine–Gray regression of ${this.cause} (${this.n} patients, ${this.events} events, ` +
      `${this.competing} competing): ${effects.join("; ")}.`
    );
  }

  #show(): MimeBundle {
    const { cause, n, events, competing, likelihoodRatio } = this;
    return effectTable(
      this.covariates.map((found) => ({ ...found, ratio: found.subdistributionHazardRatio })),
      {
        title: `Fine–Gray regression of ${cause}: ${n} patients, ${events} events, ${competing} competing`,
        ratio: "subdistribution hazard ratio",
        error: "robust SE",
        confidence: this.confidence,
        notes: [
          `pseudo likelihood ratio test: χ² = ${formatNumber(likelihoodRatio.statistic)}, ` +
            `${likelihoodRatio.degreesOfFreedom} df, ${formatP(likelihoodRatio.p)}`,
        ],
      },
    );
  }
}
