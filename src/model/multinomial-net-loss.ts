/**
 * The likelihood of several classes as a loss of the linear predictors, with weights of the patients.
 *
 * Layer:  model; imports nothing.
 */

/** Minus the weighted log likelihood, divided by the number of patients. Predictors are n × k, row-major. */
export class MultinomialLoss {
  readonly n: number;
  readonly k: number;
  /** Minus the derivative by each predictor, as the last `evaluate` left it. */
  readonly residual: Float64Array;
  readonly #codes: Uint32Array;
  readonly #weights: Float64Array;
  readonly #probability: Float64Array;

  /** @param weights  One per patient, with a mean of 1. */
  constructor(codes: Uint32Array, k: number, weights: Float64Array) {
    this.n = codes.length;
    this.k = k;
    this.#codes = codes;
    this.#weights = weights;
    this.residual = new Float64Array(this.n * k);
    this.#probability = new Float64Array(this.n * k);
  }

  evaluate(eta: Float64Array): number {
    const { n, k } = this;
    let total = 0;
    for (let row = 0; row < n; row++) {
      const start = row * k;
      let most = Number.NEGATIVE_INFINITY;
      for (let c = 0; c < k; c++) most = Math.max(most, eta[start + c]);
      let sum = 0;
      for (let c = 0; c < k; c++) sum += this.#probability[start + c] = Math.exp(eta[start + c] - most);
      const weight = this.#weights[row] / n;
      const own = this.#codes[row];
      let others = 0;
      for (let c = 0; c < k; c++) {
        this.#probability[start + c] /= sum;
        this.residual[start + c] = -weight * this.#probability[start + c];
        if (c !== own) others += this.#probability[start + c];
      }
      // 1 − p from the other classes: it keeps its digits where p is nearly 1.
      this.residual[start + own] = weight * others;
      total += weight * (Math.log(sum) - (eta[start + own] - most));
    }
    return total;
  }

  /**
   * Second derivatives by coefficients, at the predictors of the last `evaluate`.
   *
   * @param values  Values of the column of each coefficient, one after the other.
   * @param classes  Class of each coefficient.
   * @returns d × d, row-major.
   */
  curvature(values: readonly Float64Array[], classes: readonly number[]): Float64Array {
    const { n, k } = this;
    const d = values.length;
    const hessian = new Float64Array(d * d);
    const weighted = new Float64Array(n * k);
    for (let i = 0; i < d; i++) {
      const [x, c] = [values[i], classes[i]];
      // Weights of this column with each class, class after class.
      for (let row = 0; row < n; row++) {
        const p = this.#probability[row * k + c];
        const own = (this.#weights[row] / n) * p * x[row];
        for (let e = 0; e < k; e++)
          weighted[e * n + row] = own * ((e === c ? 1 : 0) - this.#probability[row * k + e]);
      }
      for (let j = 0; j <= i; j++) {
        const y = values[j];
        const from = classes[j] * n;
        let sum = 0;
        for (let row = 0; row < n; row++) sum += weighted[from + row] * y[row];
        hessian[i * d + j] = sum;
        hessian[j * d + i] = sum;
      }
    }
    return hessian;
  }
}
