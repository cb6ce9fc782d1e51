/**
 * Area under the ROC curve with DeLong's variance, and the tests of two areas. O(n log n).
 *
 * Source: DeLong, DeLong & Clarke-Pearson 1988, doi:10.2307/2531595; Sun & Xu 2014, doi:10.1109/LSP.2014.2337313.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { normalQuantile } from "../../core/distributions.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { checkSameIds } from "../../table/ids.js";
import type { Labels } from "../../table/labels.js";
import { formatP, renderTable } from "../../table/render.js";
import type { Scores } from "../../table/scores.js";
import { checkConfidence } from "../statistics/sample.js";
import {
  brief,
  type ConfidenceInterval,
  formatInterval,
  shown,
  type TestResult,
  tTest,
  zTest,
} from "../statistics/test-result.js";
import { type Outcome, type PositiveClass, scoredOutcome } from "./outcome.js";
import { areaOf, type Placements, placementsOf, sortedPlacementsOf } from "./placements.js";

export interface AucOptions extends PositiveClass {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Scale on which the interval is symmetric: "plain" (default, as pROC) or "logit", which never leaves [0, 1]. */
  readonly interval?: "plain" | "logit";
}

/** Area under the ROC curve. */
export interface Auc {
  /** Share of the pairs of a patient with and one without the outcome in which the first has the higher score; ties half. */
  readonly auc: number;
  /** DeLong's; 0 if the scores separate the classes, whose error then cannot be estimated. */
  readonly standardError: number;
  readonly interval: ConfidenceInterval;
  readonly positives: number;
  readonly negatives: number;
  readonly sentence: string;
}

/**
 * @param y  n patients of two classes.
 * @param score  The higher, the likelier the outcome.
 * @throws InputError on mismatched ids, one class only, or fewer than 2 patients in a class.
 *
 * @example
 * const { auc, interval } = model.metrics.auc(test.y, fitted.predict(test.x));
 */
export function auc(y: Labels, score: Scores, options: AucOptions = {}): Auc {
  const { confidence = 0.95, interval = "plain" } = options;
  checkConfidence(confidence);
  if (interval !== "plain" && interval !== "logit") {
    throw new InputError(`the interval must be "plain" or "logit", found "${String(interval)}".`);
  }
  const outcome = scoredOutcome(y, score, options);
  refuseFew(outcome);
  const placements = sortedPlacementsOf(outcome.isPositive, score.values);
  const area = areaOf(placements);
  const standardError = Math.sqrt(covarianceOf(placements, area, placements, area));
  const limits = limitsOf(area, standardError, normalQuantile((1 + confidence) / 2), interval);
  const result = {
    auc: area,
    standardError,
    interval: { ...limits, confidence },
    positives: outcome.positives,
    negatives: outcome.negatives,
    sentence: `The area under the ROC curve was ${brief(area)} (${formatInterval({ ...limits, confidence })}, DeLong; ${outcome.positives} with and ${outcome.negatives} without the outcome).`,
  };
  return showAs(result, () => show(result));
}

/** The area alone, for loops. Errors as `auc`, but one patient per class is enough. */
export function areaUnderCurve(y: Labels, score: Scores, options: PositiveClass = {}): number {
  const { isPositive } = scoredOutcome(y, score, options);
  return areaOf(sortedPlacementsOf(isPositive, score.values));
}

/** DeLong's test of two areas. `statistic` is z if paired, otherwise t. */
export interface AucComparison extends TestResult {
  readonly paired: boolean;
  readonly first: number;
  readonly second: number;
  /** First minus second. */
  readonly difference: number;
  readonly standardError: number;
  /** Of the difference; normal distribution. */
  readonly interval: ConfidenceInterval;
  /** Covariance of the two areas; 0 if they are of different patients. */
  readonly covariance: number;
  /** Of the unpaired test; Infinity for the paired one, which uses the normal distribution. */
  readonly degreesOfFreedom: number;
}

export interface AucComparisonOptions extends PositiveClass {
  /** Of the interval of the difference, default 0.95. */
  readonly confidence?: number;
}

/**
 * Compares two scores of the same patients.
 *
 * @throws InputError as `auc`; NumericalError if the areas differ without any variance.
 *
 * @example
 * const test = model.metrics.compareAuc(y, radiomics.predict(x), clinical.predict(x));
 */
export function compareAuc(
  y: Labels,
  first: Scores,
  second: Scores,
  options: AucComparisonOptions = {},
): AucComparison {
  const { confidence = 0.95 } = options;
  checkConfidence(confidence);
  const outcome = scoredOutcome(y, first, options);
  checkSameIds(first.ids, second.ids, first.name, second.name);
  const [a, b] = [checkedPlacements(outcome, first), checkedPlacements(outcome, second)];
  const [areaA, areaB] = [areaOf(a), areaOf(b)];
  const covariance = covarianceOf(a, areaA, b, areaB);
  const variance = covarianceOf(a, areaA, a, areaA) + covarianceOf(b, areaB, b, areaB) - 2 * covariance;
  // Scores that rank alike leave only rounding, of either sign.
  const standardError = sameRanks(a, b) ? 0 : Math.sqrt(Math.max(0, variance));
  const difference = areaA - areaB;
  const z = ratio(difference, standardError);
  return comparison("DeLong's paired test", {
    paired: true,
    first: areaA,
    second: areaB,
    standardError,
    covariance,
    statistic: z,
    p: zTest(z, "two-sided"),
    degreesOfFreedom: Number.POSITIVE_INFINITY,
    confidence,
  });
}

