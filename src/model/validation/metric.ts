/**
 * What a validation measures: metrics by name for classes, follow-up and measured outcomes, or one's own.
 *
 * Layer:  model; imports core, table.
 */
import { normalQuantile } from "../../core/distributions.js";
import { InputError } from "../../core/errors.js";
import { Labels } from "../../table/labels.js";
import { Probabilities } from "../../table/probabilities.js";
import { Scores } from "../../table/scores.js";
import type { SurvivalData } from "../../table/survival-data.js";
import { concordance, unoConcordance } from "../concordance.js";
import { binary, binaryAt } from "../metrics/binary.js";
import { type ClassAverage, confusion } from "../metrics/confusion.js";
import { areaUnderCurve, auc } from "../metrics/delong.js";
import { brier, logLoss, multiclassAuc } from "../metrics/multiclass.js";
import { type PositiveClass, probableOutcome } from "../metrics/outcome.js";
import { mae, rmse, rSquared } from "../metrics/regression.js";
import { averagePrecision } from "../metrics/roc.js";
import type { Outcome, Prediction } from "./rows.js";

/** A measure of predictions against outcomes. */
export interface Metric<Target extends Outcome, Output extends Prediction> {
  readonly name: string;
  /** Whether a lower value is better. */
  readonly isError: boolean;
  /** @throws InputError or NumericalError where it is not defined, e.g. on one class only. */
  readonly score: (y: Target, predicted: Output) => number;
  /** Limits of a confidence interval, if there is a better one than by the bootstrap. */
  readonly interval?: (y: Target, predicted: Output, confidence: number) => Limits;
}

export interface Limits {
  readonly lower: number;
  readonly upper: number;
}

/** Metrics of classes by name. */
export const CLASS_METRICS = [
  "auc",
  "average precision",
  "brier",
  "log loss",
  "accuracy",
  "balanced accuracy",
  "sensitivity",
  "specificity",
  "precision",
  "f1",
  "kappa",
  "mcc",
] as const;

/** Metrics of follow-up by name. */
export const SURVIVAL_METRICS = ["concordance", "uno concordance"] as const;

/** Metrics of measured outcomes by name. */
export const REGRESSION_METRICS = ["r2", "rmse", "mae"] as const;

export type ClassMetricName = (typeof CLASS_METRICS)[number];
export type SurvivalMetricName = (typeof SURVIVAL_METRICS)[number];
export type RegressionMetricName = (typeof REGRESSION_METRICS)[number];

/** Names that fit the outcome. */
export type MetricName<Target> = Target extends Labels
  ? ClassMetricName
  : Target extends Scores
    ? RegressionMetricName
    : SurvivalMetricName;

/** The metrics by name or as given; by default the area under the ROC curve, Harrell's concordance, or R². */
export function metricsFor<Target extends Outcome, Output extends Prediction>(
  y: Target,
  given: readonly (MetricName<Target> | Metric<Target, Output>)[] | undefined,
  positive: PositiveClass,
): readonly Metric<Target, Output>[] {
  const known: readonly string[] =
    y instanceof Labels ? CLASS_METRICS : y instanceof Scores ? REGRESSION_METRICS : SURVIVAL_METRICS;
  // The first of each kind is the one to begin with.
  const names: readonly (string | Metric<Target, Output>)[] = given ?? [known[0]];
  if (names.length === 0)
    throw new InputError("no metric is asked for. Name at least one, or leave them out.");
  return names.map((name) => {
    if (typeof name !== "string") return name;
    if (!known.includes(name)) {
      throw new InputError(`there is no metric "${name}" of this outcome. There are: ${known.join(", ")}.`);
    }
    const found: unknown =
      y instanceof Labels
        ? classMetric(name as ClassMetricName, positive, y.classes.length)
        : y instanceof Scores
          ? regressionMetric(name as RegressionMetricName)
          : survivalMetric(name as SurvivalMetricName);
    return found as Metric<Target, Output>;
  });
}

function survivalMetric(name: SurvivalMetricName): Metric<SurvivalData, Scores> {
  const of = name === "concordance" ? concordance : unoConcordance;
  return {
    name,
    isError: false,
    score: (y, risk) => of(y, risk).c,
    interval: (y, risk, confidence) => {
      const { c, standardError } = of(y, risk);
      const width = normalQuantile((1 + confidence) / 2) * standardError;
      return { lower: Math.max(0, c - width), upper: Math.min(1, c + width) };
    },
  };
}

