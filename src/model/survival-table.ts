/**
 * Survival curves as a table: one row for each time, or for chosen times.
 *
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { formatNumber, renderTable, rowList } from "../table/render.js";
import type { TimeUnit } from "../table/survival-data.js";
import { indexOfTime } from "./event-times.js";
import type { KaplanMeier } from "./kaplan-meier.js";
import type { KaplanMeierCurve } from "./kaplan-meier-curve.js";

export interface SurvivalTableRow {
  readonly group: string;
  readonly time: number;
  readonly atRisk: number;
  /** Events and censorings since the row before. */
  readonly events: number;
  readonly censored: number;
  readonly survival: number;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
}

export interface SurvivalTable {
  readonly unit: TimeUnit;
  readonly confidence: number;
  readonly rows: readonly SurvivalTableRow[];
}

export interface SurvivalTableOptions {
  /** Rising; default every time at which somebody left. */
  readonly times?: readonly number[];
}

const SHOWN_ROWS = 60;

/**
 * Numbers at risk, events and survival with interval, as R's `summary(survfit, times)`.
 *
 * @throws InputError on a negative or infinite time.
 *
 * @example
 * model.survivalTable(km, { times: [12, 24, 60] })
 */
export function survivalTable(km: KaplanMeier, { times }: SurvivalTableOptions = {}): SurvivalTable {
  const { unit, confidence } = km;
  const rows = km.groups.flatMap((curve) => rowsOf(curve, times ?? [...curve.time]));
  const result: SurvivalTable = { unit, confidence, rows };
  return showAs(result, () => show(result));
}

function rowsOf(curve: KaplanMeierCurve, times: readonly number[]): SurvivalTableRow[] {
  const points = curve.at(times);
  let from = 0;
  return points.map((point) => {
    const to = indexOfTime(curve.time, point.time) + 1;
    const sum = (counts: Float64Array): number =>
      counts.slice(from, to).reduce((total, count) => total + count, 0);
    const row = { group: curve.label, ...point, events: sum(curve.event), censored: sum(curve.censored) };
    from = Math.max(from, to);
    return row;
  });
}

function show({ unit, confidence, rows }: SurvivalTable): MimeBundle {
  const share = (value: number): string => (Number.isNaN(value) ? "" : value.toFixed(3));
  return renderTable({
    title: `Survival, ${formatNumber(100 * confidence, 4)} % interval`,
    header: ["group", unit, "at risk", "events", "censored", "survival", "SE", "lower", "upper"],
    rows: rowList(rows, (row) => [
      row.group,
      formatNumber(row.time),
      String(row.atRisk),
      String(row.events),
      String(row.censored),
      share(row.survival),
      share(row.standardError),
      share(row.lower),
      share(row.upper),
    ]),
    most: SHOWN_ROWS,
    what: "times",
    groupFirst: true,
  });
}
