/** Every DICOM transfer syntax: the voxels that pydicom reads, from files by encoders of other hands; and a refusal of every cut. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { InputError } from "../../src/core/errors.js";
import { readDicom } from "../../src/io/index.js";
import { freshFolder, put, refuses } from "../support/files.js";

const FOLDER = path.resolve(import.meta.dirname, "../support/dicom-syntaxes");
const expected = JSON.parse(readFileSync(path.join(FOLDER, "expected.json"), "utf8")) as Record<
  string,
  string
>;
/**
 * Lossy JPEG and HTJ2K leave the rounding of their transforms to the decoder: pydicom's decoders and ours may differ by one grey level.
 * (T.83 allows one for the cosine transform.) All others must be equal.
 */
const ROUNDED: ReadonlySet<string> = new Set(["jpeg-baseline", "jpeg-extended-12", "htj2k"]);

const fileOf = (name: string): string => path.join(FOLDER, `${name}.dcm`);

/** First byte of the packed pixels and their length, if they are packed. */
function packedPixels(file: Buffer): { start: number; length: number } | null {
  const tag = file.indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 255, 255, 255, 255]));
  if (tag < 0) return null;
  const item = tag + 12 + 8 + file.readUInt32LE(tag + 16);
  return { start: item + 8, length: file.readUInt32LE(item + 4) };
}

/** The file with its packed pixels replaced, all else whole. */
function withPixels(file: Buffer, pixels: Buffer): Buffer {
  const { start } = packedPixels(file) as { start: number };
  const even = pixels.length % 2 === 0 ? pixels : Buffer.concat([pixels, Buffer.alloc(1)]);
  const head = Buffer.from(file.subarray(0, start));
  head.writeUInt32LE(even.length, start - 4);
  return Buffer.concat([head, even, Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0])]);
}

