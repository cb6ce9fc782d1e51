/**
 * Partial likelihood of the subdistribution hazard: who had a competing event stays at risk, with a weight that falls as the
 * chance of still being watched does.
 *
 * Source: Fine & Gray 1999, doi:10.1080/01621459.1999.10474144; ties by Breslow, as R's cmprsk.
 * Layer:  model; imports its own folder.
 */
import { type CoxLikelihood, linearPredictor } from "./cox-likelihood.js";

/** Patients in the order of their times, and what weighs them. */
export interface Subdistribution {
  /** Rows by rising time. */
  readonly rows: Uint32Array;
  /** First position of each run of equal times, and past the last the number of patients. */
  readonly starts: Uint32Array;
  /** By row: 1 for an event of the cause, 2 for one of another, 0 if censored. */
  readonly kind: Uint8Array;
  /** By run: chance of being watched until just before its time. */
  readonly watched: Float64Array;
  /** By run: events of the cause. */
  readonly events: Float64Array;
}

/** Those at risk in each run: sums of their risks, and means of the columns weighted by them (runs × p). */
export interface RiskSets {
  readonly risk: Float64Array;
  readonly mean: Float64Array;
  /** By row: exp(linear predictor), up to the common factor exp(shift). */
  readonly own: Float64Array;
  readonly shift: number;
}

/** @param kind  As in `Subdistribution`. */
export function subdistribution(time: Float64Array, kind: Uint8Array): Subdistribution {
  const n = time.length;
  const rows = Uint32Array.from(time.keys()).sort((a, b) => time[a] - time[b] || a - b);
  const first = Array.from(rows.keys()).filter((at) => at === 0 || time[rows[at]] !== time[rows[at - 1]]);
  const starts = Uint32Array.from([...first, n]);
  const events = new Float64Array(first.length);
  const watched = new Float64Array(first.length);
  let g = 1;
  for (let run = 0; run < first.length; run++) {
    watched[run] = g;
    let censored = 0;
    for (let at = starts[run]; at < starts[run + 1]; at++) {
      if (kind[rows[at]] === 1) events[run]++;
      if (kind[rows[at]] === 0) censored++;
    }
    // As in cmprsk, who has an event at the time of a censoring still counts as watched.
    g *= 1 - censored / (n - starts[run]);
  }
  return { rows, starts, kind, watched, events };
}

/** @param x  n × p, row-major. */
export function riskSets(x: Float64Array, p: number, data: Subdistribution, eta: Float64Array): RiskSets {
  const { rows, starts, kind, watched } = data;
  const runs = watched.length;
  const shift = eta.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const own = eta.map((value) => Math.exp(value - shift));
  const risk = new Float64Array(runs);
  const mean = new Float64Array(runs * p);
  const sums = new Float64Array(1 + p);
  const addRun = (run: number, weight: (row: number) => number): void => {
    for (let at = starts[run]; at < starts[run + 1]; at++) {
      const value = weight(rows[at]);
      if (value === 0) continue;
      sums[0] += value;
      for (let j = 0; j < p; j++) sums[1 + j] += value * x[rows[at] * p + j];
    }
  };
  // From the last time to the first: those who are watched without an event.
  for (let run = runs - 1; run >= 0; run--) {
    addRun(run, (row) => own[row]);
    risk[run] = sums[0];
    for (let j = 0; j < p; j++) mean[run * p + j] = sums[1 + j];
  }
  // From the first to the last: those who had a competing event before.
  sums.fill(0);
  for (let run = 0; run < runs; run++) {
    risk[run] += watched[run] * sums[0];
    for (let j = 0; j < p; j++) {
      mean[run * p + j] = (mean[run * p + j] + watched[run] * sums[1 + j]) / risk[run];
    }
    addRun(run, (row) => (kind[row] === 2 ? own[row] / watched[run] : 0));
  }
  return { risk, mean, own, shift };
}

/**
 * @param x  n × p, row-major, centred columns.
 * @param beta  Length p.
 */
export function fineGrayLikelihood(
  x: Float64Array,
  data: Subdistribution,
  beta: Float64Array,
): CoxLikelihood {
  const p = beta.length;
  const { rows, kind, events } = data;
  const runs = events.length;
  const eta = linearPredictor(x, beta);
  const { risk, mean, own, shift } = riskSets(x, p, data, eta);
  const gradient = new Float64Array(p);
  const information = new Float64Array(p * p);
  let logLikelihood = 0;
  for (let run = 0; run < runs; run++) {
    const d = events[run];
    if (d === 0) continue;
    logLikelihood -= d * (Math.log(risk[run]) + shift);
    for (let i = 0; i < p; i++) {
      const center = mean[run * p + i];
      gradient[i] -= d * center;
      for (let j = 0; j <= i; j++) information[i * p + j] -= d * center * mean[run * p + j];
    }
  }
  const { during, after } = rowHazards(data, risk);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at];
    const offset = row * p;
    const isEvent = kind[row] === 1;
    if (isEvent) logLikelihood += eta[row];
    const weight = own[row] * (during[row] + after[row]);
    for (let i = 0; i < p; i++) {
      if (isEvent) gradient[i] += x[offset + i];
      const value = weight * x[offset + i];
      for (let j = 0; j <= i; j++) information[i * p + j] += value * x[offset + j];
    }
  }
  for (let i = 0; i < p; i++) for (let j = 0; j < i; j++) information[j * p + i] = information[i * p + j];
  return { logLikelihood, gradient, information };
}

/** The hazard, for a risk of exp(shift), that each row was under: while watched, and with its weights after a competing event. */
export function rowHazards(
  { rows, starts, kind, watched, events }: Subdistribution,
  risk: Float64Array,
): { readonly during: Float64Array; readonly after: Float64Array } {
  const runs = watched.length;
  const during = new Float64Array(rows.length);
  const after = new Float64Array(rows.length);
  let sum = 0;
  for (let run = 0; run < runs; run++) {
    if (events[run] > 0) sum += events[run] / risk[run];
    for (let at = starts[run]; at < starts[run + 1]; at++) during[rows[at]] = sum;
  }
  let rest = 0;
  for (let run = runs - 1; run >= 0; run--) {
    for (let at = starts[run]; at < starts[run + 1]; at++) {
      if (kind[rows[at]] === 2) after[rows[at]] = rest / watched[run];
    }
    if (events[run] > 0) rest += (watched[run] * events[run]) / risk[run];
  }
  return { during, after };
}
