/**
 * The grey levels that the kernels of a feature map look at: those of a region, or of all voxels around it.
 *
 * Layer:  radiomics; imports core, volume.
 */
import { InputError } from "../core/errors.js";
import type { Geometry, Vec3 } from "../core/geometry.js";
import { copyBox, growBox, tightBox } from "../volume/crop.js";
import { boxSize, positionsOf } from "../volume/index-box.js";

/** Levels on a box around the region, wide enough that a kernel around any of its voxels stays inside. */
export interface MapField {
  readonly size: Vec3;
  /** 1 … levelCount; 0 for voxels that no kernel counts. */
  readonly levels: Uint16Array;
  readonly levelCount: number;
  readonly values: Float64Array;
  /** Voxels that get a value, in the box and on the scan's grid. */
  readonly centers: Int32Array;
  readonly targets: Int32Array;
  /** Voxels of a kernel on each side of its centre, along each axis. */
  readonly radius: Vec3;
}

/** Grey levels of intensities. */
export type Bin = (values: Float64Array) => { readonly levels: Uint16Array; readonly levelCount: number };

/**
 * @param inside  The region: 1 inside.
 * @param masked  Kernels count voxels of the region only; otherwise all voxels of the scan in the region's box, grown by
 *                the radius, and grey levels are made from all of them.
 * @throws InputError if the region is empty, or a voxel that counts is not finite.
 */
export function mapField(
  { geometry, voxels }: { readonly geometry: Geometry; readonly voxels: Float32Array | Float64Array },
  inside: Uint8Array,
  { radius, masked }: { readonly radius: Vec3; readonly masked: boolean },
  bin: Bin,
): MapField {
  const tight = tightBox(inside, geometry.size);
  if (tight === null)
    throw new InputError("the region of a feature map has no voxel. Check its name and contour.");
  const box = growBox(tight, radius);
  const size = boxSize(box);
  const count = size[0] * size[1] * size[2];
  const values = copyBox(voxels, geometry.size, box, new Float64Array(count));
  const region = copyBox(inside, geometry.size, box, new Uint8Array(count));
  const known = masked ? region : inScan(geometry.size, box.low, size);
  const counted = positionsOf(known);
  const intensities = Float64Array.from(counted, (p) => values[p]);
  const bad = intensities.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0) {
    throw new InputError(
      `a voxel of a feature map is ${intensities[bad]}. Repair the scan or take such voxels out of the mask.`,
    );
  }
  const binned = bin(intensities);
  const levels = new Uint16Array(count);
  for (let n = 0; n < counted.length; n++) levels[counted[n]] = binned.levels[n];
  const centers = positionsOf(region);
  const [nx, ny] = geometry.size;
  const targets = centers.map((p) => {
    const x = (p % size[0]) + box.low[0];
    const y = (Math.floor(p / size[0]) % size[1]) + box.low[1];
    return x + nx * (y + ny * (Math.floor(p / (size[0] * size[1])) + box.low[2]));
  });
  return { size, levels, levelCount: binned.levelCount, values, centers, targets, radius };
}

/** Voxels of a box that lie in the scan. */
function inScan([nx, ny, nz]: Vec3, low: Vec3, size: Vec3): Uint8Array {
  const known = new Uint8Array(size[0] * size[1] * size[2]);
  for (let z = 0, p = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      const line = y + low[1] >= 0 && y + low[1] < ny && z + low[2] >= 0 && z + low[2] < nz;
      for (let x = 0; x < size[0]; x++, p++) if (line && x + low[0] >= 0 && x + low[0] < nx) known[p] = 1;
    }
  }
  return known;
}
