/**
 * A region in the view: its mask, cut to its box, and its outline in each slice as a smooth path.
 *
 * Layer:  labextension, volume.
 */
import type { RegionPayload, VolumePayload } from "../../../src/plot/mime.js";
import { outlineLoops } from "./contour.js";
import { inflate } from "./inflate.js";
import type { PlaneAxes } from "./orientation.js";
import type { Vec3 } from "./payload.js";
import { type Part, toScreen } from "./scan.js";

/** Part of the grid that the region fills, and its voxels there. */
export interface Region {
  readonly name: string;
  readonly color: string;
  /** First voxel of the box around the region. */
  readonly offset: Vec3;
  /** Size of the box; 0 if the region is empty. */
  readonly size: Vec3;
  /** One byte a voxel of the box, not 0 inside. */
  readonly inside: Uint8Array;
  /** Outlines drawn so far, by plane and slice. */
  readonly outlines: Map<string, Path2D | null>;
}

/** Unpacks the regions of a payload. @throws PayloadError if a mask does not fill the scan's grid. */
export async function readRegions(payload: VolumePayload): Promise<readonly Region[]> {
  const regions: Region[] = [];
  for (const region of payload.regions) regions.push(await readRegion(region, payload.geometry.size));
  return regions;
}

/**
 * Outline of a region in a slice, in columns and rows of the plane (0, 0 = outer corner of the first voxel).
 * Null when the slice does not cut the region.
 */
export function outlineOf(region: Region, plane: PlaneAxes, part: Part, slice: number): Path2D | null {
  const key = `${plane.name} ${slice} ${part.offset.join()} ${part.size.join()} ${part.step}`;
  const known = region.outlines.get(key);
  if (known !== undefined) return known;
  const path = drawOutline(region, plane, part, slice);
  region.outlines.set(key, path);
  return path;
}

async function readRegion(payload: RegionPayload, [nx, ny, nz]: Vec3): Promise<Region> {
  const mask = await inflate(payload.mask, nx * ny * nz, `the region "${payload.name}"`);
  const low: [number, number, number] = [nx, ny, nz];
  const high: [number, number, number] = [-1, -1, -1];
  for (let z = 0, p = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, p++) {
        if (mask[p] === 0) continue;
        if (x < low[0]) low[0] = x;
        if (x > high[0]) high[0] = x;
        if (y < low[1]) low[1] = y;
        if (y > high[1]) high[1] = y;
        if (z < low[2]) low[2] = z;
        high[2] = z;
      }
    }
  }
  const { name, color } = payload;
  const outlines = new Map<string, Path2D | null>();
  if (high[2] < 0)
    return { name, color, offset: [0, 0, 0], size: [0, 0, 0], inside: new Uint8Array(0), outlines };
  const size: Vec3 = [high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1];
  return { name, color, offset: low, size, inside: cropped(mask, [nx, ny, nz], low, size), outlines };
}

/** Only the box is kept: a mask of the whole grid would cost half as much memory as the scan. */
function cropped(mask: Uint8Array, [nx, ny]: Vec3, low: Vec3, [w, h, d]: Vec3): Uint8Array {
  const box = new Uint8Array(w * h * d);
  for (let z = 0; z < d; z++) {
    for (let y = 0; y < h; y++) {
      const from = low[0] + nx * (low[1] + y + ny * (low[2] + z));
      box.set(mask.subarray(from, from + w), w * (y + h * z));
    }
  }
  return box;
}

function drawOutline(region: Region, plane: PlaneAxes, part: Part, slice: number): Path2D | null {
  const normal = plane.through.axis;
  const depth = slice - region.offset[normal];
  if (depth < 0 || depth >= region.size[normal]) return null;

  const { axis: u } = plane.right;
  const { axis: v } = plane.down;
  const strides = [1, region.size[0], region.size[0] * region.size[1]] as const;
  const width = region.size[u];
  const height = region.size[v];
  const flat = new Uint8Array(width * height);
  for (let j = 0; j < height; j++)
    for (let i = 0; i < width; i++)
      flat[i + width * j] = region.inside[
        i * strides[u] + j * strides[v] + depth * strides[normal]
      ] as number;

  const path = new Path2D();
  let drawn = false;
  const column = screenMap(plane.right, part, region.offset[u]);
  const row = screenMap(plane.down, part, region.offset[v]);
  for (const loop of outlineLoops(flat, width, height)) {
    for (let k = 0; k < loop.length; k += 2) {
      const [x, y] = [column(loop[k] as number), row(loop[k + 1] as number)];
      if (k === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    }
    path.closePath();
    drawn = true;
  }
  return drawn ? path : null;
}

/** Edge coordinate inside the region's box → edge coordinate on the screen. */
function screenMap(screen: PlaneAxes["right"], part: Part, offset: number): (edge: number) => number {
  const { axis } = screen;
  const index: [number, number, number] = [0, 0, 0];
  return (edge) => {
    index[axis] = edge - 0.5 + offset;
    return toScreen(screen, part, index) + 0.5;
  };
}
