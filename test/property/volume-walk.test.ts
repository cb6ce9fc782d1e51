/** The fast walk over a region against the plain counting of pairs, runs, neighbourhoods and zones. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { compactLevels } from "../../src/radiomics/compact-levels.js";
import { countPairs } from "../../src/radiomics/glcm.js";
import { countRuns, glrlmByAggregation } from "../../src/radiomics/glrlm.js";
import type { LevelGrid, Range } from "../../src/radiomics/level-grid.js";
import { forwardSteps } from "../../src/radiomics/level-grid.js";
import { countNeighbourhoods, emptyNeighbourhoods } from "../../src/radiomics/neighbourhoods.js";
import { textureOf } from "../../src/radiomics/texture.js";
import { findVolumeZones, MAX_WALKED_LEVELS, walkVolume } from "../../src/radiomics/volume-walk.js";
import { borderDistances, findZones, type ZoneLists } from "../../src/radiomics/zones.js";
import { bordered, randomScan } from "../support/regions.js";

/** Few levels make long runs and large zones; many make short ones. */
const grids: fc.Arbitrary<LevelGrid> = fc
  .tuple(randomScan(), fc.constantFrom(1, 3, 6))
  .map(([scan, together]) => bordered({ ...scan, voxels: scan.voxels.map((v) => Math.ceil(v / together)) }));

describe("the walk over a region", () => {
  it("counts pairs and runs of every direction, and all together", () => {
    fc.assert(
      fc.property(grids, fc.boolean(), (grid, merge) => {
        const { pairs, runs, longest } = walkVolume(grid, merge);
        const all: Range = [0, grid.positions.length];
        const expectedPairs: Float64Array[] = [];
        const expectedRuns: Float64Array[] = [];
        for (const [d, step] of forwardSteps(grid.size, false).entries()) {
          if (d === 0 || !merge) {
            expectedPairs.push(new Float64Array(grid.levelCount ** 2));
            expectedRuns.push(new Float64Array(grid.levelCount * longest));
          }
          countPairs(grid, all, step, expectedPairs.at(-1) ?? new Float64Array());
          countRuns(grid, all, step, longest, expectedRuns.at(-1) ?? new Float64Array());
        }
        // The walk looks back where the plain count looks ahead: the same pairs, seen from their other end.
        assert.deepEqual(
          pairs.map((table) => transposed(table, grid.levelCount)),
          expectedPairs,
        );
        assert.deepEqual(runs, expectedRuns);
      }),
      { numRuns: 300 },
    );
  });

  it("counts neighbourhoods", () => {
    fc.assert(
      fc.property(grids, (grid) => {
        const expected = emptyNeighbourhoods(grid.levelCount);
        countNeighbourhoods(grid, [0, grid.positions.length], forwardSteps(grid.size, false), expected);
        assert.deepEqual(walkVolume(grid, true).neighbourhoods, expected);
      }),
      { numRuns: 300 },
    );
  });

  it("knows enough to find the zones", () => {
    fc.assert(
      fc.property(grids, (grid) => {
        const expected: ZoneLists = { level: [], size: [], distance: [] };
        const distances = borderDistances(Uint8Array.from(grid.levels, Math.sign), grid.size, false);
        findZones(grid, [0, grid.positions.length], forwardSteps(grid.size, false), distances, expected);
        const { level, size, distance } = findVolumeZones(grid, walkVolume(grid, true).behind, distances);
        const found = { level: Array.from(level), size: Array.from(size), distance: Array.from(distance) };
        assert.deepEqual(found, expected);
      }),
      { numRuns: 300 },
    );
  });

  it("is left for the plain count where its tables would be too large, with the same values", () => {
    const scan = fc.sample(randomScan(30), { numRuns: 1, seed: 1 })[0];
    assert.ok(scan !== undefined);
    const grid = { ...bordered(scan), levelCount: MAX_WALKED_LEVELS + 1 };
    const values = textureOf(grid, Uint8Array.from(grid.levels, Math.sign), ["3D averaged"])("GLRLM");
    assert.deepEqual(values, glrlmByAggregation(grid, ["3D averaged"]));
  });

  it("happens on the smallest grid with a border, where every voxel keeps its level and place", () => {
    fc.assert(
      fc.property(randomScan(), fc.nat(3), (scan, margin) => {
        const [nx, ny, nz] = scan.size;
        const wide = [nx + 2 * margin + 2, ny + 2 * margin + 2, nz + 2 * margin + 2] as const;
        const place = (p: number): number =>
          (p % nx) +
          margin +
          1 +
          wide[0] *
            ((Math.floor(p / nx) % ny) + margin + 1 + wide[1] * (Math.floor(p / (nx * ny)) + margin + 1));
        const morphology = new Uint8Array(wide[0] * wide[1] * wide[2]);
        const positions: number[] = [];
        const levels: number[] = [];
        scan.inside.forEach((v, p) => {
          if (v === 0) return;
          morphology[place(p)] = 1;
          positions.push(place(p));
          levels.push(scan.voxels[p] ?? 0);
        });
        const geometry = {
          size: wide,
          spacing: scan.spacing,
          origin: [0, 0, 0],
          direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
        } as const;
        const { grid, morphology: shape } = compactLevels(
          { geometry, morphology, positions: Int32Array.from(positions) },
          { levels: Uint16Array.from(levels), levelCount: 6 },
        );
        assert.deepEqual(
          [...grid.positions].map((p) => grid.levels[p]),
          levels,
        );
        assert.equal(
          grid.levels.reduce((sum, v) => sum + v, 0),
          levels.reduce((sum, v) => sum + v, 0),
        );
        assert.deepEqual(shape, Uint8Array.from(grid.levels, Math.sign));
        // Differences of places are kept, and the outermost voxels are empty.
        const at = (p: number, [w, h]: readonly number[]): number[] => [
          p % (w ?? 1),
          Math.floor(p / (w ?? 1)) % (h ?? 1),
          Math.floor(p / ((w ?? 1) * (h ?? 1))),
        ];
        const first = [at(positions[0] ?? 0, wide), at(grid.positions[0] ?? 0, grid.size)];
        positions.forEach((p, n) => {
          const before = at(p, wide).map((v, axis) => v - (first[0]?.[axis] ?? 0));
          const after = at(grid.positions[n] ?? 0, grid.size).map((v, axis) => v - (first[1]?.[axis] ?? 0));
          assert.deepEqual(after, before);
          at(grid.positions[n] ?? 0, grid.size).forEach((v, axis) => {
            assert.ok(v > 0 && v < (grid.size[axis] ?? 0) - 1);
          });
        });
      }),
    );
  });
});

function transposed(table: Float64Array, n: number): Float64Array {
  return table.map((_, c) => table[(c % n) * n + Math.floor(c / n)] ?? 0);
}
