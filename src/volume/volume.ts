/**
 * A scan: voxels with their place in the patient, modality and unit.
 *
 * Layer:  volume; imports core, crop, index-box, mask, normalize, patch, regrid, reorient, resample.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import {
  checkGeometry,
  type Geometry,
  indexToWorld,
  type Vec3,
  voxelCount,
  worldToIndex,
} from "../core/geometry.js";
import { boxGeometry } from "./crop.js";
import { type IndexBox, wholeBox } from "./index-box.js";
import { Mask } from "./mask.js";
import { percentileRange, shares, zScores } from "./normalize.js";
import { boxAround, cutBox, voxelsOf } from "./patch.js";
import { regrid } from "./regrid.js";
import { lpsGeometry, lpsVoxels } from "./reorient.js";
import {
  centeredGrid,
  cornerGrid,
  type Interpolation,
  interpolateBox,
  roundInPlace,
  toVec3,
} from "./resample.js";

/** What the voxels measure. */
export interface Quantity {
  /** DICOM modality: "CT", "MR", "PT", or "OT" when unknown. */
  readonly modality: string;
  /** "HU" for CT, "SUV" or "Bq/mL" for PET, "" for arbitrary units. */
  readonly unit: string;
}

/** See `Volume.resample`. */
export interface VolumeResampleOptions {
  readonly spacing: number | Vec3;
  readonly align?: "center" | "corner";
  readonly interpolation?: Interpolation;
  readonly round?: boolean;
}

/** Value of voxels that are not in the scan. Default: −1000 (air) for a scan in HU, else 0. */
export interface FillOptions {
  readonly outside?: number;
}

/** A scan on a regular grid. Immutable by contract: methods return new volumes. */
export class Volume {
  readonly geometry: Geometry;
  readonly quantity: Quantity;
  /** A short name for captions; never a patient's name. */
  readonly name: string;
  /** x fastest, then y, then z; length nx·ny·nz. */
  readonly voxels: Float32Array | Float64Array;
  /** DICOM frame of reference UID of the millimetres, if known: contours of another frame do not fit this scan. */
  readonly frameOfReference: string | undefined;

  /** @throws InputError if the geometry is not valid or the number of voxels does not match it. */
  constructor(
    voxels: Float32Array | Float64Array,
    geometry: Geometry,
    {
      modality = "OT",
      unit = "",
      name = "volume",
      frameOfReference,
    }: Partial<Quantity> & { readonly name?: string; readonly frameOfReference?: string | undefined } = {},
  ) {
    checkGeometry(geometry);
    if (voxels.length !== voxelCount(geometry)) {
      throw new InputError(
        `${voxels.length} voxels do not fill a grid of ${geometry.size.join("×")} = ${voxelCount(geometry)}. ` +
          "Give one value per voxel, x fastest.",
      );
    }
    this.voxels = voxels;
    this.geometry = geometry;
    this.quantity = { modality, unit };
    this.name = name;
    this.frameOfReference = frameOfReference;
    showAs(this, () => this.summary());
  }

  /** Value at a whole voxel index. @throws InputError outside the grid. */
  at(index: Vec3): number {
    return this.voxels[flatIndex(this.geometry, index)];
  }

  /** Value of the voxel that contains a point in LPS+ mm. @throws InputError outside the grid. */
  atMm(point: Vec3): number {
    const [x, y, z] = worldToIndex(this.geometry, point);
    return this.at([Math.round(x), Math.round(y), Math.round(z)]);
  }

  /** LPS+ mm of a voxel index. */
  toMm(index: Vec3): Vec3 {
    return indexToWorld(this.geometry, index);
  }

