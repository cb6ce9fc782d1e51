/**
 * Grey level co-occurrence matrices (GLCM), Chebyshev distance 1, in IBSI's six aggregations.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, section 3.6.
 * Layer:  radiomics; imports glcm-features, level-grid, settings (types).
 */
import { glcmFeatures } from "./glcm-features.js";
import { aggregateDirections, type LevelGrid, type Range } from "./level-grid.js";
import type { Aggregation } from "./settings.js";

/** Feature values in the order of the catalogue, for each aggregation. NaN if no two voxels are neighbours. */
export function glcmByAggregation(
  grid: LevelGrid,
  aggregations: readonly Aggregation[],
): Map<Aggregation, Float64Array> {
  const family = {
    cells: grid.levelCount ** 2,
    count: (range: Range, step: number, counts: Float64Array) => countPairs(grid, range, step, counts),
    features: (counts: Float64Array) => glcmFeatures(counts, grid.levelCount),
  };
  return aggregateDirections(grid, family, aggregations);
}

/**
 * Counts how often level j lies one step beyond level i. Not symmetric, not cleared: `glcmFeatures` adds the opposite
 * step, and merging directions is counting into the same matrix.
 *
 * @param from    First and (excluded) last entry of `grid.positions` to start from.
 * @param step    Distance of the neighbour in the array.
 * @param counts  Ng × Ng, row i, column j.
 */
export function countPairs(
  { levels, levelCount, positions }: LevelGrid,
  [from, to]: Range,
  step: number,
  counts: Float64Array,
): void {
  for (let n = from; n < to; n++) {
    const p = positions[n];
    const j = levels[p + step];
    if (j !== 0) counts[(levels[p] - 1) * levelCount + j - 1]++;
  }
}
