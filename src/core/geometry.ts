/**
 * Where voxels lie in the patient: voxel index to LPS+ millimetres and back.
 *
 * Convention: x fastest; index (0, 0, 0) is the centre of the first voxel; world axes point to the patient's
 * Left, Posterior and Superior (DICOM, ITK).
 * Layer:  core; imports errors.
 */
import { InputError } from "./errors.js";

/** Three numbers in the order x, y, z. */
export type Vec3 = readonly [number, number, number];

/** Row-major 3 × 3 matrix. Column j is the world direction of voxel axis j, of length 1. */
export type Mat3 = readonly [number, number, number, number, number, number, number, number, number];

export const IDENTITY: Mat3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** A regular grid of voxels in the patient. */
export interface Geometry {
  /** Voxels per axis (nx, ny, nz). */
  readonly size: Vec3;
  /** Distance of voxel centres along each axis, in mm. */
  readonly spacing: Vec3;
  /** Centre of voxel (0, 0, 0), LPS+ mm. */
  readonly origin: Vec3;
  /** Columns are the world directions of the voxel axes. */
  readonly direction: Mat3;
}

/** Number of voxels in the grid. */
export function voxelCount(geometry: Geometry): number {
  return geometry.size[0] * geometry.size[1] * geometry.size[2];
}

/** Volume of one voxel, mm³. */
export function voxelVolume(geometry: Geometry): number {
  return geometry.spacing[0] * geometry.spacing[1] * geometry.spacing[2];
}

/** LPS+ mm of a voxel index; the index may be fractional. */
export function indexToWorld(geometry: Geometry, index: Vec3): Vec3 {
  const { spacing, origin, direction: d } = geometry;
  const x = index[0] * spacing[0];
  const y = index[1] * spacing[1];
  const z = index[2] * spacing[2];
  return [
    origin[0] + d[0] * x + d[1] * y + d[2] * z,
    origin[1] + d[3] * x + d[4] * y + d[5] * z,
    origin[2] + d[6] * x + d[7] * y + d[8] * z,
  ];
}

/** Fractional voxel index of a point in LPS+ mm. */
export function worldToIndex(geometry: Geometry, point: Vec3): Vec3 {
  const { spacing, origin } = geometry;
  const m = inverse(geometry.direction);
  const x = point[0] - origin[0];
  const y = point[1] - origin[1];
  const z = point[2] - origin[2];
  return [
    (m[0] * x + m[1] * y + m[2] * z) / spacing[0],
    (m[3] * x + m[4] * y + m[5] * z) / spacing[1],
    (m[6] * x + m[7] * y + m[8] * z) / spacing[2],
  ];
}

/** Inverse of a 3 × 3 matrix. @throws InputError if it is singular. */
export function inverse(m: Mat3): Mat3 {
  const [a, b, c, d, e, f, g, h, i] = m;
  const A = e * i - f * h;
  const B = f * g - d * i;
  const C = d * h - e * g;
  const det = a * A + b * B + c * C;
  if (!(Math.abs(det) > 1e-12)) {
    throw new InputError(
      `the direction matrix [${m.join(", ")}] is singular: its axes must be independent. Correct the header.`,
    );
  }
  return [
    A / det,
    (c * h - b * i) / det,
    (b * f - c * e) / det,
    B / det,
    (a * i - c * g) / det,
    (c * d - a * f) / det,
    C / det,
    (b * g - a * h) / det,
    (a * e - b * d) / det,
  ];
}

/**
 * Says how two grids differ, or null when they are the same.
 *
 * @param toleranceMm Largest distance between matching voxel centres that still counts as the same place.
 */
export function gridDifference(a: Geometry, b: Geometry, toleranceMm = 1e-3): string | null {
  if (a.size.some((n, axis) => n !== b.size[axis]))
    return `size ${a.size.join("×")} v. ${b.size.join("×")} voxels`;
  const last: Vec3 = [a.size[0] - 1, a.size[1] - 1, a.size[2] - 1];
  const corners: Vec3[] = [
    [0, 0, 0],
    [last[0], 0, 0],
    [0, last[1], 0],
    [0, 0, last[2]],
  ];
  let worst = 0;
  for (const corner of corners) {
    const p = indexToWorld(a, corner);
    const q = indexToWorld(b, corner);
    worst = Math.max(worst, Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
  }
  // A grid one voxel thick has no far corner that would show a different spacing.
  const spacing = Math.max(...a.spacing.map((s, axis) => Math.abs(s - (b.spacing[axis] as number))));
  if (worst > toleranceMm || spacing > toleranceMm) {
    return `voxel centres up to ${worst.toPrecision(3)} mm apart, spacing ${a.spacing.join("×")} v. ${b.spacing.join("×")} mm`;
  }
  return null;
}

/** @throws InputError unless the sizes are whole and positive, and the other numbers finite, spacing positive. */
export function checkGeometry(geometry: Geometry): void {
  const { size, spacing, origin, direction } = geometry;
  if (size.some((n) => !Number.isInteger(n) || n < 1)) {
    throw new InputError(
      `a grid needs at least 1 voxel along each axis, found size ${size.join("×")}. Correct the header.`,
    );
  }
  if (spacing.some((s) => !(s > 0 && Number.isFinite(s)))) {
    throw new InputError(
      `spacing must be positive millimetres, found ${spacing.join("×")}. Correct the header.`,
    );
  }
  if (origin.some((o) => !Number.isFinite(o))) {
    throw new InputError(`the origin must be finite, found ${origin.join(", ")}. Correct the header.`);
  }
  inverse(direction);
}
