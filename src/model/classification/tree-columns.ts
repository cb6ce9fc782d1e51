/**
 * Columns as ranks, for growing trees: a split needs only the order of the values, and whole numbers sort fast.
 *
 * Layer:  model; imports nothing.
 */

/** Values of n rows in p columns, as places among the distinct values of their column. */
export interface RankedColumns {
  readonly n: number;
  readonly p: number;
  /** p × n, column by column: the place of each value among `levels` of its column, from 0. */
  readonly ranks: Int32Array;
  /** Distinct values of all columns, rising within a column. */
  readonly levels: Float64Array;
  /** Where the levels of each column start; p + 1 entries. */
  readonly first: Int32Array;
}

/** @param matrix  n × p, row-major, finite. */
export function rankColumns(matrix: Float64Array, n: number, p: number): RankedColumns {
  const ranks = new Int32Array(n * p);
  const levels = new Float64Array(n * p);
  const first = new Int32Array(p + 1);
  const sorted = new Float64Array(n);
  let end = 0;
  for (let j = 0; j < p; j++) {
    for (let row = 0; row < n; row++) sorted[row] = matrix[row * p + j] + 0;
    sorted.sort();
    const start = end;
    for (let at = 0; at < n; at++) {
      if (at === 0 || sorted[at] !== sorted[at - 1]) levels[end++] = sorted[at];
    }
    first[j + 1] = end;
    for (let row = 0; row < n; row++) {
      ranks[j * n + row] = placeOf(levels, start, end, matrix[row * p + j]) - start;
    }
  }
  return { n, p, ranks, levels: levels.slice(0, end), first };
}

/** The last of rising levels, from `start` up to but not including `end`, that is at most `value`; the first is. */
export function placeOf(levels: Float64Array, start: number, end: number, value: number): number {
  let low = start;
  let high = end - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (levels[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * A threshold between two neighbouring values: their middle, if there is a number between them.
 *
 * @param lower  At most the threshold.
 * @param upper  Above the threshold.
 */
export function thresholdBetween(lower: number, upper: number): number {
  const middle = lower / 2 + upper / 2;
  return middle >= lower && middle < upper ? middle : lower;
}
