/**
 * Order statistics of all differences between two samples, without making the differences.
 *
 * Layer:  model; imports nothing.
 */

/**
 * The difference a − b that `at` of the m·n differences (counted from 0) come before.
 *
 * @param a  m values, ascending.
 * @param b  n values, ascending.
 */
export function differenceAt(a: Float64Array, b: Float64Array, at: number): number {
  // Rounded differences still rise with a and fall with b. Both ends are always differences themselves, so that the halving
  // ends as soon as none lies between them.
  let low = a[0] - b[b.length - 1];
  let high = a[a.length - 1] - b[0];
  while (low < high) {
    const middle = low + (high - low) / 2;
    const { count, below, above } = splitAt(a, b, middle < high ? middle : low);
    if (count > at) high = below;
    else low = above;
  }
  return high;
}

/** The differences on both sides of a limit. */
interface Sides {
  /** How many are at most the limit. */
  readonly count: number;
  /** The largest of those, and the smallest of the others. */
  readonly below: number;
  readonly above: number;
}

function splitAt(a: Float64Array, b: Float64Array, limit: number): Sides {
  let count = 0;
  let below = Number.NEGATIVE_INFINITY;
  let above = Number.POSITIVE_INFINITY;
  let j = 0;
  // For a rising a[i], the first b that is near enough moves right.
  for (let i = 0; i < a.length; i++) {
    while (j < b.length && a[i] - b[j] > limit) j++;
    count += b.length - j;
    if (j < b.length) below = Math.max(below, a[i] - b[j]);
    if (j > 0) above = Math.min(above, a[i] - b[j - 1]);
  }
  return { count, below, above };
}
