/**
 * Sorted values and percentiles.
 *
 * Layer:  radiomics; imports nothing.
 */

/** Whole numbers within this span are sorted by counting. */
const COUNTING_SPAN = 1 << 16;

/** The values in ascending order. Scans in HU are whole, and those are counted instead of compared. */
export function sorted(values: Float64Array, min: number, max: number): Float64Array {
  if (!(max - min < COUNTING_SPAN && Number.isInteger(min))) return values.slice().sort();
  const counts = new Uint32Array(max - min + 1);
  for (let n = 0; n < values.length; n++) {
    const v = values[n];
    if (v !== Math.floor(v)) return values.slice().sort();
    counts[v - min]++;
  }
  const result = new Float64Array(values.length);
  for (let k = 0, n = 0; k < counts.length; k++) {
    const end = n + counts[k];
    result.fill(min + k, n, end);
    n = end;
  }
  return result;
}

/** The value at rank share·(N − 1), linear between neighbours (R type 7, numpy's default). */
export function percentile(ascending: Float64Array, share: number): number {
  const rank = share * (ascending.length - 1);
  const below = Math.floor(rank);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below] + (rank - below) * (ascending[above] - ascending[below]);
}
