/**
 * Values in ascending order with how often each occurs. Scans in HU and grey levels are whole numbers of a small span:
 * counted once, every statistic is a sum over a few hundred values instead of over all voxels.
 *
 * Layer:  radiomics; imports nothing.
 */

/** Whole numbers within this span are counted; other values are sorted. */
const COUNTING_SPAN = 1 << 16;

export interface Tally {
  /** Ascending. */
  readonly values: Float64Array;
  /** How often each value occurs; may be 0 but not for the first and the last. */
  readonly counts: Float64Array;
  readonly total: number;
}

/** @param values  At least one, all between min and max. */
export function tally(values: Float64Array, min: number, max: number): Tally {
  const counts = countWhole(values, min, max);
  if (counts === null) {
    return {
      values: values.slice().sort(),
      counts: new Float64Array(values.length).fill(1),
      total: values.length,
    };
  }
  return { values: Float64Array.from(counts, (_, k) => min + k), counts, total: values.length };
}

/** Grey levels from 1 on. */
export function tallyLevels(levels: Uint16Array, levelCount: number): Tally {
  const counts = new Float64Array(levelCount);
  for (let n = 0; n < levels.length; n++) counts[levels[n] - 1]++;
  let first = 0;
  while (counts[first] === 0) first++;
  let last = levelCount - 1;
  while (counts[last] === 0) last--;
  const used = counts.slice(first, last + 1);
  return { values: Float64Array.from(used, (_, k) => first + 1 + k), counts: used, total: levels.length };
}

/** Counts of min, min + 1, …, max, or null if a value is not whole or the span is wide. */
export function countWhole(values: Float64Array, min: number, max: number): Float64Array | null {
  if (!(max - min < COUNTING_SPAN && Number.isInteger(min) && Number.isInteger(max))) return null;
  const counts = new Float64Array(max - min + 1);
  for (let n = 0; n < values.length; n++) {
    const at = values[n] - min;
    if (at !== Math.floor(at)) return null;
    counts[at]++;
  }
  return counts;
}

/** The values at ranks share·(N − 1), linear between neighbours (R type 7, numpy's default). */
export function percentiles({ values, counts, total }: Tally, shares: readonly number[]): number[] {
  const upTo = new Float64Array(counts.length);
  for (let k = 0, sum = 0; k < counts.length; k++) {
    sum += counts[k];
    upTo[k] = sum;
  }
  const at = (rank: number): number => {
    // The first value that more than `rank` values do not exceed.
    let low = 0;
    let high = upTo.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (upTo[middle] > rank) high = middle;
      else low = middle + 1;
    }
    return values[low];
  };
  return shares.map((share) => {
    const rank = share * (total - 1);
    const below = Math.floor(rank);
    const v = at(below);
    return v + (rank - below) * (at(Math.min(below + 1, total - 1)) - v);
  });
}
