/** Small regions for property tests: random ones and analytic shapes. */
import fc from "fast-check";
import type { Geometry, Vec3 } from "../../src/core/geometry.js";
import type { LevelGrid } from "../../src/radiomics/level-grid.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";

const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1] as const;

export function grid(size: Vec3, spacing: Vec3 = [1, 1, 1], origin: Vec3 = [0, 0, 0]): Geometry {
  return { size, spacing, origin, direction: IDENTITY };
}

/** Intensities and a mask of the same size. */
export interface Scan {
  readonly size: Vec3;
  readonly spacing: Vec3;
  readonly voxels: Float64Array;
  readonly inside: Uint8Array;
}

export function asVolume({ voxels, size, spacing }: Scan, origin: Vec3 = [0, 0, 0]): Volume {
  return new Volume(voxels, grid(size, spacing, origin));
}

export function asMask({ inside, size, spacing }: Scan, origin: Vec3 = [0, 0, 0]): Mask {
  return new Mask(inside, grid(size, spacing, origin));
}

/** The highest intensity of a random scan, and so its number of grey levels. */
export const LEVELS = 6;

/** Up to 6 × 5 × 4 voxels, at least `least` of them inside, whole intensities from 1 to 6. */
export function randomScan(least = 1): fc.Arbitrary<Scan> {
  const side = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
  const mm = fc.constantFrom(0.5, 1, 1.25, 3);
  return fc
    .tuple(side(6), side(5), side(4), mm, mm, mm)
    .filter(([x, y, z]) => x * y * z >= least)
    .chain(([nx, ny, nz, sx, sy, sz]) => {
      const n = nx * ny * nz;
      return fc
        .tuple(
          fc.array(fc.integer({ min: 1, max: LEVELS }), { minLength: n, maxLength: n }),
          fc
            .array(fc.integer({ min: 0, max: 1 }), { minLength: n, maxLength: n })
            .filter((mask) => mask.reduce((a, b) => a + b, 0) >= least),
        )
        .map(([voxels, inside]) => ({
          size: [nx, ny, nz] as const,
          spacing: [sx, sy, sz] as const,
          voxels: Float64Array.from(voxels),
          inside: Uint8Array.from(inside),
        }));
    });
}

/** A shape on a grid with its own border of empty voxels; `inside` decides by mm from the centre. */
export function shape(size: Vec3, spacing: Vec3, inside: (x: number, y: number, z: number) => boolean): Scan {
  const voxels = new Float64Array(size[0] * size[1] * size[2]).fill(1);
  const mask = new Uint8Array(voxels.length);
  for (let z = 0, p = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      for (let x = 0; x < size[0]; x++, p++) {
        const at = [x, y, z].map((i, axis) => (i - (size[axis] - 1) / 2) * spacing[axis]);
        if (inside(at[0], at[1], at[2])) mask[p] = 1;
      }
    }
  }
  return { size, spacing, voxels, inside: mask };
}

/** The scan's levels with a border of zeros, as the kernel wants them. */
export function bordered({ size: [nx, ny, nz], voxels, inside }: Scan): LevelGrid {
  const size = [nx + 2, ny + 2, nz + 2] as const;
  const levels = new Uint16Array(size[0] * size[1] * size[2]);
  const positions: number[] = [];
  for (let z = 0, p = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, p++) {
        if (inside[p] === 0) continue;
        const q = x + 1 + size[0] * (y + 1 + size[1] * (z + 1));
        levels[q] = voxels[p] ?? 0;
        positions.push(q);
      }
    }
  }
  return { levels, size, levelCount: LEVELS, positions: Int32Array.from(positions) };
}

/** One slice of a scan as a scan. */
export function slice({ size: [nx, ny], spacing, voxels, inside }: Scan, z: number): Scan {
  const from = z * nx * ny;
  return {
    size: [nx, ny, 1],
    spacing,
    voxels: voxels.slice(from, from + nx * ny),
    inside: inside.slice(from, from + nx * ny),
  };
}
