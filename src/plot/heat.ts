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
import { DIVERGING, HEAT_RAMP, HOT_RAMP, VALUE_RAMP } from "./palette.js";

export interface HeatOptions {
  /** Values on the scan's grid, e.g. of `radiomics.map`. Voxels without a finite number are not drawn. */
  readonly map: Volume;
  /**
   * True: the map lies on another grid and is brought onto the scan's, linearly; what lies outside of it is not drawn. False
   * (default): another grid is an error.
   */
  readonly resample?: boolean;
  /**
   * Values at the ends of the color bar; those beyond take the end's color. Default: 0 to 10 for PET in SUV, else the middle 98 %
   * of what is drawn.
   */
  readonly range?: readonly [low: number, high: number];
  /**
   * "hot", from black over red and yellow to white, is usual for PET and its default; "viridis" is that of others. "signed", for
   * example for what voxels add to an answer: blue below zero, red above, from −v to v.
   */
  readonly colors?: HeatColors;
  /**
   * Values below are not drawn at first; a slider of the view changes it. Default: 1 for PET in SUV, else none. In signed colors values
   * nearer to zero are never drawn; default a tenth of the range's high end.
   */
  readonly threshold?: number;
  /** From 0, invisible, to 1. Default 0.6. */
  readonly opacity?: number;
  /** Draw the values of this region only. */
  readonly within?: Mask;
}

/** Names of color scales over a scan. */
export type HeatColors = "viridis" | "hot" | "signed";

const RAMPS: Readonly<Record<HeatColors, readonly string[]>> = {
  viridis: HEAT_RAMP,
  hot: HOT_RAMP,
  signed: [VALUE_RAMP[0], DIVERGING[1], VALUE_RAMP[2]],
};

/** Checked options with every default. */
export interface Heat {
  readonly map: Volume;
  readonly name: string;
  readonly unit: string;
  readonly range: readonly [number, number];
  readonly opacity: number;
  /** CSS hexadecimal colors, evenly spaced from the low to the high end. */
  readonly colors: readonly string[];
  /** Values below are not drawn; null for none. */
  readonly threshold: number | null;
  /** 0 where nothing is drawn, else 1 (low end of the range) to 255 (high end); the scan's grid. */
  readonly levels: Uint8Array;
}

const OPACITY = 0.6;
/** A notebook stays small: a larger map travels with fewer voxels. */
const MOST_PACKED_BYTES = 1_000_000;
const LEAST_SHRINKAGE = 20;

/**
 * @throws InputError if the map lies on another grid than the scan and is not to be resampled, nothing of it would be drawn, or
 *   range, opacity, colors or threshold make no sense.
 */
export function chooseHeat(scan: Volume, given: Volume | HeatOptions): Heat {
  const options: HeatOptions = given instanceof Volume ? { map: given } : given;
  const { opacity = OPACITY, within } = options;
  const map = onGridOf(scan, options);
  const { modality, unit } = map.quantity;
  const isSuv = modality === "PT" && unit.startsWith("SUV");
  within?.checkGrid(scan.geometry, `scan "${scan.name}"`);
  checkLook(options, opacity);
  const isSigned = options.colors === "signed";
  const [low, high] = options.range ?? (isSuv ? SUV_RANGE : middle(map, within, isSigned));
  const near = isSigned ? (options.threshold ?? NEAR_ZERO * high) : 0;
  const levels = new Uint8Array(map.voxels.length);
  for (let p = 0; p < levels.length; p++) {
    const value = map.voxels[p];
    if (!Number.isFinite(value) || within?.voxels[p] === 0 || Math.abs(value) < near) continue;
    levels[p] = 1 + Math.round(254 * Math.min(1, Math.max(0, (value - low) / (high - low))));
  }
  return {
    map,
    name: map.name,
    unit,
    range: [low, high],
    opacity,
    colors: RAMPS[options.colors ?? (modality === "PT" ? "hot" : "viridis")],
    threshold: isSigned
      ? null
      : (options.threshold ?? (isSuv && low < SUV_THRESHOLD && SUV_THRESHOLD < high ? SUV_THRESHOLD : null)),
    levels,
  };
}

