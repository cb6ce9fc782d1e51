/**
 * The figure of survival curves: steps, interval band, censor marks, medians, p value, numbers at risk under the axis.
 *
 * Layer:  plot; imports core, model (types), table.
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { KaplanMeier } from "../model/kaplan-meier.js";
import type { KaplanMeierCurve } from "../model/kaplan-meier-curve.js";
import type { LogRank } from "../model/log-rank.js";
import { formatNumber, formatP } from "../table/render.js";
import { Figure } from "./figure.js";
import { groupColors } from "./palette.js";
import { bandRows, censorRows, drawn, lastTime, stepRows, timeTicks } from "./survival-rows.js";
import { EXACT_TICK, figureFrame, INK, QUIET_INK } from "./theme.js";
import type { Spec } from "./vega.js";

export interface KaplanMeierFigureOptions {
  /** Numbers at risk under the axis, default true. */
  readonly atRisk?: boolean;
  /** Default none. */
  readonly title?: string;
  /** Default "Time" with the unit. */
  readonly xLabel?: string;
  /** Default "Survival probability". */
  readonly yLabel?: string;
  /** Written into the figure: a log-rank test, or a p value of another test. */
  readonly p?: LogRank | number;
  /** Hexadecimal colors, one per group; the default is safe for every color vision. */
  readonly palette?: readonly string[];
  /** What the groups tell apart, e.g. "Risk"; default none. */
  readonly legendTitle?: string;
}

const WIDTH = 560;
const HEIGHT = 340;
const ROW = 19;
/** From the axis to the table: room for tick labels and the axis title. */
const TABLE_TOP = 62;

/**
 * Draws Kaplan–Meier curves.
 *
 * @throws InputError if there is no group, two groups have one label, there are more groups than colors, or p is not
 * between 0 and 1.
 *
 * @example
 * plot.kaplanMeier(model.kaplanMeier(os, { by: risk }), { p: model.logRank(os, risk) })
 */
export function kaplanMeier(km: KaplanMeier, options: KaplanMeierFigureOptions = {}): Figure {
  const {
    atRisk = true,
    title = "",
    xLabel = `Time (${km.unit})`,
    yLabel = "Survival probability",
  } = options;
  const labels = km.groups.map((curve) => curve.label);
  checkLabels(labels);
  const pText = options.p === undefined ? "" : describeP(options.p);
  const alternative = describe(km, title, pText);
  const last = lastTime(km);
  const ticks = timeTicks(last, km.unit);
  const scale: Json = { domain: labels, range: groupColors(labels.length, options.palette) };
  const legend: Json =
    labels.length < 2
      ? null
      : {
          orient: "top",
          title: options.legendTitle ?? null,
          titleOrient: "left",
          titleAnchor: "middle",
          titlePadding: 10,
          columns: legendColumns(labels),
          symbolType: "stroke",
          // Else the legend takes the band's opacity.
          symbolOpacity: 1,
          symbolStrokeWidth: 2.5,
          symbolSize: 250,
          columnPadding: 18,
          offset: 6,
        };
  const color: Json = { field: "group", type: "nominal", scale, legend };
  const x: Json = {
    field: "time",
    type: "quantitative",
    scale: { domain: [0, last], nice: false, zero: true },
    axis: { title: xLabel, values: ticks, grid: false, labelExpr: EXACT_TICK },
  };
  const y = (field: string): Json => ({
    field,
    type: "quantitative",
    scale: { domain: [0, 1], nice: false },
    axis: { title: yLabel, values: [0, 0.25, 0.5, 0.75, 1], format: ".2f", domain: true },
  });

  return new Figure("kaplan-meier", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      bandLayer(km, x, y, color),
      ...medianLayers(km, x, y),
      stepLayer(km, x, y, color),
      censorLayer(km, x, y, color),
      hoverLayer(km, x, y),
      ...(pText === "" ? [] : [textLayer(pText, freeCorner(km, last))]),
      ...(atRisk ? riskLayers(km, ticks, x, scale) : []),
    ],
  });
}

type Channel = (field: string) => Json;

function bandLayer(km: KaplanMeier, x: Json, y: Channel, color: Json): Spec {
  return {
    data: { values: km.groups.flatMap(bandRows) as unknown as Json },
    mark: { type: "area", interpolate: "step-after", opacity: 0.16 },
    encoding: { x, y: y("lower"), y2: { field: "upper" }, color },
  };
}

/** From one half on the y axis to each curve, and down to its median. */
function medianLayers(km: KaplanMeier, x: Json, y: Channel): Spec[] {
  const medians = km.groups.map((curve) => curve.median).filter((median) => Number.isFinite(median));
  if (medians.length === 0) return [];
  const rows = [
    { time: 0, until: Math.max(...medians), from: 0.5, to: 0.5 },
    ...medians.map((median) => ({ time: median, until: median, from: 0, to: 0.5 })),
  ];
  return [
    {
      data: { values: rows },
      mark: { type: "rule", strokeDash: [4, 4], color: QUIET_INK, strokeWidth: 1 },
      encoding: { x, x2: { field: "until" }, y: y("from"), y2: { field: "to" } },
    },
  ];
}

function stepLayer(km: KaplanMeier, x: Json, y: Channel, color: Json): Spec {
  return {
    data: { values: km.groups.flatMap(stepRows) as unknown as Json },
    mark: { type: "line", interpolate: "step-after", strokeWidth: 2, strokeJoin: "miter", clip: false },
    encoding: { x, y: y("survival"), color },
  };
}

function censorLayer(km: KaplanMeier, x: Json, y: Channel, color: Json): Spec {
  return {
    data: { values: km.groups.flatMap(censorRows) as unknown as Json },
    mark: { type: "point", shape: "M0,-1V1M-1,0H1", size: 60, strokeWidth: 1.3, filled: false, opacity: 1 },
    encoding: { x, y: y("survival"), color },
  };
}

