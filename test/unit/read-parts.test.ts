/** Files and series of several volumes: refused with a list of them, and read one at a time. */
import assert from "node:assert/strict";
import { type DicomElement, text } from "../../src/io/dicom-writer.js";
import { readDicom, readNifti, readNiftiMask, readVolume } from "../../src/io/index.js";
import { extractor } from "../../src/radiomics/index.js";
import { Mask } from "../../src/volume/mask.js";
import { sliceBytes } from "../support/dicom.js";
import { BASIC_NRRD, freshFolder, niftiBytes, nrrdBytes, put, refuses } from "../support/files.js";
import { type Frame, multiFrame } from "../support/multi-frame.js";

const POSITION = 0x00200032;
const IN_STACK = 0x00209057;
const TIME = 0x00209128;
const DIFFUSION = 0x00189087;
const STACK = 0x00209056;

/** First voxel of every slice, as the number of the frame. */
async function framesOf(file: string, part: number): Promise<number[]> {
  const { voxels, geometry } = await readDicom(file, { part });
  const plane = geometry.size[0] * geometry.size[1];
  return Array.from({ length: geometry.size[2] }, (_, z) => ((voxels[z * plane] as number) + 10) / 100);
}

describe("a multi-frame DICOM file of several volumes", () => {
  const folder = freshFolder();
  const write = (pointers: readonly number[], frames: readonly Frame[]): string =>
    put(folder(), "a.dcm", multiFrame(pointers, frames));

  it("is refused with a list of them, and read by part, whatever the order of its frames", async () => {
    // Places 2 and 4 mm, times 1 to 3, shuffled.
    const file = write(
      [TIME, POSITION],
      [
        { z: 4, at: [2, 2] },
        { z: 2, at: [1, 1] },
        { z: 2, at: [3, 1] },
        { z: 4, at: [1, 2] },
        { z: 2, at: [2, 1] },
        { z: 4, at: [3, 2] },
      ],
    );
    await refuses(
      () => readDicom(file),
      file,
      /\(byte \d+\)/,
      /holds 3 volumes\. Choose one with \{ part: … \}: 1 \(TemporalPositionIndex \(0020,9128\) index 1\), 2 /,
    );
    assert.deepEqual(await framesOf(file, 1), [1, 3]);
    assert.deepEqual(await framesOf(file, 2), [4, 0]);
    assert.deepEqual(await framesOf(file, 3), [2, 5]);
    await refuses(() => readDicom(file, { part: 4 }), file, /3 volumes, and none is number 4/);
    await refuses(() => readDicom(file, { part: 0.5 }), file, /none is number 0\.5/);
    const { voxels } = await readVolume(file, { part: 3 });
    assert.equal(voxels[0], 190);
  });

  it("of two dimensions beside the place has a volume for each pair", async () => {
    const frames = [1, 2].flatMap((time) =>
      [1, 2].flatMap((weight) => [2, 4].map((z, n) => ({ z, at: [n + 1, weight, time] }))),
    );
    const file = write([IN_STACK, DIFFUSION, TIME], frames);
    await refuses(() => readDicom(file), file, /4 volumes.*DiffusionBValue.*index 1, TemporalPositionIndex/);
    const all = await Promise.all([1, 2, 3, 4].map((part) => framesOf(file, part)));
    // By diffusion weighting, then by time.
    assert.deepEqual(all, [
      [0, 1],
      [4, 5],
      [2, 3],
      [6, 7],
    ]);
  });

  it("of stacks in different directions is read stack by stack", async () => {
    const sagittal = "0\\1\\0\\0\\0\\1";
    const file = write(
      [STACK, IN_STACK],
      [
        { z: 2, at: [1, 1] },
        { z: 4, at: [1, 2] },
        { z: 0, at: [2, 1], orientation: sagittal },
      ],
    );
    await refuses(() => readDicom(file), file, /2 volumes.*StackID/);
    assert.deepEqual(await framesOf(file, 1), [0, 1]);
    assert.deepEqual((await readDicom(file, { part: 2 })).geometry.size, [4, 3, 1]);
  });

  it("is one volume if no place is taken twice, whatever its other dimensions say", async () => {
    const file = write(
      [TIME, POSITION],
      [
        { z: 2, at: [1, 1] },
        { z: 4, at: [2, 2] },
      ],
    );
    assert.deepEqual((await readDicom(file)).geometry.size, [4, 3, 2]);
  });

  it("that does not tell them apart is refused as before, and has one part to choose", async () => {
    const file = write(
      [POSITION],
      [
        { z: 2, at: [1] },
        { z: 2, at: [1] },
      ],
    );
    await refuses(() => readDicom(file), file, /lie at the same place.*does not tell them apart/);
    await refuses(() => readDicom(file, { part: 2 }), file, /holds one volume, and none is number 2/);
  });
});

