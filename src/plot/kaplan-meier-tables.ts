/**
 * What stands under the time axis of survival curves: numbers at risk, of events and of censored, bars of censored.
 *
 * Layer:  plot; imports core, model (types).
 */
import { InputError } from "../core/errors.js";
import type { KaplanMeierCurve } from "../model/kaplan-meier-curve.js";
import type { DrawnCurves } from "./drawn-curves.js";
import { type CurveFrame, HEIGHT, WIDTH } from "./kaplan-meier-axes.js";
import type { AtRiskTable, KaplanMeierFigureOptions } from "./kaplan-meier-options.js";
import { textAt, tip } from "./marks.js";
import {
  blockHeight,
  cellText,
  cumulative,
  numberTable,
  rowLabel,
  type TableBlock,
  tableTop,
} from "./risk-table.js";
import { INK, PAPER, RULE } from "./theme.js";
import type { Spec } from "./vega.js";

const HEADINGS: Readonly<Record<AtRiskTable, string>> = {
  count: "Number at risk",
  percent: "Percent at risk",
  "count and percent": "Number at risk (percent)",
  "with censored": "Number at risk (censored so far)",
  "with events": "Number at risk (events so far)",
};

/** From the curves to the first line of the table between them and the time axis, and from the last line to the axis. */
const INSIDE_TOP = 22;
const INSIDE_END = 10;

/** What the table of numbers at risk takes of the axes, in CSS pixels; 0 if it stands under them. */
export function insideHeight(
  { curves }: DrawnCurves,
  { atRisk = true, atRiskInside = false }: KaplanMeierFigureOptions,
): number {
  // The height of a block has room for the next heading.
  return atRisk === false || !atRiskInside
    ? 0
    : INSIDE_TOP + INSIDE_END + blockHeight(curves.length) - blockHeight(0);
}

/** The table between the curves and the time axis, with the lines that part them. */
export function insideTable(block: TableBlock, { ticks, x, height, clip }: CurveFrame): Spec[] {
  const line = (end: Spec): Spec => ({
    data: { values: [{}] },
    mark: { type: "rule", color: INK },
    encoding: { x: { value: 0 }, y: { value: HEIGHT }, ...end },
  });
  const cover: Spec = {
    data: { values: [{}] },
    mark: { type: "rect", color: PAPER },
    encoding: {
      // A little wider, for lines that end at the edge.
      x: { value: -2 },
      x2: { value: WIDTH + 2 },
      y: { value: HEIGHT + 1 },
      y2: { value: height },
    },
  };
  return [
    // Curves that leave a chosen axis would run through the numbers.
    ...(clip ? [cover] : []),
    line({ x2: { value: "width" } }),
    line({ y2: { value: 0 } }),
    ...numberTable([block], ticks, x, HEIGHT + INSIDE_TOP),
  ];
}

/** Blocks of the table under the axis, as they were asked for. @throws InputError if there is no such table. */
export function tableBlocks(
  { curves, own }: DrawnCurves,
  ticks: readonly number[],
  { atRisk = true, cumulativeEvents = false, cumulativeCensored = false }: KaplanMeierFigureOptions,
): readonly TableBlock[] {
  const times = ticks.map(own);
  const block = (
    heading: string,
    numbersOf: (curve: KaplanMeierCurve) => readonly (number | string)[],
  ): TableBlock => ({
    heading,
    rows: curves.map(({ label, color, curve }) => ({
      label,
      color,
      numbers: numbersOf(curve),
    })),
  });
  const table = atRisk === true ? "count" : atRisk;
  if (table !== false && !(table in HEADINGS)) {
    throw new InputError(
      `atRisk must be true, false or one of ${Object.keys(HEADINGS).join(", ")}, found "${String(table)}".`,
    );
  }
  return [
    ...(table === false ? [] : [block(HEADINGS[table], (curve) => atRiskCells(curve, times, table))]),
    ...(cumulativeEvents ? [block("Cumulative events", (curve) => eventsBy(curve, times))] : []),
    ...(cumulativeCensored ? [block("Cumulative censored", (curve) => censoredBy(curve, times))] : []),
  ];
}

function atRiskCells(
  curve: KaplanMeierCurve,
  times: readonly number[],
  table: AtRiskTable,
): readonly (number | string)[] {
  const counts = curve.at(times).map((point) => point.atRisk);
  const share = (count: number): string => `${Math.round((100 * count) / curve.atRisk[0])}`;
  switch (table) {
    case "percent":
      return counts.map(share);
    case "count and percent":
      return counts.map((count) => `${cellText(count)} (${share(count)})`);
    case "with censored":
      return beside(counts, censoredBy(curve, times));
    case "with events":
      return beside(counts, eventsBy(curve, times));
    default:
      return counts;
  }
}

function beside(counts: readonly number[], others: readonly number[]): readonly string[] {
  return counts.map((count, at) => `${cellText(count)} (${cellText(others[at])})`);
}

function eventsBy({ time, event }: KaplanMeierCurve, times: readonly number[]): readonly number[] {
  return cumulative(time, event, times);
}

function censoredBy({ time, censored }: KaplanMeierCurve, times: readonly number[]): readonly number[] {
  return cumulative(time, censored, times);
}

const BAR = 22;
const GAP = 6;

/** Bars of how many were censored at each time, a row for each curve. @param top  In CSS pixels. */
export function censorBars(
  { curves, shown, unit }: DrawnCurves,
  { x, clip }: CurveFrame,
  top: number,
): Spec[] {
  const most = Math.max(1, ...curves.flatMap(({ curve }) => [...curve.censored]));
  const heading = `Number censored (highest bar: ${most})`;
  const rows = curves.flatMap(({ curve, label, color }, row): Spec[] => {
    const base = top + GAP + (row + 1) * (BAR + GAP);
    const counts = [...new Set(curve.censored)].filter((count) => count > 0);
    // Bars of one height are one layer: their ends are places of the figure, not values of its axis.
    const bars = counts.map(
      (count): Spec => ({
        data: {
          values: Array.from(curve.time, (time) => ({ group: label, time: shown(time), count })).filter(
            (_, at) => curve.censored[at] === count,
          ),
        },
        mark: { type: "rule", color, strokeWidth: 2.5, clip },
        encoding: {
          x,
          y: { value: base },
          y2: { value: base - (BAR * count) / most },
          tooltip: [
            tip("group", "Group"),
            tip("time", `Time (${unit})`, ".4~r"),
            tip("count", "Censored", "d"),
          ],
        },
      }),
    );
    const floor: Spec = {
      data: { values: [{}] },
      mark: { type: "rule", color: RULE },
      encoding: { x: { value: 0 }, x2: { value: "width" }, y: { value: base } },
    };
    const name = curves.length < 2 ? [] : [rowLabel(label, { y: base, dx: -24, color })];
    return [floor, ...bars, ...name];
  });
  return [textAt(heading, { x: 0, y: top, dx: -12, fontWeight: 600, baseline: "alphabetic" }), ...rows];
}

/** Where bars begin under the blocks that stand under the axis, if any. */
export function barsTop(blocks: readonly TableBlock[], height: number): number {
  return blocks.reduce((top, { rows }) => top + blockHeight(rows.length), tableTop(height));
}
