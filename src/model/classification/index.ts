/**
 * Classifiers of any number of classes: `model.classification` of notebooks.
 *
 * Layer:  model.
 */
export type { ClassBoostingOptions, HistogramBoostingOptions } from "./boost-histogram.js";
export { histogramBoosting } from "./boost-histogram.js";
export type { BoostingModel } from "./boost-model.js";
export type { ClassGradientBoostingOptions, GradientBoostingOptions } from "./boost-stochastic.js";
export { gradientBoosting } from "./boost-stochastic.js";
export type { ClassWeights } from "./class-weights.js";
export type {
  ForestEstimator,
  ForestModel,
  ForestOptions,
  OutOfBag,
  RandomForestModel,
} from "./forest.js";
export { extraTrees, randomForest } from "./forest.js";
export type { ColumnImportance } from "./forest-model.js";
export type { ImportedClassifier, ImportedKind } from "./import-classifier.js";
export { importClassifier } from "./import-classifier.js";
export type { LinearDiscriminantModel, LinearDiscriminantOptions } from "./linear-discriminant.js";
export { linearDiscriminant } from "./linear-discriminant.js";
export type { MlpOptions } from "./mlp.js";
export { mlp } from "./mlp.js";
export type { Activation, MlpLayer } from "./mlp-engine.js";
export type { MlpModel } from "./mlp-model.js";
export type { MlpTraining } from "./mlp-train.js";
export type { NaiveBayesModel, NaiveBayesOptions } from "./naive-bayes.js";
export { naiveBayes } from "./naive-bayes.js";
export type { NearestNeighborsModel, NearestNeighborsOptions, Neighbors } from "./nearest-neighbors.js";
export { nearestNeighbors } from "./nearest-neighbors.js";
export type { QuadraticDiscriminantModel, QuadraticDiscriminantOptions } from "./quadratic-discriminant.js";
export { quadraticDiscriminant } from "./quadratic-discriminant.js";
export type { SmoteOptions } from "./smote.js";
export { smote } from "./smote.js";
export type { SvmOptions } from "./svm.js";
export { svm } from "./svm.js";
export type { SvmKernel } from "./svm-kernel.js";
export type { SvmEstimates, SvmModel } from "./svm-model.js";
export type { Sigmoid } from "./svm-sigmoid.js";
export type { Classifier, ClassifierColumn } from "./training.js";
export type { TreeCriterion } from "./tree-classes.js";
export type { DecisionTreeOptions } from "./tree-classifier.js";
export { decisionTree } from "./tree-classifier.js";
export type {
  BoostedClassifier,
  HistogramNode,
  ImportOptions,
  ScikitTree,
  TreeClassifier,
  XgboostNode,
} from "./tree-import.js";
export { importHistogramBoosting, importScikitTrees, importXgboost } from "./tree-import.js";
export type { FeatureShare, ForestSize, TreeOptions } from "./tree-options.js";
export type { DecisionTree, SplitRule, TreeSum } from "./trees.js";