  /**
   * At another spacing.
   *
   * @param options.spacing        Millimetres, one number or one per axis.
   * @param options.align          "center" (default): both grids share their centre, as IBSI prescribes. "corner": both start
   *                               at the outer corner of the first voxel, as PyRadiomics does it.
   * @param options.interpolation  Default "linear". Outside the outermost voxel centres the edge value continues; "cubic", the
   *                               B-spline, is mirrored there.
   * @param options.round          Round to whole intensities, as IBSI asks for CT. Default false.
   * @throws InputError if the spacing is not positive, or so small that the result would not fit in memory.
   */
  resample({
    spacing,
    align = "center",
    interpolation = "linear",
    round = false,
  }: VolumeResampleOptions): Volume {
    const grid = (align === "corner" ? cornerGrid : centeredGrid)(this.geometry, toVec3(spacing));
    const voxels =
      align === "corner"
        ? regrid(this.voxels, this.geometry, grid, interpolation, this.fill({}))
        : interpolateBox(this.voxels, this.geometry, grid, wholeBox(grid.size), interpolation);
    if (round) roundInPlace(voxels);
    return this.with(voxels, grid);
  }

  /**
   * On the grid of another scan or of a mask, whatever its spacing, place and direction.
   *
   * @param options.interpolation  Default "linear".
   * @param options.outside        Value where this scan has no voxel. See `FillOptions`.
   */
  resampleTo(
    reference: Geometry | { readonly geometry: Geometry },
    { interpolation = "linear", outside }: FillOptions & { readonly interpolation?: Interpolation } = {},
  ): Volume {
    const grid = "geometry" in reference ? reference.geometry : reference;
    const fill = this.fill(outside === undefined ? {} : { outside });
    return this.with(regrid(this.voxels, this.geometry, grid, interpolation, fill), grid);
  }

  /** With voxel axes to Left, Posterior, Superior as near as can be without interpolation. */
  reorient(): Volume {
    return this.with(lpsVoxels(this.voxels, this.geometry), lpsGeometry(this.geometry));
  }

  /**
   * The box around a region. Nothing of the region is lost, and its voxels stay where they are in the patient.
   *
   * @param marginMm  At least this much around it, as far as the scan goes. Default 0.
   * @throws InputError if the mask is empty or lies on another grid.
   */
  crop(mask: Mask, marginMm = 0): Volume {
    mask.checkGrid(this.geometry, `volume "${this.name}"`);
    return this.cut(mask.boxWithMargin(marginMm), 0);
  }

  /**
   * Slices around a region's largest section, for a 2.5D network: `slices` of them with the largest one in the middle,
   * `size` × `size` voxels each, around the region's centre in that section. Voxels are cut out, not interpolated:
   * resample first for pixels of 1 mm.
   *
   * @param options.size     Voxels along x and y. Papers use 160 and 128.
   * @param options.slices   Default 3.
   * @param options.outside  Where the patch leaves the scan. See `FillOptions`.
   * @throws InputError if the mask lies on another grid or a size is not a whole number; NumericalError if the mask is empty.
   *
   * @example
   * const input = ct.window(-700, 1500).patch(gtv, { size: 160 });
   */
  patch(mask: Mask, options: FillOptions & { readonly size: number; readonly slices?: number }): Volume {
    mask.checkGrid(this.geometry, `volume "${this.name}"`);
    const { center } = mask.largestSection;
    return this.cut(boxAround(center, [options.size, options.size, options.slices ?? 3]), this.fill(options));
  }

  /**
   * A box around a point, of whole voxels.
   *
   * @param centerMm         LPS+ mm, e.g. `mask.centroidMm`.
   * @param options.size     Voxels per axis; or `sizeMm`, mm per axis, rounded up to whole voxels.
   * @param options.outside  Where the box leaves the scan. See `FillOptions`.
   * @throws InputError if a size is not positive, or not whole for voxels.
   */
  around(
    centerMm: Vec3,
    options: FillOptions & ({ readonly size: Vec3 } | { readonly sizeMm: Vec3 }),
  ): Volume {
    const size = "size" in options ? options.size : voxelsOf(options.sizeMm, this.geometry);
    return this.cut(boxAround(worldToIndex(this.geometry, centerMm), size), this.fill(options));
  }

  /**
   * z-scores: intensities less the mean, divided by the standard deviation (over N − 1). The unit becomes "SD".
   *
   * @param options.within  Region to take mean and deviation from. Default: the whole scan.
   * @throws InputError if the region is empty or on another grid; NumericalError if its intensities are all alike.
   */
  zScore({ within }: { readonly within?: Mask } = {}): Volume {
    return this.with(zScores(this.voxels, this.inside(within)), this.geometry, "SD");
  }

