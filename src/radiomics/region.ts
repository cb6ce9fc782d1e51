/**
 * From a scan and a mask to the region that features are computed on: resampled, cropped, re-segmented.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, sections 2.4–2.6 (interpolation, re-segmentation, the two masks).
 * Layer:  radiomics; imports core, volume, settings.
 */
import { InputError } from "../core/errors.js";
import { type Geometry, indexToWorld, type Vec3 } from "../core/geometry.js";
import { boxGeometry, clipBox, copyBox, growBox, reachedBox, tightBox } from "../volume/crop.js";
import { positionsOf } from "../volume/index-box.js";
import type { IndexBox, Mask } from "../volume/mask.js";
import {
  centeredGrid,
  interpolateBox,
  maskInterpolation,
  roundInPlace,
  thresholdHalf,
  zeroOne,
} from "../volume/resample.js";
import type { Volume } from "../volume/volume.js";
import type { ResegmentOptions, Settings } from "./settings.js";

/**
 * A region on a grid of its own, with a border of at least one voxel that belongs to no mask: kernels may look at
 * any neighbour of a region's voxel without a bounds test.
 */
export interface Region {
  readonly geometry: Geometry;
  /** Where the region's grid lies in that of the whole (resampled) scan; it may reach beyond. */
  readonly box: IndexBox;
  /** Intensities; NaN outside the scan. */
  readonly image: Float64Array;
  /** The shape: 1 inside. */
  readonly morphology: Uint8Array;
  /** Voxels of the shape. */
  readonly shapeVoxels: number;
  /** Positions of the voxels of the intensity mask (the shape after re-segmentation), ascending. */
  readonly positions: Int32Array;
  /** Intensities at `positions`. */
  readonly values: Float64Array;
  /** The range that re-segmentation kept, if one was given. */
  readonly range: readonly [number, number] | undefined;
}

/**
 * @param marginMm  How far around the shape the image must be known.
 * @throws InputError if the grids differ, no voxel is left, or a voxel of the region is not finite.
 */
export function makeRegion(volume: Volume, mask: Mask, settings: Settings, marginMm: number): Region {
  mask.checkGrid(volume.geometry, `volume "${volume.name}"`);
  // `mask.box` says what is wrong with an empty mask.
  const shape = tightBox(mask.voxels, mask.geometry.size) ?? mask.box;
  const { geometry, box, image, morphology } =
    settings.resample === undefined
      ? cropped(volume, mask, shape, marginMm)
      : resampled(volume, mask, shape, settings.resample, marginMm);
  const inside = positionsOf(morphology);
  checkFinite(image, inside, geometry, mask.name);
  const positions = resegment(image, inside, settings.resegment, mask.name);
  const values = new Float64Array(positions.length);
  for (let n = 0; n < positions.length; n++) values[n] = image[positions[n]];
  return {
    geometry,
    box,
    image,
    morphology,
    shapeVoxels: inside.length,
    positions,
    values,
    range: settings.resegment.range,
  };
}

interface Cropped {
  readonly geometry: Geometry;
  readonly box: IndexBox;
  readonly image: Float64Array;
  readonly morphology: Uint8Array;
}

function cropped(volume: Volume, mask: Mask, shape: IndexBox, marginMm: number): Cropped {
  const grid = volume.geometry;
  const box = growBox(shape, marginVoxels(grid.spacing, marginMm));
  const geometry = boxGeometry(grid, box);
  const count = geometry.size[0] * geometry.size[1] * geometry.size[2];
  const image = copyBox(volume.voxels, grid.size, box, new Float64Array(count).fill(Number.NaN));
  const morphology = copyBox(mask.voxels, grid.size, box, new Uint8Array(count));
  for (let p = 0; p < count; p++) if (morphology[p] !== 0) morphology[p] = 1;
  return { geometry, box, image, morphology };
}

