/**
 * A fitted logistic model: odds ratios, tests, prediction, and how it reports itself.
 *
 * Layer:  model; imports core, table.
 */

import { type MimeBundle, showAs } from "../core/display.js";
import { chiSquareTail, logChiSquareTail, normalQuantile } from "../core/distributions.js";
import type { FeatureTable } from "../table/feature-table.js";
import { formatNumber, formatP } from "../table/render.js";
import { Scores } from "../table/scores.js";
import type { ModelTest } from "./cox-model.js";
import { effectTable } from "./effect-table.js";
import type { Fitted } from "./estimator.js";
import { probabilityOf } from "./logistic-net-model.js";
import { predictNet } from "./penalized/net-path.js";
import { type WaldCovariate, waldTest } from "./wald.js";

/** One covariate of the model, per one unit of the covariate. */
export interface LogisticCovariate extends WaldCovariate {
  readonly oddsRatio: number;
}

/** What the fit found, on the scale of the columns as they were given. */
export interface LogisticEstimates {
  readonly positive: string;
  readonly confidence: number;
  readonly n: number;
  readonly positives: number;
  readonly columns: readonly { readonly name: string; readonly unit: string }[];
  /** Intercept first. */
  readonly coefficients: Float64Array;
  /** Of intercept and coefficients, row-major. */
  readonly covariance: Float64Array;
  readonly logLikelihood: number;
  readonly nullLogLikelihood: number;
  readonly iterations: number;
}

/** A fitted logistic model. Shows itself as a table; `sentence` is for the paper. */
export class LogisticModel implements Fitted<Scores> {
  /** The class whose probability is predicted. */
  readonly positive: string;
  readonly n: number;
  readonly positives: number;
  /** Coverage of the intervals. */
  readonly confidence: number;
  readonly covariates: readonly LogisticCovariate[];
  /** The intercept with its tests; its odds ratio is the odds of a patient whose covariates are all 0. */
  readonly constant: LogisticCovariate;
  /** Covariance of intercept and coefficients, row-major. */
  readonly covariance: Float64Array;
  readonly logLikelihood: number;
  readonly deviance: number;
  readonly nullDeviance: number;
  readonly likelihoodRatio: ModelTest;
  /** Akaike's and Bayes' criterion. */
  readonly aic: number;
  readonly bic: number;
  readonly iterations: number;
  /** What `linearPredictor` gives. */
  readonly outputUnit = "log odds";

  constructor(found: LogisticEstimates) {
    const width = found.coefficients.length;
    const quantile = normalQuantile(1 - (1 - found.confidence) / 2);
    const [constant, ...covariates] = [{ name: "intercept", unit: "" }, ...found.columns].map((column, j) =>
      covariate(column, found.coefficients[j], Math.sqrt(found.covariance[j * width + j]), quantile),
    );
    this.positive = found.positive;
    this.n = found.n;
    this.positives = found.positives;
    this.confidence = found.confidence;
    this.covariates = covariates;
    this.constant = constant;
    this.covariance = found.covariance;
    this.logLikelihood = found.logLikelihood;
    this.deviance = -2 * found.logLikelihood;
    this.nullDeviance = -2 * found.nullLogLikelihood;
    // Rounding can leave a statistic a hair below 0 where nothing was explained.
    const statistic = Math.max(0, this.nullDeviance - this.deviance);
    const degreesOfFreedom = width - 1;
    this.likelihoodRatio = {
      statistic,
      degreesOfFreedom,
      p: chiSquareTail(statistic, degreesOfFreedom),
      logP: logChiSquareTail(statistic, degreesOfFreedom),
    };
    this.aic = this.deviance + 2 * width;
    this.bic = this.deviance + Math.log(found.n) * width;
    this.iterations = found.iterations;
    showAs(this, () => this.#show());
  }

  /** Log odds of a patient whose covariates are all 0. */
  get intercept(): number {
    return this.constant.coefficient;
  }

  /**
   * Probability of the positive class.
   *
   * @param x  Holds the model's columns by name, in any order; others are ignored.
   * @throws InputError if a column is absent, has another unit, or lacks a value.
   */
  predict(x: FeatureTable): Scores {
    return new Scores(x.ids, this.#logOdds(x).map(probabilityOf), `probability of ${this.positive}`);
  }

  /** Log odds of the positive class. Errors as `predict`. */
  linearPredictor(x: FeatureTable): Scores {
    return new Scores(x.ids, this.#logOdds(x), "log odds");
  }

  /** The model in one sentence for a paper. */
  get sentence(): string {
    const percent = formatNumber(this.confidence * 100, 4);
    const effects = this.covariates.map(({ name, oddsRatio, lower, upper, p }) => {
      const interval = `${percent} % CI ${formatNumber(lower, 3)}–${formatNumber(upper, 3)}`;
      return `${name}, odds ratio ${formatNumber(oddsRatio, 3)} (${interval}, ${formatP(p)})`;
    });
    return (
      `Logistic regression of "${this.positive}" (${this.n} patients, ${this.positives} with it): ${effects.join("; ")}; ` +
      `likelihood ratio test ${formatP(this.likelihoodRatio.p)}.`
    );
  }

  #logOdds(x: FeatureTable): Float64Array {
    return predictNet({ lambda: 0, covariates: this.covariates, intercept: this.intercept }, x);
  }

  #show(): MimeBundle {
    const { statistic, degreesOfFreedom, p } = this.likelihoodRatio;
    return effectTable(
      [...this.covariates, this.constant].map((found) => ({ ...found, ratio: found.oddsRatio })),
      {
        title: `Logistic regression of "${this.positive}": ${this.n} patients, ${this.positives} with it`,
        ratio: "odds ratio",
        error: "SE",
        confidence: this.confidence,
        notes: [
          `likelihood ratio test: χ² = ${formatNumber(statistic)}, ${degreesOfFreedom} df, ${formatP(p)}`,
          `AIC ${formatNumber(this.aic)}, BIC ${formatNumber(this.bic)}`,
        ],
      },
    );
  }
}

function covariate(
  { name, unit }: { readonly name: string; readonly unit: string },
  coefficient: number,
  standardError: number,
  quantile: number,
): LogisticCovariate {
  const { ratio, ...test } = waldTest(coefficient, standardError, quantile);
  return { name, unit, coefficient, standardError, ...test, oddsRatio: ratio };
}
