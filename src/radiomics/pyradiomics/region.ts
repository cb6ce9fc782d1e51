/**
 * From a scan and a mask to the region that PyRadiomics computes on: normalized, resampled, re-segmented.
 *
 * Source: PyRadiomics 3.1; images are what SimpleITK makes of them.
 * Layer:  radiomics; imports core, volume, region (types), settings (types).
 */
import { InputError } from "../../core/errors.js";
import { type Geometry, indexToWorld, type Vec3 } from "../../core/geometry.js";
import type { Coordinates } from "../../volume/bspline.js";
import { boxGeometry, copyBox, growBox, tightBox } from "../../volume/crop.js";
import type { IndexBox, Mask } from "../../volume/mask.js";
import { interpolateAt, zeroOne } from "../../volume/resample.js";
import type { Volume } from "../../volume/volume.js";
import type { Region } from "../region.js";
import type { DerivedImage, Pixel } from "./filters/scan-image.js";
import type { PyradiomicsSettings, StoredIntegers } from "./settings.js";

/** A scan and its regions on one grid, before any filter. */
export interface Prepared {
  readonly geometry: Geometry;
  readonly voxels: Float32Array | Float64Array;
  /** The region as drawn: 1 inside. */
  readonly drawn: Uint8Array;
  /** The smallest box around it. */
  readonly drawnBox: IndexBox;
  /** What re-segmentation left of it, and the smallest box around that. */
  readonly inside: Uint8Array;
  readonly insideBox: IndexBox;
  /** How SimpleITK would store the voxels. */
  readonly pixel: Pixel;
}

/**
 * @param storedIntegers  See `PyradiomicsOptions`.
 * @throws InputError if grids differ, or the region is too small for PyRadiomics, also after re-segmentation.
 */
export function prepare(
  volume: Volume,
  mask: Mask,
  settings: PyradiomicsSettings,
  storedIntegers: StoredIntegers | undefined,
): Prepared {
  mask.checkGrid(volume.geometry, `volume "${volume.name}"`);
  const box = tightBox(mask.voxels, mask.geometry.size) ?? mask.box;
  const scan: Scan = {
    geometry: volume.geometry,
    voxels: settings.normalize ? normalized(volume.voxels, settings) : volume.voxels,
    drawn: zeroOne(mask.voxels),
    pixel: pixelOf(volume.voxels, settings.normalize, storedIntegers),
  };
  const resampled =
    settings.resampledPixelSpacing === null
      ? scan
      : resample(scan, box, settings.resampledPixelSpacing, settings);
  const { drawn, geometry } = resampled;
  const drawnBox = resampled === scan ? box : tightBox(drawn, geometry.size);
  checkRegion(drawn, drawnBox, settings, mask.name);
  if (settings.resegmentRange === null) {
    return { ...resampled, drawnBox, inside: drawn, insideBox: drawnBox };
  }
  const inside = resegment(resampled, settings.resegmentRange, settings);
  const insideBox = tightBox(inside, geometry.size);
  checkRegion(inside, insideBox, settings, mask.name);
  return { ...resampled, drawnBox, inside, insideBox };
}

/** A region on a grid of its own; its image is read where the region is. */
export type PlacedRegion = Omit<Region, "image">;

/**
 * A region on a grid of its own with a border of one voxel.
 *
 * @param inside  `drawn` or `inside` of the prepared scan, with its box.
 * @throws InputError if a voxel of the region is not finite.
 */
export function cropRegion(
  { geometry, voxels }: Prepared,
  inside: Uint8Array,
  insideBox: IndexBox,
): PlacedRegion {
  const box = growBox(insideBox, [1, 1, 1]);
  const own = boxGeometry(geometry, box);
  const [wx, wy, wz] = own.size;
  const morphology = copyBox(inside, geometry.size, box, new Uint8Array(wx * wy * wz));
  let n = 0;
  for (let p = 0; p < morphology.length; p++) n += morphology[p];
  const positions = new Int32Array(n);
  const values = new Float64Array(n);
  const [nx, ny] = geometry.size;
  // The outermost rows and voxels belong to the border.
  for (let z = 1, k = 0; z < wz - 1; z++) {
    for (let y = 1; y < wy - 1; y++) {
      const row = wx * (y + wy * z);
      const shift = box.low[0] + nx * (y + box.low[1] + ny * (z + box.low[2])) - row;
      for (let p = row + 1; p < row + wx - 1; p++) {
        if (morphology[p] === 0) continue;
        positions[k] = p;
        values[k++] = voxels[p + shift];
      }
    }
  }
  checkFinite(values, "the scan");
  return { geometry: own, box, morphology, shapeVoxels: n, positions, values, range: undefined };
}

