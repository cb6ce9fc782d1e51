/** Small pictures of regions for lists of patients. */
import assert from "node:assert/strict";
import { InputError } from "../../src/core/errors.js";
import { pngSize } from "../../src/plot/png.js";
import { thumbnail } from "../../src/plot/thumbnail.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";

const SIZE = [60, 50, 20] as const;
const GEOMETRY = {
  size: SIZE,
  spacing: [1, 1, 3],
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
} as const;

function ball(): { scan: Volume; region: Mask } {
  const voxels = new Float32Array(SIZE[0] * SIZE[1] * SIZE[2]).fill(-800);
  const mask = new Uint8Array(voxels.length);
  for (let z = 0, p = 0; z < SIZE[2]; z++)
    for (let y = 0; y < SIZE[1]; y++)
      for (let x = 0; x < SIZE[0]; x++, p++)
        if (Math.hypot(x - 20, y - 30, 3 * (z - 8)) <= 8) {
          voxels[p] = 40;
          mask[p] = 1;
        }
  return {
    scan: new Volume(voxels, GEOMETRY, { modality: "CT", unit: "HU" }),
    region: new Mask(mask, GEOMETRY),
  };
}

describe("a thumbnail", () => {
  it("is a square PNG of a few kilobytes", () => {
    const { scan, region } = ball();
    const png = thumbnail(scan, region, { window: "lung" });
    assert.deepEqual(pngSize(png), { width: 88, height: 88 });
    assert.ok(png.length < 8_000, `${png.length} bytes`);
  });

  it("shows the region in its middle: other voxels there make another picture, voxels far away do not", () => {
    const { scan, region } = ball();
    const before = thumbnail(scan, region, { window: "lung" });
    const changed = (x: number, y: number, z: number): Volume => {
      const voxels = Float32Array.from(scan.voxels);
      voxels[x + SIZE[0] * (y + SIZE[1] * z)] = -300;
      return new Volume(voxels, GEOMETRY, { modality: "CT", unit: "HU" });
    };
    assert.notDeepEqual(thumbnail(changed(20, 30, 8), region, { window: "lung" }), before);
    assert.notDeepEqual(thumbnail(changed(32, 30, 8), region, { window: "lung" }), before);
    assert.deepEqual(thumbnail(changed(20, 30, 9), region, { window: "lung" }), before);
    assert.deepEqual(thumbnail(changed(50, 30, 8), region, { window: "lung" }), before);
  });

  it("refuses a region of another grid and no pixels", () => {
    const { scan, region } = ball();
    const other = new Mask(new Uint8Array(8).fill(1), { ...GEOMETRY, size: [2, 2, 2] });
    assert.throws(() => thumbnail(scan, other), InputError);
    assert.throws(() => thumbnail(scan, region, { pixels: 0 }), InputError);
  });
});
