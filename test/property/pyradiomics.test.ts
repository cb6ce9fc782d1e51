/** PyRadiomics' own definitions, slow and obvious: levels, diameters, outlines, maximal correlation. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { DIRECTIONS } from "../../src/radiomics/level-grid.js";
import { binLevels } from "../../src/radiomics/pyradiomics/bins.js";
import { maximalCorrelation } from "../../src/radiomics/pyradiomics/maximal-correlation.js";
import { planeDiameter } from "../../src/radiomics/pyradiomics/plane-diameter.js";
import { shape2dFeatures } from "../../src/radiomics/pyradiomics/shape-2d.js";
import { hasLine } from "../../src/radiomics/pyradiomics/texture.js";
import { bordered, randomScan, type Scan } from "../support/regions.js";

describe("PyRadiomics' definitions", () => {
  it("put every value between the edges that numpy makes", () => {
    const value = fc.double({ min: -500, max: 500, noNaN: true });
    const binning = fc.oneof(
      fc.constantFrom(0.1, 1, 25, 33.3).map((binWidth) => ({ binWidth, binCount: null })),
      fc.constantFrom(1, 7, 32).map((binCount) => ({ binWidth: 25, binCount })),
    );
    // Many values on an edge.
    const values = fc.array(
      fc.oneof(
        value,
        fc.integer({ min: -20, max: 20 }).map((k) => k * 25),
      ),
      { minLength: 2, maxLength: 30 },
    );
    fc.assert(
      fc.property(values, binning, (list, how) => {
        const span = Math.max(...list) - Math.min(...list);
        fc.pre(how.binCount === null ? span / how.binWidth < 4000 : span > 1e-6 || span === 0);
        const { levels, levelCount } = binLevels(Float64Array.from(list), how);
        const edges = edgesByDefinition(list, how.binWidth, how.binCount);
        const expected = list.map((v) => edges.filter((edge) => edge <= v).length);
        assert.deepEqual([...levels], expected);
        assert.equal(levelCount, Math.max(...expected));
      }),
    );
  });

  it("find the largest distance of two mesh vertices in a plane", () => {
    fc.assert(
      fc.property(randomScan(), fc.constantFrom(0, 1, 2), (scan, axis) => {
        const { inside, size } = borderedMask(scan);
        const vertices = verticesByDefinition(inside, size);
        let best = 0;
        for (const p of vertices) {
          for (const q of vertices) {
            if (p[axis] !== q[axis]) continue;
            best = Math.max(best, Math.hypot(...p.map((v, k) => (v - (q[k] ?? 0)) * (scan.spacing[k] ?? 0))));
          }
        }
        const found = planeDiameter(inside, size, scan.spacing, axis);
        assert.ok(Math.abs(found - best) < 1e-9, `${found}, not ${best}`);
      }),
      { numRuns: 60 },
    );
  });

  it("measure the outline of a slice as the polygon through half-way points", () => {
    const pixels = fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: 20, maxLength: 20 })
      .filter((m) => m.includes(1));
    fc.assert(
      fc.property(pixels, (mask) => {
        const size = [7, 6, 3] as const;
        const spacing = [0.5, 2, 3] as const;
        const inside = new Uint8Array(126);
        mask.forEach((v, k) => {
          inside[(k % 5) + 1 + 7 * (Math.floor(k / 5) + 1 + 6)] = v;
        });
        const found = shape2dFeatures(inside, size, spacing, 2);
        const { surface, perimeter } = outlineByDefinition(inside.slice(42, 84), spacing);
        assert.ok(
          Math.abs((found.MeshSurface ?? 0) - surface) < 1e-9,
          `${found.MeshSurface}, not ${surface}`,
        );
        assert.ok(
          Math.abs((found.Perimeter ?? 0) - perimeter) < 1e-9,
          `${found.Perimeter}, not ${perimeter}`,
        );
      }),
    );
  });

  it("know the directions along which two voxels of a region lie on one line", () => {
    const sparse = randomScan().map((scan) => ({
      ...scan,
      inside: scan.inside.map((v, p) => (p % 3 === 0 ? v : 0)),
    }));
    fc.assert(
      fc.property(sparse, fc.constantFrom(...DIRECTIONS), (scan, direction) => {
        const grid = bordered(scan);
        const [nx, ny] = grid.size;
        const places = [...grid.positions].map((p) => [
          p % nx,
          Math.floor(p / nx) % ny,
          Math.floor(p / (nx * ny)),
        ]);
        const expected = places.some((a, n) =>
          places
            .slice(0, n)
            .some((b) =>
              [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5].some((t) =>
                direction.every((d, axis) => (a[axis] ?? 0) - (b[axis] ?? 0) === t * d),
              ),
            ),
        );
        assert.equal(hasLine(grid, direction), expected);
      }),
      { numRuns: 300 },
    );
  });

  it("take the second largest eigenvalue of Haralick's Q", () => {
    const cells = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(
        cells.filter((c) => c.some((n) => n > 0)),
        (counts) => {
          const found = maximalCorrelation(Float64Array.from(counts), 4, 4);
          const q = qByDefinition(counts, 4);
          // Eigenvalues of Q by their power sums: trace(Q), trace(Q²), …; 1 and found² are two of them.
          const traces = powers(q, 4).map((m) => m.reduce((sum, row, i) => sum + (row[i] ?? 0), 0));
          const polynomial = characteristic(traces);
          const scale = polynomial.reduce((sum, c) => sum + Math.abs(c), 0);
          const at = (x: number): number => polynomial.reduce((sum, c) => sum * x + c, 0);
          assert.ok(Math.abs(at(found * found)) < 1e-9 * scale, `${found} is no root: ${at(found * found)}`);
          // No root lies between it and 1: the quotient by (x − 1)(x − found²) has none above found².
          const rest = divide(divide(polynomial, 1), found * found);
          for (let x = found * found + 1e-3; x < 1; x += 0.01) {
            assert.ok(rest.reduce((sum, c) => sum * x + c, 0) > -1e-9, `a larger root near ${x}`);
          }
        },
      ),
    );
  });
});

function edgesByDefinition(values: readonly number[], width: number, count: number | null): number[] {
  let low = Math.min(...values);
  let high = Math.max(...values);
  if (count === null) {
    const rest = low % width;
    // Python's remainder has the sign of the divisor.
    low -= rest < 0 ? rest + width : rest;
    const edges: number[] = [];
    for (let k = 0; low + k * width < high + 2 * width; k++) edges.push(low + k * width);
    return edges;
  }
  if (low === high) {
    low -= 0.5;
    high += 0.5;
  }
  const edges = Array.from({ length: count }, (_, k) => k * ((high - low) / count) + low);
  return [...edges, high + 1];
}

function borderedMask(scan: Scan): { inside: Uint8Array; size: readonly [number, number, number] } {
  const { levels, size } = bordered(scan);
  const [nx, ny, nz] = size;
  return { inside: Uint8Array.from(levels, (v) => (v > 0 ? 1 : 0)), size: [nx, ny, nz] };
}

/** Half-way points between a voxel inside and a neighbour outside, in voxels. */
function verticesByDefinition(
  inside: Uint8Array,
  [nx, ny, nz]: readonly [number, number, number],
): number[][] {
  const at = (x: number, y: number, z: number): number => inside[x + nx * (y + ny * z)] ?? 0;
  const found: number[][] = [];
  for (let z = 0; z < nz - 1; z++) {
    for (let y = 0; y < ny - 1; y++) {
      for (let x = 0; x < nx - 1; x++) {
        const here = at(x, y, z);
        if (here !== at(x + 1, y, z)) found.push([x + 0.5, y, z]);
        if (here !== at(x, y + 1, z)) found.push([x, y + 0.5, z]);
        if (here !== at(x, y, z + 1)) found.push([x, y, z + 0.5]);
      }
    }
  }
  return found;
}

