/**
 * Correlation of two variables: Pearson, Spearman, Kendall.
 *
 * Source: Pearson 1895, Fisher 1915 (interval); Spearman 1904; Kendall 1938, 1945 (tau-b).
 * Layer:  model; imports core, table.
 */
import { normalQuantile } from "../../core/distributions.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { formatP } from "../../table/render.js";
import { kendallTail, spearmanTail } from "./permutation-ranks.js";
import { checkConfidence, checkPairs, meanOf, type Ranks, ranksOf, type Sample } from "./sample.js";
import {
  type Alternative,
  brief,
  type ConfidenceInterval,
  checkAlternative,
  formatInterval,
  shown,
  type TestResult,
  tTest,
  zTest,
} from "./test-result.js";

export interface CorrelationOptions {
  /** Default "two-sided". "greater": positive association. */
  readonly alternative?: Alternative;
}

/** Pearson's correlation. `statistic` is t: ±Infinity if the points lie on a line, p is then 0. */
export interface PearsonCorrelation extends TestResult {
  readonly r: number;
  readonly degreesOfFreedom: number;
  /** Fisher's two-sided interval; [-1, 1] for 3 points, which say nothing about it. */
  readonly interval: ConfidenceInterval;
}

/**
 * @throws InputError on unequal lengths, fewer than 3 pairs or missing values; NumericalError if a variable is constant.
 *
 * @example
 * const { r, interval, p } = model.statistics.pearson(volume, entropy);
 */
export function pearson(
  x: Sample,
  y: Sample,
  options: CorrelationOptions & { readonly confidence?: number } = {},
): PearsonCorrelation {
  const { alternative = "two-sided", confidence = 0.95 } = options;
  checkAlternative(alternative);
  checkConfidence(confidence);
  const [first, second] = checkPairs(x, y, 3);
  const n = first.length;
  const r = correlationOf(first, second);
  const { statistic, p } = studentize(r, n, alternative);
  const width = n > 3 ? normalQuantile((1 + confidence) / 2) / Math.sqrt(n - 3) : Number.POSITIVE_INFINITY;
  const z = Math.atanh(r);
  const isLine = Math.abs(r) === 1;
  const interval = {
    lower: isLine && n > 3 ? r : Math.tanh(n > 3 ? z - width : -width),
    upper: isLine && n > 3 ? r : Math.tanh(n > 3 ? z + width : width),
    confidence,
  };
  const result = {
    method: "Pearson's correlation",
    statistic,
    p,
    r,
    degreesOfFreedom: n - 2,
    interval,
    sentence: `Pearson's correlation of ${n} pairs was r = ${brief(r)} (${formatInterval(interval)}, ${formatP(p)}).`,
  };
  return shown(result, [
    ["n", n],
    ["r", r],
    ["interval", formatInterval(interval)],
    ["p", p],
  ]);
}

/** Spearman's rank correlation. `statistic` is t, or S (the sum of squared rank differences) if exact. */
export interface SpearmanCorrelation extends TestResult {
  readonly rho: number;
  readonly exact: boolean;
}

/**
 * Correlation of ranks. p is exact for up to 9 pairs without ties, otherwise by the t distribution. Errors as `pearson`.
 */
export function spearman(
  x: Sample,
  y: Sample,
  options: CorrelationOptions & { readonly exact?: boolean } = {},
): SpearmanCorrelation {
  const { alternative = "two-sided" } = options;
  checkAlternative(alternative);
  const [first, second] = checkPairs(x, y, 3);
  const n = first.length;
  const [a, b] = [ranksOf(first), ranksOf(second)];
  const rho = correlationOf(a.rank, b.rank);
  const canBeExact = n <= 9 && a.ties === 0 && b.ties === 0;
  if (options.exact === true && !canBeExact) {
    throw new InputError(`the exact p needs up to 9 pairs without ties, found ${n}. Leave out exact: true.`);
  }
  const exact = options.exact ?? canBeExact;
  const squares = Math.round(((n ** 3 - n) * (1 - rho)) / 6);
  const { statistic, p } = exact
    ? { statistic: squares, p: spearmanTail(squares, n, alternative) }
    : studentize(rho, n, alternative);
  const sentence = `Spearman's correlation of ${n} pairs was ρ = ${brief(rho)} (${formatP(p)}${exact ? ", exact" : ""}).`;
  return shown({ method: "Spearman's rank correlation", statistic, p, rho, exact, sentence }, [
    ["n", n],
    ["ρ", rho],
    ["p", p],
  ]);
}

