/** Runs, zones, distances and neighbourhoods against their definitions, voxel by voxel. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Vec3 } from "../../src/core/geometry.js";
import { emphasisFeatures } from "../../src/radiomics/emphasis-features.js";
import { countRuns, glrlmByAggregation, longestRun } from "../../src/radiomics/glrlm.js";
import { arrayStep, DIRECTIONS, forwardSteps } from "../../src/radiomics/level-grid.js";
import {
  countNeighbourhoods,
  DEPENDENCES,
  emptyNeighbourhoods,
  neighbourhoodsByAggregation,
} from "../../src/radiomics/neighbourhoods.js";
import { ngtdmFeatures } from "../../src/radiomics/ngtdm-features.js";
import { borderDistances, findZones, zonesByAggregation } from "../../src/radiomics/zones.js";
import { bordered, LEVELS, randomScan, type Scan, slice } from "../support/regions.js";

/** Where the GLDZM stands among the families compared below. */
const DISTANCE_ZONES = 1;

type Neighbour = (x: number, y: number, z: number) => boolean;

describe("texture matrices", () => {
  it("count runs as the definition does, in every direction", () => {
    fc.assert(
      fc.property(randomScan(), fc.constantFrom(...DIRECTIONS), (scan, step) => {
        const grid = bordered(scan);
        const longest = longestRun(grid);
        const counts = new Float64Array(LEVELS * longest);
        countRuns(grid, [0, grid.positions.length], arrayStep(step, grid.size), longest, counts);
        assert.deepEqual(counts, runsByDefinition(scan, step, longest));
      }),
    );
  });

  it("find the zones, their sizes and distances that a walk from voxel to voxel finds", () => {
    fc.assert(
      fc.property(randomScan(), fc.boolean(), (scan, inSlice) => {
        const grid = bordered(scan);
        const inside = grid.levels.map((level) => (level === 0 ? 0 : 1));
        const distances = borderDistances(Uint8Array.from(inside), grid.size, inSlice);
        const zones = { level: [], size: [], distance: [] };
        findZones(grid, [0, grid.positions.length], forwardSteps(grid.size, inSlice), distances, zones);
        assert.deepEqual(asRows(zones), asRows(zonesByDefinition(scan, inSlice)));
      }),
      { numRuns: 300 },
    );
  });

  it("count neighbourhoods as the definition does", () => {
    fc.assert(
      fc.property(randomScan(), fc.boolean(), (scan, inSlice) => {
        const grid = bordered(scan);
        const found = emptyNeighbourhoods(LEVELS);
        countNeighbourhoods(grid, [0, grid.positions.length], forwardSteps(grid.size, inSlice), found);
        const expected = neighbourhoodsByDefinition(scan, inSlice);
        assert.deepEqual(found.voxels, expected.voxels);
        assert.deepEqual(found.dependence, expected.dependence);
        found.differences.forEach((d, k) => {
          close(d, expected.differences[k] ?? Number.NaN, `level ${k + 1}`);
        });
      }),
    );
  });

  it("give the 16 emphasis features of the definition for any matrix", () => {
    const cells = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 12, maxLength: 12 });
    const columns = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(
        cells.filter((c) => c.some((n) => n > 0)),
        columns,
        (counts, js) => {
          const found = emphasisFeatures({ counts: Float64Array.from(counts), columns: js, voxels: 77 });
          emphasisByDefinition(counts, js, 77).forEach((value, f) => {
            close(found[f] ?? Number.NaN, value, `feature ${f}`);
          });
        },
      ),
    );
  });

  it("give the 5 grey tone difference features of the definition", () => {
    const level = fc.record({ n: fc.integer({ min: 0, max: 9 }), s: fc.integer({ min: 0, max: 40 }) });
    fc.assert(
      fc.property(
        fc.array(level, { minLength: 1, maxLength: 6 }).filter((rows) => rows.some(({ n }) => n > 0)),
        (rows) => {
          const found = ngtdmFeatures({
            voxels: Float64Array.from(rows, ({ n }) => n),
            differences: Float64Array.from(rows, ({ n, s }) => (n === 0 ? 0 : s / 4)),
          });
          const expected = tonesByDefinition(rows.map(({ n, s }) => ({ n, s: n === 0 ? 0 : s / 4 })));
          expected.forEach((value, f) => {
            close(found[f] ?? Number.NaN, value, `feature ${f}`);
          });
        },
      ),
    );
  });

  it("are averaged over slices in 2D, merged in 2.5D, and see through slices only in 3D", () => {
    fc.assert(
      fc.property(randomScan(2), (scan) => {
        const wanted = ["2D averaged", "2.5D merged", "3D merged"] as const;
        const values = ({ levels, size, levelCount, positions }: ReturnType<typeof bordered>) => {
          const inside = Uint8Array.from(levels, (level) => (level === 0 ? 0 : 1));
          const grid = { levels, size, levelCount, positions };
          const zones = zonesByAggregation(grid, inside, wanted);
          const around = neighbourhoodsByAggregation(grid, wanted);
          return [zones.size, zones.distance, around.difference, around.dependence];
        };
        const whole = values(bordered(scan));
        const parts = [...Array(scan.size[2]).keys()]
          .map((z) => slice(scan, z))
          .filter(({ inside }) => inside.some((v) => v !== 0))
          .map((part) => values(bordered(part)));
        whole.forEach((family, k) => {
          const slices = parts
            .map((part) => part[k]?.get("2.5D") ?? new Float64Array())
            .filter((v) => !Number.isNaN(v[0]));
          family.get("2D")?.forEach((value, f) => {
            const mean = slices.reduce((sum, v) => sum + (v[f] ?? 0), 0) / slices.length;
            close(value, mean, `family ${k}, 2D, feature ${f}`);
          });
          if (scan.size[2] !== 1) return;
          // Of one slice the volume sees no more than the slice; but each of its voxels lies at the volume's border.
          if (k === DISTANCE_ZONES) close(family.get("3D")?.[0] ?? Number.NaN, 1, "small distance emphasis");
          else assert.deepEqual(family.get("3D"), family.get("2.5D"));
        });
        // Runs: the share of runs among voxels, by definition over all directions.
        const percentage = glrlmByAggregation(bordered(scan), ["3D merged"]).get("3D merged")?.[12];
        const longest = Math.max(...scan.size);
        const voxels = scan.inside.reduce((sum, v) => sum + v, 0);
        const runs = DIRECTIONS.map((step) =>
          runsByDefinition(scan, step, longest).reduce((sum, n) => sum + n, 0),
        );
        close(percentage ?? Number.NaN, runs.reduce((a, b) => a + b, 0) / (13 * voxels), "run percentage");
      }),
      { numRuns: 60 },
    );
  });
});

