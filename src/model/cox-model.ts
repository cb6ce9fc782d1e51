/**
 * A fitted Cox model: coefficients, tests, baseline hazard, prediction, and how it reports itself.
 *
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { chiSquareTail, logChiSquareTail, normalQuantile } from "../core/distributions.js";
import { InputError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import type { Labels } from "../table/labels.js";
import { formatNumber, formatP } from "../table/render.js";
import { Scores } from "../table/scores.js";
import type { SurvivalData, TimeUnit } from "../table/survival-data.js";
import type { Concordance } from "./concordance.js";
import type { BaselineHazard } from "./cox-baseline.js";
import type { Ties } from "./cox-likelihood.js";
import { effectTable } from "./effect-table.js";
import type { Fitted } from "./estimator.js";
import { checkFinite } from "./standardize-columns.js";
import { type WaldCovariate, waldTest } from "./wald.js";

/** Hazards are exp(score): beyond this they leave the range of a double. */
export const LARGEST_SCORE = 700;

/** One covariate of the model, per one unit of the covariate. */
export interface CoxCovariate extends WaldCovariate {
  readonly hazardRatio: number;
}

/** A chi-square test of the whole model. */
export interface ModelTest {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
  readonly logP: number;
}

/** What `fit` was given. */
export interface CoxTraining {
  readonly x: FeatureTable;
  readonly y: SurvivalData;
  readonly strata: Labels | undefined;
  /** How often each patient counts; 1 for each without weights. */
  readonly weights: Float64Array;
}

/** What the case weights are: none, whole numbers of equal patients, or any others, which need robust errors. */
export type CoxWeighting = "none" | "frequency" | "sampling";

/** What the fit found, on the scale of the columns as they were given. */
export interface CoxEstimates {
  readonly ties: Ties;
  readonly confidence: number;
  readonly n: number;
  readonly events: number;
  readonly unit: TimeUnit;
  readonly columns: readonly { readonly name: string; readonly unit: string }[];
  readonly coefficients: Float64Array;
  /** Value of each column at which the score is 0. */
  readonly centers: Float64Array;
  /** p × p, row-major; robust with sampling weights. */
  readonly covariance: Float64Array;
  /** Inverse of the information. */
  readonly naiveCovariance: Float64Array;
  readonly weighting: CoxWeighting;
  readonly logLikelihood: number;
  readonly nullLogLikelihood: number;
  readonly scoreStatistic: number;
  readonly waldStatistic: number;
  readonly concordance: Concordance;
  /** Of a patient whose score is 0. */
  readonly baseline: readonly BaselineHazard[];
  readonly iterations: number;
  readonly training: CoxTraining;
}

/** The weighting in the title and the sentence. */
const WEIGHTED: { readonly [Weighting in CoxWeighting]: string } = {
  none: "",
  frequency: ", frequency weights",
  sampling: ", case weights with robust errors",
};

/** A fitted Cox model. Shows itself as a table; `sentence` is for the paper. */
export class CoxModel implements Fitted<Scores> {
  readonly ties: Ties;
  readonly n: number;
  readonly events: number;
  /** Coverage of the intervals. */
  readonly confidence: number;
  readonly covariates: readonly CoxCovariate[];
  /** Value of each covariate at which the score is 0: its (weighted) mean, or 0 for columns of −1, 0 and 1 (R's rule). */
  readonly centers: Float64Array;
  /** Covariance of the coefficients, p × p, row-major: robust if the weights are no whole numbers, else `naiveCovariance`. */
  readonly covariance: Float64Array;
  /** Covariance of the coefficients if the model holds and the patients are independent: the inverse of the information. */
  readonly naiveCovariance: Float64Array;
  readonly weighting: CoxWeighting;
  readonly logLikelihood: number;
  readonly nullLogLikelihood: number;
  readonly likelihoodRatio: ModelTest;
  readonly wald: ModelTest;
  readonly score: ModelTest;
  /** Akaike's criterion: 2p − 2 log likelihood. */
  readonly aic: number;
  /** On the patients it was fitted on: optimistic for new ones. */
  readonly concordance: Concordance;
  /** Cumulative hazard of a patient whose score is 0, one step function per stratum, times in `timeUnit`. */
  readonly baseline: readonly BaselineHazard[];
  readonly timeUnit: TimeUnit;
  readonly iterations: number;
  /** What it was fitted on: residuals and tests of its assumptions need it. */
  readonly training: CoxTraining;

