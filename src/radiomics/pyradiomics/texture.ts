/**
 * PyRadiomics' texture features: the matrices are IBSI's, the names, the directions left out and the weights its own.
 *
 * Layer:  radiomics; imports the texture families, level-grid, settings (types).
 */
import type { Vec3 } from "../../core/geometry.js";
import { emphasisFeatures } from "../emphasis-features.js";
import { countPairs } from "../glcm.js";
import { glcmFeatures } from "../glcm-features.js";
import { countRuns, longestRun, runFeatures } from "../glrlm.js";
import { arrayStep, DIRECTIONS, type LevelGrid, meanFeatures, type Range } from "../level-grid.js";
import {
  countNeighbourhoods,
  DEPENDENCES,
  emptyNeighbourhoods,
  type Neighbourhoods,
} from "../neighbourhoods.js";
import { ngtdmFeatures } from "../ngtdm-features.js";
import { findVolumeZones, MAX_WALKED_LEVELS, walkVolume } from "../volume-walk.js";
import type { Zones } from "../zone-bits.js";
import { findZones, type ZoneLists, zoneFeatures } from "../zones.js";
import type { FeatureClass } from "./catalogue.js";
import { entropyLikePyradiomics } from "./entropy.js";
import { maximalCorrelation } from "./maximal-correlation.js";
import type { PyradiomicsSettings } from "./settings.js";

export type TextureClass = Exclude<FeatureClass, "shape" | "shape2D" | "firstorder">;

/** Names in the order of `emphasisFeatures`; "" where PyRadiomics has none. */
const RUNS = [
  "ShortRunEmphasis",
  "LongRunEmphasis",
  "LowGrayLevelRunEmphasis",
  "HighGrayLevelRunEmphasis",
  "ShortRunLowGrayLevelEmphasis",
  "ShortRunHighGrayLevelEmphasis",
  "LongRunLowGrayLevelEmphasis",
  "LongRunHighGrayLevelEmphasis",
  "GrayLevelNonUniformity",
  "GrayLevelNonUniformityNormalized",
  "RunLengthNonUniformity",
  "RunLengthNonUniformityNormalized",
  "RunPercentage",
  "GrayLevelVariance",
  "RunVariance",
  "RunEntropy",
];

const ZONES = [
  "SmallAreaEmphasis",
  "LargeAreaEmphasis",
  "LowGrayLevelZoneEmphasis",
  "HighGrayLevelZoneEmphasis",
  "SmallAreaLowGrayLevelEmphasis",
  "SmallAreaHighGrayLevelEmphasis",
  "LargeAreaLowGrayLevelEmphasis",
  "LargeAreaHighGrayLevelEmphasis",
  "GrayLevelNonUniformity",
  "GrayLevelNonUniformityNormalized",
  "SizeZoneNonUniformity",
  "SizeZoneNonUniformityNormalized",
  "ZonePercentage",
  "GrayLevelVariance",
  "ZoneVariance",
  "ZoneEntropy",
];

const DEPENDENCE = [
  "SmallDependenceEmphasis",
  "LargeDependenceEmphasis",
  "LowGrayLevelEmphasis",
  "HighGrayLevelEmphasis",
  "SmallDependenceLowGrayLevelEmphasis",
  "SmallDependenceHighGrayLevelEmphasis",
  "LargeDependenceLowGrayLevelEmphasis",
  "LargeDependenceHighGrayLevelEmphasis",
  "GrayLevelNonUniformity",
  "",
  "DependenceNonUniformity",
  "DependenceNonUniformityNormalized",
  "",
  "GrayLevelVariance",
  "DependenceVariance",
  "DependenceEntropy",
];