function close(found: number, expected: number, what: string): void {
  if (Number.isNaN(expected)) assert.ok(Number.isNaN(found), `${what}: ${found} is not missing`);
  else {
    const bound = 1e-9 * Math.max(1, Math.abs(expected));
    assert.ok(Math.abs(found - expected) <= bound, `${what}: ${found}, not ${expected}`);
  }
}

function levelAt({ size: [nx, ny, nz], voxels, inside }: Scan, [x, y, z]: Vec3): number {
  if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) return 0;
  const p = x + nx * (y + ny * z);
  return inside[p] === 0 ? 0 : (voxels[p] ?? 0);
}

function places({ size: [nx, ny, nz] }: Scan): Vec3[] {
  return [...Array(nx * ny * nz).keys()].map((p) => [
    p % nx,
    Math.floor(p / nx) % ny,
    Math.floor(p / (nx * ny)),
  ]);
}

/** Every line of the grid, read from its start to its end. */
function runsByDefinition(scan: Scan, [dx, dy, dz]: Vec3, longest: number): Float64Array {
  const counts = new Float64Array(LEVELS * longest);
  const exists = ([x, y, z]: Vec3): boolean =>
    [x, y, z].every((v, axis) => v >= 0 && v < (scan.size[axis] ?? 0));
  for (const start of places(scan)) {
    if (exists([start[0] - dx, start[1] - dy, start[2] - dz])) continue;
    const line: number[] = [];
    for (let at: Vec3 = start; exists(at); at = [at[0] + dx, at[1] + dy, at[2] + dz]) {
      line.push(levelAt(scan, at));
    }
    for (const run of line.join("").match(/(\d)\1*/g) ?? []) {
      if (run.startsWith("0")) continue;
      const cell = (Number(run[0]) - 1) * longest + run.length - 1;
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
  }
  return counts;
}

interface ZoneList {
  readonly level: readonly number[];
  readonly size: readonly number[];
  readonly distance: readonly number[];
}

function zonesByDefinition(scan: Scan, inSlice: boolean): ZoneList {
  const near: Neighbour = (x, y, z) =>
    Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) === 1 && (!inSlice || z === 0);
  const all = places(scan).filter((at) => levelAt(scan, at) > 0);
  const left = new Set(all.map((at) => at.join()));
  const zones = { level: [] as number[], size: [] as number[], distance: [] as number[] };
  for (const seed of all) {
    if (!left.delete(seed.join())) continue;
    const zone = [seed];
    for (const at of zone) {
      for (const other of all) {
        const touches = near(other[0] - at[0], other[1] - at[1], other[2] - at[2]);
        if (touches && levelAt(scan, other) === levelAt(scan, at) && left.delete(other.join()))
          zone.push(other);
      }
    }
    zones.level.push(levelAt(scan, seed));
    zones.size.push(zone.length);
    zones.distance.push(Math.min(...zone.map((at) => distanceByDefinition(scan, at, inSlice))));
  }
  return zones;
}

