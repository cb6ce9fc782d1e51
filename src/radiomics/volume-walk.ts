/**
 * One walk over a region that fills the tables of GLCM, GLRLM, NGTDM and NGLDM at once, for all 26 neighbours, and another
 * that joins its zones.
 *
 * They give what `countPairs`, `countRuns`, `countNeighbourhoods` and `findZones` give. Those ask at every neighbour whether
 * it is inside and of the same level, which no processor can foresee; the kernels in WebAssembly compare eight voxels at
 * once and ask nothing.
 * Layer:  radiomics; imports glrlm, level-grid, neighbourhoods, wasm/kernels, zone-bits.
 */
import { longestRun } from "./glrlm.js";
import { forwardSteps, type LevelGrid } from "./level-grid.js";
import { DEPENDENCES, emptyNeighbourhoods, type Neighbourhoods } from "./neighbourhoods.js";
import { inWorkspace } from "./wasm/kernels.js";
import { representatives, type Zones } from "./zone-bits.js";

export interface Walked {
  /** Ng × Ng pairs in one sense: for each of the 13 directions, or one for all. */
  readonly pairs: readonly Float64Array[];
  /** Ng × `longest` runs: for each direction, or one for all. */
  readonly runs: readonly Float64Array[];
  readonly longest: number;
  readonly neighbourhoods: Neighbourhoods;
  /** By voxel of the grid: bit d says that the voxel one step back along direction d has its level. */
  readonly behind: Uint16Array;
}

const DIRECTION_COUNT = 13;

/** Tables of pairs for each direction are only made up to this many levels (64 MiB). */
export const MAX_WALKED_LEVELS = 1100;

/** 26 levels must not sum to more than 16 bits hold. */
export const MAX_MERGED_LEVELS = 2520;

/** Neighbours alike would wait for one another at one cell; small tables are therefore spread over four. */
const SPREAD_TABLES = 4;
const SPREAD_UP_TO = 64;

/** @param merge  One table for all directions instead of one for each. */
export function walkVolume(grid: LevelGrid, merge: boolean): Walked {
  const { levels, levelCount, size } = grid;
  const side = levelCount + 1;
  const tables = merge ? (side <= SPREAD_UP_TO ? SPREAD_TABLES : 1) : DIRECTION_COUNT;
  const steps = forwardSteps(size, false);
  const border = borderOf(steps);
  const longest = longestRun(grid);
  const runTables = merge ? 1 : DIRECTION_COUNT;
  const bytes = {
    levels: 2 * (levels.length + 2 * border),
    behind: 2 * (levels.length + 2 * border),
    steps: 4 * DIRECTION_COUNT,
    pairBases: 4 * DIRECTION_COUNT,
    runBases: 4 * DIRECTION_COUNT,
    pairs: 4 * tables * side * side,
    runs: 4 * runTables * side * longest,
    dependence: 4 * side * DEPENDENCES,
    voxels: 4 * side,
    differences: 8 * side,
    scratch: 48,
  };
  const counted = ["pairs", "runs", "dependence", "voxels", "differences"] as const;
  return inWorkspace(bytes, ["levels", "behind", ...counted], ({ kernels, buffer, at }) => {
    const [first, bits] = [at.levels + 2 * border, at.behind + 2 * border];
    new Uint16Array(buffer, first, levels.length).set(levels);
    new Int32Array(buffer, at.steps, DIRECTION_COUNT).set(steps);
    new Int32Array(buffer, at.pairBases, DIRECTION_COUNT).set(bases(tables, side * side));
    new Int32Array(buffer, at.runBases, DIRECTION_COUNT).set(bases(runTables, side * longest));
    // biome-ignore format: as in the kernel
    kernels.walk(first, levels.length, at.steps, at.pairBases, at.pairs, side, bits, at.dependence, at.voxels, at.differences, at.scratch);
    // biome-ignore format: as in the kernel
    kernels.longRuns(first, bits, levels.length, at.steps, at.runBases, at.runs, longest, at.scratch);

    const neighbourhoods = emptyNeighbourhoods(levelCount);
    // Level 0 has a row of its own in every table.
    neighbourhoods.voxels.set(new Int32Array(buffer, at.voxels + 4, levelCount));
    neighbourhoods.differences.set(new Float64Array(buffer, at.differences + 8, levelCount));
    const rows = levelCount * DEPENDENCES;
    neighbourhoods.dependence.set(new Int32Array(buffer, at.dependence + 4 * DEPENDENCES, rows));
    const found = new Int32Array(buffer, at.pairs, tables * side * side);
    const pairs = merge
      ? [summed(found, tables, levelCount)]
      : Array.from({ length: tables }, (_, t) =>
          summed(found.subarray(t * side * side, (t + 1) * side * side), 1, levelCount),
        );
    const runs = pairs.map((table, t) => {
      const start = at.runs + 4 * (t * side + 1) * longest;
      const long = new Int32Array(buffer, start, levelCount * longest);
      return allRuns(long, table, neighbourhoods, longest, merge);
    });
    const behind = new Uint16Array(buffer, bits, levels.length).slice();
    return { pairs, runs, longest, neighbourhoods, behind };
  });
}

