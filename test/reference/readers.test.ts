/** The readers agree with each other and with published counts on real scans. */
import assert from "node:assert/strict";
import path from "node:path";
import { gridDifference } from "../../src/core/geometry.js";
import * as io from "../../src/io/index.js";
import { referenceData } from "../support/files.js";

const data = referenceData("real scans");

describe("readers on the IBSI CT phantom", () => {
  before(function () {
    if (data === null) this.skip();
  });
  const phantom = path.join(data ?? "", "radiomics", "ibsi_1_ct_radiomics_phantom");

  it("give the same Hounsfield units from DICOM and from NIfTI in all 2,460,240 voxels", async () => {
    const dicom = await io.readDicom(path.join(phantom, "dicom", "image"));
    const nifti = await io.readNifti(path.join(phantom, "nifti", "image", "phantom.nii.gz"));
    assert.equal(dicom.voxels.length, 2_460_240);
    assert.deepEqual(dicom.voxels, nifti.voxels);
    assert.deepEqual(dicom.quantity, { modality: "CT", unit: "HU" });
  });

  it("place DICOM and NIfTI voxels within 1 µm of each other", async () => {
    const dicom = await io.readDicom(path.join(phantom, "dicom", "image"));
    const nifti = await io.readNifti(path.join(phantom, "nifti", "image", "phantom.nii.gz"));
    // NIfTI's header is single precision: 1e-3 mm is its resolution at 174 mm with room.
    assert.equal(gridDifference(dicom.geometry, nifti.geometry, 1e-3), null);
    assert.deepEqual(dicom.geometry.size, [204, 201, 60]);
  });

  it("turn the contour into the reference mask, voxel by voxel: 125,256 of 125,256", async () => {
    const ct = await io.readDicom(path.join(phantom, "dicom", "image"));
    const structures = await io.readRtstruct(path.join(phantom, "dicom", "mask", "DCM_RS_00060.dcm"));
    assert.deepEqual(structures.names, ["GTV-1"]);
    const drawn = structures.mask("GTV-1", ct);
    const reference = await io.readNiftiMask(path.join(phantom, "nifti", "mask", "mask.nii.gz"));
    assert.equal(reference.count, 125_256);
    assert.deepEqual(drawn.voxels, reference.voxels);
    reference.checkGrid(ct.geometry, "the CT");
  });
});

describe("readers on PyRadiomics' sample scans", () => {
  before(function () {
    if (data === null) this.skip();
  });
  const folder = path.join(data ?? "", "radiomics", "pyradiomics");

  it("find the 4,137 voxels of brain1's region on the grid of its scan", async () => {
    const scan = await io.readNrrd(path.join(folder, "brain1_image.nrrd"));
    const region = await io.readNrrdMask(path.join(folder, "brain1_label.nrrd"), { label: 1, name: "tumor" });
    assert.equal(region.count, 4137);
    assert.equal(region.name, "tumor");
    region.checkGrid(scan.geometry, "brain1");
    assert.deepEqual(scan.geometry.direction, [1, 0, 0, 0, -1, 0, 0, 0, 1]);
  });

  it("list the labels of a file with several regions", async () => {
    await assert.rejects(
      io.readNrrdMask(path.join(folder, "prostate_phantom_subvolume-label.nrrd")),
      /several regions: label 1 \(168 voxels\), label 7 .*Choose one/,
    );
  });
});

describe("the embedded IBSI digital phantom", () => {
  before(function () {
    if (data === null) this.skip();
  });

  it("equals the published NIfTI files", async () => {
    const folder = path.join(data ?? "", "radiomics", "ibsi_1_digital_phantom", "nifti");
    const { image, mask } = io.samples.ibsiPhantom();
    assert.deepEqual(image.voxels, (await io.readNifti(path.join(folder, "image", "phantom.nii.gz"))).voxels);
    const published = await io.readNiftiMask(path.join(folder, "mask", "mask.nii.gz"));
    assert.deepEqual(mask.voxels, published.voxels);
    assert.equal(gridDifference(image.geometry, published.geometry), null);
  });
});
