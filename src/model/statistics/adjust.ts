/**
 * p values adjusted for the number of tests, as R's p.adjust.
 *
 * Source: Holm 1979; Hochberg 1988, doi:10.1093/biomet/75.4.800; Hommel 1988, doi:10.1093/biomet/75.2.383;
 *         Benjamini & Hochberg 1995; Benjamini & Yekutieli 2001, doi:10.1214/aos/1013699998.
 * Layer:  model; imports core.
 */
import { InputError } from "../../core/errors.js";

/** "benjamini-hochberg" and "benjamini-yekutieli" bound the share of false discoveries, the others the chance of any. */
export type Adjustment =
  | "bonferroni"
  | "holm"
  | "hochberg"
  | "hommel"
  | "benjamini-hochberg"
  | "benjamini-yekutieli"
  | "none";

/**
 * @param p  p values in [0, 1]; NaN (not tested) stays NaN and does not count.
 * @returns Adjusted values in the same order.
 * @throws InputError if a p value lies outside [0, 1].
 *
 * @example
 * const q = model.statistics.adjust(p, "benjamini-hochberg");
 */
export function adjust(p: ArrayLike<number>, method: Adjustment = "holm"): Float64Array {
  const values = Float64Array.from(p);
  const bad = values.findIndex((value) => value < 0 || value > 1);
  if (bad >= 0) throw new InputError(`p values lie in [0, 1], but value ${bad + 1} is ${values[bad]}.`);
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const adjusted = adjustSorted(sorted, method);
  // Equal values are adjusted alike, so that the place of the first of them serves all.
  return values.map((value) => (Number.isNaN(value) ? value : adjusted[firstAtLeast(sorted, value)]));
}

/** Where a value stands first among sorted ones. */
function firstAtLeast(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function adjustSorted(p: Float64Array, method: Adjustment): Float64Array {
  const n = p.length;
  switch (method) {
    case "none":
      return p;
    case "bonferroni":
      return p.map((value) => Math.min(1, n * value));
    case "holm": {
      let most = 0;
      return p.map((value, rank) => {
        most = Math.max(most, (n - rank) * value);
        return Math.min(1, most);
      });
    }
    case "hochberg":
      return stepUp(p, (rank) => n - rank);
    case "hommel":
      return hommel(p);
    case "benjamini-hochberg":
      return stepUp(p, (rank) => n / (rank + 1));
    case "benjamini-yekutieli": {
      let harmonic = 0;
      for (let i = 1; i <= n; i++) harmonic += 1 / i;
      return stepUp(p, (rank) => (harmonic * n) / (rank + 1));
    }
    default:
      throw new InputError(`there is no adjustment "${String(method)}".`);
  }
}

/** From the largest p down: the smallest of factor × p so far. */
function stepUp(p: Float64Array, factor: (rank: number) => number): Float64Array {
  const adjusted = new Float64Array(p.length);
  let least = 1;
  for (let rank = p.length - 1; rank >= 0; rank--) {
    least = Math.min(least, factor(rank) * p[rank]);
    adjusted[rank] = least;
  }
  return adjusted;
}

/** Hommel's closed test with Simes' inequality, by the algorithm of Wright 1992. */
function hommel(p: Float64Array): Float64Array {
  const n = p.length;
  if (n < 2) return p;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) least = Math.min(least, (n * p[i]) / (i + 1));
  const q = new Float64Array(n).fill(least);
  const adjusted = q.slice();
  for (let m = n - 1; m >= 2; m--) {
    let tail = Number.POSITIVE_INFINITY;
    for (let i = n - m + 1; i < n; i++) tail = Math.min(tail, (m * p[i]) / (i - (n - m) + 1));
    for (let i = 0; i <= n - m; i++) q[i] = Math.min(m * p[i], tail);
    for (let i = n - m + 1; i < n; i++) q[i] = q[n - m];
    for (let i = 0; i < n; i++) adjusted[i] = Math.max(adjusted[i], q[i]);
  }
  return adjusted.map((value, i) => Math.min(1, Math.max(value, p[i])));
}
