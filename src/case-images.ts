/**
 * Loads the scans and regions of a patient, from files of any format or from objects that are loaded already.
 *
 * Layer:  beside index; imports io, radiomics, volume.
 */
import path from "node:path";
import { readVolume } from "./io/read-any.js";
import { holdsLabels, readRegion } from "./io/read-region.js";
import type { CaseSource } from "./radiomics/cohort-case.js";
import { Mask } from "./volume/mask.js";
import { Volume } from "./volume/volume.js";

/** @param folder  Where relative paths start. */
export async function loadVolume(source: CaseSource, folder: string): Promise<Volume> {
  if (source.kind === "file") return readVolume(path.resolve(folder, source.file), source.choice);
  return new Volume(source.voxels as Float32Array | Float64Array, source.geometry, source.about);
}

/** @param label  Of a label image, where the patient does not say another. */
export async function loadMask(
  source: CaseSource,
  volume: Volume,
  folder: string,
  label: number | undefined,
): Promise<Mask> {
  if (source.kind === "file") {
    const file = path.resolve(folder, source.file);
    const byDefault = label !== undefined && (await holdsLabels(file)) ? { label } : {};
    return readRegion(file, volume, { ...byDefault, ...source.choice });
  }
  return new Mask(source.voxels as Uint8Array, source.geometry, source.about.name);
}
