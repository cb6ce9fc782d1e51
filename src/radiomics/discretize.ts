/**
 * Grey levels from intensities: bins of fixed width or of fixed count.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, section 2.7 (FBS: Q3RU, FBN: K15C).
 * Layer:  radiomics; imports core, settings (types).
 */
import { InputError } from "../core/errors.js";
import type { Binning } from "./settings.js";

/** Intensities as levels 1 … levelCount. */
export interface Levels {
  /** One level per intensity, in the order of the input. */
  readonly levels: Uint16Array;
  /** Ng: the highest level for a fixed width, the number of bins for a fixed count; 1 for a flat region. */
  readonly levelCount: number;
  /** Lower edge of level 1 and width of a level. */
  readonly from: number;
  readonly width: number;
}

/**
 * Texture matrices have levelCount² numbers (128 MiB each at this limit), and more levels than this have no meaning for them.
 */
export const MAX_LEVELS = 4096;

/**
 * Fixed width: ⌊(x − from) / width⌋ + 1; `from` is the option's, else the low end of the re-segmentation range, else the
 * minimum. Fixed count: ⌊count · (x − min) / (max − min)⌋ + 1, and the maximum belongs to the last bin.
 *
 * @throws InputError if a level would be below 1 or above MAX_LEVELS.
 */
export function discretize(
  values: Float64Array,
  binning: Binning,
  range: readonly [number, number] | undefined,
): Levels {
  const [min, max] = extremes(values);
  if ("binWidth" in binning) return fixedWidth(values, binning, range, min, max);
  return fixedCount(values, binning.binCount, min, max);
}

/** Smallest and largest value. */
export function extremes(values: Float64Array): [number, number] {
  let min = Infinity;
  let max = -Infinity;
  for (let n = 0; n < values.length; n++) {
    const v = values[n];
    if (v < min) min = v;
    if (v > max) max = v;
  }
  return [min, max];
}

function fixedWidth(
  values: Float64Array,
  { binWidth, from }: { readonly binWidth: number; readonly from?: number },
  range: readonly [number, number] | undefined,
  min: number,
  max: number,
): Levels {
  const low = from ?? (range !== undefined && Number.isFinite(range[0]) ? range[0] : min);
  if (min < low) {
    throw new InputError(
      `bins start at ${low}, but the region goes down to ${min}. Set discretize.from to ${min} or less, ` +
        `or re-segment with resegment.range from ${low} on.`,
    );
  }
  const highest = Math.floor((max - low) / binWidth) + 1;
  if (highest > MAX_LEVELS) {
    throw new InputError(
      `a bin width of ${binWidth} makes ${highest} grey levels of [${low}, ${max}], more than ${MAX_LEVELS}. ` +
        `Choose a width of at least ${((max - low) / (MAX_LEVELS - 1)).toPrecision(3)}.`,
    );
  }
  const levels = new Uint16Array(values.length);
  for (let n = 0; n < values.length; n++) levels[n] = Math.floor((values[n] - low) / binWidth) + 1;
  return { levels, levelCount: highest, from: low, width: binWidth };
}

function fixedCount(values: Float64Array, binCount: number, min: number, max: number): Levels {
  if (binCount > MAX_LEVELS) {
    throw new InputError(
      `${binCount} bins are more than ${MAX_LEVELS}. Texture matrices need few levels; 16 to 128 are usual.`,
    );
  }
  const levels = new Uint16Array(values.length);
  if (max === min) return { levels: levels.fill(1), levelCount: 1, from: min, width: 0 };
  for (let n = 0; n < values.length; n++) {
    levels[n] = Math.min(Math.floor((binCount * (values[n] - min)) / (max - min)) + 1, binCount);
  }
  return { levels, levelCount: binCount, from: min, width: (max - min) / binCount };
}
