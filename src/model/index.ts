/**
 * Survival models and statistics: the namespace `model` of notebooks.
 *
 * Layer:  model.
 */

export type {
  AdjustedCurve,
  AdjustedCurves,
  AdjustedCurvesOptions,
  CurveAdjustment,
} from "./adjusted-curves.js";
export { adjustedCurves } from "./adjusted-curves.js";
export type { BrierScore, SurvivalCurve } from "./brier.js";
export { brierScore } from "./brier.js";
export type { WeightOptions } from "./case-weights.js";
export * as classification from "./classification/index.js";
export type { CoefficientTrend, CoefficientTrendOptions, CoefficientTrends } from "./coefficient-trend.js";
export { coefficientTrends } from "./coefficient-trend.js";
export type { Concordance, ConcordanceOptions, UnoOptions } from "./concordance.js";
export {
  concordance,
  concordanceBootstrap,
  survivalWeightedConcordance,
  unoConcordance,
} from "./concordance.js";
export type { CoxEstimator, CoxOptions } from "./cox.js";
export { cox } from "./cox.js";
export type { BaselineHazard } from "./cox-baseline.js";
export type { CoxBoostModel } from "./cox-boost.js";
export { coxBoost } from "./cox-boost.js";
export type { CoxInfluence, RobustCox, RobustOptions } from "./cox-influence.js";
export { coxInfluence, robustCox } from "./cox-influence.js";
export type { Ties } from "./cox-likelihood.js";
export type { CoxCovariate, CoxModel, CoxTraining, CoxWeighting, ModelTest } from "./cox-model.js";
export type { CoxResidual, SchoenfeldOptions } from "./cox-residuals.js";
export { coxResiduals, nullResiduals, partialResiduals, schoenfeldResiduals } from "./cox-residuals.js";
export type { CoxSurvivalOptions, PredictedSurvival } from "./cox-survival.js";
export { coxSurvival } from "./cox-survival.js";
export type { CoxNetEstimator, CoxNetMeasure, CoxNetOptions } from "./coxnet.js";
export { coxnet } from "./coxnet.js";
export type { CoxNetCovariate, CoxNetModel } from "./coxnet-model.js";
export type {
  CumulativeIncidence,
  CumulativeIncidenceOptions,
  Incidence,
  IncidenceGroup,
} from "./cumulative-incidence.js";
export { cumulativeIncidence, incidenceAt } from "./cumulative-incidence.js";
export { cut } from "./cut.js";
export type { Estimator, Fitted } from "./estimator.js";
export type { FineGrayEstimator, FineGrayOptions } from "./fine-gray.js";
export { fineGray } from "./fine-gray.js";
export type { FineGrayCovariate, FineGrayModel, PredictedIncidence } from "./fine-gray-model.js";
export type { GrayTest } from "./gray-test.js";
export { grayTest } from "./gray-test.js";
export { indicators } from "./indicators.js";
export type { KaplanMeier, KaplanMeierOptions } from "./kaplan-meier.js";
export { kaplanMeier } from "./kaplan-meier.js";
export type {
  CurvePoint,
  KaplanMeierCurve,
  RestrictedMean,
  SurvivalQuantile,
} from "./kaplan-meier-curve.js";
export type { LogRank, LogRankGroup, LogRankOptions } from "./log-rank.js";
export { logRank } from "./log-rank.js";
export type { LogRankTrend, LogRankTrendOptions } from "./log-rank-trend.js";
export { logRankTrend } from "./log-rank-trend.js";
export type { LogRankWeights } from "./log-rank-weight.js";
export type { LogisticEstimator, LogisticOptions } from "./logistic.js";
export { logistic } from "./logistic.js";
export type { LogisticCovariate, LogisticModel } from "./logistic-model.js";
export type { LogisticNetEstimator, LogisticNetMeasure, LogisticNetOptions } from "./logistic-net.js";
export { logisticNet } from "./logistic-net.js";
export type { LogisticNetCovariate, LogisticNetModel } from "./logistic-net-model.js";
export * as metrics from "./metrics/index.js";
export type { MultinomialEstimator, MultinomialOptions } from "./multinomial.js";
export { multinomial } from "./multinomial.js";
export type { MultinomialModel } from "./multinomial-model.js";
export type { MultinomialNetEstimator, MultinomialNetOptions } from "./multinomial-net.js";
export { multinomialNet } from "./multinomial-net.js";
export type {
  MultinomialNetEstimates,
  MultinomialNetModel,
  MultinomialSolution,
} from "./multinomial-net-model.js";
export type { PairwiseLogRankOptions } from "./pairwise-log-rank.js";
export { pairwiseLogRank } from "./pairwise-log-rank.js";
export type { ParametricCurve } from "./parametric-curves.js";
export type { ParametricDistribution } from "./parametric-distribution.js";
export type {
  ParametricPredictOptions,
  ParametricSurvivalModel,
  ParametricTraining,
  PredictedParametricSurvival,
} from "./parametric-model.js";
export type { ParametricCovariate } from "./parametric-report.js";
export type { ParametricSurvivalEstimator, ParametricSurvivalOptions } from "./parametric-survival.js";
export { parametricSurvival } from "./parametric-survival.js";
export type { CrossValidation, FoldScore } from "./penalized/cross-validation.js";
export type { InclusionOptions } from "./penalized/inclusion.js";
export { bootstrapInclusion } from "./penalized/inclusion.js";
export type { NetModel } from "./penalized/net-model.js";
export type { NetCovariate, NetPath, NetPoint } from "./penalized/net-path.js";
export type { ElasticNetOptions } from "./penalized/options.js";
export type { FittedPipeline, Pipeline, PipelinePart } from "./pipeline.js";
export { pipeline } from "./pipeline.js";
export type { KeepScreenedOptions } from "./pipeline-filters.js";
export {
  dropConstant,
  dropCorrelated,
  dropUnreproducible,
  keepMrmr,
  keepScreened,
} from "./pipeline-filters.js";
export type { LearnedStep, Resampler, Step } from "./pipeline-step.js";
export type { ImputeOptions } from "./pipeline-steps.js";
export { harmonize, impute, standardize } from "./pipeline-steps.js";
export type { Proportionality, TimeScale } from "./proportionality.js";
export { proportionality } from "./proportionality.js";
export * as regression from "./regression/index.js";
export type { PlanOptions } from "./sample-size.js";
export { freedmanEvents, proportionPatients, schoenfeldEvents, tTestPatients } from "./sample-size.js";
export type { SelectCutOptions, SelectedCut } from "./select-cut.js";
export { selectCut } from "./select-cut.js";
export type { Split, SplitOptions, SplitPart } from "./split.js";
export { split } from "./split.js";
export * as statistics from "./statistics/index.js";
export type {
  CalibrationGroup,
  SurvivalCalibration,
  SurvivalCalibrationOptions,
} from "./survival-calibration.js";
export { survivalCalibration } from "./survival-calibration.js";
export type {
  SurvivalForestEstimator,
  SurvivalForestModel,
  SurvivalForestOptions,
} from "./survival-forest.js";
export { survivalForest } from "./survival-forest.js";
export type { SurvivalInterval } from "./survival-interval.js";
export type { SurvivalTable, SurvivalTableOptions, SurvivalTableRow } from "./survival-table.js";
export { survivalTable } from "./survival-table.js";
export type { TableOne, TableOneOptions, TableOneRow, VariableKind } from "./table-one.js";
export { tableOne } from "./table-one.js";
export type { TimeDependentAuc, TrainingOptions } from "./time-dependent-auc.js";
export { timeDependentAuc } from "./time-dependent-auc.js";
export * from "./validation/index.js";
export type { WaldCovariate } from "./wald.js";
