/**
 * A region of interest: which voxels of a grid belong to it.
 *
 * Layer:  volume; imports core, components, crop, index-box, morphology, patch, regrid, reorient, resample.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import {
  checkGeometry,
  type Geometry,
  gridDifference,
  indexToWorld,
  type Vec3,
  voxelCount,
  voxelVolume,
} from "../core/geometry.js";
import { type Connectivity, filledHoles, largestComponentOf } from "./components.js";
import { boxGeometry, clipBox, copyBox, growBox } from "./crop.js";
import { boxSize, type IndexBox, wholeBox } from "./index-box.js";
import { dilated, eroded, reach, surfaceVoxels } from "./morphology.js";
import { largestSectionOf, type Section } from "./patch.js";
import { regrid } from "./regrid.js";
import { lpsGeometry, lpsVoxels } from "./reorient.js";
import {
  centeredGrid,
  cornerGrid,
  type Interpolation,
  interpolateBox,
  maskInterpolation,
  thresholdHalf,
  toVec3,
  zeroOne,
} from "./resample.js";

export type { IndexBox } from "./index-box.js";

/** See `Mask.resample`. */
export interface MaskResampleOptions {
  readonly spacing: number | Vec3;
  readonly align?: "center" | "corner";
  readonly interpolation?: Interpolation;
}

/** A named region on a grid. Immutable by contract: methods return new masks. */
export class Mask {
  readonly geometry: Geometry;
  readonly name: string;
  /** 1 inside, 0 outside; x fastest, length nx·ny·nz. */
  readonly voxels: Uint8Array;

  /** @throws InputError if the geometry is not valid or the number of voxels does not match it. */
  constructor(voxels: Uint8Array, geometry: Geometry, name = "region") {
    checkGeometry(geometry);
    if (voxels.length !== voxelCount(geometry)) {
      throw new InputError(
        `mask "${name}" has ${voxels.length} voxels, but its grid ${geometry.size.join("×")} needs ${voxelCount(geometry)}. ` +
          "Give one byte per voxel, x fastest.",
      );
    }
    this.voxels = voxels;
    this.geometry = geometry;
    this.name = name;
    showAs(this, () => this.summary());
  }

  /** Number of voxels inside. */
  get count(): number {
    let count = 0;
    for (let p = 0; p < this.voxels.length; p++) if (this.voxels[p] !== 0) count++;
    return count;
  }

  /** Volume of the voxels inside, mm³. */
  get volumeMm3(): number {
    return this.count * voxelVolume(this.geometry);
  }

  /** Volume of the voxels inside, mL. */
  get volumeMl(): number {
    return this.volumeMm3 / 1000;
  }

  /** Mean position of the voxels inside, LPS+ mm. @throws InputError if the mask is empty. */
  get centroidMm(): Vec3 {
    const [nx, ny, nz] = this.geometry.size;
    let count = 0;
    let sx = 0;
    let sy = 0;
    let sz = 0;
    for (let z = 0, p = 0; z < nz; z++) {
      for (let y = 0; y < ny; y++) {
        for (let x = 0; x < nx; x++, p++) {
          if (this.voxels[p] === 0) continue;
          count++;
          sx += x;
          sy += y;
          sz += z;
        }
      }
    }
    this.checkNotEmpty(count);
    return indexToWorld(this.geometry, [sx / count, sy / count, sz / count]);
  }

  /** Smallest box around the region. @throws InputError if the mask is empty. */
  get box(): IndexBox {
    const [nx, ny, nz] = this.geometry.size;
    const low: [number, number, number] = [nx, ny, nz];
    const high: [number, number, number] = [-1, -1, -1];
    for (let z = 0, p = 0; z < nz; z++) {
      for (let y = 0; y < ny; y++) {
        for (let x = 0; x < nx; x++, p++) {
          if (this.voxels[p] === 0) continue;
          if (x < low[0]) low[0] = x;
          if (x > high[0]) high[0] = x;
          if (y < low[1]) low[1] = y;
          if (y > high[1]) high[1] = y;
          if (z < low[2]) low[2] = z;
          high[2] = z;
        }
      }
    }
    this.checkNotEmpty(high[2] + 1);
    return { low, high };
  }

