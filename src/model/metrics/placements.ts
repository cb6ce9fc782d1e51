/**
 * Placements: for each patient, the share of the other class that the score lies on the right side of.
 *
 * Layer:  model; imports nothing.
 */

export interface Placements {
  /** For each patient with the outcome, the share of those without whose score is lower; ties half. */
  readonly positive: Float64Array;
  /** For each patient without the outcome, the share of those with whose score is higher; ties half. */
  readonly negative: Float64Array;
}

/**
 * @param isPositive  1 with the outcome, both values present.
 * @param score  One finite number per patient.
 */
export function placementsOf(isPositive: Uint8Array, score: Float64Array): Placements {
  const { positive, negative } = separate(isPositive, score);
  const sortedPositive = positive.slice().sort();
  const sortedNegative = negative.slice().sort();
  place(positive, sortedNegative);
  place(negative, sortedPositive);
  for (let i = 0; i < negative.length; i++) negative[i] = 1 - negative[i];
  return { positive, negative };
}

/** The same in the order of rising scores, which is enough for the variance of one area, and faster. */
export function sortedPlacementsOf(isPositive: Uint8Array, score: Float64Array): Placements {
  const { positive, negative } = separate(isPositive, score);
  positive.sort();
  negative.sort();
  const placements = { positive: placeSorted(positive, negative), negative: placeSorted(negative, positive) };
  for (let i = 0; i < negative.length; i++) placements.negative[i] = 1 - placements.negative[i];
  return placements;
}

/** Scores with and without the outcome, in the order of the patients. */
function separate(
  isPositive: Uint8Array,
  score: Float64Array,
): { readonly positive: Float64Array; readonly negative: Float64Array } {
  const n = score.length;
  let positives = 0;
  for (let i = 0; i < n; i++) positives += isPositive[i];
  const positive = new Float64Array(positives);
  const negative = new Float64Array(n - positives);
  let p = 0;
  let q = 0;
  for (let i = 0; i < n; i++) {
    if (isPositive[i] === 1) positive[p++] = score[i];
    else negative[q++] = score[i];
  }
  return { positive, negative };
}

/** The area under the ROC curve: the mean placement. */
export function areaOf({ positive, negative }: Placements): number {
  // Placements are multiples of half a pair: counted as such, their sum is exact.
  const pairs = 2 * negative.length;
  let sum = 0;
  for (let i = 0; i < positive.length; i++) sum += Math.round(positive[i] * pairs);
  return sum / (pairs * positive.length);
}

/** Replaces each value by the share of the sorted others below it, ties half. */
function place(values: Float64Array, others: Float64Array): void {
  const n = others.length;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    let low = 0;
    let high = n;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (others[middle] < value) low = middle + 1;
      else high = middle;
    }
    const below = low;
    if (low < n && others[low] === value) {
      high = n;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (others[middle] <= value) low = middle + 1;
        else high = middle;
      }
    }
    values[i] = (below + low) / (2 * n);
  }
}

/** For sorted values, the share of the sorted others below each, ties half. */
function placeSorted(values: Float64Array, others: Float64Array): Float64Array {
  const n = others.length;
  const shares = new Float64Array(values.length);
  let below = 0;
  let upTo = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    while (below < n && others[below] < value) below++;
    if (upTo < below) upTo = below;
    while (upTo < n && others[upTo] === value) upTo++;
    shares[i] = (below + upTo) / (2 * n);
  }
  return shares;
}
