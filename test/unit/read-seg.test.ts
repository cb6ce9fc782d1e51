/** DICOM segmentations: highdicom's values, overlaps, label maps, our own files read back, and every refusal. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { DicomElement } from "../../src/io/dicom-writer.js";
import { dicomFile, sequence, text, whole } from "../../src/io/dicom-writer.js";
import { readDicom, readSeg, writeSeg } from "../../src/io/index.js";
import { Mask } from "../../src/volume/mask.js";
import { FRAME, putSeries, sliceBytes } from "../support/dicom.js";
import { freshFolder, put, refuses } from "../support/files.js";

const FOLDER = path.resolve(import.meta.dirname, "../support/dicom-seg");
type Expected = Record<string, Record<string, string>>;
const expected = JSON.parse(readFileSync(path.join(FOLDER, "expected.json"), "utf8")) as Expected;

/** A label map of 4 × 3 pixels with two slices and the labels 1 and 7. */
function labelMap(changes: readonly DicomElement[] = []): Buffer {
  const frame = (z: number): DicomElement[] => [
    sequence(0x00209113, [[text(0x00200032, "DS", `-10\\20\\${z}`)]]),
  ];
  const elements: DicomElement[] = [
    text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.66.7"),
    text(0x00080018, "UI", "1.2.9"),
    text(0x00080060, "CS", "SEG"),
    text(0x00200052, "UI", FRAME),
    whole(0x00280002, "US", 1),
    text(0x00280004, "CS", "MONOCHROME2"),
    text(0x00280008, "IS", "2"),
    whole(0x00280010, "US", 3),
    whole(0x00280011, "US", 4),
    whole(0x00280100, "US", 8),
    whole(0x00280101, "US", 8),
    whole(0x00280102, "US", 7),
    whole(0x00280103, "US", 0),
    text(0x00620001, "CS", "LABELMAP"),
    sequence(0x00620002, [
      [whole(0x00620004, "US", 1), text(0x00620005, "LO", "Left")],
      [whole(0x00620004, "US", 7), text(0x00620005, "LO", "Right")],
    ]),
    sequence(0x52009229, [
      [
        sequence(0x00209116, [[text(0x00200037, "DS", "1\\0\\0\\0\\1\\0")]]),
        sequence(0x00289110, [[text(0x00280030, "DS", "0.5\\0.25"), text(0x00180050, "DS", "2")]]),
      ],
    ]),
    sequence(0x52009230, [frame(2), frame(4)]),
    {
      tag: 0x7fe00010,
      vr: "OB",
      value: Uint8Array.from({ length: 24 }, (_, p) => [0, 1, 7][p % 3] as number),
    },
  ];
  const changed = new Set(changes.map(({ tag }) => tag));
  return dicomFile([...elements.filter(({ tag }) => !changed.has(tag)), ...changes]);
}

