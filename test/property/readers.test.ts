/** What is written is read back, for any numbers, type and byte order; contours equal the slow definition. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { outlines } from "../../data-scripts/synthetic/contours.js";
import type { Vec3 } from "../../src/core/geometry.js";
import * as io from "../../src/io/index.js";
import { flipInside } from "../../src/io/rasterize.js";
import { freshFolder, niftiBytes, nrrdBytes, put } from "../support/files.js";

const SIZE: Vec3 = [3, 2, 2];
const COUNT = 12;

/** NIfTI code, bits, NRRD type, and how a DataView writes and bounds the values. */
const TYPES = [
  [2, 8, "uchar", "setUint8", 0, 255],
  [256, 8, "signed char", "setInt8", -128, 127],
  [4, 16, "short", "setInt16", -32768, 32767],
  [512, 16, "ushort", "setUint16", 0, 65535],
  [8, 32, "int", "setInt32", -(2 ** 31), 2 ** 31 - 1],
  [768, 32, "uint", "setUint32", 0, 2 ** 32 - 1],
  [16, 32, "float", "setFloat32", -1e6, 1e6],
  [64, 64, "double", "setFloat64", -1e6, 1e6],
] as const;

type Stored = (typeof TYPES)[number];

function encode(values: readonly number[], [, bits, , set]: Stored, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array((values.length * bits) / 8);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view[set]((i * bits) / 8, value, littleEndian);
  });
  return bytes;
}

const block = fc.constantFrom(...TYPES).chain((type) => {
  const whole = fc.integer({ min: type[4], max: type[5] });
  const single = fc.integer({ min: -1e6, max: 1e6 }).map((n) => Math.fround(n / 7));
  const values = fc.array(type[2] === "float" || type[2] === "double" ? single : whole, {
    minLength: COUNT,
    maxLength: COUNT,
  });
  return fc.record({ type: fc.constant(type), values, littleEndian: fc.boolean(), packed: fc.boolean() });
});

