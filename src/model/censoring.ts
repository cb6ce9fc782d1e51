/**
 * How likely a patient is still watched at a time, whatever happens to the patient: Kaplan and Meier's curve of the
 * censorings, which weighs patients that were watched for those that were not.
 *
 * Layer:  model; imports core, table (types).
 */
import { NumericalError } from "../core/errors.js";
import type { SurvivalData } from "../table/survival-data.js";
import { countByTime, indexOfTime } from "./event-times.js";

/** G, a falling step function from 1. */
export interface CensoringCurve {
  readonly time: Float64Array;
  /** G at each time, censorings at that time included. */
  readonly watched: Float64Array;
}

/** At equal times, events come before censorings: those who have the event are no longer at risk of censoring. */
export function censoringCurve(y: SurvivalData): CensoringCurve {
  const counts = countByTime(
    y.time,
    y.event,
    Uint32Array.from(y.ids, (_, row) => row),
  );
  let watched = 1;
  const curve = counts.time.map((_, at) => {
    const atRisk = counts.atRisk[at] - counts.event[at];
    if (counts.censored[at] > 0) watched *= 1 - counts.censored[at] / atRisk;
    return watched;
  });
  return { time: counts.time, watched: curve };
}

/** G at a time, censorings at that time included. */
export function watchedAt({ time, watched }: CensoringCurve, t: number): number {
  const at = indexOfTime(time, t);
  return at < 0 ? 1 : watched[at];
}

/** G just before a time. */
export function watchedBefore({ time, watched }: CensoringCurve, t: number): number {
  const last = indexOfTime(time, t);
  const at = last >= 0 && time[last] === t ? last - 1 : last;
  return at < 0 ? 1 : watched[at];
}

/** @throws InputError if nobody is watched that long, so that no weight makes up for the missing. */
export function checkWatched(watched: number, t: number, unit: string): number {
  if (watched > 0) return watched;
  throw new NumericalError(
    `every patient of the training data is censored by ${t} ${unit}, so that nobody stands for those who are not watched ` +
      "that long. Choose earlier times.",
  );
}
