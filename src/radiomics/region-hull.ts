/**
 * Convex hull of a region's mesh: its volume, surface and largest diameter.
 *
 * The mesh's outermost vertices lie half a voxel from the centres of outermost voxels along an axis. In coordinates of
 * half voxels they are whole numbers, so the hull is exact.
 * Layer:  radiomics; imports core (types), convex-hull, hull-2d.
 */
import type { Vec3 } from "../core/geometry.js";
import { convexHull } from "./convex-hull.js";
import { hull2d } from "./hull-2d.js";

export interface HullSize {
  /** mm² */
  readonly area: number;
  /** mm³ */
  readonly volume: number;
  /** Largest distance of two mesh vertices, mm. */
  readonly diameter: number;
}

/**
 * @param inside   1 inside, 0 outside, x fastest; at least one voxel inside.
 * @param spacing  mm.
 */
export function hullSize(inside: Uint8Array, size: Vec3, spacing: Vec3): HullSize {
  const points = meshExtremes(outermostVoxels(inside, size));
  const triangles = convexHull(points);
  const [sx, sy, sz] = [spacing[0] / 2, spacing[1] / 2, spacing[2] / 2];
  let area = 0;
  let volume = 0;
  for (let t = 0; t < triangles.length; t += 3) {
    const a = 3 * triangles[t];
    const b = 3 * triangles[t + 1];
    const c = 3 * triangles[t + 2];
    const ux = (points[b] - points[a]) * sx;
    const uy = (points[b + 1] - points[a + 1]) * sy;
    const uz = (points[b + 2] - points[a + 2]) * sz;
    const vx = (points[c] - points[a]) * sx;
    const vy = (points[c + 1] - points[a + 1]) * sy;
    const vz = (points[c + 2] - points[a + 2]) * sz;
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    area += Math.hypot(nx, ny, nz) / 2;
    volume += (points[a] * sx * nx + points[a + 1] * sy * ny + points[a + 2] * sz * nz) / 6;
  }
  return { area, volume, diameter: largestDistance(points, triangles, [sx, sy, sz]) };
}

/** Voxels that can be corners of the hull of voxel centres: the corners of the 2D hull of every slice; x, y, z each. */
function outermostVoxels(inside: Uint8Array, [nx, ny, nz]: Vec3): number[] {
  const found: number[] = [];
  for (let z = 0; z < nz; z++) {
    const slice: [number, number][] = [];
    for (let y = 0; y < ny; y++) {
      const row = nx * (y + ny * z);
      let first = 0;
      while (first < nx && inside[row + first] === 0) first++;
      if (first === nx) continue;
      let last = nx - 1;
      while (inside[row + last] === 0) last--;
      slice.push([first, y]);
      if (last > first) slice.push([last, y]);
    }
    for (const [x, y] of hull2d(slice)) found.push(x, y, z);
  }
  return found;
}

/** The six mesh vertices around each voxel, in half voxels. */
function meshExtremes(voxels: readonly number[]): Float64Array {
  const points = new Float64Array(voxels.length * 6);
  let at = 0;
  for (let v = 0; v < voxels.length; v += 3) {
    for (let axis = 0; axis < 3; axis++) {
      for (const side of [-1, 1]) {
        points[at] = 2 * voxels[v];
        points[at + 1] = 2 * voxels[v + 1];
        points[at + 2] = 2 * voxels[v + 2];
        points[at + axis] += side;
        at += 3;
      }
    }
  }
  return points;
}

function largestDistance(points: Float64Array, triangles: Int32Array, [sx, sy, sz]: Vec3): number {
  const corners = Int32Array.from(new Set(triangles));
  let best = 0;
  for (let i = 0; i < corners.length; i++) {
    const p = 3 * corners[i];
    for (let j = 0; j < i; j++) {
      const q = 3 * corners[j];
      const x = (points[p] - points[q]) * sx;
      const y = (points[p + 1] - points[q + 1]) * sy;
      const z = (points[p + 2] - points[q + 2]) * sz;
      const squared = x * x + y * y + z * z;
      if (squared > best) best = squared;
    }
  }
  return Math.sqrt(best);
}
