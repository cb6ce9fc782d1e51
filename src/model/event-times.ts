/**
 * Follow-up counted at each distinct time: how many are at risk, have the event, are censored.
 *
 * Layer:  model; imports its own folder.
 */
import { sortTimes } from "./sort-times.js";

/** Counts at each distinct time, in ascending order. At equal times events come before censorings. */
export interface EventTimes {
  readonly time: Float64Array;
  /** Watched until this time or longer. */
  readonly atRisk: Float64Array;
  readonly event: Float64Array;
  readonly censored: Float64Array;
}

/**
 * @param time  Finite, not negative.
 * @param event  1 or 0.
 * @param rows  The patients to count, in any order.
 */
export function countByTime(time: Float64Array, event: Uint8Array, rows: Uint32Array): EventTimes {
  let many = 0;
  for (let i = 0; i < rows.length; i++) many += event[rows[i]];
  const eventTimes = new Float64Array(many);
  const censoredTimes = new Float64Array(rows.length - many);
  let e = 0;
  let c = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (event[row] === 1) eventTimes[e++] = time[row];
    else censoredTimes[c++] = time[row];
  }
  const happened = sortTimes(eventTimes);
  const lost = sortTimes(censoredTimes);

  // Two rising lists, merged.
  const times = new Float64Array(rows.length);
  const events = new Float64Array(rows.length);
  const censored = new Float64Array(rows.length);
  let distinct = 0;
  for (e = 0, c = 0; e < happened.length || c < lost.length; distinct++) {
    const next = c >= lost.length || (e < happened.length && happened[e] <= lost[c]) ? happened[e] : lost[c];
    times[distinct] = next;
    for (; e < happened.length && happened[e] === next; e++) events[distinct]++;
    for (; c < lost.length && lost[c] === next; c++) censored[distinct]++;
  }
  const atRisk = new Float64Array(distinct);
  let left = 0;
  for (let at = distinct - 1; at >= 0; at--) {
    left += events[at] + censored[at];
    atRisk[at] = left;
  }
  return {
    time: shortened(times, distinct),
    atRisk,
    event: shortened(events, distinct),
    censored: shortened(censored, distinct),
  };
}

/** The same with weighted counts, and the squares of the weights, which robust errors need. */
export interface WeightedEventTimes extends EventTimes {
  readonly eventSquares: Float64Array;
  readonly censoredSquares: Float64Array;
}

/**
 * @param weights  Of every row, positive.
 * @returns As `countByTime`, with the sum of the weights for each count.
 */
export function countWeighted(
  time: Float64Array,
  event: Uint8Array,
  rows: Uint32Array,
  weights: Float64Array,
): WeightedEventTimes {
  const sorted = rows.slice().sort((a, b) => time[a] - time[b]);
  const times = sortTimes(Float64Array.from(new Set(Array.from(sorted, (row) => time[row]))));
  const of = (): Float64Array => new Float64Array(times.length);
  const counts = { event: of(), censored: of(), eventSquares: of(), censoredSquares: of() };
  let at = 0;
  for (const row of sorted) {
    while (times[at] < time[row]) at++;
    const weight = weights[row];
    const isEvent = event[row] === 1;
    (isEvent ? counts.event : counts.censored)[at] += weight;
    (isEvent ? counts.eventSquares : counts.censoredSquares)[at] += weight * weight;
  }
  const atRisk = of();
  let left = 0;
  for (at = times.length - 1; at >= 0; at--) {
    left += counts.event[at] + counts.censored[at];
    atRisk[at] = left;
  }
  return { time: times, atRisk, ...counts };
}

function shortened(values: Float64Array, length: number): Float64Array {
  return length === values.length ? values : values.slice(0, length);
}

/** Position of the last entry of ascending `times` that is not later than `time`, or -1 if all are later. */
export function indexOfTime(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
