/**
 * Numbers under the time axis of a survival curve, each under its tick.
 *
 * The table stands in the same view as the curves, so that its columns cannot come apart from the ticks.
 * Layer:  plot; imports core.
 */
import type { Json } from "../core/display.js";
import { textAt } from "./marks.js";
import { INK } from "./theme.js";
import type { Spec } from "./vega.js";

/** One heading with a row for each group. */
export interface TableBlock {
  readonly heading: string;
  /** One cell per tick. */
  readonly rows: readonly {
    readonly label: string;
    readonly color: string;
    readonly numbers: ArrayLike<number | string>;
  }[];
}

const ROW = 19;

/** First line of a table under axes of that height: room for tick labels and the axis title. */
export function tableTop(height: number): number {
  return height + 62;
}

/** From one heading to the next, over so many rows. */
export function blockHeight(rows: number): number {
  return ROW * (rows + 1.5);
}

/**
 * @param x  The channel of the time axis, for field `time`.
 * @param first  Base of the first line, in CSS pixels from the top of the axes.
 */
export function numberTable(
  blocks: readonly TableBlock[],
  ticks: readonly number[],
  x: Json,
  first: number,
): Spec[] {
  let top = first;
  return blocks.flatMap(({ heading, rows }) => {
    const header = textAt(heading, { x: 0, y: top, dx: -12, fontWeight: 600, baseline: "alphabetic" });
    const room = Math.max(24, 10 + 3.8 * Math.max(...rows.map(({ numbers }) => cellText(numbers[0]).length)));
    const lines = rows.flatMap(({ label, color, numbers }): Spec[] => {
      top += ROW;
      const cells: Spec = {
        data: { values: ticks.map((time, at) => ({ time, text: cellText(numbers[at]) })) },
        mark: { type: "text", align: "center", baseline: "alphabetic", color: INK },
        encoding: { x, y: { value: top }, text: { field: "text", type: "nominal" } },
      };
      if (rows.length < 2) return [cells];
      return [rowLabel(label, { y: top, dx: -room, color }), cells];
    });
    top += 1.5 * ROW;
    return [header, ...lines];
  });
}

/** Sums of case weights need not be whole: one digit is enough under a curve. */
export function cellText(cell: number | string): string {
  return typeof cell === "string" || Number.isInteger(cell) ? String(cell) : cell.toFixed(1);
}

/** Name of a row beside the axis; to choose it is to choose the group. */
export function rowLabel(
  label: string,
  look: { readonly y: number; readonly dx: number; readonly color: string },
): Spec {
  const mark = textAt(label, { x: 0, align: "right", baseline: "alphabetic", ...look });
  return { ...mark, data: { values: [{ group: label }] } };
}

/** How many of `counts` lie at or before each tick. @param time  Rising. */
export function cumulative(
  time: Float64Array,
  counts: Float64Array,
  ticks: readonly number[],
): readonly number[] {
  return ticks.map((tick) => {
    let sum = 0;
    for (let at = 0; at < time.length && time[at] <= tick; at++) sum += counts[at];
    return sum;
  });
}
