/**
 * One look for all figures: quiet axes, Inter, white paper. `dark.ts` has the same look on a dark page.
 *
 * Layer:  plot; imports core (types).
 */
import type { Json } from "../core/display.js";
import { FONT } from "./raster.js";
import type { Spec } from "./vega.js";

/**
 * Writes a tick as the number that it is. An axis' own `format` rounds to the distance of the ticks that Vega would have
 * chosen: ticks at 0, 12, 24, 36 months became "0", "10", "20", "40".
 */
export const EXACT_TICK = "format(datum.value, '~r')";

export const INK = "#1f2328";
export const QUIET_INK = "#656d76";
export const RULE = "#d0d7de";
export const PAPER = "#ffffff";

/** Part of a specification that is the same in all figures. @param title  "" for none. */
export function figureFrame(title: string, alternative: string): Spec {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    description: alternative,
    background: PAPER,
    padding: 12,
    autosize: { type: "pad", contains: "padding" },
    config: THEME,
    ...(title === "" ? {} : { title: { text: title, anchor: "start", frame: "bounds" } }),
  };
}

const THEME: Json = {
  font: FONT,
  view: { stroke: null },
  title: { fontSize: 15, fontWeight: 600, color: INK, offset: 14 },
  axis: {
    labelFontSize: 12,
    labelColor: INK,
    titleFontSize: 13,
    titleFontWeight: 400,
    titleColor: INK,
    titlePadding: 10,
    domainColor: INK,
    tickColor: INK,
    gridColor: "#eaeef2",
    labelFlush: false,
    labelOverlap: false,
  },
  legend: {
    labelFontSize: 12,
    labelColor: INK,
    labelLimit: 400,
    titleFontSize: 12,
    titleFontWeight: 400,
    titleColor: QUIET_INK,
    titleLimit: 400,
  },
  text: { fontSize: 12, color: INK },
};
