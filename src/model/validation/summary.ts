/**
 * Metrics over folds, and of all out-of-fold predictions together, with intervals.
 *
 * Source: Nadeau & Bengio 2003, doi:10.1023/A:1024068626366 (variance over folds whose training parts overlap).
 * Layer:  model; imports core, table.
 */
import { tQuantile } from "../../core/distributions.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { randomStream } from "../../core/random.js";
import { quantileOfSorted } from "../../table/summarize.js";
import type { ConfidenceInterval } from "../statistics/test-result.js";
import type { Limits, Metric } from "./metric.js";
import { drawnIds, type Outcome, outcomeRows, type Prediction, predictionRows } from "./rows.js";

/** Draws of the bootstrap interval of a metric that has none of its own. */
const DRAWS = 1000;

/** The value, or null where the metric is not defined for these patients. */
export function scoreOrNull<Target extends Outcome, Output extends Prediction>(
  metric: Metric<Target, Output>,
  y: Target,
  predicted: Output,
): number | null {
  try {
    const value = metric.score(y, predicted);
    return Number.isFinite(value) ? value : null;
  } catch (error) {
    if (error instanceof InputError || error instanceof NumericalError) return null;
    throw error;
  }
}

/** A metric of predictions for the same patients, one prediction per repeat. */
export interface PooledScore {
  /** Mean over the repeats. */
  readonly value: number;
  /** Mean of the limits over the repeats: how well one repeat knows it. */
  readonly interval: ConfidenceInterval;
}

/**
 * @param y  Outcomes of each repeat's patients.
 * @throws InputError or NumericalError where the metric is not defined.
 */
export function pooledScore<Target extends Outcome, Output extends Prediction>(
  metric: Metric<Target, Output>,
  y: readonly Target[],
  predicted: readonly Output[],
  confidence: number,
  seed: number,
): PooledScore {
  let [value, lower, upper] = [0, 0, 0];
  predicted.forEach((one, at) => {
    value += metric.score(y[at], one) / predicted.length;
    const limits = limitsOf(metric, y[at], one, confidence, seed);
    lower += limits.lower / predicted.length;
    upper += limits.upper / predicted.length;
  });
  return { value, interval: { lower, upper, confidence } };
}

function limitsOf<Target extends Outcome, Output extends Prediction>(
  metric: Metric<Target, Output>,
  y: Target,
  predicted: Output,
  confidence: number,
  seed: number,
): Limits {
  if (metric.interval !== undefined) {
    try {
      return metric.interval(y, predicted, confidence);
    } catch (error) {
      // E.g. one patient of a class: the bootstrap may still have an answer.
      if (!(error instanceof InputError || error instanceof NumericalError)) throw error;
    }
  }
  const random = randomStream(`${seed}/metric`);
  const found: number[] = [];
  const n = y.ids.length;
  for (let draw = 0; draw < DRAWS; draw++) {
    const rows = Uint32Array.from({ length: n }, () => Math.floor(random.uniform() * n));
    const ids = drawnIds(y.ids, rows);
    const value = scoreOrNull(metric, outcomeRows(y, rows, ids), predictionRows(predicted, rows, ids));
    if (value !== null) found.push(value);
  }
  const sorted = Float64Array.from(found).sort();
  const outer = (1 - confidence) / 2;
  return { lower: quantileOfSorted(sorted, outer), upper: quantileOfSorted(sorted, 1 - outer) };
}

/** Mean and spread of one metric over folds. */
export interface FoldSummary {
  /** Folds in which the metric is defined. */
  readonly folds: number;
  readonly mean: number;
  /** Over n − 1; 0 for one fold. */
  readonly sd: number;
  /** Of the mean, corrected for training parts that overlap; null for fewer than 2 folds. */
  readonly interval: ConfidenceInterval | null;
}

/** @param testShare  Test over training patients of a fold. */
export function foldSummary(
  scores: readonly number[],
  testShare: number,
  confidence: number,
): FoldSummary | null {
  const count = scores.length;
  if (count === 0) return null;
  const mean = scores.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { folds: 1, mean, sd: 0, interval: null };
  const sd = Math.sqrt(scores.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1));
  const width = tQuantile((1 + confidence) / 2, count - 1) * sd * Math.sqrt(1 / count + testShare);
  return { folds: count, mean, sd, interval: { lower: mean - width, upper: mean + width, confidence } };
}
