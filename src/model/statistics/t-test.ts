/**
 * Student's and Welch's t tests: two groups, pairs, one sample; with interval and standardised difference.
 *
 * Source: Student 1908; Welch 1947, doi:10.1093/biomet/34.1-2.28; Hedges 1981, doi:10.3102/10769986006002107.
 * Layer:  model; imports core, table.
 */
import { tQuantile } from "../../core/distributions.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { logGamma } from "../../core/gamma.js";
import { formatP } from "../../table/render.js";
import { checkConfidence, checkPairs, checkSample, meanOf, type Sample, squaresAround } from "./sample.js";
import {
  type Alternative,
  brief,
  type ConfidenceInterval,
  checkAlternative,
  checkFinite,
  formatInterval,
  shown,
  type TestResult,
  tTest,
} from "./test-result.js";

export interface TTestOptions {
  /** Default "two-sided". "greater": the first mean is greater. */
  readonly alternative?: Alternative;
  /** Of the interval of the difference, default 0.95. */
  readonly confidence?: number;
}

/** A t test. `statistic` is t. */
export interface TTest extends TestResult {
  readonly degreesOfFreedom: number;
  /** First mean minus second (or minus the mean of the null hypothesis). */
  readonly difference: number;
  readonly standardError: number;
  /** Interval of the difference; with one sample, of its mean. */
  readonly interval: ConfidenceInterval;
  readonly alternative: Alternative;
}

/** A t test of two groups. */
export interface TwoSampleTTest extends TTest {
  readonly means: readonly [number, number];
  /** Cohen's d: difference over the pooled standard deviation. */
  readonly cohenD: number;
  /** Hedges' g: d without its bias, by the exact factor. */
  readonly hedgesG: number;
}

/**
 * Welch's test of two means: variances need not be equal.
 *
 * @throws InputError on fewer than 2 values or missing ones; NumericalError if both groups are constant.
 *
 * @example
 * const test = model.statistics.welch(volumeOfResponders, volumeOfOthers);
 */
export function welch(x: Sample, y: Sample, options: TTestOptions = {}): TwoSampleTTest {
  return twoSamples("Welch's t test", false, x, y, options);
}

/** Student's test of two means: assumes equal variances. Errors as `welch`. */
export function student(x: Sample, y: Sample, options: TTestOptions = {}): TwoSampleTTest {
  return twoSamples("Student's t test", true, x, y, options);
}

/** Paired t test: the mean of x − y against 0. @throws InputError also if lengths differ. */
export function pairedT(x: Sample, y: Sample, options: TTestOptions = {}): TTest {
  const [first, second] = checkPairs(x, y, 2);
  const differences = first.map((value, at) => value - second[at]);
  return oneSample("Paired t test", differences, 0, "mean difference", options);
}

/** One-sample t test: the mean against `mean`, default 0. */
export function oneSampleT(
  x: Sample,
  { mean = 0, ...options }: TTestOptions & { readonly mean?: number } = {},
): TTest {
  if (!Number.isFinite(mean))
    throw new InputError(`the mean to test must be a finite number, found ${mean}.`);
  return oneSample("One-sample t test", checkSample("the sample", x, 2), mean, "mean", options);
}

