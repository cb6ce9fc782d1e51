/**
 * Decision curves: what acting on a prediction is worth at each threshold probability.
 *
 * Source: Vickers & Elkin 2006, doi:10.1177/0272989X06295361.
 * Layer:  model; imports core, table.
 */
import { showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import type { Labels } from "../../table/labels.js";
import { formatNumber, renderTable } from "../../table/render.js";
import type { Scores } from "../../table/scores.js";
import { type PositiveClass, probableOutcome } from "./outcome.js";

/** Net benefit per patient, in true positives. Treating nobody has 0. */
export interface DecisionCurve {
  readonly threshold: Float64Array;
  readonly model: Float64Array;
  readonly treatAll: Float64Array;
  readonly prevalence: number;
}

export interface DecisionCurveOptions extends PositiveClass {
  /** Threshold probabilities in [0, 1), default 0.01, 0.02 … 0.99. A patient is treated with probability ≥ threshold. */
  readonly thresholds?: ArrayLike<number>;
}

/**
 * @throws InputError on mismatched ids, no probabilities, or thresholds outside [0, 1).
 *
 * @example
 * const curve = model.metrics.decisionCurve(test.y, probability);
 */
export function decisionCurve(
  y: Labels,
  probability: Scores,
  options: DecisionCurveOptions = {},
): DecisionCurve {
  const threshold = Float64Array.from(
    options.thresholds ?? Array.from({ length: 99 }, (_, at) => (at + 1) / 100),
  );
  const bad = threshold.findIndex((t) => !(t >= 0 && t < 1));
  if (bad >= 0) throw new InputError(`threshold probabilities lie in [0, 1), found ${threshold[bad]}.`);
  const { isPositive, positives, negatives } = probableOutcome(y, probability, options);
  const n = y.length;
  const treated = [sortedOf(probability.values, isPositive, 1), sortedOf(probability.values, isPositive, 0)];
  const benefit = (truePositives: number, falsePositives: number, t: number): number =>
    truePositives / n - (falsePositives / n) * (t / (1 - t));
  const curve = {
    threshold,
    model: threshold.map((t) => benefit(countFrom(treated[0], t), countFrom(treated[1], t), t)),
    treatAll: threshold.map((t) => benefit(positives, negatives, t)),
    prevalence: positives / n,
  };
  return showAs(curve, () => {
    const step = Math.max(1, Math.ceil(threshold.length / 20));
    return renderTable({
      title: `Decision curve of ${n} patients, ${positives} with the outcome`,
      header: ["threshold", "model", "treat all"],
      rows: Array.from(threshold.keys())
        .filter((at) => at % step === 0)
        .map((at) => [threshold, curve.model, curve.treatAll].map((values) => formatNumber(values[at], 3))),
    });
  });
}

function sortedOf(values: Float64Array, isPositive: Uint8Array, flag: 0 | 1): Float64Array {
  return values.filter((_, row) => isPositive[row] === flag).sort();
}

/** How many of the sorted values are at least `limit`. */
function countFrom(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return sorted.length - low;
}
