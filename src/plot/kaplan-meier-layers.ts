/**
 * The marks of a figure of survival curves: interval band, steps, censor marks, guides, what the pointer shows.
 *
 * Layer:  plot; imports core, model (types).
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { formatNumber } from "../table/render.js";
import type { DrawnCurve, DrawnCurves } from "./drawn-curves.js";
import type { CurveFrame } from "./kaplan-meier-axes.js";
import type { CurveGuide, KaplanMeierFigureOptions } from "./kaplan-meier-options.js";
import { drawn, drawnOrNull, tip } from "./marks.js";
import { bandRows, stepRows } from "./survival-rows.js";
import { QUIET_INK } from "./theme.js";
import type { Spec } from "./vega.js";

export function bandLayers(
  { curves, shown }: DrawnCurves,
  { value, x, y, color, clip }: CurveFrame,
  { band, bandOpacity }: { readonly band: boolean | "lines"; readonly bandOpacity: number },
): Spec[] {
  if (band === false) return [];
  const rows = curves
    .flatMap(({ curve, label }) => bandRows(curve, label))
    .filter(({ lower, upper }) => value.isDrawable(lower) && value.isDrawable(upper))
    .map(({ group, time, lower, upper }) => ({
      group,
      time: shown(time),
      lower: value.map(lower),
      upper: value.map(upper),
    }));
  const data: Json = { values: rows };
  const step = { interpolate: "step-after", clip } as const;
  if (band !== "lines") {
    return [
      {
        data,
        mark: { type: "area", ...step, opacity: bandOpacity },
        encoding: { x, y: y("lower"), y2: { field: "upper" }, color: color.color },
      },
    ];
  }
  return ["lower", "upper"].map((field) => ({
    data,
    mark: { type: "line", ...step, strokeWidth: 1, strokeDash: [3, 3], opacity: 0.9 },
    encoding: { x, y: y(field), color: color.color },
  }));
}

/** The curves. */
export function stepLayer(
  { curves, shown }: DrawnCurves,
  { value, x, y, color, clip }: CurveFrame,
  strokeWidth: number,
): Spec {
  const rows = curves.flatMap(({ curve, label }) =>
    stepRows(curve, label)
      .filter(({ survival }) => value.isDrawable(survival))
      .map(({ group, time, survival }) => ({ group, time: shown(time), survival: value.map(survival) })),
  );
  return {
    data: { values: rows },
    mark: { type: "line", interpolate: "step-after", strokeWidth, strokeJoin: "miter", clip },
    encoding: { x, y: y("survival"), ...color },
  };
}

const CENSOR_SHAPES = {
  plus: { shape: "M0,-1V1M-1,0H1", size: 60 },
  tick: { shape: "M0,-1V1", size: 60 },
  circle: { shape: "circle", size: 32 },
} as const;

/** One mark at each time at which somebody left without the event. @throws InputError if there is no such mark. */
export function censorLayers(
  { curves, shown }: DrawnCurves,
  { value, x, y, color, clip }: CurveFrame,
  { censorMarks = true }: KaplanMeierFigureOptions,
): Spec[] {
  if (censorMarks === false) return [];
  const look = CENSOR_SHAPES[censorMarks === true ? "plus" : censorMarks];
  if (look === undefined) {
    throw new InputError(
      `censorMarks must be true, false, ${Object.keys(CENSOR_SHAPES).join(", ")}, found "${String(censorMarks)}".`,
    );
  }
  const rows = curves.flatMap(({ curve, label }) => {
    const { leaving } = curve;
    return stepRows(curve, label)
      .slice(1)
      .map(({ group, time, survival }, at) => ({ group, time, survival, ids: leaving[at].censored }))
      .filter(({ survival, ids }) => ids.length > 0 && value.isDrawable(survival))
      .map((row) => ({ ...row, time: shown(row.time), survival: value.map(row.survival) }));
  });
  return [
    {
      data: { values: rows },
      mark: { type: "point", ...look, strokeWidth: 1.3, filled: false, opacity: 1, clip },
      encoding: { x, y: y("survival"), color: color.color },
    },
  ];
}

/**
 * Dashed lines from the axes to where the curves are read.
 *
 * @throws InputError if the survival to read at is not between 0 and 1, or the time not on the axis.
 */