function twoSamples(
  method: string,
  pooled: boolean,
  x: Sample,
  y: Sample,
  { alternative = "two-sided", confidence = 0.95 }: TTestOptions,
): TwoSampleTTest {
  checkAlternative(alternative);
  checkConfidence(confidence);
  const first = checkSample("the first group", x, 2);
  const second = checkSample("the second group", y, 2);
  const [n1, n2] = [first.length, second.length];
  const means = [meanOf(first), meanOf(second)] as const;
  const squares = [squaresAround(first, means[0]), squaresAround(second, means[1])];
  const total = n1 + n2 - 2;
  const pooledVariance = (squares[0] + squares[1]) / total;
  const parts = [squares[0] / (n1 - 1) / n1, squares[1] / (n2 - 1) / n2];
  const standardError = Math.sqrt(pooled ? pooledVariance * (1 / n1 + 1 / n2) : parts[0] + parts[1]);
  refuseConstant(method, standardError, Math.max(Math.abs(means[0]), Math.abs(means[1])));
  const share = parts[0] / (parts[0] + parts[1]);
  const degreesOfFreedom = pooled ? total : 1 / (share ** 2 / (n1 - 1) + (1 - share) ** 2 / (n2 - 1));
  const difference = means[0] - means[1];
  const base = evaluate(method, difference, 0, standardError, degreesOfFreedom, alternative, confidence);
  const cohenD = difference / Math.sqrt(pooledVariance);
  const hedgesG =
    cohenD * Math.exp(logGamma(total / 2) - 0.5 * Math.log(total / 2) - logGamma((total - 1) / 2));
  const result = {
    ...base,
    means,
    cohenD,
    hedgesG,
    sentence:
      `The means were ${brief(means[0])} (n = ${n1}) and ${brief(means[1])} (n = ${n2}), difference ${brief(difference)} ` +
      `(${formatInterval(base.interval)}; ${method}, t = ${brief(base.statistic)}, ${brief(degreesOfFreedom)} df, ` +
      `${formatP(base.p)}; Hedges' g = ${brief(hedgesG)}).`,
  };
  checkFinite(method, result.statistic, result.p, cohenD, hedgesG, degreesOfFreedom);
  return shown(result, [
    ["n", `${n1}, ${n2}`],
    ["means", `${brief(means[0])}, ${brief(means[1])}`],
    ...rowsOf(result),
    ["Cohen's d", cohenD],
    ["Hedges' g", hedgesG],
  ]);
}

function oneSample(
  method: string,
  values: Float64Array,
  against: number,
  what: string,
  { alternative = "two-sided", confidence = 0.95 }: TTestOptions,
): TTest {
  checkAlternative(alternative);
  checkConfidence(confidence);
  const n = values.length;
  const mean = meanOf(values);
  const standardError = Math.sqrt(squaresAround(values, mean) / (n - 1) / n);
  refuseConstant(method, standardError, Math.abs(mean));
  const base = evaluate(method, mean, against, standardError, n - 1, alternative, confidence);
  const sentence =
    `The ${what} was ${brief(mean)} (n = ${n}; ${formatInterval(base.interval)}; ${method.toLowerCase()}, ` +
    `t = ${brief(base.statistic)}, ${n - 1} df, ${formatP(base.p)}).`;
  const result = { ...base, sentence };
  checkFinite(method, result.statistic, result.p);
  return shown(result, [["n", n], ...rowsOf(result)]);
}

function evaluate(
  method: string,
  estimate: number,
  against: number,
  standardError: number,
  df: number,
  alternative: Alternative,
  confidence: number,
): Omit<TTest, "sentence"> {
  const statistic = (estimate - against) / standardError;
  checkFinite(method, statistic, df);
  const level = alternative === "two-sided" ? (1 + confidence) / 2 : confidence;
  const width = tQuantile(level, df) * standardError;
  return {
    method,
    statistic,
    degreesOfFreedom: df,
    p: tTest(statistic, df, alternative),
    difference: estimate - against,
    standardError,
    interval: {
      lower: alternative === "less" ? Number.NEGATIVE_INFINITY : estimate - width,
      upper: alternative === "greater" ? Number.POSITIVE_INFINITY : estimate + width,
      confidence,
    },
    alternative,
  };
}

function rowsOf(test: TTest): [string, number | string][] {
  return [
    ["difference", test.difference],
    ["interval", formatInterval(test.interval)],
    ["t", test.statistic],
    ["degrees of freedom", test.degreesOfFreedom],
    ["p", test.p],
  ];
}

/** R's rule: a spread that is only rounding is none. */
function refuseConstant(method: string, standardError: number, size: number): void {
  if (standardError > 10 * Number.EPSILON * size) return;
  throw new NumericalError(
    `${method} compares means with the spread of the values, but all values of each group are the same. ` +
      "Drop constant features first.",
  );
}
