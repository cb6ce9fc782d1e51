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
  let low = a[0] - b[b.length - 1];
  let high = a[a.length - 1] - b[0];
  if (countUpTo(a, b, low) > at) return low;
  // Rounded differences still rise with a and fall with b, so that bisection ends at the exact one.
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    if (countUpTo(a, b, middle) > at) high = middle;
    else low = middle;
  }
}

/** How many differences are at most `limit`. */
function countUpTo(a: Float64Array, b: Float64Array, limit: number): number {
  let count = 0;
  let j = 0;
  // For a rising a[i], the first b that is near enough moves right.
  for (let i = 0; i < a.length; i++) {
    while (j < b.length && a[i] - b[j] > limit) j++;
    count += b.length - j;
  }
  return count;
}
