/**
 * What stands under the time axis of survival curves: numbers at risk, of events and of censored, bars of censored.
 *
 * Layer:  plot; imports core, model (types).
 */
import { InputError } from "../core/errors.js";
import type { KaplanMeierCurve } from "../model/kaplan-meier-curve.js";
import type { DrawnCurves } from "./drawn-curves.js";
import { type CurveFrame, HEIGHT } from "./kaplan-meier-axes.js";
import type { AtRiskTable, KaplanMeierFigureOptions } from "./kaplan-meier-options.js";
import { textAt, tip } from "./marks.js";
import { cellText, cumulative, rowLabel, type TableBlock } from "./risk-table.js";
import { RULE } from "./theme.js";
import type { Spec } from "./vega.js";

const HEADINGS: Readonly<Record<AtRiskTable, string>> = {
  count: "Number at risk",
  percent: "Percent at risk",
  "count and percent": "Number at risk (percent)",
  "with censored": "Number at risk (censored so far)",
  "with events": "Number at risk (events so far)",
};

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

/** Where the bars begin under an axis without a table, with its tick labels and title. */
export const STRIP_TOP: number = HEIGHT + 62;
