/**
 * Variance between and within subjects who were measured several times: what intraclass correlations are made of.
 *
 * Source: Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420; McGraw & Wong 1996, doi:10.1037/1082-989X.1.1.30.
 * Layer:  core; imports distributions.
 */
import { fQuantile } from "./distributions.js";

/** Mean squares of the analysis of variance of n subjects by k raters. */
export interface MeanSquares {
  readonly subjects: number;
  readonly raters: number;
  readonly rest: number;
  readonly within: number;
  /** Raters differ by nothing or by a constant, but for rounding. */
  readonly isConsistent: boolean;
  /** Raters do not differ, but for rounding. */
  readonly isEqual: boolean;
}

/** @param columns  k ≥ 2 raters, each with the same n ≥ 2 subjects. */
export function meanSquaresOf(columns: readonly Float64Array[]): MeanSquares {
  const k = columns.length;
  const n = columns[0].length;
  const ofRater = columns.map(meanOf);
  const grand = meanOf(Float64Array.from(ofRater));
  const ofSubject = new Float64Array(n);
  for (const values of columns) for (let i = 0; i < n; i++) ofSubject[i] += values[i] / k;
  let subjects = 0;
  let raters = 0;
  let within = 0;
  let rest = 0;
  let size = 0;
  for (let i = 0; i < n; i++) subjects += (ofSubject[i] - grand) ** 2;
  for (let j = 0; j < k; j++) {
    raters += (ofRater[j] - grand) ** 2;
    for (let i = 0; i < n; i++) {
      const value = columns[j][i];
      within += (value - ofSubject[i]) ** 2;
      rest += (value - ofSubject[i] - ofRater[j] + grand) ** 2;
      size = Math.max(size, Math.abs(value));
    }
  }
  // What is left by rounding alone counts as nothing.
  const floor = (16 * Number.EPSILON * size) ** 2 * n * k;
  return {
    subjects: (k * subjects) / (n - 1),
    raters: (n * raters) / (k - 1),
    rest: rest / ((n - 1) * (k - 1)),
    within: within / (n * (k - 1)),
    isConsistent: !(rest > floor),
    isEqual: !(within > floor),
  };
}

/** An intraclass correlation of single measurements with its limits. */
export interface SingleIcc {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * ICC(1,1) or, with the mean square of the rest, ICC(3,1): from the ratio F of two mean squares.
 *
 * @param df2         Degrees of freedom of the lower one.
 * @param confidence  Of the limits, e.g. 0.95.
 */
export function singleIcc(f: number, n: number, k: number, df2: number, confidence: number): SingleIcc {
  const [low, high] = limitsOfF(f, n - 1, df2, confidence);
  const icc = (ratio: number): number => (ratio - 1) / (ratio + k - 1);
  return { value: icc(f), lower: icc(low), upper: icc(high) };
}

/** Limits of the ratio of two variances whose estimates have the ratio f. */
export function limitsOfF(
  f: number,
  df1: number,
  df2: number,
  confidence: number,
): readonly [number, number] {
  const outer = (1 + confidence) / 2;
  return [f / fQuantile(outer, df1, df2), f * fQuantile(outer, df2, df1)];
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
