/**
 * Follow-up counted at each distinct time: how many are at risk, have the event, are censored.
 *
 * Layer:  model; imports table (types).
 */

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
  const sorted = Float64Array.from(rows, (row) => time[row]).sort();
  let distinct = 0;
  for (let i = 0; i < sorted.length; i++)
    if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[distinct++] = sorted[i];
  const times = sorted.slice(0, distinct);
  const events = new Float64Array(distinct);
  const censored = new Float64Array(distinct);
  for (let i = 0; i < rows.length; i++) {
    const at = indexOfTime(times, time[rows[i]]);
    if (event[rows[i]] === 1) events[at]++;
    else censored[at]++;
  }
  const atRisk = new Float64Array(distinct);
  let left = 0;
  for (let at = distinct - 1; at >= 0; at--) {
    left += events[at] + censored[at];
    atRisk[at] = left;
  }
  return { time: times, atRisk, event: events, censored };
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
