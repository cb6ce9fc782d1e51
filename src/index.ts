/**
 * Radbook's library: the one entry point of notebooks. A value that is new here also goes into `entry.mjs`, which is what they load.
 *
 * Layer:  index; imports everything, is imported by nobody.
 */
export type { Json, MimeBundle } from "./core/display.js";
export { InputError, NumericalError } from "./core/errors.js";
export type { Geometry, Mat3, Vec3 } from "./core/geometry.js";
export { ParameterFile } from "./core/parameter-file.js";
export * as explain from "./explain/index.js";
export * as io from "./io/index.js";
export * as model from "./model/index.js";
export * as plot from "./plot/index.js";
export * as radiomics from "./radiomics/index.js";
export { type OpenOptions, type Selection, selection } from "./selection.js";
export { Cohort } from "./table/cohort.js";
export {
  ExtractedFeatures,
  type ExtractionInput,
  type ExtractionProvenance,
  type PatientFailure,
} from "./table/extracted-features.js";
export { type Column, FeatureTable } from "./table/feature-table.js";
export type { HeldOutTable, PreparedTable, TrainingTable, UntouchedTable } from "./table/guarded-table.js";
export * as table from "./table/index.js";
export { Labels } from "./table/labels.js";
export { Scores } from "./table/scores.js";
export { SurvivalData } from "./table/survival-data.js";
export { Mask } from "./volume/mask.js";
export { Volume } from "./volume/volume.js";
