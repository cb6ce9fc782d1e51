/**
 * One panel of residuals: a dot for each patient, the level without trend, and the trend.
 *
 * Layer:  plot; imports core.
 */
import type { Json } from "../core/display.js";
import { drawn, guide, textAt } from "./marks.js";
import { GROUP_COLORS } from "./palette.js";
import type { Spec } from "./vega.js";

export interface TrendDot extends Spec {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

export interface TrendPanel {
  /** Over the panel. */
  readonly heading: string;
  readonly x: Json;
  readonly y: Json;
  readonly dots: readonly TrendDot[];
  /** Ends of the x axis, between which the level is drawn. */
  readonly ends: readonly [number, number];
  readonly level: number;
  readonly line?: { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> };
  readonly band?: { readonly lower: ArrayLike<number>; readonly upper: ArrayLike<number> };
  readonly tooltip: Json;
}

export const PANEL_WIDTH = 320;
export const PANEL_HEIGHT = 220;

export function trendPanel({ heading, x, y, dots, ends, level, line, band, tooltip }: TrendPanel): Spec {
  const corners = line === undefined ? [] : cornersOf(line, band);
  const color = GROUP_COLORS[1];
  return {
    width: PANEL_WIDTH,
    height: PANEL_HEIGHT,
    layer: [
      // Not a title, whose height depends on the labels of the axis.
      textAt(heading, { x: 0, y: -16, fontSize: 13, fontWeight: 600 }),
      guide(x, y, [
        { x: ends[0], y: level },
        { x: ends[1], y: level },
      ]),
      {
        data: { values: dots },
        mark: { type: "circle", size: 26, opacity: 0.55, color: GROUP_COLORS[0] },
        encoding: { x, y, tooltip },
      },
      ...(band === undefined
        ? []
        : [
            {
              data: { values: corners },
              mark: { type: "area", opacity: 0.18, color },
              encoding: { x, y: { ...(y as Spec), field: "lower" }, y2: { field: "upper" } },
            },
          ]),
      {
        data: { values: corners },
        mark: { type: "line", strokeWidth: 2, color },
        encoding: { x, y },
      },
    ],
  };
}

function cornersOf({ x, y }: NonNullable<TrendPanel["line"]>, band: TrendPanel["band"]): Spec[] {
  const corners = Array.from(x, (place, i) => ({
    x: drawn(place),
    y: drawn(y[i]),
    ...(band === undefined ? {} : { lower: drawn(band.lower[i]), upper: drawn(band.upper[i]) }),
  }));
  // Patients of one value share one corner.
  return corners.filter((corner, i) => i === 0 || corner.x !== corners[i - 1].x);
}

/** From the least to the largest x, with a little room. */
export function roomyEnds(values: ArrayLike<number>): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  const room = high > low ? 0.03 * (high - low) : 1;
  return [low - room, high + room];
}
