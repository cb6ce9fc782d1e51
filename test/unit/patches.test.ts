/** Patches, crops and intensity scales of scans. */
import assert from "node:assert/strict";
import { InputError, NumericalError } from "../../src/core/errors.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";
import { grid } from "../support/regions.js";

const GRID = grid([6, 5, 4], [1, 2, 3], [10, 20, 30]);
const ct = new Volume(
  Float64Array.from({ length: 120 }, (_, p) => p),
  GRID,
  { modality: "CT", unit: "HU", name: "chest" },
);
/** Two voxels in slice 2, one in slice 1. */
const lesion = new Mask(
  Uint8Array.from({ length: 120 }, (_, p) => (p === 64 || p === 65 || p === 34 ? 1 : 0)),
  GRID,
  "lesion",
);

describe("a patch", () => {
  it("lies around the centre of the largest section and is filled with air beyond the scan", () => {
    const patch = ct.patch(lesion, { size: 4, slices: 3 });
    assert.deepEqual(patch.geometry.size, [4, 4, 3]);
    // The section's centre is (4.5, 0, 2): columns 3 … 6, rows −1 … 2, slices 1 … 3.
    assert.deepEqual(patch.toMm([0, 0, 0]), [13, 18, 33]);
    assert.deepEqual([...patch.voxels.slice(0, 8)], [-1000, -1000, -1000, -1000, 33, 34, 35, -1000]);
    assert.equal(patch.at([1, 1, 1]), ct.at([4, 0, 2]));
    assert.equal(patch.quantity.unit, "HU");
    assert.equal(ct.patch(lesion, { size: 4, outside: 7 }).at([0, 0, 0]), 7);
  });

  it("keeps every voxel where it is in the patient", () => {
    const box = ct.around([13, 24, 36], { size: [3, 3, 3] });
    assert.deepEqual(box.geometry.origin, [12, 22, 33]);
    assert.equal(box.atMm([13, 24, 36]), ct.atMm([13, 24, 36]));
    assert.deepEqual(ct.around([13, 24, 36], { sizeMm: [3, 3, 3] }).geometry.size, [3, 2, 1]);
  });

  it("of nothing, of no size or of another grid is refused", () => {
    assert.throws(() => ct.patch(new Mask(new Uint8Array(120), GRID), { size: 4 }), NumericalError);
    for (const size of [0, 2.5, -1]) assert.throws(() => ct.patch(lesion, { size }), InputError);
    assert.throws(() => ct.around([0, 0, 0], { sizeMm: [0, 1, 1] }), InputError);
    const other = new Mask(new Uint8Array(120), grid([6, 5, 4]));
    assert.throws(() => ct.patch(other, { size: 4 }), /different grids/);
  });
});

describe("a crop", () => {
  it("holds the region and at least its margin", () => {
    const crop = ct.crop(lesion, 2);
    // Box (4,0,1)–(5,0,2), grown by 3, 2 and 1 voxels, cut at the scan.
    assert.deepEqual(crop.geometry.size, [5, 3, 4]);
    assert.equal(crop.atMm([14, 20, 36]), ct.atMm([14, 20, 36]));
    assert.deepEqual(ct.crop(lesion).geometry, lesion.crop().geometry);
    assert.equal(lesion.crop().count, 3);
    assert.throws(() => ct.crop(lesion, -1), InputError);
  });
});

describe("normalized intensities", () => {
  it("are z-scores of the scan or of a region, in standard deviations", () => {
    const z = ct.zScore();
    assert.equal(z.quantity.unit, "SD");
    const values = Float64Array.from(z.voxels);
    const mean = values.reduce((sum, v) => sum + v, 0) / 120;
    const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    assert.ok(Math.abs(mean) < 1e-12 && Math.abs(squares / 119 - 1) < 1e-12);
    // 34, 64, 65: mean 54.333, deviation over N − 1 17.616.
    assert.ok(
      Math.abs((ct.zScore({ within: lesion }).voxels[0] ?? 0) + 54.33333333333333 / 17.616280348965084) <
        1e-12,
    );
  });

  it("are shares of a range, of percentiles or of a window", () => {
    const full = ct.rescale();
    assert.deepEqual([full.voxels[0], full.voxels[119], full.quantity.unit], [0, 1, ""]);
    // NumPy: percentile(arange(120), [1, 99]) = [1.19, 117.81].
    const cut = ct.rescale({ percentiles: [1, 99] });
    assert.ok(Math.abs((cut.voxels[60] ?? 0) - (60 - 1.19) / (117.81 - 1.19)) < 1e-12);
    assert.equal(cut.voxels[1], 0);
    assert.equal(cut.voxels[118], 1);
    const lung = new Volume(Float32Array.of(-2000, -1450, -700, 50, 3000), grid([5, 1, 1])).window(
      -700,
      1500,
    );
    assert.deepEqual([...lung.voxels], [0, 0, 0.5, 1, 1]);
  });

  it("of what is flat, empty or upside down are refused", () => {
    const flat = new Volume(new Float64Array(120).fill(3), GRID);
    assert.throws(() => flat.zScore(), NumericalError);
    assert.throws(() => flat.rescale(), NumericalError);
    assert.throws(() => ct.zScore({ within: new Mask(new Uint8Array(120), GRID) }), InputError);
    assert.throws(() => ct.rescale({ percentiles: [99, 1] }), InputError);
    assert.throws(() => ct.window(0, 0), InputError);
    assert.throws(() => ct.threshold(2, 1), InputError);
  });
});
