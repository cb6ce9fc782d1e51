/**
 * What stands in the 3D view: the regions' surfaces, and around them the body as glass.
 *
 * The body is drawn from a coarser copy of the scan, so that opening 3D takes about a second without a graphics card.
 * Layer:  labextension, volume.
 */
import { toWorld } from "./orientation.js";
import type { Vec3 } from "./payload.js";
import type { Frame } from "./plane-paint.js";
import type { Region } from "./region.js";
import { greyValue, type Scan } from "./scan.js";
import { blur, type Mesh, smoothed, surfaceOf } from "./surface.js";

/** A surface and how it looks. */
export interface SceneSurface {
  readonly mesh: Mesh;
  /** CSS hexadecimal color. */
  readonly color: string;
  readonly opacity: number;
  /** Index of the region, null for the body. */
  readonly region: number | null;
}

/** Voxels of the coarser copy along its longest side. */
const COARSE = 110;
/** Skin and lung, then bone, in HU; other scans have one surface between dark and bright. */
const CT_LEVELS = [
  { level: -300, color: "#d9a58b", opacity: 0.13 },
  { level: 230, color: "#f3ead6", opacity: 0.75 },
];

/** Of the blurred masks: where their surfaces lie. */
const LEVEL = 0.45;

export function sceneSurfaces({ scan, regions }: Frame, unit: string): readonly SceneSurface[] {
  const surfaces: SceneSurface[] = [];
  for (const [index, region] of regions.entries()) {
    if (region.inside.length === 0) continue;
    surfaces.push({ mesh: regionMesh(scan, region), color: region.color, opacity: 1, region: index });
  }
  const coarse = coarsened(scan);
  blur(coarse.field, coarse.size); // Noise would make the bone rough.
  const levels =
    unit === "HU" ? CT_LEVELS : [{ level: meanOf(coarse.field), color: "#b9c4cf", opacity: 0.2 }];
  for (const { level, color, opacity } of levels) {
    const mesh = surfaceOf(coarse.field, coarse.size, level, coarse.place);
    if (mesh.triangles.length > 0) surfaces.push({ mesh, color, opacity, region: null });
  }
  return surfaces;
}

/** The mask with a rim of two empty voxels, so that its surface closes; the stairs of thick slices are smoothed. */
function regionMesh({ geometry }: Scan, { inside, offset, size }: Region): Mesh {
  const rim = 2;
  const grown: Vec3 = [size[0] + 2 * rim, size[1] + 2 * rim, size[2] + 2 * rim];
  const field = new Float32Array(grown[0] * grown[1] * grown[2]);
  for (let z = 0, p = 0; z < size[2]; z++)
    for (let y = 0; y < size[1]; y++)
      for (let x = 0; x < size[0]; x++, p++)
        if (inside[p] !== 0) field[x + rim + grown[0] * (y + rim + grown[1] * (z + rim))] = 1;
  const sharp = field.slice();
  blur(field, grown);
  const place = ([x, y, z]: Vec3): Vec3 =>
    toWorld(geometry, [x - rim + offset[0], y - rim + offset[1], z - rim + offset[2]]);
  // A region of a few voxels is blurred away: its surface stays as it is.
  if (highestOf(field) < 2 * LEVEL) return surfaceOf(sharp, grown, 0.5, place);
  const stairs = surfaceOf(field, grown, LEVEL, place);
  return smoothed(stairs, 12);
}

interface Coarse {
  readonly field: Float32Array;
  readonly size: Vec3;
  readonly place: (index: Vec3) => Vec3;
}

function highestOf(field: Float32Array): number {
  let highest = 0;
  for (let p = 0; p < field.length; p++) highest = Math.max(highest, field[p] as number);
  return highest;
}

/** Means of blocks of about equal sides in mm. The surface stays open where the scan ends. */
function coarsened(scan: Scan): Coarse {
  const { geometry, offset, size, step } = scan;
  const mm = (axis: number): number => step * (geometry.spacing[axis] as number);
  const longest = Math.max(...size.map((n, axis) => n * mm(axis)));
  const block = size.map((n, axis) =>
    Math.min(n, Math.max(1, Math.round(longest / COARSE / mm(axis)))),
  ) as unknown as Vec3;
  const coarse = size.map((n, axis) => Math.floor(n / (block[axis] as number))) as unknown as Vec3;
  const field = new Float32Array(coarse[0] * coarse[1] * coarse[2]);
  let lowest = Number.POSITIVE_INFINITY;
  for (let z = 0, p = 0; z < coarse[2]; z++) {
    for (let y = 0; y < coarse[1]; y++) {
      for (let x = 0; x < coarse[0]; x++, p++) {
        let [sum, count] = [0, 0];
        for (let k = z * block[2]; k < (z + 1) * block[2]; k++)
          for (let j = y * block[1]; j < (y + 1) * block[1]; j++)
            for (let i = x * block[0]; i < (x + 1) * block[0]; i++) {
              const value = greyValue(scan, i + size[0] * (j + size[1] * k));
              if (!Number.isFinite(value)) continue;
              sum += value;
              count++;
            }
        field[p] = sum / count;
        if (count > 0) lowest = Math.min(lowest, sum / count);
      }
    }
  }
  // Where there is no value there is nothing to see: as outside of the body.
  for (let p = 0; p < field.length; p++) if (Number.isNaN(field[p])) field[p] = lowest;
  // A block's middle lies (block - 1) / 2 voxels after its first voxel.
  const at = (index: Vec3, axis: 0 | 1 | 2): number =>
    offset[axis] + step * (index[axis] * block[axis] + (block[axis] - 1) / 2);
  return {
    field,
    size: coarse,
    place: (index) => toWorld(geometry, [at(index, 0), at(index, 1), at(index, 2)]),
  };
}

function meanOf(field: Float32Array): number {
  let sum = 0;
  for (let p = 0; p < field.length; p++) sum += field[p] as number;
  return sum / field.length;
}
