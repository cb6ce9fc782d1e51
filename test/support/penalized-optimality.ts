/** How far given coefficients are from the minimum of a penalised likelihood, by definition, patient by patient. */

/** What is minimised: average loss + λ Σ f (a |b| + (1 − a) b² / 2), on columns divided by `scale`. */
export interface PenalizedProblem {
  readonly columns: readonly Float64Array[];
  /** Coefficients of the columns as they are. */
  readonly coefficients: Float64Array;
  readonly scale: Float64Array;
  readonly lambda: number;
  readonly l1Ratio: number;
  readonly factors: Float64Array;
}

/** Standard deviation over n, or 1. */
export function scalesOf(columns: readonly Float64Array[], standardize: boolean): Float64Array {
  return Float64Array.from(columns, (column) => {
    if (!standardize) return 1;
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    return Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);
  });
}

/** Largest violation of the conditions of a minimum. @param residual  Derivative of the average log likelihood by each predictor. */
export function violation(problem: PenalizedProblem, residual: Float64Array): number {
  const { columns, coefficients, scale, lambda, l1Ratio, factors } = problem;
  return columns.reduce((most, column, j) => {
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    const unit = scale[j] as number;
    const gradient = column.reduce(
      (sum, value, row) => sum + ((value - mean) / unit) * (residual[row] as number),
      0,
    );
    const b = (coefficients[j] as number) * unit;
    const factor = factors[j] as number;
    const rest = gradient - lambda * factor * (1 - l1Ratio) * b;
    const limit = lambda * factor * l1Ratio;
    const miss = b === 0 ? Math.max(0, Math.abs(rest) - limit) : Math.abs(rest - limit * Math.sign(b));
    return Math.max(most, miss);
  }, 0);
}

/** x · b of each row. */
export function predictors(columns: readonly Float64Array[], coefficients: Float64Array): Float64Array {
  const eta = new Float64Array(columns[0]?.length ?? 0);
  columns.forEach((column, j) => {
    for (let row = 0; row < eta.length; row++)
      eta[row] = (eta[row] as number) + (coefficients[j] as number) * (column[row] as number);
  });
  return eta;
}

/** Derivative of Breslow's log partial likelihood / n by each linear predictor. */
export function breslowResidual(time: Float64Array, event: Uint8Array, eta: Float64Array): Float64Array {
  const n = time.length;
  return Float64Array.from(time, (own, row) => {
    let expected = 0;
    for (let other = 0; other < n; other++) {
      const t = time[other] as number;
      if (event[other] !== 1 || t > own) continue;
      // The share of this row in its risk set, as differences: predictors may lie thousands apart.
      const among = eta.reduce(
        (sum, value, k) => ((time[k] as number) >= t ? sum + Math.exp(value - (eta[row] as number)) : sum),
        0,
      );
      expected += 1 / among;
    }
    return ((event[row] as number) - expected) / n;
  });
}
