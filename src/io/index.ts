/**
 * Everything that reads files.
 *
 * Layer:  io; imports core, volume, table.
 */

export type { QuantityOptions } from "./file-quantity.js";
export type { MaskOptions } from "./label-mask.js";
export { readMask, readVolume } from "./read-any.js";
export { type CohortOptions, readCohort, writeCsv } from "./read-cohort.js";
export { type DicomOptions, readDicom } from "./read-dicom.js";
export { readNifti, readNiftiMask } from "./read-nifti.js";
export { readNrrd, readNrrdMask } from "./read-nrrd.js";
export { readRtstruct, type StructureSet } from "./read-rtstruct.js";
export * as samples from "./samples.js";
