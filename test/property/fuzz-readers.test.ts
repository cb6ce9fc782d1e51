/** Mutated files are read or refused with an InputError that names file and byte: never another error, a hang, or much memory. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import { IDENTITY } from "../../src/core/geometry.js";
import type { ParameterFile } from "../../src/core/parameter-file.js";
import { text } from "../../src/io/dicom-writer.js";
import { hashParts } from "../../src/io/hash-file.js";
import {
  index,
  readCohort,
  readDicom,
  readNifti,
  readNrrd,
  readParameters,
  readRegion,
  readRtstruct,
  readSeg,
  readVolume,
  type Segmentation,
  type StructureSet,
} from "../../src/io/index.js";
import { readJournal } from "../../src/io/journal.js";
import { extractor } from "../../src/radiomics/index.js";
import type { Cohort } from "../../src/table/cohort.js";
import { Volume } from "../../src/volume/volume.js";
import { FRAME, pet, rtstructBytes, sliceBytes } from "../support/dicom.js";
import {
  BASIC_NRRD,
  freshFolder,
  NIFTI2_BIG,
  NIFTI2_LITTLE,
  niftiBytes,
  nrrdBytes,
  put,
} from "../support/files.js";
import { multiFrame } from "../support/multi-frame.js";

/** Mutants a format: `npm run fuzz` makes 100,000; `RADBOOK_FUZZ` asks for ten times its number. */
const IS_FUZZ = process.env.npm_lifecycle_event === "fuzz";
const MUTANTS = 10 * Number(process.env.RADBOOK_FUZZ ?? (IS_FUZZ ? 10_000 : 200));

/** All files declare a few hundred voxels: whatever a mutant declares, it may take this much memory at its peak. */
const MEMORY_MB = 64;

const voxels = Buffer.from(Int16Array.from({ length: 24 }, (_, p) => 31 * p).buffer);
const nifti = niftiBytes({ dim: [3, 2, 3, 4, 1, 1, 1, 1], datatype: 4, bitpix: 16, data: voxels });
const labels = niftiBytes({
  dim: [3, 2, 3, 4, 1, 1, 1, 1],
  datatype: 2,
  bitpix: 8,
  data: Uint8Array.from({ length: 24 }, (_, p) => (p < 9 ? 1 : 0)),
});
const packedNrrd = nrrdBytes(
  BASIC_NRRD.map((line) => line.replace("raw", "gzip")),
  gzipSync(voxels),
);
const scan = new Volume(
  new Float32Array(300),
  { size: [10, 10, 3], spacing: [1, 1, 2], origin: [0, 0, 0], direction: IDENTITY },
  { frameOfReference: FRAME },
);
const square = { points: [1, 1, 0, 5, 1, 0, 5, 5, 0, 1, 5, 0] };

const SUPPORT = path.resolve(import.meta.dirname, "../support");
const COMPRESSED = [
  "deflated",
  "big-endian",
  "rle",
  "jpeg-baseline",
  "jpeg-extended-12",
  "jpeg-lossless-p4",
  "jpeg-ls",
  "jpeg-2000-lossless-12",
  "htj2k",
];
const fixture = (name: string): Buffer => readFileSync(path.join(SUPPORT, "dicom-syntaxes", `${name}.dcm`));

const seg = (name: string): Buffer => readFileSync(path.join(SUPPORT, "dicom-seg", `${name}.dcm`));
const nifti2 = [NIFTI2_LITTLE, NIFTI2_BIG].map((text) => Buffer.from(text, "base64"));
/** Without a thickness a single slice is never read. */
const THICK = { 1572944: text(0x00180050, "DS", "2") };
const slice = sliceBytes(0, THICK);
const bare = slice.subarray(slice.indexOf(Buffer.from([8, 0, 0x16, 0, 0x55, 0x49])));
const lines = (...all: readonly string[]): Buffer => Buffer.from(`${all.join("\n")}\n`);

const record = '{"id":"P1","settings":"s","inputs":["i"],"names":["f"],"units":[""],"values":"AAAAAAAA8D8="}';
const journalBytes = lines("", `{"sha256":"${hashParts(record)}","record":${record}}`);

