/**
 * Metrics of predictions: `model.metrics` of notebooks.
 *
 * Layer:  model.
 */
export type { BinaryMetrics, BinaryOptions, SharePart } from "./binary.js";
export { binary, binaryAt } from "./binary.js";
export type { Calibration, CalibrationPart, HosmerLemeshow } from "./calibration.js";
export { calibration, hosmerLemeshow } from "./calibration.js";
export type { CalibrationCurve, CalibrationCurveOptions, IsotonicCalibration } from "./calibration-curve.js";
export { calibrationCurve, expectedCalibrationError, isotonic } from "./calibration-curve.js";
export type { ClassAverage, ClassMetrics, Confusion } from "./confusion.js";
export { confusion } from "./confusion.js";
export type { DecisionCurve, DecisionCurveOptions } from "./decision-curve.js";
export { decisionCurve } from "./decision-curve.js";
export type { Auc, AucComparison, AucComparisonOptions, AucOptions } from "./delong.js";
export { areaUnderCurve, auc, compareAuc, compareAucOfGroups } from "./delong.js";
export type { MulticlassAucOptions } from "./multiclass.js";
export { brier, logLoss, multiclassAuc } from "./multiclass.js";
export type { PositiveClass } from "./outcome.js";
export type {
  IntegratedDiscrimination,
  McNemar,
  NetReclassification,
  NetReclassificationOptions,
} from "./reclassification.js";
export { integratedDiscrimination, mcnemar, netReclassification } from "./reclassification.js";
export { mae, rmse, rSquared } from "./regression.js";
export type { PartialArea, PrecisionRecallCurve, RocCurve, RocCut } from "./roc.js";
export { averagePrecision, bestCuts, partialArea, precisionRecall, roc } from "./roc.js";
export type { RocBand, RocBandOptions } from "./roc-band.js";
export { rocBand } from "./roc-band.js";
