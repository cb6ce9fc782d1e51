/**
 * Wilcoxon's rank sum test, which is Mann and Whitney's U test: exact given the ties, or by the normal distribution.
 *
 * Source: Mann & Whitney 1947, doi:10.1214/aoms/1177730491; Hodges & Lehmann 1963, doi:10.1214/aoms/1177704172.
 * Layer:  model; imports core, table.
 */
import { normalQuantile } from "../../core/distributions.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { formatP } from "../../table/render.js";
import { rankSumDistribution, type SumDistribution, sumTest } from "./rank-distribution.js";
import { checkConfidence, checkSample, concatenate, type Ranks, ranksOf, type Sample } from "./sample.js";
import { differenceAt } from "./shift.js";
import {
  type Alternative,
  brief,
  type ConfidenceInterval,
  checkAlternative,
  formatInterval,
  shown,
  type TestResult,
  zTest,
} from "./test-result.js";

export interface MannWhitneyOptions {
  /** Default "two-sided". "greater": the first group tends to be greater. */
  readonly alternative?: Alternative;
  /** "exact": the permutation distribution given the ties. Default "auto": exact if both groups have fewer than 50 values. */
  readonly method?: "auto" | "exact" | "asymptotic";
  /** Continuity correction of the asymptotic test, default true. */
  readonly correct?: boolean;
  /** Of the interval of the shift, default 0.95. */
  readonly confidence?: number;
}

/** A rank sum test. `statistic` is W of R, which is U of the first group: pairs in which the first is greater, ties half. */
export interface MannWhitney extends TestResult {
  readonly exact: boolean;
  /** Share of the pairs in which the first is greater, ties half: the area under the ROC curve. */
  readonly auc: number;
  /** Cliff's delta, the rank-biserial correlation: 2 auc − 1. */
  readonly cliffsDelta: number;
  /** Hodges and Lehmann's estimate of the shift: the median of all differences, first minus second. */
  readonly shift: number;
  /** Two-sided interval of the shift: exact like the test, otherwise by the normal distribution of W. */
  readonly interval: ConfidenceInterval;
  readonly alternative: Alternative;
}

/** As R's wilcox.test: up to here the exact distribution takes no time. */
const EXACT_BELOW = 50;

/**
 * Tests whether values of one group tend to be greater than those of another.
 *
 * @throws InputError on an empty group or missing values; NumericalError if all values are equal.
 *
 * @example
 * const test = model.statistics.mannWhitney(entropyOfResponders, entropyOfOthers);
 */
export function mannWhitney(
  x: Sample,
  y: Sample,
  { alternative = "two-sided", method = "auto", correct = true, confidence = 0.95 }: MannWhitneyOptions = {},
): MannWhitney {
  checkAlternative(alternative);
  checkConfidence(confidence);
  if (!["auto", "exact", "asymptotic"].includes(method)) {
    throw new InputError(`the method must be "auto", "exact" or "asymptotic", found "${method}".`);
  }
  const first = checkSample("the first group", x);
  const second = checkSample("the second group", y);
  const [m, n] = [first.length, second.length];
  const ranks = ranksOf(concatenate([first, second]));
  if (ranks.sizes.length === 1) {
    throw new NumericalError(
      `all ${m + n} values are equal: their ranks say nothing. Drop constant features first.`,
    );
  }
  const statistic = firstRankSum(ranks, m) - (m * (m + 1)) / 2;
  const exact = method === "exact" || (method === "auto" && m < EXACT_BELOW && n < EXACT_BELOW);
  const spread = spreadOf(ranks, m, n);
  const distribution = exact ? rankSumDistribution(ranks.rank, m) : null;
  const p =
    distribution === null
      ? zTest(zOf(statistic - (m * n) / 2, spread, correct, alternative), alternative)
      : sumTest(distribution, statistic + (m * (m + 1)) / 2, alternative);
  const skip =
    distribution === null
      ? Math.round((m * n) / 2 - normalQuantile((1 + confidence) / 2) * spread) - 1
      : quantile(distribution, (1 - confidence) / 2) - (m * (m + 1)) / 2 - 1;
  const [sortedFirst, sortedSecond] = [first.sort(), second.sort()];
  const at = Math.min(Math.max(0, Math.floor(skip)), Math.ceil((m * n) / 2) - 1);
  const interval = {
    lower: differenceAt(sortedFirst, sortedSecond, at),
    upper: differenceAt(sortedFirst, sortedSecond, m * n - 1 - at),
    confidence,
  };
  const middle = (m * n) / 2;
  const shift =
    (differenceAt(sortedFirst, sortedSecond, Math.ceil(middle) - 1) +
      differenceAt(sortedFirst, sortedSecond, Math.floor(middle))) /
    2;
  const auc = statistic / (m * n);
  const name = `Mann–Whitney test${exact ? ", exact" : ""}`;
  const sentence =
    `The first group (n = ${m}) was ${shift < 0 ? "lower" : "higher"} than the second (n = ${n}) by ${brief(Math.abs(shift))} ` +
    `(Hodges–Lehmann, ${formatInterval(interval)}; ${name}, W = ${statistic}, ${formatP(p)}).`;
  const result = {
    method: name,
    statistic,
    p,
    exact,
    auc,
    cliffsDelta: 2 * auc - 1,
    shift,
    interval,
    alternative,
    sentence,
  };
  return shown(result, [
    ["n", `${m}, ${n}`],
    ["W", statistic],
    ["p", p],
    ["P(first > second)", auc],
    ["Cliff's delta", result.cliffsDelta],
    ["shift", shift],
    ["interval", formatInterval(interval)],
  ]);
}

function firstRankSum({ rank }: Ranks, m: number): number {
  let sum = 0;
  for (let i = 0; i < m; i++) sum += rank[i];
  return sum;
}

/** Standard deviation of W given the ties. */
function spreadOf({ ties }: Ranks, m: number, n: number): number {
  const total = m + n;
  return Math.sqrt(((m * n) / 12) * (total + 1 - ties / (total * (total - 1))));
}

function zOf(distance: number, spread: number, correct: boolean, alternative: Alternative): number {
  if (!correct) return distance / spread;
  const correction =
    alternative === "two-sided" ? 0.5 * Math.sign(distance) : alternative === "greater" ? 0.5 : -0.5;
  return (distance - correction) / spread;
}

/** The smallest sum with P(sum ≤ it) ≥ p. */
function quantile({ probability, step }: SumDistribution, p: number): number {
  let sum = 0;
  for (let s = 0; s < probability.length; s++) {
    sum += probability[s];
    if (sum >= p * (1 - 64 * Number.EPSILON)) return s * step;
  }
  return (probability.length - 1) * step;
}
