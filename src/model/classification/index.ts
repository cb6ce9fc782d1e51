/**
 * Classifiers of any number of classes: `model.classification` of notebooks.
 *
 * Layer:  model.
 */
export type { LinearDiscriminantModel, LinearDiscriminantOptions } from "./linear-discriminant.js";
export { linearDiscriminant } from "./linear-discriminant.js";
export type { NaiveBayesModel, NaiveBayesOptions } from "./naive-bayes.js";
export { naiveBayes } from "./naive-bayes.js";
export type { NearestNeighborsModel, NearestNeighborsOptions, Neighbors } from "./nearest-neighbors.js";
export { nearestNeighbors } from "./nearest-neighbors.js";
export type { QuadraticDiscriminantModel, QuadraticDiscriminantOptions } from "./quadratic-discriminant.js";
export { quadraticDiscriminant } from "./quadratic-discriminant.js";
export type { Classifier, ClassifierColumn } from "./training.js";
export type {
  BoostedClassifier,
  HistogramNode,
  ImportOptions,
  ScikitTree,
  TreeClassifier,
  XgboostNode,
} from "./tree-import.js";
export { importHistogramBoosting, importScikitTrees, importXgboost } from "./tree-import.js";
export type { DecisionTree, SplitRule, TreeSum } from "./trees.js";