/**
 * The zones of a whole region.
 *
 * @param behind     From `walkVolume`.
 * @param distances  By voxel of the grid, or null.
 */
export function findVolumeZones(
  { levels, size, positions }: LevelGrid,
  behind: Uint16Array,
  distances: Uint16Array | null,
): Zones {
  const steps = forwardSteps(size, false);
  const enough = representatives();
  const count = positions.length;
  const bytes = {
    levels: 2 * levels.length,
    behind: 2 * levels.length,
    distances: distances === null ? 0 : 2 * levels.length,
    parent: 4 * levels.length,
    positions: 4 * count,
    steps: 4 * DIRECTION_COUNT,
    enough: 2 * enough.length,
    level: 2 * count,
    size: 4 * count,
    distance: 2 * count,
  };
  return inWorkspace(bytes, [], ({ kernels, buffer, at }) => {
    new Uint16Array(buffer, at.levels, levels.length).set(levels);
    new Uint16Array(buffer, at.behind, levels.length).set(behind);
    if (distances !== null) new Uint16Array(buffer, at.distances, levels.length).set(distances);
    new Int32Array(buffer, at.positions, count).set(positions);
    new Int32Array(buffer, at.steps, DIRECTION_COUNT).set(steps);
    new Uint16Array(buffer, at.enough, enough.length).set(enough);
    // biome-ignore format: as in the kernel
    const found = kernels.zones(at.levels, at.behind, at.positions, count, at.steps, at.enough, at.parent, distances === null ? 0 : at.distances, at.level, at.size, at.distance);
    return {
      level: new Uint16Array(buffer, at.level, found).slice(),
      size: new Int32Array(buffer, at.size, found).slice(),
      distance: new Uint16Array(buffer, at.distance, found).slice(),
    };
  });
}

/** As wide as two steps and a block of eight: what the kernels read beyond the grid. */
function borderOf(steps: Int32Array): number {
  return 8 * Math.ceil((2 * Math.max(...steps)) / 8 + 2);
}

/** Where the table of each direction starts, in bytes. */
function bases(tables: number, cells: number): Int32Array {
  return Int32Array.from({ length: DIRECTION_COUNT }, (_, d) => 4 * (d % tables) * cells);
}

/** The sum of tables, without level 0. */
function summed(pairs: Int32Array, tables: number, levelCount: number): Float64Array {
  const result = new Float64Array(levelCount * levelCount);
  const side = levelCount + 1;
  for (let t = 0; t < tables; t++) {
    for (let i = 0; i < levelCount; i++) {
      const row = (t * side + i + 1) * side + 1;
      const into = i * levelCount;
      for (let j = 0; j < levelCount; j++) result[into + j] += pairs[row + j];
    }
  }
  return result;
}

/**
 * Equal pairs along a direction are runs of two, and the voxels left runs of one, as if there were no longer ones; what
 * longer ones change was found apart.
 */
function allRuns(
  long: Int32Array,
  pairs: Float64Array,
  { dependence }: Neighbourhoods,
  longest: number,
  merge: boolean,
): Float64Array {
  const runs = Float64Array.from(long);
  const levelCount = long.length / longest;
  for (let k = 0; k < levelCount; k++) {
    let voxels = 0;
    for (let c = 0; c < DEPENDENCES; c++) voxels += dependence[k * DEPENDENCES + c];
    const twos = pairs[k * levelCount + k];
    runs[k * longest] += (merge ? DIRECTION_COUNT : 1) * voxels - 2 * twos;
    if (longest > 1) runs[k * longest + 1] += twos;
  }
  return runs;
}
