/**
 * Morphology of regions in millimetres: the structuring element is a ball, distances are between voxel centres.
 * Voxels beyond the scan do not exist: a region is not eroded from there.
 *
 * Source: P. Soille, Morphological Image Analysis (2004), chapters 3 and 4; distances as in `squaredDistances`.
 * Layer:  volume; imports core, crop, distance, index-box.
 */
import { InputError } from "../core/errors.js";
import type { Geometry, Vec3 } from "../core/geometry.js";
import { clipBox, copyBox, growBox, tightBox } from "./crop.js";
import { squaredDistances } from "./distance.js";
import { boxSize, type IndexBox } from "./index-box.js";

/** Distances that should be exactly the radius come out a rounding error beside it. */
const TIE = 1e-9;

/** Voxels with a voxel of the region at most `mm` away. @throws InputError unless mm is 0 or more and finite. */
export function dilated(inside: Uint8Array, geometry: Geometry, mm: number): Uint8Array {
  checkRadius("dilate", mm);
  const result = new Uint8Array(inside.length);
  const tight = tightBox(inside, geometry.size);
  if (tight === null) return result;
  const box = clipBox(growBox(tight, reach(geometry.spacing, mm)), geometry);
  const size = boxSize(box);
  const part = copyBox(inside, geometry.size, box, new Uint8Array(size[0] * size[1] * size[2]));
  const squared = squaredDistances(part, size, geometry.spacing);
  const limit = mm * mm * (1 + TIE);
  for (let p = 0; p < part.length; p++) part[p] = squared[p] <= limit ? 1 : 0;
  return pasteBox(part, box, geometry.size, result);
}

/** Voxels of the region with no voxel outside it at most `mm` away. @throws InputError as `dilated`. */
export function eroded(inside: Uint8Array, geometry: Geometry, mm: number): Uint8Array {
  checkRadius("erode", mm);
  const result = new Uint8Array(inside.length);
  const tight = tightBox(inside, geometry.size);
  if (tight === null) return result;
  // The nearest voxel outside lies in this box: one further away has a nearer one on the way.
  const box = clipBox(growBox(tight, [1, 1, 1]), geometry);
  const size = boxSize(box);
  const part = copyBox(inside, geometry.size, box, new Uint8Array(size[0] * size[1] * size[2]));
  for (let p = 0; p < part.length; p++) part[p] = part[p] === 0 ? 1 : 0;
  const squared = squaredDistances(part, size, geometry.spacing);
  const limit = mm * mm * (1 + TIE);
  for (let p = 0; p < part.length; p++) part[p] = squared[p] > limit ? 1 : 0;
  return pasteBox(part, box, geometry.size, result);
}

/**
 * Signed distance to the edge of a region: mm to the nearest voxel inside for voxels outside (positive), minus the mm to
 * the nearest voxel outside for voxels inside. Infinite if there is no such voxel in the box.
 *
 * @param box  Part of the grid.
 */
export function signedDistances(inside: Uint8Array, geometry: Geometry, box: IndexBox): Float64Array {
  const size = boxSize(box);
  const part = copyBox(inside, geometry.size, box, new Uint8Array(size[0] * size[1] * size[2]));
  const toRegion = squaredDistances(part, size, geometry.spacing);
  const outside = part.map((v) => (v === 0 ? 1 : 0));
  const toOutside = squaredDistances(outside, size, geometry.spacing);
  for (let p = 0; p < part.length; p++) {
    toRegion[p] = part[p] === 0 ? Math.sqrt(toRegion[p]) : -Math.sqrt(toOutside[p]);
  }
  return toRegion;
}

/** Voxels of the region with a face to the outside; beyond the scan is outside here. */
export function surfaceVoxels(inside: Uint8Array, { size }: Geometry): Uint8Array {
  const [nx, ny, nz] = size;
  const result = new Uint8Array(inside.length);
  for (let z = 0, p = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, p++) {
        if (inside[p] === 0) continue;
        const within = x > 0 && x < nx - 1 && y > 0 && y < ny - 1 && z > 0 && z < nz - 1;
        const buried =
          within &&
          inside[p - 1] !== 0 &&
          inside[p + 1] !== 0 &&
          inside[p - nx] !== 0 &&
          inside[p + nx] !== 0 &&
          inside[p - nx * ny] !== 0 &&
          inside[p + nx * ny] !== 0;
        result[p] = buried ? 0 : 1;
      }
    }
  }
  return result;
}

/** Writes a box of bytes into a grid of `size` voxels. */
export function pasteBox(
  part: Uint8Array,
  { low, high }: IndexBox,
  size: Vec3,
  target: Uint8Array,
): Uint8Array {
  const width = high[0] - low[0] + 1;
  for (let z = low[2], from = 0; z <= high[2]; z++) {
    for (let y = low[1]; y <= high[1]; y++, from += width) {
      target.set(part.subarray(from, from + width), low[0] + size[0] * (y + size[1] * z));
    }
  }
  return target;
}

/** Whole voxels that a distance spans along each axis. */
export function reach(spacing: Vec3, mm: number): Vec3 {
  const along = (axis: 0 | 1 | 2): number => Math.floor((mm / spacing[axis]) * (1 + TIE)) + 1;
  return [along(0), along(1), along(2)];
}

function checkRadius(what: string, mm: number): void {
  if (mm >= 0 && Number.isFinite(mm)) return;
  throw new InputError(
    `${what} needs a distance of 0 mm or more, found ${mm}. A peritumoral ring is usually 3 mm.`,
  );
}
