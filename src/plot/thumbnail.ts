/**
 * A small picture of a region for lists of patients: the axial plane through its middle, square, outlined.
 *
 * Layer:  plot; imports core, volume.
 */
import { InputError } from "../core/errors.js";
import { type Vec3, worldToIndex } from "../core/geometry.js";
import type { Mask } from "../volume/mask.js";
import type { Volume } from "../volume/volume.js";
import { anatomicalPlanes, type Plane } from "./anatomy.js";
import { applyWindow, chooseWindow, type WindowName } from "./grey-window.js";
import type { GreyWindow } from "./mime.js";
import { regionColor } from "./palette.js";
import { compactPng } from "./png.js";

/** Of the region's largest side: some of what surrounds it is seen too. */
const MARGIN = 0.5;
const LEAST_SIDE_MM = 30;

/**
 * The picture as PNG; black beyond the scan.
 *
 * @param region  On the scan's grid, not empty.
 * @param pixels  Width and height.
 * @throws InputError if the region lies on another grid or is empty, or `pixels` is not 1 to 1024.
 */
export function thumbnail(
  scan: Volume,
  region: Mask,
  { pixels = 88, window }: { readonly pixels?: number; readonly window?: WindowName | GreyWindow } = {},
): Uint8Array {
  if (!Number.isInteger(pixels) || pixels < 1 || pixels > 1024) {
    throw new InputError(`a thumbnail is 1 to 1024 pixels wide, found ${pixels}.`);
  }
  region.checkGrid(scan.geometry, `scan "${scan.name}"`);
  const [plane] = anatomicalPlanes(scan.geometry);
  const at = places(scan, region, plane, pixels);
  const values = Float32Array.from(at, (p) => (p < 0 ? Number.NaN : scan.voxels[p]));
  const shades = new Uint8Array(values.length);
  applyWindow(values, chooseWindow(scan, window), shades);
  const rgba = new Uint8Array(4 * shades.length);
  const color = [1, 3, 5].map((digit) => Number.parseInt(regionColor(0).slice(digit, digit + 2), 16));
  const inside = (p: number): boolean => (at[p] ?? -1) >= 0 && region.voxels[at[p]] !== 0;
  for (let p = 0; p < shades.length; p++) {
    const edge = inside(p) && ![p - 1, p + 1, p - pixels, p + pixels].every(inside);
    rgba.set(edge ? [...color, 255] : [shades[p], shades[p], shades[p], 255], 4 * p);
  }
  return compactPng({ rgba, width: pixels, height: pixels });
}

/** Voxel nearest to each pixel, row by row from the top; -1 beyond the scan. */
function places(scan: Volume, region: Mask, { across, down }: Plane, pixels: number): Int32Array {
  const { size, spacing } = scan.geometry;
  const { low, high } = region.box;
  const longest = Math.max(...[0, 1, 2].map((axis) => (high[axis] - low[axis] + 1) * spacing[axis]));
  const step = Math.max(LEAST_SIDE_MM, longest * (1 + 2 * MARGIN)) / pixels;
  const middle = worldToIndex(scan.geometry, region.centroidMm);
  const found = new Int32Array(pixels * pixels).fill(-1);
  const strides = [1, size[0], size[0] * size[1]] as const;
  for (let row = 0; row < pixels; row++) {
    for (let column = 0; column < pixels; column++) {
      const index: [number, number, number] = [...middle] as [number, number, number];
      for (const [{ axis, reversed }, pixel] of [[across, column] as const, [down, row] as const]) {
        const mm = (pixel + 0.5 - pixels / 2) * step;
        index[axis] += ((reversed ? -1 : 1) * mm) / spacing[axis];
      }
      const near = index.map(Math.round) as unknown as Vec3;
      if (near.every((i, axis) => i >= 0 && i < size[axis]))
        found[row * pixels + column] = near[0] + near[1] * strides[1] + near[2] * strides[2];
    }
  }
  return found;
}