function regressionMetric(name: RegressionMetricName): Metric<Scores, Scores> {
  return { name, isError: name !== "r2", score: { r2: rSquared, rmse, mae }[name] };
}

function classMetric(
  name: ClassMetricName,
  options: PositiveClass,
  classes: number,
): Metric<Labels, Prediction> {
  const isBinary = classes === 2 || options.positive !== undefined;
  const metric = isBinary ? twoClassMetric(name, options) : multiclassMetric(name);
  return { name, isError: name === "brier" || name === "log loss", ...metric };
}

type Measure = Pick<Metric<Labels, Prediction>, "score" | "interval">;

function twoClassMetric(name: ClassMetricName, options: PositiveClass): Measure {
  const scores = (y: Labels, predicted: Prediction): Scores => scoresOf(y, predicted, options);
  switch (name) {
    case "auc":
      return {
        score: (y, predicted) => areaUnderCurve(y, scores(y, predicted), options),
        interval: (y, predicted, confidence) =>
          auc(y, scores(y, predicted), { ...options, confidence }).interval,
      };
    case "average precision":
      return { score: (y, predicted) => averagePrecision(y, scores(y, predicted), options) };
    case "brier":
      return { score: (y, predicted) => brier(y, scores(y, predicted), options) };
    case "log loss":
      return { score: (y, predicted) => logLoss(y, scores(y, predicted), options) };
    default: {
      const at = (y: Labels, predicted: Prediction, confidence = 0.95): ReturnType<typeof binary> => {
        if (predicted instanceof Probabilities) {
          return binary(y, inClassesOf(y, predicted), { ...options, confidence });
        }
        // Only a probability has one half as its cut.
        probableOutcome(y, predicted, options);
        return binaryAt(y, predicted, 0.5, { ...options, confidence });
      };
      if (name === "balanced accuracy") return { score: (y, predicted) => at(y, predicted).balancedAccuracy };
      if (name === "f1") return { score: (y, predicted) => at(y, predicted).f };
      if (name === "kappa" || name === "mcc") return { score: (y, predicted) => at(y, predicted)[name] };
      return {
        score: (y, predicted) => at(y, predicted)[name].value,
        interval: (y, predicted, confidence) => {
          const { interval, value } = at(y, predicted, confidence)[name];
          return interval ?? { lower: value, upper: value };
        },
      };
    }
  }
}

function multiclassMetric(name: ClassMetricName): Measure {
  if (name === "auc") return { score: (y, predicted) => multiclassAuc(y, ofEachClass(y, predicted)) };
  if (name === "log loss") return { score: (y, predicted) => logLoss(y, ofEachClass(y, predicted)) };
  const macro: { readonly [other: string]: keyof ClassAverage } = {
    sensitivity: "recall",
    precision: "precision",
    f1: "f1",
  };
  return {
    score: (y, predicted) => {
      const found = confusion(y, inClassesOf(y, ofEachClass(y, predicted)));
      if (name in macro) return found.macro[macro[name]];
      if (name === "accuracy" || name === "kappa" || name === "mcc") return found[name];
      if (name === "balanced accuracy") return found.balancedAccuracy;
      throw new InputError(
        `"${name}" is of two classes, but "${y.name}" has ${y.classes.length} (${y.classes.join(", ")}). Say which is the outcome: { positive: "…" }.`,
      );
    },
  };
}

/** The score of the outcome. */
function scoresOf(y: Labels, predicted: Prediction, { positive = y.classes[1] }: PositiveClass): Scores {
  return predicted instanceof Probabilities ? predicted.of(positive) : predicted;
}

function ofEachClass(y: Labels, predicted: Prediction): Probabilities {
  if (predicted instanceof Probabilities) return predicted;
  throw new InputError(
    `"${y.name}" has ${y.classes.length} classes, but one score per patient was predicted. Use a classifier that gives a ` +
      'probability for each class, or say which class is the outcome: { positive: "…" }.',
  );
}

/** The likeliest class, named among all classes of `y`: a model may not have seen each of them. */
function inClassesOf(y: Labels, predicted: Probabilities): Labels {
  const { ids, values, name } = predicted.likeliest();
  return new Labels(ids, values, { classes: y.classes, name });
}
