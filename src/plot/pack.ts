/**
 * Bytes inside JSON, and the part of a scan that may travel with a notebook.
 *
 * Layer:  plot; imports core, volume.
 */
import { gzipSync } from "node:zlib";
import type { Geometry, Vec3 } from "../core/geometry.js";
import type { IndexBox, Mask } from "../volume/mask.js";
import type { Volume } from "../volume/volume.js";
import type { EmbeddedVoxels, GreyWindow, PackedBytes } from "./mime.js";

/** A notebook stays small and quick to open below this. */
export const MOST_EMBEDDED_BYTES = 2_000_000;

/** Gzip, then base64. */
export function packBytes(bytes: Uint8Array): PackedBytes {
  return { encoding: "gzip+base64", data: gzipSync(bytes).toString("base64") };
}

/**
 * The voxels around the regions, or around the cursor when there are none, at 8 bits: grey values from half a window
 * below the window to half a window above it. The margin shrinks, then the grid gets coarser, until it fits.
 *
 * @param mostBytes  Of base64 text.
 */
export function embedVoxels(
  volume: Volume,
  regions: readonly Mask[],
  cursor: Vec3,
  window: GreyWindow,
  mostBytes: number = MOST_EMBEDDED_BYTES,
): EmbeddedVoxels {
  const around = boxAround(regions, cursor);
  for (let step = 1; ; step++) {
    for (const marginMm of MARGINS_MM) {
      const box = growBox(volume.geometry, around, marginMm);
      const size = stepsInside(box, step);
      const voxels = size[0] * size[1] * size[2];
      if (voxels > LEAST_SHRINKAGE * mostBytes) continue;
      const embedded = quantize(volume, box, step, window);
      if (embedded.voxels.data.length <= mostBytes || voxels === 1) return embedded;
    }
  }
}

/** Scans at 8 bits shrink less than this, so compressing a larger part would be a waste of seconds. */
const LEAST_SHRINKAGE = 6;
const MARGINS_MM = [60, 40, 20];

function boxAround(regions: readonly Mask[], cursor: Vec3): IndexBox {
  const boxes = regions.length > 0 ? regions.map((region) => region.box) : [{ low: cursor, high: cursor }];
  const end = (pick: (...values: number[]) => number, side: "low" | "high"): Vec3 => [
    pick(...boxes.map((box) => box[side][0])),
    pick(...boxes.map((box) => box[side][1])),
    pick(...boxes.map((box) => box[side][2])),
  ];
  return { low: end(Math.min, "low"), high: end(Math.max, "high") };
}

function growBox({ size, spacing }: Geometry, { low, high }: IndexBox, marginMm: number): IndexBox {
  const margin = (axis: 0 | 1 | 2): number => Math.ceil(marginMm / spacing[axis]);
  const down = (axis: 0 | 1 | 2): number => Math.max(0, low[axis] - margin(axis));
  const up = (axis: 0 | 1 | 2): number => Math.min(size[axis] - 1, high[axis] + margin(axis));
  return { low: [down(0), down(1), down(2)], high: [up(0), up(1), up(2)] };
}

function stepsInside({ low, high }: IndexBox, step: number): Vec3 {
  const count = (axis: 0 | 1 | 2): number => Math.floor((high[axis] - low[axis]) / step) + 1;
  return [count(0), count(1), count(2)];
}

/** Every `step`-th voxel of a box, so that each one kept lies where it lay. */
function quantize(volume: Volume, box: IndexBox, step: number, window: GreyWindow): EmbeddedVoxels {
  const [nx, ny] = volume.geometry.size;
  const { low } = box;
  const size = stepsInside(box, step);
  const intercept = window.center - window.width;
  const slope = (2 * window.width) / 255;
  const bytes = new Uint8Array(size[0] * size[1] * size[2]);
  const lowest = volume.voxels.some(Number.isNaN) ? 1 : 0; // Then 0 is kept for voxels without a number.
  for (let z = 0, p = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      const row = nx * (low[1] + y * step + ny * (low[2] + z * step)) + low[0];
      for (let x = 0; x < size[0]; x++, p++) {
        const level = Math.round((volume.voxels[row + x * step] - intercept) / slope);
        bytes[p] = Number.isNaN(level) ? 0 : Math.min(255, Math.max(lowest, level));
      }
    }
  }
  const missing = lowest === 1 ? { missing: 0 as const } : {};
  return { offset: low, size, step, slope, intercept, ...missing, voxels: packBytes(bytes) };
}
