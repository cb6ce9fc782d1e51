/** What the convention "pyradiomics" refuses, and what it gives for regions that PyRadiomics gives odd values for. */
import assert from "node:assert/strict";
import { InputError } from "../../src/core/errors.js";
import { extractor, type PyradiomicsParameters } from "../../src/radiomics/index.js";
import { asMask, asVolume, type Scan, shape } from "../support/regions.js";

const box: Scan = shape(
  [9, 9, 9],
  [1, 1, 1],
  (x, y, z) => Math.abs(x) < 3 && Math.abs(y) < 3 && Math.abs(z) < 2,
);

function extract(scan: Scan, parameters: PyradiomicsParameters = {}) {
  return extractor({ convention: "pyradiomics", parameters })(asVolume(scan), asMask(scan));
}

function refuses(parameters: object, ...patterns: readonly RegExp[]): void {
  assert.throws(
    () => extractor({ convention: "pyradiomics", parameters: parameters as PyradiomicsParameters }),
    (error: unknown) => {
      assert.ok(error instanceof InputError, String(error));
      for (const pattern of patterns) assert.match(error.message, pattern);
      return true;
    },
  );
}

describe("PyRadiomics parameters", () => {
  it("are refused by name when they are unknown", () => {
    refuses({ settings: {} }, /"settings"/, /setting/);
    refuses({ setting: { binwidth: 25 } }, /"binwidth"/, /binWidth/);
    refuses({ featureClass: { GLCM: null } }, /"GLCM"/, /glcm/);
    refuses({ featureClass: { glcm: ["contrast"] } }, /"contrast"/, /Contrast/);
    refuses({ imageType: { Wavelets: {} } }, /"Wavelets"/, /Original/);
  });

  it("are refused with what is possible when they make no sense", () => {
    refuses({ setting: { binWidth: 0 } }, /binWidth/, /positive/);
    refuses({ setting: { binWidth: "25" } }, /binWidth/, /"25"/);
    refuses({ setting: { binCount: 2.5 } }, /binCount/, /whole/);
    refuses({ setting: { resampledPixelSpacing: [1, 1] } }, /resampledPixelSpacing/, /three/);
    refuses({ setting: { interpolator: "sitkGaussian" } }, /interpolator/, /sitkBSpline/);
    refuses({ setting: { force2D: 1 } }, /force2D/, /true or false/);
    refuses({ setting: { weightingNorm: "max" } }, /weightingNorm/, /infinity/);
    refuses({ setting: { distances: [1, 2] } }, /distances/, /\[1\]/);
    refuses({ setting: { resegmentRange: [] } }, /resegmentRange/, /one or two/);
  });

  it("may leave anything to its default with null", () => {
    const features = extract(box, { setting: { binCount: null, weightingNorm: null }, imageType: null });
    assert.equal(features.features.length, 107);
    assert.equal(features.features[0]?.name, "original_shape_Elongation");
  });

  it("choose features by class and name", () => {
    const features = extract(box, {
      featureClass: { glcm: ["Contrast", "MCC"], firstorder: ["Mean"], ngtdm: [] },
    });
    assert.deepEqual(
      features.features.map(({ name }) => name),
      [
        "original_firstorder_Mean",
        "original_glcm_Contrast",
        "original_glcm_MCC",
        ...["Busyness", "Coarseness", "Complexity", "Contrast", "Strength"].map((n) => `original_ngtdm_${n}`),
      ],
    );
  });
});

describe("regions in PyRadiomics' convention", () => {
  it("that are flat have the values that PyRadiomics documents", () => {
    const features = extract(box);
    const expected = {
      firstorder_Skewness: 0,
      firstorder_Kurtosis: 0,
      firstorder_Uniformity: 1,
      firstorder_Entropy: -3.203426503814917e-16,
      glcm_Correlation: 1,
      glcm_MCC: 1,
      glcm_Imc1: 0,
      glcm_Imc2: 0,
      glcm_JointEntropy: -3.203426503814917e-16,
      ngtdm_Coarseness: 1e6,
      ngtdm_Busyness: 0,
      ngtdm_Contrast: 0,
      ngtdm_Complexity: 0,
      ngtdm_Strength: 0,
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(features.value(name), value, name);
    for (const { name, value } of features.features) assert.ok(Number.isFinite(value), `${name} is ${value}`);
  });

  it("of one voxel, of a row of voxels or of too few voxels are refused", () => {
    const only = (n: number): Scan => ({
      ...box,
      inside: box.inside.map((_, p) => (p >= 364 && p < 364 + n ? 1 : 0)),
    });
    assert.throws(() => extract(only(1)), /only 1 voxel/);
    assert.throws(() => extract(only(2)), /1 dimension, fewer than minimumROIDimensions = 2/);
    assert.equal(extract(only(2), { setting: { minimumROIDimensions: 1 } }).features.length, 107);
    assert.throws(
      () => extract(box, { setting: { minimumROISize: 75 } }),
      /75 voxels, not more than minimumROISize/,
    );
    assert.throws(() => extract(box, { setting: { resegmentRange: [5, 6] } }), /no voxel left/);
  });

  it("of several slices have no 2D shape, and voxels that are not finite are refused", () => {
    assert.throws(() => extract(box, { featureClass: { shape2D: null } }), /one slice/);
    const voxels = box.voxels.slice();
    voxels[364] = Number.NaN;
    assert.throws(() => extract({ ...box, voxels }), InputError);
  });
});
