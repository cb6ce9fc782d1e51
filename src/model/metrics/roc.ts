/**
 * ROC and precision–recall curves, partial area, average precision, and cuts chosen on the curve.
 *
 * Source: Youden 1950; McClish 1989, doi:10.1177/0272989X8900900307 (corrected partial area).
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import type { Labels } from "../../table/labels.js";
import { formatNumber, renderTable } from "../../table/render.js";
import type { Scores } from "../../table/scores.js";
import { type PositiveClass, scoredOutcome } from "./outcome.js";

/** A ROC curve: one point per distinct score, from (0, 0) where nobody counts as positive to (1, 1). */
export interface RocCurve {
  /** A patient counts as positive with score ≥ this. Infinity, then falling. */
  readonly threshold: Float64Array;
  readonly sensitivity: Float64Array;
  readonly specificity: Float64Array;
  readonly positives: number;
  readonly negatives: number;
}

/**
 * @throws InputError on mismatched ids or one class only.
 *
 * @example
 * const curve = model.metrics.roc(test.y, fitted.predict(test.x));
 */
export function roc(y: Labels, score: Scores, options: PositiveClass = {}): RocCurve {
  const { isPositive, positives, negatives } = scoredOutcome(y, score, options);
  const steps = countSteps(isPositive, score.values);
  const curve = {
    threshold: steps.threshold,
    sensitivity: steps.truePositives.map((count) => count / positives),
    specificity: steps.falsePositives.map((count) => (negatives - count) / negatives),
    positives,
    negatives,
  };
  return showAs(curve, () => showCurve(curve));
}

/** A precision–recall curve, by falling threshold; the point (0, 1) where nobody counts as positive comes first. */
export interface PrecisionRecallCurve {
  readonly threshold: Float64Array;
  readonly precision: Float64Array;
  readonly recall: Float64Array;
}

/** Precision and recall at each distinct score. Errors as `roc`. */
export function precisionRecall(y: Labels, score: Scores, options: PositiveClass = {}): PrecisionRecallCurve {
  const { isPositive, positives } = scoredOutcome(y, score, options);
  const { threshold, truePositives, falsePositives } = countSteps(isPositive, score.values);
  return {
    threshold,
    precision: truePositives.map((count, at) => (at === 0 ? 1 : count / (count + falsePositives[at]))),
    recall: truePositives.map((count) => count / positives),
  };
}

/** Mean precision over the steps of recall (no interpolation, as scikit-learn). Errors as `roc`. */
export function averagePrecision(y: Labels, score: Scores, options: PositiveClass = {}): number {
  const { precision, recall } = precisionRecall(y, score, options);
  let sum = 0;
  for (let at = 1; at < recall.length; at++) sum += (recall[at] - recall[at - 1]) * precision[at];
  return sum;
}

/** Area under a part of the curve. */
export interface PartialArea {
  readonly area: number;
  /** Between 0.5 (no discrimination) and 1, after McClish. */
  readonly corrected: number;
}

/**
 * Area under the part of the curve between two specificities.
 *
 * @param between  E.g. [0.8, 1]: high specificity only.
 * @throws InputError unless 0 ≤ low < high ≤ 1.
 */
export function partialArea(curve: RocCurve, between: readonly [low: number, high: number]): PartialArea {
  const [low, high] = between;
  if (!(low >= 0 && low < high && high <= 1)) {
    throw new InputError(`the specificities must satisfy 0 ≤ low < high ≤ 1, found ${low} and ${high}.`);
  }
  const { sensitivity, specificity } = curve;
  let area = 0;
  for (let at = 1; at < specificity.length; at++) {
    const [right, left] = [specificity[at - 1], specificity[at]];
    const [from, to] = [Math.min(right, high), Math.max(left, low)];
    if (from <= to) continue;
    const height = (x: number): number =>
      sensitivity[at - 1] + ((sensitivity[at] - sensitivity[at - 1]) * (right - x)) / (right - left);
    area += ((height(from) + height(to)) / 2) * (from - to);
  }
  const [first, last] = [1 - high, 1 - low];
  const chance = ((last - first) * (last + first)) / 2;
  return { area, corrected: (1 + (area - chance) / (last - first - chance)) / 2 };
}

/** A cut chosen on a curve. */
export interface RocCut {
  /** Midway to the next lower score, so that new patients near the cut are not all on one side; positive above it. */
  readonly threshold: number;
  /** The lowest score that still counts as positive. */
  readonly score: number;
  readonly sensitivity: number;
  readonly specificity: number;
  /** Sensitivity + specificity − 1. */
  readonly youden: number;
}

/**
 * The cuts that are best by a rule; several if they tie. A cut chosen on these patients is too good for them: choose it on
 * the training patients.
 *
 * @param rule  "youden" (default): largest sensitivity + specificity; "closest": nearest to the corner (0, 1).
 */
export function bestCuts(curve: RocCurve, rule: "youden" | "closest" = "youden"): readonly RocCut[] {
  if (rule !== "youden" && rule !== "closest") {
    throw new InputError(`the rule must be "youden" or "closest", found "${String(rule)}".`);
  }
  const { threshold, sensitivity, specificity } = curve;
  const merit = sensitivity.map((value, at) =>
    rule === "youden" ? value + specificity[at] : -((1 - value) ** 2 + (1 - specificity[at]) ** 2),
  );
  const best = merit.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const cuts: RocCut[] = [];
  for (let at = 0; at < threshold.length; at++) {
    if (merit[at] < best - 1e-12) continue;
    const next = at + 1 < threshold.length ? threshold[at + 1] : Number.NEGATIVE_INFINITY;
    cuts.push({
      threshold: (threshold[at] + next) / 2,
      score: threshold[at],
      sensitivity: sensitivity[at],
      specificity: specificity[at],
      youden: sensitivity[at] + specificity[at] - 1,
    });
  }
  return cuts;
}

/** Patients at or above each distinct score, from the highest down; the first step has nobody. */
interface Steps {
  readonly threshold: Float64Array;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
}

function countSteps(isPositive: Uint8Array, score: Float64Array): Steps {
  const order = Uint32Array.from(score, (_, at) => at).sort((a, b) => score[b] - score[a]);
  const threshold = [Number.POSITIVE_INFINITY];
  const truePositives = [0];
  const falsePositives = [0];
  let hits = 0;
  order.forEach((row, at) => {
    hits += isPositive[row];
    if (at + 1 < order.length && score[order[at + 1]] === score[row]) return;
    threshold.push(score[row]);
    truePositives.push(hits);
    falsePositives.push(at + 1 - hits);
  });
  return {
    threshold: Float64Array.from(threshold),
    truePositives: Float64Array.from(truePositives),
    falsePositives: Float64Array.from(falsePositives),
  };
}

const SHOWN_POINTS = 12;

function showCurve({ threshold, sensitivity, specificity, positives, negatives }: RocCurve): MimeBundle {
  const step = Math.max(1, Math.ceil(threshold.length / SHOWN_POINTS));
  const points = Array.from(threshold.keys()).filter((at) => at % step === 0);
  return renderTable({
    title: `ROC curve, ${threshold.length} points, ${positives} with and ${negatives} without the outcome`,
    header: ["score ≥", "sensitivity", "specificity"],
    rows: points.map((at) => [
      formatNumber(threshold[at], 4),
      formatNumber(sensitivity[at], 3),
      formatNumber(specificity[at], 3),
    ]),
    notes: step > 1 ? [`every ${step}th point`] : [],
  });
}
