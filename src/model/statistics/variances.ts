/**
 * Tests whether groups have the same variance: F, Bartlett, Levene (around the medians), Fligner and Killeen.
 *
 * Source: Bartlett 1937; Brown & Forsythe 1974, doi:10.1080/01621459.1974.10482955; Fligner & Killeen 1976.
 * Layer:  model; imports core, table.
 */
import { chiSquareTail, fQuantile, fTail, normalQuantile } from "../../core/distributions.js";
import { NumericalError } from "../../core/errors.js";
import { formatP } from "../../table/render.js";
import { analyze } from "./anova.js";
import { checkGroups, type Groups } from "./groups.js";
import {
  checkConfidence,
  checkSample,
  concatenate,
  meanOf,
  medianOf,
  ranksOf,
  type Sample,
  squaresAround,
  varianceOf,
} from "./sample.js";
import {
  brief,
  type ConfidenceInterval,
  checkFinite,
  formatInterval,
  shown,
  type TestResult,
} from "./test-result.js";

/** F test of two variances, two-sided. `statistic` is their ratio. */
export interface VarianceRatio extends TestResult {
  readonly degreesOfFreedom: readonly [number, number];
  readonly interval: ConfidenceInterval;
}

/** F test of two variances. It is only right for normal data. @throws NumericalError if a sample is constant. */
export function varianceRatio(
  x: Sample,
  y: Sample,
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): VarianceRatio {
  checkConfidence(confidence);
  const [first, second] = [checkSample("the first group", x, 2), checkSample("the second group", y, 2)];
  const statistic = varianceOf(first) / varianceOf(second);
  if (!(statistic > 0 && Number.isFinite(statistic))) throw constant("the F test of variances");
  const [df1, df2] = [first.length - 1, second.length - 1];
  const p = Math.min(1, 2 * Math.min(fTail(statistic, df1, df2), fTail(1 / statistic, df2, df1)));
  const interval = {
    lower: statistic / fQuantile((1 + confidence) / 2, df1, df2),
    upper: statistic * fQuantile((1 + confidence) / 2, df2, df1),
    confidence,
  };
  const result = {
    method: "F test of two variances",
    statistic,
    p,
    degreesOfFreedom: [df1, df2] as const,
    interval,
    sentence: `The ratio of the variances was ${brief(statistic)} (${formatInterval(interval)}; F test, ${formatP(p)}).`,
  };
  return shown(result, [
    ["ratio", statistic],
    ["interval", formatInterval(interval)],
    ["degrees of freedom", `${df1}, ${df2}`],
    ["p", p],
  ]);
}

/** A test of k variances by the χ² distribution. `statistic` is χ². */
export interface VarianceTest extends TestResult {
  readonly degreesOfFreedom: number;
}

/** Bartlett's test of k variances. It is only right for normal data. @throws NumericalError if a group is constant. */
export function bartlett(groups: Groups): VarianceTest {
  const { samples } = checkGroups(groups, 2, 2);
  const variances = samples.map(varianceOf);
  if (variances.some((variance) => variance === 0)) throw constant("Bartlett's test");
  const total = samples.reduce((sum, sample) => sum + sample.length - 1, 0);
  const pooled = samples.reduce((sum, sample, g) => sum + (sample.length - 1) * (variances[g] / total), 0);
  const k = samples.length;
  let spread = 0;
  let inverse = 0;
  samples.forEach((sample, g) => {
    spread += (sample.length - 1) * Math.log(pooled / variances[g]);
    inverse += 1 / (sample.length - 1);
  });
  // Rounding may leave a trace below 0 when all variances are the same.
  const statistic = Math.max(0, spread) / (1 + (inverse - 1 / total) / (3 * (k - 1)));
  return chiSquared("Bartlett's test of variances", statistic, k - 1);
}

/** Fligner and Killeen's test of k variances: by ranks around the medians, robust against data that are not normal. */
export function fligner(groups: Groups): VarianceTest {
  const { samples } = checkGroups(groups, 2, 1);
  const distances = concatenate(samples.map(aroundMedian));
  const n = distances.length;
  const score = ranksOf(distances).rank.map((rank) => normalQuantile((1 + rank / (n + 1)) / 2));
  const mean = meanOf(score);
  let between = 0;
  let at = 0;
  for (const { length } of samples) {
    between += length * (meanOf(score.subarray(at, at + length)) - mean) ** 2;
    at += length;
  }
  const within = squaresAround(score, mean) / (n - 1);
  if (!(within > 0)) throw constant("the Fligner–Killeen test");
  return chiSquared("Fligner–Killeen test of variances", between / within, samples.length - 1);
}

/** Levene's test. `statistic` is F. */
export interface LeveneTest extends TestResult {
  readonly degreesOfFreedom: readonly [number, number];
}

/** Levene's test of k variances, around the medians (Brown and Forsythe). */
export function levene(groups: Groups): LeveneTest {
  const { samples } = checkGroups(groups, 2, 1);
  const { f, between, within, p } = analyze(samples.map(aroundMedian), "Levene's test");
  const result = {
    method: "Levene's test of variances",
    statistic: f,
    p,
    degreesOfFreedom: [between, within] as const,
    sentence: `Levene's test of equal variances: F = ${brief(f)}, ${between} and ${within} df, ${formatP(p)}.`,
  };
  return shown(result, [
    ["F", f],
    ["degrees of freedom", `${between}, ${within}`],
    ["p", p],
  ]);
}

function aroundMedian(sample: Float64Array): Float64Array {
  const median = medianOf(sample);
  return sample.map((value) => Math.abs(value - median));
}

function chiSquared(method: string, statistic: number, df: number): VarianceTest {
  checkFinite(method, statistic);
  const p = chiSquareTail(statistic, df);
  const sentence = `${method}: χ² = ${brief(statistic)}, ${df} df, ${formatP(p)}.`;
  return shown({ method, statistic, p, degreesOfFreedom: df, sentence }, [
    ["χ²", statistic],
    ["degrees of freedom", df],
    ["p", p],
  ]);
}

function constant(test: string): NumericalError {
  return new NumericalError(
    `${test} needs values that differ inside each group, but one is constant. Drop that group.`,
  );
}