const FORMATS: readonly {
  name: string;
  seeds: readonly Buffer[];
  read: (file: string) => Promise<unknown>;
  /** What follows with the value that was read: its refusals name the file, but concern no byte. */
  use?: (value: never) => unknown;
  /** Refusals name the file, but a line, a label or a region in place of a byte. */
  hasNoBytes?: true;
  /** A share of the mutants that is refused at least; default a tenth. */
  fewest?: number;
}[] = [
  { name: "NIfTI", seeds: [nifti, gzipSync(nifti)], read: readNifti },
  { name: "NIfTI-2", seeds: [...nifti2, ...nifti2.map((bytes) => gunzipSync(bytes))], read: readNifti },
  { name: "NRRD", seeds: [nrrdBytes(BASIC_NRRD, voxels), packedNrrd], read: readNrrd },
  {
    name: "DICOM",
    seeds: [slice, bare],
    read: (file) => readDicom([file]),
  },
  {
    name: "multi-frame DICOM",
    // Two times of two places: pointers to TemporalPositionIndex and ImagePositionPatient.
    seeds: [
      multiFrame(
        [0x00209128, 0x00200032],
        [1, 2].flatMap((time) => [2, 4].map((z, n) => ({ z, at: [time, n + 1] }))),
      ),
    ],
    read: (file) => readDicom(file, { part: 2 }),
  },
  { name: "compressed DICOM", seeds: COMPRESSED.map(fixture), read: (file) => readDicom([file]) },
  {
    name: "PET as SUV",
    seeds: [sliceBytes(0, pet(THICK))],
    read: (file) => readDicom([file], { suv: "bw" }),
  },
  {
    name: "SEG",
    seeds: ["binary", "fractional", "fractional-rle"].map(seg),
    read: readSeg,
    use: (seg: Segmentation) => seg.mask(1),
  },
  {
    name: "folder index",
    seeds: [sliceBytes(0), fixture("deflated")],
    // A broken file is a row of the index, with its reason.
    read: async (file) => {
      const { failures } = await index(path.dirname(file));
      for (const { reason } of failures) throw new InputError(reason, { file, offset: 0 });
    },
    // An index looks at headers only, so most mutants pass.
    fewest: 0.01,
  },
  {
    name: "RTSTRUCT",
    seeds: [rtstructBytes([square])],
    read: readRtstruct,
    use: (structures: StructureSet) => structures.names.map((name) => structures.mask(name, scan)),
  },
  { name: "a scan of any format", seeds: [nifti, nrrdBytes(BASIC_NRRD, voxels), bare], read: readVolume },
  {
    name: "a region of any format",
    seeds: [labels, rtstructBytes([square]), seg("binary")],
    read: (file) => readRegion(file, scan),
    hasNoBytes: true,
  },
  {
    name: "cohort",
    seeds: [
      lines("id,age,note,stage", "P1,61.5,,II", 'P2,70,"a ""b"", c",III', "P3,NA,x,I"),
      Buffer.from('\uFEFF"id",age\r\n"P1",61\r\n"P\r\n2",7\r\n'),
    ],
    read: (file) => readCohort(file, { missing: ["NA"] }),
    use: (cohort: Cohort) => cohort.numeric(["age"]),
    hasNoBytes: true,
  },
  {
    name: "parameter file",
    seeds: [
      lines("setting:", "  binWidth: 25", "  label: 1", "  interpolator: 'sitkBSpline'", "  force2D: no"),
      lines(
        "imageType: {Original: {}, LoG: {sigma: [1.0, 3.0]}}",
        "featureClass:",
        "  glcm:",
        "    - Contrast",
        "  shape:",
      ),
      Buffer.from(
        '{"setting": {"binCount": 32, "resampledPixelSpacing": [1, 1, 1]}, "imageType": {"Wavelet": {}}}',
      ),
    ],
    read: readParameters,
    use: (parameters: ParameterFile) => extractor({ convention: "pyradiomics", parameters }),
    hasNoBytes: true,
  },
  {
    name: "journal",
    seeds: [journalBytes],
    read: readJournal,
    // A torn line is as if it had not been written; only a file of another kind is refused.
    hasNoBytes: true,
    fewest: 0.001,
  },
];

