/**
 * A region of interest: which voxels of a grid belong to it.
 *
 * Layer:  volume; imports core.
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

/** Smallest box of voxels that holds a region; both ends belong to it. */
export interface IndexBox {
  readonly low: Vec3;
  readonly high: Vec3;
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

  /** @throws InputError unless the mask and the other grid are the same; the message says by how much they differ. */
  checkGrid(other: Geometry, what: string): void {
    const difference = gridDifference(this.geometry, other);
    if (difference === null) return;
    throw new InputError(
      `mask "${this.name}" and ${what} lie on different grids: ${difference}. Resample one onto the other's grid first.`,
    );
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
