/**
 * Columns in at most 255 bins of about as many patients each, for boosting: a cut is looked for between bins only.
 *
 * Source: as scikit-learn's histogram boosting: midpoints of distinct values if they are few, otherwise quantiles.
 * Layer:  model; imports its own files.
 */
import { thresholdBetween } from "./tree-columns.js";

/**
 * @param matrix  n × p, row-major, finite.
 * @param most  Bins of a column, 2 to 255.
 * @param bins  Written: p × n, column by column.
 * @returns Thresholds of each column. A value is in the first bin whose threshold it is at most; one threshold fewer than bins.
 */
export function binColumns(
  matrix: Float64Array,
  n: number,
  p: number,
  most: number,
  bins: Uint8Array,
): readonly Float64Array[] {
  const thresholds: Float64Array[] = [];
  const sorted = new Float64Array(n);
  for (let j = 0; j < p; j++) {
    for (let row = 0; row < n; row++) sorted[row] = matrix[row * p + j];
    sorted.sort();
    const cuts = thresholdsOf(sorted, most);
    thresholds.push(cuts);
    for (let row = 0; row < n; row++) bins[j * n + row] = binOf(cuts, matrix[row * p + j]);
  }
  return thresholds;
}

function thresholdsOf(sorted: Float64Array, most: number): Float64Array {
  const n = sorted.length;
  const distinct = sorted.filter((value, at) => at === 0 || value !== sorted[at - 1]);
  if (distinct.length <= most) {
    return Float64Array.from({ length: distinct.length - 1 }, (_, at) =>
      thresholdBetween(distinct[at], distinct[at + 1]),
    );
  }
  const quantiles = Float64Array.from({ length: most - 1 }, (_, at) => {
    const place = (at + 1) * n;
    const whole = Math.floor(place / most);
    // A quantile that falls between two values is their mean.
    return place % most === 0 ? (sorted[whole - 1] + sorted[whole]) / 2 : sorted[whole];
  });
  return quantiles.filter((value, at) => at === 0 || value !== quantiles[at - 1]);
}

function binOf(thresholds: Float64Array, value: number): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value <= thresholds[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}