  /**
   * Intensities from 0 to 1: from the lowest to the highest, or between two percentiles, beyond which they are cut off. The unit
   * becomes "".
   *
   * @param options.percentiles  Default [0, 100], the minimum and the maximum.
   * @param options.within       Region to take them from. Default: the whole scan.
   * @throws InputError and NumericalError as `zScore`; InputError if the percentiles do not rise within 0 to 100.
   */
  rescale({
    percentiles = [0, 100],
    within,
  }: {
    readonly percentiles?: readonly [number, number];
    readonly within?: Mask;
  } = {}): Volume {
    const [low, high] = percentileRange(this.voxels, this.inside(within), percentiles);
    return this.with(shares(this.voxels, low, high), this.geometry, "");
  }

  /**
   * Intensities from 0 to 1 in a display window, cut off beyond. The unit becomes "".
   *
   * @param center  In the scan's unit, e.g. −700 HU for lung.
   * @param width   In the scan's unit, e.g. 1500 HU.
   * @throws InputError unless the width is positive and both are finite.
   */
  window(center: number, width: number): Volume {
    if (!(width > 0 && Number.isFinite(width) && Number.isFinite(center))) {
      throw new InputError(
        `a window needs a positive width, found center ${center}, width ${width}. Lung: −700, 1500.`,
      );
    }
    return this.with(shares(this.voxels, center - width / 2, center + width / 2), this.geometry, "");
  }

  /** Voxels of at least `low` and at most `high`. @throws InputError unless low ≤ high. */
  threshold(low: number, high: number = Infinity): Mask {
    if (!(low <= high)) throw new InputError(`a threshold needs low ≤ high, found ${low} and ${high}.`);
    const inside = new Uint8Array(this.voxels.length);
    for (let p = 0; p < inside.length; p++)
      inside[p] = this.voxels[p] >= low && this.voxels[p] <= high ? 1 : 0;
    const range = high === Infinity ? `≥ ${low}` : `${low} to ${high}`;
    return new Mask(inside, this.geometry, `${this.name} ${range} ${this.quantity.unit}`.trimEnd());
  }

  private with(
    voxels: Float32Array | Float64Array,
    geometry: Geometry,
    unit: string = this.quantity.unit,
  ): Volume {
    const { name, frameOfReference } = this;
    return new Volume(voxels, geometry, { ...this.quantity, unit, name, frameOfReference });
  }

  private cut(box: IndexBox, outside: number): Volume {
    return this.with(cutBox(this.voxels, this.geometry.size, box, outside), boxGeometry(this.geometry, box));
  }

  private fill({ outside }: FillOptions): number {
    return outside ?? (this.quantity.unit === "HU" ? -1000 : 0);
  }

  private inside(within: Mask | undefined): Uint8Array | undefined {
    within?.checkGrid(this.geometry, `volume "${this.name}"`);
    return within?.voxels;
  }

  private summary(): MimeBundle {
    const { size, spacing } = this.geometry;
    const unit = this.quantity.unit === "" ? "" : `, ${this.quantity.unit}`;
    const shape = `${size.join(" × ")} voxels of ${spacing.map((s) => +s.toFixed(4)).join(" × ")} mm`;
    return { "text/plain": `Volume ${this.name} (${this.quantity.modality}${unit}): ${shape}` };
  }
}

/** Position of a voxel in the array. @throws InputError outside the grid or between voxels. */
export function flatIndex(geometry: Geometry, [x, y, z]: Vec3): number {
  const [nx, ny, nz] = geometry.size;
  const inside = x >= 0 && y >= 0 && z >= 0 && x < nx && y < ny && z < nz;
  if (!inside || !Number.isInteger(x) || !Number.isInteger(y) || !Number.isInteger(z)) {
    throw new InputError(
      `voxel (${x}, ${y}, ${z}) is not in the grid of ${nx}×${ny}×${nz} voxels. ` +
        "Use whole indices from 0; for millimetres use atMm.",
    );
  }
  return x + nx * (y + ny * z);
}
