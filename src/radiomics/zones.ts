/**
 * Zones: neighbouring voxels of one level, with their size and their distance from the border of the region.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, sections 3.8 and 3.9; Thibault et al. 2014.
 * Layer:  radiomics; imports core (types), emphasis-features, level-grid, settings (types), volume-walk,
 *         zone-bits (types).
 */
import type { Vec3 } from "../core/geometry.js";
import { emphasisFeatures } from "./emphasis-features.js";
import {
  aggregateSlices,
  forwardSteps,
  type LevelGrid,
  type Range,
  type SliceAggregation,
} from "./level-grid.js";
import type { Aggregation } from "./settings.js";
import { findVolumeZones } from "./volume-walk.js";
import type { Zones } from "./zone-bits.js";

/** Zones to which more can be added. */
export interface ZoneLists extends Zones {
  readonly level: number[];
  readonly size: number[];
  readonly distance: number[];
}

/** Values of the size zone (GLSZM) and the distance zone (GLDZM) family, in the order of the catalogue. */
export interface ZoneValues {
  readonly size: Map<SliceAggregation, Float64Array>;
  readonly distance: Map<SliceAggregation, Float64Array>;
}

/**
 * @param morphology  The shape, on the grid of the levels: distances count from its border, not from that of the levels.
 * @param behind      From `walkVolume`, if it is known; it makes the zones of the volume faster.
 */
export function zonesByAggregation(
  grid: LevelGrid,
  morphology: Uint8Array,
  aggregations: readonly Aggregation[],
  behind?: Uint16Array,
): ZoneValues {
  const inPlane = aggregations.some((aggregation) => !aggregation.startsWith("3D"));
  const inVolume = aggregations.some((aggregation) => aggregation.startsWith("3D"));
  const flat = inPlane ? borderDistances(morphology, grid.size, true) : null;
  const deep = inVolume ? volumeDistances(morphology, grid.size) : null;
  // Both families at once: 32 values, the first 16 by size.
  const features = (zones: Zones): Float64Array =>
    Float64Array.of(
      ...zoneFeatures(zones.level, zones.size, zones.size, grid.levelCount),
      ...zoneFeatures(zones.level, zones.distance, zones.size, grid.levelCount),
    );
  const plain = behind === undefined ? aggregations : aggregations.filter((one) => !one.startsWith("3D"));
  const both = aggregateSlices(
    grid,
    {
      empty: (): ZoneLists => ({ level: [], size: [], distance: [] }),
      count: (range: Range, inSlice: boolean, zones: ZoneLists) =>
        findZones(grid, range, forwardSteps(grid.size, inSlice), inSlice ? flat : deep, zones),
      features,
    },
    plain,
  );
  if (behind !== undefined && inVolume) both.set("3D", features(findVolumeZones(grid, behind, deep)));
  const part = (from: number): Map<SliceAggregation, Float64Array> =>
    new Map([...both].map(([aggregation, values]) => [aggregation, values.subarray(from, from + 16)]));
  return { size: part(0), distance: part(16) };
}

/**
 * Finds the zones of a range of voxels by union and find.
 *
 * @param steps      Array steps to half of the neighbours (`forwardSteps`).
 * @param distances  By voxel, or null.
 * @param zones      Zones are appended.
 */
export function findZones(
  { levels, positions }: LevelGrid,
  [from, to]: Range,
  steps: Int32Array,
  distances: Uint16Array | null,
  zones: ZoneLists,
): void {
  if (from === to) return;
  // Parents of the voxels between the first and the last one; a root is its own parent.
  const base = positions[from];
  const parent = new Int32Array(positions[to - 1] - base + 1);
  for (let n = from; n < to; n++) {
    const p = positions[n];
    const level = levels[p];
    let root = p - base;
    parent[root] = root;
    for (let k = 0; k < steps.length; k++) {
      const q = p - steps[k];
      if (levels[q] === level) root = united(parent, root, rootOf(parent, q - base));
    }
  }
  measureZones(levels, positions, [from, to], base, parent, distances, zones);
}

