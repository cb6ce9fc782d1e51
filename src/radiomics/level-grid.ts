/**
 * Grey levels on a grid, and how texture values of directions and slices become one.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, sections 3.6–3.11 (aggregation).
 * Layer:  radiomics; imports core (types), settings (types).
 */
import type { Vec3 } from "../core/geometry.js";
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

/** First and (excluded) last entry of `LevelGrid.positions`. */
export type Range = readonly [number, number];

/** How the matrices of families without a direction are aggregated. */
export type SliceAggregation = "2D" | "2.5D" | "3D";

/** A texture family with one matrix for each direction. */
export interface DirectedFamily {
  /** Length of its matrix. */
  readonly cells: number;
  /** Counts along one direction; adds to `counts`. `step` is the distance of the next voxel in the array. */
  count(range: Range, step: number, counts: Float64Array): void;
  /** Values in the order of the catalogue, NaN if the matrix is empty. */
  features(counts: Float64Array): Float64Array;
}

/** A texture family with one matrix M for all directions, within slices or through the volume. */
export interface UndirectedFamily<M> {
  empty(): M;
  /** Counts the voxels of a range; adds to `matrix`. */
  count(range: Range, inSlice: boolean, matrix: M): void;
  /** Values in the order of the catalogue, NaN if the matrix is empty. */
  features(matrix: M): Float64Array;
}

/** Feature values for each aggregation asked for. NaN if every matrix is empty. */
export function aggregateDirections(
  grid: LevelGrid,
  family: DirectedFamily,
  aggregations: readonly Aggregation[],
): Map<Aggregation, Float64Array> {
  const result = new Map<Aggregation, Float64Array>();
  const flat = aggregations.filter((aggregation) => !aggregation.startsWith("3D"));
  const deep = aggregations.filter((aggregation) => aggregation.startsWith("3D"));
  if (flat.length > 0) addSliceAggregations(grid, family, flat, result);
  if (deep.length > 0) addVolumeAggregations(grid, family, deep, result);
  return result;
}

/** As `aggregateDirections`: "2D averaged" and "2D slice-merged" both ask for "2D", and so on. */
export function aggregateSlices<M>(
  grid: LevelGrid,
  family: UndirectedFamily<M>,
  aggregations: readonly Aggregation[],
): Map<SliceAggregation, Float64Array> {
  const wants = (start: string): boolean => aggregations.some((a) => a.startsWith(`${start} `));
  const result = new Map<SliceAggregation, Float64Array>();
  if (wants("2D")) {
    const mean = new Mean();
    for (const range of slices(grid)) {
      const matrix = family.empty();
      family.count(range, true, matrix);
      mean.add(family.features(matrix));
    }
    result.set("2D", mean.value());
  }
  if (wants("2.5D")) {
    const matrix = family.empty();
    for (const range of slices(grid)) family.count(range, true, matrix);
    result.set("2.5D", family.features(matrix));
  }
  if (wants("3D")) {
    const matrix = family.empty();
    family.count([0, grid.positions.length], false, matrix);
    result.set("3D", family.features(matrix));
  }
  return result;
}

/** Ranges of positions that lie in one slice, for every slice with voxels. */
export function slices({ positions, size }: LevelGrid): Range[] {
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

/** Distance in the array of a step on the grid. */
export function arrayStep([dx, dy, dz]: Vec3, [nx, ny]: Vec3): number {
  return dx + nx * (dy + ny * dz);
}

/** Array steps of the directions (13, or the 4 in the slice): the other half of the neighbours are their opposites. */
export function forwardSteps(size: Vec3, inSlice: boolean): Int32Array {
  const directions = inSlice ? DIRECTIONS.slice(0, 4) : DIRECTIONS;
  return Int32Array.from(directions, (direction) => arrayStep(direction, size));
}

function addVolumeAggregations(
  grid: LevelGrid,
  family: DirectedFamily,
  wanted: readonly Aggregation[],
  result: Map<Aggregation, Float64Array>,
): void {
  const all: Range = [0, grid.positions.length];
  const averaged = wanted.includes("3D averaged") ? new Mean() : null;
  const merged = new Float64Array(family.cells);
  const counts = averaged === null ? merged : new Float64Array(family.cells);
  for (const direction of DIRECTIONS) {
    family.count(all, arrayStep(direction, grid.size), counts);
    if (averaged === null) continue;
    averaged.add(family.features(counts));
    moveInto(counts, merged);
  }
  if (averaged !== null) result.set("3D averaged", averaged.value());
  if (wanted.includes("3D merged")) result.set("3D merged", family.features(merged));
}

function addSliceAggregations(
  grid: LevelGrid,
  family: DirectedFamily,
  wanted: readonly Aggregation[],
  result: Map<Aggregation, Float64Array>,
): void {
  const { cells } = family;
  const inPlane = DIRECTIONS.slice(0, 4);
  const counts = new Float64Array(cells);
  const slice = new Float64Array(cells);
  const perDirection = inPlane.map(() => new Float64Array(cells));
  const averaged = new Mean();
  const sliceMerged = new Mean();
  for (const range of slices(grid)) {
    for (let d = 0; d < inPlane.length; d++) {
      family.count(range, arrayStep(inPlane[d], grid.size), counts);
      if (wanted.includes("2D averaged")) averaged.add(family.features(counts));
      for (let c = 0; c < cells; c++) slice[c] += counts[c];
      moveInto(counts, perDirection[d]);
    }
    if (wanted.includes("2D slice-merged")) sliceMerged.add(family.features(slice));
    slice.fill(0);
  }
  if (wanted.includes("2D averaged")) result.set("2D averaged", averaged.value());
  if (wanted.includes("2D slice-merged")) result.set("2D slice-merged", sliceMerged.value());
  if (wanted.includes("2.5D direction-merged")) {
    const mean = new Mean();
    for (const matrix of perDirection) mean.add(family.features(matrix));
    result.set("2.5D direction-merged", mean.value());
  }
  if (wanted.includes("2.5D merged")) {
    const merged = perDirection[0];
    for (const other of perDirection.slice(1)) moveInto(other, merged);
    result.set("2.5D merged", family.features(merged));
  }
}

/** Mean of feature values over matrices, an empty one left out. */
export function meanFeatures(all: readonly Float64Array[]): Float64Array {
  const mean = new Mean();
  for (const values of all) mean.add(values);
  return mean.value();
}

/** Mean of feature values over matrices; a matrix that gives no value says nothing and is left out. */
class Mean {
  private sum = new Float64Array(0);
  private count = new Float64Array(0);

  add(values: Float64Array): void {
    if (this.sum.length === 0) {
      this.sum = new Float64Array(values.length);
      this.count = new Float64Array(values.length);
    }
    for (let f = 0; f < values.length; f++) {
      if (Number.isNaN(values[f])) continue;
      this.sum[f] += values[f];
      this.count[f]++;
    }
  }

  value(): Float64Array {
    return this.sum.map((total, f) => total / this.count[f]);
  }
}

/** Adds counts to another matrix and clears them. */
function moveInto(counts: Float64Array, target: Float64Array): void {
  for (let c = 0; c < counts.length; c++) {
    target[c] += counts[c];
    counts[c] = 0;
  }
}
