/**
 * From decisions to probabilities: Platt's sigmoid for two classes, pairwise coupling for more.
 *
 * Source: Platt 1999; Lin, Lin & Weng 2007, doi:10.1007/s10994-007-5018-6 (Newton's method with step halving);
 *         Wu, Lin & Weng 2004, JMLR 5, 975 (second method of coupling).
 * Layer:  model; imports core.
 */
import { NumericalError } from "../../core/errors.js";

/** Probability of the outcome = 1 / (1 + exp(a · decision + b)). */
export interface Sigmoid {
  readonly a: number;
  readonly b: number;
}

const MAX_ITERATIONS = 200;
/** A gain that is this small against the loss means that one step is left to make. */
const CLOSE = 1e-11;
const SMALL_STEP = 1e-10;
/** Keeps the curvature positive. */
const RIDGE = 1e-12;

/**
 * Fits the sigmoid by maximum likelihood, with targets a little off 0 and 1, as if one more patient of each class had been
 * seen.
 *
 * @param isOutcome  1 for patients with the outcome.
 */
export function fitSigmoid(decisions: Float64Array, isOutcome: Uint8Array): Sigmoid {
  const n = decisions.length;
  const outcomes = isOutcome.reduce((sum, one) => sum + one, 0);
  const high = (outcomes + 1) / (outcomes + 2);
  const low = 1 / (n - outcomes + 2);
  // Decisions of unit size, so that the tolerances mean the same for all.
  const unit = decisions.reduce((most, f) => Math.max(most, Math.abs(f)), 0) || 1;
  const scaled = decisions.map((f) => f / unit);
  const target = Float64Array.from(isOutcome, (one) => (one === 1 ? high : low));
  let a = 0;
  let b = Math.log((n - outcomes + 1) / (outcomes + 1));
  let loss = lossOf(scaled, target, a, b);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    let [aa, ab, bb, slopeA, slopeB] = [RIDGE, 0, RIDGE, 0, 0];
    for (let row = 0; row < n; row++) {
      const p = probability(a * scaled[row] + b);
      const bend = p * (1 - p);
      const rest = target[row] - p;
      aa += scaled[row] * scaled[row] * bend;
      ab += scaled[row] * bend;
      bb += bend;
      slopeA += scaled[row] * rest;
      slopeB += rest;
    }
    const determinant = aa * bb - ab * ab;
    const stepA = -(bb * slopeA - ab * slopeB) / determinant;
    const stepB = -(aa * slopeB - ab * slopeA) / determinant;
    const promised = slopeA * stepA + slopeB * stepB;
    // So close to the minimum, rounding hides what a step gains; Newton's step is exact there.
    if (-promised <= CLOSE * loss) {
      a += stepA;
      b += stepB;
      break;
    }
    let part = 1;
    for (; part >= SMALL_STEP; part /= 2) {
      const next = lossOf(scaled, target, a + part * stepA, b + part * stepB);
      if (!(next < loss + 1e-4 * part * promised)) continue;
      [a, b, loss] = [a + part * stepA, b + part * stepB, next];
      break;
    }
    if (part < SMALL_STEP) break;
  }
  if (Number.isFinite(a / unit) && Number.isFinite(b)) return { a: a / unit, b };
  throw new NumericalError("decisions cannot be turned into probabilities. Standardize the columns.");
}

/** 1 / (1 + exp(z)), to the last digit at both ends. */
function probability(z: number): number {
  return z >= 0 ? Math.exp(-z) / (1 + Math.exp(-z)) : 1 / (1 + Math.exp(z));
}

/** Probability of the outcome at a decision. */
export function sigmoidAt({ a, b }: Sigmoid, decision: number): number {
  return probability(a * decision + b);
}

function lossOf(decisions: Float64Array, target: Float64Array, a: number, b: number): number {
  let sum = 0;
  for (let row = 0; row < decisions.length; row++) {
    const z = a * decisions[row] + b;
    sum +=
      z >= 0 ? target[row] * z + Math.log1p(Math.exp(-z)) : (target[row] - 1) * z + Math.log1p(Math.exp(z));
  }
  return sum;
}

/** libsvm keeps pairwise probabilities this far from 0 and 1. */
const LEAST = 1e-7;

/** At most so many passes; they end when the conditions of the minimum are met this closely. libsvm: 100, 0.005 / k. */
export interface Coupling {
  readonly rounds: number;
  readonly close: number;
}

/**
 * Probabilities of k classes from those of their pairs.
 *
 * @param pairs  Probability of the first class of each pair, in the order 0–1, 0–2, …, 1–2, …
 */
export function couplePairs(pairs: ArrayLike<number>, k: number, { rounds, close }: Coupling): Float64Array {
  const r = new Float64Array(k * k);
  for (let i = 0, at = 0; i < k; i++) {
    for (let j = i + 1; j < k; j++, at++) {
      r[i * k + j] = Math.min(Math.max(pairs[at], LEAST), 1 - LEAST);
      r[j * k + i] = 1 - r[i * k + j];
    }
  }
  const q = new Float64Array(k * k);
  for (let t = 0; t < k; t++) {
    for (let j = 0; j < k; j++) {
      if (j === t) continue;
      q[t * k + t] += r[j * k + t] * r[j * k + t];
      q[t * k + j] = -r[j * k + t] * r[t * k + j];
    }
  }
  const p = new Float64Array(k).fill(1 / k);
  const v = new Float64Array(k);
  for (let round = 0; round < rounds; round++) {
    let s = 0;
    for (let t = 0; t < k; t++) {
      v[t] = 0;
      for (let j = 0; j < k; j++) v[t] += q[t * k + j] * p[j];
      s += p[t] * v[t];
    }
    let most = 0;
    for (let t = 0; t < k; t++) most = Math.max(most, Math.abs(v[t] - s));
    if (most < close) break;
    for (let t = 0; t < k; t++) {
      const own = q[t * k + t];
      const d = (s - v[t]) / own;
      p[t] += d;
      s = (s + d * (d * own + 2 * v[t])) / (1 + d) / (1 + d);
      for (let j = 0; j < k; j++) {
        v[j] = (v[j] + d * q[t * k + j]) / (1 + d);
        p[j] /= 1 + d;
      }
    }
  }
  return p;
}
