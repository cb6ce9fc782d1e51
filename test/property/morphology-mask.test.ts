/** Mask operations against their definitions, voxel by voxel. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError, NumericalError } from "../../src/core/errors.js";
import { type Geometry, indexToWorld, type Mat3, type Vec3 } from "../../src/core/geometry.js";
import { squaredDistances } from "../../src/volume/distance.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";
import { asMask, asVolume, grid, randomScan, type Scan } from "../support/regions.js";

const mm = fc.constantFrom(0, 0.5, 1, 1.25, 2, 3, 4.1);

/** Squared mm between two voxels. */
function apart({ size: [nx, ny], spacing }: Scan, p: number, q: number): number {
  const at = (v: number): number[] => [v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))];
  const a = at(p);
  const b = at(q);
  return spacing.reduce((sum, s, axis) => sum + (((a[axis] ?? 0) - (b[axis] ?? 0)) * s) ** 2, 0);
}

function someInside(scan: Scan, from: number, wanted: 0 | 1, reach: number): boolean {
  return scan.inside.some((v, q) => v === wanted && apart(scan, from, q) <= reach * reach * (1 + 1e-9));
}

describe("mask operations", () => {
  it("measure the distance to the nearest voxel inside", () => {
    fc.assert(
      fc.property(randomScan(), (scan) => {
        squaredDistances(scan.inside, scan.size, scan.spacing).forEach((found, p) => {
          let least = Infinity;
          scan.inside.forEach((v, q) => {
            if (v !== 0) least = Math.min(least, apart(scan, p, q));
          });
          assert.ok(Math.abs(found - least) <= 1e-12 * least, `voxel ${p}: ${found} and ${least}`);
        });
      }),
    );
  });

  it("dilate, erode and take the ring by definition", () => {
    fc.assert(
      fc.property(randomScan(), mm, mm, (scan, outer, inner) => {
        const mask = asMask(scan);
        const larger = mask.dilate(outer).voxels;
        const smaller = mask.erode(inner).voxels;
        const ring = mask.ring(outer, { inside: inner }).voxels;
        scan.inside.forEach((v, p) => {
          assert.equal(larger[p] === 1, someInside(scan, p, 1, outer), `dilated, voxel ${p}`);
          assert.equal(smaller[p] === 1, v === 1 && !someInside(scan, p, 0, inner), `eroded, voxel ${p}`);
          assert.equal(ring[p] === 1, larger[p] === 1 && smaller[p] === 0, `ring, voxel ${p}`);
        });
      }),
    );
  });

  it("open to a part and close to more of the region, and do both only once", () => {
    fc.assert(
      fc.property(randomScan(), mm, (scan, radius) => {
        const mask = asMask(scan);
        const opened = mask.open(radius);
        const closed = mask.close(radius);
        assert.ok(opened.voxels.every((v, p) => v <= (mask.voxels[p] ?? 0)));
        assert.ok(closed.voxels.every((v, p) => v >= (mask.voxels[p] ?? 0)));
        assert.deepEqual(opened.open(radius).voxels, opened.voxels);
        assert.deepEqual(closed.close(radius).voxels, closed.voxels);
      }),
    );
  });

  it("combine regions as sets", () => {
    fc.assert(
      fc.property(randomScan(), fc.integer({ min: 1, max: 6 }), (scan, level) => {
        const a = asMask(scan);
        const b = asVolume(scan).threshold(level);
        a.voxels.forEach((inA, p) => {
          const inB = (scan.voxels[p] ?? 0) >= level;
          assert.equal(a.union(b).voxels[p] === 1, inA === 1 || inB);
          assert.equal(a.intersect(b).voxels[p] === 1, inA === 1 && inB);
          assert.equal(a.subtract(b).voxels[p] === 1, inA === 1 && !inB);
          assert.equal(a.xor(b).voxels[p] === 1, (inA === 1) !== inB);
        });
      }),
      { numRuns: 40 },
    );
  });

  it("keep a ring inside the region it is clipped to, and refuse other grids and negative widths", () => {
    const ball = new Mask(Uint8Array.of(0, 0, 1, 0, 0), grid([5, 1, 1]), "GTV");
    const lung = new Mask(Uint8Array.of(1, 1, 1, 1, 0), grid([5, 1, 1]), "lung");
    assert.deepEqual([...ball.ring(2, { clip: lung }).voxels], [1, 1, 0, 1, 0]);
    const elsewhere = new Mask(new Uint8Array(5), grid([5, 1, 1], [2, 1, 1]), "lung");
    assert.throws(() => ball.ring(2, { clip: elsewhere }), InputError);
    assert.throws(() => ball.union(elsewhere), /different grids/);
    for (const bad of [-1, Number.NaN, Infinity]) assert.throws(() => ball.dilate(bad), InputError);
  });

  it("find the voxels with a face to the outside, and the largest section", () => {
    const cube = new Mask(new Uint8Array(125).fill(1), grid([5, 5, 5]), "cube");
    assert.equal(cube.surface.count, 125 - 27);
    assert.equal(cube.volumeMl, 0.125);
    const steps = new Mask(Uint8Array.of(1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0), grid([2, 2, 3]), "steps");
    assert.deepEqual(steps.largestSection, { slice: 1, count: 3, center: [2 / 3, 2 / 3, 1] });
    assert.throws(() => new Mask(new Uint8Array(4), grid([2, 2, 1]), "none").largestSection, NumericalError);
  });
});

