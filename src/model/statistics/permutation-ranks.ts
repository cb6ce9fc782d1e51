/**
 * Exact distributions of rank correlations if all orders are equally likely.
 *
 * Layer:  model; imports core.
 */
import type { Alternative } from "./test-result.js";

/** p of Spearman's S, the sum of squared rank differences of n ≤ 9 pairs; a small S is a positive correlation. */
export function spearmanTail(squares: number, n: number, alternative: Alternative): number {
  const orders = spearmanOrders.get(n) ?? countOrders(n);
  spearmanOrders.set(n, orders);
  return tailOf(orders, squares, alternative === "two-sided" ? alternative : opposite(alternative));
}

/** Counted once for each n: it takes milliseconds. */
const spearmanOrders = new Map<number, Float64Array>();

/** How many of the n! orders have each sum of squared rank differences. */
function countOrders(n: number): Float64Array {
  // By the set of ranks used: pair after pair takes one of the ranks that are left.
  const most = (n ** 3 - n) / 3;
  let counts = new Map<number, Float64Array>([[0, Float64Array.of(1, ...new Float64Array(most))]]);
  for (let pair = 0; pair < n; pair++) {
    const next = new Map<number, Float64Array>();
    for (const [used, sums] of counts) {
      for (let rank = 0; rank < n; rank++) {
        if (used & (1 << rank)) continue;
        const key = used | (1 << rank);
        const into = next.get(key) ?? new Float64Array(most + 1);
        next.set(key, into);
        const step = (pair - rank) ** 2;
        for (let s = 0; s + step <= most; s++) into[s + step] += sums[s];
      }
    }
    counts = next;
  }
  const [orders = new Float64Array()] = counts.values();
  return orders;
}

/** p of the number of concordant among all pairs of n, as R's cor.test. */
export function kendallTail(concordant: number, n: number, alternative: Alternative): number {
  // Inserting the k-th value makes 0 … k − 1 of its pairs concordant.
  const most = (n * (n - 1)) / 2;
  let share = Float64Array.of(1, ...new Float64Array(most));
  for (let k = 2; k <= n; k++) {
    const next = new Float64Array(most + 1);
    let window = 0;
    for (let s = 0; s <= (k * (k - 1)) / 2; s++) {
      window += share[s];
      if (s >= k) window -= share[s - k];
      next[s] = window / k;
    }
    share = next;
  }
  return tailOf(share, concordant, alternative);
}

/** Two-sided: twice the smaller tail. */
function tailOf(weight: Float64Array, at: number, alternative: Alternative): number {
  let total = 0;
  let below = 0;
  let above = 0;
  for (let s = 0; s < weight.length; s++) {
    total += weight[s];
    if (s <= at) below += weight[s];
    if (s >= at) above += weight[s];
  }
  if (alternative === "less") return below / total;
  if (alternative === "greater") return above / total;
  return Math.min(1, (2 * Math.min(below, above)) / total);
}

function opposite(alternative: "less" | "greater"): Alternative {
  return alternative === "less" ? "greater" : "less";
}
