/**
 * Cumulative incidence of events that exclude one another, with intervals, Gray's tests and numbers at risk.
 *
 * Layer:  plot; imports core, model (types), table.
 */
import { InputError } from "../core/errors.js";
import type { CumulativeIncidence, Incidence, IncidenceGroup } from "../model/cumulative-incidence.js";
import { indexOfTime } from "../model/event-times.js";
import type { GrayTest } from "../model/gray-test.js";
import { formatNumber, formatP } from "../table/render.js";
import { Figure } from "./figure.js";
import { drawn, groupColor, headed, numbers, type TitleOptions, textAt, tip } from "./marks.js";
import { numberTable, tableTop } from "./risk-table.js";
import { timeTicks } from "./survival-rows.js";
import { EXACT_TICK, figureFrame, INK } from "./theme.js";
import type { Spec } from "./vega.js";

export interface CumulativeIncidenceFigureOptions extends TitleOptions {
  /** Numbers at risk under the axis, default true. */
  readonly atRisk?: boolean;
  /** Interval bands, default: if there are up to four curves. */
  readonly band?: boolean;
  /** Gray's tests of the groups, written into the figure. */
  readonly p?: readonly GrayTest[];
}

const WIDTH = 560;
const HEIGHT = 320;
const MOST_BANDS = 4;

/**
 * Draws the probability of each kind of event by time, in each group: up to seven curves.
 *
 * @throws InputError if there are more curves than colors, or nobody was followed for longer than 0.
 *
 * @example
 * plot.cumulativeIncidence(model.cumulativeIncidence(y, cause, { by: arm }), { p: model.grayTest(y, cause, arm) })
 */
export function cumulativeIncidence(
  found: CumulativeIncidence,
  options: CumulativeIncidenceFigureOptions = {},
): Figure {
  const { title = "", atRisk = true, p = [] } = options;
  const { unit, groups, confidence } = found;
  const curves = groups.flatMap((group) =>
    group.causes.map((cause) => ({
      group,
      cause,
      label: groups.length < 2 ? cause.cause : `${cause.cause}, ${group.label}`,
    })),
  );
  const { band = curves.length <= MOST_BANDS } = options;
  const last = Math.max(...groups.map(({ time }) => time[time.length - 1] ?? 0));
  if (!(last > 0)) throw new InputError(`nobody was followed for longer than 0 ${unit}. Check the times.`);
  const ticks = timeTicks(last, unit);
  const top = topOf(curves, band);
  const x = {
    field: "time",
    type: "quantitative",
    scale: { domain: [0, last], nice: false },
    axis: { title: `Time (${unit})`, values: ticks, grid: false, labelExpr: EXACT_TICK },
  } as const;
  const y = numbers("incidence", { title: "Cumulative incidence", domain: [0, top], format: ".2f" });
  const color = groupColor(
    curves.map(({ label }) => label),
    { columns: 2 },
  );
  const percent = `${formatNumber(100 * confidence, 4)} %`;
  const tests = p.map((test) => `${test.cause}: Gray’s test ${formatP(test.p)}`);
  const alternative = headed(title, describe(curves, unit, percent, last, tests));
  const points = curves.flatMap(({ label, group, cause }) =>
    rowsOf(label, group, cause).map(({ lower: _lower, upper: _upper, ...row }) => row),
  );
  const spec: Spec = {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...(band
        ? [
            {
              data: { values: curves.flatMap(({ label, group, cause }) => rowsOf(label, group, cause)) },
              mark: { type: "area", interpolate: "step-after", opacity: 0.16 },
              encoding: { x, y: { field: "lower", type: "quantitative" }, y2: { field: "upper" }, color },
            },
          ]
        : []),
      {
        data: { values: points },
        mark: { type: "line", interpolate: "step-after", strokeWidth: 2, strokeJoin: "miter" },
        encoding: { x, y, color },
      },
      {
        data: { values: points },
        mark: { type: "circle", size: 70, opacity: 0 },
        encoding: {
          x,
          y,
          tooltip: [
            tip("group", "Event"),
            tip("time", `Time (${unit})`, ".4~r"),
            tip("incidence", "Cumulative incidence", ".3f"),
          ],
        },
      },
      ...tests.map((line, at) => textAt(line, { x: 12, y: 12 + 17 * at })),
      ...(atRisk
        ? numberTable(
            [
              {
                heading: "Number at risk",
                rows: groups.map((group) => ({
                  label: group.label,
                  color: INK,
                  numbers: ticks.map((tick) => atRiskAt(group, tick)),
                })),
              },
            ],
            ticks,
            x,
            tableTop(HEIGHT),
          )
        : []),
    ],
  };
  const patients = curves.map(({ label, group }) => [label, group.ids] as const);
  return new Figure("cumulative-incidence", alternative, spec, Object.fromEntries(patients));
}

interface Curve {
  readonly label: string;
  readonly group: IncidenceGroup;
  readonly cause: Incidence;
}

interface IncidenceRow extends Spec {
  readonly group: string;
  readonly time: number;
  readonly incidence: number;
  readonly lower: number;
  readonly upper: number;
}

/** Corners from (0, 0) on; only times at which the incidence rises, and the last. */
function rowsOf(label: string, { time }: IncidenceGroup, cause: Incidence): IncidenceRow[] {
  const { incidence, lower, upper } = cause;
  const rows: IncidenceRow[] = [{ group: label, time: 0, incidence: 0, lower: 0, upper: 0 }];
  for (let at = 0; at < time.length; at++) {
    const before = at === 0 ? 0 : incidence[at - 1];
    if (incidence[at] === before && at < time.length - 1) continue;
    const value = drawn(incidence[at]);
    rows.push({
      group: label,
      time: time[at],
      incidence: value,
      // No interval exists at 0 and at 1: nothing is drawn there but the curve.
      lower: Number.isNaN(lower[at]) ? value : drawn(lower[at]),
      upper: Number.isNaN(upper[at]) ? value : drawn(upper[at]),
    });
  }
  return rows;
}

/** Followed until the tick or longer. */
function atRiskAt({ time, atRisk }: IncidenceGroup, tick: number): number {
  const before = indexOfTime(time, tick);
  const next = before >= 0 && time[before] === tick ? before : before + 1;
  return next < time.length ? atRisk[next] : 0;
}

/** The least of some round heights that holds all curves. */
function topOf(curves: readonly Curve[], band: boolean): number {
  let most = 0;
  for (const { cause } of curves) {
    for (const value of cause.incidence) most = Math.max(most, value);
    if (band) for (const value of cause.upper) if (!Number.isNaN(value)) most = Math.max(most, value);
  }
  return [0.1, 0.2, 0.4, 0.6, 0.8].find((height) => height >= most) ?? 1;
}

function describe(
  curves: readonly Curve[],
  unit: string,
  percent: string,
  last: number,
  tests: readonly string[],
): string {
  const parts = curves.map(({ label, cause, group }) => {
    const end = cause.incidence.length - 1;
    const limits = Number.isNaN(cause.lower[end])
      ? ""
      : ` (${percent} interval ${cause.lower[end].toFixed(2)} to ${cause.upper[end].toFixed(2)})`;
    return `${label}: ${cause.events} events in ${group.n} patients, ${cause.incidence[end].toFixed(2)} at the end${limits}`;
  });
  return (
    `cumulative incidence over ${formatNumber(last, 4)} ${unit}. ${parts.join("; ")}.` +
    `${tests.length === 0 ? "" : ` ${tests.join("; ")}.`}`
  );
}