describe("another grid", () => {
  const quarter: Mat3 = [0, 0, -1, 1, 0, 0, 0, -1, 0];

  it("to LPS axes keeps every voxel where it is in the patient", () => {
    const columns = fc.constantFrom<Mat3>(
      quarter,
      [-1, 0, 0, 0, -1, 0, 0, 0, 1],
      [0, 1, 0, 1, 0, 0, 0, 0, -1],
      [1, 0, 0, 0, 1, 0, 0, 0, 1],
    );
    fc.assert(
      fc.property(randomScan(), columns, (scan, direction) => {
        const geometry: Geometry = { size: scan.size, spacing: scan.spacing, origin: [5, -6, 7], direction };
        const volume = new Volume(scan.voxels, geometry);
        const turned = volume.reorient();
        assert.deepEqual(turned.geometry.direction, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
        eachIndex(scan.size, (index) => {
          assert.equal(turned.atMm(indexToWorld(geometry, index)), volume.at(index));
        });
        assert.equal(new Mask(scan.inside, geometry).reorient().count, asMask(scan).count);
        // Interpolating onto the turned grid and back is the same voxels.
        assert.deepEqual(volume.resampleTo(turned).voxels, turned.voxels);
        assert.deepEqual(volume.resampleTo(turned, { interpolation: "nearest" }).voxels, turned.voxels);
      }),
    );
  });

  it("aligned at the corner starts there, and on the same spacing changes nothing", () => {
    fc.assert(
      fc.property(randomScan(), (scan) => {
        const volume = asVolume(scan, [4, 5, 6]);
        const finer = volume.resample({ spacing: 0.7, align: "corner", interpolation: "nearest" });
        const corner = (v: Volume): Vec3 => indexToWorld(v.geometry, [-0.5, -0.5, -0.5]);
        corner(finer).forEach((c, axis) => {
          assert.ok(Math.abs(c - (corner(volume)[axis] ?? 0)) < 1e-9);
        });
        for (const interpolation of ["nearest", "linear", "cubic"] as const) {
          const same = volume.resample({ spacing: scan.spacing, align: "corner", interpolation });
          same.voxels.forEach((v, p) => {
            assert.ok(Math.abs(v - (scan.voxels[p] ?? 0)) < 1e-9, interpolation);
          });
        }
      }),
    );
  });
});

function eachIndex([nx, ny, nz]: Vec3, visit: (index: Vec3) => void): void {
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) visit([x, y, z]);
  }
}