describe("a DICOM segmentation", () => {
  const folder = freshFolder();

  for (const [name, bySegment] of Object.entries(expected)) {
    it(`${name} gives highdicom's values for every voxel of both segments`, async () => {
      const seg = await readSeg(path.join(FOLDER, `${name}.dcm`));
      assert.deepEqual(seg.names, ["Tumor", "Ödem"]);
      assert.deepEqual(seg.geometry.size, [9, 7, 6]);
      assert.deepEqual(seg.geometry.spacing, [0.25, 0.5, 2.5]);
      assert.deepEqual(seg.geometry.origin, [-10, 20, 0]);
      for (const [number, base64] of Object.entries(bySegment)) {
        const bytes = Buffer.from(base64, "base64");
        const values = Float32Array.from({ length: bytes.length / 4 }, (_, p) => bytes.readFloatLE(4 * p));
        assert.deepEqual((await seg.fraction(Number(number))).voxels, values);
        const inside = Uint8Array.from(values, (value) => (value >= 0.5 ? 1 : 0));
        assert.deepEqual((await seg.mask(Number(number))).voxels, inside);
      }
    });
  }

  it("of label map kind gives a mask for each label", async () => {
    const seg = await readSeg(put(folder(), "map.dcm", labelMap()));
    const mask = await seg.mask("Right");
    assert.deepEqual(mask.geometry.size, [4, 3, 2]);
    assert.deepEqual(
      [...mask.voxels],
      Array.from({ length: 24 }, (_, p) => (p % 3 === 2 ? 1 : 0)),
    );
    assert.equal((await seg.mask(1)).count, 8);
  });

  it("lies on the grid of its scan, also where slices are left out, with its name and color", async () => {
    const source = putSeries(folder(), [2, 4, 6, 8, 10]);
    const ct = await readDicom(source);
    const voxels = Uint8Array.from({ length: 60 }, (_, p) =>
      p % 12 < 5 && Math.floor(p / 12) % 3 === 1 ? 1 : 0,
    );
    const tumor = new Mask(voxels, ct.geometry, "Tumor ö");
    const overlap = new Mask(
      Uint8Array.from(voxels, (v, p) => (p > 12 && p < 20 ? 1 : v)),
      ct.geometry,
      "2",
    );
    const file = path.join(folder(), "seg.dcm");
    await writeSeg([tumor, overlap], file, { source, colors: [[10, 200, 30]], algorithm: "MANUAL" });
    const seg = await readSeg(file);
    assert.deepEqual(seg.names, ["Tumor ö", "2"]);
    assert.deepEqual(seg.segments[0], {
      number: 1,
      name: "Tumor ö",
      algorithm: "MANUAL",
      type: "Mass",
      color: [10, 200, 30],
    });
    assert.deepEqual((await seg.mask("Tumor ö", ct)).voxels, tumor.voxels);
    assert.deepEqual((await seg.mask(2, ct)).voxels, overlap.voxels);
    // Slices 1 and 4 of 5 hold something: its own grid starts at the first of them.
    const own = await seg.mask(1);
    assert.deepEqual(own.geometry.size, [4, 3, 4]);
    assert.equal(own.count, tumor.count);
    assert.equal(own.geometry.origin[2], 4);
  });

  it("is refused on another scan: grid, frame of reference or slices", async () => {
    const file = put(folder(), "map.dcm", labelMap());
    const seg = await readSeg(file);
    const scan = async (heights: number[], changes = {}) => {
      const files = heights.map((z) => put(folder(), `${z}.dcm`, sliceBytes(z, changes)));
      return readDicom(files);
    };
    assert.equal((await seg.mask(1, await scan([0, 2, 4, 6]))).count, 8);
    const wide = { 2621488: text(0x00280030, "DS", "0.5\\0.5") };
    await refuses(
      async () => seg.mask(1, await scan([2, 4], wide)),
      file,
      /another grid than the scan/,
      /resample/,
    );
    const elsewhere = { 2097234: text(0x00200052, "UI", "8.8") };
    await refuses(async () => seg.mask(1, await scan([2, 4], elsewhere)), file, /frame of reference/);
    await refuses(async () => seg.mask(1, await scan([1, 3, 5])), file, /none of the scan's/);
  });

  it("is refused with unknown segments, kinds, full scales and lengths", async () => {
    const file = put(folder(), "map.dcm", labelMap());
    const seg = await readSeg(file);
    await refuses(() => seg.mask("Rigth"), file, /Did you mean "Right"\? The file has: 1 "Left", 7 "Right"/);
    await refuses(() => seg.mask(2), file, /no segment 2/);
    put(folder(), "map.dcm", labelMap([text(0x00620001, "CS", "OTHER")]));
    await refuses(() => readSeg(file), file, /\(byte \d+\)/, /SegmentationType \(0062,0001\) is "OTHER"/);
    put(folder(), "map.dcm", labelMap([text(0x00620001, "CS", "FRACTIONAL"), whole(0x0062000e, "US", 0)]));
    await refuses(() => readSeg(file), file, /is missing|is 0/);
    put(folder(), "map.dcm", labelMap([{ tag: 0x7fe00010, vr: "OB", value: new Uint8Array(20) }]));
    await refuses(() => readSeg(file), file, /has 20 bytes, but 3 rows × 4 columns of 2 frames need 24/);
    const ct = put(folder(), "ct.dcm", sliceBytes(0));
    await refuses(() => readSeg(ct), ct, /is "CT": this is not a segmentation/);
  });

  for (const share of [0.5, 0.9, 0.99]) {
    it(`cut at ${100 * share} % is refused with its byte`, async () => {
      const bytes = readFileSync(path.join(FOLDER, "binary.dcm"));
      const cut = put(folder(), "cut.dcm", bytes.subarray(0, Math.floor(share * bytes.length)));
      await refuses(() => readSeg(cut), cut, /\(byte \d+\)/, /cut off|damaged/);
    });
  }

  it("is not written of an empty mask, or one of another grid", async () => {
    const source = putSeries(folder(), [2, 4]);
    const { geometry } = await readDicom(source);
    const file = path.join(folder(), "seg.dcm");
    await refuses(
      () => writeSeg([new Mask(new Uint8Array(24), geometry, "a")], file, { source }),
      file,
      /mask "a" is empty/,
    );
    await refuses(() => writeSeg([], file, { source }), file, /no masks/);
    const moved = new Mask(new Uint8Array(24).fill(1), { ...geometry, origin: [0, 0, 0] }, "b");
    await assert.rejects(writeSeg([moved], file, { source }), /mask "b" and the scan lie on different grids/);
  });
});
