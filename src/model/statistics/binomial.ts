/**
 * A share of cases: exact binomial test and its intervals.
 *
 * Source: Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404; Wilson 1927, doi:10.1080/01621459.1927.10502953.
 * Layer:  model; imports core, table.
 */
import { logIncompleteBeta } from "../../core/beta.js";
import { betaQuantile, normalQuantile } from "../../core/distributions.js";
import { InputError } from "../../core/errors.js";
import { deviance, stirlingError } from "../../core/gamma.js";
import { formatP } from "../../table/render.js";
import { checkConfidence } from "./sample.js";
import {
  type Alternative,
  brief,
  type ConfidenceInterval,
  checkAlternative,
  formatInterval,
  shown,
  type TestResult,
} from "./test-result.js";

export interface BinomialTestOptions {
  /** Share under the null hypothesis, default 0.5. */
  readonly share?: number;
  readonly alternative?: Alternative;
  /** Of the interval, default 0.95. */
  readonly confidence?: number;
}

/** A binomial test. `statistic` is the number of cases. */
export interface BinomialTest extends TestResult {
  readonly n: number;
  readonly share: number;
  /** Clopper and Pearson's two-sided interval of the share. */
  readonly interval: ConfidenceInterval;
}

/**
 * Tests a share of cases, exactly. Two-sided: all counts that are no more likely than the one found, as R's binom.test.
 *
 * @throws InputError unless 0 ≤ cases ≤ n are whole, n ≥ 1.
 */
export function binomialTest(
  cases: number,
  n: number,
  { share = 0.5, alternative = "two-sided", confidence = 0.95 }: BinomialTestOptions = {},
): BinomialTest {
  checkCounts(cases, n);
  checkAlternative(alternative);
  if (!(share > 0 && share < 1)) {
    throw new InputError(`the share to test must lie between 0 and 1, found ${share}.`);
  }
  const interval = shareInterval(cases, n, { confidence });
  const p =
    alternative === "less"
      ? atMost(cases, n, share)
      : alternative === "greater"
        ? atLeast(cases, n, share)
        : twoSided(cases, n, share);
  const sentence = `${cases} of ${n} (${brief((100 * cases) / n)} %; ${formatInterval(interval)}; exact binomial test, ${formatP(p)}).`;
  const result = {
    method: "Exact binomial test",
    statistic: cases,
    p,
    n,
    share: cases / n,
    interval,
    sentence,
  };
  return shown(result, [
    ["cases", cases],
    ["n", n],
    ["share", result.share],
    ["interval", formatInterval(interval)],
    ["p", p],
  ]);
}

export interface ShareIntervalOptions {
  /** "clopper-pearson" (exact, default), "wilson" (score) or "wilson-corrected" (for continuity). */
  readonly method?: "clopper-pearson" | "wilson" | "wilson-corrected";
  /** Default 0.95. */
  readonly confidence?: number;
}

/** Interval of a share of cases. Errors as `binomialTest`. */
export function shareInterval(
  cases: number,
  n: number,
  { method = "clopper-pearson", confidence = 0.95 }: ShareIntervalOptions = {},
): ConfidenceInterval {
  checkCounts(cases, n);
  checkConfidence(confidence);
  const outer = (1 - confidence) / 2;
  if (method === "clopper-pearson") {
    return {
      lower: cases === 0 ? 0 : betaQuantile(outer, cases, n - cases + 1),
      upper: cases === n ? 1 : betaQuantile(1 - outer, cases + 1, n - cases),
      confidence,
    };
  }
  if (method !== "wilson" && method !== "wilson-corrected") {
    throw new InputError(
      `there is no interval "${String(method)}": use "clopper-pearson", "wilson" or "wilson-corrected".`,
    );
  }
  const share = cases / n;
  // R's prop.test: the correction is no larger than the distance from the share ½ that it tests.
  const shift = method === "wilson" ? 0 : Math.min(0.5, Math.abs(cases - n / 2)) / n;
  const z = normalQuantile(1 - outer);
  const half = (z * z) / (2 * n);
  const limit = (at: number, sign: number): number =>
    (at + half + sign * z * Math.sqrt((at * (1 - at)) / n + half / (2 * n))) / (1 + 2 * half);
  return {
    lower: share - shift <= 0 ? 0 : Math.max(0, limit(share - shift, -1)),
    upper: share + shift >= 1 ? 1 : Math.min(1, limit(share + shift, 1)),
    confidence,
  };
}

function twoSided(cases: number, n: number, share: number): number {
  const found = probability(cases, n, share) * (1 + 1e-7);
  const expected = n * share;
  if (cases === expected) return 1;
  if (cases < expected) {
    // The counts on the other side that are no more likely form its end: bisection finds where it starts.
    const from = firstWhere(Math.ceil(expected), n + 1, (k) => probability(k, n, share) <= found);
    return Math.min(1, atMost(cases, n, share) + (from <= n ? atLeast(from, n, share) : 0));
  }
  const after = firstWhere(0, Math.floor(expected) + 1, (k) => probability(k, n, share) > found);
  return Math.min(1, atLeast(cases, n, share) + (after > 0 ? atMost(after - 1, n, share) : 0));
}

/** The first whole number in [from, stop) from which on `holds`, or `stop`. */
function firstWhere(from: number, stop: number, holds: (k: number) => boolean): number {
  let [low, high] = [from, stop];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** P(K = k), by the saddle point (Loader 2000). */
function probability(k: number, n: number, share: number): number {
  if (k === 0) return Math.exp(n * Math.log1p(-share));
  if (k === n) return Math.exp(n * Math.log(share));
  const peak =
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(n - k) -
    deviance(k, n * share) -
    deviance(n - k, n * (1 - share));
  return Math.exp(peak) * Math.sqrt(n / (2 * Math.PI * k * (n - k)));
}

/** P(K ≤ k). */
function atMost(k: number, n: number, share: number): number {
  return k >= n ? 1 : Math.exp(logIncompleteBeta(share, 1 - share, k + 1, n - k).upper);
}

/** P(K ≥ k). */
function atLeast(k: number, n: number, share: number): number {
  return k <= 0 ? 1 : Math.exp(logIncompleteBeta(share, 1 - share, k, n - k + 1).lower);
}

function checkCounts(cases: number, n: number): void {
  if (Number.isInteger(cases) && Number.isInteger(n) && n >= 1 && cases >= 0 && cases <= n) return;
  throw new InputError(
    `counts must be whole, at least 1 in all, and no more cases than n, found ${cases} of ${n}.`,
  );
}
