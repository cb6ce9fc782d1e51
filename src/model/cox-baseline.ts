/**
 * Cumulative baseline hazard of a Cox model, with the same rule for ties as its likelihood.
 *
 * Source: Breslow 1972; Efron 1977, doi:10.1080/01621459.1977.10480613.
 * Layer:  model; imports core.
 */
import type { RiskOrder, Ties } from "./cox-likelihood.js";

/** Step function of one stratum: one entry per distinct time, ascending. */
export interface BaselineHazard {
  readonly stratum: string;
  readonly time: Float64Array;
  readonly cumulativeHazard: Float64Array;
}

/**
 * @param eta  Linear predictor of each row; the hazard is that of a patient with 0.
 * @param labels  Names of the strata, in the order of `order`.
 */
export function baselineHazard(
  time: Float64Array,
  event: Uint8Array,
  order: RiskOrder,
  ties: Ties,
  eta: Float64Array,
  labels: readonly string[],
): readonly BaselineHazard[] {
  const { rows, starts, opens } = order;
  const shift = eta.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const strata: { times: number[]; steps: number[] }[] = [];
  let atRisk = 0;
  for (let run = 0; run + 1 < starts.length; run++) {
    if (opens[run] === 1) {
      strata.push({ times: [], steps: [] });
      atRisk = 0;
    }
    let tied = 0;
    let deaths = 0;
    for (let at = starts[run]; at < starts[run + 1]; at++) {
      const risk = Math.exp(eta[rows[at]] - shift);
      atRisk += risk;
      if (event[rows[at]] === 0) continue;
      tied += risk;
      deaths++;
    }
    let step = 0;
    for (let death = 0; death < deaths; death++) {
      step += 1 / (atRisk - (ties === "efron" ? (death / deaths) * tied : 0));
    }
    const stratum = strata[strata.length - 1];
    stratum.times.push(time[rows[starts[run]]]);
    stratum.steps.push(step * Math.exp(-shift));
  }
  return strata.map(({ times, steps }, at) => ({
    stratum: labels[at],
    time: Float64Array.from(times.reverse()),
    cumulativeHazard: runningSum(steps.reverse()),
  }));
}

function runningSum(steps: readonly number[]): Float64Array {
  let sum = 0;
  return Float64Array.from(steps, (step) => {
    sum += step;
    return sum;
  });
}