/** Names in the order of `glcmFeatures`, then MCC. */
const PAIRS = [
  "MaximumProbability",
  "JointAverage",
  "SumSquares",
  "JointEntropy",
  "DifferenceAverage",
  "DifferenceVariance",
  "DifferenceEntropy",
  "SumAverage",
  "",
  "SumEntropy",
  "JointEnergy",
  "Contrast",
  "",
  "Id",
  "Idn",
  "Idm",
  "Idmn",
  "InverseVariance",
  "Correlation",
  "Autocorrelation",
  "ClusterTendency",
  "ClusterShade",
  "ClusterProminence",
  "Imc1",
  "Imc2",
  "MCC",
];

const TONES = ["Coarseness", "Contrast", "Busyness", "Complexity", "Strength"];

/** Tables of a region, direction by direction where directions matter. */
interface Tables {
  /** Pairs and runs of each direction. */
  readonly pairs: readonly Float64Array[];
  readonly runs: readonly Float64Array[];
  readonly longest: number;
  readonly neighbourhoods: Neighbourhoods;
  readonly zones: () => Zones;
}

/** @returns A function from a class to its values by name; entropies as PyRadiomics gives them. */
export function pyradiomicsTexture(
  grid: LevelGrid,
  spacing: Vec3,
  settings: PyradiomicsSettings,
): (textureClass: TextureClass) => Record<string, number> {
  const directions = usedDirections(settings);
  let made: Tables | undefined;
  const tables = (): Tables => {
    made ??=
      settings.force2D || grid.levelCount > MAX_WALKED_LEVELS
        ? plainTables(grid, directions)
        : walkedTables(grid);
    return made;
  };
  const { weightingNorm } = settings;
  return (textureClass) => {
    switch (textureClass) {
      case "glcm": {
        const weights =
          weightingNorm && directions.map((d) => Math.exp(-(length(d, spacing, weightingNorm) ** 2)));
        const even = weightingNorm === "no_weighting";
        return named(
          PAIRS,
          aggregate(tables().pairs, even ? directions.map(() => 1) : weights, pairFeatures(grid)),
        );
      }
      case "glrlm": {
        const weights = weightingNorm && directions.map((d) => length(d, spacing, weightingNorm));
        const { runs, longest } = tables();
        // PyRadiomics leaves a direction out if no line along it has two voxels of the region.
        const used = runs.map((table, d) =>
          hasLine(grid, directions[d]) ? table : new Float64Array(table.length),
        );
        return named(
          RUNS,
          aggregate(used, weights, (counts) => runFeatures(counts, longest)),
        );
      }
      case "glszm": {
        const { level, size } = tables().zones();
        return named(ZONES, zoneFeatures(level, size, size, grid.levelCount));
      }
      case "gldm": {
        const columns = Float64Array.from({ length: DEPENDENCES }, (_, k) => k + 1);
        const counts = tables().neighbourhoods.dependence;
        return named(DEPENDENCE, emphasisFeatures({ counts, columns, voxels: grid.positions.length }));
      }
      case "ngtdm": {
        // PyRadiomics counts voxels without a neighbour too, with a difference of 0.
        const voxels = new Float64Array(grid.levelCount);
        for (let n = 0; n < grid.positions.length; n++) voxels[grid.levels[grid.positions[n]] - 1]++;
        const { differences } = tables().neighbourhoods;
        return named(TONES, ngtdmFeatures({ voxels, differences }));
      }
    }
  };
}

function walkedTables(grid: LevelGrid): Tables {
  const { pairs, runs, longest, neighbourhoods, behind } = walkVolume(grid, false);
  const zones = (): Zones => findVolumeZones(grid, behind, null);
  return { pairs, runs, longest, neighbourhoods, zones };
}

