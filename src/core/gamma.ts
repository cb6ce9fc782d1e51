/**
 * The gamma function and its incomplete integrals, on the log scale, so that tails keep their relative accuracy.
 *
 * Source: C. Loader, "Fast and accurate computation of binomial probabilities" (2000), for the saddle-point form;
 *         Abramowitz & Stegun, Handbook of Mathematical Functions, 6.1.41, 6.5.29, 6.5.31.
 * Layer:  core; imports errors.
 */
import { NumericalError } from "./errors.js";

const HALF_LOG_TWO_PI = 0.9189385332046727;
const MAX_TERMS = 1_000_000;
const EPSILON = 2.220446049250313e-16;
const TINY = 1e-300;

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingError(x);
}

/** What Stirling's formula leaves out: ln Γ(x) − ((x − ½) ln x − x + ½ ln 2π), for x > 0. */
export function stirlingError(x: number): number {
  // The series is exact to the last digit from 16 on; smaller x climb there by Γ(x + 1) = x Γ(x).
  let shift = 0;
  let z = x;
  for (; z < 16; z++) shift += (z + 0.5) * Math.log1p(1 / z) - 1;
  const r = 1 / z;
  const s = r * r;
  const series =
    r * (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - (s * 691) / 360360)))));
  return shift + series;
}

/** x ln(x / m) + m − x for x, m > 0, without cancellation when they are close. */
export function deviance(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = (x - m) / (x + m);
  let sum = (x - m) * v;
  let term = 2 * x * v;
  for (let j = 1; j < 1000; j++) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** ln(1 − exp(l)) for l ≤ 0. */
export function logComplement(l: number): number {
  return l > -Math.LN2 ? Math.log(-Math.expm1(l)) : Math.log1p(-Math.exp(l));
}

/** Logarithms of both parts of a probability that sum to 1. */
export interface LogParts {
  readonly lower: number;
  readonly upper: number;
}

/** ln P(a, x) and ln Q(a, x), the regularised incomplete gamma integrals from 0 to x and from x on; a > 0, x ≥ 0. */
export function logIncompleteGamma(a: number, x: number): LogParts {
  if (x <= 0) return { lower: Number.NEGATIVE_INFINITY, upper: 0 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 0, upper: Number.NEGATIVE_INFINITY };
  // x^a e^-x / Γ(a + 1), by the saddle point.
  const front = -stirlingError(a) - deviance(a, x) - HALF_LOG_TWO_PI - 0.5 * Math.log(a);
  if (x < a + 1) {
    const lower = Math.min(0, front + Math.log(lowerSeries(a, x)));
    return { lower, upper: logComplement(lower) };
  }
  const upper = Math.min(0, front + Math.log(a) + Math.log(upperFraction(a, x)));
  return { lower: logComplement(upper), upper };
}

/** Σ x^k / ((a + 1) … (a + k)): the lower integral over its front factor. */
function lowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < MAX_TERMS; k++) {
    term *= x / (a + k);
    sum += term;
    if (term < sum * EPSILON) return sum;
  }
  throw new NumericalError(`the incomplete gamma integral at a = ${a}, x = ${x} does not converge.`);
}

/** Legendre's continued fraction of the upper integral over x^a e^-x, by Lentz' method. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let h = d;
  for (let k = 1; k < MAX_TERMS; k++) {
    const an = k * (a - k);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < TINY) d = TINY;
    c = b + an / c;
    if (Math.abs(c) < TINY) c = TINY;
    d = 1 / d;
    h *= d * c;
    if (Math.abs(d * c - 1) < 2 * EPSILON) return h;
  }
  throw new NumericalError(`the incomplete gamma integral at a = ${a}, x = ${x} does not converge.`);
}
