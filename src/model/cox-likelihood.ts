/**
 * Partial likelihood of the Cox model with its gradient and information, ties by Efron or Breslow.
 *
 * Source: Cox 1972; Breslow 1974; Efron 1977, doi:10.1080/01621459.1977.10480613.
 * Layer:  model; imports nothing but the groups' type.
 */
import type { Group } from "./groups.js";

/** What is done about events at the same time. */
export type Ties = "efron" | "breslow";

/** Patients sorted by stratum, then from the last time to the first, so that risk sets only grow. */
export interface RiskOrder {
  /** Row of each sorted patient. */
  readonly rows: Uint32Array;
  /** First sorted position of each run of equal times, and past the last the number of patients. */
  readonly starts: Uint32Array;
  /** For each run, 1 if it opens a stratum. */
  readonly opens: Uint8Array;
}

/** @param strata  Every row in exactly one of them. */
export function riskOrder(time: Float64Array, strata: readonly Group[]): RiskOrder {
  const rows: number[] = [];
  const starts: number[] = [];
  const opens: number[] = [];
  for (const stratum of strata) {
    const sorted = Array.from(stratum.rows).sort((a, b) => time[b] - time[a]);
    sorted.forEach((row, at) => {
      if (at === 0 || time[row] !== time[sorted[at - 1]]) {
        starts.push(rows.length);
        opens.push(at === 0 ? 1 : 0);
      }
      rows.push(row);
    });
  }
  return {
    rows: Uint32Array.from(rows),
    starts: Uint32Array.from([...starts, rows.length]),
    opens: Uint8Array.from(opens),
  };
}

/** Likelihood at one set of coefficients. */
export interface CoxLikelihood {
  readonly logLikelihood: number;
  /** Length p. */
  readonly gradient: Float64Array;
  /** p × p, row-major: minus the second derivatives. */
  readonly information: Float64Array;
}

/**
 * @param x  n × p, row-major, centred columns.
 * @param event  1 or 0.
 * @param weights  How often each row counts; events at the same time share the mean of theirs with Efron's ties.
 * @param beta  Length p.
 * @returns Not finite where the risks span more than a double can hold.
 */
export function coxLikelihood(
  x: Float64Array,
  event: Uint8Array,
  order: RiskOrder,
  ties: Ties,
  weights: Float64Array,
  beta: Float64Array,
): CoxLikelihood {
  const p = beta.length;
  const { rows, starts, opens } = order;
  const eta = linearPredictor(x, beta);
  const shift = eta.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const gradient = new Float64Array(p);
  const information = new Float64Array(p * p);
  // Sums of risk, risk·x and risk·x·xᵀ (lower triangle) over all at risk, and over the events of one time.
  const all = new Float64Array(1 + p + p * p);
  const tied = new Float64Array(1 + p + p * p);
  let logLikelihood = 0;

  for (let run = 0; run + 1 < starts.length; run++) {
    if (opens[run] === 1) all.fill(0);
    tied.fill(0);
    let deaths = 0;
    let deathWeight = 0;
    for (let at = starts[run]; at < starts[run + 1]; at++) {
      const row = rows[at];
      const weight = weights[row];
      const risk = weight * Math.exp(eta[row] - shift);
      addMoments(all, x, row * p, p, risk);
      if (event[row] === 0) continue;
      deaths++;
      deathWeight += weight;
      addMoments(tied, x, row * p, p, risk);
      logLikelihood += weight * (eta[row] - shift);
      for (let j = 0; j < p; j++) gradient[j] += weight * x[row * p + j];
    }
    const weight = deathWeight / deaths;
    for (let death = 0; death < deaths; death++) {
      const part = ties === "efron" ? death / deaths : 0;
      logLikelihood -= subtractMean(all, tied, part, p, weight, gradient, information);
    }
  }
  for (let i = 0; i < p; i++) for (let j = 0; j < i; j++) information[j * p + i] = information[i * p + j];
  return { logLikelihood, gradient, information };
}

/** x · beta for each row. */
export function linearPredictor(x: Float64Array, beta: Float64Array): Float64Array {
  const p = beta.length;
  const eta = new Float64Array(x.length / p);
  for (let row = 0; row < eta.length; row++) {
    let sum = 0;
    for (let j = 0; j < p; j++) sum += x[row * p + j] * beta[j];
    eta[row] = sum;
  }
  return eta;
}

/** Adds one patient to sums of risk, risk·x and (lower triangle) risk·x·xᵀ. */
export function addMoments(
  sums: Float64Array,
  x: Float64Array,
  offset: number,
  p: number,
  risk: number,
): void {
  sums[0] += risk;
  for (let i = 0; i < p; i++) {
    const weighted = risk * x[offset + i];
    sums[1 + i] += weighted;
    const line = 1 + p + i * p;
    for (let j = 0; j <= i; j++) sums[line + j] += weighted * x[offset + j];
  }
}

/** Takes the mean over the risk set from the gradient, adds its variance to the information, returns the log of the risk; all times the weight. */
function subtractMean(
  all: Float64Array,
  tied: Float64Array,
  part: number,
  p: number,
  weight: number,
  gradient: Float64Array,
  information: Float64Array,
): number {
  const risk = all[0] - part * tied[0];
  for (let i = 0; i < p; i++) {
    const mean = (all[1 + i] - part * tied[1 + i]) / risk;
    gradient[i] -= weight * mean;
    const line = 1 + p + i * p;
    for (let j = 0; j <= i; j++) {
      const other = (all[1 + j] - part * tied[1 + j]) / risk;
      information[i * p + j] += weight * ((all[line + j] - part * tied[line + j]) / risk - mean * other);
    }
  }
  return weight * Math.log(risk);
}
