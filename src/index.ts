/**
 * Radbook's library: the one entry point of notebooks.
 *
 * Layer:  index; imports everything, is imported by nobody.
 */
export { InputError, NumericalError } from "./core/errors.js";
export type { Geometry, Mat3, Vec3 } from "./core/geometry.js";
export { Mask } from "./volume/mask.js";
export { Volume } from "./volume/volume.js";
