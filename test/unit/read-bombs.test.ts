/** Small files that declare or unpack to something huge are refused before they take memory. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import type { Transform } from "node:stream";
import { pathToFileURL } from "node:url";
import { createDeflateRaw, createGzip } from "node:zlib";
import { text, whole } from "../../src/io/dicom-writer.js";
import { sliceBytes } from "../support/dicom.js";
import { BASIC_NRRD, freshFolder, niftiBytes, nrrdBytes, put } from "../support/files.js";

const LIMIT_MB = 64;
/** Four times what is allowed. */
const BOMB_BYTES = 2 ** 28;

/** Packs a start and then many zeros, piece by piece. */
async function packed(start: Buffer, pack: Transform = createDeflateRaw()): Promise<Buffer> {
  const pieces: Buffer[] = [];
  pack.on("data", (piece: Buffer) => pieces.push(piece));
  const ended = new Promise((done) => pack.once("end", done));
  pack.write(start);
  const zeros = Buffer.alloc(1 << 24);
  for (let i = 0; i < BOMB_BYTES / zeros.length; i++) {
    if (!pack.write(zeros)) await new Promise((done) => pack.once("drain", done));
  }
  pack.end();
  await ended;
  return Buffer.concat(pieces);
}

/** Reads a file in a process of its own: the refusal names file and byte, and the peak of memory grows by no more than the limit. */
function refusedCheaply(
  reader: "readDicom" | "readNifti" | "readNrrd",
  file: string,
  ...patterns: RegExp[]
): void {
  const entry = pathToFileURL(path.resolve(import.meta.dirname, "../../src/io/index.ts")).href;
  const code = `
    import * as io from ${JSON.stringify(entry)};
    const before = process.resourceUsage().maxRSS;
    const error = await io.${reader}(${JSON.stringify(file)}).catch((error) => error);
    const grownMb = (process.resourceUsage().maxRSS - before) / 1024;
    console.log(JSON.stringify({ name: error.name, message: error.message, file: error.file, offset: error.offset, grownMb }));`;
  const options = ["--import", "tsx", "--conditions=source", "--input-type=module", "-e", code];
  const answer = JSON.parse(execFileSync(process.execPath, options, { encoding: "utf8" }));
  assert.equal(answer.name, "InputError", answer.message);
  assert.equal(answer.file, file);
  assert.equal(typeof answer.offset, "number", answer.message);
  for (const pattern of patterns) assert.match(answer.message, pattern);
  assert.ok(answer.grownMb < LIMIT_MB, `needed ${answer.grownMb} MB`);
}

describe("a bomb is refused within 64 MB", function () {
  this.timeout(120_000);
  const folder = freshFolder();

  it("deflated DICOM of zeros behind a small picture", async () => {
    const slice = sliceBytes(0);
    const body = slice.indexOf(Buffer.from([8, 0, 0x16, 0, 0x55, 0x49]));
    const head = Buffer.from(
      slice.subarray(0, body).toString("latin1").replace("1.2.840.10008.1.2.1\0", "1.2.840.10008.1.2.1."),
      "latin1",
    );
    const at = head.indexOf("1.2.840.10008.1.2.1.");
    // The longer name of the syntax: "….99" and its length, and that of the group.
    const longer = Buffer.concat([
      head.subarray(0, at),
      Buffer.from("1.2.840.10008.1.2.1.99"),
      head.subarray(at + 20),
    ]);
    longer.writeUInt16LE(22, at - 2);
    longer.writeUInt32LE(longer.readUInt32LE(140) + 2, 140);
    const file = put(folder(), "bomb.dcm", Buffer.concat([longer, await packed(slice.subarray(body))]));
    refusedCheaply("readDicom", file, /\(byte \d+\)/, /hold more than the 24 bytes of pixels/);
  });

  it("gzip of zeros behind a small NIfTI or NRRD header", async () => {
    const nifti = niftiBytes({
      dim: [3, 2, 3, 4, 1, 1, 1, 1],
      datatype: 4,
      bitpix: 16,
      data: Buffer.alloc(48),
    });
    const file = put(folder(), "bomb.nii.gz", await packed(nifti, createGzip()));
    refusedCheaply("readNifti", file, /\(byte 0\)/, /more than the 400 bytes/);
    const lines = BASIC_NRRD.map((line) => line.replace("raw", "gzip"));
    const nrrd = put(folder(), "bomb.nrrd", nrrdBytes(lines, await packed(Buffer.alloc(1), createGzip())));
    refusedCheaply("readNrrd", nrrd, /\(byte \d+\)/, /more than the 48 bytes/);
  });

  it("headers that declare gigabytes which are not there", async () => {
    const huge = {
      2621456: whole(0x00280010, "US", 65535),
      2621457: whole(0x00280011, "US", 65535),
    };
    const file = put(folder(), "huge.dcm", sliceBytes(0, huge));
    refusedCheaply("readDicom", file, /\(byte \d+\)/, /too many pixels/);
    const wide = { 2621456: whole(0x00280010, "US", 8000), 2621457: whole(0x00280011, "US", 8000) };
    const frames = { ...wide, 2621448: text(0x00280008, "IS", "90000") };
    put(folder(), "huge.dcm", sliceBytes(0, frames));
    refusedCheaply("readDicom", file, /has 24 bytes, but 8000 rows × 8000 columns of 90000 frames/);
    const dim = niftiBytes({
      dim: [3, 30000, 30000, 30000, 1, 1, 1, 1],
      datatype: 64,
      bitpix: 64,
      data: Buffer.alloc(48),
    });
    const nifti = put(folder(), "huge.nii", dim);
    refusedCheaply("readNifti", nifti, /\(byte 400\)/, /cut off/);
  });
});
