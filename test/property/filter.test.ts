/** What holds for image filters whatever the image. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Geometry, IDENTITY, type Vec3 } from "../../src/core/geometry.js";
import { waveletKernels } from "../../src/radiomics/filters/wavelet-kernels.js";
import { type Boundary, extractor, type Filter, filter } from "../../src/radiomics/index.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";

const BOUNDARIES = ["zero", "nearest", "periodic", "mirror"] as const;

const sizes = fc.tuple(
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 8 }),
  fc.integer({ min: 1, max: 7 }),
);

const seeds = fc.integer({ min: 1, max: 1_000_000 });

/** Filters whose response to a sum is the sum of the responses. */
const linear: fc.Arbitrary<Filter> = fc
  .tuple(
    fc.constantFrom<Boundary>(...BOUNDARIES),
    fc.constantFrom<2 | 3>(2, 3),
    fc.integer({ min: 0, max: 7 }),
  )
  .map(([boundary, dimensions, kind]): Filter => {
    const domain = { boundary, dimensions };
    const filters: Filter[] = [
      { mean: { support: 3, ...domain } },
      { log: { sigmaMm: 1, ...domain } },
      { log: { sigmaMm: 0.7, riesz: [1, 1, 0], ...domain } },
      { laws: { kernels: dimensions === 2 ? "E5S3" : "E5S3W5", ...domain } },
      { laws: { kernels: dimensions === 2 ? "E5L3" : "E5L3R5", rotationInvariant: "average", ...domain } },
      { wavelet: { name: "db2", map: dimensions === 2 ? "LH" : "LHH", level: 2, ...domain } },
      {
        wavelet: {
          name: "coif1",
          map: dimensions === 2 ? "HL" : "HLL",
          rotationInvariant: "average",
          ...domain,
        },
      },
      { simoncelli: { level: 1, ...domain } },
    ];
    return filters[kind] as Filter;
  });

