/**
 * A scan: voxels with their place in the patient, modality and unit.
 *
 * Layer:  volume; imports core.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import {
  checkGeometry,
  type Geometry,
  indexToWorld,
  type Vec3,
  voxelCount,
  worldToIndex,
} from "../core/geometry.js";

/** What the voxels measure. */
export interface Quantity {
  /** DICOM modality: "CT", "MR", "PT", or "OT" when unknown. */
  readonly modality: string;
  /** "HU" for CT, "SUV" or "Bq/mL" for PET, "" for arbitrary units. */
  readonly unit: string;
}

/** A scan on a regular grid. Immutable by contract: methods return new volumes. */
export class Volume {
  readonly geometry: Geometry;
  readonly quantity: Quantity;
  /** A short name for captions; never a patient's name. */
  readonly name: string;
  /** x fastest, then y, then z; length nx·ny·nz. */
  readonly voxels: Float32Array | Float64Array;
  /** DICOM frame of reference UID of the millimetres, if known: contours of another frame do not fit this scan. */
  readonly frameOfReference: string | undefined;

  /** @throws InputError if the geometry is not valid or the number of voxels does not match it. */
  constructor(
    voxels: Float32Array | Float64Array,
    geometry: Geometry,
    {
      modality = "OT",
      unit = "",
      name = "volume",
      frameOfReference,
    }: Partial<Quantity> & { readonly name?: string; readonly frameOfReference?: string | undefined } = {},
  ) {
    checkGeometry(geometry);
    if (voxels.length !== voxelCount(geometry)) {
      throw new InputError(
        `${voxels.length} voxels do not fill a grid of ${geometry.size.join("×")} = ${voxelCount(geometry)}. ` +
          "Give one value per voxel, x fastest.",
      );
    }
    this.voxels = voxels;
    this.geometry = geometry;
    this.quantity = { modality, unit };
    this.name = name;
    this.frameOfReference = frameOfReference;
    showAs(this, () => this.summary());
  }

  /** Value at a whole voxel index. @throws InputError outside the grid. */
  at(index: Vec3): number {
    return this.voxels[flatIndex(this.geometry, index)];
  }

  /** Value of the voxel that contains a point in LPS+ mm. @throws InputError outside the grid. */
  atMm(point: Vec3): number {
    const [x, y, z] = worldToIndex(this.geometry, point);
    return this.at([Math.round(x), Math.round(y), Math.round(z)]);
  }

  /** LPS+ mm of a voxel index. */
  toMm(index: Vec3): Vec3 {
    return indexToWorld(this.geometry, index);
  }

  private summary(): MimeBundle {
    const { size, spacing } = this.geometry;
    const unit = this.quantity.unit === "" ? "" : `, ${this.quantity.unit}`;
    const shape = `${size.join(" × ")} voxels of ${spacing.map((s) => +s.toFixed(4)).join(" × ")} mm`;
    return { "text/plain": `Volume ${this.name} (${this.quantity.modality}${unit}): ${shape}` };
  }
}

/** Position of a voxel in the array. @throws InputError outside the grid or between voxels. */
export function flatIndex(geometry: Geometry, [x, y, z]: Vec3): number {
  const [nx, ny, nz] = geometry.size;
  const inside = x >= 0 && y >= 0 && z >= 0 && x < nx && y < ny && z < nz;
  if (!inside || !Number.isInteger(x) || !Number.isInteger(y) || !Number.isInteger(z)) {
    throw new InputError(
      `voxel (${x}, ${y}, ${z}) is not in the grid of ${nx}×${ny}×${nz} voxels. ` +
        "Use whole indices from 0; for millimetres use atMm.",
    );
  }
  return x + nx * (y + ny * z);
}
