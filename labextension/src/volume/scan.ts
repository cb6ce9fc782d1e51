/**
 * The voxels that a view holds: the whole scan at full resolution, or the part embedded in the notebook.
 *
 * Indices are those of the scan's whole grid, whatever part is held. Values stay in the type they came in
 * (int16: 1 × the scan's size); grey value = stored × slope + intercept.
 * Layer:  labextension, volume.
 */
import type { EmbeddedVoxels, VolumePayload } from "../../../src/plot/mime.js";
import { inflate } from "./inflate.js";
import type { PlaneAxes, ScreenAxis } from "./orientation.js";
import type { Geometry, Vec3 } from "./payload.js";

/** x fastest. */
export type StoredVoxels = Int16Array | Float32Array | Uint8Array;

export interface Scan {
  /** The whole grid. */
  readonly geometry: Geometry;
  /** First voxel held, in the whole grid. */
  readonly offset: Vec3;
  /** Voxels held along each axis. */
  readonly size: Vec3;
  /** Every how many-th voxel along each axis is held. */
  readonly step: number;
  readonly stored: StoredVoxels;
  readonly slope: number;
  readonly intercept: number;
  /** Stored value of voxels without a number, null if each has one; of floats NaN is none as well. */
  readonly missing: number | null;
  /** False when values were rounded to fit into the notebook. */
  readonly exact: boolean;
}

/** The whole scan at full resolution. */
export function wholeScan({ geometry }: VolumePayload, stored: Int16Array | Float32Array): Scan {
  return {
    geometry,
    offset: [0, 0, 0],
    size: geometry.size,
    step: 1,
    stored,
    slope: 1,
    intercept: 0,
    missing: null,
    exact: true,
  };
}

/** The part that lies in the notebook. @throws PayloadError if its bytes are damaged. */
export async function embeddedScan({ geometry }: VolumePayload, part: EmbeddedVoxels): Promise<Scan> {
  const { offset, size, step, slope, intercept } = part;
  const stored = await inflate(part.voxels, size[0] * size[1] * size[2], "the embedded scan");
  const missing = part.missing ?? null;
  return { geometry, offset, size, step, stored, slope, intercept, missing, exact: false };
}

/** Grey value at a whole index, NaN for a voxel without a number; null outside the part held. */
export function valueAt(scan: Scan, index: Vec3): number | null {
  const { offset, size, step } = scan;
  const [x, y, z] = [0, 1, 2].map((axis) =>
    Math.round(((index[axis] as number) - (offset[axis] as number)) / step),
  ) as unknown as Vec3;
  if (x < 0 || y < 0 || z < 0 || x >= size[0] || y >= size[1] || z >= size[2]) return null;
  return greyValue(scan, x + size[0] * (y + size[1] * z));
}

/** Grey value of a stored voxel, NaN for one without a number. */
export function greyValue({ stored, slope, intercept, missing }: Scan, place: number): number {
  const value = stored[place] ?? Number.NaN;
  return value === missing ? Number.NaN : value * slope + intercept;
}

/** Column, row or slice on the screen of an index along an axis; also of fractional indices. */
export function toScreen({ axis, forward }: ScreenAxis, part: Part, index: Vec3): number {
  const position = (index[axis] - part.offset[axis]) / part.step;
  return forward ? position : part.size[axis] - 1 - position;
}

/** Index along an axis of a column, row or slice on the screen: the inverse of `toScreen`. */
export function fromScreen({ axis, forward }: ScreenAxis, part: Part, position: number): number {
  return part.offset[axis] + part.step * (forward ? position : part.size[axis] - 1 - position);
}

/** Width and height of a plane in voxels. */
export function planeSize(plane: PlaneAxes, part: Part): readonly [number, number] {
  return [part.size[plane.right.axis], part.size[plane.down.axis]];
}

/** The nearest voxel that the scan holds. */
export function nearestHeld({ offset, size, step }: Part, index: Vec3): Vec3 {
  const at = (axis: 0 | 1 | 2): number => {
    const position = Math.round((index[axis] - offset[axis]) / step);
    return offset[axis] + step * Math.min(size[axis] - 1, Math.max(0, position));
  };
  return [at(0), at(1), at(2)];
}

/** Whether the voxels held span the whole grid, be it coarsely. */
export function isWhole({ geometry, size, step }: Scan): boolean {
  return geometry.size.every((n, axis) => size[axis] === Math.ceil(n / step));
}

/** Fractional index in the middle of the voxels held. */
export function middleOf({ offset, size, step }: Part): Vec3 {
  const at = (axis: 0 | 1 | 2): number => offset[axis] + (step * (size[axis] - 1)) / 2;
  return [at(0), at(1), at(2)];
}

/** The voxels of the grid that a scan holds. */
export type Part = Pick<Scan, "offset" | "size" | "step">;
