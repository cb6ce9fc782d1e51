/** Co-occurrence counts and features against their definitions, voxel by voxel and pair by pair. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { countPairs, glcmByAggregation } from "../../src/radiomics/glcm.js";
import { glcmFeatures } from "../../src/radiomics/glcm-features.js";
import { catalogue } from "../../src/radiomics/index.js";
import { DIRECTIONS } from "../../src/radiomics/level-grid.js";
import { bordered, LEVELS, randomScan, type Scan, slice } from "../support/regions.js";

type Step = readonly [number, number, number];

describe("co-occurrence matrices", () => {
  it("count what the definition counts, in every direction", () => {
    fc.assert(
      fc.property(randomScan(), fc.constantFrom(...DIRECTIONS), (scan, step) => {
        const grid = bordered(scan);
        const counts = new Float64Array(LEVELS * LEVELS);
        const [nx, ny] = grid.size;
        countPairs(grid, [0, grid.positions.length], step[0] + nx * (step[1] + ny * step[2]), counts);
        assert.deepEqual(counts, pairsByDefinition(scan, step));
      }),
    );
  });

  it("look into 13 directions, none the opposite of another", () => {
    const both = DIRECTIONS.flatMap(([x, y, z]) => [`${x},${y},${z}`, `${-x || 0},${-y || 0},${-z || 0}`]);
    assert.equal(new Set(both).size, 26);
    assert.ok(DIRECTIONS.slice(0, 4).every(([, , z]) => z === 0));
  });

  it("give the features of the definition for any matrix", () => {
    const matrix = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 25, maxLength: 25 });
    fc.assert(
      fc.property(
        matrix.filter((m) => m.some((c) => c > 0)),
        (counts) => {
          const found = glcmFeatures(Float64Array.from(counts), 5);
          const expected = featuresByDefinition(counts, 5);
          catalogue.of("GLCM").forEach(({ name }, f) => {
            const bound = 1e-9 * Math.max(1, Math.abs(expected[f] ?? Number.NaN));
            assert.ok(
              Math.abs((found[f] ?? Number.NaN) - (expected[f] ?? 0)) <= bound,
              `${name} ${found[f]} ${expected[f]}`,
            );
          });
        },
      ),
    );
  });

  it("are aggregated as the names say", () => {
    fc.assert(
      fc.property(randomScan(2), (scan) => {
        const inPlane = DIRECTIONS.slice(0, 4);
        const found = glcmByAggregation(bordered(scan), [
          "2D averaged",
          "2D slice-merged",
          "2.5D direction-merged",
          "2.5D merged",
          "3D averaged",
          "3D merged",
        ]);
        const bySlice = (z: number, step: Step): Float64Array => pairsByDefinition(slice(scan, z), step);
        const zs = [...Array(scan.size[2]).keys()];
        const sum = (matrices: Float64Array[]): Float64Array =>
          matrices.reduce((a, b) => a.map((v, i) => v + (b[i] ?? 0)), new Float64Array(LEVELS * LEVELS));
        const expected = {
          "2D averaged": zs.flatMap((z) => inPlane.map((step) => bySlice(z, step))),
          "2D slice-merged": zs.map((z) => sum(inPlane.map((step) => bySlice(z, step)))),
          "2.5D direction-merged": inPlane.map((step) => sum(zs.map((z) => bySlice(z, step)))),
          "2.5D merged": [sum(inPlane.flatMap((step) => zs.map((z) => bySlice(z, step))))],
          "3D averaged": DIRECTIONS.map((step) => pairsByDefinition(scan, step)),
          "3D merged": [sum(DIRECTIONS.map((step) => pairsByDefinition(scan, step)))],
        } as const;
        for (const [aggregation, matrices] of Object.entries(expected)) {
          const values = matrices.map((m) => glcmFeatures(m, LEVELS)).filter((v) => !Number.isNaN(v[0]));
          const mean = Array.from({ length: 25 }, (_, f) =>
            values.length === 0 ? Number.NaN : values.reduce((a, v) => a + (v[f] ?? 0), 0) / values.length,
          );
          const got = found.get(aggregation as keyof typeof expected) ?? new Float64Array();
          mean.forEach((m, f) => {
            const g = got[f] ?? 0;
            assert.ok(
              Number.isNaN(m) ? Number.isNaN(g) : Math.abs(g - m) <= 1e-9 * Math.max(1, Math.abs(m)),
              aggregation,
            );
          });
        }
      }),
      { numRuns: 50 },
    );
  });
});

/** Slow and obvious: asks for every voxel whether its neighbour exists. */
function pairsByDefinition({ size: [nx, ny, nz], voxels, inside }: Scan, [dx, dy, dz]: Step): Float64Array {
  const levelAt = (x: number, y: number, z: number): number => {
    if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) return 0;
    const p = x + nx * (y + ny * z);
    return inside[p] === 0 ? 0 : (voxels[p] ?? 0);
  };
  const counts = new Float64Array(LEVELS * LEVELS);
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        const i = levelAt(x, y, z);
        const j = levelAt(x + dx, y + dy, z + dz);
        if (i > 0 && j > 0) counts[(i - 1) * LEVELS + j - 1] = (counts[(i - 1) * LEVELS + j - 1] ?? 0) + 1;
      }
    }
  }
  return counts;
}

