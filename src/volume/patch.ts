/**
 * Boxes of whole voxels cut out around a place, with a fill value where they leave the scan.
 *
 * Layer:  volume; imports core, crop, index-box.
 */
import { InputError, NumericalError } from "../core/errors.js";
import type { Geometry, Vec3 } from "../core/geometry.js";
import { copyBox } from "./crop.js";
import { boxSize, type IndexBox } from "./index-box.js";

/** The slice (along z) in which a region has the most voxels, and the region's centre there. */
export interface Section {
  /** Slice, counted from 0; of equally large ones the first. */
  readonly slice: number;
  /** Voxels of the region in the slice. */
  readonly count: number;
  /** Mean index of these voxels. */
  readonly center: Vec3;
}

/** @throws NumericalError if the region is empty. */
export function largestSectionOf(inside: Uint8Array, [nx, ny, nz]: Vec3): Section {
  let best: Section = { slice: -1, count: 0, center: [0, 0, 0] };
  for (let z = 0, p = 0; z < nz; z++) {
    let count = 0;
    let sumX = 0;
    let sumY = 0;
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, p++) {
        if (inside[p] === 0) continue;
        count++;
        sumX += x;
        sumY += y;
      }
    }
    if (count > best.count) best = { slice: z, count, center: [sumX / count, sumY / count, z] };
  }
  if (best.count === 0) {
    throw new NumericalError(
      "an empty region has no largest section. Check the region's name and its contour.",
    );
  }
  return best;
}

/**
 * The box of `size` voxels whose middle lies nearest to a (fractional) index; of two as near the one further on.
 *
 * @throws InputError if a size is not a whole number from 1.
 */
export function boxAround(center: Vec3, size: Vec3): IndexBox {
  if (size.some((n) => !Number.isInteger(n) || n < 1)) {
    throw new InputError(
      `a patch needs whole numbers of voxels from 1, found ${size.join("×")}. E.g. [160, 160, 3].`,
    );
  }
  const low = (axis: 0 | 1 | 2): number => Math.round(center[axis] - (size[axis] - 1) / 2);
  const from: Vec3 = [low(0), low(1), low(2)];
  return { low: from, high: [from[0] + size[0] - 1, from[1] + size[1] - 1, from[2] + size[2] - 1] };
}

/** Whole voxels that cover a length on each axis, at least 1. @throws InputError unless the lengths are positive. */
export function voxelsOf(sizeMm: Vec3, { spacing }: Geometry): Vec3 {
  if (sizeMm.some((mm) => !(mm > 0 && Number.isFinite(mm)))) {
    throw new InputError(`a patch needs positive mm, found ${sizeMm.join("×")}. E.g. [96, 96, 48].`);
  }
  const along = (axis: 0 | 1 | 2): number => Math.max(1, Math.ceil(sizeMm[axis] / spacing[axis] - 1e-9));
  return [along(0), along(1), along(2)];
}

/** Voxels of a box that may leave the scan; there they are `outside`. */
export function cutBox(
  voxels: Float32Array | Float64Array,
  size: Vec3,
  box: IndexBox,
  outside: number,
): Float64Array {
  const [nx, ny, nz] = boxSize(box);
  return copyBox(voxels, size, box, new Float64Array(nx * ny * nz).fill(outside));
}
