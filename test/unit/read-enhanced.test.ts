/** Multi-frame files: frames by their functional groups, in the order of their places. And PET as SUV, from the headers. */
import assert from "node:assert/strict";
import { sequence, text } from "../../src/io/dicom-writer.js";
import { readDicom } from "../../src/io/index.js";
import { type Changes, pet, putSeries, sliceBytes, TRACER } from "../support/dicom.js";
import { freshFolder, put, refuses } from "../support/files.js";

const PIXELS = 12;

/** A file of one frame per height; frame f holds 100·f + p, with an own slope of f + 1. */
function enhanced(heights: readonly number[], { shared = true, changes = {} as Changes } = {}): Buffer {
  const pixels = Buffer.alloc(2 * PIXELS * heights.length);
  heights.forEach((_, f) => {
    for (let p = 0; p < PIXELS; p++) pixels.writeUInt16LE(100 * f + p, 2 * (f * PIXELS + p));
  });
  const orientation = sequence(0x00209116, [[text(0x00200037, "DS", "1\\0\\0\\0\\1\\0")]]);
  const measures = sequence(0x00289110, [[text(0x00280030, "DS", "0.5\\0.25"), text(0x00180050, "DS", "9")]]);
  const frames = heights.map((z, f) => [
    sequence(0x00209113, [[text(0x00200032, "DS", `-10\\20\\${z}`)]]),
    sequence(0x00289145, [
      [text(0x00281052, "DS", "-10"), text(0x00281053, "DS", String(f + 1)), text(0x00281054, "LO", "HU")],
    ]),
    ...(shared ? [] : [orientation, measures]),
  ]);
  return sliceBytes(0, {
    524310: text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2.1"),
    2097202: null,
    2097207: null,
    2621448: text(0x00280008, "IS", String(heights.length)),
    2621488: null,
    2625618: null,
    2625619: null,
    1375769129: sequence(0x52009229, [shared ? [orientation, measures] : []]),
    1375769136: sequence(0x52009230, frames),
    2145386512: { tag: 0x7fe00010, vr: "OW", value: pixels },
    ...changes,
  });
}

describe("an enhanced multi-frame file", () => {
  const folder = freshFolder();

  for (const shared of [true, false]) {
    it(`is sorted by place, each frame with its rescale; groups ${shared ? "shared" : "of each frame"}`, async () => {
      const ct = await readDicom(put(folder(), "a.dcm", enhanced([6, 2, 4], { shared })));
      assert.deepEqual(ct.geometry.size, [4, 3, 3]);
      assert.deepEqual(ct.geometry.spacing, [0.25, 0.5, 2]);
      assert.deepEqual(ct.geometry.origin, [-10, 20, 2]);
      // Frame f, pixel p: (100 f + p)(f + 1) − 10; the frames from below are 1, 2, 0.
      const values = [1, 2, 0].flatMap((f) =>
        Array.from({ length: PIXELS }, (_, p) => (100 * f + p) * (f + 1) - 10),
      );
      assert.deepEqual([...ct.voxels], values);
      assert.equal(ct.quantity.unit, "HU");
    });
  }

  it("with a single frame takes its thickness", async () => {
    assert.deepEqual(
      (await readDicom(put(folder(), "a.dcm", enhanced([6])))).geometry.spacing,
      [0.25, 0.5, 9],
    );
  });

  it("is refused with several volumes, frames without places, missing or absurd frames", async () => {
    const file = put(folder(), "a.dcm", enhanced([2, 4, 2, 4]));
    await refuses(
      () => readDicom(file),
      file,
      /frame 1 of a\.dcm and frame 3 of a\.dcm lie at the same place/,
      /phases/,
    );
    put(folder(), "a.dcm", enhanced([2, 4, 8, 10]));
    await refuses(() => readDicom(file), file, /between frame 2 of a\.dcm and frame 3 of a\.dcm/);
    put(folder(), "a.dcm", enhanced([2, 4, 6], { changes: { 1375769136: null } }));
    await refuses(() => readDicom(file), file, /\(byte \d+\)/, /describes 0 of 3 frames/);
    put(folder(), "a.dcm", enhanced([2, 4], { changes: { 2621448: text(0x00280008, "IS", "3") } }));
    await refuses(() => readDicom(file), file, /2 of 3 frames|of 3 frames need 72/);
    put(folder(), "a.dcm", enhanced([2, 4], { changes: { 2621448: text(0x00280008, "IS", "99999999") } }));
    await refuses(() => readDicom(file), file, /NumberOfFrames \(0028,0008\) is "99999999"/);
  });
});

/** Activity of the first voxel of slice 2: (1000 + 200) × slope. */
const ACTIVITY = 2400;
/** 400 MBq × 2^(−3600 / 6586.2). */
const DECAYED = 273_853_167.829;

