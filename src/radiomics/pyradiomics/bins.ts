/**
 * Grey levels as PyRadiomics makes them.
 *
 * Layer:  radiomics; imports core, discretize, settings (types).
 */
import { InputError } from "../../core/errors.js";
import { extremes, MAX_LEVELS } from "../discretize.js";
import type { PyradiomicsSettings } from "./settings.js";

/** Intensities as levels 1 … levelCount. */
export interface BinnedLevels {
  readonly levels: Uint16Array;
  /** The highest level that occurs. */
  readonly levelCount: number;
}

/**
 * Fixed width: edges are multiples of it, counted from the one at or below the minimum. Fixed count: numpy's histogram,
 * the last edge one higher. A value on an edge belongs to the bin above.
 *
 * @param isSingle  The image is one of single precision: NumPy then rounds the first edge (fixed width) or all edges.
 * @throws InputError if there would be more than MAX_LEVELS levels.
 */
export function binLevels(
  values: Float64Array,
  { binWidth, binCount }: Pick<PyradiomicsSettings, "binWidth" | "binCount">,
  isSingle = false,
): BinnedLevels {
  const [min, max] = extremes(values);
  const edges =
    binCount === null
      ? { low: lowEdge(min, binWidth, isSingle), step: binWidth, count: Infinity, isSingle: false }
      : evenEdges(min, max, binCount, isSingle);
  const highest = binCount ?? Math.floor((max - edges.low) / binWidth) + 1;
  if (highest > MAX_LEVELS) {
    throw new InputError(
      `binWidth ${binWidth} makes ${highest} grey levels of [${min}, ${max}], more than ${MAX_LEVELS}. ` +
        `Choose at least ${((max - min) / (MAX_LEVELS - 1)).toPrecision(3)}, or a binCount.`,
    );
  }
  const levels = new Uint16Array(values.length);
  let levelCount = 0;
  for (let n = 0; n < values.length; n++) {
    const level = levelOf(values[n], edges);
    levels[n] = level;
    if (level > levelCount) levelCount = level;
  }
  return { levels, levelCount };
}

interface Edges {
  readonly low: number;
  readonly step: number;
  /** Bins; the last one has no upper edge. */
  readonly count: number;
  readonly isSingle: boolean;
}

/** Python's min - min % width. */
function lowEdge(min: number, width: number, isSingle: boolean): number {
  const rest = min % width;
  if (!isSingle) return min - (rest < 0 ? rest + width : rest);
  return Math.fround(min - Math.fround(rest < 0 ? rest + width : rest));
}

/** numpy widens a flat range to min ± ½. */
function evenEdges(min: number, max: number, count: number, isSingle: boolean): Edges {
  const low = min === max ? min - 0.5 : min;
  const high = min === max ? max + 0.5 : max;
  return { low, step: (high - low) / count, count, isSingle };
}

/** The quotient tells the bin but for rounding; the edges themselves, as numpy rounds them, decide. */
function levelOf(value: number, edges: Edges): number {
  const { low, step, count } = edges;
  let bin = Math.floor((value - low) / step);
  if (value < edge(bin, edges)) bin--;
  else if (value >= edge(bin + 1, edges)) bin++;
  return Math.max(1, Math.min(bin + 1, count));
}

function edge(bin: number, { low, step, isSingle }: Edges): number {
  return isSingle ? Math.fround(bin * step + low) : bin * step + low;
}
