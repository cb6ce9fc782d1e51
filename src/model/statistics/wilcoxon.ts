/**
 * Wilcoxon's signed rank test of pairs, and the sign test.
 *
 * Source: Wilcoxon 1945, doi:10.2307/3001968; Pratt 1959, doi:10.1080/01621459.1959.10501526.
 * Layer:  model; imports core, table.
 */
import { InputError, NumericalError } from "../../core/errors.js";
import { formatP } from "../../table/render.js";
import { binomialTest } from "./binomial.js";
import { signedRankDistribution, sumTest } from "./rank-distribution.js";
import { checkPairs, checkSample, medianOf, ranksOf, type Sample } from "./sample.js";
import { type Alternative, brief, checkAlternative, shown, type TestResult, zTest } from "./test-result.js";

export interface SignedRankOptions {
  /** Default "two-sided". "greater": the first of a pair tends to be greater. */
  readonly alternative?: Alternative;
  /** "exact": all signs equally likely, given the ties. Default "auto": exact with fewer than 50 pairs that differ. */
  readonly method?: "auto" | "exact" | "asymptotic";
  /** Continuity correction of the asymptotic test, default true; Pratt's test never has one. */
  readonly correct?: boolean;
  /** Pairs without a difference: "drop" (default, Wilcoxon) or "pratt": they take part in the ranking only. */
  readonly zeros?: "drop" | "pratt";
}

/** A signed rank test. `statistic` is V: the sum of the ranks of the positive differences. */
export interface SignedRank extends TestResult {
  readonly exact: boolean;
  readonly pairs: number;
  /** Pairs without a difference. */
  readonly zeros: number;
  /** Of the asymptotic test; 0 for an exact one, which needs none. */
  readonly z: number;
  readonly medianDifference: number;
  readonly alternative: Alternative;
}

/** As R's wilcox.test. */
const EXACT_BELOW = 50;

/**
 * Tests whether the differences x − y of pairs lie around 0.
 *
 * @throws InputError on unequal lengths or missing values; NumericalError if no pair differs.
 *
 * @example
 * const test = model.statistics.wilcoxonSignedRank(volumeBefore, volumeAfter);
 */
export function wilcoxonSignedRank(
  x: Sample,
  y: Sample,
  { alternative = "two-sided", method = "auto", correct = true, zeros = "drop" }: SignedRankOptions = {},
): SignedRank {
  checkAlternative(alternative);
  if (!["auto", "exact", "asymptotic"].includes(method) || !["drop", "pratt"].includes(zeros)) {
    throw new InputError(
      `the method must be "auto", "exact" or "asymptotic" and zeros "drop" or "pratt", found "${method}" and "${zeros}".`,
    );
  }
  const differences = differencesOf(x, y);
  const known = differences.filter((value) => value !== 0);
  const ranked = zeros === "drop" ? known : differences;
  const { rank } = ranksOf(ranked.map(Math.abs));
  const used = rank.filter((_, at) => ranked[at] !== 0);
  let statistic = 0;
  used.forEach((value, at) => {
    if (known[at] > 0) statistic += value;
  });
  const exact = method === "exact" || (method === "auto" && known.length < EXACT_BELOW);
  let z = 0;
  if (!exact) {
    const mean = used.reduce((sum, value) => sum + value, 0) / 2;
    const spread = Math.sqrt(used.reduce((sum, value) => sum + value * value, 0)) / 2;
    const distance = statistic - mean;
    const sign = alternative === "two-sided" ? Math.sign(distance) : alternative === "greater" ? 1 : -1;
    z = (distance - (correct && zeros === "drop" ? 0.5 * sign : 0)) / spread;
  }
  const p = exact ? sumTest(signedRankDistribution(used), statistic, alternative) : zTest(z, alternative);
  const name = `Wilcoxon signed rank test${zeros === "pratt" ? " (Pratt)" : ""}${exact ? ", exact" : ""}`;
  const medianDifference = medianOf(differences);
  const result = {
    method: name,
    statistic,
    p,
    exact,
    pairs: differences.length,
    zeros: differences.length - known.length,
    z,
    medianDifference,
    alternative,
    sentence:
      `The median difference of ${differences.length} pairs was ${brief(medianDifference)} ` +
      `(${name}, V = ${statistic}, ${formatP(p)}).`,
  };
  return shown(result, [
    ["pairs", result.pairs],
    ["pairs without difference", result.zeros],
    ["V", statistic],
    ...(exact ? [] : [["z", z] as const]),
    ["p", p],
    ["median difference", medianDifference],
  ]);
}

/** A sign test. `statistic` is the number of positive differences. */
export interface SignTest extends TestResult {
  /** Pairs that differ. */
  readonly pairs: number;
  readonly zeros: number;
}

/** Tests whether positive and negative differences x − y are equally frequent; exact. Errors as `wilcoxonSignedRank`. */
export function signTest(
  x: Sample,
  y: Sample,
  { alternative = "two-sided" }: { readonly alternative?: Alternative } = {},
): SignTest {
  const differences = differencesOf(x, y);
  const positive = differences.filter((value) => value > 0).length;
  const zeros = differences.filter((value) => value === 0).length;
  const pairs = differences.length - zeros;
  const { p } = binomialTest(positive, pairs, { alternative });
  const sentence = `${positive} of ${pairs} differences were positive (sign test, ${formatP(p)}).`;
  const result = { method: "Sign test", statistic: positive, p, pairs, zeros, sentence };
  return shown(result, [
    ["positive", positive],
    ["pairs that differ", pairs],
    ["p", p],
  ]);
}

function differencesOf(x: Sample, y: Sample): Float64Array {
  const [first, second] = checkPairs(x, y, 1);
  const differences = checkSample(
    "the differences",
    first.map((value, at) => value - second[at]),
  );
  if (differences.every((value) => value === 0)) {
    throw new NumericalError(
      `all ${differences.length} pairs are equal: there is no difference to test. Check that x and y are not the same column.`,
    );
  }
  return differences;
}
