/** Resampling on IBSI's centred grid. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import { indexToWorld, type Vec3 } from "../../src/core/geometry.js";
import { Mask } from "../../src/volume/mask.js";
import { centeredGrid, roundInPlace } from "../../src/volume/resample.js";
import { Volume } from "../../src/volume/volume.js";
import { grid } from "../support/regions.js";

describe("resampling", () => {
  it("makes a grid with the same centre that covers the scan", () => {
    // IBSI's CT phantom: 204 × 201 × 60 voxels of 0.977 × 0.977 × 3 mm become 100 × 99 × 90 of 2 mm.
    assert.deepEqual(centeredGrid(grid([204, 201, 60], [0.977, 0.977, 3]), [2, 2, 2]).size, [100, 99, 90]);
    const mm = fc.double({ min: 0.4, max: 5, noNaN: true });
    const side = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(side, side, side, mm, mm, (nx, ny, nz, from, to) => {
        const source = grid([nx, ny, nz], [from, from, 1], [3, -4, 5]);
        const target = centeredGrid(source, [to, to, 1]);
        const center = ({ size: [x, y, z] }: { size: Vec3 }): Vec3 => [(x - 1) / 2, (y - 1) / 2, (z - 1) / 2];
        indexToWorld(target, center(target)).forEach((c, axis) => {
          assert.ok(Math.abs(c - (indexToWorld(source, center(source))[axis] ?? 0)) < 1e-9);
        });
        assert.ok(target.size[0] * to >= nx * from - 1e-6 && (target.size[0] - 1) * to < nx * from);
      }),
    );
  });

  it("keeps a linear ramp linear between the outermost voxel centres, and flat beyond", () => {
    const size = [8, 7, 6] as const;
    const voxels = new Float64Array(336);
    const at = (x: number, y: number, z: number): number => 2 * x - 3 * y + 5 * z;
    for (let p = 0; p < 336; p++) voxels[p] = at(p % 8, Math.floor(p / 8) % 7, Math.floor(p / 56));
    const source = new Volume(voxels, grid(size));
    const result = source.resample({ spacing: [0.7, 1.3, 0.9] });
    const [nx, ny, nz] = result.geometry.size;
    const within = (v: number, n: number): number => Math.min(Math.max(v, 0), n - 1);
    for (let p = 0; p < nx * ny * nz; p++) {
      const [x, y, z] = result.toMm([p % nx, Math.floor(p / nx) % ny, Math.floor(p / (nx * ny))]);
      const expected = at(within(x, 8), within(y, 7), within(z, 6));
      assert.ok(Math.abs((result.voxels[p] ?? Number.NaN) - expected) < 1e-9, `${x} ${y} ${z}`);
    }
  });

  it("to the same spacing changes nothing", () => {
    const voxels = Float64Array.from({ length: 24 }, (_, p) => Math.sin(p));
    const source = new Volume(voxels, grid([4, 3, 2], [0.7, 0.8, 3]));
    assert.deepEqual(source.resample({ spacing: [0.7, 0.8, 3] }).voxels, voxels);
    const mask = new Mask(
      Uint8Array.from(voxels, (v) => (v > 0 ? 1 : 0)),
      source.geometry,
    );
    assert.deepEqual(mask.resample({ spacing: [0.7, 0.8, 3] }).voxels, mask.voxels);
  });

  it("puts voxels halfway between inside and outside inside", () => {
    const mask = new Mask(Uint8Array.of(1, 0), grid([2, 1, 1], [2, 1, 1]));
    // New centres at -0.5, 0.5, 1.5, 2.5 mm of centres at 0 and 2 mm: weights of the first 1, ¾, ¼, 0.
    assert.deepEqual([...mask.resample({ spacing: 1 }).voxels], [1, 1, 0, 0]);
    const three = new Mask(Uint8Array.of(1, 0), grid([2, 1, 1], [3, 1, 1]));
    // 1 mm: centres at -1 … 4 mm; to 2 mm: at -0.5, 1.5, 3.5 mm, the middle one exactly halfway.
    assert.deepEqual([...three.resample({ spacing: [2, 1, 1] }).voxels], [1, 1, 0]);
  });

  it("with nearest takes voxels as they are, and treats any byte of a mask as inside", () => {
    const source = new Volume(Float64Array.of(1, 5, 9), grid([3, 1, 1]));
    assert.deepEqual(
      [...source.resample({ spacing: [0.6, 1, 1], interpolation: "nearest" }).voxels],
      [1, 1, 5, 9, 9],
    );
    const mask = new Mask(Uint8Array.of(0, 200, 0), grid([3, 1, 1]));
    assert.deepEqual([...mask.resample({ spacing: 1 }).voxels], [0, 1, 0]);
  });

  it("rounds halves to the even neighbour", () => {
    const values = Float64Array.of(0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 2.49, -2.51);
    roundInPlace(values);
    assert.deepEqual(
      [...values].map((v) => v + 0),
      [0, 2, 2, 0, -2, -2, 2, -3],
    );
  });

  it("to a spacing that is not positive, or far too small, is refused", () => {
    const source = new Volume(new Float64Array(8), grid([2, 2, 2]));
    for (const spacing of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e-4]) {
      assert.throws(() => source.resample({ spacing }), InputError, String(spacing));
    }
  });
});