  /** The slice (along z) with the most voxels inside, and the region's centre there. @throws NumericalError if the mask is empty. */
  get largestSection(): Section {
    return largestSectionOf(this.voxels, this.geometry.size);
  }

  /** Voxels inside with a face to the outside. */
  get surface(): Mask {
    return this.with(surfaceVoxels(this.voxels, this.geometry), `surface of ${this.name}`);
  }

  /** The same region by another name. */
  named(name: string): Mask {
    return this.with(this.voxels, name);
  }

  /**
   * Grown by a ball: voxels whose centre lies at most `mm` from the centre of a voxel inside.
   *
   * @throws InputError unless mm is 0 or more and finite.
   */
  dilate(mm: number): Mask {
    return this.with(dilated(this.voxels, this.geometry, mm), `${this.name} +${mm} mm`);
  }

  /**
   * Shrunk by a ball: voxels with no voxel outside at most `mm` away. Beyond the scan nothing is known, and nothing is
   * taken away from there.
   *
   * @throws InputError as `dilate`.
   */
  erode(mm: number): Mask {
    return this.with(eroded(this.voxels, this.geometry, mm), `${this.name} −${mm} mm`);
  }

  /** Eroded, then dilated: spikes and bridges thinner than a ball of this radius go. @throws InputError as `dilate`. */
  open(mm: number): Mask {
    const smaller = eroded(this.voxels, this.geometry, mm);
    return this.with(dilated(smaller, this.geometry, mm), `${this.name} opened ${mm} mm`);
  }

  /** Dilated, then eroded: gaps and holes thinner than a ball of this radius are filled. @throws InputError as `dilate`. */
  close(mm: number): Mask {
    const larger = dilated(this.voxels, this.geometry, mm);
    return this.with(eroded(larger, this.geometry, mm), `${this.name} closed ${mm} mm`);
  }

  /**
   * A shell around the region's edge, e.g. the peritumoral ring: from `inside` mm within to `outside` mm beyond it.
   *
   * @param options.inside  mm of the region itself that belong to the ring. Default 0: the region is left out whole.
   * @param options.clip    The ring stays in this region, e.g. the lung. Default: everywhere in the scan.
   * @throws InputError if a width is negative, or the clipping mask lies on another grid.
   *
   * @example
   * const peritumoral = gtv.ring(3, { clip: lung });
   */
  ring(outside: number, { inside = 0, clip }: { readonly inside?: number; readonly clip?: Mask } = {}): Mask {
    clip?.checkGrid(this.geometry, `mask "${this.name}"`);
    const outer = dilated(this.voxels, this.geometry, outside);
    const core = eroded(this.voxels, this.geometry, inside);
    for (let p = 0; p < outer.length; p++) {
      if (core[p] !== 0 || (clip !== undefined && clip.voxels[p] === 0)) outer[p] = 0;
    }
    return this.with(outer, `${this.name} ring ${inside > 0 ? `−${inside} to ` : ""}${outside} mm`);
  }

  /** The largest connected part; of equally large ones the first. @param connectivity  Default 26. */
  largestComponent(connectivity: Connectivity = 26): Mask {
    return this.with(largestComponentOf(this.voxels, this.geometry.size, connectivity), this.name);
  }

  /**
   * With holes filled: parts of the outside without a way to the scan's border.
   *
   * @param connectivity  Of the region. Default 26; its outside is then connected by faces, for 6 by corners too.
   */
  fillHoles(connectivity: Connectivity = 26): Mask {
    return this.with(filledHoles(this.voxels, this.geometry.size, connectivity), this.name);
  }

  /** Voxels in this or the other region. @throws InputError on different grids, as the other three. */
  union(other: Mask): Mask {
    return this.combined(other, "∪", (a, b) => a || b);
  }

  /** Voxels in both regions. */
  intersect(other: Mask): Mask {
    return this.combined(other, "∩", (a, b) => a && b);
  }

  /** Voxels of this region that are not in the other. */
  subtract(other: Mask): Mask {
    return this.combined(other, "∖", (a, b) => a && !b);
  }

  /** Voxels in one of the regions only. */
  xor(other: Mask): Mask {
    return this.combined(other, "xor", (a, b) => a !== b);
  }