describe("a DICOM transfer syntax", () => {
  const folder = freshFolder();

  for (const [name, base64] of Object.entries(expected)) {
    it(`${name} gives pydicom's voxels`, async () => {
      const scan = await readDicom([fileOf(name)]);
      const bytes = Buffer.from(base64, "base64");
      const values = Array.from({ length: bytes.length / 4 }, (_, p) => bytes.readInt32LE(4 * p));
      assert.deepEqual(scan.geometry.size, [37, 35, 1]);
      const worst = Math.max(...values.map((value, p) => Math.abs(value - (scan.voxels[p] as number))));
      const equal = values.filter((value, p) => value === scan.voxels[p]).length;
      const allowed = ROUNDED.has(name) ? 1 : 0;
      assert.ok(worst <= allowed, `${equal} of ${values.length} equal, largest difference ${worst}`);
    });

    for (const share of [0.5, 0.9, 0.99]) {
      it(`${name} cut at ${100 * share} % is refused with its byte`, async () => {
        const whole = readFileSync(fileOf(name));
        const cut = put(folder(), "cut.dcm", whole.subarray(0, Math.floor(whole.length * share)));
        await refuses(() => readDicom([cut]), cut, /\(byte \d+\)/, /cut off|damaged|end too early/);
      });
    }
  }

  for (const name of Object.keys(expected).filter(
    (key) => packedPixels(readFileSync(fileOf(key))) !== null,
  )) {
    for (const share of [0.1, 0.5, 0.9, 0.99]) {
      it(`${name} whose pixels alone are cut at ${100 * share} % is refused at their place`, async () => {
        const whole = readFileSync(fileOf(name));
        const { start, length } = packedPixels(whole) as { start: number; length: number };
        const pixels = whole.subarray(start, start + Math.floor(length * share));
        const cut = put(folder(), "cut.dcm", withPixels(whole, pixels));
        await assert.rejects(readDicom([cut]), (error: unknown) => {
          assert.ok(error instanceof InputError, String(error));
          assert.equal(error.file, cut);
          assert.ok((error.offset as number) >= start, error.message);
          assert.match(error.message, /cut off|damaged|wrongly/);
          return true;
        });
      });
    }
  }

  it("of lossless JPEG that is cut and closed again is refused: pixels are missing", async () => {
    const whole = readFileSync(fileOf("jpeg-lossless-sv1"));
    const { start, length } = packedPixels(whole) as { start: number; length: number };
    const half = whole.subarray(start, start + 2 * Math.floor(length / 4));
    const closed = put(
      folder(),
      "x.dcm",
      withPixels(whole, Buffer.concat([half, Buffer.from([0xff, 0xd9])])),
    );
    await refuses(() => readDicom([closed]), closed, /pixels are missing|code does not exist/);
  });

  it("whose stream has another size than the header is refused", async () => {
    for (const name of ["jpeg-ls", "jpeg-2000-lossless", "htj2k", "jpeg-baseline", "jpeg-lossless-p1"]) {
      const file = readFileSync(fileOf(name));
      const rows = file.indexOf(Buffer.from([0x28, 0, 0x10, 0, 0x55, 0x53, 2, 0]));
      file.writeUInt16LE(36, rows + 8);
      const changed = put(folder(), "x.dcm", file);
      await refuses(() => readDicom([changed]), changed, /37×35 pixels, but the header says 37×36/);
    }
  });

  it("JPEG 2000 without a sign follows the header's, as pydicom has it", async () => {
    const file = readFileSync(fileOf("jpeg-2000-lossless-12"));
    const sign = file.indexOf(Buffer.from([0x28, 0, 0x03, 1, 0x55, 0x53, 2, 0]));
    file.writeUInt16LE(1, sign + 8);
    const signed = (await readDicom([put(folder(), "x.dcm", file)])).voxels;
    const plain = (await readDicom([fileOf("jpeg-2000-lossless-12")])).voxels;
    assert.deepEqual(
      [...signed],
      Array.from(plain, (value) => (value >= 2048 ? value - 4096 : value)),
    );
  });

  it("native pixels padded with zeros are read; with other bytes, or by much, they are refused", async () => {
    const file = readFileSync(fileOf("explicit"));
    const tag = file.indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0, 0x4f, 0x57, 0, 0]));
    const padded = (padding: Buffer): string => {
      const longer = Buffer.concat([file, padding]);
      longer.writeUInt32LE(2 * 37 * 35 + padding.length, tag + 8);
      return put(folder(), "x.dcm", longer);
    };
    assert.deepEqual(
      (await readDicom([padded(Buffer.alloc(128))])).voxels,
      (await readDicom([fileOf("explicit")])).voxels,
    );
    for (const padding of [Buffer.alloc(128, 1), Buffer.alloc(2000)]) {
      const wrong = padded(padding);
      await refuses(() => readDicom([wrong]), wrong, /37 columns need 2590/);
    }
  });

  it("in a series of many slices keeps every slice in its place, whichever is decoded first", async () => {
    const kinds = ["jpeg-2000-lossless-12", "jpeg-lossless-p1", "explicit", "jpeg-ls"];
    Array.from({ length: 12 }, (_, i) => i).forEach((i) => {
      const file = readFileSync(fileOf(kinds[i % kinds.length] as string));
      const z = (i * 5) % 12;
      setText(file, 0x00200032, `0\\0\\${z}`);
      setText(file, 0x00281052, String(z)); // the intercept tells the slices apart
      put(folder(), `${i}.dcm`, file);
    });
    const scan = await readDicom(folder());
    const picture = (await readDicom([fileOf("explicit")])).voxels;
    assert.deepEqual(scan.geometry.size, [37, 35, 12]);
    for (let z = 0; z < 12; z++) {
      const plane = scan.voxels.subarray(z * picture.length, (z + 1) * picture.length);
      assert.deepEqual(
        plane,
        picture.map((value) => value + z),
        `slice ${z}`,
      );
    }
  });
});

/** Overwrites a text of an explicit little-endian file, padded to the length that it has. */
function setText(file: Buffer, tag: number, value: string): void {
  const at = file.indexOf(
    Buffer.from([(tag >> 16) & 255, tag >> 24, tag & 255, (tag >> 8) & 255, 0x44, 0x53]),
  );
  file.write(value.padEnd(file.readUInt16LE(at + 6)), at + 8, "latin1");
}
