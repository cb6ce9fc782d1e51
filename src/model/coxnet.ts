/**
 * Cox regression with lasso, ridge or elastic-net penalty: the whole path, cross-validated.
 *
 * Source: Simon, Friedman, Hastie & Tibshirani 2011, doi:10.18637/jss.v039.i05; definitions as in R's glmnet, ties by
 *         Breslow.
 * Layer:  model; imports core, table.
 */
import { InputError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import { checkSameIds } from "../table/ids.js";
import { Scores } from "../table/scores.js";
import type { SurvivalData } from "../table/survival-data.js";
import { type WeightOptions, weightsOf } from "./case-weights.js";
import { concordance } from "./concordance.js";
import { CoxNetModel } from "./coxnet-model.js";
import type { Estimator } from "./estimator.js";
import { CoxLoss } from "./penalized/cox-loss.js";
import { fitElasticNet, type NetKind } from "./penalized/elastic-net.js";
import { type Fold, foldsOf } from "./penalized/folds.js";
import { NetPath, penaltyOf } from "./penalized/net-path.js";
import { checkElasticNet, type ElasticNetOptions } from "./penalized/options.js";

/** How a fold is judged by a model that was fitted without it. */
export const COX_NET_MEASURES = ["deviance", "deviance-within-fold", "concordance"] as const;

export type CoxNetMeasure = (typeof COX_NET_MEASURES)[number];

export interface CoxNetOptions extends ElasticNetOptions, WeightOptions {
  /**
   * "deviance" (default, glmnet's grouped): what the fold adds to the deviance of all patients, per event;
   * "deviance-within-fold": the deviance of the fold on its own, per event; "concordance": Harrell's, of the fold.
   */
  readonly measure?: CoxNetMeasure;
}

/** A recipe for Cox regression with a penalty. */
export type CoxNetEstimator = Estimator<SurvivalData, CoxNetModel>;

/**
 * Recipe for Cox regression with an elastic-net penalty, for more columns than patients too. Constant columns get the
 * coefficient 0. `weights` are glmnet's: λ weighs the penalty against the weighted average log likelihood, columns are
 * standardised with weights, and folds count by the weight of their events.
 *
 * `fit` throws InputError on mismatched ids, missing values, no event, or a fold without events; NumericalError if no
 * column informs about the hazard, or the penalty is too weak to keep a coefficient finite.
 *
 * @example
 * const fitted = model.coxnet({ folds: 5, seed: 7 }).fit(train.x, train.y);
 * fitted.covariates; // what the lasso kept at λ.min
 * fitted.at("1se").predict(test.x);
 */
export function coxnet(options: CoxNetOptions = {}): CoxNetEstimator {
  checkElasticNet(options);
  const { measure = "deviance" } = options;
  if (!COX_NET_MEASURES.includes(measure)) {
    throw new InputError(
      `measure must be one of ${COX_NET_MEASURES.join(", ")}, found "${String(measure)}".`,
    );
  }
  return { fit: (x, y) => fitCoxNet(x, y, measure, options) };
}

function fitCoxNet(
  x: FeatureTable,
  y: SurvivalData,
  measure: CoxNetMeasure,
  options: CoxNetOptions,
): CoxNetModel {
  checkSameIds(y.ids, x.ids, "the follow-up", "the table of covariates");
  if (y.events === 0) {
    throw new InputError(
      `none of ${y.length} patients has the event: there is nothing to fit. Check the event column.`,
    );
  }
  const folds = foldsOf(y.ids, y.event, options);
  for (const fold of folds) checkFold(y, fold);
  const found = fitElasticNet(x, coxKind(y, measure, options.weights), folds, options);
  const { crossValidation } = found;
  const lambda = crossValidation === null ? null : penaltyOf(options.choose ?? "min", crossValidation);
  const columns = x.columns.map(({ name, unit }) => ({ name, unit }));
  return new CoxNetModel({
    path: new NetPath(columns, found.solutions, found.nullDeviance),
    crossValidation,
    l1Ratio: options.l1Ratio ?? 1,
    n: y.length,
    events: y.events,
    lambda,
  });
}

function checkFold(y: SurvivalData, { label, held, train }: Fold): void {
  for (const [rows, which] of [
    [held, "fold"],
    [train, "training part of fold"],
  ] as const) {
    if (rows.some((row) => y.event[row] === 1)) continue;
    throw new InputError(`${which} ${label} has ${rows.length} patients and no event. Use fewer folds.`);
  }
}

function coxKind(y: SurvivalData, measure: CoxNetMeasure, given: Scores | undefined): NetKind {
  const weights = weightsOf(y.ids, given)?.values ?? null;
  const weightOf = (row: number): number => (weights === null ? 1 : weights[row]);
  const eventsOf = (fold: Fold): number =>
    fold.held.reduce((sum, row) => sum + weightOf(row) * y.event[row], 0);
  const loss = (rows: Uint32Array): CoxLoss => new CoxLoss(y.time, y.event, rows, weights);
  const deviance = (rows: Uint32Array): ((eta: Float64Array) => number) => {
    const own = loss(rows);
    const total = rows.reduce((sum, row) => sum + weightOf(row), 0);
    return (eta) =>
      2 * total * (own.evaluate(Float64Array.from(own.rows, (row) => eta[row])) - own.saturated);
  };
  if (measure === "concordance") {
    const scorer = ({ held }: Fold): ((eta: Float64Array) => number) => {
      const ids = Array.from(held, (row) => y.ids[row]);
      const own = y.pick(ids);
      return (eta) =>
        concordance(
          own,
          new Scores(
            ids,
            Float64Array.from(held, (row) => eta[row]),
          ),
          given === undefined ? {} : { weights: given },
        ).c;
    };
    return { loss, weights, measure: "concordance", isError: false, weight: eventsOf, scorer };
  }
  const all = deviance(Uint32Array.from(y.ids, (_, row) => row));
  const scorer = (fold: Fold): ((eta: Float64Array) => number) => {
    const events = eventsOf(fold);
    if (measure === "deviance-within-fold") {
      const held = deviance(fold.held);
      return (eta) => held(eta) / events;
    }
    const train = deviance(fold.train);
    return (eta) => (all(eta) - train(eta)) / events;
  };
  return { loss, weights, measure: "partial likelihood deviance", isError: true, weight: eventsOf, scorer };
}
