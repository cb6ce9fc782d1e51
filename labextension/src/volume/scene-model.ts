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
import type { Scan } from "./scan.js";
import { blur, type Mesh, surfaceOf } from "./surface.js";

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
  { level: -300, color: "#d9a58b", opacity: 0.16 },
  { level: 230, color: "#f3ead6", opacity: 0.5 },
];

export function sceneSurfaces({ scan, regions }: Frame, unit: string): readonly SceneSurface[] {
  const surfaces: SceneSurface[] = [];
  for (const [index, region] of regions.entries()) {
    if (region.inside.length === 0) continue;
    surfaces.push({ mesh: regionMesh(scan, region), color: region.color, opacity: 1, region: index });
  }
  const coarse = coarsened(scan);
  const levels =
    unit === "HU" ? CT_LEVELS : [{ level: meanOf(coarse.field), color: "#b9c4cf", opacity: 0.2 }];
  for (const { level, color, opacity } of levels) {
    const mesh = surfaceOf(coarse.field, coarse.size, level, coarse.place);
    if (mesh.triangles.length > 0) surfaces.push({ mesh, color, opacity, region: null });
  }
  return surfaces;
}

/** The mask with a rim of two empty voxels, so that its surface closes, blurred once. */
function regionMesh({ geometry }: Scan, { inside, offset, size }: Region): Mesh {
  const rim = 2;
  const grown: Vec3 = [size[0] + 2 * rim, size[1] + 2 * rim, size[2] + 2 * rim];
  const field = new Float32Array(grown[0] * grown[1] * grown[2]);
  for (let z = 0, p = 0; z < size[2]; z++)
    for (let y = 0; y < size[1]; y++)
      for (let x = 0; x < size[0]; x++, p++)
        if (inside[p] !== 0) field[x + rim + grown[0] * (y + rim + grown[1] * (z + rim))] = 1;
  blur(field, grown);
  return surfaceOf(field, grown, 0.45, ([x, y, z]) =>
    toWorld(geometry, [x - rim + offset[0], y - rim + offset[1], z - rim + offset[2]]),
  );
}

interface Coarse {
  readonly field: Float32Array;
  readonly size: Vec3;
  readonly place: (index: Vec3) => Vec3;
}

/** Means of blocks of about equal sides in mm, with a rim of air around them. */
function coarsened({ geometry, offset, size, step, stored, slope, intercept }: Scan): Coarse {
  const longest = Math.max(...size.map((n, axis) => n * step * (geometry.spacing[axis] as number)));
  const block = size.map((n, axis) =>
    Math.min(n, Math.max(1, Math.round(longest / COARSE / (step * (geometry.spacing[axis] as number))))),
  ) as unknown as Vec3;
  const inner = size.map((n, axis) => Math.floor(n / (block[axis] as number))) as unknown as Vec3;
  const outer: Vec3 = [inner[0] + 2, inner[1] + 2, inner[2] + 2];
  let lowest = Number.POSITIVE_INFINITY;
  const field = new Float32Array(outer[0] * outer[1] * outer[2]);
  const voxels = block[0] * block[1] * block[2];
  for (let z = 0; z < inner[2]; z++) {
    for (let y = 0; y < inner[1]; y++) {
      for (let x = 0; x < inner[0]; x++) {
        let sum = 0;
        for (let k = 0; k < block[2]; k++)
          for (let j = 0; j < block[1]; j++)
            for (let i = 0; i < block[0]; i++)
              sum += stored[
                x * block[0] + i + size[0] * (y * block[1] + j + size[1] * (z * block[2] + k))
              ] as number;
        const mean = (sum / voxels) * slope + intercept;
        if (mean < lowest) lowest = mean;
        field[x + 1 + outer[0] * (y + 1 + outer[1] * (z + 1))] = Number.isNaN(mean) ? 0 : mean;
      }
    }
  }
  fillRim(field, outer, lowest);
  const place = (index: Vec3): Vec3 =>
    toWorld(geometry, [
      offset[0] + step * ((index[0] - 0.5) * block[0] - 0.5),
      offset[1] + step * ((index[1] - 0.5) * block[1] - 0.5),
      offset[2] + step * ((index[2] - 0.5) * block[2] - 0.5),
    ]);
  return { field, size: outer, place };
}

function fillRim(field: Float32Array, [nx, ny, nz]: Vec3, value: number): void {
  for (let z = 0, p = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, p++)
        if (x === 0 || y === 0 || z === 0 || x === nx - 1 || y === ny - 1 || z === nz - 1) field[p] = value;
}

function meanOf(field: Float32Array): number {
  let sum = 0;
  for (let p = 0; p < field.length; p++) sum += field[p] as number;
  return sum / field.length;
}
