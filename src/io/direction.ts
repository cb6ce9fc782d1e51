/**
 * Affine headers to geometry: spacing, direction and origin in LPS+ millimetres.
 *
 * Layer:  io; imports core.
 */
import { InputError } from "../core/errors.js";
import { checkGeometry, type Geometry, type Mat3, type Vec3 } from "../core/geometry.js";

/** Largest cosine between two voxel axes that still counts as a right angle (0.06°). */
const RIGHT_ANGLE = 1e-3;

/** Voxels smaller or larger than this, in mm, come from a header in another unit or a damaged one. */
const SMALLEST_STEP = 1e-4;
const LARGEST_STEP = 1e4;

/** Turns RAS+ into LPS+ and back. */
export function flipRasLps([x, y, z]: Vec3): Vec3 {
  // Adding 0 turns −0 into 0, which prints better.
  return [-x + 0, -y + 0, z];
}

/**
 * Geometry from the step in millimetres along each voxel axis.
 *
 * @param steps  LPS+ mm from a voxel to its next along x, y, z.
 * @throws InputError if a step is zero or not finite, or the axes are not at right angles.
 */
export function geometryOfSteps(
  size: Vec3,
  steps: readonly [Vec3, Vec3, Vec3],
  origin: Vec3,
  file: string,
): Geometry {
  const lengths = steps.map((step) => Math.hypot(...step)) as [number, number, number];
  if (lengths.some((length) => !(length > 0 && Number.isFinite(length)))) {
    throw new InputError(
      `each voxel axis needs a step of positive length, found ${lengths.join(", ")} mm. Correct the header.`,
      { file },
    );
  }
  if (lengths.some((length) => length < SMALLEST_STEP || length > LARGEST_STEP)) {
    throw new InputError(
      `voxels of ${lengths.join("×")} mm are no scan of a patient (${SMALLEST_STEP} to ${LARGEST_STEP} mm are read). ` +
        "Correct the header, e.g. its unit of length.",
      { file },
    );
  }
  const [a, b, c] = steps.map((step, axis) => divide(step, lengths[axis as 0 | 1 | 2])) as [Vec3, Vec3, Vec3];
  const worst = Math.max(Math.abs(dot(a, b)), Math.abs(dot(a, c)), Math.abs(dot(b, c)));
  if (worst > RIGHT_ANGLE) {
    const degrees = 90 - (Math.acos(Math.min(worst, 1)) * 180) / Math.PI;
    throw new InputError(
      `the voxel axes are not at right angles (${degrees.toFixed(2)}° off): a sheared scan has no rectangular grid. ` +
        "Resample it to a rectangular grid in the tool that wrote it.",
      { file },
    );
  }
  const direction: Mat3 = [a[0], b[0], c[0], a[1], b[1], c[1], a[2], b[2], c[2]];
  const geometry: Geometry = { size, spacing: lengths, origin, direction };
  checkGeometry(geometry);
  return geometry;
}

export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function divide(v: Vec3, by: number): Vec3 {
  // Adding 0 turns −0 into 0, which prints better.
  return [v[0] / by + 0, v[1] / by + 0, v[2] / by + 0];
}
