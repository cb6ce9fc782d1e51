/**
 * How sure a ROC curve is: limits of the sensitivity at each specificity, by bootstrap.
 *
 * Source: Fawcett 2006, doi:10.1016/j.patrec.2005.10.010 (vertical averaging); stratified replicates as R's pROC.
 * Layer:  model; imports core, table.
 */
import { InputError } from "../../core/errors.js";
import { randomStream } from "../../core/random.js";
import type { Labels } from "../../table/labels.js";
import type { Scores } from "../../table/scores.js";
import { quantileOfSorted } from "../../table/summarize.js";
import { checkConfidence } from "../statistics/sample.js";
import { type PositiveClass, scoredOutcome } from "./outcome.js";

export interface RocBandOptions extends PositiveClass {
  /** Of the interval at each specificity, default 0.95. */
  readonly confidence?: number;
  /** Number of replicates, default 1000. */
  readonly draws?: number;
  /** Same seed, same replicates, default 0. */
  readonly seed?: number;
}

/** Limits at 101 specificities from 1 down to 0. Pointwise: the whole curve lies inside less often than `confidence`. */
export interface RocBand {
  readonly specificity: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly confidence: number;
}

const POINTS = 101;

/**
 * Percentile limits of the sensitivity; replicates keep the number of patients with and without the outcome.
 *
 * @throws InputError on mismatched ids, one class only, or fewer than 2 draws.
 *
 * @example
 * const { specificity, lower, upper } = model.metrics.rocBand(test.y, fitted.predict(test.x));
 */
export function rocBand(y: Labels, score: Scores, options: RocBandOptions = {}): RocBand {
  const { confidence = 0.95, draws = 1000, seed = 0 } = options;
  checkConfidence(confidence);
  if (!(Number.isInteger(draws) && draws >= 2)) {
    throw new InputError(`the number of draws must be whole and at least 2, found ${draws}.`);
  }
  const { isPositive, positives, negatives } = scoredOutcome(y, score, options);
  const order = Uint32Array.from(score.values, (_, row) => row).sort(
    (a, b) => score.values[b] - score.values[a],
  );
  const kind = Uint8Array.from(order, (row) => isPositive[row]);
  const isLast = Uint8Array.from(order, (row, at) =>
    at + 1 < order.length && score.values[order[at + 1]] === score.values[row] ? 0 : 1,
  );
  const places = [0, 1].map((flag) => Uint32Array.from(kind.keys()).filter((at) => kind[at] === flag));
  const random = randomStream(`${seed}/roc-band`);
  const counts = new Uint32Array(order.length);
  const found = Array.from({ length: POINTS }, () => new Float64Array(draws));
  const curve = new Float64Array(POINTS);
  for (let draw = 0; draw < draws; draw++) {
    counts.fill(0);
    for (const own of places) {
      for (let i = 0; i < own.length; i++) counts[own[random.uint32() % own.length]]++;
    }
    sensitivities(counts, kind, isLast, positives, negatives, curve);
    for (let k = 0; k < POINTS; k++) found[k][draw] = curve[k];
  }
  const outer = (1 - confidence) / 2;
  const limit = (part: number): Float64Array =>
    Float64Array.from(found, (values) => quantileOfSorted(values.sort(), part));
  return {
    specificity: Float64Array.from({ length: POINTS }, (_, k) => 1 - k / (POINTS - 1)),
    lower: limit(outer),
    upper: limit(1 - outer),
    confidence,
  };
}

/**
 * Sensitivity at each specificity of patients who count several times, straight between the points of the curve; where
 * the curve rises at one specificity, the upper end counts.
 *
 * @param counts  Of each patient, by falling score. @param isLast  1 where the next patient has another score.
 * @param curve  Written in place, by falling specificity.
 */
function sensitivities(
  counts: Uint32Array,
  kind: Uint8Array,
  isLast: Uint8Array,
  positives: number,
  negatives: number,
  curve: Float64Array,
): void {
  const steps = curve.length - 1;
  let [hits, alarms] = [0, 0];
  let [beforeX, beforeY] = [0, 0];
  let next = 0;
  for (let at = 0; at < counts.length; at++) {
    if (kind[at] === 1) hits += counts[at];
    else alarms += counts[at];
    if (isLast[at] === 0) continue;
    const [x, y] = [alarms / negatives, hits / positives];
    for (; next <= steps && next / steps < x - 1e-12; next++) {
      curve[next] = beforeY + ((y - beforeY) * (next / steps - beforeX)) / (x - beforeX);
    }
    [beforeX, beforeY] = [x, y];
  }
  for (; next <= steps; next++) curve[next] = 1;
}
