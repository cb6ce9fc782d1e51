/**
 * Cox's partial likelihood as a loss of the linear predictor, ties by Breslow. Gradient and curvature in O(n).
 *
 * Source: Breslow 1974; Simon, Friedman, Hastie & Tibshirani 2011, doi:10.18637/jss.v039.i05.
 * Layer:  model; imports nothing but the loss's type.
 */
import type { Loss } from "./loss.js";

/** Minus the log partial likelihood divided by the number of patients, or by the sum of their weights. */
export class CoxLoss implements Loss {
  /** From the last time to the first, so that risk sets only grow. */
  readonly rows: Uint32Array;
  readonly intercept = false;
  /** Σ d log d over the times with d events (or such a weight of events), divided as the loss. */
  readonly saturated: number;
  readonly residual: Float64Array;
  /** Number of patients, or the sum of their weights. */
  readonly #total: number;
  readonly #weight: Float64Array;
  /** The weight or 0 at each position. */
  readonly #event: Float64Array;
  /** First position of each run of equal times, and past the last the number of patients. */
  readonly #starts: Uint32Array;
  /** Events of each run, with their weights. */
  readonly #deaths: Float64Array;
  /** Weight times exp(eta) up to a common factor, and its sum over those at risk in each run. */
  readonly #risk: Float64Array;
  readonly #atRisk: Float64Array;
  /** Cumulative hazard at each position. */
  readonly #hazard: Float64Array;
  readonly #kept: { readonly risk: Float64Array; readonly atRisk: Float64Array; readonly own: Float64Array };
  /** Mean of a vector over those at risk in each run. */
  readonly #mean: Float64Array;

  /**
   * @param rows  The patients to use, in any order.
   * @param weights  Of every row of the table, positive; default 1 for each.
   */
  constructor(time: Float64Array, event: Uint8Array, rows: Uint32Array, weights: Float64Array | null = null) {
    const n = rows.length;
    this.rows = rows.slice().sort((a, b) => time[b] - time[a] || a - b);
    this.#weight =
      weights === null ? new Float64Array(n).fill(1) : Float64Array.from(this.rows, (row) => weights[row]);
    this.#total = weights === null ? n : this.#weight.reduce((sum, weight) => sum + weight, 0);
    this.#event = this.#weight.map((weight, at) => weight * event[this.rows[at]]);
    const starts: number[] = [];
    for (let at = 0; at < n; at++) {
      if (at === 0 || time[this.rows[at]] !== time[this.rows[at - 1]]) starts.push(at);
    }
    const runs = starts.length;
    this.#starts = Uint32Array.from([...starts, n]);
    this.#deaths = new Float64Array(runs);
    for (let run = 0; run < runs; run++) {
      for (let at = this.#starts[run]; at < this.#starts[run + 1]; at++) this.#deaths[run] += this.#event[at];
    }
    this.saturated = this.#deaths.reduce(
      (sum, d) => (d > 0 ? sum + (d * Math.log(d)) / this.#total : sum),
      0,
    );
    this.residual = new Float64Array(n);
    this.#risk = new Float64Array(n);
    this.#hazard = new Float64Array(n);
    this.#atRisk = new Float64Array(runs);
    this.#kept = {
      risk: new Float64Array(n),
      atRisk: new Float64Array(runs),
      own: new Float64Array(n),
    };
    this.#mean = new Float64Array(runs);
  }

  evaluate(eta: Float64Array): number {
    const n = eta.length;
    const starts = this.#starts;
    const deaths = this.#deaths;
    const risk = this.#risk;
    const event = this.#event;
    const weight = this.#weight;
    const total = this.#total;
    let shift = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < n; at++) if (eta[at] > shift) shift = eta[at];
    let sum = 0;
    let logLikelihood = 0;
    for (let run = 0; run < deaths.length; run++) {
      for (let at = starts[run]; at < starts[run + 1]; at++) {
        risk[at] = weight[at] * Math.exp(eta[at] - shift);
        sum += risk[at];
        if (event[at] > 0) logLikelihood += event[at] * (eta[at] - shift);
      }
      this.#atRisk[run] = sum;
      if (deaths[run] > 0) logLikelihood -= deaths[run] * Math.log(sum);
    }
    let hazard = 0;
    for (let run = deaths.length - 1; run >= 0; run--) {
      if (deaths[run] > 0) hazard += deaths[run] / this.#atRisk[run];
      for (let at = starts[run]; at < starts[run + 1]; at++) {
        this.#hazard[at] = hazard;
        this.residual[at] = (event[at] - risk[at] * hazard) / total;
      }
    }
    return -logLikelihood / total;
  }

  freeze(): void {
    const { risk, atRisk, own } = this.#kept;
    risk.set(this.#risk);
    atRisk.set(this.#atRisk);
    for (let at = 0; at < risk.length; at++) own[at] = (risk[at] * this.#hazard[at]) / this.#total;
  }

  curve(x: Float64Array, offset: number, out: Float64Array): void {
    const { risk, atRisk, own } = this.#kept;
    const total = this.#total;
    const starts = this.#starts;
    const deaths = this.#deaths;
    const mean = this.#mean;
    let sum = 0;
    for (let run = 0; run < deaths.length; run++) {
      for (let at = starts[run]; at < starts[run + 1]; at++) sum += risk[at] * x[offset + at];
      mean[run] = sum / atRisk[run];
    }
    let shared = 0;
    for (let run = deaths.length - 1; run >= 0; run--) {
      if (deaths[run] > 0) shared += ((deaths[run] / atRisk[run]) * mean[run]) / total;
      for (let at = starts[run]; at < starts[run + 1]; at++)
        out[at] = own[at] * x[offset + at] - risk[at] * shared;
    }
  }
}
