/**
 * Catalogue rows of the families that forget where a voxel lies: statistics, histogram, intensity–volume histogram.
 *
 * N voxels of intensity x; Pₖ is the k-th percentile; pᵢ the share of level i of Ng; nᵢ its count.
 * Layer:  radiomics; imports catalogue-row (types).
 */
import type { CatalogueRow } from "./catalogue-row.js";

const FLAT = "0 if the region is flat";
const NO_MEAN = "0 if the region is flat, else missing if the mean is 0";
const NO_QUARTILES = "0 if both quartiles are equal, else missing if they sum to 0";
const NONE_BETWEEN = "missing if nothing lies in [P₁₀, P₉₀], as for two different voxels";
const ONE_LEVEL = "0 if there is one level";

export const INTENSITY_STATISTICS: readonly CatalogueRow[] = [
  ["stat_mean", "Q4LE", "Mean", "u", "μ = Σ x / N"],
  ["stat_var", "ECT3", "Variance", "u²", "σ² = Σ (x−μ)² / N"],
  ["stat_skew", "KE2A", "Skewness", "", "Σ (x−μ)³ / (N σ³)", FLAT],
  ["stat_kurt", "IPH6", "(Excess) kurtosis", "", "Σ (x−μ)⁴ / (N σ⁴) − 3", FLAT],
  ["stat_median", "Y12H", "Median", "u", "P₅₀"],
  ["stat_min", "1GSF", "Minimum", "u", "min x"],
  ["stat_p10", "QG58", "10th percentile", "u", "P₁₀, linear between neighbours"],
  ["stat_p90", "8DWT", "90th percentile", "u", "P₉₀"],
  ["stat_max", "84IY", "Maximum", "u", "max x"],
  ["stat_iqr", "SALO", "Interquartile range", "u", "P₇₅ − P₂₅"],
  ["stat_range", "2OJQ", "Range", "u", "max x − min x"],
  ["stat_mad", "4FUA", "Mean absolute deviation", "u", "Σ |x−μ| / N"],
  [
    "stat_rmad",
    "1128",
    "Robust mean absolute deviation",
    "u",
    "mean absolute deviation of x in [P₁₀, P₉₀]",
    NONE_BETWEEN,
  ],
  ["stat_medad", "N72L", "Median absolute deviation", "u", "Σ |x−P₅₀| / N"],
  ["stat_cov", "7TET", "Coefficient of variation", "", "σ / μ", NO_MEAN],
  ["stat_qcod", "9S40", "Quartile coefficient of dispersion", "", "(P₇₅−P₂₅) / (P₇₅+P₂₅)", NO_QUARTILES],
  ["stat_energy", "N8CA", "Energy", "u²", "Σ x²"],
  ["stat_rms", "5ZWQ", "Root mean square", "u", "√(Σ x² / N)"],
];

export const INTENSITY_HISTOGRAM: readonly CatalogueRow[] = [
  ["ih_mean", "X6K6", "Mean", "", "μ = Σ i pᵢ"],
  ["ih_var", "CH89", "Variance", "", "σ² = Σ (i−μ)² pᵢ"],
  ["ih_skew", "88K1", "Skewness", "", "Σ (i−μ)³ pᵢ / σ³", FLAT],
  ["ih_kurt", "C3I7", "(Excess) kurtosis", "", "Σ (i−μ)⁴ pᵢ / σ⁴ − 3", FLAT],
  ["ih_median", "WIFQ", "Median", "", "P₅₀"],
  ["ih_min", "1PR8", "Minimum", "", "lowest level present"],
  ["ih_p10", "GPMT", "10th percentile", "", "P₁₀"],
  ["ih_p90", "OZ0C", "90th percentile", "", "P₉₀"],
  ["ih_max", "3NCY", "Maximum", "", "highest level present"],
  ["ih_mode", "AMMC", "Mode", "", "most frequent level; the one nearest the mean if several"],
  ["ih_iqr", "WR0O", "Interquartile range", "", "P₇₅ − P₂₅"],
  ["ih_range", "5Z3W", "Range", "", "maximum − minimum"],
  ["ih_mad", "D2ZX", "Mean absolute deviation", "", "Σ |i−μ| pᵢ"],
  [
    "ih_rmad",
    "WRZB",
    "Robust mean absolute deviation",
    "",
    "mean absolute deviation of i in [P₁₀, P₉₀]",
    NONE_BETWEEN,
  ],
  ["ih_medad", "4RNL", "Median absolute deviation", "", "Σ |i−P₅₀| pᵢ"],
  ["ih_cov", "CWYJ", "Coefficient of variation", "", "σ / μ"],
  ["ih_qcod", "SLWD", "Quartile coefficient of dispersion", "", "(P₇₅−P₂₅) / (P₇₅+P₂₅)"],
  ["ih_entropy", "TLU2", "Entropy", "bit", "−Σ pᵢ log₂ pᵢ"],
  ["ih_uniformity", "BJ5W", "Uniformity", "", "Σ pᵢ²"],
  [
    "ih_max_grad",
    "12CE",
    "Maximum histogram gradient",
    "",
    "max (nᵢ₊₁−nᵢ₋₁)/2, one-sided at the ends",
    ONE_LEVEL,
  ],
  [
    "ih_max_grad_g",
    "8E6O",
    "Maximum histogram gradient intensity",
    "",
    "first level of the maximum gradient",
    "1 if there is one level",
  ],
  [
    "ih_min_grad",
    "VQB3",
    "Minimum histogram gradient",
    "",
    "min (nᵢ₊₁−nᵢ₋₁)/2, one-sided at the ends",
    ONE_LEVEL,
  ],
  [
    "ih_min_grad_g",
    "RHQZ",
    "Minimum histogram gradient intensity",
    "",
    "first level of the minimum gradient",
    "1 if there is one level",
  ],
];

const ONE_VALUE = "1 if the region is flat";

export const VOLUME_HISTOGRAM: readonly CatalogueRow[] = [
  [
    "ivh_v10",
    "BC2M",
    "Volume fraction at 10% intensity",
    "",
    "share of voxels from 10 % of the intensity range on",
    ONE_VALUE,
  ],
  [
    "ivh_v90",
    "BC2M",
    "Volume fraction at 90% intensity",
    "",
    "share of voxels from 90 % of the intensity range on",
    ONE_VALUE,
  ],
  [
    "ivh_i10",
    "GBPN",
    "Intensity at 10% volume",
    "u",
    "lowest intensity reached by at most 10 % of the voxels; one step above the maximum if none is",
  ],
  [
    "ivh_i90",
    "GBPN",
    "Intensity at 90% volume",
    "u",
    "lowest intensity reached by at most 90 % of the voxels; one step above the maximum if none is",
  ],
  ["ivh_diff_v10_v90", "DDTU", "Volume fraction difference between 10% and 90% intensity", "", "V₁₀ − V₉₀"],
  ["ivh_diff_i10_i90", "CNV2", "Intensity difference between 10% and 90% volume", "u", "I₁₀ − I₉₀"],
];
