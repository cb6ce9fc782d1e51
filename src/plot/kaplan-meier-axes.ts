/**
 * Axes, colors and legend of a figure of survival curves.
 *
 * Layer:  plot; imports core.
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { type DrawnCurves, lastTime } from "./drawn-curves.js";
import type { KaplanMeierFigureOptions } from "./kaplan-meier-options.js";
import { logTicks, roundTicks, stepsTo, timeTicks } from "./survival-rows.js";
import type { CurveScale } from "./survival-scale.js";
import { EXACT_TICK } from "./theme.js";
import type { Spec } from "./vega.js";

/** Size of the axes in CSS pixels. */
export const WIDTH = 560;
export const HEIGHT = 340;

/** Everything that the layers of one figure share. */
export interface CurveFrame {
  readonly value: CurveScale;
  readonly x: Spec;
  readonly y: (field: string) => Spec;
  /** Channels that tell curves apart. */
  readonly color: Spec;
  readonly ticks: readonly number[];
  /** Start and end of the time axis; it starts above 0 if it is logarithmic. */
  readonly span: readonly [number, number];
  readonly range: readonly [number, number];
  /** In CSS pixels: of the curves, and what the table between them and the time axis adds. */
  readonly height: number;
  /** Only marks beyond the end of a chosen axis are cut; those at its edge stay whole. */
  readonly clip: boolean;
  /** Of a point of the axes, from their upper left corner. */
  readonly pixels: (time: number, height: number) => { readonly x: number; readonly y: number };
}

/**
 * @param inside  Height of a table between the curves and the time axis, in CSS pixels, or 0.
 * @throws InputError if the end, the step or the range of an axis is none.
 */
export function curveFrame(
  drawing: DrawnCurves,
  value: CurveScale,
  options: KaplanMeierFigureOptions,
  inside: number,
): CurveFrame {
  const { unit } = drawing;
  const { xLabel = `Time (${unit})`, yLabel = value.label, percent = false, range = value.range } = options;
  const last = options.until ?? lastTime(drawing);
  if (!(last > 0 && Number.isFinite(last))) {
    throw new InputError(`until must be a positive time in ${unit}, found ${last}.`);
  }
  if (!(range[0] < range[1] && range.every(Number.isFinite))) {
    throw new InputError(`range must be two rising numbers, found ${range.join(" and ")}.`);
  }
  const isLog = options.show === "log-log";
  const first = isLog ? Math.min(firstEvent(drawing), last / 10) : 0;
  const ticks = isLog ? logTicks(first, last) : linearTicks(last, unit, options.timeStep);
  const x: Spec = {
    field: "time",
    type: "quantitative",
    scale: { ...(isLog ? { type: "log" } : { zero: true }), domain: [first, last], nice: false },
    axis: { title: xLabel, values: ticks, grid: false, labelExpr: EXACT_TICK },
  };
  const share = percent && value.isShare;
  const isUsual = value.ticks !== null && options.range === undefined;
  const floor = range[0] - ((range[1] - range[0]) * inside) / HEIGHT;
  const y = (field: string): Spec => ({
    field,
    type: "quantitative",
    scale: { domain: [floor, range[1]], nice: false },
    axis: {
      title: share ? `${yLabel} (%)` : yLabel,
      ...(isUsual || inside > 0
        ? { values: isUsual ? value.ticks : roundTicks(range[0], range[1]) }
        : { tickCount: 5 }),
      ...(share
        ? { labelExpr: "format(100 * datum.value, '~r')" }
        : { format: value.isShare ? ".2f" : "~r" }),
      // A table has numbers where the line would go on.
      domain: inside === 0,
    },
  });
  return {
    value,
    x,
    y,
    color: groupChannels(drawing, options),
    ticks,
    span: [first, last],
    range,
    height: HEIGHT + inside,
    clip: options.until !== undefined || options.range !== undefined,
    pixels: (time, height) => ({
      x: WIDTH * (isLog ? Math.log(time / first) / Math.log(last / first) : time / last),
      y: HEIGHT * ((range[1] - height) / (range[1] - range[0])),
    }),
  };
}

function linearTicks(last: number, unit: DrawnCurves["unit"], step: number | undefined): readonly number[] {
  if (step === undefined) return timeTicks(last, unit);
  if (step > 0 && last / step <= 40) return stepsTo(last, step);
  throw new InputError(
    `timeStep must be a positive time in ${unit} that leaves at most 40 ticks up to ${last}, found ${step}.`,
  );
}

function firstEvent({ curves, shown }: DrawnCurves): number {
  const times = curves.flatMap(({ curve }) => [
    ...curve.time.filter((time, at) => time > 0 && curve.event[at] > 0),
  ]);
  return shown(Math.min(...times));
}

const DASHES: readonly (readonly number[])[] = [
  [1, 0],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [4, 2],
  [12, 4],
  [6, 2, 2, 2, 2, 2],
];

function groupChannels({ curves }: DrawnCurves, options: KaplanMeierFigureOptions): Spec {
  const labels = curves.map(({ label }) => label);
  const { legend: place = "top", legendTitle = null } = options;
  const legend: Json =
    labels.length < 2 || place === "none"
      ? null
      : {
          orient: place,
          title: legendTitle,
          ...(place === "top"
            ? { titleOrient: "left", titleAnchor: "middle", columns: legendColumns(labels) }
            : { columns: 1 }),
          titlePadding: 10,
          symbolType: "stroke",
          // Else the legend takes the band's opacity.
          symbolOpacity: 1,
          symbolStrokeWidth: 2.5,
          symbolSize: options.dashes === true ? 900 : 250,
          columnPadding: 18,
          offset: place === "top" ? 6 : 18,
        };
  const channel = (range: Json): Json => ({
    field: "group",
    type: "nominal",
    scale: { domain: labels, range },
    legend,
  });
  return {
    color: channel(curves.map(({ color }) => color)),
    ...(options.dashes === true
      ? { strokeDash: channel(labels.map((_, at) => DASHES[at % DASHES.length])) }
      : {}),
  };
}

/** As many labels beside each other as fit over the curves. */
function legendColumns(labels: readonly string[]): number {
  const widest = 48 + 7 * Math.max(...labels.map((label) => label.length));
  return Math.max(1, Math.floor(WIDTH / widest));
}