/** Area by the share of fine sample points inside the outline of each square; exact for the four shapes it can have. */
function outlineByDefinition(
  slice: Uint8Array,
  [sx, sy]: readonly number[],
): { surface: number; perimeter: number } {
  const [w = 0, h = 0] = [sx, sy];
  let surface = 0;
  let perimeter = 0;
  for (let y = 0; y < 5; y++) {
    for (let x = 0; x < 6; x++) {
      const corners = [
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
      ].filter(([dx = 0, dy = 0]) => slice[x + dx + 7 * (y + dy)] === 1);
      const across =
        corners.length === 2 && corners[0]?.[0] !== corners[1]?.[0] && corners[0]?.[1] !== corners[1]?.[1];
      const triangle = (w * h) / 8;
      const diagonal = Math.hypot(w / 2, h / 2);
      if (corners.length === 1) [surface, perimeter] = [surface + triangle, perimeter + diagonal];
      if (corners.length === 3) [surface, perimeter] = [surface + w * h - triangle, perimeter + diagonal];
      if (corners.length === 4) surface += w * h;
      if (corners.length !== 2) continue;
      if (across) [surface, perimeter] = [surface + 2 * triangle, perimeter + 2 * diagonal];
      else {
        const upright = corners[0]?.[0] === corners[1]?.[0];
        [surface, perimeter] = [surface + (w * h) / 2, perimeter + (upright ? h : w)];
      }
    }
  }
  return { surface, perimeter };
}

function qByDefinition(counts: readonly number[], n: number): number[][] {
  const range = [...Array(n).keys()];
  const both = (i: number, j: number): number => (counts[i * n + j] ?? 0) + (counts[j * n + i] ?? 0);
  const total = range.reduce((sum, i) => sum + range.reduce((row, j) => row + both(i, j), 0), 0);
  const p = (i: number, j: number): number => both(i, j) / total;
  const marginal = range.map((i) => range.reduce((sum, j) => sum + p(i, j), 0));
  return range.map((i) =>
    range.map((j) =>
      range.reduce((sum, k) => {
        const bottom = (marginal[i] ?? 0) * (marginal[k] ?? 0);
        return bottom === 0 ? sum : sum + (p(i, k) * p(j, k)) / bottom;
      }, 0),
    ),
  );
}

function powers(q: readonly (readonly number[])[], count: number): number[][][] {
  const times = (a: readonly (readonly number[])[]): number[][] =>
    a.map((row) => q.map((_, j) => row.reduce((sum, v, k) => sum + v * (q[k]?.[j] ?? 0), 0)));
  const found = [q.map((row) => [...row])];
  while (found.length < count) found.push(times(found.at(-1) ?? []));
  return found;
}

/** Newton's identities: coefficients from the highest power on. */
function characteristic(traces: readonly number[]): number[] {
  const c = [1];
  for (let k = 1; k <= traces.length; k++) {
    let sum = 0;
    for (let i = 1; i <= k; i++) sum += (c[k - i] ?? 0) * (traces[i - 1] ?? 0);
    c.push(-sum / k);
  }
  return c;
}

/** The polynomial divided by (x − root), the remainder dropped. */
function divide(polynomial: readonly number[], root: number): number[] {
  const quotient: number[] = [];
  for (const c of polynomial.slice(0, -1)) quotient.push(c + root * (quotient.at(-1) ?? 0));
  return quotient;
}