function plainTables(grid: LevelGrid, directions: readonly Vec3[]): Tables {
  const longest = longestRun(grid);
  const all: Range = [0, grid.positions.length];
  const steps = Int32Array.from(directions, (direction) => arrayStep(direction, grid.size));
  const neighbourhoods = emptyNeighbourhoods(grid.levelCount);
  countNeighbourhoods(grid, all, steps, neighbourhoods);
  const pairs: Float64Array[] = [];
  const runs: Float64Array[] = [];
  for (const step of steps) {
    const pairsOfStep = new Float64Array(grid.levelCount ** 2);
    const runsOfStep = new Float64Array(grid.levelCount * longest);
    countPairs(grid, all, step, pairsOfStep);
    countRuns(grid, all, step, longest, runsOfStep);
    pairs.push(pairsOfStep);
    runs.push(runsOfStep);
  }
  const zones = (): Zones => {
    const found: ZoneLists = { level: [], size: [], distance: [] };
    findZones(grid, all, steps, null, found);
    return found;
  };
  return { pairs, runs, longest, neighbourhoods, zones };
}

function named(names: readonly string[], values: Float64Array): Record<string, number> {
  const entries = names.map((name, f): [string, number] => [
    name,
    name.endsWith("Entropy") ? entropyLikePyradiomics(values[f]) : values[f],
  ]);
  return Object.fromEntries(entries.filter(([name]) => name !== ""));
}

/** All 13, or those in the slice. */
function usedDirections({ force2D, force2Ddimension }: PyradiomicsSettings): readonly Vec3[] {
  const across = 2 - force2Ddimension;
  return force2D ? DIRECTIONS.filter((direction) => direction[across] === 0) : DIRECTIONS;
}

function pairFeatures(grid: LevelGrid): (counts: Float64Array) => Float64Array {
  const present = new Uint8Array(grid.levelCount + 1);
  for (let n = 0; n < grid.positions.length; n++) present[grid.levels[grid.positions[n]]] = 1;
  const levelsInRegion = present.reduce((sum, v) => sum + v, 0);
  return (counts) =>
    Float64Array.of(
      ...glcmFeatures(counts, grid.levelCount),
      maximalCorrelation(counts, grid.levelCount, levelsInRegion),
    );
}

/** Mean of the features over directions that are not empty; or features of the weighted sum of their tables. */
function aggregate(
  tables: readonly Float64Array[],
  weights: readonly number[] | null,
  features: (counts: Float64Array) => Float64Array,
): Float64Array {
  if (weights === null) return meanFeatures(tables.map(features));
  const sum = new Float64Array(tables[0].length);
  for (let d = 0; d < tables.length; d++) {
    const table = tables[d];
    for (let c = 0; c < sum.length; c++) sum[c] += weights[d] * table[c];
  }
  return features(sum);
}

/** Length of a step in mm, by the norm. */
function length(
  direction: Vec3,
  spacing: Vec3,
  norm: NonNullable<PyradiomicsSettings["weightingNorm"]>,
): number {
  const steps = direction.map((d, axis) => Math.abs(d) * spacing[axis]);
  switch (norm) {
    case "manhattan":
      return steps[0] + steps[1] + steps[2];
    case "euclidean":
      return Math.hypot(...steps);
    case "infinity":
      return Math.max(...steps);
    case "no_weighting":
      return 1;
  }
}

/** Whether two voxels of the region lie on one line along the direction, at any distance. */
export function hasLine({ levels, positions, size }: LevelGrid, [dx, dy, dz]: Vec3): boolean {
  const [nx, ny] = size;
  const step = arrayStep([dx, dy, dz], size);
  for (let n = 0; n < positions.length; n++) if (levels[positions[n] + step] !== 0) return true;
  const lines = new Set<number>();
  for (const p of positions) {
    const x = p % nx;
    const y = Math.floor(p / nx) % ny;
    const z = Math.floor(p / (nx * ny));
    // Where the line crosses the plane at which the first moving coordinate is 0.
    const t = dx !== 0 ? x * dx : dy !== 0 ? y * dy : z * dz;
    const line = (x - t * dx + 4096) * 2 ** 26 + (y - t * dy + 4096) * 2 ** 13 + (z - t * dz + 4096);
    if (lines.has(line)) return true;
    lines.add(line);
  }
  return false;
}