describe("readers give back what was written", () => {
  const folder = freshFolder();

  it("from NIfTI-1 of every type and byte order, packed or not", async () => {
    await fc.assert(
      fc.asyncProperty(block, async ({ type, values, littleEndian, packed }) => {
        const [datatype, bitpix] = type;
        const data = encode(values, type, littleEndian);
        const bytes = niftiBytes({ dim: [3, ...SIZE, 1, 1, 1, 1], datatype, bitpix, data, littleEndian });
        const file = put(folder(), "any.nii", packed ? gzipSync(bytes) : bytes);
        assert.deepEqual(Array.from((await io.readNifti(file)).voxels), values);
      }),
      { numRuns: 150 },
    );
  });

  it("from NRRD of every type, byte order and encoding", async () => {
    await fc.assert(
      fc.asyncProperty(block, fc.boolean(), async ({ type, values, littleEndian, packed }, asText) => {
        const lines = [
          `type: ${type[2]}`,
          "dimension: 3",
          `sizes: ${SIZE.join(" ")}`,
          `endian: ${littleEndian ? "little" : "big"}`,
          `encoding: ${asText ? "ascii" : packed ? "gzip" : "raw"}`,
        ];
        const raw = encode(values, type, littleEndian);
        const data = asText ? Buffer.from(values.join("\n")) : packed ? gzipSync(raw) : raw;
        const file = put(folder(), "any.nrrd", nrrdBytes(lines, data));
        assert.deepEqual(Array.from((await io.readNrrd(file)).voxels), values);
      }),
      { numRuns: 150 },
    );
  });

  it("with the slope and intercept of NIfTI, and without them where the slope is 0", async () => {
    const values = fc.array(fc.integer({ min: -32768, max: 32767 }), { minLength: COUNT, maxLength: COUNT });
    const factor = fc.integer({ min: -40, max: 40 }).map((n) => n / 8);
    await fc.assert(
      fc.asyncProperty(values, factor, factor, async (stored, slope, inter) => {
        const data = encode(stored, TYPES[2], true);
        const bytes = niftiBytes({
          dim: [3, ...SIZE, 1, 1, 1, 1],
          datatype: 4,
          bitpix: 16,
          data,
          slope,
          inter,
        });
        const expected = slope === 0 ? stored : stored.map((v) => v * slope + inter);
        const { voxels } = await io.readNifti(put(folder(), "scaled.nii", bytes));
        assert.deepEqual(Array.from(voxels), expected);
      }),
      { numRuns: 60 },
    );
  });

  it("and the sform's and the qform's millimetres agree for any rotation", async () => {
    const part = fc.double({ min: -1, max: 1, noNaN: true });
    const spacing = fc.double({ min: 0.2, max: 5, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(part, part, part, part).filter((q) => Math.hypot(...q) > 0.1),
        fc.tuple(spacing, spacing, spacing),
        fc.constantFrom(1, -1),
        async (raw, steps, qfac) => {
          const norm = Math.hypot(...raw) * (raw[0] < 0 ? -1 : 1);
          const [a, b, c, d] = raw.map((v) => v / norm) as [number, number, number, number];
          // Rotation matrix of a unit quaternion, nifti1.h, method 2.
          const R = [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
          ];
          const scale = [steps[0], steps[1], steps[2] * qfac];
          const offset = [11, -7, 3];
          const common = {
            dim: [3, ...SIZE, 1, 1, 1, 1],
            datatype: 2,
            bitpix: 8,
            data: new Uint8Array(COUNT),
          };
          const sform = R.map((row, i) => [...row.map((v, j) => v * scale[j]), offset[i]]);
          const qform = { quaternion: [b, c, d], offset, qfac };
          const byMatrix = await io.readNifti(put(folder(), "s.nii", niftiBytes({ ...common, sform })));
          const byQuaternion = await io.readNifti(
            put(folder(), "q.nii", niftiBytes({ ...common, pixdim: [qfac, ...steps], qform })),
          );
          const index: Vec3 = [2, 1, 1];
          const p = byMatrix.toMm(index);
          const q = byQuaternion.toMm(index);
          const ras = R.map((row, i) => row.reduce((sum, v, j) => sum + v * scale[j] * index[j], offset[i]));
          const lps = [-ras[0], -ras[1], ras[2]];
          // The header holds single precision, and a is found from 1 − b² − c² − d², which loses half the digits near 0.
          for (const axis of [0, 1, 2]) {
            assert.ok(Math.abs(p[axis] - lps[axis]) < 1e-4, `${p} v. ${lps}`);
            assert.ok(Math.abs(q[axis] - lps[axis]) < 2e-2, `${q} v. ${lps}`);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("rasterizing a contour", () => {
  // Coordinates on a grid of 1/4: many centres lie exactly on edges and vertices.
  const point = fc.tuple(fc.integer({ min: -8, max: 48 }), fc.integer({ min: -8, max: 40 }));
  const polygon = fc
    .array(point, { minLength: 3, maxLength: 12 })
    .map((points) => Float64Array.from(points.flat(), (v) => v / 4));
  const [nx, ny] = [11, 9];

  it("equals the even-odd definition, voxel by voxel, for any polygon", () => {
    fc.assert(
      fc.property(polygon, (p) => {
        const plane = new Uint8Array(nx * ny);
        flipInside(p, nx, ny, plane);
        assert.deepEqual(plane, byDefinition(p));
      }),
      { numRuns: 500 },
    );
  });

  it("combines contours by exclusive or, in any order", () => {
    fc.assert(
      fc.property(polygon, polygon, (p, q) => {
        const forth = new Uint8Array(nx * ny);
        const back = new Uint8Array(nx * ny);
        for (const one of [p, q]) flipInside(one, nx, ny, forth);
        for (const one of [q, p]) flipInside(one, nx, ny, back);
        assert.deepEqual(forth, back);
        const [inP, inQ] = [byDefinition(p), byDefinition(q)];
        assert.deepEqual(
          forth,
          inP.map((value, i) => value ^ inQ[i]),
        );
      }),
    );
  });

  it("gives back any region from its outlines", () => {
    const field = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: nx * ny, maxLength: nx * ny });
    fc.assert(
      fc.property(field, (values) => {
        const distance = Float32Array.from(values);
        const plane = new Uint8Array(nx * ny);
        for (const line of outlines(distance, nx, ny)) flipInside(Float64Array.from(line), nx, ny, plane);
        assert.deepEqual(
          plane,
          Uint8Array.from(values, (d) => (d <= 0 ? 1 : 0)),
        );
      }),
      { numRuns: 300 },
    );
  });

  /** Counts the edges that a ray from the centre towards smaller x crosses. */
  function byDefinition(p: Float64Array): Uint8Array {
    const plane = new Uint8Array(nx * ny);
    const n = p.length / 2;
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        let crossed = 0;
        for (let i = 0; i < n; i++) {
          const [x0, y0, x1, y1] = [
            p[2 * i],
            p[2 * i + 1],
            p[(2 * i + 2) % (2 * n)],
            p[(2 * i + 3) % (2 * n)],
          ];
          if (y0 <= y === y1 <= y) continue;
          // Times (y1 − y0), whose sign turns the comparison: no division, so exact on quarters.
          const left = (x0 - x) * (y1 - y0) + (y - y0) * (x1 - x0);
          if (y1 > y0 ? left <= 0 : left >= 0) crossed++;
        }
        plane[x + nx * y] = crossed % 2;
      }
    }
    return plane;
  }
});
