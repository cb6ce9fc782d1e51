/**
 * What the voxels of a file measure when the file itself cannot say: NIfTI and NRRD know neither modality nor unit.
 *
 * Layer:  io; imports nothing.
 */

export interface QuantityOptions {
  /** DICOM modality: "CT", "MR", "PT". Default: "OT", other. */
  readonly modality?: string;
  /** Unit of the voxels. Default: "HU" for CT, "" otherwise. */
  readonly unit?: string;
}

/** Modality and unit as the constructor of Volume takes them. */
export function quantityOf({ modality = "OT", unit }: QuantityOptions): { modality: string; unit: string } {
  return { modality, unit: unit ?? (modality === "CT" ? "HU" : "") };
}
