/**
 * Paints one slice of a scan through a grey window into pixels: the viewer's inner loop.
 *
 * Integers go through a table, made once a window; floats are windowed as they are read.
 * Layer:  labextension, volume.
 */
import type { GreyWindow } from "../../../src/plot/mime.js";
import type { PlaneAxes } from "./orientation.js";
import { type PaletteName, paletteColors } from "./palette.js";
import { planeSize, type Scan, type StoredVoxels, toScreen } from "./scan.js";

/** Grey windows as the painter needs them: stored value → opaque pixel. */
export interface GreyTable {
  /** Stored value at the low end of the window, and levels a stored unit. */
  readonly low: number;
  readonly scale: number;
  /** Pixel of each integer from `first` on; for floats, pixel of each of 256 levels. */
  readonly pixels: Uint32Array;
  /** Smallest integer that the type can hold; null for floats. */
  readonly first: number | null;
}

/** Makes the table of a window. */
export function greyTable(
  scan: Scan,
  { center, width }: GreyWindow,
  palette: PaletteName = "grey",
): GreyTable {
  const low = (center - width / 2 - scan.intercept) / scan.slope;
  const scale = (255 * scan.slope) / width;
  const colors = paletteColors(palette);
  const [first, count] = integerRange(scan.stored);
  if (count === 0) return { low, scale, pixels: colors, first: null };
  const pixels = new Uint32Array(count);
  for (let k = 0; k < count; k++) pixels[k] = colors[levelOf((first + k - low) * scale)] as number;
  return { low, scale, pixels, first };
}

/**
 * Paints a slice at native resolution, one pixel a voxel.
 *
 * @param slice   Whole index along the plane's normal, in the whole grid.
 * @param target  Written in place: columns × rows of the plane, row-major.
 */
export function paintSlice(
  scan: Scan,
  plane: PlaneAxes,
  slice: number,
  table: GreyTable,
  target: Uint32Array,
): void {
  const [columns, rows] = planeSize(plane, scan);
  const strides = [1, scan.size[0], scan.size[0] * scan.size[1]] as const;
  const right = strides[plane.right.axis] * (plane.right.forward ? 1 : -1);
  const down = strides[plane.down.axis] * (plane.down.forward ? 1 : -1);
  const depth = Math.round((slice - scan.offset[plane.through.axis]) / scan.step);
  const through = strides[plane.through.axis] * depth;
  const start = through + (right < 0 ? (1 - columns) * right : 0) + (down < 0 ? (1 - rows) * down : 0);

  const { stored } = scan;
  const { pixels, first, low, scale } = table;
  let to = 0;
  for (let row = 0; row < rows; row++) {
    let from = start + row * down;
    if (first === null) {
      for (let column = 0; column < columns; column++, from += right)
        target[to++] = pixels[levelOf(((stored[from] as number) - low) * scale)] as number;
    } else {
      for (let column = 0; column < columns; column++, from += right)
        target[to++] = pixels[(stored[from] as number) - first] as number;
    }
  }
}

/** The slice of a cursor as the reader counts it: from 1, towards Superior, Posterior or Left. */
export function sliceNumber(scan: Scan, plane: PlaneAxes, cursor: Scan["offset"]): number {
  return toScreen(plane.through, scan, cursor) + 1;
}

/** A level of 0 to 255; NaN is at the low end. */
function levelOf(grey: number): number {
  return grey <= 0 ? 0 : grey >= 255 ? 255 : grey | 0;
}

/** Smallest integer that the array can hold, and how many there are; none for floats. */
function integerRange(stored: StoredVoxels): readonly [number, number] {
  if (stored instanceof Int16Array) return [-32768, 65536];
  return stored instanceof Uint8Array ? [0, 256] : [0, 0];
}
