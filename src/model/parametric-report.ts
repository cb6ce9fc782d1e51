/**
 * A fitted parametric survival model as a table and as a sentence.
 *
 * Layer:  model; imports core (types), table.
 */
import type { MimeBundle } from "../core/display.js";
import { perUnit } from "../table/per-unit.js";
import { formatNumber, formatP, formatPCell, renderTable } from "../table/render.js";
import type { TimeUnit } from "../table/survival-data.js";
import { type CoxWeighting, type ModelTest, ratio } from "./cox-model.js";
import { type ParametricDistribution, STANDARD } from "./parametric-distribution.js";
import type { WaldCovariate } from "./wald.js";

/** One covariate of the model, per one unit of it; `coefficient` is of ln time. */
export interface ParametricCovariate extends WaldCovariate {
  /** exp(coefficient): above 1 times are longer. */
  readonly timeRatio: number;
}

/** What is told of a model. */
export interface ParametricSummary {
  readonly distribution: ParametricDistribution;
  readonly n: number;
  readonly events: number;
  readonly confidence: number;
  readonly covariates: readonly ParametricCovariate[];
  readonly intercept: number;
  readonly scale: number;
  readonly covariance: Float64Array;
  readonly weighting: CoxWeighting;
  readonly logLikelihood: number;
  readonly likelihoodRatio: ModelTest | null;
  readonly aic: number;
  readonly bic: number;
  readonly timeUnit: TimeUnit;
}

/** The model in one sentence for a paper. */
export function parametricSentence(model: ParametricSummary): string {
  const percent = formatNumber(100 * model.confidence, 4);
  const effects = model.covariates.map(({ name, timeRatio, lower, upper, p }) => {
    const interval = `${percent} % CI ${ratio(lower)}–${ratio(upper)}`;
    return `${name}, time ratio ${ratio(timeRatio)} (${interval}, ${formatP(p)}); `;
  });
  return `${heading(model)} (${counts(model)}): ${effects.join("")}${ofAll(model)}AIC ${model.aic.toFixed(1)}.`;
}

export function parametricTable(model: ParametricSummary): MimeBundle {
  const { covariates, covariance, intercept, scale, likelihoodRatio: test } = model;
  const percent = formatNumber(100 * model.confidence, 4);
  const k = Math.sqrt(covariance.length);
  const baseline = (name: string, value: number, at: number): readonly string[] => {
    const error = formatNumber(Math.sqrt(covariance[at * (k + 1)]), 4);
    return [name, "", "", "", formatNumber(value, 4), error, "", ""];
  };
  const words = shape(model);
  return renderTable({
    title: `${heading(model)}: ${counts(model)}`,
    header: [
      "of ln time",
      "time ratio",
      `lower ${percent} %`,
      `upper ${percent} %`,
      "coefficient",
      model.weighting === "sampling" ? "robust SE" : "SE",
      "z",
      "p",
    ],
    rows: [
      ...covariates.map((one) => [
        one.unit === "" ? one.name : `${one.name} (per ${perUnit(one.unit)})`,
        ...[one.timeRatio, one.lower, one.upper, one.coefficient, one.standardError].map((value) =>
          formatNumber(value, 4),
        ),
        one.z.toFixed(2),
        formatPCell(one.p),
      ]),
      baseline("intercept", intercept, 0),
      ...(STANDARD[model.distribution].hasScale ? [baseline("ln scale", Math.log(scale), k - 1)] : []),
    ],
    notes: [
      `${capital(words)}${covariates.length === 0 ? "" : " where all covariates are 0"}`,
      `AIC ${model.aic.toFixed(1)}, BIC ${model.bic.toFixed(1)}, log likelihood ${model.logLikelihood.toFixed(2)}`,
      ...(test === null
        ? []
        : [
            `likelihood ratio test: χ² = ${formatNumber(test.statistic)}, ${test.degreesOfFreedom} df, ${formatP(test.p)}`,
          ]),
    ],
  });
}

const WEIGHTED = {
  none: "",
  frequency: ", frequency weights",
  sampling: ", case weights with robust errors",
};

function heading({ distribution, covariates, weighting }: ParametricSummary): string {
  const { name } = STANDARD[distribution];
  return capital(`${name} ${covariates.length === 0 ? "distribution" : "regression"}${WEIGHTED[weighting]}`);
}

function counts({ n, events }: ParametricSummary): string {
  return `${n} patients, ${events} events`;
}

/** The distribution in its usual parameters. */
function shape({ distribution, intercept, scale, timeUnit }: ParametricSummary): string {
  const number = (value: number): string => formatNumber(value, 4);
  switch (distribution) {
    case "exponential":
      return `rate ${number(Math.exp(-intercept))} per ${perUnit(timeUnit)}`;
    case "log-normal":
      return `ln time with mean ${number(intercept)} and deviation ${number(scale)}`;
    default:
      return `shape ${number(1 / scale)}, scale ${number(Math.exp(intercept))} ${timeUnit}`;
  }
}

/** What a sentence tells of the distribution: with covariates, only what all patients have in common. */
function ofAll(model: ParametricSummary): string {
  if (model.covariates.length === 0) return `${shape(model)}; `;
  if (model.distribution === "exponential") return "";
  if (model.distribution === "log-normal") return `deviation of ln time ${formatNumber(model.scale, 3)}; `;
  return `shape ${formatNumber(1 / model.scale, 3)}; `;
}

function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