/** Kendall's rank correlation. `statistic` is z, or the number of concordant pairs if exact. */
export interface KendallCorrelation extends TestResult {
  /** tau-b, corrected for ties. */
  readonly tau: number;
  readonly exact: boolean;
}

/**
 * Kendall's tau-b. p is exact for fewer than 50 pairs without ties, otherwise by the normal distribution. Errors as `pearson`.
 */
export function kendall(
  x: Sample,
  y: Sample,
  options: CorrelationOptions & { readonly exact?: boolean } = {},
): KendallCorrelation {
  const { alternative = "two-sided" } = options;
  checkAlternative(alternative);
  const [first, second] = checkPairs(x, y, 3);
  const n = first.length;
  const [a, b] = [ranksOf(first), ranksOf(second)];
  refuseConstant(a, b);
  const canBeExact = n < 50 && a.ties === 0 && b.ties === 0;
  if (options.exact === true && !canBeExact) {
    throw new InputError(
      `the exact p needs fewer than 50 pairs without ties, found ${n}. Leave out exact: true.`,
    );
  }
  const exact = options.exact ?? canBeExact;
  let score = 0;
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) {
      score += Math.sign(a.rank[i] - a.rank[j]) * Math.sign(b.rank[i] - b.rank[j]);
    }
  }
  const pairs = (n * (n - 1)) / 2;
  const untied = (ranks: Ranks): number => pairs - tieSum(ranks, (t) => (t * (t - 1)) / 2);
  const tau = score / Math.sqrt(untied(a) * untied(b));
  const concordant = Math.round((pairs + score) / 2);
  const z = score / Math.sqrt(kendallVariance(a, b, n));
  const p = exact ? kendallTail(concordant, n, alternative) : zTest(z, alternative);
  const sentence = `Kendall's correlation of ${n} pairs was τ = ${brief(tau)} (${formatP(p)}${exact ? ", exact" : ""}).`;
  const statistic = exact ? concordant : z;
  return shown({ method: "Kendall's rank correlation", statistic, p, tau, exact, sentence }, [
    ["n", n],
    ["τ", tau],
    ["p", p],
  ]);
}

/** Pearson's r of values that were checked. @throws NumericalError if a variable is constant. */
export function correlationOf(x: Float64Array, y: Float64Array): number {
  const [a, b] = [standardized(x), standardized(y)];
  let product = 0;
  for (let i = 0; i < a.length; i++) product += a[i] * b[i];
  return Math.max(-1, Math.min(1, product));
}

/** Centered and divided by the length: the product of two such is their correlation. */
function standardized(values: Float64Array): Float64Array {
  const mean = meanOf(values);
  const centered = values.map((value) => value - mean);
  const size = centered.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(size > 4 * Number.EPSILON * scale)) {
    throw new NumericalError("a variable is constant: it has no correlation. Drop constant features first.");
  }
  let squares = 0;
  for (let i = 0; i < centered.length; i++) squares += (centered[i] / size) ** 2;
  const length = Math.sqrt(squares);
  return centered.map((value) => value / size / length);
}

/** t of a correlation. */
function studentize(
  r: number,
  n: number,
  alternative: Alternative,
): { readonly statistic: number; readonly p: number } {
  const statistic = r * Math.sqrt((n - 2) / ((1 - r) * (1 + r)));
  return { statistic, p: tTest(statistic, n - 2, alternative) };
}

function refuseConstant(...all: readonly Ranks[]): void {
  if (all.every(({ sizes }) => sizes.length > 1)) return;
  throw new NumericalError("a variable is constant: it has no correlation. Drop constant features first.");
}

function tieSum({ sizes }: Ranks, of: (size: number) => number): number {
  return sizes.reduce((sum, size) => sum + of(size), 0);
}

/** Variance of the number of concordant less discordant pairs, given the ties. */
function kendallVariance(a: Ranks, b: Ranks, n: number): number {
  const both = (of: (size: number) => number): number => tieSum(a, of) * tieSum(b, of);
  const all = (t: number): number => t * (t - 1) * (2 * t + 5);
  return (
    (all(n) - tieSum(a, all) - tieSum(b, all)) / 18 +
    both((t) => t * (t - 1)) / (2 * n * (n - 1)) +
    both((t) => t * (t - 1) * (t - 2)) / (9 * n * (n - 1) * (n - 2))
  );
}
