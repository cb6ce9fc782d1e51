/**
 * The image that filters read, made only where they read it.
 *
 * Layer:  radiomics; imports core, volume, field.
 */
import { InputError } from "../../core/errors.js";
import type { Geometry, Vec3 } from "../../core/geometry.js";
import { copyBox } from "../../volume/crop.js";
import type { IndexBox } from "../../volume/mask.js";
import { centeredGrid, type Interpolation, interpolateBox, roundInPlace } from "../../volume/resample.js";
import type { Volume } from "../../volume/volume.js";
import { type Field, sizeOf } from "./field.js";

/** An image on a grid. */
export interface ImageSource {
  readonly size: Vec3;
  /** mm. */
  readonly spacing: Vec3;
  /** @param box  Inside the image. @throws InputError if a voxel in it is not finite. */
  readonly field: (box: IndexBox) => Field;
}

/** How a scan is resampled. */
export interface ResampledGrid {
  readonly spacing: Vec3;
  readonly interpolation: Interpolation;
  /** Default: yes for CT. */
  readonly round?: boolean;
}

/** The sources of a scan by how it is resampled, so that filters of one image can tell that it is one. */
const sources = new WeakMap<Volume, Map<string, ImageSource>>();

function sourceOnce(volume: Volume, key: string, make: () => ImageSource): ImageSource {
  const known = sources.get(volume) ?? new Map<string, ImageSource>();
  sources.set(volume, known);
  const source = known.get(key) ?? make();
  known.set(key, source);
  return source;
}

/** A scan as it is. */
export function scanSource(volume: Volume): ImageSource {
  return sourceOnce(volume, "", () => plainSource(volume));
}

function plainSource({ voxels, geometry }: Volume): ImageSource {
  const { size, spacing } = geometry;
  return {
    size,
    spacing,
    field(box) {
      const [nx, ny, nz] = sizeOf(box);
      return finite({
        voxels: copyBox(voxels, size, box, new Float64Array(nx * ny * nz)),
        box,
        imageSize: size,
      });
    },
  };
}

/** A scan resampled, and rounded if it is one of whole intensities; see `ResampleOptions`. */
export function resampledSource(volume: Volume, options: ResampledGrid): ImageSource {
  return sourceOnce(volume, JSON.stringify(options), () => makeResampledSource(volume, options));
}

function makeResampledSource(volume: Volume, options: ResampledGrid): ImageSource {
  const { spacing, interpolation } = options;
  const grid: Geometry = centeredGrid(volume.geometry, spacing);
  return {
    size: grid.size,
    spacing,
    field(box) {
      const voxels = interpolateBox(volume.voxels, volume.geometry, grid, box, interpolation);
      if (options.round ?? volume.quantity.modality === "CT") roundInPlace(voxels);
      return finite({ voxels, box, imageSize: grid.size });
    },
  };
}

function finite(field: Field): Field {
  const { voxels } = field;
  let bad = 0;
  while (bad < voxels.length && Number.isFinite(voxels[bad])) bad++;
  if (bad === voxels.length) return field;
  const [nx, ny] = sizeOf(field.box);
  const { low } = field.box;
  const at = [
    low[0] + (bad % nx),
    low[1] + (Math.floor(bad / nx) % ny),
    low[2] + Math.floor(bad / (nx * ny)),
  ];
  throw new InputError(
    `a filter spreads every voxel over its surroundings, but voxel (${at.join(", ")}) is ${voxels[bad]}. ` +
      "Repair the scan or leave the filter out.",
  );
}