describe("a DICOM series of several volumes in files of their own", () => {
  const folder = freshFolder();

  /** z, and the value of an element. */
  function series(tag: number, vr: string, values: readonly string[]): string {
    values.forEach((value, v) => {
      for (const z of [2, 4]) {
        const changes = { 524312: text(0x00080018, "UI", `1.2.${v}.${z}`), [tag]: text(tag, vr, value) };
        put(folder(), `${z}-${v}.dcm`, sliceBytes(z + 10 * v, { ...changes, ...at(z) }));
      }
    });
    return folder();
  }
  const at = (z: number): Record<number, DicomElement> => ({
    2097202: text(0x00200032, "DS", `-10\\20\\${z}`),
  });

  it("is read by part, in the order of times or echoes as numbers", async () => {
    const place = series(0x00200100, "IS", ["10", "9"]);
    await assert.rejects(readDicom(place), /2 volumes.*1 \(TemporalPositionIdentifier \(0020,0100\) 9\)/);
    // The voxels tell which file they come from: 1000 + 100 (z + 10 v) − 1024.
    assert.equal((await readDicom(place, { part: 1 })).voxels[0], -24 + 100 * 12);
    assert.equal((await readDicom(place, { part: 2 })).voxels[0], -24 + 100 * 2);
    assert.deepEqual((await readDicom(place, { part: 2 })).geometry.size, [4, 3, 2]);
  });

  it("is not told apart by an element that leaves two slices at one place", async () => {
    const place = series(0x00180086, "IS", ["1", "1"]);
    await assert.rejects(readDicom(place), /lie at the same place/);
  });
});

describe("a NIfTI file of several volumes", () => {
  const folder = freshFolder();
  const values = Uint8Array.from({ length: 48 }, (_, p) => p);
  const bytes = niftiBytes({ dim: [5, 2, 3, 2, 2, 2, 1, 1], datatype: 2, bitpix: 8, data: values });

  it("is read by part, scans and labels alike, and still must be whole", async () => {
    const file = put(folder(), "a.nii", bytes);
    await refuses(() => readNifti(file), file, /byte 40/, /holds 4 volumes.*: 1, 2, 3, 4\./);
    assert.deepEqual([...(await readNifti(file, { part: 3 })).voxels], [...values.subarray(24, 36)]);
    assert.equal((await readVolume(file, { part: 4, modality: "MR" })).voxels[11], 47);
    assert.equal((await readNiftiMask(file, { part: 2, label: 12 })).count, 1);
    await refuses(() => readNifti(file, { part: 5 }), file, /none is number 5/);
    put(folder(), "a.nii", bytes.subarray(0, bytes.length - 1));
    await refuses(() => readNifti(file, { part: 1 }), file, /cut off/);
  });

  it("goes into a cohort by part", async () => {
    const file = put(folder(), "a.nii", bytes);
    const { geometry } = await readNifti(file, { part: 1 });
    const mask = new Mask(new Uint8Array(12).fill(1), geometry);
    const extract = extractor({ families: ["intensity statistics"] });
    const patients = [1, 4].map((part) => ({ id: `part ${part}`, image: { file, part }, mask }));
    const table = await extract(patients, { workers: 1 });
    assert.deepEqual([...table.column("stat_min")], [0, 36]);
  });

  it("does not exist as NRRD, where a choice is refused", async () => {
    const nrrd = put(folder(), "a.nrrd", nrrdBytes(BASIC_NRRD, new Uint8Array(48)));
    assert.equal((await readVolume(nrrd, { part: 1 })).voxels.length, 24);
    await refuses(() => readVolume(nrrd, { part: 2 }), nrrd, /one volume, and none is number 2/);
  });
});
