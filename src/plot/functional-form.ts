/**
 * In which form a covariate belongs into a Cox model: martingale residuals of a model without it, and their trend.
 *
 * Source: Therneau, Grambsch & Fleming 1990, doi:10.1093/biomet/77.1.147.
 * Layer:  plot; imports core, model, table.
 */
import { nullResiduals } from "../model/cox-residuals.js";
import { lowess } from "../model/statistics/lowess.js";
import type { FeatureTable } from "../table/feature-table.js";
import { checkSameIds } from "../table/ids.js";
import { formatNumber } from "../table/render.js";
import type { SurvivalData } from "../table/survival-data.js";
import type { Figure } from "./figure.js";
import { panels } from "./grid.js";
import { drawn, fixed, headed, numbers, shorten, type TitleOptions, tip, withUnit } from "./marks.js";
import { roomyEnds, trendPanel } from "./trend-panel.js";

export interface FunctionalFormOptions extends TitleOptions {
  /** Share of the patients that each point of the trend sees, default 0.5. */
  readonly span?: number;
}

/**
 * Draws a panel for each column: a dot for each patient with a value, and the trend (lowess). A straight trend: the column
 * may enter as it is; a bent one: as its logarithm, a square, or cut where it bends.
 *
 * @throws InputError if ids differ, nobody has the event, or a column has fewer than 2 values.
 *
 * @example
 * plot.functionalForm(os, features.select(["Volume", "Age"]))
 */
export function functionalForm(
  y: SurvivalData,
  x: FeatureTable,
  { title = "", span = 0.5 }: FunctionalFormOptions = {},
): Figure {
  checkSameIds(y.ids, x.ids, "the follow-up", "the table of covariates");
  const residuals = nullResiduals(y).values;
  const trends = x.columns.map(({ name, unit, values }) => {
    const rows = Uint32Array.from([...values.keys()].filter((row) => Number.isFinite(values[row])));
    const places = Float64Array.from(rows, (row) => values[row]);
    const left = Float64Array.from(rows, (row) => residuals[row]);
    const curve = lowess(places, left, { span });
    return { name: withUnit(name, unit), rows, places, left, curve };
  });
  const views = trends.map(({ name, rows, places, left, curve }) => {
    const ends = roomyEnds(places);
    return trendPanel({
      heading: shorten(name, 40),
      x: numbers("x", { title: shorten(name, 40), domain: ends }),
      y: numbers("y", { title: "Martingale residual" }),
      dots: Array.from(rows, (row, i) => ({ id: y.ids[row], x: drawn(places[i]), y: drawn(left[i]) })),
      ends,
      level: 0,
      line: curve,
      tooltip: [tip("id", "Patient"), tip("x", name, ".4~r"), tip("y", "Martingale residual", ".3f")],
    });
  });
  const parts = trends.map(({ name, curve }) => {
    const points = [0, 0.5, 1].map((part) => Math.round(part * (curve.x.length - 1)));
    const heights = points.map((i) => `${fixed(curve.y[i], 2)} at ${formatNumber(curve.x[i], 3)}`);
    return `${name}: ${heights.join(", ")}`;
  });
  const alternative = headed(
    title,
    `martingale residuals of ${y.length} patients in a model without covariates, and their trend over each covariate at its ` +
      `lowest, middle and highest value. ${parts.join("; ")}.`,
  );
  return panels("functional-form", alternative, views, { title, columns: views.length < 2 ? 1 : 2 });
}
