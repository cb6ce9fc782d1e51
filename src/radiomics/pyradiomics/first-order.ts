/**
 * PyRadiomics' first-order features: statistics of intensities, entropy and uniformity of grey levels.
 *
 * Layer:  radiomics; imports discretize, intensity-statistics, tally, bins (types), entropy.
 */
import { extremes } from "../discretize.js";
import { statistics } from "../intensity-statistics.js";
import { tally } from "../tally.js";
import type { BinnedLevels } from "./bins.js";
import { entropyLikePyradiomics } from "./entropy.js";

/** @param voxelVolume  mm³. */
export function firstOrderFeatures(
  values: Float64Array,
  { levels, levelCount }: BinnedLevels,
  shift: number,
  voxelVolume: number,
): Record<string, number> {
  const found = statistics(tally(values, ...extremes(values)), "stat");
  let squares = 0;
  for (let n = 0; n < values.length; n++) squares += (values[n] + shift) ** 2;
  const flat = found.stat_var === 0;

  const counts = new Float64Array(levelCount);
  for (let n = 0; n < levels.length; n++) counts[levels[n] - 1]++;
  let entropy = 0;
  let uniformity = 0;
  for (let k = 0; k < levelCount; k++) {
    if (counts[k] === 0) continue;
    const p = counts[k] / levels.length;
    entropy -= p * Math.log2(p);
    uniformity += p * p;
  }
  return {
    "10Percentile": found.stat_p10,
    "90Percentile": found.stat_p90,
    Energy: squares,
    Entropy: entropyLikePyradiomics(entropy),
    InterquartileRange: found.stat_iqr,
    Kurtosis: flat ? 0 : found.stat_kurt + 3,
    Maximum: found.stat_max,
    MeanAbsoluteDeviation: found.stat_mad,
    Mean: found.stat_mean,
    Median: found.stat_median,
    Minimum: found.stat_min,
    Range: found.stat_range,
    RobustMeanAbsoluteDeviation: found.stat_rmad,
    RootMeanSquared: Math.sqrt(squares / values.length),
    Skewness: found.stat_skew,
    TotalEnergy: squares * voxelVolume,
    Uniformity: uniformity,
    Variance: found.stat_var,
  };
}
