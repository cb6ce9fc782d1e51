/**
 * Intensity–volume histogram: which share of the region reaches an intensity.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, section 3.5.
 * Layer:  radiomics; imports discretize, region (types), settings (types), tally.
 */
import { discretize, extremes } from "./discretize.js";
import type { Region } from "./region.js";
import type { Binning } from "./settings.js";
import { countWhole } from "./tally.js";

/** Counts of voxels at evenly spaced intensities. */
interface Steps {
  readonly counts: Float64Array;
  readonly first: number;
  readonly width: number;
}

/** @param binning  Default: a step for every whole intensity if all are whole, else 1000 bins. */
export function volumeHistogramFeatures(
  region: Region,
  binning: Binning | undefined,
): Record<string, number> {
  const steps = makeSteps(region, binning);
  const { counts, first, width } = steps;
  // reached[k]: share of voxels at step k or above.
  const reached = new Float64Array(counts.length + 1);
  for (let k = counts.length - 1; k >= 0; k--) reached[k] = reached[k + 1] + counts[k];
  const total = reached[0];
  const last = counts.length - 1;
  const volumeAt = (share: number): number => {
    if (last === 0) return 1;
    let k = 0;
    // γ = k / last; compared as products, so that 0.1 needs no exact quotient.
    while (k < last && k < share * last - 1e-9) k++;
    return reached[k] / total;
  };
  const intensityAt = (share: number): number => {
    let k = 0;
    while (k <= last && reached[k] > share * total + 1e-9) k++;
    return first + k * width;
  };
  const [v10, v90, i10, i90] = [volumeAt(0.1), volumeAt(0.9), intensityAt(0.1), intensityAt(0.9)];
  return {
    ivh_v10: v10,
    ivh_v90: v90,
    ivh_i10: i10,
    ivh_i90: i90,
    ivh_diff_v10_v90: v10 - v90,
    ivh_diff_i10_i90: i10 - i90,
  };
}

function makeSteps({ values, range }: Region, binning: Binning | undefined): Steps {
  if (binning !== undefined) return binnedSteps(values, binning, range);
  const [min, max] = range?.every(Number.isInteger) ? range : extremes(values);
  const counts = countWhole(values, min, max);
  if (counts === null) return binnedSteps(values, { binCount: 1000 }, range);
  return { counts, first: min, width: 1 };
}

/** Fixed width: intensities are bin centres, from the range's low end to its high end. Fixed count: they are levels. */
function binnedSteps(
  values: Float64Array,
  binning: Binning,
  range: readonly [number, number] | undefined,
): Steps {
  const { levels, levelCount, from, width } = discretize(values, binning, range);
  const spanned =
    "binWidth" in binning && range !== undefined && Number.isFinite(range[1])
      ? Math.max(levelCount, Math.ceil((range[1] - from) / width))
      : levelCount;
  const counts = new Float64Array(spanned);
  for (let n = 0; n < levels.length; n++) counts[levels[n] - 1]++;
  return "binWidth" in binning ? { counts, first: from + width / 2, width } : { counts, first: 1, width: 1 };
}