/** Interpolates only the part of the resampled grid that the region and its margin need. */
function resampled(
  volume: Volume,
  mask: Mask,
  shape: IndexBox,
  options: NonNullable<Settings["resample"]>,
  marginMm: number,
): Cropped {
  const { spacing, interpolation } = options;
  const grid = centeredGrid(volume.geometry, spacing);
  const reached = reachedBox(shape, volume.geometry, grid);
  const soft = interpolateBox(
    zeroOne(mask.voxels),
    mask.geometry,
    grid,
    reached,
    maskInterpolation(interpolation),
  );
  const reachedGeometry = boxGeometry(grid, reached);
  const hard = thresholdHalf(soft);
  const tight = tightBox(hard, reachedGeometry.size);
  if (tight === null) {
    throw new InputError(
      `mask "${mask.name}" has no voxel left after resampling to ${spacing.join("×")} mm: it is smaller than a voxel. ` +
        "Choose a smaller spacing.",
    );
  }
  const box = growBox(
    shift(tight, [-reached.low[0], -reached.low[1], -reached.low[2]]),
    marginVoxels(spacing, marginMm),
  );
  const geometry = boxGeometry(grid, box);
  const count = geometry.size[0] * geometry.size[1] * geometry.size[2];

  const known = clipBox(box, grid);
  const voxels = interpolateBox(volume.voxels, volume.geometry, grid, known, interpolation);
  if (options.round ?? volume.quantity.modality === "CT") roundInPlace(voxels);
  const knownSize = boxGeometry(grid, known).size;
  const image = copyBox(voxels, knownSize, shift(box, known.low), new Float64Array(count).fill(Number.NaN));
  const morphology = copyBox(hard, reachedGeometry.size, shift(box, reached.low), new Uint8Array(count));
  return { geometry, box, image, morphology };
}

/** At least one voxel, so that every voxel of the shape has all its neighbours in the box. */
function marginVoxels(spacing: Vec3, marginMm: number): Vec3 {
  return [
    Math.max(1, Math.ceil(marginMm / spacing[0])),
    Math.max(1, Math.ceil(marginMm / spacing[1])),
    Math.max(1, Math.ceil(marginMm / spacing[2])),
  ];
}

function shift({ low, high }: IndexBox, by: Vec3): IndexBox {
  return {
    low: [low[0] - by[0], low[1] - by[1], low[2] - by[2]],
    high: [high[0] - by[0], high[1] - by[1], high[2] - by[2]],
  };
}

function checkFinite(image: Float64Array, inside: Int32Array, geometry: Geometry, name: string): void {
  let bad = 0;
  let first = -1;
  for (let n = 0; n < inside.length; n++) {
    if (Number.isFinite(image[inside[n]])) continue;
    if (first < 0) first = inside[n];
    bad++;
  }
  if (bad === 0) return;
  const [nx, ny] = geometry.size;
  const at = indexToWorld(geometry, [first % nx, Math.floor(first / nx) % ny, Math.floor(first / (nx * ny))]);
  throw new InputError(
    `${bad} of ${inside.length} voxels in region "${name}" are not finite, the first ${image[first]} at ` +
      `(${at.map((mm) => mm.toFixed(1)).join(", ")}) mm. Repair the scan or take these voxels out of the mask.`,
  );
}

/** The positions that stay in the intensity mask: first the range, then the outliers among what is left. */
function resegment(
  image: Float64Array,
  inside: Int32Array,
  { range, sigma }: ResegmentOptions,
  name: string,
): Int32Array {
  let kept = inside;
  if (range !== undefined) {
    const [low, high] = range;
    kept = kept.filter((p) => image[p] >= low && image[p] <= high);
  }
  if (sigma !== undefined && kept.length > 0) {
    let mean = 0;
    for (let n = 0; n < kept.length; n++) mean += image[kept[n]];
    mean /= kept.length;
    let squares = 0;
    for (let n = 0; n < kept.length; n++) squares += (image[kept[n]] - mean) ** 2;
    const reach = sigma * Math.sqrt(squares / kept.length);
    kept = kept.filter((p) => Math.abs(image[p] - mean) <= reach);
  }
  if (kept.length === 0) {
    throw new InputError(
      `no voxel of region "${name}" is left after re-segmentation (range ${range ? `[${range[0]}, ${range[1]}]` : "none"}, ` +
        `sigma ${sigma ?? "none"}). Widen the range.`,
    );
  }
  return kept;
}
