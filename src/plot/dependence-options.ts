/**
 * What can be chosen of a dependence plot.
 *
 * Layer:  plot; imports core, table.
 */
import { InputError } from "../core/errors.js";
import type { Labels } from "../table/labels.js";
import { formatNumber } from "../table/render.js";
import { quantileOfSorted } from "../table/summarize.js";
import type { TitleOptions } from "./marks.js";

/** Ends of an axis: numbers, or percentiles of what is drawn along it, from 0 to 100. */
export type AxisEnds =
  | readonly [low: number, high: number]
  | { readonly percentiles: readonly [low: number, high: number] };

/** A curve over the dots: values of the feature, rising, and as many SHAP values. */
export type OverlayCurve = readonly [x: ArrayLike<number>, y: ArrayLike<number>];

export interface DependenceOptions extends TitleOptions {
  /**
   * What colors the dots: a feature, or groups of the patients; null for nothing. Default: the strongest of
   * `explain.interactionPartners`, of an interaction the other feature.
   */
  readonly color?: string | Labels | null;
  /** Bars of how many patients have which value, along the bottom, default true. */
  readonly histogram?: boolean;
  /**
   * How far dots are moved sideways at random, as a share of the least distance between two values, 0 to 1. Default 0.5 for a
   * feature of at most 10 values, such as a grade, else 0.
   */
  readonly jitter?: number;
  /** Of the dots, above 0 and up to 1. Default 0.9, of more than 1,000 patients 0.6. */
  readonly opacity?: number;
  /** Diameter of the dots in CSS pixels, default 6, of more than 1,000 patients 4. */
  readonly dotSize?: number;
  /** Ends of the axis of values; dots beyond it are not drawn. Default: all of them. */
  readonly range?: AxisEnds;
  /** Ends of the axis of SHAP values; dots beyond it are not drawn. Default: all of them. */
  readonly shapRange?: AxisEnds;
  /** Up to 3 curves by name, for example what a published model says. */
  readonly overlay?: Readonly<Record<string, OverlayCurve>>;
}

const MOST_CURVES = 3;

/** @throws InputError unless the opacity, the size and the curves make sense. */
export function checkLook({ opacity = 1, dotSize = 1, overlay = {} }: DependenceOptions): void {
  if (!(opacity > 0 && opacity <= 1)) {
    throw new InputError(`opacity must lie above 0 and up to 1, found ${opacity}.`);
  }
  if (!(dotSize > 0 && dotSize <= 40)) {
    throw new InputError(`dotSize must lie above 0 and up to 40 pixels, found ${dotSize}.`);
  }
  const curves = Object.entries(overlay);
  if (curves.length > MOST_CURVES) {
    throw new InputError(`at most ${MOST_CURVES} curves can be told apart, found ${curves.length}.`);
  }
  for (const [name, [x, y]] of curves) {
    const isKnown = [...Array.from(x), ...Array.from(y)].every(Number.isFinite);
    if (x.length < 2 || x.length !== y.length || !isKnown) {
      throw new InputError(
        `curve "${name}" needs at least 2 finite places and as many values, found ${x.length} and ${y.length}.`,
      );
    }
  }
}

/**
 * @param values  None of them missing.
 * @throws InputError unless the ends rise and a value lies between.
 */
export function endsOf(
  values: readonly number[],
  ends: AxisEnds | undefined,
  option: string,
  what: string,
): readonly [number, number] {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  if (ends === undefined) return [low, high];
  if ("percentiles" in ends) {
    const [from, to] = ends.percentiles;
    if (!(from >= 0 && from < to && to <= 100)) {
      throw new InputError(
        `${option}.percentiles must rise between 0 and 100, found [${from}, ${to}]. [1, 99] is usual.`,
      );
    }
    return [quantileOfSorted(sorted, from / 100), quantileOfSorted(sorted, to / 100)];
  }
  if (!(ends[0] < ends[1]) || low > ends[1] || high < ends[0]) {
    throw new InputError(
      `${option} must be [low, high] with ${what} between, found [${ends.join(", ")}]; ` +
        `they lie from ${formatNumber(low)} to ${formatNumber(high)}.`,
    );
  }
  return ends;
}
