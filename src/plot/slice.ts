/**
 * Planes of a scan as pictures: grey values between voxels, outlines of regions.
 *
 * Layer:  plot; imports core, volume.
 */
import type { Geometry } from "../core/geometry.js";
import type { Mask } from "../volume/mask.js";
import type { Volume } from "../volume/volume.js";
import type { Plane, ScreenAxis } from "./anatomy.js";

/** A rectangle of the picture, in CSS pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Grey values of one plane, linear between voxel centres, on a picture of any number of pixels.
 *
 * @param at  Index of the plane along `plane.through`.
 * @returns width × height values, row by row from the top.
 */
export function sampleSlice(
  volume: Volume,
  plane: Plane,
  at: number,
  width: number,
  height: number,
): Float32Array {
  const { voxels, geometry } = volume;
  const start = at * strides(geometry)[plane.through];
  const x = taps(geometry, plane.across, width);
  const y = taps(geometry, plane.down, height);
  const values = new Float32Array(width * height);
  for (let row = 0, p = 0; row < height; row++) {
    const upper = start + y.first[row];
    const lower = start + y.second[row];
    const v = y.weight[row];
    for (let column = 0; column < width; column++, p++) {
      const a = x.first[column];
      const b = x.second[column];
      const u = x.weight[column];
      const top = (1 - u) * voxels[upper + a] + u * voxels[upper + b];
      const bottom = (1 - u) * voxels[lower + a] + u * voxels[lower + b];
      const mixed = (1 - v) * top + v * bottom;
      // Beside a voxel without a number the nearest one stands alone: it would lose half of itself otherwise.
      values[p] = Number.isNaN(mixed) ? voxels[(v < 0.5 ? upper : lower) + (u < 0.5 ? a : b)] : mixed;
    }
  }
  return values;
}

/**
 * Outline of a region in one plane as an SVG path: straight pieces half-way between voxels inside and outside
 * (marching squares).
 *
 * @param place  Where the picture of the plane lies.
 * @returns "" if the plane does not meet the region.
 */
export function outlinePath(mask: Mask, plane: Plane, at: number, place: Box): string {
  const { voxels, geometry } = mask;
  const stride = strides(geometry);
  const start = at * stride[plane.through];
  const x = walk(geometry, plane.across);
  const y = walk(geometry, plane.down);
  const inside = (i: number, j: number): number =>
    i >= 0 &&
    j >= 0 &&
    i < x.count &&
    j < y.count &&
    voxels[start + x.from + i * x.step + y.from + j * y.step] !== 0
      ? 1
      : 0;

  const px = (i: number): string => (place.x + (i * place.width) / x.count).toFixed(2);
  const py = (j: number): string => (place.y + (j * place.height) / y.count).toFixed(2);
  const pieces: string[] = [];
  for (let j = -1; j < y.count; j++) {
    for (let i = -1; i < x.count; i++) {
      const square = 8 * inside(i, j) + 4 * inside(i + 1, j) + 2 * inside(i + 1, j + 1) + inside(i, j + 1);
      for (const [from, to] of SQUARES[square]) {
        const [ax, ay] = MIDPOINTS[from];
        const [bx, by] = MIDPOINTS[to];
        pieces.push(`M${px(i + ax)} ${py(j + ay)}L${px(i + bx)} ${py(j + by)}`);
      }
    }
  }
  return pieces.join("");
}

/** Middle of the sides of the square between four voxel centres, from the first voxel's corner. */
const MIDPOINTS = { top: [1, 0.5], right: [1.5, 1], bottom: [1, 1.5], left: [0.5, 1] } as const;
type Side = keyof typeof MIDPOINTS;

/** Sides that the outline joins, by which corners are inside: 8 top left, 4 top right, 2 bottom right, 1 bottom left. */
const SQUARES: readonly (readonly (readonly [Side, Side])[])[] = [
  [],
  [["left", "bottom"]],
  [["bottom", "right"]],
  [["left", "right"]],
  [["top", "right"]],
  [
    ["left", "bottom"],
    ["top", "right"],
  ],
  [["top", "bottom"]],
  [["left", "top"]],
  [["left", "top"]],
  [["top", "bottom"]],
  [
    ["left", "top"],
    ["bottom", "right"],
  ],
  [["top", "right"]],
  [["left", "right"]],
  [["bottom", "right"]],
  [["left", "bottom"]],
  [],
];

function strides({ size }: Geometry): readonly [number, number, number] {
  return [1, size[0], size[0] * size[1]];
}

/** Offsets of the voxels along a screen axis: `from`, `from + step`, … */
function walk(
  geometry: Geometry,
  { axis, reversed }: ScreenAxis,
): { from: number; step: number; count: number } {
  const stride = strides(geometry)[axis];
  const count = geometry.size[axis];
  return reversed ? { from: (count - 1) * stride, step: -stride, count } : { from: 0, step: stride, count };
}

/** For each pixel along a screen axis: offsets of the two voxels around its centre, and the weight of the second. */
function taps(
  geometry: Geometry,
  screen: ScreenAxis,
  pixels: number,
): { first: Int32Array; second: Int32Array; weight: Float64Array } {
  const { from, step, count } = walk(geometry, screen);
  const first = new Int32Array(pixels);
  const second = new Int32Array(pixels);
  const weight = new Float64Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const place = Math.min(count - 1, Math.max(0, ((pixel + 0.5) * count) / pixels - 0.5));
    const voxel = Math.floor(place);
    first[pixel] = from + voxel * step;
    second[pixel] = from + Math.min(count - 1, voxel + 1) * step;
    weight[pixel] = place - voxel;
  }
  return { first, second, weight };
}