/** The 25 formulas of IBSI's section 3.6 as they stand, in the catalogue's order. */
function featuresByDefinition(counts: readonly number[], n: number): number[] {
  const at = (i: number, j: number): number => (counts[i * n + j] ?? 0) + (counts[j * n + i] ?? 0);
  const range = [...Array(n).keys()];
  const pairs = range.flatMap((i) => range.map((j) => ({ i: i + 1, j: j + 1, c: at(i, j) })));
  const total = pairs.reduce((s, { c }) => s + c, 0);
  const P = pairs.map(({ i, j, c }) => ({ i, j, p: c / total }));
  const sum = (f: (i: number, j: number, p: number) => number): number =>
    P.reduce((s, { i, j, p }) => s + (p > 0 ? f(i, j, p) : 0), 0);
  const marginal = range.map((i) => sum((a, _, p) => (a === i + 1 ? p : 0)));
  const diff = range.map((k) => sum((i, j, p) => (Math.abs(i - j) === k ? p : 0)));
  const plus = [...Array(2 * n + 1).keys()].map((k) => sum((i, j, p) => (i + j === k ? p : 0)));
  const entropy = (q: number[]): number => q.reduce((s, p) => s - (p > 0 ? p * Math.log2(p) : 0), 0);
  const moment = (q: number[], f: (k: number) => number): number => q.reduce((s, p, k) => s + f(k) * p, 0);
  const mu = sum((i, _, p) => i * p);
  const variance = sum((i, _, p) => (i - mu) ** 2 * p);
  const hxy = entropy(P.map(({ p }) => p));
  const hx = entropy(marginal);
  const mi = (i: number): number => marginal[i - 1] ?? 0;
  const hxy1 = -sum((i, j, p) => p * Math.log2(mi(i) * mi(j)));
  const hxy2 = -P.reduce(
    (s, { i, j }) => s + (mi(i) * mi(j) > 0 ? mi(i) * mi(j) * Math.log2(mi(i) * mi(j)) : 0),
    0,
  );
  const diffMean = moment(diff, (k) => k);
  const plusMean = moment(plus, (k) => k);
  return [
    Math.max(...P.map(({ p }) => p)),
    mu,
    variance,
    hxy,
    diffMean,
    moment(diff, (k) => (k - diffMean) ** 2),
    entropy(diff),
    plusMean,
    moment(plus, (k) => (k - plusMean) ** 2),
    entropy(plus),
    sum((_i, _j, p) => p * p),
    sum((i, j, p) => (i - j) ** 2 * p),
    sum((i, j, p) => Math.abs(i - j) * p),
    sum((i, j, p) => p / (1 + Math.abs(i - j))),
    sum((i, j, p) => p / (1 + Math.abs(i - j) / n)),
    sum((i, j, p) => p / (1 + (i - j) ** 2)),
    sum((i, j, p) => p / (1 + (i - j) ** 2 / n ** 2)),
    2 * sum((i, j, p) => (i < j ? p / (i - j) ** 2 : 0)),
    variance === 0 ? 1 : sum((i, j, p) => ((i - mu) * (j - mu) * p) / variance),
    sum((i, j, p) => i * j * p),
    sum((i, j, p) => (i + j - 2 * mu) ** 2 * p),
    sum((i, j, p) => (i + j - 2 * mu) ** 3 * p),
    sum((i, j, p) => (i + j - 2 * mu) ** 4 * p),
    hx === 0 ? 0 : (hxy - hxy1) / hx,
    hxy2 <= hxy ? 0 : Math.sqrt(1 - Math.exp(-2 * (hxy2 - hxy))),
  ];
}