  constructor(found: CoxEstimates) {
    const p = found.columns.length;
    const z = normalQuantile(1 - (1 - found.confidence) / 2);
    this.ties = found.ties;
    this.n = found.n;
    this.events = found.events;
    this.confidence = found.confidence;
    this.covariates = found.columns.map((column, j) =>
      covariate(column, found.coefficients[j], Math.sqrt(found.covariance[j * p + j]), z),
    );
    this.centers = found.centers;
    this.covariance = found.covariance;
    this.naiveCovariance = found.naiveCovariance;
    this.weighting = found.weighting;
    this.logLikelihood = found.logLikelihood;
    this.nullLogLikelihood = found.nullLogLikelihood;
    this.likelihoodRatio = modelTest(2 * (found.logLikelihood - found.nullLogLikelihood), p);
    this.wald = modelTest(found.waldStatistic, p);
    this.score = modelTest(found.scoreStatistic, p);
    this.aic = 2 * p - 2 * found.logLikelihood;
    this.concordance = found.concordance;
    this.baseline = found.baseline;
    this.timeUnit = found.unit;
    this.iterations = found.iterations;
    this.training = found.training;
    showAs(this, () => this.#show());
  }

  /** What `predict` gives. */
  readonly outputUnit = "log hazard";

  /** Linear predictor of a patient whose covariates are all 0. */
  get intercept(): number {
    return -this.covariates.reduce((sum, found, j) => sum + found.coefficient * this.centers[j], 0);
  }

  /** Coefficients in the order of the covariates. */
  get coefficients(): Float64Array {
    return Float64Array.from(this.covariates, (found) => found.coefficient);
  }

  /**
   * Linear predictor of each patient: log hazard against a patient at `centers`.
   *
   * @param x  Holds the model's columns by name, in any order; others are ignored.
   * @throws InputError if a column is absent, has another unit, or lacks a value.
   */
  predict(x: FeatureTable): Scores {
    const columns = x.select(this.covariates.map((found) => found.name));
    checkFinite(columns);
    const values = new Float64Array(x.length);
    columns.columns.forEach((column, j) => {
      const { name, unit, coefficient } = this.covariates[j];
      if (column.unit !== unit) {
        throw new InputError(
          `the model was fitted on "${name}" in "${unit}", but the table has it in "${column.unit}". Convert it first.`,
        );
      }
      for (let row = 0; row < values.length; row++) {
        values[row] += coefficient * (column.values[row] - this.centers[j]);
      }
    });
    return new Scores(x.ids, values, "linear predictor");
  }

  /** The model in one sentence for a paper. */
  get sentence(): string {
    const percent = formatNumber(this.confidence * 100, 4);
    const ties = this.ties === "efron" ? "Efron" : "Breslow";
    const effects = this.covariates.map(({ name, hazardRatio, lower, upper, p }) => {
      const interval = `${percent} % CI ${ratio(lower)}–${ratio(upper)}`;
      return `${name}, hazard ratio ${ratio(hazardRatio)} (${interval}, ${formatP(p)})`;
    });
    const { c, standardError } = this.concordance;
    return (
      `Cox regression (${ties} ties${WEIGHTED[this.weighting]}; ${this.n} patients, ${this.events} events): ${effects.join("; ")}; ` +
      `concordance ${c.toFixed(3)} (SE ${standardError.toFixed(3)}), likelihood ratio test ${formatP(this.likelihoodRatio.p)}.`
    );
  }

  #show(): MimeBundle {
    const tests = [
      ["likelihood ratio", this.likelihoodRatio],
      ["Wald", this.wald],
      ["score", this.score],
    ] as const;
    return effectTable(
      this.covariates.map((found) => ({ ...found, ratio: found.hazardRatio })),
      {
        title: `Cox regression, ${this.ties === "efron" ? "Efron" : "Breslow"} ties${WEIGHTED[this.weighting]}: ${this.n} patients, ${this.events} events`,
        ratio: "hazard ratio",
        error: this.weighting === "sampling" ? "robust SE" : "SE",
        confidence: this.confidence,
        notes: [
          `Concordance ${this.concordance.c.toFixed(3)} (SE ${this.concordance.standardError.toFixed(3)}) on the same patients`,
          ...tests.map(
            ([name, test]) =>
              `${name} test: χ² = ${formatNumber(test.statistic)}, ${test.degreesOfFreedom} df, ${formatP(test.p)}`,
          ),
        ],
      },
    );
  }
}

/** For what has no definition with case weights yet. @throws InputError if the model has them. */
export function refuseWeights({ weighting }: CoxModel, what: string): void {
  if (weighting === "none") return;
  throw new InputError(`${what} do not count case weights, but the model has them. Fit it without weights.`);
}

function covariate(
  { name, unit }: { readonly name: string; readonly unit: string },
  coefficient: number,
  standardError: number,
  quantile: number,
): CoxCovariate {
  const { ratio, ...test } = waldTest(coefficient, standardError, quantile);
  return { name, unit, coefficient, standardError, ...test, hazardRatio: ratio };
}

/** A chi-square test of a statistic. */
export function modelTest(statistic: number, degreesOfFreedom: number): ModelTest {
  // Rounding can leave a statistic a hair below 0 where nothing was explained.
  const value = Math.max(0, statistic);
  return {
    statistic: value,
    degreesOfFreedom,
    p: chiSquareTail(value, degreesOfFreedom),
    logP: logChiSquareTail(value, degreesOfFreedom),
  };
}

/** A ratio in a sentence: two digits behind the point unless it is far from 1. */
export function ratio(value: number): string {
  return value >= 0.1 && value < 100 ? value.toFixed(2) : formatNumber(value, 3);
}
