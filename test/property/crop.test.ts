/** The tight box of a mask against its definition, for any byte that says inside and any place in memory. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { tightBox } from "../../src/volume/crop.js";

describe("the tight box of a mask", () => {
  it("holds every voxel that is not 0, and no less", () => {
    const side = fc.integer({ min: 1, max: 9 });
    const bytes = fc.array(
      fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 255 })),
      {
        minLength: 729,
        maxLength: 729,
      },
    );
    fc.assert(
      fc.property(side, side, side, bytes, fc.nat(4), (nx, ny, nz, all, offset) => {
        const count = nx * ny * nz;
        const mask = new Uint8Array(new ArrayBuffer(count + offset), offset, count);
        mask.set(all.slice(0, count));
        const places = [...mask.keys()]
          .filter((p) => mask[p] !== 0)
          .map((p) => [p % nx, Math.floor(p / nx) % ny, Math.floor(p / (nx * ny))]);
        const ends = (end: (...values: number[]) => number): number[] =>
          [0, 1, 2].map((axis) => end(...places.map((place) => place[axis] ?? 0)));
        const expected = places.length === 0 ? null : { low: ends(Math.min), high: ends(Math.max) };
        assert.deepEqual(tightBox(mask, [nx, ny, nz]), expected);
      }),
      { numRuns: 300 },
    );
  });
});
