/**
 * A patient to a CT: anatomy and lesion, then the scanner's blur, noise and rounding.
 */
import type { Geometry, Vec3 } from "../../src/core/geometry.js";
import { type RandomStream, randomStream } from "../../src/core/random.js";
import { paintAnatomy } from "./anatomy.js";
import { blur, boxAlongZ, scaleTo } from "./field.js";
import { drawShape, type LesionShape, paintLesion } from "./lesion.js";
import type { Patient } from "./patient.js";

export interface SyntheticScan {
  readonly grid: Geometry;
  /** Hounsfield units, x fastest. */
  readonly hu: Int16Array;
  /** Distance from the lesion's surface, mm, negative inside. */
  readonly distance: Float32Array;
  /** 1 where the distance is 0 or less. */
  readonly truth: Uint8Array;
}

/** In-plane blur (mm, full width at half maximum), slice thickness (mm) and noise (HU) of the two scanners. */
const SCANNERS = {
  A: { fwhm: 1.0, slice: 1.25, noise: 16 },
  B: { fwhm: 0.7, slice: 3, noise: 26 },
} as const;

const FWHM_PER_SIGMA = 2 * Math.sqrt(2 * Math.log(2));

export function shapeOf(patient: Patient): LesionShape {
  return drawShape(streamOf(patient, "shape"), patient);
}

/** Scans a patient on a grid. */
export function scanPatient(patient: Patient, shape: LesionShape, grid: Geometry): SyntheticScan {
  const texture = streamOf(patient, "texture");
  const hu = paintAnatomy(grid, patient.bodyScale, texture, streamOf(patient, "vessel"));
  const distance = paintLesion(hu, grid, shape, patient.traits, texture);
  applyScanner(hu, grid, SCANNERS[patient.clinical.scanner], streamOf(patient, "noise-ct"));
  return { grid, hu: roundHu(hu), distance, truth: Uint8Array.from(distance, (d) => (d <= 0 ? 1 : 0)) };
}

function streamOf({ seed, index }: Patient, name: string): RandomStream {
  return randomStream(`${seed}/${index}/${name}`);
}

function applyScanner(
  hu: Float32Array,
  { size, spacing }: Geometry,
  { fwhm, slice, noise }: (typeof SCANNERS)["A" | "B"],
  stream: RandomStream,
): void {
  const sigma = fwhm / FWHM_PER_SIGMA;
  blur(hu, size, [sigma / spacing[0], sigma / spacing[1], 0]);
  boxAlongZ(hu, size, slice / spacing[2]);
  const grain = bandNoise(stream, size, noise);
  for (let p = 0; p < hu.length; p++) hu[p] += grain[p];
}

/** White noise in each slice without its slow part, as reconstruction filters leave it. */
function bandNoise(stream: RandomStream, size: Vec3, sd: number): Float32Array {
  const fine = new Float32Array(size[0] * size[1] * size[2]);
  for (let p = 0; p < fine.length; p++) fine[p] = stream.normal();
  const coarse = fine.slice();
  blur(fine, size, [0.6, 0.6, 0]);
  blur(coarse, size, [1.6, 1.6, 0]);
  for (let p = 0; p < fine.length; p++) fine[p] -= 0.6 * coarse[p];
  return scaleTo(fine, sd);
}

function roundHu(hu: Float32Array): Int16Array {
  return Int16Array.from(hu, (value) => Math.min(3071, Math.max(-1024, Math.round(value))));
}
