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
import { drawn, drawnOrNull, textAt, tip } from "./marks.js";
import { groupColors } from "./palette.js";
import { cumulative, numberTable, type TableBlock } from "./risk-table.js";
import {
  bandRows,
  censorRows,
  curveGroups,
  lastTime,
  leavingPatients,
  type StepRow,
  stepRows,
  timeTicks,
} from "./survival-rows.js";
import { type CurveScale, curveScale, type SurvivalScale } from "./survival-scale.js";
import { EXACT_TICK, figureFrame, PAPER, QUIET_INK } from "./theme.js";
import type { Spec } from "./vega.js";

export interface KaplanMeierFigureOptions {
  /** Numbers at risk under the axis, default true. */
  readonly atRisk?: boolean;
  /** Events so far, and patients censored so far, in more rows under the axis; default false. */
  readonly cumulativeEvents?: boolean;
  readonly cumulativeCensored?: boolean;
  /** Default "survival"; "events" draws 1 − survival, "hazard" the cumulative hazard −ln survival. */
  readonly show?: SurvivalScale;
  /** Marks where patients were censored, default true. */
  readonly censorMarks?: boolean;
  /** Interval band, default true. */
  readonly band?: boolean;
  /** End of the time axis; default the last time that anybody was observed. */
  readonly until?: number;
  /** Default none. */
  readonly title?: string;
  /** Default "Time" with the unit. */
  readonly xLabel?: string;
  /** Default what is shown, e.g. "Survival probability". */
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
  const value = curveScale(options.show ?? "survival", km);
  const { title = "", xLabel = `Time (${km.unit})`, yLabel = value.label, band = true } = options;
  const labels = km.groups.map((curve) => curve.label);
  checkLabels(labels);
  const pText = options.p === undefined ? "" : describeP(options.p);
  const alternative = describe(km, title, pText);
  const last = options.until ?? lastTime(km);
  if (!(last > 0 && Number.isFinite(last))) {
    throw new InputError(`until must be a positive time in ${km.unit}, found ${last}.`);
  }
  const ticks = timeTicks(last, km.unit);
  const colors = groupColors(labels.length, options.palette);
  const scale: Json = { domain: labels, range: colors };
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
    scale: { domain: [0, value.top], nice: false },
    axis: {
      title: yLabel,
      ...(value.ticks === null ? {} : { values: value.ticks }),
      format: ".2f",
      domain: true,
    },
  });
  // Only marks beyond the end of the axis are cut; those at its edge stay whole.
  const clip = options.until !== undefined;

  const spec: Spec = {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...(band ? [bandLayer(km, value, x, y, color, clip)] : []),
      ...medianLayers(km, value, last, x, y),
      stepLayer(km, value, x, y, color, clip),
      ...(options.censorMarks === false ? [] : [censorLayer(km, value, x, y, color, clip)]),
      hoverLayer(km, value, x, y, clip),
      ...(pText === "" ? [] : onPaper(pText, freeCorner(km, value, last))),
      ...numberTable(tableBlocks(km, options, ticks, colors), ticks, x, HEIGHT),
    ],
  };
  return new Figure("kaplan-meier", alternative, spec, curveGroups(km));
}

type Channel = (field: string) => Json;

function bandLayer(
  km: KaplanMeier,
  { map, isDrawable }: CurveScale,
  x: Json,
  y: Channel,
  color: Json,
  clip: boolean,
): Spec {
  const rows = km.groups
    .flatMap(bandRows)
    .filter(({ lower, upper }) => isDrawable(lower) && isDrawable(upper))
    .map((row) => ({ ...row, lower: map(row.lower), upper: map(row.upper) }));
  return {
    data: { values: rows },
    mark: { type: "area", interpolate: "step-after", opacity: 0.16, clip },
    encoding: { x, y: y("lower"), y2: { field: "upper" }, color },
  };
}

/** From one half on the y axis to each curve, and down to its median. */
function medianLayers(km: KaplanMeier, { map }: CurveScale, last: number, x: Json, y: Channel): Spec[] {
  const medians = km.groups.map((curve) => curve.median).filter((median) => median <= last);
  if (medians.length === 0) return [];
  const half = map(0.5);
  const rows = [
    { time: 0, until: Math.max(...medians), from: half, to: half },
    ...medians.map((median) => ({ time: median, until: median, from: 0, to: half })),
  ];
  return [
    {
      data: { values: rows },
      mark: { type: "rule", strokeDash: [4, 4], color: QUIET_INK, strokeWidth: 1 },
      encoding: { x, x2: { field: "until" }, y: y("from"), y2: { field: "to" } },
    },
  ];
}

function stepLayer(
  km: KaplanMeier,
  scale: CurveScale,
  x: Json,
  y: Channel,
  color: Json,
  clip: boolean,
): Spec {
  return {
    data: { values: shownRows(km.groups.flatMap(stepRows), scale) },
    mark: { type: "line", interpolate: "step-after", strokeWidth: 2, strokeJoin: "miter", clip },
    encoding: { x, y: y("survival"), color },
  };
}

