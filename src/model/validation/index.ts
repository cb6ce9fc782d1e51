/**
 * Folds, cross-validation, tuning, permuted outcomes, learning curve and bootstrap: part of the namespace `model` of notebooks.
 *
 * Layer:  model.
 */
export type {
  CrossValidated,
  CrossValidateOptions,
  OutputOf,
  ValidatedMetric,
  ValidationOptions,
} from "./cross-validate.js";
export { crossValidate } from "./cross-validate.js";
export type { FoldOptions, Folds, ValidationFold } from "./folds.js";
export { folds, leaveOneOut } from "./folds.js";
export type { LearningCurve, LearningCurveOptions, LearningPoint } from "./learning-curve.js";
export { learningCurve } from "./learning-curve.js";
export type {
  ClassMetricName,
  Metric,
  MetricName,
  RegressionMetricName,
  SurvivalMetricName,
} from "./metric.js";
export type { OptimismCorrected, OptimismOptions } from "./optimism.js";
export { optimismBootstrap } from "./optimism.js";
export type { FitProgress, PartwiseEstimator, WorkOptions } from "./parts.js";
export type { PermutedOptions, PermutedOutcome } from "./permuted.js";
export { permutedOutcome } from "./permuted.js";
export type { Outcome, Prediction } from "./rows.js";
export type { FoldSummary, PooledScore } from "./summary.js";
export type { Grid, SettingValue, Trial, Tuned, TuneOptions } from "./tune.js";
export { gridSearch, tuned } from "./tune.js";
