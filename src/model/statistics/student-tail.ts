/**
 * Two-sided tails of Student's t for many values of t with the same degrees of freedom.
 *
 * Source: Numerical Recipes 6.4, the continued fraction of the incomplete beta integral.
 * Layer:  model; imports core.
 */
import { tTwoSided } from "../../core/distributions.js";
import { logGamma } from "../../core/gamma.js";

const EPSILON = 2.220446049250313e-16;
/** Beyond, and for small tails, the logarithms lose digits: the general function takes over. */
const LARGEST_DF = 1e5;
const SMALLEST_TAIL = 1e-290;

/** P(|T| ≥ |t|) as a function of t: the parts that only depend on the degrees of freedom are computed once. */
export function studentTail(df: number): (t: number) => number {
  const a = df / 2;
  const b = 0.5;
  const limit = (a + 1) / (a + b + 2);
  const logFront = logGamma(a + b) - logGamma(a) - logGamma(b);
  return (t) => {
    const square = (t * t) / df;
    // x = 1 / (1 + square) is the upper end of the integral; its fraction converges fast below (a + 1) / (a + b + 2).
    const x = 1 / (1 + square);
    if (df > LARGEST_DF || x > limit) return tTwoSided(t, df);
    const front = Math.exp(logFront - a * Math.log1p(square) + b * Math.log(square * x));
    const tail = (front / a) * fraction(x, a, b);
    return tail > SMALLEST_TAIL ? Math.min(1, tail) : tTwoSided(t, df);
  };
}

/** By Lentz' method; all terms are positive here. */
function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    h *= d * c;
    if (Math.abs(d * c - 1) < 2 * EPSILON) break;
  }
  return h;
}
