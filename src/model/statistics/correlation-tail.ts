/**
 * Two-sided p of many correlations of the same number of pairs.
 *
 * p = (1 − r²)^a · h(|r|) with a = (n − 2) / 2. The power holds what is steep; h is smooth, and is tabulated as polynomials.
 * Source: Press et al., Numerical Recipes, 2007, section 5.8 (Chebyshev approximation).
 * Layer:  model; imports core.
 */
import { logTTwoSided } from "../../core/distributions.js";

const PIECES = 64;
const DEGREE = 9;
const TERMS: number = DEGREE + 1;

/** Higher powers lose digits by multiplication. */
const LARGEST_PRODUCT = 1_000;

/** @param n  Pairs, 3 or more. @returns P(|R| ≥ |r|) without correlation, relative to about 1e-12 however small. */
export function correlationTail(n: number): (r: number) => number {
  const tail = spreadTail(n - 2);
  return (r) => {
    const s = Math.abs(r);
    if (s < 1) return tail(s, (1 - s) * (1 + s));
    return s === 1 ? 0 : Number.NaN;
  };
}

/**
 * @param df  Degrees of freedom of Student's t, whole.
 * @returns p of s = |t| / √(df + t²) and 1 − s², which the caller knows to more digits than s says.
 */
export function spreadTail(df: number): (s: number, rest: number) => number {
  const a = df / 2;
  // h changes over distances of 1 / √a near 0 and slowly beyond: w = c s / (1 + c s) spreads that evenly.
  const c = Math.sqrt(a) / 2;
  const end = c / (1 + c);
  const table = tabulate((w) => {
    const s = Math.min(1, w / (c * (1 - w)));
    return smoothPart(s, df);
  }, end);
  const pieces = PIECES / end;
  return (s, rest) => {
    if (s === 0) return 1;
    const w = (c * s) / (1 + c * s);
    const piece = Math.min(PIECES - 1, Math.floor(w * pieces));
    const at = 2 * (w * pieces - piece) - 1;
    const line = piece * TERMS;
    let h = table[line + DEGREE];
    for (let k = DEGREE - 1; k >= 0; k--) h = h * at + table[line + k];
    const power = df <= LARGEST_PRODUCT ? halfPower(rest, df) : Math.exp(a * Math.log1p(-s * s));
    return Math.min(1, h * power);
  };
}

/** x^(count / 2). */
function halfPower(x: number, count: number): number {
  let power = (count & 1) === 1 ? Math.sqrt(x) : 1;
  for (let square = x, left = count >> 1; left > 0; left >>= 1, square *= square) {
    if ((left & 1) === 1) power *= square;
  }
  return power;
}

/** h(s) = p / (1 − s²)^a; at s = 1 its limit. */
function smoothPart(s: number, df: number): number {
  // At the very end the power is below every double, and h does not change any more.
  const at = Math.min(s, 1 - 1e-9);
  const t = (at * Math.sqrt(df)) / Math.sqrt((1 - at) * (1 + at));
  return Math.exp(logTTwoSided(t, df) - (df / 2) * Math.log1p(-at * at));
}

/** Coefficients of a polynomial for each piece of [0, end], in a coordinate that goes from −1 to 1. */
function tabulate(f: (w: number) => number, end: number): Float64Array {
  const table = new Float64Array(PIECES * TERMS);
  const nodes = Float64Array.from({ length: TERMS }, (_, k) => Math.cos((Math.PI * (k + 0.5)) / TERMS));
  for (let piece = 0; piece < PIECES; piece++) {
    const values = nodes.map((node) => f((end * (piece + (node + 1) / 2)) / PIECES));
    const chebyshev = Float64Array.from({ length: TERMS }, (_, j) => {
      const sum = values.reduce(
        (total, value, k) => total + value * Math.cos((Math.PI * j * (k + 0.5)) / TERMS),
        0,
      );
      return (sum * (j === 0 ? 1 : 2)) / TERMS;
    });
    table.set(toPowers(chebyshev), piece * TERMS);
  }
  return table;
}

/** A sum of Chebyshev polynomials as one of powers. */
function toPowers(chebyshev: Float64Array): Float64Array {
  const sum = new Float64Array(TERMS);
  let before = new Float64Array(TERMS);
  let current = new Float64Array(TERMS);
  before[0] = 1;
  current[1] = 1;
  for (let j = 0; j < TERMS; j++) {
    for (let k = 0; k < TERMS; k++) sum[k] += chebyshev[j] * before[k];
    const next = current.map((_, k) => (k === 0 ? 0 : 2 * current[k - 1]) - before[k]);
    before = current;
    current = next;
  }
  return sum;
}
