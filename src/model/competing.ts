/**
 * Follow-up with several kinds of event, counted at each distinct time.
 *
 * Layer:  model; imports core, table.
 */
import { InputError } from "../core/errors.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import type { SurvivalData } from "../table/survival-data.js";
import { indexOfTime } from "./event-times.js";

/** The kinds of event that occur, and which one each patient had. */
export interface Causes {
  readonly names: readonly string[];
  /** Position of the cause of each patient; -1 if censored. */
  readonly of: Int32Array;
}

/** @throws InputError on mismatched ids, or no event. */
export function causesOf(y: SurvivalData, cause: Labels): Causes {
  checkSameIds(y.ids, cause.ids, "the follow-up", `"${cause.name}"`);
  if (y.events === 0) {
    throw new InputError(
      `none of ${y.length} patients has an event: there is no incidence. Check the event column.`,
    );
  }
  const names = cause.classes.filter((name) =>
    cause.values.some((value, row) => y.event[row] === 1 && value === name),
  );
  const position = new Map(names.map((name, at) => [name, at]));
  const of = Int32Array.from(cause.values, (value, row) =>
    y.event[row] === 1 ? (position.get(value) as number) : -1,
  );
  return { names, of };
}

/** Counts at each distinct time, ascending. At equal times events come before censorings. */
export interface CauseCounts {
  readonly time: Float64Array;
  /** Watched until this time or longer. */
  readonly atRisk: Float64Array;
  /** Events by time and cause, time-major. */
  readonly events: Float64Array;
  readonly censored: Float64Array;
}

/** @param times  Distinct, ascending; every row's time is among them. */
export function countCauses(
  time: Float64Array,
  { names, of }: Causes,
  rows: Uint32Array,
  times: Float64Array,
): CauseCounts {
  const k = names.length;
  const atRisk = new Float64Array(times.length);
  const events = new Float64Array(times.length * k);
  const censored = new Float64Array(times.length);
  for (const row of rows) {
    const at = indexOfTime(times, time[row]);
    atRisk[at]++;
    if (of[row] < 0) censored[at]++;
    else events[at * k + of[row]]++;
  }
  for (let at = times.length - 2; at >= 0; at--) atRisk[at] += atRisk[at + 1];
  return { time: times, atRisk, events, censored };
}

/** Distinct times of the rows, ascending. */
export function distinctTimes(time: Float64Array, rows: Uint32Array): Float64Array {
  const sorted = Float64Array.from(rows, (row) => time[row]).sort();
  return sorted.filter((value, at) => at === 0 || value !== sorted[at - 1]);
}
