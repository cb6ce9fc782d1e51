/**
 * Radiomics: quantitative features of a region of a scan, by the definitions of the IBSI or of PyRadiomics.
 *
 * Layer:  radiomics; imports its own files.
 */
export { type Catalogue, catalogue, type Family, type FeatureDefinition } from "./catalogue.js";
export type {
  CohortColumns,
  ImageSource,
  PatientImages,
  RegionSource,
} from "./cohort-case.js";
export type { CohortExtractOptions, ExtractionProgress, Patients } from "./cohort-extract.js";
export { type ComparedFeature, type Comparison, compare, type ReferenceValue } from "./compare.js";
export { type ExtractOptions, type Extractor, extractor } from "./extractor.js";
export { type Feature, FeatureSet, type Provenance } from "./feature-set.js";
export type { Boundary } from "./filters/field.js";
export { filter } from "./filters/filter.js";
export type {
  DomainOptions,
  Filter,
  GaborOptions,
  LawsFilterOptions,
  LogOptions,
  MeanOptions,
  RieszOrders,
  SimoncelliOptions,
  WaveletFilterOptions,
} from "./filters/options.js";
export type { Pooling } from "./filters/rotations.js";
export { ibsiDigitalPhantom } from "./ibsi-consensus.js";
export { map, maps } from "./maps.js";
export type { MapOptions, PyradiomicsMapOptions, VoxelSetting } from "./maps-options.js";
export { marginCatalogue } from "./margin.js";
export { type Presets, presets } from "./presets.js";
export { type FeatureClass, pyradiomicsCatalogue } from "./pyradiomics/catalogue.js";
export type {
  BinnedClass,
  PyradiomicsOptions,
  PyradiomicsParameters,
  PyradiomicsSetting,
  PyradiomicsSettings,
  StoredIntegers,
} from "./pyradiomics/settings.js";
export { type PatientScan, type RobustnessOptions, reproducibility, robustness } from "./robustness.js";
export { type Perturbation, perturb } from "./robustness-perturb.js";
export type { FailedMeasurement, Reproducibility } from "./robustness-result.js";
export type {
  Aggregation,
  Binning,
  ExtractorOptions,
  ResampleOptions,
  ResegmentOptions,
  Settings,
} from "./settings.js";
export { table } from "./table.js";