export function guideLayers(
  drawing: DrawnCurves,
  { value, x, y, span, range }: CurveFrame,
  guide: CurveGuide,
): Spec[] {
  const { survival, time, lines = "both" } = guide;
  const points = [
    ...(survival === undefined ? [] : quantilePoints(drawing, survival)),
    ...(time === undefined ? [] : timePoints(drawing, time, span)),
  ].filter(({ at, survival: s }) => at >= span[0] && at <= span[1] && value.isDrawable(s));
  const rows = points.flatMap((point) => {
    const height = value.map(point.survival);
    const across = { time: span[0], until: point.at, from: height, to: height };
    const down = { time: point.at, until: point.at, from: range[0], to: height };
    return [...(lines === "vertical" ? [] : [across]), ...(lines === "horizontal" ? [] : [down])];
  });
  if (rows.length === 0) return [];
  return [
    {
      data: { values: longestOnly(rows) },
      mark: { type: "rule", strokeDash: [4, 4], color: QUIET_INK, strokeWidth: 1 },
      encoding: { x, x2: { field: "until" }, y: y("from"), y2: { field: "to" } },
    },
  ];
}

interface ReadPoint {
  /** On the axis. */
  readonly at: number;
  readonly survival: number;
}

function quantilePoints({ curves, shown }: DrawnCurves, survival: number): ReadPoint[] {
  if (!(survival > 0 && survival < 1)) {
    throw new InputError(`guide.survival must lie between 0 and 1, found ${survival}.`);
  }
  return curves
    .map(({ curve }) => curve.quantile(1 - survival).time)
    .filter(Number.isFinite)
    .map((time) => ({ at: shown(time), survival }));
}

function timePoints(
  { curves, own, unit }: DrawnCurves,
  time: number,
  [, last]: readonly [number, number],
): ReadPoint[] {
  if (!(time > 0 && time <= last)) {
    throw new InputError(
      `guide.time must lie above 0 and up to ${formatNumber(last)} ${unit}, found ${time}.`,
    );
  }
  return curves.map(({ curve }) => ({ at: time, survival: curve.at([own(time)])[0].survival }));
}

interface GuideRow extends Spec {
  readonly time: number;
  readonly until: number;
  readonly from: number;
  readonly to: number;
}

/** Dashes of two lines over each other do not meet: only the longest of those on one line is drawn. */
function longestOnly(rows: readonly GuideRow[]): GuideRow[] {
  const length = (row: GuideRow): number => row.until - row.time + Math.abs(row.to - row.from);
  const lineOf = (row: GuideRow): string => (row.from === row.to ? `height ${row.to}` : `time ${row.time}`);
  return rows.filter(
    (row, at) =>
      !rows.some(
        (other, o) =>
          lineOf(other) === lineOf(row) &&
          (length(other) > length(row) || (length(other) === length(row) && o < at)),
      ),
  );
}

/** Unseen, but where the pointer finds the numbers of each step, and a selection the patients with the event. */
export function hoverLayer(drawing: DrawnCurves, { value, x, y, clip }: CurveFrame, percent: string): Spec {
  return {
    data: {
      values: drawing.curves
        .flatMap((curve) => hoverRows(curve, drawing.shown))
        .filter((row) => value.isDrawable(row.survival))
        .map((row) => ({ ...row, y: value.map(row.survival) })),
    },
    mark: { type: "circle", size: 90, opacity: 0, clip },
    encoding: {
      x,
      y: y("y"),
      tooltip: [
        tip("group", "Group"),
        tip("time", `Time (${drawing.unit})`, ".4~r"),
        tip("survival", "Survival", ".3f"),
        tip("lower", `Lower ${percent}`, ".3f"),
        tip("upper", `Upper ${percent}`, ".3f"),
        tip("atRisk", "At risk", "d"),
        tip("event", "Events", "d"),
      ],
    },
  };
}

interface HoverRow extends Spec {
  readonly survival: number;
}

function hoverRows({ curve, label }: DrawnCurve, shown: DrawnCurves["shown"]): HoverRow[] {
  const { leaving } = curve;
  return Array.from(curve.time, (time, i) => ({
    group: label,
    time: shown(time),
    survival: drawn(curve.survival[i]),
    lower: drawnOrNull(curve.lower[i]),
    upper: drawnOrNull(curve.upper[i]),
    atRisk: curve.atRisk[i],
    event: curve.event[i],
    ids: leaving[i].event,
  })).filter((row) => row.event > 0);
}
