/**
 * Kaplan–Meier curves as the rows that a figure draws: steps, interval band, censor marks; and round times.
 *
 * Layer:  plot; imports model, table (types).
 */
import type { KaplanMeierCurve } from "../model/kaplan-meier-curve.js";
import type { TimeUnit } from "../table/survival-data.js";
import { drawn } from "./marks.js";

/** Corner of a step curve: from `time` on the curve is at `survival`. */
export interface StepRow {
  readonly group: string;
  readonly time: number;
  readonly survival: number;
}

/** Corner of an interval band. */
export interface BandRow {
  readonly group: string;
  readonly time: number;
  readonly lower: number;
  readonly upper: number;
}

/** Steps from (0, 1) to the last time that anybody was observed. */
export function stepRows(curve: KaplanMeierCurve, group: string = curve.label): StepRow[] {
  const rows: StepRow[] = [{ group, time: 0, survival: 1 }];
  for (let i = 0; i < curve.time.length; i++) {
    rows.push({ group, time: curve.time[i], survival: drawn(curve.survival[i]) });
  }
  return rows;
}

/** The band from (0, 1) on. It ends where no interval exists any more, which is where the curve reaches 0. */
export function bandRows(curve: KaplanMeierCurve, group: string = curve.label): BandRow[] {
  const rows: BandRow[] = [{ group, time: 0, lower: 1, upper: 1 }];
  for (let i = 0; i < curve.time.length; i++) {
    const time = curve.time[i];
    const missing = Number.isNaN(curve.lower[i]) || Number.isNaN(curve.upper[i]);
    if (missing && curve.survival[i] < 1) {
      rows.push({ ...rows[rows.length - 1], time });
      break;
    }
    // Before the first event some intervals do not exist: nothing is uncertain yet.
    rows.push({
      group,
      time,
      lower: missing ? 1 : drawn(curve.lower[i]),
      upper: missing ? 1 : drawn(curve.upper[i]),
    });
  }
  return rows;
}

/** Round times from 0 to `last`, at most nine: round in the unit, so months come in halves and whole years. */
export function timeTicks(last: number, unit: TimeUnit): readonly number[] {
  const own = UNIT_STEPS[unit].find((step) => last / step <= 8);
  return stepsTo(last, own ?? roundStep(last / 8));
}

/** 0, step, 2 steps … up to `last`. */
export function stepsTo(last: number, step: number): readonly number[] {
  // Counting steps, not adding them up, keeps the ticks free of rounding errors.
  const count = Math.floor(last / step) + 2;
  return Array.from({ length: count }, (_, i) => Number((i * step).toPrecision(12))).filter(
    (tick) => tick <= last,
  );
}

/** About five round values between the ends of an axis. */
export function roundTicks(low: number, high: number): readonly number[] {
  const step = roundStep((high - low) / 5);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Round times on a logarithmic axis. */
export function logTicks(first: number, last: number): readonly number[] {
  const powers = Array.from({ length: 40 }, (_, at) => 10 ** (at - 20));
  const few = powers.filter((power) => power >= first && power <= last);
  const many = powers
    .flatMap((power) => [power, 2 * power, 5 * power])
    .map((tick) => Number(tick.toPrecision(12)));
  return few.length > 4 ? few : many.filter((tick) => tick >= first && tick <= last);
}

const UNIT_STEPS: Readonly<Record<TimeUnit, readonly number[]>> = {
  days: [],
  weeks: [1, 2, 4, 13, 26, 52, 104],
  months: [1, 2, 3, 6, 12, 24, 36, 60, 120],
  years: [],
};

/** Smallest of 1, 2, 2.5, 5 times a power of ten that is not below the least step. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 2.5, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10) * power;
}
