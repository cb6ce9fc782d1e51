/**
 * What a fitted Cox model says at each distinct time: the step of the baseline hazard, and mean and covariance of the
 * covariates among those at risk, with the same rule for ties as the likelihood.
 *
 * Source: Breslow 1972; Efron 1977, doi:10.1080/01621459.1977.10480613.
 * Layer:  model; imports nothing but its own folder.
 */
import { addMoments, type RiskOrder, type Ties } from "./cox-likelihood.js";

/** One distinct time of one stratum. */
export interface CoxMoment {
  /** Position of the stratum. */
  readonly stratum: number;
  readonly time: number;
  /** Everybody whose time this is, and of them those with the event. */
  readonly rows: readonly number[];
  readonly deaths: readonly number[];
  /** Step of the cumulative hazard of a patient whose linear predictor is 0; its variance for known coefficients. */
  readonly hazard: number;
  readonly hazardVariance: number;
  /** The step as those see it who have the event at this very time (less than `hazard` with Efron's ties). */
  readonly deathHazard: number;
  /** Mean of each covariate over the risk set, averaged over the events of this time. */
  readonly mean: Float64Array;
  /** The same means, each times its part of `hazard`, summed. */
  readonly meanHazard: Float64Array;
  /** The same as those see it who have the event at this very time. */
  readonly deathMeanHazard: Float64Array;
  /** Covariance of the covariates over the risk set, summed over the events of this time with their weights; p × p, row-major. */
  readonly covariance: Float64Array;
}

/**
 * @param x  n × p, row-major.
 * @param eta  Linear predictor of each row.
 * @param weights  How often each row counts.
 * @returns By stratum, then by ascending time.
 */
export function coxMoments(
  x: Float64Array,
  p: number,
  time: Float64Array,
  event: Uint8Array,
  order: RiskOrder,
  ties: Ties,
  eta: Float64Array,
  weights: Float64Array,
): readonly CoxMoment[] {
  const shift = eta.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const unit = Math.exp(-shift);
  const { rows, starts, opens } = order;
  const all = new Float64Array(1 + p + p * p);
  const tied = new Float64Array(1 + p + p * p);
  const strata: CoxMoment[][] = [];
  for (let run = 0; run + 1 < starts.length; run++) {
    if (opens[run] === 1) {
      strata.push([]);
      all.fill(0);
    }
    tied.fill(0);
    const members = Array.from(rows.subarray(starts[run], starts[run + 1]));
    const deaths = members.filter((row) => event[row] === 1);
    for (const row of members) {
      const risk = weights[row] * Math.exp(eta[row] - shift);
      addMoments(all, x, row * p, p, risk);
      if (event[row] === 1) addMoments(tied, x, row * p, p, risk);
    }
    const stratum = strata.length - 1;
    const weight = deaths.reduce((sum, row) => sum + weights[row], 0) / deaths.length;
    const sums = momentSums(all, tied, p, deaths.length, weight, ties, unit);
    strata[stratum].push({ stratum, time: time[members[0]], rows: members, deaths, ...sums });
  }
  return strata.flatMap((moments) => moments.reverse());
}

type MomentSums = Omit<CoxMoment, "stratum" | "time" | "rows" | "deaths">;

function momentSums(
  all: Float64Array,
  tied: Float64Array,
  p: number,
  deaths: number,
  weight: number,
  ties: Ties,
  unit: number,
): MomentSums {
  let hazard = 0;
  let hazardVariance = 0;
  let deathHazard = 0;
  const mean = new Float64Array(p);
  const meanHazard = new Float64Array(p);
  const deathMeanHazard = new Float64Array(p);
  const covariance = new Float64Array(p * p);
  const center = new Float64Array(p);
  for (let death = 0; death < deaths; death++) {
    const part = ties === "efron" ? death / deaths : 0;
    const risk = all[0] - part * tied[0];
    const step = (weight * unit) / risk;
    hazard += step;
    hazardVariance += (step * unit) / risk;
    deathHazard += (1 - part) * step;
    for (let i = 0; i < p; i++) {
      center[i] = (all[1 + i] - part * tied[1 + i]) / risk;
      mean[i] += center[i] / deaths;
      meanHazard[i] += center[i] * step;
      deathMeanHazard[i] += (1 - part) * center[i] * step;
      const line = 1 + p + i * p;
      for (let j = 0; j <= i; j++) {
        covariance[i * p + j] +=
          weight * ((all[line + j] - part * tied[line + j]) / risk - center[i] * center[j]);
      }
    }
  }
  for (let i = 0; i < p; i++) for (let j = 0; j < i; j++) covariance[j * p + i] = covariance[i * p + j];
  return { hazard, hazardVariance, deathHazard, mean, meanHazard, deathMeanHazard, covariance };
}