  /**
   * At another spacing: interpolated, and inside where the value is at least ½.
   *
   * @param options.spacing        Millimetres, one number or one per axis.
   * @param options.align          As `Volume.resample`.
   * @param options.interpolation  Default "linear", which is also taken for "cubic", as IBSI prescribes.
   * @throws InputError as `Volume.resample`.
   */
  resample({ spacing, align = "center", interpolation = "linear" }: MaskResampleOptions): Mask {
    const kind = maskInterpolation(interpolation);
    if (align === "corner") return this.resampleTo(cornerGrid(this.geometry, toVec3(spacing)), kind);
    const grid = centeredGrid(this.geometry, toVec3(spacing));
    const values = interpolateBox(zeroOne(this.voxels), this.geometry, grid, wholeBox(grid.size), kind);
    return new Mask(thresholdHalf(values), grid, this.name);
  }

  /**
   * On the grid of a scan or another mask; outside this mask's grid nothing is inside.
   *
   * @param interpolation  Default "nearest", which keeps voxels; "linear" is inside where the value is at least ½.
   */
  resampleTo(
    reference: Geometry | { readonly geometry: Geometry },
    interpolation: "nearest" | "linear" = "nearest",
  ): Mask {
    const grid = "geometry" in reference ? reference.geometry : reference;
    const values = regrid(zeroOne(this.voxels), this.geometry, grid, interpolation, 0);
    return new Mask(thresholdHalf(values), grid, this.name);
  }

  /** With voxel axes to Left, Posterior, Superior as near as can be without interpolation. */
  reorient(): Mask {
    return new Mask(lpsVoxels(this.voxels, this.geometry), lpsGeometry(this.geometry), this.name);
  }

  /** The part of the grid around the region. @param marginMm  Default 0; the box ends at the scan. @throws InputError if empty. */
  crop(marginMm = 0): Mask {
    const box = this.boxWithMargin(marginMm);
    const [nx, ny, nz] = boxSize(box);
    const voxels = copyBox(this.voxels, this.geometry.size, box, new Uint8Array(nx * ny * nz));
    return new Mask(voxels, boxGeometry(this.geometry, box), this.name);
  }

  /** Smallest box around the region, grown by whole voxels that cover a margin, cut at the scan. @throws InputError if empty. */
  boxWithMargin(marginMm: number): IndexBox {
    if (!(marginMm >= 0 && Number.isFinite(marginMm))) {
      throw new InputError(`a margin must be 0 mm or more, found ${marginMm}.`);
    }
    const [x, y, z] = reach(this.geometry.spacing, marginMm);
    const by: Vec3 = marginMm === 0 ? [0, 0, 0] : [x, y, z];
    return clipBox(growBox(this.box, by), this.geometry);
  }

  /** @throws InputError unless the mask and the other grid are the same; the message says by how much they differ. */
  checkGrid(other: Geometry, what: string): void {
    const difference = gridDifference(this.geometry, other);
    if (difference === null) return;
    throw new InputError(
      `mask "${this.name}" and ${what} lie on different grids: ${difference}. Resample one onto the other's grid first.`,
    );
  }

  private with(voxels: Uint8Array, name: string): Mask {
    return new Mask(voxels, this.geometry, name);
  }

  private combined(other: Mask, sign: string, keep: (a: boolean, b: boolean) => boolean): Mask {
    this.checkGrid(other.geometry, `mask "${other.name}"`);
    const voxels = new Uint8Array(this.voxels.length);
    for (let p = 0; p < voxels.length; p++) {
      voxels[p] = keep(this.voxels[p] !== 0, other.voxels[p] !== 0) ? 1 : 0;
    }
    return this.with(voxels, `${this.name} ${sign} ${other.name}`);
  }

  private summary(): MimeBundle {
    const millilitres = (this.volumeMm3 / 1000).toFixed(2);
    return { "text/plain": `Mask "${this.name}": ${this.count} voxels, ${millilitres} mL` };
  }

  private checkNotEmpty(count: number): void {
    if (count > 0) return;
    throw new InputError(
      `mask "${this.name}" is empty: no voxel lies inside. Check the region's name and the contour.`,
    );
  }
}
