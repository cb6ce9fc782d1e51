/**
 * Everything that shows library objects: scans, survival curves, explanations.
 *
 * Layer:  plot; imports core, volume, table, model, explain.
 */

export { type AdjustedCurvesFigureOptions, adjustedCurves } from "./adjusted-curves.js";
export type { AnswerLink } from "./answer-link.js";
export { type BeeswarmOptions, beeswarm } from "./beeswarm.js";
export { type BlandAltmanFigureOptions, blandAltman } from "./bland-altman.js";
export { type CalibrationFigureOptions, calibration } from "./calibration.js";
export { confusion } from "./confusion.js";
export { type CorrelationOptions, correlation } from "./correlation.js";
export { type CoxResidualsFigureOptions, coxResiduals, type ResidualKind } from "./cox-residuals.js";
export { type CumulativeIncidenceFigureOptions, cumulativeIncidence } from "./cumulative-incidence.js";
export { cutPoint } from "./cut-point.js";
export type { FigureTheme } from "./dark.js";
export { type DecisionCurveFigureOptions, decisionCurve } from "./decision-curve.js";
export { dependence, interactionDependence } from "./dependence.js";
export type { AxisEnds, DependenceOptions, OverlayCurve } from "./dependence-options.js";
export { type HistogramOptions, histogram, violin } from "./distribution.js";
export type { SurvivalEstimates } from "./drawn-curves.js";
export { type EventTimesOptions, eventTimes } from "./event-times.js";
export { Figure, type SaveOptions, type ThemeOptions } from "./figure.js";
export { force } from "./force.js";
export { type ForceStackOptions, forceStack } from "./force-stack.js";
export { type ForestOptions, forest } from "./forest.js";
export { type FunctionalFormOptions, functionalForm } from "./functional-form.js";
export type { WindowName } from "./grey-window.js";
export { type GridOptions, grid } from "./grid.js";
export { type GroupDifferenceFigureOptions, groupDifference } from "./group-difference.js";
export type { HeatColors, HeatOptions } from "./heat.js";
export { kaplanMeier } from "./kaplan-meier.js";
export type { AtRiskTable, CurveGuide, KaplanMeierFigureOptions } from "./kaplan-meier-options.js";
export { learningCurve } from "./learning-curve.js";
export type { TitleOptions } from "./marks.js";
export type { GreyWindow } from "./mime.js";
export { type NomogramOptions, nomogram } from "./nomogram.js";
export { type PartialDependenceFigureOptions, partialDependence } from "./partial-dependence.js";
export type { PartialPairFigureOptions } from "./partial-pair.js";
export { type CoefficientPathOptions, coefficientPath, crossValidation } from "./penalty-path.js";
export type { Prediction, Predictions } from "./predictions.js";
export { precisionRecall, type RocFigureOptions, roc } from "./roc.js";
export { type SchoenfeldFigureOptions, schoenfeld } from "./schoenfeld.js";
export { type ShapBarOptions, shapBar } from "./shap-bar.js";
export type { ExplainedClasses } from "./shap-classes.js";
export type { FeatureOrder, FeatureRowOptions } from "./shap-columns.js";
export { shapDecision } from "./shap-decision.js";
export type { ShapDecisionOptions } from "./shap-decision-options.js";
export { type ShapEmbeddingOptions, shapEmbedding } from "./shap-embedding.js";
export { type ShapHeatmapOptions, shapHeatmap } from "./shap-heatmap.js";
export { type ShapInteractionsOptions, shapInteractions } from "./shap-interactions.js";
export { type ShapMonitoringOptions, shapMonitoring } from "./shap-monitoring.js";
export type { PatientOrder } from "./shap-order.js";
export { type ShapViolinOptions, shapViolin } from "./shap-violin.js";
export { survivalCalibration } from "./survival-calibration.js";
export { type SurvivalFacetsOptions, survivalFacets } from "./survival-facets.js";
export type { SurvivalScale } from "./survival-scale.js";
export { timeDependentAuc } from "./time-dependent-auc.js";
export { type UpsetOptions, upset } from "./upset.js";
export { type VolcanoOptions, volcano } from "./volcano.js";
export { type CompareOptions, compare, VolumeComparison } from "./volume-compare.js";
export { VolumeView, type VolumeViewOptions, volume } from "./volume-view.js";
export { type PatientFigureOptions, waterfall } from "./waterfall.js";
