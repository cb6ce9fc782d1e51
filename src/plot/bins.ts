/**
 * Who is in which bin of a histogram.
 *
 * Layer:  plot; imports nothing.
 */

/** Numbers of the values in each bin, which is closed on the left; the last on both sides. @param edges  Hold all values. */
export function membersOfBins(
  values: ArrayLike<number>,
  edges: readonly number[],
): readonly (readonly number[])[] {
  const members: number[][] = edges.slice(1).map(() => []);
  for (let i = 0; i < values.length; i++) {
    const after = edges.findIndex((edge) => edge > values[i]);
    members[(after < 0 ? edges.length - 1 : after) - 1].push(i);
  }
  return members;
}
