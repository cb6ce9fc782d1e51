/**
 * Colored values over the scan: their part of the grid, and the pixel of each level.
 *
 * Layer:  labextension, volume.
 */
import type { VolumePayload } from "../../../src/plot/mime.js";
import { inflate } from "./inflate.js";
import type { Vec3 } from "./payload.js";
import { type Scan, valueAt } from "./scan.js";
import type { GreyTable } from "./slice.js";

export interface Heat {
  readonly name: string;
  readonly unit: string;
  readonly range: readonly [number, number];
  readonly colors: readonly string[];
  /** One byte a voxel: 0 is not drawn. As a scan its values are levels. */
  readonly part: Scan;
  /** Tables made so far, by the lowest level that they draw. */
  readonly tables: Map<number, GreyTable>;
}

/** Unpacks the heat map of a payload, null if it has none. @throws PayloadError if its bytes are damaged. */
export async function readHeat({ heat, geometry }: VolumePayload): Promise<Heat | null> {
  if (heat === undefined) return null;
  const { name, unit, range, colors, offset, size, step } = heat;
  const stored = await inflate(heat.levels, size[0] * size[1] * size[2], "the heat map");
  const part: Scan = {
    geometry,
    offset,
    size,
    step,
    stored,
    slope: 1,
    intercept: 0,
    missing: null,
    exact: false,
  };
  return { name, unit, range, colors, part, tables: new Map() };
}

/** The value at a whole index, as finely as 254 levels tell; NaN where nothing is drawn. */
export function heatAt({ part, range }: Heat, index: Vec3): number {
  const level = valueAt(part, index) ?? 0;
  if (!(level > 0)) return Number.NaN;
  return range[0] + ((level - 1) / 254) * (range[1] - range[0]);
}

/** Whether a slice of the scan meets the part. */
export function meets({ part }: Heat, axis: 0 | 1 | 2, slice: number): boolean {
  const depth = Math.round((slice - part.offset[axis]) / part.step);
  return depth >= 0 && depth < part.size[axis];
}

/** Pixel of each level; transparent below the threshold, and for 0. */
export function heatTable({ range: [low, high], colors, tables }: Heat, threshold: number | null): GreyTable {
  const share = threshold === null ? 0 : (threshold - low) / (high - low);
  const lowest = 1 + Math.min(255, Math.max(0, Math.ceil(254 * share - 1e-9)));
  const known = tables.get(lowest);
  if (known !== undefined) return known;
  const made = tableOf(colors, lowest);
  tables.set(lowest, made);
  return made;
}

function tableOf(colors: readonly string[], lowest: number): GreyTable {
  const pixels = new Uint32Array(256);
  for (let level = lowest; level < 256; level++) {
    const place = ((level - 1) / 254) * (colors.length - 1);
    const before = Math.min(colors.length - 2, Math.floor(place));
    const [from, to] = [channels(colors[before]), channels(colors[before + 1])];
    const [r, g, b] = from.map((c, k) => Math.round(c + (place - before) * ((to[k] as number) - c)));
    // The byte order of `ImageData`.
    pixels[level] = (0xff000000 | ((b as number) << 16) | ((g as number) << 8) | (r as number)) >>> 0;
  }
  return { low: 0, scale: 1, pixels, first: 0 };
}

function channels(color = "#000000"): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}
