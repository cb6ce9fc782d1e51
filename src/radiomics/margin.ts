/**
 * The margin family of RGDL: how steeply the intensities of a region accumulate, which tells a blurred margin from a sharp one.
 *
 * The study lists six statistics of the slope of the cumulative distribution, of 128 bins, and names two of them, skewness and kurtosis.
 * The other four are Radbook's choice: mean, standard deviation, median and maximum.
 * Layer:  radiomics; imports catalogue, discretize, intensity-statistics, tally, pyradiomics/bins (types).
 */
import { type Catalogue, makeCatalogue } from "./catalogue.js";
import { extremes } from "./discretize.js";
import { statistics } from "./intensity-statistics.js";
import type { BinnedLevels } from "./pyradiomics/bins.js";
import { tally } from "./tally.js";

const FLAT = "missing if the region is flat";
const FLAT_OR_EVEN = "0 if every bin holds as many voxels; missing if the region is flat";

/** [name, label, unit, formula, value where the formula has none]; s has one value for each bin. */
const ROWS: readonly (readonly [string, string, string, string, string])[] = [
  [
    "CdfSlopeMean",
    "Mean slope",
    "u⁻¹",
    "mean s, sₖ = (Fₖ − Fₖ₋₁) / w, F = share of voxels up to bin k",
    FLAT,
  ],
  ["CdfSlopeStandardDeviation", "Standard deviation of the slope", "u⁻¹", "√m₂(s), over all bins", FLAT],
  ["CdfSlopeMedian", "Median slope", "u⁻¹", "P₅₀(s)", FLAT],
  ["CdfSlopeMaximum", "Maximum slope", "u⁻¹", "max s", FLAT],
  ["CdfSlopeSkewness", "Skewness of the slope", "", "m₃(s) / m₂(s)^1.5", FLAT_OR_EVEN],
  [
    "CdfSlopeKurtosis",
    "Kurtosis of the slope",
    "",
    "m₄(s) / m₂(s)², 3 for a normal distribution",
    FLAT_OR_EVEN,
  ],
];

/** The features that `margin: true` adds to PyRadiomics' convention; columns add the image: "original_margin_CdfSlopeSkewness". */
export const marginCatalogue: Catalogue = makeCatalogue(
  ROWS.map(([name, label, unit, formula, degenerate]) => ({
    name: `margin_${name}`,
    code: "",
    label,
    family: "margin",
    unit,
    formula,
    section: "",
    degenerate,
  })),
  "RGDL",
);

/**
 * @param values  Intensities of the region.
 * @param levels  Their grey levels.
 * @param binCount  Bins between the lowest and the highest intensity; null: as many as levels, each `binWidth` wide.
 */
export function marginFeatures(
  values: Float64Array,
  { levels, levelCount }: BinnedLevels,
  binCount: number | null,
  binWidth: number,
): Record<string, number> {
  const [min, max] = extremes(values);
  if (min === max) return Object.fromEntries(marginCatalogue.features.map(({ name }) => [name, Number.NaN]));
  const slopes = new Float64Array(binCount ?? levelCount);
  const width = binCount === null ? binWidth : (max - min) / binCount;
  for (let n = 0; n < levels.length; n++) slopes[levels[n] - 1]++;
  for (let k = 0; k < slopes.length; k++) slopes[k] /= levels.length * width;
  const found = statistics(tally(slopes, ...extremes(slopes)), "stat");
  const isEven = found.stat_min === found.stat_max;
  return {
    margin_CdfSlopeMean: found.stat_mean,
    margin_CdfSlopeStandardDeviation: Math.sqrt(found.stat_var),
    margin_CdfSlopeMedian: found.stat_median,
    margin_CdfSlopeMaximum: found.stat_max,
    margin_CdfSlopeSkewness: found.stat_skew,
    margin_CdfSlopeKurtosis: isEven ? 0 : found.stat_kurt + 3,
  };
}