describe("image filters", () => {
  it("that are linear respond to a sum with the sum of the responses", () => {
    fc.assert(
      fc.property(sizes, seeds, linear, (size, seed, given) => {
        const [a, b] = [noise(size, seed), noise(size, seed + 7)];
        const sum = a.map((v, p) => 2 * v - 3 * (b[p] as number));
        const [ra, rb, rs] = [a, b, sum].map((voxels) => response(size, voxels, given));
        assertClose(
          rs as Float64Array,
          (ra as Float64Array).map((v, p) => 2 * v - 3 * ((rb as Float64Array)[p] as number)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("give the mean of a constant image, no edge, and what a low-pass makes of it", () => {
    fc.assert(
      fc.property(sizes, fc.double({ min: -1000, max: 1000, noNaN: true }), (size, level) => {
        const image = new Float64Array(size[0] * size[1] * size[2]).fill(level);
        const flat = (value: number): Float64Array => new Float64Array(image.length).fill(value);
        for (const boundary of ["nearest", "periodic", "mirror"] as const) {
          assertClose(response(size, image, { mean: { support: 5, boundary } }), flat(level));
          assertClose(response(size, image, { laws: { kernels: "E5L5S5", boundary } }), flat(0));
          assertClose(response(size, image, { wavelet: { name: "db3", map: "LLH", boundary } }), flat(0));
          assertClose(
            response(size, image, { wavelet: { name: "db3", map: "LLL", boundary } }),
            flat(level * Math.SQRT2 ** 3),
          );
        }
      }),
      { numRuns: 30 },
    );
  });

  it("respond to one bright voxel with their kernel", () => {
    const size: Vec3 = [15, 15, 15];
    const image = new Float64Array(15 ** 3);
    const center = 7 + 15 * (7 + 15 * 7);
    image[center] = 1;
    const at = (map: Float64Array, x: number, y: number, z: number): number =>
      map[center + x + 15 * (y + 15 * z)] as number;

    const mean = response(size, image, { mean: { support: 3 } });
    assert.ok(Math.abs(at(mean, 1, -1, 1) - 1 / 27) < 1e-15);
    assert.equal(at(mean, 2, 0, 0), 0);

    const sigma = 1.2;
    const log = response(size, image, { log: { sigmaMm: sigma } });
    const gauss = (r2: number): number =>
      Math.exp(-r2 / (2 * sigma ** 2)) / (Math.sqrt(2 * Math.PI) * sigma) ** 3;
    const expected = (r2: number): number => (gauss(r2) * (r2 / sigma ** 2 - 3)) / sigma ** 2;
    assert.ok(Math.abs(at(log, 0, 0, 0) - expected(0)) < 1e-15);
    assert.ok(Math.abs(at(log, 2, -1, 1) - expected(6)) < 1e-15);
    assert.equal(at(log, 6, 0, 0), 0);

    const laws = response(size, image, { laws: { kernels: "E5L5S5" } });
    assert.ok(
      Math.abs(at(laws, 1, 0, 2) - (2 * 6 * -1) / (Math.sqrt(10) * Math.sqrt(70) * Math.sqrt(6))) < 1e-15,
    );

    const { low, high } = waveletKernels("db2");
    const wavelet = response(size, image, { wavelet: { name: "db2", map: "LLH" } });
    assert.ok(
      Math.abs(at(wavelet, 1, -1, 0) - (low[3] as number) * (low[1] as number) * (high[2] as number)) < 1e-15,
    );

    const gabor = response(size, image, {
      gabor: { sigmaMm: 1.5, wavelengthMm: 4, aspect: 2, thetaDegrees: 90, dimensions: 2 },
    });
    assert.ok(Math.abs(at(gabor, 1, 2, 0) - Math.exp(-(2 ** 2 + (2 * 1) ** 2) / (2 * 1.5 ** 2))) < 1e-6);
    assert.equal(at(gabor, 0, 0, 1), 0);
  });

  it("mirror the response of a mirrored image, if they are symmetric or pooled over rotations", () => {
    fc.assert(
      fc.property(
        sizes,
        seeds,
        fc.constantFrom(0, 1, 2),
        fc.constantFrom(...BOUNDARIES),
        (size, seed, axis, boundary) => {
          const image = noise(size, seed);
          const filters: Filter[] = [
            { mean: { support: 3, boundary } },
            { log: { sigmaMm: 1, boundary } },
            { laws: { kernels: "L5S5R5", boundary } },
            { gabor: { sigmaMm: 1, wavelengthMm: 3, thetaStepDegrees: 90, boundary } },
          ];
          for (const given of filters)
            assertClose(
              response(size, mirrored(image, size, axis), given),
              mirrored(response(size, image, given), size, axis),
            );
        },
      ),
      { numRuns: 25 },
    );
  });

  it("turn the response of a turned image, if they are pooled over rotations", () => {
    fc.assert(
      fc.property(
        seeds,
        fc.constantFrom(...BOUNDARIES),
        fc.constantFrom("max", "min", "average"),
        (seed, boundary, pooling) => {
          const size: Vec3 = [6, 6, 6];
          const image = noise(size, seed);
          for (const given of [
            { laws: { kernels: "E5L3S5", rotationInvariant: pooling, energyRadius: 1, boundary } },
            { wavelet: { name: "db2", map: "LHH", level: 2, rotationInvariant: pooling, boundary } },
          ] as Filter[])
            assertClose(response(size, turned(image), given), turned(response(size, image, given)));
        },
      ),
      { numRuns: 20 },
    );
  });

  it("move with a periodic image, whatever the prime factors of its size", () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.constantFrom(7, 14, 49), fc.constantFrom(5, 13), fc.constantFrom(1, 9)),
        seeds,
        fc.tuple(fc.nat(6), fc.nat(4), fc.nat(8)),
        (size, seed, by) => {
          const image = noise(size, seed);
          for (const given of [
            { simoncelli: { level: 2, boundary: "periodic" } },
            { simoncelli: { riesz: [1, 1, 0], boundary: "periodic" } },
            { wavelet: { name: "db2", map: "HLH", level: 2, boundary: "periodic" } },
          ] as Filter[])
            assertClose(
              response(size, rolled(image, size, by), given),
              rolled(response(size, image, given), size, by),
            );
        },
      ),
      { numRuns: 20 },
    );
  });

  it("do not see what is farther than their kernel", () => {
    const size: Vec3 = [20, 19, 18];
    const image = noise(size, 5);
    const spoilt = image.map((v, p) => (p % 20 < 3 ? v + 1000 : v));
    for (const [given, reach] of [
      [{ mean: { support: 5 } }, 2],
      [{ log: { sigmaMm: 1 } }, 4],
      [{ laws: { kernels: "E5L5S5", rotationInvariant: "max", energyRadius: 3 } }, 5],
      [{ wavelet: { name: "coif1", map: "HHH", level: 2 } }, 9],
    ] as [Filter, number][]) {
      const [a, b] = [response(size, image, given), response(size, spoilt, given)];
      const differs = (column: number): boolean => a.some((v, p) => p % 20 === column && v !== b[p]);
      assert.ok(!differs(3 + reach), JSON.stringify(given));
      assert.ok(differs(2 + Math.min(reach, 5)), JSON.stringify(given));
    }
  });

  it("give a region the values of the whole map", () => {
    fc.assert(
      fc.property(seeds, linear, (seed, given) => {
        const size: Vec3 = [11, 10, 9];
        const volume = new Volume(noise(size, seed), grid(size));
        const [low, high] = [seed % 4, 4 + (seed % 5)];
        const inside = Uint8Array.from(volume.voxels, (_, p) =>
          p % 11 >= low && p % 11 <= high && p > 200 + (seed % 300) ? 1 : 0,
        );
        const extract = extractor({ families: ["intensity statistics"], filters: [given] });
        const found = extract(volume, new Mask(inside, volume.geometry));
        const values = [...response(size, volume.voxels as Float64Array, given)].filter(
          (_, p) => inside[p] === 1,
        );
        const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
        const [first, , , , , minimum] = found.features;
        assert.match(first?.name ?? "", /_stat_mean$/);
        assertClose(
          Float64Array.of(first?.value ?? NaN, minimum?.value ?? NaN),
          Float64Array.of(mean, Math.min(...values)),
        );
      }),
      { numRuns: 40 },
    );
  });

  it("decimate a wavelet to every second voxel of each level", () => {
    const size: Vec3 = [9, 8, 7];
    const volume = new Volume(noise(size, 3), grid(size));
    const options = { name: "haar", map: "LHL", level: 2 } as const;
    const [whole] = filter(volume, { wavelet: options });
    const [coarse] = filter(volume, { wavelet: { ...options, decimated: true } });
    assert.deepEqual(coarse?.geometry.size, [3, 2, 2]);
    assert.deepEqual(coarse?.geometry.spacing, [4, 4, 4]);
    assert.equal(coarse?.at([2, 1, 1]), whole?.at([8, 4, 4]));
  });

  it("makes the maps of a wavelet together as it makes them one by one", () => {
    fc.assert(
      fc.property(sizes, seeds, fc.constantFrom<2 | 3>(2, 3), (size, seed, dimensions) => {
        const voxels = noise(size, seed);
        const together = filter(new Volume(voxels, grid(size)), { wavelet: { name: "db2", dimensions } });
        const letters = ["LLH", "LHL", "LHH", "HLL", "HLH", "HHL", "HHH", "LLL"];
        const names = dimensions === 3 ? letters : ["LH", "HL", "HH", "LL"];
        for (const [k, map] of names.entries()) {
          const alone = response(size, voxels, { wavelet: { name: "db2", dimensions, map } });
          assert.deepEqual(together[k]?.voxels, alone);
        }
      }),
      { numRuns: 20 },
    );
  });
});

function grid(size: Vec3): Geometry {
  return { size, spacing: [1, 1, 1], origin: [0, 0, 0], direction: IDENTITY };
}

function response(size: Vec3, voxels: Float64Array, given: Filter): Float64Array {
  const [map] = filter(new Volume(voxels, grid(size)), given);
  assert.ok(map !== undefined);
  return map.voxels as Float64Array;
}

/** Whole numbers from −100 to 100 that look like chance. */
function noise(size: Vec3, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: size[0] * size[1] * size[2] }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return ((state >>> 8) % 201) - 100;
  });
}

