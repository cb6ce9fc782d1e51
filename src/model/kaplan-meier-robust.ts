/**
 * Robust errors of a weighted Kaplan–Meier curve: the infinitesimal jackknife, which holds for sampling weights too.
 *
 * A patient moves ln S by what their own event takes from it, less their part in all risk sets that they were in; the
 * squares of these, times the weights, are summed.
 *
 * Source: Therneau & Grambsch, Modeling Survival Data, 2000, section 7; R's `survfit` with weights that are not whole.
 * Layer:  model; imports nothing but its own folder.
 */
import { indexOfTime, type WeightedEventTimes } from "./event-times.js";

/** Standard errors at each time. */
export interface RobustErrors {
  /** Of ln S; not finite where S is 0. */
  readonly logSurvival: Float64Array;
  /** Of the cumulative hazard. */
  readonly hazard: Float64Array;
}

export function robustErrors(counts: WeightedEventTimes): RobustErrors {
  const { time, atRisk, event } = counts;
  const logSurvival = new Float64Array(time.length);
  const hazard = new Float64Array(time.length);
  const ofLog = new JackknifeSum(counts);
  const ofHazard = new JackknifeSum(counts);
  for (let at = 0; at < time.length; at++) {
    const n = atRisk[at];
    const d = event[at];
    const alive = n - d;
    ofLog.pass(at, d / (n * alive), 1 / alive);
    ofHazard.pass(at, d / (n * n), 1 / n);
    logSurvival[at] = Math.sqrt(ofLog.variance);
    hazard[at] = Math.sqrt(ofHazard.variance);
  }
  return { logSurvival, hazard };
}

/** Variance of the area under the curve up to `until`. */
export function robustMeanVariance(
  counts: WeightedEventTimes,
  survival: Float64Array,
  until: number,
): number {
  const { time, atRisk, event } = counts;
  const steps = indexOfTime(time, until) + 1;
  const area = new Float64Array(steps + 1);
  for (let at = steps - 1; at >= 0; at--) {
    const end = at + 1 < steps ? time[at + 1] : until;
    area[at] = area[at + 1] + (end - time[at]) * survival[at];
  }
  const sum = new JackknifeSum(counts);
  for (let at = 0; at < steps; at++) {
    const alive = atRisk[at] - event[at];
    // Behind a curve that has come down to 0 there is no area left to lose.
    const lost = alive > 0 ? area[at] / alive : 0;
    sum.pass(at, (lost * event[at]) / atRisk[at], lost);
  }
  return sum.variance;
}

/** Squared influence of all patients while time passes: of those who have left, and of those still at risk. */
class JackknifeSum {
  readonly #counts: WeightedEventTimes;
  #left = 0;
  /** What everybody still at risk has taken part in. */
  #shared = 0;
  /** Squared weights of those still at risk after each time. */
  readonly #remaining: Float64Array;
  #at = 0;

  constructor(counts: WeightedEventTimes) {
    this.#counts = counts;
    const { eventSquares, censoredSquares } = counts;
    this.#remaining = new Float64Array(eventSquares.length);
    for (let at = eventSquares.length - 1; at > 0; at--) {
      this.#remaining[at - 1] = this.#remaining[at] + eventSquares[at] + censoredSquares[at];
    }
  }

  /**
   * @param shared  What being at risk at this time counts for.
   * @param own  What having the event at this time counts for.
   */
  pass(at: number, shared: number, own: number): void {
    const { event, eventSquares, censoredSquares } = this.#counts;
    if (event[at] > 0) {
      this.#shared += shared;
      this.#left += eventSquares[at] * (own - this.#shared) ** 2;
    }
    this.#left += censoredSquares[at] * this.#shared ** 2;
    this.#at = at;
  }

  get variance(): number {
    return this.#left + this.#shared ** 2 * this.#remaining[this.#at];
  }
}
