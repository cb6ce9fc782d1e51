/** Structure sets: holes, islands, and every refusal with its file and remedy. */
import assert from "node:assert/strict";
import { type Geometry, IDENTITY } from "../../src/core/geometry.js";
import { readRtstruct } from "../../src/io/index.js";
import { Volume } from "../../src/volume/volume.js";
import { FRAME, rtstructBytes, sliceBytes, type TestContour } from "../support/dicom.js";
import { freshFolder, put, refuses } from "../support/files.js";

const GRID: Geometry = { size: [10, 10, 3], spacing: [1, 1, 2], origin: [0, 0, 0], direction: IDENTITY };
const scan = new Volume(new Float32Array(300), GRID, { frameOfReference: FRAME });

/** A square from a to b in x and y on the plane z. */
function square(a: number, b: number, z: number): TestContour {
  return { points: [a, a, z, b, a, z, b, b, z, a, b, z] };
}

describe("a structure set", () => {
  const folder = freshFolder();
  const read = (...args: Parameters<typeof rtstructBytes>): ReturnType<typeof readRtstruct> =>
    readRtstruct(put(folder(), "rs.dcm", rtstructBytes(...args)));

  it("fills the voxels whose centres lie inside, on the slice of the contour", async () => {
    const mask = (await read([square(1.5, 4.5, 2)])).mask("GTV-1", scan);
    assert.equal(mask.count, 9);
    assert.deepEqual(mask.box, { low: [2, 2, 1], high: [4, 4, 1] });
    assert.equal(mask.name, "GTV-1");
  });

  it("cuts a hole where a contour lies inside another, and adds islands", async () => {
    const ring = [square(0.5, 8.5, 0), square(2.5, 6.5, 0), square(3.5, 5.5, 0)];
    assert.equal((await read(ring)).mask("GTV-1", scan).count, 64 - 16 + 4);
  });

  it("passes over points and open lines, which enclose nothing", async () => {
    const extra = [
      { points: [1, 1, 0], type: "POINT" },
      { ...square(0.5, 8.5, 2), type: "OPEN_PLANAR" },
    ];
    assert.equal((await read([square(1.5, 4.5, 0), ...extra])).mask("GTV-1", scan).count, 9);
  });

  it("reads names in their character set", async () => {
    const bytes = rtstructBytes([square(1.5, 4.5, 0)], {
      name: Buffer.from("Tumör", "utf8").toString("latin1"),
    });
    assert.deepEqual((await readRtstruct(put(folder(), "rs.dcm", bytes))).names, ["Tumör"]);
  });

  it("shows its regions", async () => {
    const shown = (await read([square(1.5, 4.5, 0)])) as unknown as { [key: symbol]: () => unknown };
    assert.deepEqual(shown[Symbol.for("Jupyter.display")](), {
      "text/plain": "Structure set with 1 regions\n  GTV-1: 1 closed contours",
    });
  });

  it("refuses an unknown name and offers the nearest", async () => {
    const structures = await read([square(1.5, 4.5, 0)], { names: ["GTV-1", "Lung_L"] });
    await refuses(
      async () => structures.mask("gtv1", scan),
      structures.file,
      /did you mean "GTV-1"\?/,
      /"GTV-1", "Lung_L"/,
    );
    await refuses(
      async () => structures.mask("Heart", scan),
      structures.file,
      /no region "Heart"\. The file has/,
    );
  });

  it("refuses two regions of one name", async () => {
    const structures = await read([square(1.5, 4.5, 0)], { names: ["GTV", "GTV"] });
    await refuses(
      async () => structures.mask("GTV", scan),
      structures.file,
      /2 regions are called "GTV"/,
      /Rename/,
    );
  });

  it("refuses a scan of another frame of reference", async () => {
    const structures = await read([square(1.5, 4.5, 0)], { frame: "7.7" });
    await refuses(
      async () => structures.mask("GTV-1", scan),
      structures.file,
      /frame of reference 7\.7, but the scan has 1\.2\.3\.4/,
      /register/,
    );
  });

  it("refuses contours between the slices, out of plane, or beyond the scan", async () => {
    const off = await read([square(1.5, 4.5, 1)]);
    await refuses(async () => off.mask("GTV-1", scan), off.file, /between the slices/, /not a resampled one/);
    const bent = await read([{ points: [1, 1, 0, 5, 1, 0, 5, 5, 1] }]);
    await refuses(async () => bent.mask("GTV-1", scan), bent.file, /between the slices/);
    const above = await read([square(1.5, 4.5, 0), square(1.5, 4.5, 6)]);
    await refuses(
      async () => above.mask("GTV-1", scan),
      above.file,
      /beyond the scan \(slice 3 of 0 to 2\)/,
      /whole scan/,
    );
    const wide = await read([square(1.5, 14.5, 0)]);
    await refuses(async () => wide.mask("GTV-1", scan), wide.file, /beyond the scan \(voxel \(14\.5/);
  });

  it("refuses a region that covers no voxel centre", async () => {
    const small = await read([square(1.2, 1.8, 0)]);
    await refuses(
      async () => small.mask("GTV-1", scan),
      small.file,
      /covers no voxel centre/,
      /Check that it was drawn/,
    );
    const none = await read([]);
    await refuses(async () => none.mask("GTV-1", scan), none.file, /\(0 closed contours\)/);
  });

  it("refuses a file that is no structure set, and damaged coordinates", async () => {
    const ct = put(folder(), "ct.dcm", sliceBytes(0));
    await refuses(() => readRtstruct(ct), ct, /Modality \(0008,0060\) is "CT": this is not a structure set/);
    const bad = put(folder(), "bad.dcm", rtstructBytes([{ points: [1, 1, 0, 2, 2, 0, 3, 1] }]));
    await refuses(() => readRtstruct(bad), bad, /ContourData \(3006,0050\) has 8 numbers/);
    const nan = put(folder(), "nan.dcm", rtstructBytes([{ points: [1, 1, 0, 2, Number.NaN, 0, 3, 1, 0] }]));
    await refuses(() => readRtstruct(nan), nan, /has "NaN" where a number is expected/);
  });

  for (const share of [0.5, 0.9, 0.99]) {
    it(`refuses a file cut at ${100 * share} %`, async () => {
      const whole = rtstructBytes([square(1.5, 4.5, 0)]);
      const file = put(folder(), "cut.dcm", whole.subarray(0, Math.floor(whole.length * share)));
      await refuses(() => readRtstruct(file), file, /damaged or cut off|cut off/, /fresh copy/);
    });
  }
});
