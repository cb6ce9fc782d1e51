/**
 * Neighbourhoods of every voxel: the grey tone difference matrix (NGTDM) and the grey level dependence matrix (NGLDM),
 * distance 1, coarseness α = 0.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, sections 3.10 and 3.11; Amadasun & King 1989; Sun & Wee 1983.
 * Layer:  radiomics; imports emphasis-features, level-grid, ngtdm-features, settings (types).
 */
import { EMPHASIS_FEATURE_COUNT, emphasisFeatures } from "./emphasis-features.js";
import {
  aggregateSlices,
  forwardSteps,
  type LevelGrid,
  type Range,
  type SliceAggregation,
} from "./level-grid.js";
import { NGTDM_FEATURE_COUNT, ngtdmFeatures } from "./ngtdm-features.js";
import type { Aggregation } from "./settings.js";

/** A voxel depends on at most its 26 neighbours and itself. */
export const DEPENDENCES = 27;

/** What the neighbourhoods of one region add up to. */
export interface Neighbourhoods {
  /** Voxels of each level that have a neighbour in the region. */
  readonly voxels: Float64Array;
  /** By level, the sum of |level − mean level of the neighbours|. */
  readonly differences: Float64Array;
  /** Ng × 27: voxels by level and by dependence, the number of neighbours of the same level, with itself. */
  readonly dependence: Float64Array;
}

export interface NeighbourhoodValues {
  readonly difference: Map<SliceAggregation, Float64Array>;
  readonly dependence: Map<SliceAggregation, Float64Array>;
}

/** Values of both families in the order of the catalogue, for each aggregation. */
export function neighbourhoodsByAggregation(
  grid: LevelGrid,
  aggregations: readonly Aggregation[],
): NeighbourhoodValues {
  // Both families at once.
  const dependenceCount = EMPHASIS_FEATURE_COUNT + 1;
  const both = aggregateSlices(
    grid,
    {
      empty: () => emptyNeighbourhoods(grid.levelCount),
      count: (range: Range, inSlice: boolean, found: Neighbourhoods) =>
        countNeighbourhoods(grid, range, forwardSteps(grid.size, inSlice), found),
      features: (found: Neighbourhoods) =>
        Float64Array.of(...dependenceFeatures(found.dependence), ...ngtdmFeatures(found)),
    },
    aggregations,
  );
  const part = (from: number, count: number): Map<SliceAggregation, Float64Array> =>
    new Map([...both].map(([aggregation, values]) => [aggregation, values.subarray(from, from + count)]));
  return { dependence: part(0, dependenceCount), difference: part(dependenceCount, NGTDM_FEATURE_COUNT) };
}

export function emptyNeighbourhoods(levelCount: number): Neighbourhoods {
  return {
    voxels: new Float64Array(levelCount),
    differences: new Float64Array(levelCount),
    dependence: new Float64Array(levelCount * DEPENDENCES),
  };
}

/**
 * Adds the neighbourhoods of a range of voxels to `found`.
 *
 * @param steps  Array steps to half of the neighbours (`forwardSteps`); the opposite ones are looked at too.
 */
export function countNeighbourhoods(
  { levels, positions }: LevelGrid,
  [from, to]: Range,
  steps: Int32Array,
  found: Neighbourhoods,
): void {
  const { voxels, differences, dependence } = found;
  for (let n = from; n < to; n++) {
    const p = positions[n];
    const level = levels[p];
    let sum = 0;
    let count = 0;
    let alike = 0;
    for (let k = 0; k < steps.length; k++) {
      const a = levels[p + steps[k]];
      const b = levels[p - steps[k]];
      sum += a + b;
      if (a !== 0) count++;
      if (b !== 0) count++;
      if (a === level) alike++;
      if (b === level) alike++;
    }
    dependence[(level - 1) * DEPENDENCES + alike]++;
    if (count === 0) continue;
    voxels[level - 1]++;
    differences[level - 1] += Math.abs(level - sum / count);
  }
}

/** The 16 of an emphasis matrix and the energy of the dependence counts. */
export function dependenceFeatures(counts: Float64Array): Float64Array {
  const columns = Float64Array.from({ length: DEPENDENCES }, (_, k) => k + 1);
  let total = 0;
  for (let c = 0; c < counts.length; c++) total += counts[c];
  let energy = 0;
  for (let c = 0; c < counts.length; c++) energy += (counts[c] / total) ** 2;
  return Float64Array.of(...emphasisFeatures({ counts, columns, voxels: total }), energy);
}