/** A change of some bytes, or bytes cut out, doubled or put in. */
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  kind: fc.constantFrom("set", "set", "set", "cut", "double", "insert", "end"),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
    fc.constantFrom(
      Uint8Array.of(255, 255, 255, 255),
      Uint8Array.of(0, 0, 0, 0),
      Uint8Array.of(0xfe, 0xff, 0, 0xe0),
    ),
  ),
});

function mutate(seed: Buffer, edits: readonly { at: number; kind: string; bytes: Uint8Array }[]): Buffer {
  let bytes = Buffer.from(seed);
  for (const { at, kind, bytes: patch } of edits) {
    const p = Math.floor(at * bytes.length);
    const end = Math.min(bytes.length, p + patch.length);
    if (kind === "set") bytes.set(patch.subarray(0, end - p), p);
    else if (kind === "cut") bytes = Buffer.concat([bytes.subarray(0, p), bytes.subarray(end)]);
    else if (kind === "double") bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(p)]);
    else if (kind === "insert") bytes = Buffer.concat([bytes.subarray(0, p), patch, bytes.subarray(p)]);
    else bytes = bytes.subarray(0, p);
  }
  return bytes;
}

describe("a mutated file is read or refused by name", function () {
  this.timeout(Math.max(60_000, 30 * MUTANTS));
  const folder = freshFolder();

  for (const { name, seeds, read, use, hasNoBytes = false, fewest = 0.1 } of FORMATS) {
    it(`${name}: ${MUTANTS} mutants`, async () => {
      let refused = 0;
      let slowestMs = 0;
      // The decoders themselves are loaded once and not counted.
      for (const seed of seeds) await read(put(folder(), "seed", seed)).catch(() => undefined);
      const before = process.resourceUsage().maxRSS;
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...seeds),
          fc.array(edit, { minLength: 1, maxLength: 4 }),
          async (seed, edits) => {
            const file = put(folder(), "mutant", mutate(seed, edits));
            const start = process.cpuUsage();
            let isRead = false;
            try {
              const value = await read(file);
              isRead = true;
              await use?.(value as never);
            } catch (error) {
              assert.ok(error instanceof InputError, `expected an InputError, got ${(error as Error).stack}`);
              assert.equal(error.file, file);
              assert.ok(
                isRead || hasNoBytes || error.offset !== undefined,
                `no byte is named: ${error.message}`,
              );
              refused++;
            }
            const { user, system } = process.cpuUsage(start);
            slowestMs = Math.max(slowestMs, (user + system) / 1000);
            assert.ok(user + system < 2e6, "took more than 2 s of processor time");
          },
        ),
        { numRuns: MUTANTS },
      );
      const grownMb = (process.resourceUsage().maxRSS - before) / 1024;
      assert.ok(grownMb <= MEMORY_MB, `the process needed ${grownMb.toFixed(0)} MB more at its peak`);
      if (IS_FUZZ) {
        const figures = `slowest ${slowestMs.toFixed(0)} ms, ${grownMb.toFixed(0)} MB more at the peak`;
        console.log(`      ${refused} refused, ${MUTANTS - refused} read, ${figures}`);
      }
      assert.ok(refused < MUTANTS, "every mutant was refused: the seeds themselves cannot be read");
      assert.ok(
        refused > fewest * MUTANTS,
        `only ${refused} mutants were refused: the mutations are too mild`,
      );
    });
  }
});

describe("a hostile DICOM file is refused", () => {
  const folder = freshFolder();

  it("with sequences nested 20,000 deep", async () => {
    // Sequence (0008,1140) of undefined length with one item of undefined length, again and again.
    const level = Buffer.from([
      8, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 255, 255, 255, 255, 0xfe, 0xff, 0, 0xe0, 255, 255, 255, 255,
    ]);
    const file = put(
      folder(),
      "deep.dcm",
      Buffer.concat([sliceBytes(0), ...Array.from({ length: 20_000 }, () => level)]),
    );
    await assert.rejects(readDicom([file]), (error: unknown) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, /nested too deeply|damaged|cut off/);
      return true;
    });
  });
});
