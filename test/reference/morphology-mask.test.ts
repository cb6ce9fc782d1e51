/** Mask operations against SciPy, another grid against SimpleITK; `data-scripts/reference/mask-operations.py` made the values. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type Geometry, IDENTITY, type Vec3 } from "../../src/core/geometry.js";
import { squaredDistances } from "../../src/volume/distance.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";

interface Reference {
  readonly size: Vec3;
  readonly spacing: Vec3;
  readonly cases: readonly {
    readonly mask: string;
    readonly results: Readonly<Record<string, string>>;
    readonly distances: readonly number[];
  }[];
  readonly regrid: {
    readonly voxels: readonly number[];
    readonly from: Geometry;
    readonly to: Geometry;
    readonly outside: number;
    readonly results: Readonly<Record<"linear" | "cubic", readonly number[]>>;
  };
}

const reference: Reference = JSON.parse(
  readFileSync(new URL("../support/mask-operations.json", import.meta.url), "utf8"),
);
const geometry: Geometry = { ...reference, origin: [1, 2, 3], direction: IDENTITY };

const OPERATIONS: Readonly<Record<string, (mask: Mask) => Mask>> = {
  "dilate 2": (mask) => mask.dilate(2),
  "dilate 3": (mask) => mask.dilate(3),
  "erode 1.5": (mask) => mask.erode(1.5),
  "open 1.5": (mask) => mask.open(1.5),
  "close 2": (mask) => mask.close(2),
  "ring 3": (mask) => mask.ring(3),
  "ring 3 inside 1.5": (mask) => mask.ring(3, { inside: 1.5 }),
  "largest 6": (mask) => mask.largestComponent(6),
  "largest 18": (mask) => mask.largestComponent(18),
  "largest 26": (mask) => mask.largestComponent(26),
  "fill 26": (mask) => mask.fillHoles(26),
  "fill 6": (mask) => mask.fillHoles(6),
};

describe("mask operations by SciPy", () => {
  reference.cases.forEach(({ mask: packed, results, distances }, at) => {
    const mask = new Mask(unpacked(packed), geometry);
    for (const [name, expected] of Object.entries(results)) {
      it(`${name} of mask ${at + 1} agrees voxel by voxel`, () => {
        const operation = OPERATIONS[name];
        assert.ok(operation !== undefined && mask.count > 100);
        assert.deepEqual(operation(mask).voxels, unpacked(expected));
      });
    }

    it(`the distances to mask ${at + 1} agree to 1e-12`, () => {
      const found = squaredDistances(mask.voxels, geometry.size, geometry.spacing);
      distances.forEach((mm, n) => {
        assert.ok(Math.abs(Math.sqrt(found[7 * n] ?? Number.NaN) - mm) <= 1e-12 * mm, `voxel ${7 * n}`);
      });
    });
  });
});

describe("a scan on another, rotated grid by SimpleITK", () => {
  const { voxels, from, to, outside, results } = reference.regrid;
  const volume = new Volume(Float64Array.from(voxels), from);
  for (const interpolation of ["linear", "cubic"] as const) {
    it(`${interpolation}: every voxel agrees to 1e-9`, () => {
      const found = volume.resampleTo(to, { interpolation, outside }).voxels;
      const expected = results[interpolation];
      assert.equal(found.length, expected.length);
      assert.ok(expected.filter((v) => v !== outside).length > 100);
      expected.forEach((value, p) => {
        assert.ok(Math.abs((found[p] ?? Number.NaN) - value) <= 1e-9, `voxel ${p}: ${found[p]} and ${value}`);
      });
    });
  }
});

function unpacked(text: string): Uint8Array {
  const bytes = Buffer.from(text, "base64");
  const [nx, ny, nz] = reference.size;
  return Uint8Array.from({ length: nx * ny * nz }, (_, p) => ((bytes[p >> 3] ?? 0) >> (7 - (p & 7))) & 1);
}
