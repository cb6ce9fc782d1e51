/** Samples: found in the right order, and a refusal that names the commands where there is none. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { InputError } from "../../src/core/errors.js";
import { samples } from "../../src/io/index.js";
import { freshFolder, put } from "../support/files.js";

describe("samples", () => {
  const folder = freshFolder();
  const { RADBOOK_DATA, RADBOOK_HOME } = process.env;
  const restore = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  beforeEach(() => {
    delete process.env.RADBOOK_DATA;
    process.env.RADBOOK_HOME = folder();
  });
  afterEach(() => {
    restore("RADBOOK_DATA", RADBOOK_DATA);
    restore("RADBOOK_HOME", RADBOOK_HOME);
  });

  const touch = (...parts: readonly string[]): string => {
    const file = path.join(folder(), ...parts);
    mkdirSync(path.dirname(file), { recursive: true });
    return put(path.dirname(file), path.basename(file), "");
  };
  const phantom = ["radiomics", "ibsi_1_ct_radiomics_phantom", "dicom"];
  const structures = [...phantom, "mask", "DCM_RS_00060.dcm"];

  it("name the commands to run where there is no data", () => {
    const refusal = (error: unknown): boolean =>
      error instanceof InputError &&
      error.message.includes(path.join(folder(), "data")) &&
      error.message.includes("npm run data -- synthetic");
    assert.throws(() => samples.chestCt(), refusal);
    assert.throws(() => samples.chestCt(), /npm run data -- ibsi-ct/);
    assert.throws(() => samples.cohort(), refusal);
  });

  it("take the synthetic chest, then the fetched phantom, then the one that RADBOOK_DATA names", () => {
    const made = touch("data", "synthetic", "thorax", "rtstruct.dcm");
    assert.equal(samples.chestCt().rtstruct, made);
    assert.equal(samples.chestCt().isReal, false);
    const fetched = touch("data", ...structures);
    assert.equal(samples.chestCt().rtstruct, fetched);
    assert.equal(samples.chestCt().ct, path.join(folder(), "data", ...phantom, "image"));
    assert.equal(samples.chestCt().isReal, true);
    assert.match(samples.chestCt().license, /BY-NC/);
    const named = touch("elsewhere", ...structures);
    process.env.RADBOOK_DATA = path.join(folder(), "elsewhere");
    assert.equal(samples.chestCt().rtstruct, named);
    assert.equal(samples.chestCt().roi, "GTV-1");
  });

  it("pair each patient of the cohort with a scan and a mask", () => {
    const clinical = touch("data", "synthetic", "cohort", "clinical.csv");
    const base = path.dirname(clinical);
    touch("data", "synthetic", "cohort", "masks", "B_truth.nii.gz");
    touch("data", "synthetic", "cohort", "masks", "A_truth.nii.gz");
    assert.deepEqual(samples.cohort().lesions.at(0), {
      id: "A",
      ct: path.join(base, "volumes", "A_ct.nii.gz"),
      mask: path.join(base, "masks", "A_truth.nii.gz"),
    });
    assert.equal(samples.cohort().lesions.length, 2);
  });

  it("hold the IBSI digital phantom of 74 voxels without any file", () => {
    const { image, mask } = samples.ibsiPhantom();
    assert.equal(mask.count, 74);
    assert.deepEqual(image.geometry.size, [5, 4, 4]);
    assert.equal(image.at([2, 2, 2]), 9);
  });
});
