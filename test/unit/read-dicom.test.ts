/** DICOM series: what is read right, and every refusal with its file and remedy. */
import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { text } from "../../src/io/dicom-writer.js";
import { readDicom, readVolume } from "../../src/io/index.js";
import { FRAME, putSeries, sliceBytes } from "../support/dicom.js";
import { freshFolder, put, refuses } from "../support/files.js";

describe("reading a DICOM series", () => {
  const folder = freshFolder();

  it("sorts slices by position, not by name, and rescales to HU", async () => {
    const ct = await readDicom(putSeries(folder(), [6, 2, 4]));
    assert.deepEqual(ct.geometry.size, [4, 3, 3]);
    assert.deepEqual(ct.geometry.spacing, [0.25, 0.5, 2]);
    assert.deepEqual(ct.geometry.origin, [-10, 20, 2]);
    assert.equal(ct.at([0, 0, 0]), 176); // 1000 + 200 − 1024
    assert.equal(ct.at([3, 2, 2]), 587); // 1000 + 600 + 11 − 1024
    assert.deepEqual(ct.quantity, { modality: "CT", unit: "HU" });
    assert.equal(ct.frameOfReference, FRAME);
    assert.equal(ct.name, "Chest");
  });

  it("keeps the sign of signed pixels and drops bits above the stored ones", async () => {
    const signed = { 2621699: { tag: 0x00280103, vr: "US", value: [1] } };
    const ct = await readDicom(putSeries(folder(), [20, 22], signed));
    assert.equal(ct.at([0, 0, 0]), 3000 - 4096 - 1024); // 12 bits are stored: 3000 is negative
  });

  it("takes the thickness of a single slice for its distance, and needs it", async () => {
    const file = put(folder(), "a.dcm", sliceBytes(2));
    await refuses(
      () => readDicom([file]),
      file,
      /SliceThickness \(0018,0050\) is missing, but is needed, because this is the only slice/,
    );
    put(folder(), "a.dcm", sliceBytes(2, { 1572944: text(0x00180050, "DS", "1.5") }));
    assert.deepEqual((await readDicom([file])).geometry.spacing, [0.25, 0.5, 1.5]);
  });

  it("reads a series along any axis, with the normal as the third axis", async () => {
    const coronal = { 2097207: text(0x00200037, "DS", "1\\0\\0\\0\\0\\-1") };
    [3, 1, 2].forEach((y, i) => {
      put(folder(), `${i}`, sliceBytes(0, { ...coronal, 2097202: text(0x00200032, "DS", `0\\${y}\\50`) }));
    });
    const scan = await readDicom(folder());
    assert.deepEqual(scan.geometry.direction, [1, 0, 0, 0, 0, 1, 0, -1, 0]);
    assert.deepEqual(scan.toMm([0, 0, 2]), [0, 3, 50]);
  });

  it("passes over files that are no scan: text, DICOMDIR, structure sets", async () => {
    putSeries(folder(), [1, 2, 3]);
    put(folder(), "README.txt", "about this folder");
    put(folder(), "DICOMDIR", sliceBytes(9, { 524310: text(0x00080016, "UI", "1.2.840.10008.1.3.10") }));
    put(folder(), "rs.dcm", sliceBytes(9, { 524384: text(0x00080060, "CS", "RTSTRUCT") }));
    assert.equal((await readDicom(folder())).geometry.size[2], 3);
  });

  it("reads files without the 128-byte preamble", async () => {
    [1, 2].forEach((z) => {
      const file = sliceBytes(z);
      put(folder(), `${z}`, file.subarray(file.indexOf(Buffer.from([8, 0, 0x16, 0, 0x55, 0x49]))));
    });
    assert.equal((await readDicom(folder())).at([0, 0, 1]), 176);
  });

  it("chooses one of several series by its UID and lists them otherwise", async () => {
    putSeries(folder(), [1, 2]);
    const other = { 2097166: text(0x0020000e, "UI", "9.9"), 528446: text(0x0008103e, "LO", "Bone") };
    [5, 6, 7].forEach((z) => {
      put(folder(), `other${z}.dcm`, sliceBytes(z, other));
    });
    await refuses(
      () => readDicom(folder()),
      folder(),
      /2 series/,
      /1\.2\.3: CT "Chest", 2 files/,
      /9\.9: CT "Bone", 3 files/,
      /\{ series/,
    );
    await refuses(() => readDicom(folder(), { series: "7" }), folder(), /series 7 is not here/, /9\.9/);
    assert.equal((await readDicom(folder(), { series: "9.9" })).geometry.size[2], 3);
  });
});

describe("a DICOM series is refused", () => {
  const folder = freshFolder();
  const last = (): string => path.join(folder(), "x.dcm");
  const ds = (tag: number, value: string): Record<number, ReturnType<typeof text>> => ({
    [tag]: text(tag, "DS", value),
  });

  it("with a missing slice, naming the files before and after", async () => {
    putSeries(folder(), [0, 2, 4, 8, 10]);
    await refuses(
      () => readDicom(folder()),
      path.join(folder(), "3.dcm"),
      /1 slice is missing between 2\.dcm and 3\.dcm/,
      /4\.00 and 8\.00 mm/,
      /Fetch the whole series/,
    );
  });

  it("with uneven gaps", async () => {
    putSeries(folder(), [0, 2, 4, 7, 9]);
    await refuses(
      () => readDicom(folder()),
      path.join(folder(), "3.dcm"),
      /unevenly spaced between 2\.dcm and 3\.dcm/,
    );
  });

  it("with a slice twice or two slices at one place", async () => {
    putSeries(folder(), [0, 2, 4]);
    put(folder(), "x.dcm", sliceBytes(2));
    await refuses(
      () => readDicom(folder()),
      last(),
      /1\.dcm and x\.dcm are the same slice twice/,
      /Remove one/,
    );
    put(folder(), "x.dcm", sliceBytes(2, { 524312: text(0x00080018, "UI", "5") }));
    await refuses(() => readDicom(folder()), last(), /lie at the same place/);
  });

  it("with a slice of another size, spacing, orientation or frame of reference", async () => {
    putSeries(folder(), [0, 2, 4]);
    const pixels = { tag: 0x7fe00010, vr: "OW", value: Buffer.alloc(16) };
    put(
      folder(),
      "x.dcm",
      sliceBytes(6, { 2621456: { tag: 0x00280010, vr: "US", value: [2] }, 2145386512: pixels }),
    );
    await refuses(() => readDicom(folder()), last(), /size is 4×2, but 4×3 in 0\.dcm/, /localizer/);
    put(folder(), "x.dcm", sliceBytes(6, ds(0x00280030, "0.5\\0.5")));
    await refuses(() => readDicom(folder()), last(), /pixel spacing is 0\.5×0\.5 mm/);
    put(folder(), "x.dcm", sliceBytes(6, ds(0x00200037, "0\\1\\0\\1\\0\\0")));
    await refuses(() => readDicom(folder()), last(), /orientation is 0, 1, 0/);
    put(folder(), "x.dcm", sliceBytes(6, { 2097234: text(0x00200052, "UI", "8.8") }));
    await refuses(() => readDicom(folder()), last(), /frame of reference is 8\.8/);
  });

  it("of a tilted gantry, saying by how many degrees", async () => {
    [0, 2, 4].forEach((z) => {
      put(folder(), `${z}.dcm`, sliceBytes(z, ds(0x00200032, `0\\${z / 2}\\${z}`)));
    });
    await refuses(
      () => readDicom(folder()),
      path.join(folder(), "2.dcm"),
      /gantry tilt of 26\.6°/,
      /straight grid/,
    );
  });

  it("of axes that are not at right angles", async () => {
    putSeries(folder(), [0, 2], ds(0x00200037, "1\\0\\0\\0.6\\0.8\\0"));
    await refuses(
      () => readDicom(folder()),
      path.join(folder(), "0.dcm"),
      /two directions of length 1 at right angles/,
    );
  });

  it("with pixel data of the wrong length, or none", async () => {
    putSeries(folder(), [0, 2]);
    put(
      folder(),
      "x.dcm",
      sliceBytes(4, { 2145386512: { tag: 0x7fe00010, vr: "OW", value: Buffer.alloc(22) } }),
    );
    await refuses(
      () => readDicom(folder()),
      last(),
      /byte \d+/,
      /PixelData \(7fe0,0010\) has 22 bytes, but 3 rows × 4 columns need 24/,
    );
    put(folder(), "x.dcm", sliceBytes(4, { 2145386512: null }));
    await refuses(() => readDicom(folder()), last(), /PixelData \(7fe0,0010\) is missing/);
  });

  it("of CT without a rescale", async () => {
    putSeries(folder(), [0, 2], { 2625619: null });
    await refuses(
      () => readDicom(folder()),
      path.join(folder(), "0.dcm"),
      /RescaleSlope \(0028,1053\) needs 1 number, but has 0/,
    );
  });

  it("of colors or several frames", async () => {
    putSeries(folder(), [0], {
      2621444: text(0x00280004, "CS", "RGB"),
      2621442: { tag: 0x00280002, vr: "US", value: [3] },
    });
    await refuses(() => readDicom(folder()), path.join(folder(), "0.dcm"), /RGB: only grey scans/);
    putSeries(folder(), [0], { 2621448: text(0x00280008, "IS", "12") });
    await refuses(
      () => readDicom(folder()),
      path.join(folder(), "0.dcm"),
      /has 24 bytes, but 3 rows × 4 columns of 12 frames need 288/,
    );
  });

  it("of an unknown transfer syntax, and one that the pixels belie", async () => {
    const file = sliceBytes(0);
    const at = file.indexOf("1.2.840.10008.1.2.1\0");
    const as = (syntax: string): Buffer =>
      Buffer.concat([file.subarray(0, at), Buffer.from(syntax), file.subarray(at + 20)]);
    put(folder(), "x.dcm", as("1.2.840.10008.1.2.5\0"));
    await refuses(
      () => readDicom(folder()),
      last(),
      /is not packed, but the transfer syntax says RLE lossless/,
    );
    put(folder(), "x.dcm", as("1.2.840.10008.1.2.9\0"));
    await refuses(() => readDicom(folder()), last(), /1\.2\.840\.10008\.1\.2\.9 is not read/, /gdcmconv/);
  });

  for (const share of [0.1, 0.5, 0.9, 0.99]) {
    it(`cut at ${100 * share} % of a file`, async () => {
      putSeries(folder(), [0, 2, 4]);
      const whole = sliceBytes(6);
      put(folder(), "x.dcm", whole.subarray(0, Math.floor(whole.length * share)));
      await refuses(() => readDicom(folder()), last(), /cut off|cut or packed|damaged|missing/, /fresh copy/);
    });
  }

  it("where there is none: an empty folder, a folder of folders, a wrong path, a text file", async () => {
    await refuses(() => readDicom(folder()), folder(), /no DICOM file/, /Check the path/);
    mkdirSync(path.join(folder(), "CT"));
    await refuses(() => readDicom(folder()), folder(), /Folders inside it: CT; name one/);
    const nowhere = path.join(folder(), "nowhere");
    await refuses(() => readDicom(nowhere), nowhere, /no such file or folder/, /Check the path/);
    await assert.rejects(readDicom([]), /no files are given/);
    const note = put(folder(), "note.txt", "hello");
    await refuses(() => readDicom(note), note, /not a DICOM file/);
    await refuses(() => readVolume(note), note, /neither DICOM, NIfTI nor NRRD/);
    rmSync(note);
    put(folder(), "rs.dcm", sliceBytes(9, { 524384: text(0x00080060, "CS", "RTSTRUCT") }));
    await refuses(() => readDicom(folder()), folder(), /none of the 1 DICOM files is a scan/, /readRtstruct/);
  });
});