describe("a PET series", () => {
  const folder = freshFolder();
  const first = async (changes: Changes, suv?: Parameters<typeof readDicom>[1]): Promise<number> => {
    const scan = await readDicom(putSeries(folder(), [2, 4], changes), suv ?? {});
    return scan.at([0, 0, 0]);
  };
  const close = (found: number, expected: number): void => {
    assert.ok(Math.abs(found / expected - 1) < 1e-6, `${found} v. ${expected}`);
  };

  it("is in Bq/mL as stored", async () => {
    const scan = await readDicom(putSeries(folder(), [2, 4], pet()));
    assert.deepEqual(scan.quantity, { modality: "PT", unit: "Bq/mL" });
    assert.equal(scan.at([0, 0, 0]), ACTIVITY);
  });

  it("becomes SUV by weight, lean mass and surface, worked by hand from the published formulas", async () => {
    const scan = await readDicom(putSeries(folder(), [2, 4], pet()), { suv: "bw" });
    assert.deepEqual(scan.quantity, { modality: "PT", unit: "SUVbw" });
    close(scan.at([0, 0, 0]), (ACTIVITY * 80_000) / DECAYED);
    // BMI 24.6914: 9270 · 80 / (6680 + 216 · 24.6914) = 61.738 kg; 1.1 · 80 − 128 (80 / 180)² = 62.716 kg;
    // 0.007184 · 80^0.425 · 180^0.725 = 1.99643 m².
    close(
      (await first(pet(), { suv: "lbm-janmahasatian" })) / ACTIVITY,
      (741_600 / (6680 + (216 * 80) / 3.24)) * (1000 / DECAYED),
    );
    close((await first(pet(), { suv: "lbm-james" })) / ACTIVITY, 62_716.049_382_7 / DECAYED);
    const surface = (await first(pet(), { suv: "bsa" })) / ACTIVITY;
    assert.ok(Math.abs((surface * DECAYED) / 19_964.3 - 1) < 1e-4, String(surface * DECAYED));
  });

  it("needs no decay where it was corrected to the injection, nor where a vendor gives the factor", async () => {
    close(
      await first(pet({ 5509378: text(0x00541102, "CS", "ADMIN") }), { suv: "bw" }),
      (ACTIVITY * 80_000) / 4e8,
    );
    const counts = {
      5509121: text(0x00541001, "CS", "CNTS"),
      1884491776: text(0x70531000, "DS", "0.0005"),
    };
    close(await first(pet(counts), { suv: "bw" }), ACTIVITY * 0.0005);
    close(await first(pet({ 5509121: text(0x00541001, "CS", "GML") }), { suv: "bw" }), ACTIVITY);
  });

  it("counts from the pictures' own times where the series was processed later", async () => {
    // Processed at 15:00; acquired 11:05:00.5 with 300 s of reference time and frames of 1 ms: started at 11:00:00.5.
    const late = {
      524337: text(0x00080031, "TM", "150000"),
      1577538: text(0x00181242, "IS", "1"),
      5509888: text(0x00541300, "DS", "300000"),
    };
    close(await first(pet(late), { suv: "bw" }), (ACTIVITY * 80_000) / (4e8 * 2 ** (-3600.5 / 6586.2)));
    const dated = [text(0x00181078, "DT", "20260102235900.0"), ...TRACER.slice(1)];
    close(await first(pet({}, dated), { suv: "bw" }), (ACTIVITY * 80_000) / (4e8 * 2 ** (-39_660 / 6586.2)));
  });

  it("is refused as SUV where something is missing, by tag", async () => {
    const refused = async (
      changes: Changes,
      pattern: RegExp,
      suv: "bw" | "lbm-james" = "bw",
    ): Promise<void> => {
      const place = putSeries(folder(), [2, 4], changes);
      await refuses(() => readDicom(place, { suv }), `${place}/0.dcm`, /\(byte \d+\)/, pattern);
    };
    await refused(pet({ 1052720: null }), /PatientWeight \(0010,1030\) is missing/);
    await refused(pet({ 1052720: text(0x00101030, "DS", "0") }), /PatientWeight \(0010,1030\) is 0/);
    await refused(pet({ 1052704: null }), /PatientSize \(0010,1020\) is missing/, "lbm-james");
    await refused(
      pet({ 1048640: text(0x00100040, "CS", "O") }),
      /PatientSex \(0010,0040\) is "O"/,
      "lbm-james",
    );
    await refused(pet({}, TRACER.slice(1)), /RadiopharmaceuticalStartTime \(0018,1072\) is missing/);
    await refused(pet({}, TRACER.slice(0, 1)), /RadionuclideTotalDose \(0018,1074\) is missing/);
    await refused(pet({ 5505046: null }), /\(0054,0016\) is missing/);
    await refused(pet({ 524337: null }), /SeriesTime \(0008,0031\) is missing/);
    await refused(
      pet({}, [text(0x00181072, "TM", "120000"), ...TRACER.slice(1)]),
      /lies -1\.0 h before the start/,
    );
    await refused(pet({ 2621521: text(0x00280051, "CS", "ATTN") }), /lacks DECY/);
    await refused(
      pet({ 5509378: text(0x00541102, "CS", "NONE") }),
      /DecayCorrection \(0054,1102\) is "NONE"/,
    );
    await refused(pet({ 5509121: text(0x00541001, "CS", "PROPCPS") }), /Units \(0054,1001\) is "PROPCPS"/);
    await refused({}, /only PET has an SUV/);
  });
});
