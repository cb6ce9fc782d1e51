/**
 * Comparison of k groups: analysis of variance, Welch's form of it, and Kruskal and Wallis' test of ranks.
 *
 * Source: Fisher 1925; Welch 1951, doi:10.1093/biomet/38.3-4.330; Kruskal & Wallis 1952, doi:10.1080/01621459.1952.10483441.
 * Layer:  model; imports core, table.
 */
import { chiSquareTail, fTail } from "../../core/distributions.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { formatP } from "../../table/render.js";
import { checkGroups, type Groups } from "./groups.js";
import { concatenate, meanOf, ranksOf, squaresAround } from "./sample.js";
import { brief, checkFinite, shown, type TestResult } from "./test-result.js";

/** An analysis of variance. `statistic` is F. */
export interface Anova extends TestResult {
  /** Between and within groups. */
  readonly degreesOfFreedom: readonly [number, number];
  /** η²: share of the sum of squares that lies between the groups. */
  readonly etaSquared: number;
}

/**
 * One-way analysis of variance: whether k means are equal. Assumes equal variances.
 *
 * @throws InputError on fewer than 2 groups or no group with 2 values; NumericalError if all groups are constant.
 *
 * @example
 * model.statistics.anova({ adeno, squamous, largeCell })
 */
export function anova(groups: Groups): Anova {
  const { samples } = checkGroups(groups, 2, 1);
  const method = "Analysis of variance";
  const { f, between, within, p, etaSquared } = analyze(samples, method);
  const result = {
    method,
    statistic: f,
    p,
    degreesOfFreedom: [between, within] as const,
    etaSquared,
    sentence: `The means of ${samples.length} groups: F = ${brief(f)}, ${between} and ${within} df, ${formatP(p)} (one-way analysis of variance, η² = ${brief(etaSquared)}).`,
  };
  return shown(result, [
    ["F", f],
    ["degrees of freedom", `${between}, ${within}`],
    ["p", p],
    ["η²", etaSquared],
  ]);
}

/** Welch's analysis of variance. `statistic` is F. */
export interface WelchAnova extends TestResult {
  readonly degreesOfFreedom: readonly [number, number];
}

/** One-way analysis of variance without equal variances. @throws NumericalError if a group is constant. */
export function welchAnova(groups: Groups): WelchAnova {
  const { samples, names } = checkGroups(groups, 2, 2);
  const method = "Welch's analysis of variance";
  const k = samples.length;
  const means = samples.map(meanOf);
  const weights = samples.map((sample, g) => {
    const weight = (sample.length * (sample.length - 1)) / squaresAround(sample, means[g]);
    if (Number.isFinite(weight)) return weight;
    throw new NumericalError(
      `${method} needs values that differ, but group "${names[g]}" is constant. Drop that group.`,
    );
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = weights.reduce((sum, weight, g) => sum + (weight / total) * means[g], 0);
  let spread = 0;
  let lack = 0;
  samples.forEach((sample, g) => {
    spread += weights[g] * (means[g] - mean) ** 2;
    lack += (1 - weights[g] / total) ** 2 / (sample.length - 1);
  });
  lack /= k * k - 1;
  const f = spread / ((k - 1) * (1 + 2 * (k - 2) * lack));
  const within = 1 / (3 * lack);
  checkFinite(method, f, within);
  const p = fTail(f, k - 1, within);
  const result = {
    method,
    statistic: f,
    p,
    degreesOfFreedom: [k - 1, within] as const,
    sentence: `The means of ${k} groups: F = ${brief(f)}, ${k - 1} and ${brief(within)} df, ${formatP(p)} (Welch's analysis of variance).`,
  };
  return shown(result, [
    ["F", f],
    ["degrees of freedom", `${k - 1}, ${brief(within)}`],
    ["p", p],
  ]);
}

/** A Kruskal–Wallis test. `statistic` is H, corrected for ties. */
export interface KruskalWallis extends TestResult {
  readonly degreesOfFreedom: number;
}

/** Tests whether k groups tend to equal values, by ranks. @throws NumericalError if all values are equal. */
export function kruskalWallis(groups: Groups): KruskalWallis {
  const { samples } = checkGroups(groups, 2, 1);
  const all = concatenate(samples);
  const n = all.length;
  const { rank, ties, sizes } = ranksOf(all);
  if (sizes.length === 1) {
    throw new NumericalError(
      `all ${n} values are equal: their ranks say nothing. Drop constant features first.`,
    );
  }
  let between = 0;
  let at = 0;
  for (const { length } of samples) {
    between += length * (meanOf(rank.subarray(at, at + length)) - (n + 1) / 2) ** 2;
    at += length;
  }
  const statistic = ((12 / (n * (n + 1))) * between) / (1 - ties / (n ** 3 - n));
  const df = samples.length - 1;
  const p = chiSquareTail(statistic, df);
  const result = {
    method: "Kruskal–Wallis test",
    statistic,
    p,
    degreesOfFreedom: df,
    sentence: `${samples.length} groups (n = ${samples.map((sample) => sample.length).join(", ")}): H = ${brief(statistic)}, ${df} df, ${formatP(p)} (Kruskal–Wallis test).`,
  };
  return shown(result, [
    ["H", statistic],
    ["degrees of freedom", df],
    ["p", p],
  ]);
}

/** The sums of an analysis of variance. */
export interface VarianceParts {
  readonly f: number;
  readonly p: number;
  readonly between: number;
  readonly within: number;
  readonly etaSquared: number;
}

/** F of k samples that were checked. */
export function analyze(samples: readonly Float64Array[], method: string): VarianceParts {
  const all = concatenate(samples);
  const between = samples.length - 1;
  const within = all.length - samples.length;
  if (within < 1) {
    throw new InputError(
      `${method} needs a group with at least 2 values: each of ${samples.length} groups has 1.`,
    );
  }
  const grand = meanOf(all);
  let explained = 0;
  let residual = 0;
  for (const sample of samples) {
    const mean = meanOf(sample);
    explained += sample.length * (mean - grand) ** 2;
    residual += squaresAround(sample, mean);
  }
  // A spread that is only rounding is none: the rule of the t test, for the mean square inside the groups.
  const size = all.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(Math.sqrt(residual / within) > 10 * Number.EPSILON * size)) {
    throw new NumericalError(
      `${method} needs values that differ inside the groups, but all groups are constant.`,
    );
  }
  const f = explained / between / (residual / within);
  checkFinite(method, f);
  return { f, p: fTail(f, between, within), between, within, etaSquared: explained / (explained + residual) };
}
