/**
 * The logistic likelihood as a loss of the linear predictor.
 *
 * Layer:  model; imports nothing but the loss's type.
 */
import type { Loss } from "./loss.js";

/** Minus the weighted log likelihood of a 0/1 outcome divided by the number of patients. */
export class LogisticLoss implements Loss {
  readonly rows: Uint32Array;
  readonly intercept = true;
  readonly saturated = 0;
  readonly residual: Float64Array;
  readonly #outcome: Uint8Array;
  readonly #probability: Float64Array;
  readonly #weight: Float64Array;
  /** What each patient counts for, with a mean of 1. */
  readonly #share: Float64Array;

  /**
   * @param outcome  1 or 0 of each row of the table.
   * @param rows  The patients to use.
   * @param weights  What each row of the table counts for, on any scale; all the same by default.
   */
  constructor(outcome: Uint8Array, rows: Uint32Array, weights?: Float64Array) {
    this.rows = rows;
    this.#outcome = Uint8Array.from(rows, (row) => outcome[row]);
    this.residual = new Float64Array(rows.length);
    this.#probability = new Float64Array(rows.length);
    this.#weight = new Float64Array(rows.length);
    this.#share = new Float64Array(rows.length).fill(1);
    if (weights === undefined) return;
    const total = rows.reduce((sum, row) => sum + weights[row], 0);
    for (let at = 0; at < rows.length; at++) this.#share[at] = (weights[rows[at]] * rows.length) / total;
  }

  evaluate(eta: Float64Array): number {
    const n = eta.length;
    const outcome = this.#outcome;
    const share = this.#share;
    let sum = 0;
    for (let at = 0; at < n; at++) {
      // Both tails keep their digits: the smaller of p and 1 − p is computed.
      const small = Math.exp(-Math.abs(eta[at]));
      const minor = small / (1 + small);
      const isPositive = eta[at] > 0;
      const agrees = isPositive === (outcome[at] === 1);
      sum += share[at] * (Math.log1p(small) + (agrees ? 0 : Math.abs(eta[at])));
      this.#probability[at] = isPositive ? 1 - minor : minor;
      const error = agrees ? minor : 1 / (1 + small);
      this.residual[at] = (share[at] * (outcome[at] === 1 ? error : -error)) / n;
    }
    return sum / n;
  }

  freeze(): void {
    const n = this.#weight.length;
    for (let at = 0; at < n; at++)
      this.#weight[at] = (this.#share[at] * this.#probability[at] * (1 - this.#probability[at])) / n;
  }

  curve(x: Float64Array, offset: number, out: Float64Array): void {
    const weight = this.#weight;
    for (let at = 0; at < weight.length; at++) out[at] = weight[at] * x[offset + at];
  }
}
