/**
 * One Kaplan–Meier curve and what is read off it.
 *
 * Layer:  model; imports core, table (types).
 */
import { InputError } from "../core/errors.js";
import type { CaseWeights } from "./case-weights.js";
import {
  countByTime,
  countWeighted,
  type EventTimes,
  indexOfTime,
  type WeightedEventTimes,
} from "./event-times.js";
import { robustErrors, robustMeanVariance } from "./kaplan-meier-robust.js";
import { type SurvivalInterval, survivalLimits } from "./survival-interval.js";

/** How a curve is estimated. */
export interface CurveOptions {
  readonly label: string;
  /** Of all patients, those of other groups too: `rows` says which are meant. */
  readonly ids: readonly string[];
  /** Normal quantile of the interval. */
  readonly z: number;
  readonly interval: SurvivalInterval;
  readonly weights: CaseWeights | null;
}

/** Patients whose watching ended at one time. */
export interface LeavingPatients {
  readonly event: readonly string[];
  readonly censored: readonly string[];
}

/** The curve at chosen times. */
export interface CurvePoint {
  readonly time: number;
  readonly atRisk: number;
  readonly survival: number;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
}

/** A time with its confidence limits; NaN where the curve does not fall far enough. */
export interface SurvivalQuantile {
  readonly time: number;
  readonly lower: number;
  readonly upper: number;
}

/** Area under the curve up to `until`. */
export interface RestrictedMean {
  readonly until: number;
  readonly mean: number;
  readonly standardError: number;
}

/** R calls two survival probabilities equal when they differ by less than this. */
const SAME = 1.4901161193847656e-8;

/** One entry per distinct time; the curve starts at (0, 1). NaN where a limit does not exist. */
export class KaplanMeierCurve implements EventTimes {
  readonly label: string;
  /** Number of patients. */
  readonly n: number;
  /** This and the counts at each time are sums of the weights, if there are weights. */
  readonly events: number;
  readonly time: Float64Array;
  readonly atRisk: Float64Array;
  readonly event: Float64Array;
  readonly censored: Float64Array;
  readonly survival: Float64Array;
  /** Standard error of the survival probability, Greenwood's, or robust with weights that are not whole; NaN where it is 0. */
  readonly standardError: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Nelson–Aalen estimate of the cumulative hazard, and its standard error. */
  readonly cumulativeHazard: Float64Array;
  readonly cumulativeHazardError: Float64Array;
  /** Time at which half have had the event, by R's rule: the middle of a flat piece at exactly one half. */
  readonly median: number;
  readonly medianLower: number;
  readonly medianUpper: number;
  readonly #patients: () => readonly string[];
  readonly #leaving: () => readonly LeavingPatients[];
  /** What robust errors are made of; null where they are not. */
  readonly #weighted: WeightedEventTimes | null;