/** Steps to the nearest place outside, looked for in all places, those around the grid too. */
function distanceByDefinition(scan: Scan, [x, y, z]: Vec3, inSlice: boolean): number {
  let nearest = Infinity;
  for (let dz = inSlice ? 0 : -7; dz <= (inSlice ? 0 : 7); dz++) {
    for (let dy = -7; dy <= 7; dy++) {
      for (let dx = -7; dx <= 7; dx++) {
        if (levelAt(scan, [x + dx, y + dy, z + dz]) > 0) continue;
        nearest = Math.min(nearest, Math.abs(dx) + Math.abs(dy) + Math.abs(dz));
      }
    }
  }
  return nearest;
}

function asRows({ level, size, distance }: ZoneList): string[] {
  return level.map((i, n) => `${i} ${size[n]} ${distance[n]}`).sort();
}

function neighbourhoodsByDefinition(scan: Scan, inSlice: boolean): ReturnType<typeof emptyNeighbourhoods> {
  const found = emptyNeighbourhoods(LEVELS);
  const add = (cells: Float64Array, cell: number, value: number): void => {
    cells[cell] = (cells[cell] ?? 0) + value;
  };
  for (const [x, y, z] of places(scan)) {
    const level = levelAt(scan, [x, y, z]);
    if (level === 0) continue;
    const around: number[] = [];
    for (let dz = inSlice ? 0 : -1; dz <= (inSlice ? 0 : 1); dz++) {
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          if (dx === 0 && dy === 0 && dz === 0) continue;
          around.push(levelAt(scan, [x + dx, y + dy, z + dz]));
        }
      }
    }
    const known = around.filter((other) => other > 0);
    add(found.dependence, (level - 1) * DEPENDENCES + known.filter((other) => other === level).length, 1);
    if (known.length === 0) continue;
    add(found.voxels, level - 1, 1);
    const mean = known.reduce((a, b) => a + b, 0) / known.length;
    add(found.differences, level - 1, Math.abs(level - mean));
  }
  return found;
}

/** The formulas of IBSI's sections 3.7 to 3.11 as they stand, rows of `counts` being levels. */
function emphasisByDefinition(
  counts: readonly number[],
  columns: readonly number[],
  voxels: number,
): number[] {
  const cells = counts.map((n, c) => ({
    i: Math.floor(c / columns.length) + 1,
    j: columns[c % columns.length] ?? 0,
    n,
  }));
  const total = counts.reduce((a, b) => a + b, 0);
  const mean = (f: (i: number, j: number) => number): number =>
    cells.reduce((sum, { i, j, n }) => sum + f(i, j) * n, 0) / total;
  const squares = (key: (cell: { i: number; j: number }) => number): number => {
    const sums = new Map<number, number>();
    for (const cell of cells) sums.set(key(cell), (sums.get(key(cell)) ?? 0) + cell.n);
    return [...sums.values()].reduce((sum, n) => sum + n * n, 0);
  };
  const mi = mean((i) => i);
  const mj = mean((_, j) => j);
  return [
    mean((_, j) => 1 / j ** 2),
    mean((_, j) => j ** 2),
    mean((i) => 1 / i ** 2),
    mean((i) => i ** 2),
    mean((i, j) => 1 / (i * j) ** 2),
    mean((i, j) => (i / j) ** 2),
    mean((i, j) => (j / i) ** 2),
    mean((i, j) => (i * j) ** 2),
    squares(({ i }) => i) / total,
    squares(({ i }) => i) / total ** 2,
    squares(({ j }) => j) / total,
    squares(({ j }) => j) / total ** 2,
    total / voxels,
    mean((i) => (i - mi) ** 2),
    mean((_, j) => (j - mj) ** 2),
    cells.reduce((sum, { n }) => sum - (n > 0 ? (n / total) * Math.log2(n / total) : 0), 0),
  ];
}

function tonesByDefinition(rows: readonly { n: number; s: number }[]): number[] {
  const total = rows.reduce((sum, { n }) => sum + n, 0);
  const levels = rows.map(({ n, s }, k) => ({ i: k + 1, p: n / total, s })).filter(({ p }) => p > 0);
  const twice = (f: (a: (typeof levels)[0], b: (typeof levels)[0]) => number): number =>
    levels.reduce((sum, a) => sum + levels.reduce((inner, b) => inner + f(a, b), 0), 0);
  const weighted = levels.reduce((sum, { p, s }) => sum + p * s, 0);
  const all = levels.reduce((sum, { s }) => sum + s, 0);
  const busy = twice((a, b) => Math.abs(a.i * a.p - b.i * b.p));
  const g = levels.length;
  return [
    weighted === 0 ? 1e6 : 1 / weighted,
    g === 1 ? 0 : (twice((a, b) => a.p * b.p * (a.i - b.i) ** 2) / (g * (g - 1))) * (all / total),
    busy === 0 ? 0 : weighted / busy,
    twice((a, b) => (Math.abs(a.i - b.i) * (a.p * a.s + b.p * b.s)) / (a.p + b.p)) / total,
    all === 0 ? 0 : twice((a, b) => (a.p + b.p) * (a.i - b.i) ** 2) / all,
  ];
}
