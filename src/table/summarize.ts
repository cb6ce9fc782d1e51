/**
 * Summary statistics of one column.
 *
 * Layer:  table; imports nothing.
 */

/** Names of the statistics, in the order in which they are shown. */
export const STATISTICS = ["n", "missing", "mean", "sd", "min", "q1", "median", "q3", "max"] as const;

export type Statistic = (typeof STATISTICS)[number];

/** Statistics of the values that are not NaN; NaN where there are too few of them. */
export function summarize(values: Float64Array): Readonly<Record<Statistic, number>> {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const n = known.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += known[i];
  const mean = n > 0 ? sum / n : Number.NaN;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (known[i] - mean) ** 2;
  return {
    n,
    missing: values.length - n,
    mean,
    sd: n > 1 ? Math.sqrt(squares / (n - 1)) : Number.NaN,
    min: n > 0 ? known[0] : Number.NaN,
    q1: quantileOfSorted(known, 0.25),
    median: quantileOfSorted(known, 0.5),
    q3: quantileOfSorted(known, 0.75),
    max: n > 0 ? known[n - 1] : Number.NaN,
  };
}

/** Quantile of sorted values, Hyndman & Fan's type 7 (the default of R and NumPy). NaN if there are none. */
export function quantileOfSorted(sorted: Float64Array, p: number): number {
  if (sorted.length === 0) return Number.NaN;
  const h = (sorted.length - 1) * p;
  const below = Math.floor(h);
  const above = Math.min(below + 1, sorted.length - 1);
  const part = h - below;
  // Equal neighbours are returned as they are: interpolation would turn two infinities into NaN.
  if (part === 0 || sorted[below] === sorted[above]) return sorted[below];
  return sorted[below] + part * (sorted[above] - sorted[below]);
}
