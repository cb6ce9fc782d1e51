/**
 * The hypergeometric distribution: how a count of a fourfold table varies when its sums are fixed.
 *
 * Layer:  model; imports core.
 */
import { logGamma } from "../../core/gamma.js";

export interface Hypergeometric {
  /** Smallest and largest possible count. */
  readonly low: number;
  readonly high: number;
  /** Probability of low, low + 1, … high. */
  readonly probability: Float64Array;
  /** The same with an odds ratio other than 1. */
  tilted(logOdds: number): TiltedHypergeometric;
}

/** Fisher's noncentral hypergeometric distribution. */
export interface TiltedHypergeometric {
  readonly mean: number;
  atMost(count: number): number;
  atLeast(count: number): number;
}

/** Count in the first cell of a table of n, first row and column of these sums. */
export function hypergeometric(row: number, column: number, n: number): Hypergeometric {
  const low = Math.max(0, row + column - n);
  const high = Math.min(row, column);
  const logs = new Float64Array(high - low + 1);
  // Ratios of neighbours are exact: no digits are lost in differences of large logarithms.
  for (let k = low + 1; k <= high; k++) {
    logs[k - low] =
      logs[k - low - 1] + Math.log(((row - k + 1) * (column - k + 1)) / (k * (n - row - column + k)));
  }
  const probability = normalized(logs, 0, low);
  return { low, high, probability, tilted: (logOdds) => tilted(logs, low, logOdds) };
}

function tilted(logs: Float64Array, low: number, logOdds: number): TiltedHypergeometric {
  const probability = normalized(logs, logOdds, low);
  const sum = (from: number, to: number): number => {
    let total = 0;
    for (let at = from; at <= to; at++) total += probability[at];
    return total;
  };
  let mean = 0;
  for (let at = 0; at < probability.length; at++) mean += (low + at) * probability[at];
  return {
    mean,
    atMost: (count) => sum(0, count - low),
    atLeast: (count) => sum(count - low, probability.length - 1),
  };
}

function normalized(logs: Float64Array, logOdds: number, low: number): Float64Array {
  const tilt = logs.map((value, at) => value + (low + at) * logOdds);
  const most = tilt.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY);
  const weight = tilt.map((value) => Math.exp(value - most));
  const total = weight.reduce((sum, value) => sum + value, 0);
  return weight.map((value) => value / total);
}

/** ln of the number of ways to choose k of n. */
export function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
