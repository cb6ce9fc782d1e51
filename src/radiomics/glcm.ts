/**
 * Grey level co-occurrence matrices (GLCM), Chebyshev distance 1, in IBSI's six aggregations.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, section 3.6.
 * Layer:  radiomics; imports core (types), glcm-features, settings (types).
 */
import type { Vec3 } from "../core/geometry.js";
import { GLCM_FEATURE_COUNT, glcmFeatures } from "./glcm-features.js";
import type { Aggregation } from "./settings.js";

/** The 13 of 26 neighbours that are not opposite to one another; the first 4 lie in the slice. */
export const DIRECTIONS: readonly Vec3[] = [
  [1, 0, 0],
  [0, 1, 0],
  [1, 1, 0],
  [-1, 1, 0],
  [0, 0, 1],
  [1, 0, 1],
  [-1, 0, 1],
  [0, 1, 1],
  [0, -1, 1],
  [1, 1, 1],
  [-1, 1, 1],
  [1, -1, 1],
  [-1, -1, 1],
];

/** Levels on a grid whose outermost voxels are all 0. */
export interface LevelGrid {
  /** 1 … levelCount, 0 outside the region; x fastest. */
  readonly levels: Uint16Array;
  readonly size: Vec3;
  /** Ng. */
  readonly levelCount: number;
  /** Where levels are not 0, ascending. */
  readonly positions: Int32Array;
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
  [from, to]: readonly [number, number],
  step: number,
  counts: Float64Array,
): void {
  for (let n = from; n < to; n++) {
    const p = positions[n];
    const j = levels[p + step];
    if (j !== 0) counts[(levels[p] - 1) * levelCount + j - 1]++;
  }
}

/** Feature values in the order of the catalogue, for each aggregation. NaN if no two voxels are neighbours. */
export function glcmByAggregation(
  grid: LevelGrid,
  aggregations: readonly Aggregation[],
): Map<Aggregation, Float64Array> {
  const result = new Map<Aggregation, Float64Array>();
  const flat = aggregations.filter((aggregation) => !aggregation.startsWith("3D"));
  const deep = aggregations.filter((aggregation) => aggregation.startsWith("3D"));
  if (flat.length > 0) addSliceAggregations(grid, flat, result);
  if (deep.length > 0) addVolumeAggregations(grid, deep, result);
  return new Map(aggregations.map((a) => [a, result.get(a) ?? new Float64Array()]));
}

function addVolumeAggregations(
  grid: LevelGrid,
  wanted: readonly Aggregation[],
  result: Map<Aggregation, Float64Array>,
): void {
  const cells = grid.levelCount ** 2;
  const all: readonly [number, number] = [0, grid.positions.length];
  const averaged = wanted.includes("3D averaged") ? new Mean() : null;
  const merged = new Float64Array(cells);
  const counts = averaged === null ? merged : new Float64Array(cells);
  for (const direction of DIRECTIONS) {
    countPairs(grid, all, arrayStep(direction, grid.size), counts);
    if (averaged === null) continue;
    averaged.add(glcmFeatures(counts, grid.levelCount));
    moveInto(counts, merged);
  }
  if (averaged !== null) result.set("3D averaged", averaged.value());
  if (wanted.includes("3D merged")) result.set("3D merged", glcmFeatures(merged, grid.levelCount));
}

function addSliceAggregations(
  grid: LevelGrid,
  wanted: readonly Aggregation[],
  result: Map<Aggregation, Float64Array>,
): void {
  const cells = grid.levelCount ** 2;
  const inPlane = DIRECTIONS.slice(0, 4);
  const counts = new Float64Array(cells);
  const slice = new Float64Array(cells);
  const perDirection = inPlane.map(() => new Float64Array(cells));
  const averaged = new Mean();
  const sliceMerged = new Mean();
  for (const range of slices(grid)) {
    for (let d = 0; d < inPlane.length; d++) {
      countPairs(grid, range, arrayStep(inPlane[d], grid.size), counts);
      if (wanted.includes("2D averaged")) averaged.add(glcmFeatures(counts, grid.levelCount));
      for (let c = 0; c < cells; c++) slice[c] += counts[c];
      moveInto(counts, perDirection[d]);
    }
    if (wanted.includes("2D slice-merged")) sliceMerged.add(glcmFeatures(slice, grid.levelCount));
    slice.fill(0);
  }
  if (wanted.includes("2D averaged")) result.set("2D averaged", averaged.value());
  if (wanted.includes("2D slice-merged")) result.set("2D slice-merged", sliceMerged.value());
  if (wanted.includes("2.5D direction-merged")) {
    const mean = new Mean();
    for (const matrix of perDirection) mean.add(glcmFeatures(matrix, grid.levelCount));
    result.set("2.5D direction-merged", mean.value());
  }
  if (wanted.includes("2.5D merged")) {
    const merged = perDirection[0];
    for (const other of perDirection.slice(1)) moveInto(other, merged);
    result.set("2.5D merged", glcmFeatures(merged, grid.levelCount));
  }
}

/** Mean of feature values over matrices; a matrix without any pair says nothing and is left out. */
class Mean {
  private readonly sum = new Float64Array(GLCM_FEATURE_COUNT);
  private count = 0;

  add(values: Float64Array): void {
    if (Number.isNaN(values[0])) return;
    for (let f = 0; f < values.length; f++) this.sum[f] += values[f];
    this.count++;
  }

  value(): Float64Array {
    return this.sum.map((total) => (this.count === 0 ? Number.NaN : total / this.count));
  }
}

/** Ranges of positions that lie in one slice, for every slice with voxels. */
function slices({ positions, size }: LevelGrid): [number, number][] {
  const plane = size[0] * size[1];
  const ranges: [number, number][] = [];
  for (let n = 0; n < positions.length; ) {
    const start = n;
    const end = (Math.floor(positions[n] / plane) + 1) * plane;
    while (n < positions.length && positions[n] < end) n++;
    ranges.push([start, n]);
  }
  return ranges;
}

function arrayStep([dx, dy, dz]: Vec3, [nx, ny]: Vec3): number {
  return dx + nx * (dy + ny * dz);
}

/** Adds counts to another matrix and clears them. */
function moveInto(counts: Float64Array, target: Float64Array): void {
  for (let c = 0; c < counts.length; c++) {
    target[c] += counts[c];
    counts[c] = 0;
  }
}
