/**
 * The grey levels of a region on the smallest grid that has a border of one voxel: neighbours stay near in memory.
 *
 * Layer:  radiomics; imports core (types), volume, level-grid (types), region (types).
 */
import type { Vec3 } from "../core/geometry.js";
import { copyBox, growBox, tightBox } from "../volume/crop.js";
import type { LevelGrid } from "./level-grid.js";
import type { Region } from "./region.js";

type Placed = Pick<Region, "geometry" | "morphology" | "positions">;

/** A region's shape and the places of its levels, which all images of the region share. */
interface CompactShape {
  readonly size: Vec3;
  readonly positions: Int32Array;
  readonly morphology: Uint8Array;
}

/** By `Region.positions`. */
const shapes = new WeakMap<Int32Array, { readonly of: Uint8Array; readonly shape: CompactShape }>();

/** @param levels  By voxel of the intensity mask, 1 … levelCount. */
export function compactLevels(
  region: Placed,
  { levels, levelCount }: { readonly levels: Uint16Array; readonly levelCount: number },
): { grid: LevelGrid; morphology: Uint8Array } {
  const known = shapes.get(region.positions);
  const shape = known?.of === region.morphology ? known.shape : compactShape(region);
  shapes.set(region.positions, { of: region.morphology, shape });
  const { size, positions, morphology } = shape;
  const grid = new Uint16Array(morphology.length);
  for (let n = 0; n < positions.length; n++) grid[positions[n]] = levels[n];
  return { grid: { levels: grid, size, levelCount, positions }, morphology };
}

function compactShape({ geometry, morphology, positions }: Placed): CompactShape {
  const [wideX, wideY, wideZ] = geometry.size;
  const tight = tightBox(morphology, geometry.size) ?? {
    low: [1, 1, 1],
    high: [wideX - 2, wideY - 2, wideZ - 2],
  };
  const box = growBox(tight, [1, 1, 1]);
  const [lowX, lowY, lowZ] = box.low;
  const size: Vec3 = [box.high[0] - lowX + 1, box.high[1] - lowY + 1, box.high[2] - lowZ + 1];
  const [nx, ny, nz] = size;
  const moved = new Int32Array(positions.length);
  // Positions ascend, so rows are passed one after the other.
  let rowEnd = 0;
  let shift = 0;
  for (let n = 0; n < positions.length; n++) {
    const p = positions[n];
    if (p >= rowEnd) {
      const row = Math.floor(p / wideX);
      const y = row % wideY;
      const z = (row - y) / wideY;
      rowEnd = (row + 1) * wideX;
      shift = nx * (y - lowY + ny * (z - lowZ)) - lowX - row * wideX;
    }
    moved[n] = p + shift;
  }
  const inside = copyBox(morphology, geometry.size, box, new Uint8Array(nx * ny * nz));
  return { size, positions: moved, morphology: inside };
}
