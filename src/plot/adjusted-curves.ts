/**
 * Survival curves of groups, adjusted for other covariates.
 *
 * Layer:  plot; imports model, table (types).
 */
import type { AdjustedCurve, AdjustedCurves, CurveAdjustment } from "../model/adjusted-curves.js";
import { formatNumber } from "../table/render.js";
import { Figure } from "./figure.js";
import { drawn, groupColor, headed, numbers, type TitleOptions, tip } from "./marks.js";
import { timeTicks } from "./survival-rows.js";
import { EXACT_TICK, figureFrame } from "./theme.js";
import type { Spec } from "./vega.js";

export interface AdjustedCurvesFigureOptions extends TitleOptions {
  /** Hexadecimal colors, one per curve; the default is safe for every color vision. */
  readonly palette?: readonly string[];
  /** Other names for groups, e.g. `{ "sex 1": "men" }`. */
  readonly labels?: Readonly<Record<string, string>>;
}

const WIDTH = 520;
const HEIGHT = 320;

const METHODS: Readonly<Record<CurveAdjustment, string>> = {
  standardized: "Standardized survival",
  average: "Expected survival",
  weighted: "Weighted survival",
};

/**
 * Draws the curves as steps.
 *
 * @throws InputError if there are more curves than colors.
 *
 * @example
 * plot.adjustedCurves(model.adjustedCurves(fitted, { by: "sex" }), { labels: { "sex 1": "men", "sex 2": "women" } })
 */
export function adjustedCurves(
  { method, unit, adjustedFor, curves }: AdjustedCurves,
  { title = "", palette, labels = {} }: AdjustedCurvesFigureOptions = {},
): Figure {
  const shown = curves.map((curve) => ({ ...curve, label: labels[curve.label] ?? curve.label }));
  const [{ time }] = shown;
  const last = time[time.length - 1] > 0 ? time[time.length - 1] : 1;
  const rows = shown.flatMap(rowsOf);
  const x: Spec = {
    field: "time",
    type: "quantitative",
    scale: { domain: [0, last], nice: false },
    axis: { title: `Time (${unit})`, values: timeTicks(last, unit), grid: false, labelExpr: EXACT_TICK },
  };
  const y = numbers("survival", {
    title: METHODS[method],
    domain: [0, 1],
    ticks: [0, 0.25, 0.5, 0.75, 1],
    format: ".2f",
    grid: true,
  });
  const alternative = describe({ method, unit, adjustedFor, curves: shown }, last, title);
  const spec: Spec = {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      {
        data: { values: rows },
        mark: { type: "line", interpolate: "step-after", strokeWidth: 2, strokeJoin: "miter" },
        encoding: {
          x,
          y,
          color: groupColor(
            shown.map(({ label }) => label),
            { columns: 4, ...(palette === undefined ? {} : { palette }) },
          ),
        },
      },
      {
        data: { values: rows },
        mark: { type: "circle", size: 70, opacity: 0 },
        encoding: {
          x,
          y,
          tooltip: [
            tip("group", "Group"),
            tip("time", `Time (${unit})`, ".4~r"),
            tip("survival", METHODS[method], ".3f"),
          ],
        },
      },
    ],
  };
  const patients = shown.map(({ label, ids }) => [label, ids] as const);
  return new Figure("adjusted-curves", alternative, spec, Object.fromEntries(patients));
}

/** Corners where the curve falls, and the last. */
function rowsOf({ label, time, survival }: AdjustedCurve): Spec[] {
  const rows: Spec[] = [{ group: label, time: 0, survival: 1 }];
  for (let at = 0; at < time.length; at++) {
    const before = at === 0 ? 1 : survival[at - 1];
    if (survival[at] === before && at < time.length - 1) continue;
    rows.push({ group: label, time: drawn(time[at]), survival: drawn(survival[at]) });
  }
  return rows;
}

/** The result in words, for those who do not see the figure. */
function describe(
  { method, unit, adjustedFor, curves }: AdjustedCurves,
  last: number,
  title: string,
): string {
  const parts = curves.map(({ label, ids, time, survival }) => {
    const half = survival.findIndex((value) => value <= 0.5);
    const median = half < 0 ? "median not reached" : `median ${formatNumber(time[half], 4)} ${unit}`;
    return `${label}: ${ids.length} patients, ${median}, ${survival[survival.length - 1].toFixed(2)} at the end`;
  });
  const others = adjustedFor.length === 0 ? "" : `, given ${adjustedFor.join(", ")}`;
  return headed(
    title,
    `${METHODS[method].toLowerCase()} over ${formatNumber(last, 4)} ${unit} by a Cox model${others}. ${parts.join("; ")}.`,
  );
}
