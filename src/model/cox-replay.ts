/**
 * The patients that a Cox model was fitted on, brought back into the form in which it was fitted.
 *
 * Layer:  model; imports nothing but its own folder.
 */
import { riskOrder } from "./cox-likelihood.js";
import type { CoxModel } from "./cox-model.js";
import { type CoxMoment, coxMoments } from "./cox-moments.js";
import { groupRows } from "./groups.js";
import { standardizeColumns } from "./standardize-columns.js";

/** The fit, seen again: on standardised columns. */
export interface CoxReplay {
  /** n × p, row-major: (value − mean) / deviation. */
  readonly matrix: Float64Array;
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
  /** Linear predictor of each patient; 0 at the model's centers. */
  readonly eta: Float64Array;
  /** How often each patient counts. */
  readonly weights: Float64Array;
  /** One per distinct time and stratum, of the standardised columns. */
  readonly moments: readonly CoxMoment[];
}

export function replay(model: CoxModel): CoxReplay {
  const { x, y, strata, weights } = model.training;
  const { matrix, mean, deviation } = standardizeColumns(x);
  const order = riskOrder(y.time, groupRows(y.ids, strata));
  const eta = model.predict(x).values;
  const moments = coxMoments(matrix, x.columns.length, y.time, y.event, order, model.ties, eta, weights);
  return { matrix, mean, deviation, eta, weights, moments };
}
