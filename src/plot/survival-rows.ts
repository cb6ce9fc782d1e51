/**
 * Kaplan–Meier curves as the rows that a figure draws: steps, interval band, censor marks, numbers at risk.
 *
 * Layer:  plot; imports model (types).
 */
import type { KaplanMeier } from "../model/kaplan-meier.js";
import type { KaplanMeierCurve } from "../model/kaplan-meier-curve.js";
import { drawn } from "./marks.js";
import type { FigureGroups } from "./mime.js";

/** Corner of a step curve: from `time` on the curve is at `survival`. */
export interface StepRow {
  readonly group: string;
  readonly time: number;
  readonly survival: number;
}

/** A mark on the curve, and whom it stands for. */
export interface CensorRow extends StepRow {
  readonly ids: readonly string[];
}

/** Corner of an interval band. */
export interface BandRow {
  readonly group: string;
  readonly time: number;
  readonly lower: number;
  readonly upper: number;
}

/** Steps from (0, 1) to the last time that anybody was observed. */
export function stepRows(curve: KaplanMeierCurve): StepRow[] {
  const rows: StepRow[] = [{ group: curve.label, time: 0, survival: 1 }];
  for (let i = 0; i < curve.time.length; i++) {
    rows.push({
      group: curve.label,
      time: curve.time[i],
      survival: drawn(curve.survival[i]),
    });
  }
  return rows;
}

/** The band from (0, 1) on. It ends where no interval exists any more, which is where the curve reaches 0. */
export function bandRows(curve: KaplanMeierCurve): BandRow[] {
  const rows: BandRow[] = [{ group: curve.label, time: 0, lower: 1, upper: 1 }];
  for (let i = 0; i < curve.time.length; i++) {
    const time = curve.time[i];
    const missing = Number.isNaN(curve.lower[i]) || Number.isNaN(curve.upper[i]);
    if (missing && curve.survival[i] < 1) {
      rows.push({ ...rows[rows.length - 1], time });
      break;
    }
    // Before the first event some intervals do not exist: nothing is uncertain yet.
    rows.push({
      group: curve.label,
      time,
      lower: missing ? 1 : drawn(curve.lower[i]),
      upper: missing ? 1 : drawn(curve.upper[i]),
    });
  }
  return rows;
}

/** One mark at each time at which somebody left without the event. */
export function censorRows(curve: KaplanMeierCurve): CensorRow[] {
  const leaving = leavingPatients(curve);
  return stepRows(curve)
    .map((row, i) => ({ ...row, ids: leaving[i - 1]?.censored ?? [] }))
    .filter(({ ids }) => ids.length > 0);
}

/** Who had the event and who was censored at each entry of a curve. */
export function leavingPatients({
  ids,
  event,
  censored,
}: KaplanMeierCurve): readonly { readonly event: readonly string[]; readonly censored: readonly string[] }[] {
  let from = 0;
  return Array.from(event, (events, at) => {
    const middle = from + events;
    const to = middle + censored[at];
    const leaving = { event: ids.slice(from, middle), censored: ids.slice(middle, to) };
    from = to;
    return leaving;
  });
}

/** Patients of each curve by its name. */
export function curveGroups({ groups }: KaplanMeier): FigureGroups {
  return Object.fromEntries(groups.map(({ label, ids }) => [label, ids]));
}

/** Last time that anybody was observed; 1 if nobody was observed for longer than 0. */
export function lastTime(km: KaplanMeier): number {
  const last = Math.max(...km.groups.map((curve) => curve.time[curve.time.length - 1] ?? 0));
  return last > 0 ? last : 1;
}

/** Round times from 0 to `last`, at most nine: round in the unit, so months come in halves and whole years. */
export function timeTicks(last: number, unit: KaplanMeier["unit"]): readonly number[] {
  const own = UNIT_STEPS[unit].find((step) => last / step <= 8);
  const step = own ?? roundStep(last / 8);
  // Counting steps, not adding them up, keeps the ticks free of rounding errors.
  return Array.from({ length: 10 }, (_, i) => Number((i * step).toPrecision(12))).filter(
    (tick) => tick <= last,
  );
}

const UNIT_STEPS: Readonly<Record<KaplanMeier["unit"], readonly number[]>> = {
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
