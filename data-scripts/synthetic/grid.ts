/**
 * The voxel grid that a synthetic scan is drawn on: axis-aligned, in mm from the middle of the chest (x to the left, y to the back, z to the head).
 */
import { type Geometry, IDENTITY, type Vec3 } from "../../src/core/geometry.js";

/** A grid centred at a point, to hundredths of a millimetre so that headers hold it exactly. */
export function gridAround(center: Vec3, size: Vec3, spacing: Vec3): Geometry {
  const start = (axis: 0 | 1 | 2): number =>
    Math.round((center[axis] - ((size[axis] - 1) / 2) * spacing[axis]) * 100) / 100;
  return { size, spacing, origin: [start(0), start(1), start(2)], direction: IDENTITY };
}

/** Voxels `from` ≤ index < `to` along each axis. */
export interface Box {
  readonly from: Vec3;
  readonly to: Vec3;
}

/** The voxels whose centres lie within `reach` mm of a box of points, cut to the grid. */
export function boxNear({ size, spacing, origin }: Geometry, low: Vec3, high: Vec3, reach: number): Box {
  const first = (axis: 0 | 1 | 2): number =>
    Math.max(0, Math.ceil((low[axis] - reach - origin[axis]) / spacing[axis]));
  const last = (axis: 0 | 1 | 2): number =>
    Math.min(size[axis], Math.floor((high[axis] + reach - origin[axis]) / spacing[axis]) + 1);
  return { from: [first(0), first(1), first(2)], to: [last(0), last(1), last(2)] };
}

/** A straight tube, thinner towards its end. */
export interface Capsule {
  readonly start: Vec3;
  readonly end: Vec3;
  readonly startRadius: number;
  readonly endRadius: number;
}

/** Distances further out than this, mm, do not matter to any edge. */
export const REACH = 4;

/** Lowers `distance` (mm, one per voxel) to the distance from a capsule's surface, near it. */
export function addCapsule(distance: Float32Array, grid: Geometry, capsule: Capsule): void {
  const { start, end, startRadius, endRadius } = capsule;
  const low: Vec3 = [Math.min(start[0], end[0]), Math.min(start[1], end[1]), Math.min(start[2], end[2])];
  const high: Vec3 = [Math.max(start[0], end[0]), Math.max(start[1], end[1]), Math.max(start[2], end[2])];
  const { from, to } = boxNear(grid, low, high, Math.max(startRadius, endRadius) + REACH);
  const { size, spacing, origin } = grid;
  const dx = end[0] - start[0];
  const dy = end[1] - start[1];
  const dz = end[2] - start[2];
  const squared = dx * dx + dy * dy + dz * dz;
  for (let z = from[2]; z < to[2]; z++) {
    const pz = origin[2] + z * spacing[2] - start[2];
    for (let y = from[1]; y < to[1]; y++) {
      const py = origin[1] + y * spacing[1] - start[1];
      const row = size[0] * (y + size[1] * z);
      for (let x = from[0]; x < to[0]; x++) {
        const px = origin[0] + x * spacing[0] - start[0];
        const along = squared === 0 ? 0 : (px * dx + py * dy + pz * dz) / squared;
        const t = along < 0 ? 0 : along > 1 ? 1 : along;
        const ex = px - t * dx;
        const ey = py - t * dy;
        const ez = pz - t * dz;
        const d = Math.sqrt(ex * ex + ey * ey + ez * ez) - (startRadius + t * (endRadius - startRadius));
        if (d < distance[row + x]) distance[row + x] = d;
      }
    }
  }
}

export function add(a: Vec3, b: Vec3, times = 1): Vec3 {
  return [a[0] + times * b[0], a[1] + times * b[1], a[2] + times * b[2]];
}

export function unit(v: Vec3): Vec3 {
  const length = Math.hypot(...v);
  return [v[0] / length, v[1] / length, v[2] / length];
}
