/**
 * Everything that reads and writes files.
 *
 * Layer:  io; imports core, volume, table, workers.
 */

export type { SuvKind } from "./dicom-suv.js";
export type { QuantityOptions } from "./file-quantity.js";
export type { FileFailure, FolderIndex, SeriesEntry } from "./folder-index.js";
export { type IndexOptions, indexFolder as index } from "./index-folder.js";
export type { MaskOptions } from "./label-mask.js";
export type { PartOptions } from "./part.js";
export { readMask, readVolume } from "./read-any.js";
export { type CohortOptions, readCohort, writeCsv } from "./read-cohort.js";
export { type DicomOptions, readDicom } from "./read-dicom.js";
export { readFeatures } from "./read-features.js";
export { readNifti, readNiftiMask } from "./read-nifti.js";
export { readNrrd, readNrrdMask } from "./read-nrrd.js";
export { readParameters } from "./read-parameters.js";
export { type RegionOptions, readRegion } from "./read-region.js";
export { readRtstruct, type StructureSet } from "./read-rtstruct.js";
export { readSeg, type Segment, type Segmentation } from "./read-seg.js";
export * as samples from "./samples.js";
export { writeNifti } from "./write-nifti.js";
export { writeNrrd } from "./write-nrrd.js";
export { writeParquet } from "./write-parquet.js";
export { type SegOptions, writeSeg } from "./write-seg.js";
