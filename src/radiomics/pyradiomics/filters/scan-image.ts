/**
 * What PyRadiomics' filters read and make.
 *
 * Layer:  radiomics; imports core (types), volume (types).
 */
import type { Vec3 } from "../../../core/geometry.js";
import type { IndexBox } from "../../../volume/mask.js";

/** How SimpleITK stores the voxels: PyWavelets, SciPy and ITK compute in single precision on single-precision images only. */
export type Pixel = "integer" | "unsigned" | "single" | "double";

/** A scan before any filter. */
export interface ScanImage {
  readonly voxels: Float32Array | Float64Array;
  readonly size: Vec3;
  readonly spacing: Vec3;
  readonly pixel: Pixel;
}

/** An image that a filter made, in the box that was asked for. */
export interface DerivedImage {
  /** As PyRadiomics calls it, e.g. "wavelet-HLL". */
  readonly name: string;
  /** x fastest. */
  readonly voxels: Float32Array | Float64Array;
  readonly isSingle: boolean;
}

/** A box with its number of voxels along each axis. */
export interface SizedBox extends IndexBox {
  readonly size: Vec3;
}