function censorLayer(
  km: KaplanMeier,
  scale: CurveScale,
  x: Json,
  y: Channel,
  color: Json,
  clip: boolean,
): Spec {
  return {
    data: { values: shownRows(km.groups.flatMap(censorRows), scale) },
    mark: {
      type: "point",
      shape: "M0,-1V1M-1,0H1",
      size: 60,
      strokeWidth: 1.3,
      filled: false,
      opacity: 1,
      clip,
    },
    encoding: { x, y: y("survival"), color },
  };
}

/** The rows on the scale that is shown, without those that it cannot show. */
function shownRows(rows: readonly StepRow[], { map, isDrawable }: CurveScale): Json {
  return rows
    .filter(({ survival }) => isDrawable(survival))
    .map((row) => ({ ...row, survival: map(row.survival) })) as unknown as Json;
}

/** Unseen, but where the pointer finds the numbers of each step. */
function hoverLayer(km: KaplanMeier, scale: CurveScale, x: Json, y: Channel, clip: boolean): Spec {
  return {
    data: {
      values: km.groups
        .flatMap(hoverRows)
        .filter((row) => scale.isDrawable(row.survival))
        .map((row) => ({ ...row, y: scale.map(row.survival) })),
    },
    mark: { type: "circle", size: 90, opacity: 0, clip },
    encoding: {
      x,
      y: y("y"),
      tooltip: [
        tip("group", "Group"),
        tip("time", `Time (${km.unit})`, ".4~r"),
        tip("survival", "Survival", ".3f"),
        tip("lower", `Lower ${percent(km)}`, ".3f"),
        tip("upper", `Upper ${percent(km)}`, ".3f"),
        tip("atRisk", "At risk", "d"),
        tip("event", "Events", "d"),
      ],
    },
  };
}

interface HoverRow {
  readonly group: string;
  readonly time: number;
  readonly survival: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly atRisk: number;
  readonly event: number;
  /** Those who had the event. */
  readonly ids: readonly string[];
}

function hoverRows(curve: KaplanMeierCurve): HoverRow[] {
  const leaving = leavingPatients(curve);
  return Array.from(curve.time, (time, i) => ({
    group: curve.label,
    time,
    survival: drawn(curve.survival[i]),
    lower: drawnOrNull(curve.lower[i]),
    upper: drawnOrNull(curve.upper[i]),
    atRisk: curve.atRisk[i],
    event: curve.event[i],
    ids: leaving[i].event,
  })).filter((row) => row.event > 0);
}

/** Blocks of the table under the axis, as they were asked for. */
function tableBlocks(
  km: KaplanMeier,
  { atRisk = true, cumulativeEvents = false, cumulativeCensored = false }: KaplanMeierFigureOptions,
  ticks: readonly number[],
  colors: readonly string[],
): readonly TableBlock[] {
  const block = (heading: string, numbersOf: (curve: KaplanMeierCurve) => readonly number[]): TableBlock => ({
    heading,
    rows: km.groups.map((curve, i) => ({ label: curve.label, color: colors[i], numbers: numbersOf(curve) })),
  });
  return [
    ...(atRisk ? [block("Number at risk", (curve) => curve.at(ticks).map((point) => point.atRisk))] : []),
    ...(cumulativeEvents
      ? [block("Cumulative events", ({ time, event }) => cumulative(time, event, ticks))]
      : []),
    ...(cumulativeCensored
      ? [block("Cumulative censored", ({ time, censored }) => cumulative(time, censored, ticks))]
      : []),
  ];
}

/** Where a line of text does not cover a curve: a corner that falling or rising curves leave free. */
function freeCorner(
  km: KaplanMeier,
  { rises }: CurveScale,
  last: number,
): { readonly x: number; readonly y: number; readonly align: "left" | "right" } {
  const lowest = Math.min(...km.groups.map((curve) => curve.at([0.4 * last])[0].survival));
  if (rises) return { x: 12, y: 14, align: "left" };
  return lowest > 0.12 ? { x: 12, y: HEIGHT - 16, align: "left" } : { x: WIDTH - 8, y: 14, align: "right" };
}

/** A line of text that stays readable where a median line runs through it. */
function onPaper(line: string, place: Parameters<typeof textAt>[1]): Spec[] {
  return [
    textAt(line, { ...place, stroke: PAPER, strokeWidth: 5, strokeJoin: "round" }),
    textAt(line, place),
  ];
}

/** As many labels beside each other as fit over the curves. */
function legendColumns(labels: readonly string[]): number {
  const widest = 48 + 7 * Math.max(...labels.map((label) => label.length));
  return Math.max(1, Math.floor(WIDTH / widest));
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
