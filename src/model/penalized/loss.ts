/**
 * What a penalised regression fits: a smooth convex loss of the linear predictor of each patient.
 *
 * Layer:  model; imports nothing.
 */

/** Average negative log likelihood of the patients it was made for, in an order of its own. */
export interface Loss {
  /** Row of the table for each position. */
  readonly rows: Uint32Array;
  /** Whether the linear predictor has an intercept without penalty. */
  readonly intercept: boolean;
  /** Loss of the saturated model, which deviances are counted from. */
  readonly saturated: number;
  /** Minus the derivative by each linear predictor, as the last `evaluate` left it. */
  readonly residual: Float64Array;
  /**
   * @param eta  Linear predictor at each position.
   * @returns The loss; not finite where the predictors span more than a double can hold.
   */
  evaluate(eta: Float64Array): number;
  /** Keeps the second derivatives at the predictors of the last `evaluate`, for `curve`. */
  freeze(): void;
  /** Writes the kept second derivatives times the vector that starts at `offset` of `x`. */
  curve(x: Float64Array, offset: number, out: Float64Array): void;
}