function mirrored(voxels: Float64Array, [nx, ny, nz]: Vec3, axis: number): Float64Array {
  return voxels.map((_, p) => {
    const at = [p % nx, Math.floor(p / nx) % ny, Math.floor(p / (nx * ny))] as [number, number, number];
    at[axis as 0] = ([nx, ny, nz][axis] as number) - 1 - at[axis as 0];
    return voxels[at[0] + nx * (at[1] + ny * at[2])] as number;
  });
}

function rolled(voxels: Float64Array, [nx, ny, nz]: Vec3, by: readonly number[]): Float64Array {
  return voxels.map((_, p) => {
    const x = ((p % nx) + (by[0] as number)) % nx;
    const y = ((Math.floor(p / nx) % ny) + (by[1] as number)) % ny;
    const z = (Math.floor(p / (nx * ny)) + (by[2] as number)) % nz;
    return voxels[x + nx * (y + ny * z)] as number;
  });
}

/** A cube of 6 turned about its diagonal, then by a quarter about z. */
function turned(voxels: Float64Array): Float64Array {
  return voxels.map((_, p) => {
    const [x, y, z] = [p % 6, Math.floor(p / 6) % 6, Math.floor(p / 36)] as const;
    return voxels[5 - z + 6 * (x + 6 * (5 - y))] as number;
  });
}

function assertClose(found: Float64Array, expected: Float64Array): void {
  assert.equal(found.length, expected.length);
  const most = expected.reduce((largest, v) => Math.max(largest, Math.abs(v)), 1);
  const bad = found.findIndex((v, p) => !(Math.abs(v - (expected[p] as number)) <= 1e-9 * most));
  assert.ok(bad < 0, `${found[bad]} instead of ${expected[bad]} at ${bad}`);
}
