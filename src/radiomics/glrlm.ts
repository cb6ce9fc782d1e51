/**
 * Grey level run length matrices (GLRLM) in IBSI's six aggregations.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, section 3.7; Galloway 1975.
 * Layer:  radiomics; imports emphasis-features, level-grid, settings (types).
 */
import { emphasisFeatures } from "./emphasis-features.js";
import { aggregateDirections, type LevelGrid, type Range } from "./level-grid.js";
import type { Aggregation } from "./settings.js";

/** Feature values in the order of the catalogue, for each aggregation. */
export function glrlmByAggregation(
  grid: LevelGrid,
  aggregations: readonly Aggregation[],
): Map<Aggregation, Float64Array> {
  const longest = longestRun(grid);
  const family = {
    cells: grid.levelCount * longest,
    count: (range: Range, step: number, counts: Float64Array) =>
      countRuns(grid, range, step, longest, counts),
    features: (counts: Float64Array) => runFeatures(counts, longest),
  };
  return aggregateDirections(grid, family, aggregations);
}

/** No run is longer than the longest side without its border. */
export function longestRun({ size }: LevelGrid): number {
  return Math.max(1, ...size.map((n) => n - 2));
}

/**
 * Counts runs: voxels of one level in a row, as long as possible. Adds to `counts`.
 *
 * @param step     Distance of the next voxel in the array, positive.
 * @param longest  Columns of `counts`; column k counts runs of k + 1 voxels.
 */
export function countRuns(
  { levels, positions }: LevelGrid,
  [from, to]: Range,
  step: number,
  longest: number,
  counts: Float64Array,
): void {
  for (let n = from; n < to; n++) {
    const p = positions[n];
    const level = levels[p];
    // Only where a run starts; it is then walked to its end.
    if (levels[p - step] === level) continue;
    let q = p + step;
    let length = 0;
    while (levels[q] === level) {
      q += step;
      length++;
    }
    counts[(level - 1) * longest + length]++;
  }
}

/** Every voxel lies in one run a direction, so the matrix knows the number of voxels times directions. */
export function runFeatures(counts: Float64Array, longest: number): Float64Array {
  const columns = Float64Array.from({ length: longest }, (_, k) => k + 1);
  let voxels = 0;
  for (let c = 0; c < counts.length; c++) voxels += counts[c] * columns[c % longest];
  return emphasisFeatures({ counts, columns, voxels });
}
