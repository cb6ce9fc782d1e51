/**
 * Standardized mean differences of groups: how far apart they are in units of their spread, whatever their size.
 *
 * Source: Austin 2009, doi:10.1002/sim.3697; Yang & Dalton 2012, SAS Global Forum 335 (several classes).
 * Layer:  model; imports core.
 */
import { cholesky, solveCholesky } from "./cholesky.js";
import { meanOf, varianceOf } from "./statistics/sample.js";

/** |Difference of means| over the root of the mean variance, mean over pairs of groups; null where it has no value. */
export function meanDifference(samples: readonly Float64Array[]): number | null {
  if (samples.some((sample) => sample.length < 2)) return null;
  const moments = samples.map((sample) => ({ mean: meanOf(sample), variance: varianceOf(sample) }));
  return overPairs(moments, (a, b) =>
    ratio(Math.abs(a.mean - b.mean), Math.sqrt((a.variance + b.variance) / 2)),
  );
}

/**
 * The same of classes: Mahalanobis distance of the shares of all classes but the first, by the mean of the multinomial
 * covariances.
 *
 * @param counts  Groups × classes.
 */
export function shareDifference(counts: readonly (readonly number[])[]): number | null {
  const shares = counts.map((own) => {
    const total = own.reduce((sum, count) => sum + count, 0);
    return own.map((count) => count / total);
  });
  if (shares.some((own) => own.some(Number.isNaN))) return null;
  return overPairs(shares, (a, b) => {
    // Classes that neither group has do not count.
    const used = a.flatMap((_, c) => (a[c] + b[c] > 0 ? [c] : [])).slice(1);
    const width = used.length;
    if (width === 0) return 0;
    const covariance = new Float64Array(width * width);
    const difference = Float64Array.from(used, (c) => a[c] - b[c]);
    used.forEach((k, i) => {
      used.forEach((l, j) => {
        covariance[i * width + j] =
          k === l ? (a[k] * (1 - a[k]) + b[k] * (1 - b[k])) / 2 : -(a[k] * a[l] + b[k] * b[l]) / 2;
      });
    });
    const { factor, singular } = cholesky(covariance, width, 1e-12);
    if (singular >= 0) return difference.every((one) => one === 0) ? 0 : null;
    const solved = solveCholesky(factor, width, difference);
    return Math.sqrt(solved.reduce((sum, value, i) => sum + value * difference[i], 0));
  });
}

function overPairs<Item>(items: readonly Item[], of: (a: Item, b: Item) => number | null): number | null {
  let sum = 0;
  let pairs = 0;
  for (let i = 0; i < items.length; i++) {
    for (let j = i + 1; j < items.length; j++) {
      const value = of(items[i], items[j]);
      if (value === null || !Number.isFinite(value)) return null;
      sum += value;
      pairs++;
    }
  }
  return pairs === 0 ? null : sum / pairs;
}

function ratio(difference: number, spread: number): number | null {
  if (spread > 0) return difference / spread;
  return difference === 0 ? 0 : null;
}
