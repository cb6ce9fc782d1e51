/**
 * Features of a matrix that counts something with a grey level i and a second number j: runs and their length, zones
 * and their size or distance, voxels and their dependence. The four families share 16 formulas.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, sections 3.7, 3.8, 3.9, 3.11.
 * Layer:  radiomics; imports nothing.
 */

export const EMPHASIS_FEATURE_COUNT = 16;

/** Counts by level and by a second number. */
export interface EmphasisMatrix {
  /** Row i − 1 for level i, a column for each entry of `columns`. */
  readonly counts: Float64Array;
  /** j of each column: lengths, sizes, distances or dependences; positive. */
  readonly columns: ArrayLike<number>;
  /** Voxels that what was counted is made of. */
  readonly voxels: number;
}

/**
 * @returns Small, large, low level, high level emphasis; small-low, small-high, large-low, large-high; level
 *          non-uniformity, its normalised; j non-uniformity, its normalised; percentage; level variance, j variance,
 *          entropy. All NaN if the matrix is empty.
 */
export function emphasisFeatures({ counts, columns, voxels }: EmphasisMatrix): Float64Array {
  const width = columns.length;
  const rows = width === 0 ? 0 : counts.length / width;
  const byColumn = new Float64Array(width);
  const byLevel = new Float64Array(rows);
  // Weights of a column are used once for each level.
  const square = Float64Array.from(columns, (j) => j * j);
  let total = 0;
  for (let c = 0; c < counts.length; c++) total += counts[c];
  if (total === 0) return new Float64Array(EMPHASIS_FEATURE_COUNT).fill(Number.NaN);

  let smallLow = 0;
  let smallHigh = 0;
  let largeLow = 0;
  let largeHigh = 0;
  let entropy = 0;
  for (let row = 0, at = 0; row < rows; row++) {
    const level2 = (row + 1) * (row + 1);
    let count = 0;
    let small = 0;
    let large = 0;
    for (let k = 0; k < width; k++, at++) {
      const n = counts[at];
      if (n === 0) continue;
      count += n;
      byColumn[k] += n;
      small += n / square[k];
      large += n * square[k];
      const p = n / total;
      entropy -= p * Math.log2(p);
    }
    byLevel[row] = count;
    smallLow += small / level2;
    smallHigh += small * level2;
    largeLow += large / level2;
    largeHigh += large * level2;
  }

  let low = 0;
  let high = 0;
  let meanLevel = 0;
  let levelSquares = 0;
  for (let row = 0; row < rows; row++) {
    const n = byLevel[row];
    const level = row + 1;
    low += n / (level * level);
    high += n * level * level;
    meanLevel += (n / total) * level;
    levelSquares += n * n;
  }
  let small = 0;
  let large = 0;
  let meanColumn = 0;
  let columnSquares = 0;
  for (let k = 0; k < width; k++) {
    const n = byColumn[k];
    small += n / square[k];
    large += n * square[k];
    meanColumn += (n / total) * columns[k];
    columnSquares += n * n;
  }
  let levelVariance = 0;
  for (let row = 0; row < rows; row++) levelVariance += (byLevel[row] / total) * (row + 1 - meanLevel) ** 2;
  let columnVariance = 0;
  for (let k = 0; k < width; k++) columnVariance += (byColumn[k] / total) * (columns[k] - meanColumn) ** 2;

  return Float64Array.of(
    small / total,
    large / total,
    low / total,
    high / total,
    smallLow / total,
    smallHigh / total,
    largeLow / total,
    largeHigh / total,
    levelSquares / total,
    levelSquares / (total * total),
    columnSquares / total,
    columnSquares / (total * total),
    total / voxels,
    levelVariance,
    columnVariance,
    // −1 · log₂ 1 is −0.
    entropy > 0 ? entropy : 0,
  );
}