/** Unseen, but where the pointer finds the numbers of each step. */
function hoverLayer(km: KaplanMeier, x: Json, y: Channel): Spec {
  const tooltip = (field: string, title: string, format?: string): Json => ({
    field,
    title,
    type: field === "group" ? "nominal" : "quantitative",
    ...(format === undefined ? {} : { format }),
  });
  return {
    data: { values: km.groups.flatMap(hoverRows) as unknown as Json },
    mark: { type: "point", filled: true, size: 120, opacity: 0 },
    encoding: {
      x,
      y: y("survival"),
      tooltip: [
        tooltip("group", "Group"),
        tooltip("time", `Time (${km.unit})`),
        tooltip("survival", "Survival", ".3f"),
        tooltip("lower", `Lower ${percent(km)}`, ".3f"),
        tooltip("upper", `Upper ${percent(km)}`, ".3f"),
        tooltip("atRisk", "At risk"),
        tooltip("event", "Events"),
      ],
    },
  };
}

function hoverRows(curve: KaplanMeierCurve): Json[] {
  const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
  return Array.from(curve.time, (time, i) => ({
    group: curve.label,
    time,
    survival: drawn(curve.survival[i]),
    lower: orNull(drawn(curve.lower[i])),
    upper: orNull(drawn(curve.upper[i])),
    atRisk: curve.atRisk[i],
    event: curve.event[i],
  })).filter((row) => row.event > 0);
}

/** The table stands in the same view as the curves, so that its columns cannot come apart from the ticks. */
function riskLayers(km: KaplanMeier, ticks: readonly number[], x: Json, scale: Json): Spec[] {
  const { range } = scale as { range: readonly string[] };
  const header = textLayer("Number at risk", { x: 0, y: HEIGHT + TABLE_TOP, dx: -12, fontWeight: 600 });
  const rows = km.groups.flatMap((curve, i) => {
    const top = HEIGHT + TABLE_TOP + ROW * (i + 1);
    const numbers: Spec = {
      data: { values: curve.at(ticks).map(({ time, atRisk }) => ({ time, text: String(atRisk) })) },
      mark: { type: "text", align: "center", baseline: "alphabetic", color: INK },
      encoding: { x, y: { value: top }, text: { field: "text", type: "nominal" } },
    };
    if (km.groups.length < 2) return [numbers];
    return [textLayer(curve.label, { x: 0, y: top, dx: -24, align: "right", color: range[i] }), numbers];
  });
  return [header, ...rows];
}

/** Where a line of text does not cover a curve: the lower left, or the upper right if a curve falls fast. */
function freeCorner(km: KaplanMeier, last: number): { readonly [key: string]: Json } {
  const lowest = Math.min(...km.groups.map((curve) => curve.at([0.4 * last])[0].survival));
  return lowest > 0.12 ? { x: 12, y: HEIGHT - 14 } : { x: WIDTH - 8, y: 18, align: "right" };
}

/** As many labels beside each other as fit over the curves. */
function legendColumns(labels: readonly string[]): number {
  const widest = 48 + 7 * Math.max(...labels.map((label) => label.length));
  return Math.max(1, Math.floor(WIDTH / widest));
}

/** One line of text at a place in pixels. */
function textLayer(text: string, look: { readonly [key: string]: Json }): Spec {
  const { x, y, ...mark } = look as { x: Json; y: Json };
  return {
    data: { values: [{}] },
    mark: { type: "text", align: "left", baseline: "alphabetic", text, ...mark },
    encoding: { x: { value: x }, y: { value: y } },
  };
}

function checkLabels(labels: readonly string[]): void {
  if (labels.length === 0) {
    throw new InputError("there is no curve to draw: the estimate has no group. Check the filter before it.");
  }
  const repeated = labels.find((label, i) => labels.indexOf(label) !== i);
  if (repeated === undefined) return;
  throw new InputError(`two groups are called "${repeated}". Give each group its own label.`);
}

function describeP(p: LogRank | number): string {
  const [value, test] =
    typeof p === "number" ? [p, ""] : [p.p, p.rho === 0 ? "Log-rank " : "Weighted log-rank "];
  if (!(value >= 0 && value <= 1)) {
    throw new InputError(`a p value lies between 0 and 1, found ${value}. Pass model.logRank(…) or its p.`);
  }
  return `${test}${formatP(value)}`;
}

/** The result in words, for those who do not see the figure. */
function describe(km: KaplanMeier, title: string, pText: string): string {
  const heading = title === "" ? "Kaplan–Meier survival curves" : `${title}: Kaplan–Meier survival curves`;
  const groups = km.groups.map((curve) => `${curve.label}: ${describeCurve(curve, km)}`);
  return `${heading}. ${groups.join("; ")}.${pText === "" ? "" : ` ${pText}.`}`;
}

function describeCurve(curve: KaplanMeierCurve, km: KaplanMeier): string {
  const counts = `n = ${curve.n}, ${curve.events} ${curve.events === 1 ? "event" : "events"}`;
  if (!Number.isFinite(curve.median)) return `${counts}, median not reached`;
  const median = `median ${formatNumber(curve.median, 4)} ${km.unit}`;
  if (Number.isNaN(curve.medianLower) && Number.isNaN(curve.medianUpper)) return `${counts}, ${median}`;
  const limit = (value: number): string => (Number.isFinite(value) ? formatNumber(value, 4) : "not reached");
  return `${counts}, ${median} (${percent(km)} interval ${limit(curve.medianLower)} to ${limit(curve.medianUpper)})`;
}

function percent(km: KaplanMeier): string {
  return `${formatNumber(100 * km.confidence, 4)} %`;
}
