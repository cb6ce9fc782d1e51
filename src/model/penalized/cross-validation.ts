/**
 * How well each penalty of a path predicts patients who were held out, and which penalty that speaks for.
 *
 * Source: the definitions of glmnet's `cv.glmnet`.
 * Layer:  model; imports nothing.
 */

/** One score per penalty, averaged over the folds. */
export interface CrossValidation {
  /** What was measured, e.g. "partial likelihood deviance". */
  readonly measure: string;
  readonly lambdas: Float64Array;
  /** Mean over the folds, weighted by how much each fold knows. */
  readonly mean: Float64Array;
  readonly standardError: Float64Array;
  /** Penalty with the best mean; the largest of them if there are several. */
  readonly lambdaMin: number;
  /** Largest penalty whose mean is within one standard error of the best. */
  readonly lambda1se: number;
  /** Score of each fold at each penalty, and the weight of the fold. */
  readonly folds: readonly FoldScore[];
}

export interface FoldScore {
  readonly label: string;
  readonly weight: number;
  readonly scores: Float64Array;
}

/**
 * @param lambdas  Falling.
 * @param isError  Whether a lower score is better.
 */
export function summarizeFolds(
  measure: string,
  lambdas: Float64Array,
  folds: readonly FoldScore[],
  isError: boolean,
): CrossValidation {
  const total = folds.reduce((sum, fold) => sum + fold.weight, 0);
  const mean = lambdas.map(
    (_, k) => folds.reduce((sum, { weight, scores }) => sum + weight * scores[k], 0) / total,
  );
  const standardError = lambdas.map((_, k) => {
    const square =
      folds.reduce((sum, { weight, scores }) => sum + weight * (scores[k] - mean[k]) ** 2, 0) / total;
    return Math.sqrt(square / (folds.length - 1));
  });
  const cost = isError ? mean : mean.map((value) => -value);
  let best = 0;
  for (let k = 1; k < cost.length; k++) if (cost[k] < cost[best]) best = k;
  const within = cost.findIndex((value) => value <= cost[best] + standardError[best]);
  return {
    measure,
    lambdas,
    mean,
    standardError,
    lambdaMin: lambdas[best],
    lambda1se: lambdas[within],
    folds,
  };
}
