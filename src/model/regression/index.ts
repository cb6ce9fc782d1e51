/**
 * Regression by trees, of any measured outcome: `model.regression` of notebooks.
 *
 * Layer:  model.
 */
export { histogramBoosting } from "./boosting.js";
export type { ForestRegressionEstimator, ForestRegressionOptions } from "./forest.js";
export { decisionTree, extraTrees, randomForest } from "./forest.js";
export type { TreeRegression } from "./tree-regression.js";
