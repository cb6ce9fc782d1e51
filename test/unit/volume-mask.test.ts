/** Volumes and masks: places, boxes, and refusals of what does not fit. */
import assert from "node:assert/strict";
import { InputError } from "../../src/core/errors.js";
import { type Geometry, IDENTITY } from "../../src/core/geometry.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";

const GRID: Geometry = { size: [3, 2, 2], spacing: [1, 2, 4], origin: [10, 20, 30], direction: IDENTITY };

function refusal(message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof InputError && message.test(error.message);
}

describe("a volume", () => {
  const volume = new Volume(
    Float32Array.from({ length: 12 }, (_, p) => p),
    GRID,
    { modality: "CT", unit: "HU" },
  );

  it("gives the value of a voxel and of a place in mm", () => {
    assert.equal(volume.at([2, 1, 1]), 11);
    assert.equal(volume.atMm([12.4, 21.1, 33]), 11);
    assert.deepEqual(volume.toMm([2, 1, 1]), [12, 22, 34]);
  });

  it("refuses places outside its grid and the wrong number of voxels", () => {
    assert.throws(() => volume.at([3, 0, 0]), refusal(/not in the grid of 3×2×2/));
    assert.throws(() => volume.at([0.5, 0, 0]), refusal(/whole indices/));
    assert.throws(() => volume.atMm([0, 0, 0]), refusal(/not in the grid/));
    assert.throws(
      () => new Volume(new Float32Array(11), GRID),
      refusal(/11 voxels do not fill a grid of 3×2×2 = 12/),
    );
    assert.throws(
      () => new Volume(new Float32Array(12), { ...GRID, spacing: [1, 0, 1] }),
      refusal(/spacing/),
    );
  });
});

describe("a mask", () => {
  const voxels = Uint8Array.of(0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0);
  const mask = new Mask(voxels, GRID, "GTV");

  it("counts its voxels and says where they lie", () => {
    assert.equal(mask.count, 3);
    assert.equal(mask.volumeMm3, 24);
    assert.deepEqual(mask.box, { low: [1, 1, 0], high: [2, 1, 1] });
    assert.deepEqual(
      mask.centroidMm.map((c) => Math.round(c * 1e6) / 1e6),
      [11.333333, 22, 31.333333],
    );
  });

  it("of the wrong size is refused", () => {
    assert.throws(
      () => new Mask(new Uint8Array(13), GRID, "GTV"),
      refusal(/"GTV" has 13 voxels, but its grid 3×2×2 needs 12/),
    );
  });

  it("of another grid is refused, saying by how much it differs", () => {
    const shifted = { ...GRID, origin: [10, 20, 31] as const };
    assert.throws(
      () => mask.checkGrid(shifted, "the CT"),
      refusal(/"GTV" and the CT lie on different grids: .*1\.00 mm apart.*Resample/),
    );
    assert.throws(
      () => mask.checkGrid({ ...GRID, size: [3, 2, 3] }, "the CT"),
      refusal(/size 3×2×2 v\. 3×2×3/),
    );
    mask.checkGrid({ ...GRID, origin: [10, 20, 30.0005] }, "the CT");
  });

  it("without voxels has no centre and no box", () => {
    const empty = new Mask(new Uint8Array(12), GRID, "GTV");
    assert.throws(() => empty.centroidMm, refusal(/"GTV" is empty/));
    assert.throws(() => empty.box, refusal(/"GTV" is empty.*Check/));
  });
});
