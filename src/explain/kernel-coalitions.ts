/**
 * Which coalitions of features are tried, and how much each weighs in the regression whose solution are SHAP values.
 *
 * Source: Lundberg & Lee 2017, arXiv:1705.07874, theorem 2; paired drawing by Covert & Lee 2021, arXiv:2012.01536.
 * Layer:  explain; imports core.
 */
import { randomStream, shuffleFirst } from "../core/random.js";

/** Coalitions of p features, neither empty nor of all. */
export interface Coalitions {
  /** count × p, row by row: 1 where the feature is known. */
  readonly masks: Uint8Array;
  readonly weights: Float64Array;
  readonly count: number;
  /** Whether these are all coalitions: the SHAP values are then exact. */
  readonly exact: boolean;
}

/**
 * Takes coalitions of one or all but one feature first, then of two, while whole sizes fit; the rest is drawn by weight, each
 * with its complement.
 *
 * @param most  How many.
 */
export function coalitionsOf(p: number, most: number, seed: number): Coalitions {
  const masks: Uint8Array[] = [];
  const weights: number[] = [];
  const largest = Math.floor(p / 2);
  const half = Array.from({ length: largest }, (_, at) => at + 1);
  /** Weight of all coalitions of a size and of its complement together. */
  const share = half.map((size) => ((p - 1) / (size * (p - size))) * (2 * size === p ? 1 : 2));
  const total = share.reduce((sum, value) => sum + value, 0);
  let at = 0;
  let room = most;
  for (; at < half.length; at++) {
    const pairs = 2 * half[at] === p ? 1 : 2;
    const count = binomial(p, half[at]) * pairs;
    if (count > room) break;
    for (const mask of subsetsOf(p, half[at])) {
      masks.push(mask);
      weights.push(share[at] / total / count);
      if (pairs === 1) continue;
      masks.push(mask.map((known) => 1 - known));
      weights.push(share[at] / total / count);
    }
    room -= count;
  }
  const exact = at === half.length;
  if (!exact) draw(masks, weights, p, half.slice(at), share.slice(at), total, Math.floor(room / 2), seed);
  const flat = new Uint8Array(masks.length * p);
  masks.forEach((mask, row) => {
    flat.set(mask, row * p);
  });
  return { masks: flat, weights: Float64Array.from(weights), count: masks.length, exact };
}

function draw(
  masks: Uint8Array[],
  weights: number[],
  p: number,
  sizes: readonly number[],
  share: readonly number[],
  total: number,
  pairs: number,
  seed: number,
): void {
  const random = randomStream(`${seed}/coalitions`);
  const rest = share.reduce((sum, value) => sum + value, 0);
  const features = Uint32Array.from({ length: p }, (_, j) => j);
  for (let pair = 0; pair < pairs; pair++) {
    let left = random.uniform() * rest;
    let at = 0;
    while (at < sizes.length - 1 && left > share[at]) left -= share[at++];
    const mask = new Uint8Array(p);
    shuffleFirst(features, sizes[at], random);
    for (let j = 0; j < sizes[at]; j++) mask[features[j]] = 1;
    masks.push(
      mask,
      mask.map((known) => 1 - known),
    );
    weights.push(rest / total / pairs / 2, rest / total / pairs / 2);
  }
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return Math.round(value);
}

/** All subsets of one size, in the order of the alphabet. */
function* subsetsOf(p: number, size: number): Generator<Uint8Array> {
  const members = Array.from({ length: size }, (_, at) => at);
  for (;;) {
    const mask = new Uint8Array(p);
    for (const j of members) mask[j] = 1;
    yield mask;
    let last = size - 1;
    while (last >= 0 && members[last] === p - size + last) last--;
    if (last < 0) return;
    members[last]++;
    for (let at = last + 1; at < size; at++) members[at] = members[at - 1] + 1;
  }
}
