/** NIfTI and NRRD files that we write: read back bit for bit, whole or not at all. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { gridDifference, type Mat3, type Vec3 } from "../../src/core/geometry.js";
import {
  readNifti,
  readNiftiMask,
  readNrrd,
  readNrrdMask,
  writeNifti,
  writeNrrd,
} from "../../src/io/index.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";
import { freshFolder, refuses } from "../support/files.js";

/** A rotation about each axis, mirrored or not. */
function rotation([a, b, c]: Vec3, isMirrored: boolean): Mat3 {
  const [ca, sa, cb, sb, cc, sc] = [
    Math.cos(a),
    Math.sin(a),
    Math.cos(b),
    Math.sin(b),
    Math.cos(c),
    Math.sin(c),
  ];
  const m = [
    cb * cc,
    sa * sb * cc - ca * sc,
    ca * sb * cc + sa * sc,
    cb * sc,
    sa * sb * sc + ca * cc,
    ca * sb * sc - sa * cc,
    -sb,
    sa * cb,
    ca * cb,
  ];
  return m.map((value, i) => (isMirrored && i % 3 === 2 ? -value : value)) as unknown as Mat3;
}

const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
const side = fc.integer({ min: 1, max: 5 });
const step = fc.double({ min: 0.1, max: 9, noNaN: true });
const place = fc.double({ min: -500, max: 500, noNaN: true });
const grid = fc
  .record({
    size: fc.tuple(side, side, side),
    spacing: fc.tuple(step, step, step),
    origin: fc.tuple(place, place, place),
    angles: fc.tuple(angle, angle, angle),
    isMirrored: fc.boolean(),
  })
  .map(({ angles, isMirrored, ...rest }) => ({ ...rest, direction: rotation(angles, isMirrored) }));

describe("a written image", () => {
  const folder = freshFolder();

  it("reads back bit for bit from NIfTI and NRRD, on any grid", async () => {
    await fc.assert(
      fc.asyncProperty(
        grid,
        fc.boolean(),
        fc.infiniteStream(fc.double()),
        async (geometry, isDouble, numbers) => {
          const count = geometry.size[0] * geometry.size[1] * geometry.size[2];
          const values = Array.from({ length: count }, () => numbers.next().value as number);
          const scan = new Volume(isDouble ? Float64Array.from(values) : Float32Array.from(values), geometry);
          const nifti = path.join(folder(), "a.nii.gz");
          await writeNifti(scan, nifti);
          const back = await readNifti(nifti);
          assert.deepEqual(back.voxels, scan.voxels);
          // Single precision at 500 mm, after five steps.
          assert.equal(gridDifference(back.geometry, geometry, 2e-4), null);
          const nrrd = path.join(folder(), "a.nrrd");
          await writeNrrd(scan, nrrd);
          const same = await readNrrd(nrrd);
          assert.deepEqual(same.voxels, scan.voxels);
          assert.equal(gridDifference(same.geometry, geometry, 1e-9), null);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("keeps masks as masks", async () => {
    const mask = new Mask(
      Uint8Array.of(0, 1, 1, 0, 1, 0),
      { size: [3, 2, 1], spacing: [1, 2, 3], origin: [4, 5, 6], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
      "tumor",
    );
    await writeNifti(mask, path.join(folder(), "m.nii"));
    assert.deepEqual((await readNiftiMask(path.join(folder(), "m.nii"), { label: 1 })).voxels, mask.voxels);
    await writeNrrd(mask, path.join(folder(), "m.nrrd"));
    const back = await readNrrdMask(path.join(folder(), "m.nrrd"), { name: "tumor" });
    assert.deepEqual(back, mask);
  });

  it("is the same file twice, and leaves nothing else in the folder", async () => {
    const scan = new Volume(new Float32Array(8), {
      size: [2, 2, 2],
      spacing: [1, 1, 1],
      origin: [0, 0, 0],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    });
    await writeNifti(scan, path.join(folder(), "a.nii.gz"));
    await writeNifti(scan, path.join(folder(), "b.nii.gz"));
    assert.deepEqual(readdirSync(folder()).sort(), ["a.nii.gz", "b.nii.gz"]);
    const blocked = path.join(folder(), "blocked.nrrd");
    mkdirSync(blocked);
    await refuses(() => writeNrrd(scan, blocked), blocked, /cannot write the file/);
    assert.deepEqual(readdirSync(folder()).sort(), ["a.nii.gz", "b.nii.gz", "blocked.nrrd"]);
    const nowhere = path.join(folder(), "no", "a.nii");
    await refuses(() => writeNifti(scan, nowhere), nowhere, /cannot write the file/);
    const odd = path.join(folder(), "a.img");
    await refuses(() => writeNifti(scan, odd), odd, /\.nii or \.nii\.gz/);
    await refuses(() => writeNrrd(scan, odd), odd, /named \.nrrd/);
    assert.ok(!existsSync(odd));
  });
});
