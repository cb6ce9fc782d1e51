/**
 * Cumulative incidence of each of several kinds of event that exclude one another.
 *
 * Source: Aalen & Johansen 1978; errors by the infinitesimal jackknife as R's survival, and by Aalen 1978 as R's cmprsk.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { normalQuantile } from "../core/distributions.js";
import { InputError } from "../core/errors.js";
import type { Labels } from "../table/labels.js";
import { formatNumber, renderTable } from "../table/render.js";
import type { SurvivalData, TimeUnit } from "../table/survival-data.js";
import { type CauseCounts, type Causes, causesOf, countCauses, distinctTimes } from "./competing.js";
import { indexOfTime } from "./event-times.js";
import { groupRows } from "./groups.js";
import { checkConfidence } from "./kaplan-meier.js";

/** One kind of event in one group: one entry per distinct time. */
export interface Incidence {
  readonly cause: string;
  readonly events: number;
  /** Probability that this event has happened. */
  readonly incidence: Float64Array;
  /** By the infinitesimal jackknife. */
  readonly standardError: Float64Array;
  /** By Aalen's formula, as cmprsk. */
  readonly aalenError: Float64Array;
  /** Limits on the log-log scale; NaN where the incidence is 0 or 1. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** All kinds of event in one group. */
export interface IncidenceGroup {
  readonly label: string;
  readonly n: number;
  /** The n patients. */
  readonly ids: readonly string[];
  readonly time: Float64Array;
  readonly atRisk: Float64Array;
  /** Probability that no event has happened, and its error by the infinitesimal jackknife. */
  readonly survival: Float64Array;
  readonly survivalError: Float64Array;
  readonly causes: readonly Incidence[];
}

export interface CumulativeIncidence {
  readonly unit: TimeUnit;
  readonly confidence: number;
  readonly groups: readonly IncidenceGroup[];
}

export interface CumulativeIncidenceOptions {
  /** A set of curves for each class; by patient id. */
  readonly by?: Labels;
  /** Coverage of the pointwise interval, default 0.95. */
  readonly confidence?: number;
}

/**
 * @param y  n patients; an event is any of the kinds.
 * @param cause  Kind of each patient's event; that of censored patients is not looked at.
 * @throws InputError on mismatched ids, or no event.
 *
 * @example
 * const y = cohort.survival({ time: "days", event: "status", unit: "days", happened: ["relapse", "death"] });
 * const found = model.cumulativeIncidence(y, cohort.labels("status"), { by: cohort.labels("arm") });
 */
export function cumulativeIncidence(
  y: SurvivalData,
  cause: Labels,
  { by, confidence = 0.95 }: CumulativeIncidenceOptions = {},
): CumulativeIncidence {
  checkConfidence(confidence);
  const causes = causesOf(y, cause);
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const groups = groupRows(y.ids, by).map(({ label, rows }): IncidenceGroup => {
    const counts = countCauses(y.time, causes, rows, distinctTimes(y.time, rows));
    return incidenceGroup(
      label,
      Array.from(rows, (row) => y.ids[row]),
      counts,
      causes,
      z,
    );
  });
  const result = { unit: y.unit, confidence, groups };
  return showAs(result, () => show(result));
}

/** Incidence of one cause at a time. @throws InputError if there is no such cause. */
export function incidenceAt(group: IncidenceGroup, cause: string, time: number): number {
  const found = group.causes.find((one) => one.cause === cause);
  if (found === undefined) {
    throw new InputError(
      `"${cause}" is no kind of event here. There are: ${group.causes.map((one) => one.cause).join(", ")}.`,
    );
  }
  const at = indexOfTime(group.time, time);
  return at < 0 ? 0 : found.incidence[at];
}

function incidenceGroup(
  label: string,
  ids: readonly string[],
  counts: CauseCounts,
  { names }: Causes,
  z: number,
): IncidenceGroup {
  const { time, atRisk, events } = counts;
  const k = names.length;
  const survival = new Float64Array(time.length);
  const incidence = names.map(() => new Float64Array(time.length));
  let last = 1;
  for (let at = 0; at < time.length; at++) {
    let all = 0;
    for (let c = 0; c < k; c++) {
      const d = events[at * k + c];
      all += d;
      incidence[c][at] = (at === 0 ? 0 : incidence[c][at - 1]) + (last * d) / atRisk[at];
    }
    last *= (atRisk[at] - all) / atRisk[at];
    survival[at] = last;
  }
  const errors = jackknifeErrors(counts, k, survival, incidence);
  const causes = names.map((cause, c): Incidence => {
    const standardError = errors[c + 1];
    const lower = new Float64Array(time.length).fill(Number.NaN);
    const upper = lower.slice();
    for (let at = 0; at < time.length; at++) {
      const f = incidence[c][at];
      if (!(f > 0 && f < 1)) continue;
      const spread = (z * standardError[at]) / (f * Math.log(f));
      lower[at] = f ** Math.exp(-spread);
      upper[at] = f ** Math.exp(spread);
    }
    let total = 0;
    for (let at = 0; at < time.length; at++) total += events[at * k + c];
    const aalenError = aalenErrors(counts, k, c, incidence[c]);
    return { cause, events: total, incidence: incidence[c], standardError, aalenError, lower, upper };
  });
  return { label, n: ids.length, ids, time, atRisk, survival, survivalError: errors[0], causes };
}

/**
 * Root of the summed squares of each patient's influence, first on the survival, then on each incidence. All who are still
 * at risk share one influence; after leaving it only grows with the curves, so that three sums tell it for all who left.
 */
function jackknifeErrors(
  { time, atRisk, events, censored }: CauseCounts,
  k: number,
  survival: Float64Array,
  incidence: readonly Float64Array[],
): Float64Array[] {
  const errors = Array.from({ length: k + 1 }, () => new Float64Array(time.length));
  /** Influence of those at risk. */
  let s = 0;
  const f = new Float64Array(k);
  // Of those who left: survival's influence a·S(t), incidence's b + a·F(t). Sums of a², a·b and b².
  let aa = 0;
  const ab = new Float64Array(k);
  const bb = new Float64Array(k);
  const leave = (many: number, sOut: number, fOut: (c: number) => number, at: number): void => {
    if (many === 0) return;
    const a = survival[at] > 0 ? sOut / survival[at] : 0;
    aa += many * a * a;
    for (let c = 0; c < k; c++) {
      const b = fOut(c) - a * incidence[c][at];
      ab[c] += many * a * b;
      bb[c] += many * b * b;
    }
  };
  for (let at = 0; at < time.length; at++) {
    const n = atRisk[at];
    const before = at === 0 ? 1 : survival[at - 1];
    let all = 0;
    for (let c = 0; c < k; c++) all += events[at * k + c];
    const staying = (own: number): number => s * (1 - all / n) - (before * (own - all / n)) / n;
    // Influence on incidence c of a patient who has event `own` now (-1: none).
    const gaining = (own: number, c: number): number => {
      const rate = events[at * k + c] / n;
      return f[c] + s * rate + (before * ((own === c ? 1 : 0) - rate)) / n;
    };
    for (let own = 0; own < k; own++) {
      leave(events[at * k + own], staying(1), (c) => gaining(own, c), at);
    }
    const rest = staying(0);
    const next = Float64Array.from(f, (_, c) => gaining(-1, c));
    leave(censored[at], rest, (c) => next[c], at);
    s = rest;
    f.set(next);
    const left = n - all - censored[at];
    errors[0][at] = Math.sqrt(aa * survival[at] ** 2 + left * s * s);
    for (let c = 0; c < k; c++) {
      const F = incidence[c][at];
      const out = bb[c] + 2 * F * ab[c] + F * F * aa;
      errors[c + 1][at] = Math.sqrt(Math.max(0, out + left * f[c] * f[c]));
    }
  }
  return errors;
}

/** Aalen's formula for one cause, with the correction for ties of cmprsk; it changes only at events of the cause. */
function aalenErrors(
  { time, atRisk, events }: CauseCounts,
  k: number,
  c: number,
  incidence: Float64Array,
): Float64Array {
  const errors = new Float64Array(time.length);
  let survival = 1;
  // Sums of squares of (1 − F terms), mixed, and of 1 / S.
  let v1 = 0;
  let v2 = 0;
  let v3 = 0;
  let current = 0;
  for (let at = 0; at < time.length; at++) {
    const n = atRisk[at];
    const own = events[at * k + c];
    let all = 0;
    for (let other = 0; other < k; other++) all += events[at * k + other];
    const next = (survival * (n - all)) / n;
    const inverse = next > 0 ? 1 / next : 0;
    const F = incidence[at];
    const add = (many: number, weight: number): void => {
      const ties = many > 1 ? 1 - (many - 1) / (n - 1) : 1;
      const unit = (survival * survival * ties * many) / (n * n);
      v1 += weight * weight * unit;
      v2 += inverse * weight * unit;
      v3 += inverse * inverse * unit;
    };
    if (all - own > 0 && next > 0) add(all - own, F * inverse);
    if (own > 0) {
      add(own, 1 + F * inverse);
      current = v1 + F * F * v3 - 2 * F * v2;
    }
    errors[at] = Math.sqrt(Math.max(0, current));
    survival = next;
  }
  return errors;
}

function show({ unit, confidence, groups }: CumulativeIncidence): MimeBundle {
  const percent = formatNumber(confidence * 100, 4);
  return renderTable({
    title: `Cumulative incidence at the end of follow-up (${unit}), ${percent} % intervals`,
    header: ["group", "event", "n", "events", "incidence", `lower ${percent} %`, `upper ${percent} %`],
    rows: groups.flatMap(({ label, n, causes }) =>
      causes.map(({ cause, events, incidence, lower, upper }) => [
        label,
        cause,
        String(n),
        String(events),
        ...[incidence, lower, upper].map((values) => formatNumber(values[values.length - 1], 3)),
      ]),
    ),
  });
}