/**
 * The same region of an image that a filter made.
 *
 * @param derived  Voxels of the region's box, without its border.
 * @throws InputError if a voxel of the region is not finite.
 */
export function filteredRegion(region: PlacedRegion, { name, voxels }: DerivedImage): PlacedRegion {
  const [nx, ny] = region.geometry.size;
  const { positions } = region;
  const values = new Float64Array(positions.length);
  // Positions ascend, so rows are passed one after the other.
  let rowEnd = 0;
  let shift = 0;
  for (let n = 0; n < positions.length; n++) {
    const p = positions[n];
    if (p >= rowEnd) {
      const row = Math.floor(p / nx);
      const y = row % ny;
      const z = (row - y) / ny;
      rowEnd = (row + 1) * nx;
      shift = (nx - 2) * (y - 1 + (ny - 2) * (z - 1)) - 1 - row * nx;
    }
    values[n] = voxels[p + shift];
  }
  checkFinite(values, name);
  return { ...region, values };
}

function checkFinite(values: Float64Array, image: string): void {
  let bad = 0;
  while (bad < values.length && Number.isFinite(values[bad])) bad++;
  if (bad === values.length) return;
  throw new InputError(
    `a voxel of the region is ${values[bad]} in ${image}. Repair the scan or take these voxels out of the mask.`,
  );
}

type Scan = Pick<Prepared, "geometry" | "voxels" | "drawn" | "pixel">;

function pixelOf(
  voxels: Float32Array | Float64Array,
  isNormalized: boolean,
  storedIntegers: StoredIntegers | undefined,
): Pixel {
  if (isNormalized) return "double";
  if (storedIntegers === "unsigned") return "unsigned";
  if (storedIntegers ?? areWhole(voxels)) return "integer";
  return voxels instanceof Float32Array ? "single" : "double";
}

/** Voxels that are looked at before the answer may be no. */
const CHUNK = 4096;

function areWhole(voxels: Float32Array | Float64Array): boolean {
  for (let start = 0; start < voxels.length; start += CHUNK) {
    const end = Math.min(start + CHUNK, voxels.length);
    // Fractions add up without a branch for each, two at a time; what is not finite makes the sum so.
    let even = 0;
    let odd = 0;
    let p = start;
    for (; p + 1 < end; p += 2) {
      even += voxels[p] - Math.floor(voxels[p]);
      odd += voxels[p + 1] - Math.floor(voxels[p + 1]);
    }
    if (p < end) even += voxels[p] - Math.floor(voxels[p]);
    if (even + odd !== 0) return false;
  }
  return true;
}

/** z-scores of the whole image with N − 1, clipped, then scaled. */
function normalized(
  voxels: Float32Array | Float64Array,
  { removeOutliers, normalizeScale }: PyradiomicsSettings,
): Float64Array {
  // As ITK, to the last bit: patterns of neighbours that are alike depend on it.
  let sum = 0;
  let squares = 0;
  for (let p = 0; p < voxels.length; p++) {
    sum += voxels[p];
    squares += voxels[p] * voxels[p];
  }
  const mean = sum / voxels.length;
  const deviation = Math.sqrt((squares - (sum * sum) / voxels.length) / (voxels.length - 1));
  if (!(deviation > 0)) {
    throw new InputError(
      "the scan cannot be normalized: its voxels are all alike or not finite. Set normalize to false.",
    );
  }
  const limit = removeOutliers ?? Infinity;
  const result = new Float64Array(voxels.length);
  for (let p = 0; p < voxels.length; p++) {
    const z = (voxels[p] - mean) * (1 / deviation);
    result[p] = Math.min(Math.max(z, -limit), limit) * normalizeScale;
  }
  return result;
}