/** Compares the areas of two groups of patients. Errors as `compareAuc`. */
export function compareAucOfGroups(
  first: { readonly y: Labels; readonly score: Scores },
  second: { readonly y: Labels; readonly score: Scores },
  options: AucComparisonOptions = {},
): AucComparison {
  const { confidence = 0.95 } = options;
  checkConfidence(confidence);
  const [a, b] = [first, second].map(({ y, score }) =>
    checkedPlacements(scoredOutcome(y, score, options), score),
  );
  const [areaA, areaB] = [areaOf(a), areaOf(b)];
  const [va, vb] = [covarianceOf(a, areaA, a, areaA), covarianceOf(b, areaB, b, areaB)];
  const standardError = Math.sqrt(va + vb);
  const statistic = ratio(areaA - areaB, standardError);
  const [na, nb] = [first.y.length, second.y.length];
  const df = va + vb === 0 ? na + nb - 2 : (va + vb) ** 2 / (va ** 2 / (na - 1) + vb ** 2 / (nb - 1));
  return comparison("DeLong's unpaired test", {
    paired: false,
    first: areaA,
    second: areaB,
    standardError,
    covariance: 0,
    statistic,
    p: tTest(statistic, df, "two-sided"),
    degreesOfFreedom: df,
    confidence,
  });
}

function comparison(
  method: string,
  {
    confidence,
    ...found
  }: Omit<AucComparison, keyof TestResult | "difference" | "interval"> & {
    readonly statistic: number;
    readonly p: number;
    readonly confidence: number;
  },
): AucComparison {
  const difference = found.first - found.second;
  const width = normalQuantile((1 + confidence) / 2) * found.standardError;
  const interval = { lower: difference - width, upper: difference + width, confidence };
  const result = {
    method,
    ...found,
    difference,
    interval,
    sentence: `The areas under the ROC curves were ${brief(found.first)} and ${brief(found.second)}, difference ${brief(difference)} (${formatInterval(interval)}; ${method}, ${formatP(found.p)}).`,
  };
  return shown(result, [
    ["areas", `${brief(found.first)}, ${brief(found.second)}`],
    ["difference", difference],
    ["interval", formatInterval(interval)],
    [found.paired ? "z" : "t", found.statistic],
    ["p", found.p],
  ]);
}

/** No difference without variance is z = 0, as pROC has it; a difference without variance cannot be tested. */
function ratio(difference: number, standardError: number): number {
  if (standardError > 0) return difference / standardError;
  if (Math.abs(difference) < 1e-14) return 0;
  throw new NumericalError(
    "the two areas differ but have no variance, because both scores separate or rank the classes without exception: " +
      "DeLong's test has no answer. Use a bootstrap or permutation test.",
  );
}

function sameRanks(a: Placements, b: Placements): boolean {
  return (
    a.positive.every((value, i) => value === b.positive[i]) &&
    a.negative.every((value, i) => value === b.negative[i])
  );
}

/** Covariance of two areas from the placements of the same patients; with itself, DeLong's variance. */
function covarianceOf(a: Placements, areaA: number, b: Placements, areaB: number): number {
  return (
    productOf(a.positive, b.positive, areaA, areaB) / a.positive.length +
    productOf(a.negative, b.negative, areaA, areaB) / a.negative.length
  );
}

function productOf(a: Float64Array, b: Float64Array, meanA: number, meanB: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - meanA) * (b[i] - meanB);
  return sum / (a.length - 1);
}

function checkedPlacements(outcome: Outcome, score: Scores): Placements {
  refuseFew(outcome);
  return placementsOf(outcome.isPositive, score.values);
}

function refuseFew({ positives, negatives, positive }: Outcome): void {
  if (positives >= 2 && negatives >= 2) return;
  throw new InputError(
    `DeLong's variance needs at least 2 patients with and 2 without "${positive}", found ${positives} and ${negatives}.`,
  );
}

function limitsOf(
  area: number,
  standardError: number,
  z: number,
  scale: "plain" | "logit",
): { readonly lower: number; readonly upper: number } {
  if (scale === "plain" || area === 0 || area === 1) {
    return { lower: Math.max(0, area - z * standardError), upper: Math.min(1, area + z * standardError) };
  }
  const logit = Math.log(area / (1 - area));
  const width = (z * standardError) / (area * (1 - area));
  return { lower: 1 / (1 + Math.exp(width - logit)), upper: 1 / (1 + Math.exp(-width - logit)) };
}

function show({ auc: area, standardError, interval, positives, negatives, sentence }: Auc): MimeBundle {
  return renderTable({
    title: `Area under the ROC curve: ${brief(area)} (${formatInterval(interval)})`,
    header: ["", "value"],
    rows: [
      ["area", brief(area)],
      ["standard error (DeLong)", brief(standardError)],
      ["interval", formatInterval(interval)],
      ["with, without the outcome", `${positives}, ${negatives}`],
    ],
    notes:
      standardError === 0
        ? [sentence, "The scores separate the classes without exception, so that no error can be estimated."]
        : [sentence],
  });
}
