/** Our DICOM segmentations, read by others: highdicom gives back every voxel, dciodvfy finds no error. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import path from "node:path";
import { readDicom, readRtstruct, writeSeg } from "../../src/io/index.js";
import { Mask } from "../../src/volume/mask.js";
import { freshFolder } from "../support/files.js";
import { needData } from "../support/ibsi.js";

const JUDGE = path.resolve(import.meta.dirname, "../../data-scripts/reference/read-seg.py");

describe("a DICOM segmentation that Radbook wrote of two regions that overlap", function () {
  this.timeout(120_000);
  const folder = freshFolder();

  async function written(data: string): Promise<{ file: string; source: string; masks: Mask[] }> {
    const phantom = path.join(data, "ibsi_1_ct_radiomics_phantom/dicom");
    const source = path.join(phantom, "image");
    const ct = await readDicom(source);
    const [contours = ""] = readdirSync(path.join(phantom, "mask"));
    const tumor = (await readRtstruct(path.join(phantom, "mask", contours))).mask("GTV-1", ct);
    const around = new Mask(tumor.dilate(5).voxels, ct.geometry, "GTV + 5 mm é");
    const file = path.join(folder(), "seg.dcm");
    await writeSeg([tumor, around], file, { source });
    return { file, source, masks: [tumor, around] };
  }

  it("has every voxel and label for highdicom", async function () {
    const python = [process.env.RADBOOK_PYTHON ?? "", "python3"].find(
      (program) => program !== "" && spawnSync(program, ["-c", "import highdicom"]).status === 0,
    );
    if (python === undefined) {
      console.log("    skipped: needs a Python with highdicom, python3 or the one that RADBOOK_PYTHON names");
      this.skip();
    }
    const { file, source, masks } = await written(needData(this));
    const { stdout, stderr } = spawnSync(python, [JUDGE, file, source], { encoding: "utf8" });
    assert.notEqual(stdout, "", stderr);
    const expected = masks.map(({ name, count, voxels }, n) => ({
      number: n + 1,
      label: name,
      voxels: count,
      sha256: createHash("sha256").update(voxels).digest("hex"),
    }));
    assert.deepEqual(JSON.parse(stdout), expected);
  });

  it("has no error for dciodvfy", async function () {
    if (spawnSync("dciodvfy", ["-version"]).error !== undefined) {
      console.log("    skipped: needs dciodvfy of dicom3tools");
      this.skip();
    }
    const { file } = await written(needData(this));
    const { stderr } = spawnSync("dciodvfy", [file], { encoding: "utf8" });
    assert.match(stderr, /^Segmentation$/m);
    assert.deepEqual(
      stderr.split("\n").filter((line) => line.startsWith("Error")),
      [],
    );
    // Not even an attribute that does not belong there.
    assert.doesNotMatch(stderr, /not present in standard DICOM IOD/);
  });
});
