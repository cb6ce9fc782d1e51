/**
 * PyRadiomics' texture features: the matrices are IBSI's, the names, the directions left out and the weights its own.
 *
 * Layer:  radiomics; imports the texture families, level-grid, settings (types).
 */
import type { Vec3 } from "../../core/geometry.js";
import { emphasisFeatures } from "../emphasis-features.js";
import { countPairs } from "../glcm.js";
import { glcmFeatures } from "../glcm-features.js";
import { countRuns, longestRun } from "../glrlm.js";
import { arrayStep, DIRECTIONS, type LevelGrid, type Range } from "../level-grid.js";
import { countNeighbourhoods, DEPENDENCES, emptyNeighbourhoods } from "../neighbourhoods.js";
import { ngtdmFeatures } from "../ngtdm-features.js";
import { findZones, type Zones, zoneFeatures } from "../zones.js";
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

/** Values by name of one class; entropies as PyRadiomics gives them. */
export function textureFeatures(
  textureClass: TextureClass,
  grid: LevelGrid,
  spacing: Vec3,
  settings: PyradiomicsSettings,
): Record<string, number> {
  const directions = usedDirections(settings);
  switch (textureClass) {
    case "glcm":
      return named(PAIRS, pairs(grid, directions, spacing, settings));
    case "glrlm":
      return named(RUNS, runs(grid, directions, spacing, settings));
    case "glszm":
      return named(ZONES, zones(grid, directions));
    case "gldm":
    case "ngtdm":
      return neighbourhoods(textureClass, grid, directions);
  }
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

function pairs(
  grid: LevelGrid,
  directions: readonly Vec3[],
  spacing: Vec3,
  { weightingNorm }: PyradiomicsSettings,
): Float64Array {
  const present = new Set<number>();
  for (const p of grid.positions) present.add(grid.levels[p]);
  const features = (counts: Float64Array): Float64Array =>
    Float64Array.of(
      ...glcmFeatures(counts, grid.levelCount),
      maximalCorrelation(counts, grid.levelCount, present.size),
    );
  return aggregate(
    directions,
    grid.levelCount ** 2,
    (step, counts) => countPairs(grid, all(grid), arrayStep(step, grid.size), counts),
    features,
    weightingNorm && ((direction) => Math.exp(-(length(direction, spacing, weightingNorm) ** 2))),
    weightingNorm === "no_weighting",
  );
}

function runs(
  grid: LevelGrid,
  directions: readonly Vec3[],
  spacing: Vec3,
  { weightingNorm }: PyradiomicsSettings,
): Float64Array {
  const longest = longestRun(grid);
  const columns = Float64Array.from({ length: longest }, (_, k) => k + 1);
  const features = (counts: Float64Array): Float64Array => {
    let voxels = 0;
    for (let c = 0; c < counts.length; c++) voxels += counts[c] * columns[c % longest];
    return emphasisFeatures({ counts, columns, voxels });
  };
  return aggregate(
    directions,
    grid.levelCount * longest,
    (step, counts) => {
      // PyRadiomics leaves a direction out if no line along it has two voxels of the region.
      if (hasLine(grid, step)) countRuns(grid, all(grid), arrayStep(step, grid.size), longest, counts);
    },
    features,
    weightingNorm && ((direction) => length(direction, spacing, weightingNorm)),
    weightingNorm === "no_weighting",
  );
}

/** Mean of the features over directions that are not empty; or features of the weighted sum of their matrices. */
function aggregate(
  directions: readonly Vec3[],
  cells: number,
  count: (direction: Vec3, counts: Float64Array) => void,
  features: (counts: Float64Array) => Float64Array,
  weight: ((direction: Vec3) => number) | null,
  alike: boolean,
): Float64Array {
  const sum = new Float64Array(cells);
  const found: Float64Array[] = [];
  for (const direction of directions) {
    const counts = new Float64Array(cells);
    count(direction, counts);
    if (weight === null) {
      const values = features(counts);
      if (!Number.isNaN(values[0])) found.push(values);
    } else {
      const w = alike ? 1 : weight(direction);
      for (let c = 0; c < cells; c++) sum[c] += w * counts[c];
    }
  }
  if (weight !== null) return features(sum);
  if (found.length === 0) return features(sum);
  return found[0].map((_, f) => found.reduce((total, values) => total + values[f], 0) / found.length);
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
function hasLine({ positions, size }: LevelGrid, [dx, dy, dz]: Vec3): boolean {
  const [nx, ny] = size;
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

function zones(grid: LevelGrid, directions: readonly Vec3[]): Float64Array {
  const found: Zones = { level: [], size: [], distance: [] };
  findZones(grid, all(grid), arraySteps(grid, directions), null, found);
  return zoneFeatures(found.level, found.size, found.size, grid.levelCount);
}

function neighbourhoods(
  textureClass: "gldm" | "ngtdm",
  grid: LevelGrid,
  directions: readonly Vec3[],
): Record<string, number> {
  const found = emptyNeighbourhoods(grid.levelCount);
  countNeighbourhoods(grid, all(grid), arraySteps(grid, directions), found);
  if (textureClass === "gldm") {
    const columns = Float64Array.from({ length: DEPENDENCES }, (_, k) => k + 1);
    const voxels = grid.positions.length;
    return named(DEPENDENCE, emphasisFeatures({ counts: found.dependence, columns, voxels }));
  }
  // PyRadiomics counts voxels without a neighbour too, with a difference of 0.
  const voxels = new Float64Array(grid.levelCount);
  for (let n = 0; n < grid.positions.length; n++) voxels[grid.levels[grid.positions[n]] - 1]++;
  return named(TONES, ngtdmFeatures({ voxels, differences: found.differences }));
}

function arraySteps({ size }: LevelGrid, directions: readonly Vec3[]): Int32Array {
  return Int32Array.from(directions, (direction) => arrayStep(direction, size));
}

function all({ positions }: LevelGrid): Range {
  return [0, positions.length];
}
