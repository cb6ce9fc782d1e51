/**
 * Samples of numbers: what every test checks first, and the sums that all of them need.
 *
 * Layer:  model; imports core.
 */
import { InputError } from "../../core/errors.js";

/** Numbers of one group: a Float64Array or an array of numbers. */
export type Sample = ArrayLike<number>;

/** Squares of larger values overflow, of smaller differences vanish. */
const LARGEST = 1e150;

/**
 * A copy of a sample that is known to be good.
 *
 * @throws InputError if it has fewer than `least` values, or a value is missing, infinite or too large to be squared.
 */
export function checkSample(what: string, values: Sample, least = 1): Float64Array {
  if (values.length < least) {
    throw new InputError(
      `${what} has ${values.length} ${values.length === 1 ? "value" : "values"}, but at least ${least} are needed. ` +
        "Check the filter before.",
    );
  }
  const copy = Float64Array.from(values);
  const bad = copy.findIndex((value) => !(Math.abs(value) <= LARGEST));
  if (bad < 0) return copy;
  throw new InputError(
    Number.isNaN(copy[bad])
      ? `${what}: value ${bad + 1} of ${copy.length} is missing (${values[bad]}). Drop missing values openly first, e.g. with ` +
          ".filter((value) => !Number.isNaN(value))."
      : `${what}: value ${bad + 1} of ${copy.length} is ${values[bad]}; its square is no finite number. Correct or rescale it.`,
  );
}

/** Two samples whose values belong together by position. @throws InputError as `checkSample`, or if lengths differ. */
export function checkPairs(x: Sample, y: Sample, least: number): readonly [Float64Array, Float64Array] {
  if (x.length !== y.length) {
    throw new InputError(
      `paired values must come in equal numbers, but there are ${x.length} and ${y.length}. Keep only complete pairs.`,
    );
  }
  return [checkSample("the first sample", x, least), checkSample("the second sample", y, least)];
}

/** @throws InputError unless the confidence lies between 0 and 1. */
export function checkConfidence(confidence: number): void {
  if (!(confidence > 0 && confidence < 1)) {
    throw new InputError(`the confidence must lie between 0 and 1, e.g. 0.95, found ${confidence}.`);
  }
}

/** Mean; the second pass takes away the rounding of the first. */
export function meanOf(values: Float64Array): number {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i];
  const first = sum / n;
  let rest = 0;
  for (let i = 0; i < n; i++) rest += values[i] - first;
  return first + rest / n;
}

/** Σ (x − mean)². */
export function squaresAround(values: Float64Array, mean: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - mean) ** 2;
  return sum;
}

/** Variance with n − 1. */
export function varianceOf(values: Float64Array): number {
  return squaresAround(values, meanOf(values)) / (values.length - 1);
}

/** Median of values in any order. */
export function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Ranks from 1, equal values share the mean of theirs. */
export interface Ranks {
  readonly rank: Float64Array;
  /** Σ t³ − t over the groups of t equal values: 0 without ties. */
  readonly ties: number;
  /** Sizes of the groups of equal values, by rising value. */
  readonly sizes: readonly number[];
}

/** Midranks of values. */
export function ranksOf(values: Float64Array): Ranks {
  const order = Uint32Array.from(values, (_, at) => at).sort((a, b) => values[a] - values[b]);
  const rank = new Float64Array(values.length);
  const sizes: number[] = [];
  let ties = 0;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let at = start; at < end; at++) rank[order[at]] = (start + 1 + end) / 2;
    const size = end - start;
    ties += size ** 3 - size;
    sizes.push(size);
    start = end;
  }
  return { rank, ties, sizes };
}

/** One sample after the other. */
export function concatenate(samples: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(samples.reduce((sum, sample) => sum + sample.length, 0));
  let at = 0;
  for (const sample of samples) {
    all.set(sample, at);
    at += sample.length;
  }
  return all;
}