/** Joins two trees and returns their root: the older one, so that parents come before their children. */
function united(parent: Int32Array, a: number, b: number): number {
  if (b < a) {
    parent[a] = b;
    return b;
  }
  parent[b] = a;
  return a;
}

/** Numbers the trees of `findZones` and measures them. */
function measureZones(
  levels: Uint16Array,
  positions: Int32Array,
  [from, to]: Range,
  base: number,
  parent: Int32Array,
  distances: Uint16Array | null,
  zones: ZoneLists,
): void {
  // Parents come before their children, so one pass finds every root; roots are replaced by the number of their zone.
  const { level, size, distance } = zones;
  for (let n = from; n < to; n++) {
    const p = positions[n];
    const at = p - base;
    const d = distances === null ? 0 : distances[p];
    if (parent[at] === at) {
      // ~zone is negative: it cannot be taken for a parent.
      parent[at] = ~level.length;
      level.push(levels[p]);
      size.push(1);
      distance.push(d);
      continue;
    }
    const zone = parent[parent[at]];
    parent[at] = zone;
    size[~zone]++;
    if (d < distance[~zone]) distance[~zone] = d;
  }
}

/** The root of a voxel's tree; halves the way there. */
function rootOf(parent: Int32Array, at: number): number {
  let node = at;
  while (parent[node] !== node) {
    parent[node] = parent[parent[node]];
    node = parent[node];
  }
  return node;
}

/** By shape: all images of a region share it. */
const distancesOf = new WeakMap<Uint8Array, Uint16Array>();

function volumeDistances(morphology: Uint8Array, size: Vec3): Uint16Array {
  const distances = distancesOf.get(morphology) ?? borderDistances(morphology, size, false);
  distancesOf.set(morphology, distances);
  return distances;
}

/**
 * City-block distance of every voxel inside to the nearest one outside, in steps across faces.
 *
 * @param inside   1 inside, 0 outside; the outermost voxels must be 0.
 * @param inSlice  Look for the outside in the voxel's slice only.
 */
export function borderDistances(inside: Uint8Array, [nx, ny]: Vec3, inSlice: boolean): Uint16Array {
  const plane = nx * ny;
  const distances = new Uint16Array(inside.length);
  // City-block distances are exact after one pass from either end.
  for (let p = 0; p < inside.length; p++) {
    if (inside[p] === 0) continue;
    const flat = Math.min(distances[p - 1], distances[p - nx]);
    distances[p] = 1 + (inSlice ? flat : Math.min(flat, distances[p - plane]));
  }
  for (let p = inside.length - 1; p >= 0; p--) {
    if (inside[p] === 0) continue;
    const flat = Math.min(distances[p + 1], distances[p + nx]);
    distances[p] = Math.min(distances[p], 1 + (inSlice ? flat : Math.min(flat, distances[p + plane])));
  }
  return distances;
}

/** Emphasis features of zones counted by level and `column`: their size or their distance. */
export function zoneFeatures(
  level: ArrayLike<number>,
  column: ArrayLike<number>,
  size: ArrayLike<number>,
  levelCount: number,
): Float64Array {
  // Few different sizes occur, but some are large: columns are only the sizes that occur.
  let largest = 0;
  for (let n = 0; n < column.length; n++) if (column[n] > largest) largest = column[n];
  const place = new Int32Array(largest + 1);
  for (let n = 0; n < column.length; n++) place[column[n]] = 1;
  const columns: number[] = [];
  for (let j = 0; j <= largest; j++) {
    if (place[j] === 0) continue;
    place[j] = columns.length;
    columns.push(j);
  }
  const counts = new Float64Array(levelCount * columns.length);
  let voxels = 0;
  for (let n = 0; n < level.length; n++) {
    counts[(level[n] - 1) * columns.length + place[column[n]]]++;
    voxels += size[n];
  }
  return emphasisFeatures({ counts, columns, voxels });
}
