/** NIfTI and NRRD: geometry, labels, and every refusal with its file and remedy. */
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { gridDifference, type Vec3 } from "../../src/core/geometry.js";
import {
  readMask,
  readNifti,
  readNiftiMask,
  readNrrd,
  readNrrdMask,
  readVolume,
} from "../../src/io/index.js";
import {
  BASIC_NRRD,
  freshFolder,
  NIFTI2_BIG,
  NIFTI2_LITTLE,
  type NiftiParts,
  niftiBytes,
  nrrdBytes,
  put,
  refuses,
} from "../support/files.js";

const BASIC: NiftiParts = {
  dim: [3, 2, 3, 4, 1, 1, 1, 1],
  datatype: 2,
  bitpix: 8,
  data: Uint8Array.from({ length: 24 }, (_, p) => p),
};
const LABELS = Uint8Array.from({ length: 24 }, (_, p) => (p < 5 ? 2 : p < 8 ? 7 : 0));

describe("reading NIfTI-1", () => {
  const folder = freshFolder();
  const file = (bytes: Uint8Array): string => put(folder(), "scan.nii", bytes);

  it("takes the place from the sform and turns RAS into LPS", async () => {
    const sform = [
      [-2, 0, 0, 10],
      [0, 3, 0, 20],
      [0, 0, 4, 30],
    ];
    const { geometry } = await readNifti(file(niftiBytes({ ...BASIC, sform })));
    assert.deepEqual(geometry.spacing, [2, 3, 4]);
    assert.deepEqual(geometry.origin, [-10, -20, 30]);
    assert.deepEqual(geometry.direction, [1, 0, 0, 0, -1, 0, 0, 0, 1]); // the flipped axis stays as stored
  });

  it("takes a half turn from the qform for one, whatever single precision leaves of it", async () => {
    // Nibabel's quaternion of a scan with swapped axes; SimpleITK 2.5.7 reads the directions below (nifti1_io.c does).
    const half = Math.fround(Math.SQRT1_2);
    for (const [quaternion, direction] of [
      [
        [half, half, 0],
        [0, -1, 0, -1, 0, 0, 0, 0, -1],
      ],
      [
        [0, half, half],
        [1, 0, 0, 0, 0, -1, 0, 1, 0],
      ],
    ] as const) {
      const qform = { quaternion: [...quaternion], offset: [0, 0, 0], qfac: 1 } as const;
      const { geometry } = await readNifti(file(niftiBytes({ ...BASIC, qform })));
      geometry.direction.forEach((part, i) => {
        assert.ok(Math.abs(part - direction[i]) < 1e-12, `${geometry.direction}`);
      });
    }
  });

  it("lies at the origin where the header says nothing, and reads metres and micrometres", async () => {
    const bytes = niftiBytes({ ...BASIC, pixdim: [1, 0.5, 0.25, 2], units: 1 });
    const { geometry } = await readNifti(file(bytes));
    assert.deepEqual(geometry.spacing, [500, 250, 2000]);
    assert.deepEqual(geometry.origin, [0, 0, 0]);
    const small = await readNifti(file(niftiBytes({ ...BASIC, pixdim: [1, 500, 250, 2000], units: 3 })));
    assert.deepEqual(small.geometry.spacing, [0.5, 0.25, 2]);
  });

  it("takes modality and unit from the caller, HU for CT", async () => {
    const ct = await readNifti(file(niftiBytes(BASIC)), { modality: "CT" });
    assert.deepEqual(ct.quantity, { modality: "CT", unit: "HU" });
    const pet = await readVolume(put(folder(), "scan.nrrd", nrrdBytes(BASIC_NRRD, new Uint8Array(48))), {
      modality: "PT",
      unit: "SUV",
    });
    assert.deepEqual(pet.quantity, { modality: "PT", unit: "SUV" });
    assert.deepEqual((await readNifti(file(niftiBytes(BASIC)))).quantity, { modality: "OT", unit: "" });
  });

  it("picks a label, or the only one", async () => {
    const bytes = niftiBytes({ ...BASIC, data: LABELS });
    assert.equal((await readNiftiMask(file(bytes), { label: 7 })).count, 3);
    const only = niftiBytes({ ...BASIC, data: LABELS.map((v) => (v === 2 ? 0 : v)) });
    assert.equal((await readMask(file(only), { name: "GTV" })).name, "GTV");
  });

  it("refuses masks that are empty, ambiguous, without the label, or no labels", async () => {
    const several = file(niftiBytes({ ...BASIC, data: LABELS }));
    await refuses(
      () => readNiftiMask(several),
      several,
      /label 2 \(5 voxels\), label 7 \(3 voxels\)/,
      /\{ label: 2 \}/,
    );
    await refuses(
      () => readNiftiMask(several, { label: 3 }),
      several,
      /label 3 is not in the file/,
      /Choose one/,
    );
    const empty = file(niftiBytes({ ...BASIC, data: new Uint8Array(24) }));
    await refuses(() => readNiftiMask(empty), empty, /the mask is empty/, /Check that/);
    await refuses(() => readNiftiMask(empty, { label: 1 }), empty, /no labels at all/);
    const halves = file(niftiBytes({ ...BASIC, slope: 0.5 }));
    await refuses(() => readNiftiMask(halves), halves, /voxel 1 has the value 0\.5/, /threshold/);
  });

  const refusals: readonly (readonly [string, Partial<NiftiParts>, RegExp])[] = [
    ["a series in time", { dim: [4, 2, 3, 2, 2, 1, 1, 1] }, /holds 2 volumes\. Choose one with .*: 1, 2\./],
    ["no voxels along an axis", { dim: [3, 2, 0, 4, 1, 1, 1, 1] }, /dim is \[3, 2, 0/],
    ["nine dimensions", { dim: [9, 2, 3, 4, 1, 1, 1, 1] }, /dim is \[9/],
    ["colors", { datatype: 128, bitpix: 24 }, /data type 128 \(RGB color\)/],
    ["complex numbers", { datatype: 32, bitpix: 64 }, /complex/],
    ["a bit count that contradicts the type", { bitpix: 16 }, /uint8 has 8 bits, but bitpix is 16/],
    ["voxels inside the header", { offset: 352, data: BASIC.data, magic: "n+2\0" }, /"n\+1" is missing/],
    ["a pair of files", { magic: "ni1\0" }, /second file .*Convert the pair/],
    ["no step along an axis", { pixdim: [1, 1, 0, 1] }, /step of positive length/],
    ["steps that are no numbers", { pixdim: [1, 1, Number.NaN, 1] }, /step of positive length/],
    [
      "a sheared sform",
      {
        sform: [
          [1, 0.5, 0, 0],
          [0, 1, 0, 0],
          [0, 0, 1, 0],
        ],
      },
      /not at right angles .*Resample/,
    ],
    [
      "a quaternion longer than 1",
      { qform: { quaternion: [1, 1, 0], offset: [0, 0, 0], qfac: 1 } },
      /no rotation/,
    ],
    [
      "an infinite origin",
      {
        sform: [
          [1, 0, 0, Number.POSITIVE_INFINITY],
          [0, 1, 0, 0],
          [0, 0, 1, 0],
        ],
      },
      /origin must be finite/,
    ],
  ];
  for (const [what, changes, message] of refusals) {
    it(`refuses ${what}`, async () => {
      const bad = file(niftiBytes({ ...BASIC, ...changes }));
      await refuses(() => readNifti(bad), bad, message);
    });
  }

  it("refuses a voxel offset inside the header", async () => {
    const bytes = niftiBytes(BASIC);
    bytes.writeFloatLE(100, 108);
    const bad = file(bytes);
    await refuses(() => readNifti(bad), bad, /byte 108.*cannot start at byte 100/);
  });

  it("reads NIfTI-2 files of nibabel, of either byte order, by sform and by qform", async () => {
    const values = Array.from({ length: 12 }, (_, p) => 100 * p - 300);
    const place = [-10, 20, 30.123456789]; // RAS there, LPS here
    const scaled = await readNifti(file(Buffer.from(NIFTI2_LITTLE, "base64")));
    assert.deepEqual(
      [...scaled.voxels],
      values.map((value) => value / 2 + 7),
    );
    assert.deepEqual(scaled.geometry.direction, [0, 1, 0, -1, 0, 0, 0, 0, 1]);
    assert.deepEqual(scaled.geometry.spacing, [2, 1.5, 2.5]);
    const swapped = await readNifti(file(Buffer.from(NIFTI2_BIG, "base64")));
    assert.deepEqual([...swapped.voxels], values);
    assert.equal(
      gridDifference(swapped.geometry, { ...scaled.geometry, origin: place as unknown as Vec3 }, 1e-9),
      null,
    );
    assert.equal(gridDifference(swapped.geometry, scaled.geometry, 1e-9), null);
  });

  it("refuses other files, and NIfTI-2 that is cut, by name", async () => {
    const two = Buffer.alloc(500);
    two.writeInt32LE(540, 0);
    const nifti2 = file(two);
    await refuses(() => readVolume(nifti2), nifti2, /byte 500.*a NIfTI-2 header has 540 bytes/);
    const other = put(folder(), "scan.png", Buffer.alloc(600, 3));
    await refuses(() => readNifti(other), other, /not a NIfTI file/);
  });

  for (const packed of [false, true]) {
    for (const share of [0.02, 0.5, 0.9, 0.99]) {
      it(`refuses a ${packed ? ".nii.gz" : ".nii"} cut at ${100 * share} %`, async () => {
        const data = Uint8Array.from({ length: 24_000 }, (_, p) => (p * 7919) % 251);
        const whole = niftiBytes({ ...BASIC, dim: [3, 20, 30, 40, 1, 1, 1, 1], data });
        const bytes = packed ? gzipSync(whole) : whole;
        const cut = file(bytes.subarray(0, Math.floor(bytes.length * share)));
        await refuses(() => readNifti(cut), cut, /cut off|damaged/, /fresh copy/);
      });
    }
  }

  it("refuses a file that is too long, packed or not", async () => {
    const long = Buffer.concat([niftiBytes(BASIC), Buffer.alloc(1)]);
    const plain = file(long);
    await refuses(() => readNifti(plain), plain, /declares 376 bytes in all, but there are 377.*longer/);
    const packed = put(folder(), "scan.nii.gz", gzipSync(long));
    await refuses(() => readNifti(packed), packed, /more than the 376 bytes/);
  });

  it("refuses a gzip bomb without unpacking it, and a header that promises more than gzip can hold", async () => {
    const bomb = put(
      folder(),
      "bomb.nii.gz",
      gzipSync(Buffer.concat([niftiBytes(BASIC), Buffer.alloc(2 ** 28)])),
    );
    const before = process.memoryUsage().rss;
    await refuses(() => readNifti(bomb), bomb, /more than the 376 bytes that the header declares/, /harmful/);
    assert.ok(process.memoryUsage().rss - before < 2 ** 27);
    const lie = niftiBytes({ ...BASIC, dim: [3, 32767, 32767, 32767, 1, 1, 1, 1] });
    const packed = put(folder(), "lie.nii.gz", gzipSync(lie));
    await refuses(() => readNifti(packed), packed, /more than \d+ bytes of gzip data can hold/);
  });
});

describe("reading NRRD", () => {
  const folder = freshFolder();
  const data = Buffer.from(Int16Array.from({ length: 24 }, (_, p) => p).buffer);
  const file = (lines: readonly string[], bytes: Uint8Array = data): string =>
    put(folder(), "scan.nrrd", nrrdBytes(lines, bytes));
  const changed = (name: string, line: string | null): string[] =>
    BASIC_NRRD.flatMap((old) => (old.startsWith(`${name}:`) ? (line === null ? [] : [line]) : [old]));

  it("reads LPS, RAS and LAS spaces", async () => {
    assert.deepEqual((await readNrrd(file(BASIC_NRRD))).toMm([1, 1, 1]), [-4, 8, 11]);
    const ras = await readNrrd(file(changed("space", "space: RAS")));
    assert.deepEqual(ras.toMm([1, 1, 1]), [4, -8, 11]);
    const las = await readNrrd(file(changed("space", "space: left-anterior-superior")));
    assert.deepEqual(las.toMm([1, 1, 1]), [-4, -8, 11]);
  });

  it("reads spacings where there is no space", async () => {
    const lines = [
      "type: short",
      "dimension: 3",
      "sizes: 2 3 4",
      "spacings: 1 2 3",
      "endian: little",
      "encoding: raw",
    ];
    assert.deepEqual((await readNrrd(file(lines))).geometry.spacing, [1, 2, 3]);
  });

  it("passes over comments and key:=value pairs, and skips bytes and lines", async () => {
    const lines = [...BASIC_NRRD, "# a comment", "key:=value: 3", "line skip: 1", "byte skip: 2"];
    const volume = await readNrrd(file(lines, Buffer.concat([Buffer.from("a line\nxx"), data])));
    assert.equal(volume.at([1, 0, 0]), 1);
    const end = await readNrrd(
      file([...BASIC_NRRD, "byte skip: -1"], Buffer.concat([Buffer.alloc(9), data])),
    );
    assert.equal(end.at([1, 2, 3]), 23);
  });

  it("reads a detached data file of its own folder", async () => {
    put(folder(), "scan.raw", data);
    const header = put(
      folder(),
      "scan.nhdr",
      nrrdBytes([...BASIC_NRRD, "data file: scan.raw"], Buffer.alloc(0)),
    );
    assert.equal((await readVolume(header)).at([1, 2, 3]), 23);
  });

  it("refuses a detached data file outside the folder, by path or by link", async () => {
    const inner = path.join(folder(), "inner");
    mkdirSync(inner);
    const secret = put(folder(), "secret.raw", data);
    symlinkSync(secret, path.join(inner, "link.raw"));
    for (const name of ["../secret.raw", secret, "link.raw", "/etc/passwd"]) {
      const header = put(
        inner,
        "scan.nhdr",
        nrrdBytes([...BASIC_NRRD, `data file: ${name}`], Buffer.alloc(0)),
      );
      await refuses(() => readNrrd(header), header, /outside the header's folder/, /one folder/);
    }
    const absent = put(
      inner,
      "scan.nhdr",
      nrrdBytes([...BASIC_NRRD, "data file: nothing.raw"], Buffer.alloc(0)),
    );
    await assert.rejects(readNrrd(absent), /nothing\.raw.*no such file/);
    const list = put(inner, "scan.nhdr", nrrdBytes([...BASIC_NRRD, "data file: LIST"], Buffer.alloc(0)));
    await refuses(() => readNrrd(list), list, /several files/);
  });

  const refusals: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["four dimensions", changed("dimension", "dimension: 4"), /"dimension: 4" is not read: split/],
    ["an unknown type", changed("type", "type: block"), /"type: block" is not read/],
    [
      "bzip2",
      changed("encoding", "encoding: bzip2"),
      /"encoding: bzip2" is not read: write it as raw or gzip/,
    ],
    ["sizes that are no counts", changed("sizes", "sizes: 2 3 x"), /"sizes: 2 3 x"/],
    ["a size of 0", changed("sizes", "sizes: 2 3 0"), /at least 1/],
    ["no byte order", changed("endian", null), /byte order must be .*found none/],
    ["a missing field", changed("encoding", null), /no "encoding"/],
    ["a field twice", [...BASIC_NRRD, "type: short"], /"type" twice/],
    ["a space without sides", changed("space", "space: scanner-xyz"), /"scanner-xyz" does not say/],
    ["inches", [...BASIC_NRRD, 'space units: "in" "in" "in"'], /millimetres/],
    [
      "a step of two numbers",
      changed("space directions", "space directions: (1,0) (0,1,0) (0,0,2)"),
      /three finite numbers/,
    ],
    [
      "an axis without direction",
      changed("space directions", "space directions: none (0,1,0) (0,0,2)"),
      /three finite numbers/,
    ],
    [
      "a shear",
      changed("space directions", "space directions: (1,0,0) (1,1,0) (0,0,2)"),
      /45\.00° off.*Resample/,
    ],
    ["a line that is no field", [...BASIC_NRRD, "nonsense"], /"nonsense" is not "field: value"/],
    ["half a byte to skip", [...BASIC_NRRD, "byte skip: 0.5"], /byte skip: 0\.5/],
  ];
  for (const [what, lines, message] of refusals) {
    it(`refuses ${what}`, async () => {
      const bad = file(lines);
      await refuses(() => readNrrd(bad), bad, message);
    });
  }

  it("refuses voxels that are too few, too many or no numbers", async () => {
    const short = file(BASIC_NRRD, data.subarray(1));
    await refuses(() => readNrrd(short), short, /cut off/, /fresh copy/);
    const long = file(BASIC_NRRD, Buffer.concat([data, Buffer.alloc(2)]));
    await refuses(() => readNrrd(long), long, /longer than it should be/);
    const words = file(changed("encoding", "encoding: ascii"), Buffer.from("1 2 three"));
    await refuses(() => readNrrd(words), words, /declares 24 voxels, but there are 3 numbers/);
    const bad = file(changed("encoding", "encoding: ascii"), Buffer.from(`${"1 ".repeat(23)}x`));
    await refuses(() => readNrrd(bad), bad, /voxel 23 is "x"/);
  });

  for (const share of [0.5, 0.9, 0.99]) {
    it(`refuses a packed file cut at ${100 * share} % of its voxels`, async () => {
      const packed = gzipSync(Buffer.from(Int16Array.from({ length: 24 }, (_, p) => p * 977).buffer));
      const cut = file(
        changed("encoding", "encoding: gzip"),
        packed.subarray(0, Math.floor(packed.length * share)),
      );
      await refuses(() => readNrrd(cut), cut, /cut off|damaged/);
    });
  }

  it("refuses a gzip bomb", async () => {
    const bomb = file(changed("encoding", "encoding: gzip"), gzipSync(Buffer.alloc(2 ** 28)));
    await refuses(() => readNrrd(bomb), bomb, /more than the 48 bytes that the header declares/);
  });

  it("reads label masks like NIfTI's", async () => {
    const labels = file(BASIC_NRRD, Buffer.from(Int16Array.from(LABELS).buffer));
    assert.equal((await readNrrdMask(labels, { label: 7 })).count, 3);
    assert.equal((await readMask(labels, { label: 2 })).name, "label 2");
  });
});