/** The grid starts at the corner of the first voxel; only the region's box and `padDistance` voxels around it are made. */
function resample(
  scan: Scan,
  box: IndexBox,
  wanted: readonly number[],
  { padDistance, interpolator }: PyradiomicsSettings,
): Scan {
  const { geometry, voxels, drawn, pixel } = scan;
  const axes = ([0, 1, 2] as const).map((axis) => {
    const old = geometry.spacing[axis];
    const count = box.high[axis] - box.low[axis] + 1;
    const spacing = wanted[axis] === 0 || count === 1 ? old : wanted[axis];
    return { axis, old, count, spacing };
  });
  if (axes.every(({ old, spacing }) => Math.abs(old - spacing) <= 1e-8 + 1e-5 * spacing)) {
    return scan;
  }
  const parts = axes.map(({ axis, old, count, spacing }) => {
    const n = geometry.size[axis];
    const ratio = old / spacing;
    const low = Math.max(0, Math.floor((box.low[axis] - 0.5) * ratio - padDistance));
    const high = Math.min(
      Math.ceil(n * ratio) - 1,
      Math.ceil((box.low[axis] + count - 0.5) * ratio + padDistance),
    );
    return { size: high - low + 1, first: (0.5 * (spacing - old)) / old + low / ratio, spacing, ratio };
  });
  const [x, y, z] = parts;
  const grid: Geometry = {
    size: [x.size, y.size, z.size],
    spacing: [x.spacing, y.spacing, z.spacing],
    origin: indexToWorld(geometry, [x.first, y.first, z.first]),
    direction: geometry.direction,
  };
  const at: Coordinates = [coordinates(x), coordinates(y), coordinates(z)];
  const image = interpolateAt(voxels, geometry.size, at, interpolator);
  const labels = interpolateAt(drawn, geometry.size, at, "nearest");
  blankOutside(image, labels, at, geometry.size);
  if (pixel === "integer") for (let p = 0; p < image.length; p++) image[p] = Math.trunc(image[p]);
  else if (pixel === "unsigned")
    for (let p = 0; p < image.length; p++) image[p] = Math.max(0, Math.trunc(image[p]));
  else if (pixel === "single") for (let p = 0; p < image.length; p++) image[p] = Math.fround(image[p]);
  return { geometry: grid, voxels: image, drawn: Uint8Array.from(labels), pixel };
}

/** Source coordinates of the new voxels; whole and half ones are meant to be so, and half ones go up to the next label. */
function coordinates({ size, first, ratio }: { size: number; first: number; ratio: number }): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => Math.round((first + i / ratio) * 1e9) / 1e9);
}

/** SimpleITK gives 0 where a point lies half a voxel outside the scan: at its far faces, not at its near ones. */
function blankOutside(image: Float64Array, labels: Float64Array, [x, y, z]: Coordinates, size: Vec3): void {
  const outside = (at: number, n: number): boolean => at < -0.5 || at >= n - 0.5;
  for (let k = 0, p = 0; k < z.length; k++) {
    for (let j = 0; j < y.length; j++) {
      const line = outside(z[k], size[2]) || outside(y[j], size[1]);
      for (let i = 0; i < x.length; i++, p++) {
        if (!line && !outside(x[i], size[0])) continue;
        image[p] = 0;
        labels[p] = 0;
      }
    }
  }
}

function checkRegion(
  inside: Uint8Array,
  box: IndexBox | null,
  { minimumROIDimensions, minimumROISize }: PyradiomicsSettings,
  name: string,
): asserts box is IndexBox {
  if (box === null) {
    throw new InputError(
      `region "${name}" has no voxel left. Choose a finer resampledPixelSpacing or a wider range.`,
    );
  }
  const dimensions = box.low.filter((low, axis) => box.high[axis] > low).length;
  if (dimensions === 0) {
    throw new InputError(
      `region "${name}" has only 1 voxel, and PyRadiomics computes nothing on it. Draw a larger one.`,
    );
  }
  if (dimensions < minimumROIDimensions) {
    throw new InputError(
      `region "${name}" has ${dimensions} dimension${dimensions === 1 ? "" : "s"}, fewer than minimumROIDimensions = ` +
        `${minimumROIDimensions}. Draw a larger one or lower it.`,
    );
  }
  if (minimumROISize === null) return;
  let count = 0;
  for (let p = 0; p < inside.length; p++) count += inside[p];
  if (count <= minimumROISize) {
    throw new InputError(
      `region "${name}" has ${count} voxels, not more than minimumROISize = ${minimumROISize}. Draw a larger one or lower it.`,
    );
  }
}

function resegment(
  { voxels, drawn }: Scan,
  range: readonly number[],
  { resegmentMode }: PyradiomicsSettings,
): Uint8Array {
  let count = 0;
  let sum = 0;
  let max = -Infinity;
  for (let p = 0; p < drawn.length; p++) {
    if (drawn[p] === 0) continue;
    count++;
    sum += voxels[p];
    if (voxels[p] > max) max = voxels[p];
  }
  const mean = sum / count;
  let squares = 0;
  for (let p = 0; p < drawn.length; p++) if (drawn[p] !== 0) squares += (voxels[p] - mean) ** 2;
  const deviation = Math.sqrt(squares / count);
  const threshold = {
    absolute: (t: number) => t,
    relative: (t: number) => t * max,
    sigma: (t: number) => mean + deviation * t,
  };
  const [low, high = Infinity] = [...range].sort((a, b) => a - b).map(threshold[resegmentMode]);
  return drawn.map((v, p) => (v !== 0 && voxels[p] >= low && voxels[p] <= high ? 1 : 0));
}
