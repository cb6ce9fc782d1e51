/**
 * Tails and quantiles of the normal, chi-square, t, F and beta distributions. Tails keep their relative accuracy
 * however small they are; below the smallest double the `log…` forms still tell them apart.
 *
 * Layer:  core; imports errors, gamma, beta.
 */
import { logIncompleteBeta } from "./beta.js";
import { InputError } from "./errors.js";
import { type LogParts, logIncompleteGamma } from "./gamma.js";

/** P(Z ≤ z), Z standard normal. */
export function normalCdf(z: number): number {
  return Math.exp(logNormalCdf(z));
}

/** ln P(Z ≤ z). */
export function logNormalCdf(z: number): number {
  checkNumber("z", z);
  const { lower, upper } = logIncompleteGamma(0.5, (z * z) / 2);
  if (z <= 0) return upper - Math.LN2;
  return lower > -Math.LN2 ? Math.log1p(-Math.exp(upper - Math.LN2)) : Math.log(0.5 + 0.5 * Math.exp(lower));
}

/** P(|Z| ≥ |z|): the two-sided p of a z statistic. */
export function normalTwoSided(z: number): number {
  return Math.exp(logNormalTwoSided(z));
}

/** ln P(|Z| ≥ |z|). */
export function logNormalTwoSided(z: number): number {
  checkNumber("z", z);
  return logIncompleteGamma(0.5, (z * z) / 2).upper;
}

/** z with P(Z ≤ z) = p. @throws InputError unless p lies in (0, 1). */
export function normalQuantile(p: number): number {
  checkProbability(p);
  if (p === 0.5) return 0;
  const logTail = Math.log(Math.min(p, 1 - p));
  const z = rootOfDecreasing((at) => logNormalCdf(-at), logTail);
  return p < 0.5 ? -z : z;
}

/** P(X ≥ x), X chi-square with `df` degrees of freedom. */
export function chiSquareTail(x: number, df: number): number {
  return Math.exp(logChiSquareTail(x, df));
}

/** ln P(X ≥ x). */
export function logChiSquareTail(x: number, df: number): number {
  checkNumber("x", x);
  checkPositive("df", df);
  return logIncompleteGamma(df / 2, x / 2).upper;
}

/** P(|T| ≥ |t|), T Student's t with `df` degrees of freedom, which need not be whole. */
export function tTwoSided(t: number, df: number): number {
  return Math.exp(logTTwoSided(t, df));
}

/** ln P(|T| ≥ |t|). */
export function logTTwoSided(t: number, df: number): number {
  checkNumber("t", t);
  checkPositive("df", df);
  const square = (t / Math.sqrt(df)) ** 2;
  if (square === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  return logIncompleteBeta(1 / (1 + square), square / (1 + square), df / 2, 0.5).lower;
}

/** t with P(T ≤ t) = p. @throws InputError unless p lies in (0, 1) and df > 0. */
export function tQuantile(p: number, df: number): number {
  checkProbability(p);
  checkPositive("df", df);
  if (p === 0.5) return 0;
  const logTail = Math.log(2 * Math.min(p, 1 - p));
  const t = rootOfDecreasing((at) => logTTwoSided(at, df), logTail);
  return p < 0.5 ? -t : t;
}

/** P(F ≥ f), F with `df1` and `df2` degrees of freedom. */
export function fTail(f: number, df1: number, df2: number): number {
  return Math.exp(logFTail(f, df1, df2));
}

/** ln P(F ≥ f). */
export function logFTail(f: number, df1: number, df2: number): number {
  return logF(f, df1, df2).upper;
}

/** f with P(F ≤ f) = p. @throws InputError unless p lies in (0, 1) and both df > 0. */
export function fQuantile(p: number, df1: number, df2: number): number {
  checkProbability(p);
  // The smaller part is sought: the larger one has no digits left near 1.
  if (p <= 0.5) return rootOfIncreasing((f) => logF(f, df1, df2).lower, Math.log(p));
  return rootOfDecreasing((f) => logF(f, df1, df2).upper, Math.log(1 - p));
}

/** x with P(B ≤ x) = p, B beta with shapes a and b. @throws InputError unless p lies in (0, 1) and a, b > 0. */
export function betaQuantile(p: number, a: number, b: number): number {
  checkPositive("a", a);
  checkPositive("b", b);
  // A beta variable is odds / (1 + odds) of one of F.
  const odds = (fQuantile(p, 2 * a, 2 * b) * a) / b;
  return odds / (1 + odds);
}

function logF(f: number, df1: number, df2: number): LogParts {
  checkNumber("f", f);
  checkPositive("df1", df1);
  checkPositive("df2", df2);
  if (f <= 0) return { lower: Number.NEGATIVE_INFINITY, upper: 0 };
  const ratio = (f / df2) * df1;
  if (ratio === Number.POSITIVE_INFINITY) return { lower: 0, upper: Number.NEGATIVE_INFINITY };
  return logIncompleteBeta(ratio / (1 + ratio), 1 / (1 + ratio), df1 / 2, df2 / 2);
}

/** Where a decreasing function on [0, ∞) takes a value, to the last digit that the function tells apart. */
function rootOfDecreasing(f: (x: number) => number, value: number): number {
  let high = 1;
  while (high < 1e300 && f(high) > value) high *= 2;
  let low = high / 2;
  while (low > 1e-300 && f(low) <= value) low /= 2;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (f(middle) > value) low = middle;
    else high = middle;
  }
}

function rootOfIncreasing(f: (x: number) => number, value: number): number {
  return rootOfDecreasing((x) => -f(x), -value);
}

function checkNumber(name: string, value: number): void {
  if (Number.isNaN(value)) throw new InputError(`${name} must be a number, found NaN.`);
}

function checkPositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) {
    throw new InputError(`${name} must be positive and finite, found ${value}.`);
  }
}

function checkProbability(p: number): void {
  if (!(p > 0 && p < 1)) throw new InputError(`a probability must lie between 0 and 1, found ${p}.`);
}
