/**
 * Colored values over a scan: a feature map, a dose, another modality on the same grid.
 *
 * Layer:  plot; imports core, volume.
 */
import { InputError } from "../core/errors.js";
import { gridDifference, type Vec3 } from "../core/geometry.js";
import type { Mask } from "../volume/mask.js";
import { Volume } from "../volume/volume.js";
import type { HeatPayload } from "./mime.js";
import { packBytes } from "./pack.js";
import { HEAT_RAMP } from "./palette.js";

export interface HeatOptions {
  /** Values on the scan's grid, e.g. of `radiomics.map`. Voxels without a finite number are not drawn. */
  readonly map: Volume;
  /** Values at the ends of the color bar; those beyond take the end's color. Default: the middle 98 % of what is drawn. */
  readonly range?: readonly [low: number, high: number];
  /** From 0, invisible, to 1. Default 0.6. */
  readonly opacity?: number;
  /** Draw the values of this region only. */
  readonly within?: Mask;
}

/** Checked options with every default. */
export interface Heat {
  readonly map: Volume;
  readonly name: string;
  readonly unit: string;
  readonly range: readonly [number, number];
  readonly opacity: number;
  /** 0 where nothing is drawn, else 1 (low end of the range) to 255 (high end); the scan's grid. */
  readonly levels: Uint8Array;
}

const OPACITY = 0.6;
/** A notebook stays small: a larger map travels with fewer voxels. */
const MOST_PACKED_BYTES = 1_000_000;

/**
 * @throws InputError if the map lies on another grid than the scan, nothing of it would be drawn, or range or opacity make
 *   no sense.
 */
export function chooseHeat(scan: Volume, given: Volume | HeatOptions): Heat {
  const {
    map,
    range,
    opacity = OPACITY,
    within,
  }: HeatOptions = given instanceof Volume ? { map: given } : given;
  const difference = gridDifference(map.geometry, scan.geometry);
  if (difference !== null) {
    throw new InputError(
      `heat "${map.name}" and scan "${scan.name}" lie on different grids: ${difference}. Resample it onto the scan's grid first.`,
    );
  }
  within?.checkGrid(scan.geometry, `scan "${scan.name}"`);
  if (!(opacity >= 0 && opacity <= 1)) {
    throw new InputError(`heat.opacity must lie between 0 and 1, found ${opacity}. 0.6 is usual.`);
  }
  if (range !== undefined && !(range[0] < range[1] && range.every(Number.isFinite))) {
    throw new InputError(`heat.range must be [low, high] with low < high, found [${range.join(", ")}].`);
  }
  const [low, high] = range ?? middle(map, within);
  const levels = new Uint8Array(map.voxels.length);
  for (let p = 0; p < levels.length; p++) {
    const value = map.voxels[p];
    if (!Number.isFinite(value) || within?.voxels[p] === 0) continue;
    levels[p] = 1 + Math.round(254 * Math.min(1, Math.max(0, (value - low) / (high - low))));
  }
  return { map, name: map.name, unit: map.quantity.unit, range: [low, high], opacity, levels };
}

/** What the front end draws: the box around the values, one byte a voxel. */
export function packHeat({ map, name, unit, range, opacity, levels }: Heat): HeatPayload {
  const { low, high } = boxOf(levels, map.geometry.size);
  for (let step = 1; ; step++) {
    const part = everyStep(levels, map.geometry.size, low, high, step);
    const packed = packBytes(part.levels);
    if (packed.data.length > MOST_PACKED_BYTES && part.levels.length > 1) continue;
    return {
      name,
      unit,
      range,
      opacity,
      colors: HEAT_RAMP,
      offset: low,
      size: part.size,
      step,
      levels: packed,
    };
  }
}

/** From the 1st to the 99th percentile of the values that are drawn. */
function middle({ voxels, name }: Volume, within: Mask | undefined): readonly [number, number] {
  const drawn = Float64Array.from(voxels).filter(
    (value, p) => Number.isFinite(value) && within?.voxels[p] !== 0,
  );
  if (drawn.length === 0) {
    const where = within === undefined ? "" : ` inside "${within.name}"`;
    throw new InputError(`heat "${name}" has no finite value${where}. Check how it was made.`);
  }
  drawn.sort();
  const low = drawn[Math.floor(0.01 * (drawn.length - 1))];
  const high = drawn[Math.ceil(0.99 * (drawn.length - 1))];
  // One value has no spread: it takes the middle of the colors.
  return high > low ? [low, high] : [low - 0.5, low + 0.5];
}

/** The whole grid if nothing is drawn. */
function boxOf(levels: Uint8Array, [nx, ny, nz]: Vec3): { low: Vec3; high: Vec3 } {
  const low = [nx, ny, nz];
  const high = [-1, -1, -1];
  for (let z = 0, p = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, p++) {
        if (levels[p] === 0) continue;
        [x, y, z].forEach((at, axis) => {
          low[axis] = Math.min(low[axis], at);
          high[axis] = Math.max(high[axis], at);
        });
      }
    }
  }
  if (high[0] < 0) return { low: [0, 0, 0], high: [nx - 1, ny - 1, nz - 1] };
  return { low: low as unknown as Vec3, high: high as unknown as Vec3 };
}

/** Every `step`-th voxel of a box, so that each one kept lies where it lay. */
function everyStep(
  levels: Uint8Array,
  [nx, ny]: Vec3,
  low: Vec3,
  high: Vec3,
  step: number,
): { size: Vec3; levels: Uint8Array } {
  const count = (axis: 0 | 1 | 2): number => Math.floor((high[axis] - low[axis]) / step) + 1;
  const size: Vec3 = [count(0), count(1), count(2)];
  const part = new Uint8Array(size[0] * size[1] * size[2]);
  for (let z = 0, p = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      const row = low[0] + nx * (low[1] + y * step + ny * (low[2] + z * step));
      for (let x = 0; x < size[0]; x++, p++) part[p] = levels[row + x * step];
    }
  }
  return { size, levels: part };
}
