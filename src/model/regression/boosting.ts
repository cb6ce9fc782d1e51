/**
 * Histogram boosting of a measured outcome, by squared distances.
 *
 * Source: Ke et al. 2017, LightGBM; defaults as scikit-learn's HistGradientBoostingRegressor.
 * Layer:  model; imports table, its neighbours.
 */
import type { Scores } from "../../table/scores.js";
import {
  boost,
  fullBoostingOptions,
  type HistogramBoostingOptions,
} from "../classification/boost-histogram.js";
import { squareLoss } from "../classification/boost-loss.js";
import type { Estimator } from "../estimator.js";
import { regressionTraining, type TreeRegression, treeRegression } from "./tree-regression.js";

/**
 * Recipe for histogram boosting of a measured outcome. Nothing is random, and all rounds are run: there is no early stopping.
 *
 * `fit` throws InputError on mismatched ids or missing values.
 *
 * @example
 * const fitted = model.regression.histogramBoosting({ minLeaf: 5 }).fit(features, ki67);
 */
export function histogramBoosting(options: HistogramBoostingOptions = {}): Estimator<Scores, TreeRegression> {
  const full = fullBoostingOptions(options);
  return {
    fit: (x, y) => {
      const training = regressionTraining(x, y);
      const { matrix, n, p, target } = training;
      const { grown } = boost(matrix, n, p, squareLoss(target), full);
      return treeRegression("Histogram boosting", x, y, grown, training, false);
    },
  };
}