/** Level from which values are drawn: 1, all of them, without a threshold. */
export function lowestLevel({ threshold, range: [low, high] }: Pick<Heat, "threshold" | "range">): number {
  if (threshold === null) return 1;
  return 1 + Math.min(255, Math.max(0, Math.ceil((254 * (threshold - low)) / (high - low) - 1e-9)));
}

/** Share of the high end of signed values below which they would veil the scan. */
const NEAR_ZERO = 0.1;
const SUV_RANGE = [0, 10] as const;
/** Below is what most of the body shows; it would veil the scan. */
const SUV_THRESHOLD = 1;

function onGridOf(scan: Volume, { map, resample = false }: HeatOptions): Volume {
  const difference = gridDifference(map.geometry, scan.geometry);
  if (difference === null) return map;
  if (!resample) {
    throw new InputError(
      `heat "${map.name}" and scan "${scan.name}" lie on different grids: ${difference}. Resample it onto the scan's grid first, ` +
        "or write heat: { map, resample: true } to have it done for the picture.",
    );
  }
  const moved = map.resampleTo(scan, { outside: Number.NaN });
  if (moved.voxels.some((value) => Number.isFinite(value))) return moved;
  throw new InputError(
    `heat "${map.name}" lies outside of scan "${scan.name}": no voxel of the scan is in it. Check that both are of one patient.`,
  );
}

function checkLook({ range, colors, threshold }: HeatOptions, opacity: number): void {
  if (!(opacity >= 0 && opacity <= 1)) {
    throw new InputError(`heat.opacity must lie between 0 and 1, found ${opacity}. 0.6 is usual.`);
  }
  if (range !== undefined && !(range[0] < range[1] && range.every(Number.isFinite))) {
    throw new InputError(`heat.range must be [low, high] with low < high, found [${range.join(", ")}].`);
  }
  if (colors === "signed" && range !== undefined && range[0] !== -range[1]) {
    throw new InputError(
      `heat.range of signed colors must be [−v, v], so that zero lies in the middle, found [${range.join(", ")}].`,
    );
  }
  if (colors !== undefined && !Object.hasOwn(RAMPS, colors)) {
    throw new InputError(
      `there are no heat.colors "${colors}". Take one of ${Object.keys(RAMPS).join(", ")}.`,
    );
  }
  if (threshold !== undefined && !Number.isFinite(threshold)) {
    throw new InputError(
      `heat.threshold must be a finite value of the map, found ${threshold}. Leave it out to draw all.`,
    );
  }
}

/** What the front end draws: the box around the values, one byte a voxel. */
export function packHeat({ map, name, unit, range, opacity, colors, threshold, levels }: Heat): HeatPayload {
  const { low, high } = boxOf(levels, map.geometry.size);
  for (let step = 1; ; step++) {
    const part = everyStep(levels, map.geometry.size, low, high, step);
    // To compress more would be a waste of seconds: even smooth maps do not shrink so far.
    if (part.levels.length > LEAST_SHRINKAGE * MOST_PACKED_BYTES) continue;
    const packed = packBytes(part.levels);
    if (packed.data.length > MOST_PACKED_BYTES && part.levels.length > 1) continue;
    return {
      name,
      unit,
      range,
      opacity,
      colors,
      ...(threshold === null ? {} : { threshold }),
      offset: low,
      size: part.size,
      step,
      levels: packed,
    };
  }
}

/** From the 1st to the 99th percentile of the values that are drawn; signed as far below zero as above. */
function middle(
  { voxels, name }: Volume,
  within: Mask | undefined,
  isSigned: boolean,
): readonly [number, number] {
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
  if (isSigned) {
    const far = Math.max(-low, high) || 1;
    return [-far, far];
  }
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
        if (x < low[0]) low[0] = x;
        if (x > high[0]) high[0] = x;
        if (y < low[1]) low[1] = y;
        if (y > high[1]) high[1] = y;
        if (z < low[2]) low[2] = z;
        high[2] = z;
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
