/**
 * Exact distributions of rank sums: how likely each sum is if chance alone decides who has which rank. Ties are in the
 * ranks themselves, so that the distributions are conditional on them.
 *
 * Source: Streitberg & Röhmel 1986 (shift algorithm).
 * Layer:  model; imports core.
 */
import { InputError } from "../../core/errors.js";
import type { Alternative } from "./test-result.js";

/** Probabilities of the sums `step`·0, `step`·1, … */
export interface SumDistribution {
  readonly probability: Float64Array;
  readonly step: number;
}

/** Larger ones take minutes, and their counts overflow. */
const LARGEST_EXACT = 1000;
const EXACT_WORK = 2e9;

/** Distribution of the sum of `size` ranks drawn without replacement. */
export function rankSumDistribution(rank: Float64Array, size: number): SumDistribution {
  const { whole, step } = wholeRanks(rank);
  // Ranks of few are drawn: those of the others follow from the total.
  const few = Math.min(size, rank.length - size);
  const total = whole.reduce((sum, value) => sum + value, 0);
  const largest = Array.from(whole)
    .sort((a, b) => b - a)
    .slice(0, few)
    .reduce((sum, value) => sum + value, 0);
  checkWork(rank.length, rank.length * few * largest);
  const width = largest + 1;
  // ways[k · width + s]: share of the draws of k ranks with sum s, among all draws of k of the ranks seen so far.
  const ways = new Float64Array((few + 1) * width);
  ways[0] = 1;
  let reached = 0;
  whole.forEach((value, seen) => {
    reached = Math.min(largest, reached + value);
    for (let k = Math.min(few, seen + 1); k >= 1; k--) {
      const taken = k / (seen + 1);
      const [from, to] = [(k - 1) * width, k * width];
      for (let s = reached; s >= value; s--) {
        ways[to + s] = (1 - taken) * ways[to + s] + taken * ways[from + s - value];
      }
      for (let s = Math.min(value - 1, reached); s >= 0; s--) ways[to + s] *= 1 - taken;
    }
  });
  const drawn = ways.subarray(few * width);
  if (few === size) return { probability: drawn, step };
  const others = new Float64Array(total + 1);
  for (let s = 0; s < width; s++) others[total - s] = drawn[s];
  return { probability: others, step };
}

/** Distribution of the sum of the ranks whose signs are positive, if each sign is that of a fair coin. */
export function signedRankDistribution(rank: Float64Array): SumDistribution {
  const { whole, step } = wholeRanks(rank);
  const total = whole.reduce((sum, value) => sum + value, 0);
  checkWork(rank.length, rank.length * total);
  const probability = new Float64Array(total + 1);
  probability[0] = 1;
  for (const value of whole) {
    for (let s = total; s >= value; s--) probability[s] = (probability[s] + probability[s - value]) / 2;
    for (let s = Math.min(value - 1, total); s >= 0; s--) probability[s] /= 2;
  }
  return { probability, step };
}

/** P(W ≤ w) of the Mann–Whitney statistic of groups of m and n values without ties. */
export function mannWhitneyCdf(w: number, m: number, n: number): number {
  const ranks = Float64Array.from({ length: m + n }, (_, at) => at + 1);
  return lowerTail(rankSumDistribution(ranks, m), w + (m * (m + 1)) / 2);
}

/** P(V ≤ v) of the signed rank statistic of n pairs without ties. */
export function signedRankCdf(v: number, n: number): number {
  return lowerTail(signedRankDistribution(Float64Array.from({ length: n }, (_, at) => at + 1)), v);
}

/** P(sum ≤ at). */
function lowerTail({ probability, step }: SumDistribution, at: number): number {
  let sum = 0;
  for (let s = 0; s * step <= at && s < probability.length; s++) sum += probability[s];
  return Math.min(1, sum);
}

/** p of a sum: two-sided, of all sums that are at least as far from the mean. */
export function sumTest(
  { probability, step }: SumDistribution,
  observed: number,
  alternative: Alternative,
): number {
  let mean = 0;
  for (let s = 0; s < probability.length; s++) mean += s * step * probability[s];
  const distance = Math.abs(observed - mean) - 1e-9 * (1 + mean);
  let p = 0;
  for (let s = 0; s < probability.length; s++) {
    const sum = s * step;
    const counts =
      alternative === "two-sided"
        ? Math.abs(sum - mean) >= distance
        : alternative === "less"
          ? sum <= observed
          : sum >= observed;
    if (counts) p += probability[s];
  }
  return Math.min(1, p);
}

/** Midranks may be halves: counted in steps that make them whole. */
function wholeRanks(rank: Float64Array): { readonly whole: Uint32Array; readonly step: number } {
  const step = rank.every(Number.isInteger) ? 1 : 0.5;
  return { whole: Uint32Array.from(rank, (value) => value / step), step };
}

function checkWork(n: number, work: number): void {
  if (n <= LARGEST_EXACT && work <= EXACT_WORK) return;
  throw new InputError(
    `the exact distribution of ${n} ranks would take too long. Use method: "asymptotic", which is accurate for so many.`,
  );
}
