/**
 * The incomplete beta integral on the log scale.
 *
 * Source: Numerical Recipes 6.4 for the continued fraction; Loader (2000) for its front factor.
 * Layer:  core; imports errors, gamma.
 */
import { NumericalError } from "./errors.js";
import { deviance, type LogParts, logComplement, stirlingError } from "./gamma.js";

const LOG_TWO_PI = 1.8378770664093456;
const MAX_TERMS = 1_000_000;
const EPSILON = 2.220446049250313e-16;
const TINY = 1e-300;

/**
 * ln I_x(a, b) and ln(1 − I_x(a, b)), the regularised incomplete beta integral; a, b > 0.
 *
 * @param x  Upper end of the integral, in [0, 1].
 * @param y  1 − x, given apart because it cannot be had from x when x is near 1.
 */
export function logIncompleteBeta(x: number, y: number, a: number, b: number): LogParts {
  if (x <= 0) return { lower: Number.NEGATIVE_INFINITY, upper: 0 };
  if (y <= 0) return { lower: 0, upper: Number.NEGATIVE_INFINITY };
  if (x > (a + 1) / (a + b + 2)) {
    const { lower, upper } = convergingPart(y, x, b, a);
    return { lower: upper, upper: lower };
  }
  return convergingPart(x, y, a, b);
}

/** The same where the continued fraction converges fast. */
function convergingPart(x: number, y: number, a: number, b: number): LogParts {
  const lower = Math.min(0, logFront(x, y, a, b) - Math.log(a) + Math.log(fraction(x, a, b)));
  return { lower, upper: logComplement(lower) };
}

/** ln of x^a y^b / B(a, b), by the saddle point of the binomial probability. */
function logFront(x: number, y: number, a: number, b: number): number {
  const n = a + b;
  const peak =
    stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y);
  const width = 0.5 * (LOG_TWO_PI + Math.log(a) + Math.log(b / n));
  return peak - width + Math.log(a) + Math.log(b / n);
}

/** The continued fraction, by Lentz' method. */
function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  if (Math.abs(d) < TINY) d = TINY;
  d = 1 / d;
  let h = d;
  for (let m = 1; m < MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    if (Math.abs(d) < TINY) d = TINY;
    c = 1 + even / c;
    if (Math.abs(c) < TINY) c = TINY;
    d = 1 / d;
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    if (Math.abs(d) < TINY) d = TINY;
    c = 1 + odd / c;
    if (Math.abs(c) < TINY) c = TINY;
    d = 1 / d;
    h *= d * c;
    if (Math.abs(d * c - 1) < 2 * EPSILON) return h;
  }
  throw new NumericalError(`the incomplete beta integral at a = ${a}, b = ${b}, x = ${x} does not converge.`);
}
