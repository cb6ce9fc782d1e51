/**
 * Values with how often each occurs. Scans in HU and grey levels are whole numbers of a small span: counted once, every
 * statistic is a sum over a few hundred values instead of over all voxels. Other values are kept as they are; nothing
 * here needs them sorted.
 *
 * Layer:  radiomics; imports nothing.
 */

/** Whole numbers within this span are counted. */
const COUNTING_SPAN = 1 << 16;

export interface Tally {
  /** Ascending if they were counted, else in any order. */
  readonly values: Float64Array;
  /** How often each value occurs, 0 too; null: each is one of its own. */
  readonly counts: Float64Array | null;
  readonly total: number;
  readonly min: number;
  readonly max: number;
}

/** Values that were counted. */
export interface CountedTally extends Tally {
  readonly counts: Float64Array;
}

/** @param values  At least one; kept, not copied. min and max are the smallest and the largest. */
export function tally(values: Float64Array, min: number, max: number): Tally {
  const counts = countWhole(values, min, max);
  if (counts === null) return { values, counts, total: values.length, min, max };
  return { values: ascending(min, counts.length), counts, total: values.length, min, max };
}

/** first, first + 1, … */
function ascending(first: number, length: number): Float64Array {
  const values = new Float64Array(length);
  for (let k = 0; k < length; k++) values[k] = first + k;
  return values;
}

/** Grey levels from 1 on. */
export function tallyLevels(levels: Uint16Array, levelCount: number): CountedTally {
  const counts = new Float64Array(levelCount);
  for (let n = 0; n < levels.length; n++) counts[levels[n] - 1]++;
  let first = 0;
  while (counts[first] === 0) first++;
  let last = levelCount - 1;
  while (counts[last] === 0) last--;
  const used = counts.slice(first, last + 1);
  return {
    values: ascending(first + 1, used.length),
    counts: used,
    total: levels.length,
    min: first + 1,
    max: last + 1,
  };
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
export function percentiles(tallied: Tally, shares: readonly number[]): number[] {
  const { total } = tallied;
  const ranks = shares.map((share) => share * (total - 1));
  const at = ordered(
    tallied,
    ranks.flatMap((rank) => [Math.floor(rank), Math.min(Math.floor(rank) + 1, total - 1)]),
  );
  return ranks.map((rank, s) => {
    const v = at[2 * s];
    return v + (rank - Math.floor(rank)) * (at[2 * s + 1] - v);
  });
}

/** The values at whole ranks, counted from 0. */
function ordered({ values, counts, min, max }: Tally, ranks: readonly number[]): number[] {
  if (counts === null) return selected(values, min, max, ranks);
  const upTo = runningSum(counts);
  return ranks.map((rank) => values[firstAbove(upTo, rank)]);
}

/** Buckets that values are told apart by before a rank is looked for in one of them. */
const BUCKETS = 4096;

/** As sorting would give, but only the buckets in which a rank lies are sorted. */
function selected(values: Float64Array, min: number, max: number, ranks: readonly number[]): number[] {
  // Rounding keeps the order, so a bucket's values all lie before those of the next.
  const scale = max - min < Infinity && max > min ? (BUCKETS - 1) / (max - min) : 0;
  if (!(scale > 0 && scale < Infinity)) {
    const sorted = values.slice().sort();
    return ranks.map((rank) => sorted[rank]);
  }
  const bucket = new Uint16Array(values.length);
  const counts = new Float64Array(BUCKETS);
  for (let n = 0; n < values.length; n++) {
    const at = ((values[n] - min) * scale) | 0;
    bucket[n] = at;
    counts[at]++;
  }
  const upTo = runningSum(counts);
  const wanted = ranks.map((rank) => firstAbove(upTo, rank));
  const isWanted = new Uint8Array(BUCKETS);
  for (const at of wanted) isWanted[at] = 1;
  const members = new Map(wanted.map((at) => [at, new Float64Array(counts[at])]));
  const filled = new Int32Array(BUCKETS);
  for (let n = 0; n < values.length; n++) {
    if (isWanted[bucket[n]] === 0) continue;
    const list = members.get(bucket[n]);
    if (list !== undefined) list[filled[bucket[n]]++] = values[n];
  }
  for (const list of members.values()) list.sort();
  return ranks.map((rank, r) => {
    const at = wanted[r];
    return members.get(at)?.[rank - (upTo[at] - counts[at])] ?? Number.NaN;
  });
}

function runningSum(counts: Float64Array): Float64Array {
  const upTo = new Float64Array(counts.length);
  for (let k = 0, sum = 0; k < counts.length; k++) {
    sum += counts[k];
    upTo[k] = sum;
  }
  return upTo;
}

/** The first entry that is above `rank`. */
function firstAbove(upTo: Float64Array, rank: number): number {
  let low = 0;
  let high = upTo.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (upTo[middle] > rank) high = middle;
    else low = middle + 1;
  }
  return low;
}