  constructor(
    time: Float64Array,
    event: Uint8Array,
    rows: Uint32Array,
    { label, ids, z, interval, weights }: CurveOptions,
  ) {
    // Only figures ask for them: curves are estimated many times over in a bootstrap.
    this.#patients = () =>
      Array.from(rows)
        .sort((a, b) => time[a] - time[b] || event[b] - event[a] || a - b)
        .map((row) => ids[row]);
    this.#leaving = () => {
      const leaving = Array.from(this.time, () => ({ event: [] as string[], censored: [] as string[] }));
      for (const row of rows) {
        const { event: died, censored } = leaving[indexOfTime(this.time, time[row])];
        (event[row] === 1 ? died : censored).push(ids[row]);
      }
      return leaving;
    };
    const weighted = weights === null ? null : countWeighted(time, event, rows, weights.values);
    const counts = weighted ?? countByTime(time, event, rows);
    const length = counts.time.length;
    this.#weighted = weights?.isFrequency === false ? weighted : null;
    const robust = this.#weighted === null ? null : robustErrors(this.#weighted);
    this.label = label;
    this.n = rows.length;
    this.time = counts.time;
    this.atRisk = counts.atRisk;
    this.event = counts.event;
    this.censored = counts.censored;
    this.survival = new Float64Array(length);
    this.standardError = new Float64Array(length);
    this.lower = new Float64Array(length);
    this.upper = new Float64Array(length);
    this.cumulativeHazard = new Float64Array(length);
    this.cumulativeHazardError = new Float64Array(length);
    let events = 0;
    let survival = 1;
    let greenwood = 0;
    let hazard = 0;
    let hazardVariance = 0;
    let logError = 0;
    const limits = new Float64Array(2);
    for (let at = 0; at < length; at++) {
      const n = counts.atRisk[at];
      const d = counts.event[at];
      events += d;
      // Nothing changes where patients are only censored.
      if (d > 0 || at === 0) {
        survival *= (n - d) / n;
        greenwood += d / (n * (n - d));
        hazard += d / n;
        hazardVariance += d / (n * n);
        logError = robust === null ? Math.sqrt(greenwood) : robust.logSurvival[at];
        survivalLimits(survival, logError, z, interval, limits);
      }
      this.survival[at] = survival;
      this.standardError[at] = logError * survival;
      this.lower[at] = limits[0];
      this.upper[at] = limits[1];
      this.cumulativeHazard[at] = hazard;
      this.cumulativeHazardError[at] = robust === null ? Math.sqrt(hazardVariance) : robust.hazard[at];
    }
    this.events = events;
    const median = this.quantile(0.5);
    this.median = median.time;
    this.medianLower = median.lower;
    this.medianUpper = median.upper;
  }

  /** The `n` patients in the order in which they left: by time, at equal times those with the event first. */
  get ids(): readonly string[] {
    return this.#patients();
  }

  /** Who had the event and who was censored at each entry of `time`. */
  get leaving(): readonly LeavingPatients[] {
    return this.#leaving();
  }

  /** The curve at chosen times: before the first entry it is 1, after the last it stays. @throws InputError on a negative or infinite time. */
  at(times: readonly number[]): readonly CurvePoint[] {
    return times.map((time) => {
      if (!(time >= 0 && Number.isFinite(time))) {
        throw new InputError(`times must be finite and not negative, found ${time}.`);
      }
      const last = indexOfTime(this.time, time);
      const next = last >= 0 && this.time[last] === time ? last : last + 1;
      const atRisk = next < this.time.length ? this.atRisk[next] : 0;
      if (last < 0) return { time, atRisk, survival: 1, standardError: 0, lower: 1, upper: 1 };
      return {
        time,
        atRisk,
        survival: this.survival[last],
        standardError: this.standardError[last],
        lower: this.lower[last],
        upper: this.upper[last],
      };
    });
  }

  /** Time by which a share `p` of the patients have had the event. @throws InputError unless p lies in (0, 1). */
  quantile(p: number): SurvivalQuantile {
    if (!(p > 0 && p < 1)) throw new InputError(`a quantile's p must lie between 0 and 1, found ${p}.`);
    return {
      time: crossing(this.time, this.survival, 1 - p),
      lower: crossing(this.time, this.lower, 1 - p),
      upper: crossing(this.time, this.upper, 1 - p),
    };
  }

  /** Mean time without event within the first `until`; beyond the last entry the curve is kept at its last value. */
  restrictedMean(until: number): RestrictedMean {
    if (!(until > 0 && Number.isFinite(until))) {
      throw new InputError(`a restricted mean needs a positive, finite time, found ${until}.`);
    }
    const steps = indexOfTime(this.time, until) + 1;
    let area = 0;
    let variance = 0;
    for (let at = steps - 1; at >= 0; at--) {
      const end = at + 1 < steps ? this.time[at + 1] : until;
      area += (end - this.time[at]) * this.survival[at];
      const n = this.atRisk[at];
      const d = this.event[at];
      if (n > d) variance += (area * area * d) / (n * (n - d));
    }
    if (this.#weighted !== null) variance = robustMeanVariance(this.#weighted, this.survival, until);
    const first = steps > 0 ? this.time[0] : until;
    return { until, mean: first + area, standardError: Math.sqrt(variance) };
  }
}

/**
 * Time at which a falling step function reaches `level`; the middle of a flat piece at exactly that level, which at the
 * end of the curve lasts until the last patient. A confidence limit can rise again: then the entry nearest below the
 * level counts, as in R's `quantile.survfit`.
 */
function crossing(time: Float64Array, curve: Float64Array, level: number): number {
  const end = time.length - 1;
  const reached = nearestBelow(curve, level + SAME);
  const passed = nearestBelow(curve, level - SAME);
  if (Math.abs(curve[end] - level) < SAME) return (time[reached] + time[end]) / 2;
  return passed < 0 ? Number.NaN : (time[reached] + time[passed]) / 2;
}

/** First entry of the highest value that is not above `level`, or -1; NaN entries do not count. */
function nearestBelow(curve: Float64Array, level: number): number {
  let found = -1;
  for (let at = 0; at < curve.length; at++) {
    if (curve[at] <= level && (found < 0 || curve[at] > curve[found])) found = at;
  }
  return found;
}
