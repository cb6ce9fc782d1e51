/**
 * Cumulative baseline hazard of a Cox model.
 *
 * Source: Breslow 1972; Efron 1977, doi:10.1080/01621459.1977.10480613.
 * Layer:  model; imports nothing but its own folder.
 */
import type { CoxMoment } from "./cox-moments.js";

/** Step function of one stratum: one entry per distinct time, ascending. */
export interface BaselineHazard {
  readonly stratum: string;
  readonly time: Float64Array;
  readonly cumulativeHazard: Float64Array;
}

/** @param labels  Names of the strata, in their order. */
export function baselineHazard(
  moments: readonly CoxMoment[],
  labels: readonly string[],
): readonly BaselineHazard[] {
  return labels.map((stratum, at) => {
    const own = moments.filter((moment) => moment.stratum === at);
    let sum = 0;
    const cumulativeHazard = Float64Array.from(own, (moment) => {
      sum += moment.hazard;
      return sum;
    });
    return { stratum, time: Float64Array.from(own, (moment) => moment.time), cumulativeHazard };
  });
}
