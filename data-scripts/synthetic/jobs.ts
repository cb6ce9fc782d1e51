/**
 * The pieces of work that a synthetic data set is made of. Each writes its own files from the seed alone, so that the number of
 * processes changes no byte.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Geometry } from "../../src/core/geometry.js";
import { ctFiles, rtstructFile } from "./dicom-scan.js";
import { gridAround } from "./grid.js";
import { niftiGz } from "./nifti-writer.js";
import { drawPatient, type Patient, PRESETS } from "./patient.js";
import { scanPatient, shapeOf } from "./scan.js";
import { type CohortSize, largestDiameter, SIZES, type SizeName } from "./sizes.js";

/** What to make, where: passed between processes as JSON. */
export interface Plan {
  readonly folder: string;
  readonly seed: number;
  readonly size: SizeName;
}

/** `thorax`, or the index of a patient whose lesion is to be drawn. */
export type Job = "thorax" | number;

/** The largest piece first, so that no process is left with it at the end. */
export function jobsOf({ size }: Plan): Job[] {
  return ["thorax", ...Array.from({ length: SIZES[size].patients }, (_, index) => index)];
}

export function patientOf({ seed, size }: Plan, index: number): Patient {
  return drawPatient(seed, index, PRESETS.sbrt, largestDiameter(SIZES[size]));
}

export function runJob(plan: Plan, job: Job): void {
  if (job === "thorax") writeThorax(plan);
  else writeLesion(plan, job);
}

function writeThorax(plan: Plan): void {
  const { thorax, thoraxPatient }: CohortSize = SIZES[plan.size];
  const patient = patientOf(plan, thoraxPatient);
  const shape = shapeOf(patient);
  // Half-way to the lesion, so that it lies inside whatever its height.
  const scan = scanPatient(
    patient,
    shape,
    gridAround([0, 0, shape.center[2] / 2], thorax.size, thorax.spacing),
  );
  const folder = path.join(plan.folder, "thorax");
  mkdirSync(path.join(folder, "ct"), { recursive: true });
  ctFiles(patient, scan).forEach((file, z) => {
    writeFileSync(path.join(folder, "ct", `slice-${String(z + 1).padStart(3, "0")}.dcm`), file);
  });
  writeFileSync(path.join(folder, "rtstruct.dcm"), rtstructFile(patient, scan));
  writeFileSync(path.join(folder, "truth.nii.gz"), niftiGz(scan.truth, scan.grid));
}

function writeLesion(plan: Plan, index: number): void {
  const { crop }: CohortSize = SIZES[plan.size];
  const patient = patientOf(plan, index);
  const shape = shapeOf(patient);
  const grid: Geometry = gridAround(shape.center, crop.size, crop.spacing);
  const scan = scanPatient(patient, shape, grid);
  const write = (folder: string, kind: string, file: Buffer): void => {
    mkdirSync(path.join(plan.folder, "cohort", folder), { recursive: true });
    writeFileSync(path.join(plan.folder, "cohort", folder, `${patient.id}_${kind}.nii.gz`), file);
  };
  write("volumes", "ct", niftiGz(scan.hu, grid));
  write("masks", "truth", niftiGz(scan.truth, grid));
}
