/** Filters against the 33 response maps of IBSI 2, phase 1, voxel by voxel. */
import assert from "node:assert/strict";
import path from "node:path";
import { readNifti } from "../../src/io/index.js";
import { type Filter, filter } from "../../src/radiomics/index.js";
import type { Volume } from "../../src/volume/volume.js";
import { needData } from "../support/ibsi.js";

/** A voxel may differ by this share of the range of the reference map (IBSI 2, phase 1). */
const TOLERANCE = 0.01;

const LAWS_A = { kernels: "E5L5S5", boundary: "zero" } as const;
const LAWS_B = { kernels: "E3W5R5", boundary: "mirror" } as const;
const LAWS_C = { kernels: "L5S5", boundary: "mirror", dimensions: 2 } as const;
const POOLED = { rotationInvariant: "max" } as const;
const GABOR_A = { sigmaMm: 10, wavelengthMm: 4, aspect: 0.5, boundary: "zero" } as const;
const GABOR_B = { sigmaMm: 20, wavelengthMm: 8, aspect: 2.5, boundary: "mirror" } as const;
const DB2 = { name: "db2", map: "LHL", boundary: "zero" } as const;
const COIF1 = { name: "coif1", map: "HHL", boundary: "periodic" } as const;
const HAAR = { name: "haar", level: 2, boundary: "mirror", rotationInvariant: "average" } as const;

/** reference/ibsi2_phase1_filters.csv; settings of 9.a, 9.b.1 and 10.b.1 are the only simple ones that give the maps. */
const MAPS: readonly (readonly [name: string, phantom: string, filter: Filter])[] = [
  ["1_a_1", "checkerboard", { mean: { support: 15, boundary: "zero" } }],
  ["1_a_2", "checkerboard", { mean: { support: 15, boundary: "nearest" } }],
  ["1_a_3", "checkerboard", { mean: { support: 15, boundary: "periodic" } }],
  ["1_a_4", "checkerboard", { mean: { support: 15, boundary: "mirror" } }],
  ["1_b_1", "impulse", { mean: { support: 15, boundary: "zero", dimensions: 2 } }],
  ["2_a", "impulse", { log: { sigmaMm: 3, boundary: "zero" } }],
  ["2_b", "checkerboard", { log: { sigmaMm: 5, boundary: "mirror" } }],
  ["2_c", "checkerboard", { log: { sigmaMm: 5, boundary: "mirror", dimensions: 2 } }],
  ["3_a_1", "impulse", { laws: LAWS_A }],
  ["3_a_2", "impulse", { laws: { ...LAWS_A, ...POOLED } }],
  ["3_a_3", "impulse", { laws: { ...LAWS_A, ...POOLED, energyRadius: 7 } }],
  ["3_b_1", "checkerboard", { laws: LAWS_B }],
  ["3_b_2", "checkerboard", { laws: { ...LAWS_B, ...POOLED } }],
  ["3_b_3", "checkerboard", { laws: { ...LAWS_B, ...POOLED, energyRadius: 7 } }],
  ["3_c_1", "checkerboard", { laws: LAWS_C }],
  ["3_c_2", "checkerboard", { laws: { ...LAWS_C, ...POOLED } }],
  ["3_c_3", "checkerboard", { laws: { ...LAWS_C, ...POOLED, energyRadius: 7 } }],
  ["4_a_1", "impulse", { gabor: { ...GABOR_A, thetaDegrees: 60, dimensions: 2 } }],
  ["4_a_2", "impulse", { gabor: { ...GABOR_A, thetaStepDegrees: 45 } }],
  ["4_b_1", "sphere", { gabor: { ...GABOR_B, thetaDegrees: 225, dimensions: 2 } }],
  ["4_b_2", "sphere", { gabor: { ...GABOR_B, thetaStepDegrees: 22.5 } }],
  ["5_a_1", "impulse", { wavelet: DB2 }],
  ["5_a_2", "impulse", { wavelet: { ...DB2, rotationInvariant: "average" } }],
  ["6_a_1", "sphere", { wavelet: COIF1 }],
  ["6_a_2", "sphere", { wavelet: { ...COIF1, rotationInvariant: "average" } }],
  ["7_a_1", "checkerboard", { wavelet: { ...HAAR, map: "LLL" } }],
  ["7_a_2", "checkerboard", { wavelet: { ...HAAR, map: "HHH" } }],
  ["8_a_1", "checkerboard", { simoncelli: { level: 1, boundary: "periodic" } }],
  ["8_a_2", "checkerboard", { simoncelli: { level: 2, boundary: "periodic" } }],
  ["8_a_3", "checkerboard", { simoncelli: { level: 3, boundary: "periodic" } }],
  ["9_a", "impulse", { log: { sigmaMm: 3, riesz: [1, 0, 0], boundary: "zero" } }],
  ["9_b_1", "sphere", { log: { sigmaMm: 3, riesz: [0, 2, 0], boundary: "zero" } }],
  ["10_b_1", "pattern_1", { simoncelli: { level: 1, riesz: [0, 2, 0], boundary: "periodic" } }],
];

describe("IBSI 2 response maps", function () {
  this.timeout(60_000);
  let data: string;
  const phantoms = new Map<string, Volume>();

  before(function () {
    data = needData(this);
  });

  async function phantom(name: string): Promise<Volume> {
    const known = phantoms.get(name);
    if (known !== undefined) return known;
    const volume = await readNifti(
      path.join(data, "ibsi_2_digital_phantom/nifti", name, "image", `${name}.nii.gz`),
    );
    phantoms.set(name, volume);
    return volume;
  }

  it("are 33", () => {
    assert.equal(new Set(MAPS.map(([name]) => name)).size, 33);
  });

  for (const [name, image, given] of MAPS) {
    it(`${name}: every voxel is within 1 % of the map's range`, async () => {
      const expected = (await readNifti(path.join(data, "ibsi_2_response_maps", `${name}-ValidCRM.nii.gz`)))
        .voxels;
      const [found, ...others] = filter(await phantom(image), given);
      assert.ok(found !== undefined && others.length === 0);
      let low = Infinity;
      let high = -Infinity;
      let worst = 0;
      for (let p = 0; p < expected.length; p++) {
        const value = expected[p] as number;
        low = Math.min(low, value);
        high = Math.max(high, value);
        worst = Math.max(worst, Math.abs((found.voxels[p] as number) - value));
      }
      assert.ok(worst <= TOLERANCE * (high - low), `${worst} of ${high - low}`);
    });
  }
});
