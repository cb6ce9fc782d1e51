/** Folders for test files, removed after the test that asked for them; and NIfTI and NRRD files built byte by byte. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { InputError } from "../../src/core/errors.js";

/** Call inside `describe`: an empty folder for each test. */
export function freshFolder(): () => string {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "radbook-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}

/** Writes a file and returns its path. */
export function put(folder: string, name: string, content: Uint8Array | string): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

/** Asserts a refusal: an InputError that names the file and whose message matches every pattern. */
export async function refuses(
  attempt: () => Promise<unknown>,
  file: string,
  ...patterns: readonly RegExp[]
): Promise<void> {
  await assert.rejects(attempt, (error: unknown) => {
    assert.ok(error instanceof InputError, `expected an InputError, got ${error}`);
    assert.equal(error.file, file);
    assert.ok(error.message.startsWith(file), error.message);
    for (const pattern of patterns) assert.match(error.message, pattern);
    return true;
  });
}

/** The real data of the reference tests, or null with a line that says what is left out. */
export function referenceData(what: string): string | null {
  const folder = process.env.RADBOOK_DATA;
  if (folder !== undefined && folder !== "") return path.resolve(folder);
  console.log(`    skipped: ${what} needs the folder that RADBOOK_DATA names`);
  return null;
}

export interface NiftiParts {
  readonly dim: readonly number[];
  readonly datatype: number;
  readonly bitpix: number;
  readonly data: Uint8Array;
  readonly pixdim?: readonly number[];
  readonly slope?: number;
  readonly inter?: number;
  readonly sform?: readonly (readonly number[])[];
  readonly qform?: {
    readonly quaternion: readonly number[];
    readonly offset: readonly number[];
    readonly qfac: number;
  };
  readonly units?: number;
  readonly offset?: number;
  readonly magic?: string;
  readonly littleEndian?: boolean;
}

/** A NIfTI-1 file, field by field as nifti1.h gives the offsets. */
export function niftiBytes(parts: NiftiParts): Buffer {
  const { dim, datatype, bitpix, data, pixdim = [1, 1, 1, 1], littleEndian = true, offset = 352 } = parts;
  const file = new Uint8Array(offset + data.length);
  const view = new DataView(file.buffer);
  const int16 = (at: number, value: number): void => view.setInt16(at, value, littleEndian);
  const float = (at: number, value: number): void => view.setFloat32(at, value, littleEndian);
  view.setInt32(0, 348, littleEndian);
  dim.forEach((n, i) => {
    int16(40 + 2 * i, n);
  });
  int16(70, datatype);
  int16(72, bitpix);
  pixdim.forEach((n, i) => {
    float(76 + 4 * i, n);
  });
  float(108, offset);
  float(112, parts.slope ?? 0);
  float(116, parts.inter ?? 0);
  view.setUint8(123, parts.units ?? 2);
  if (parts.qform !== undefined) {
    int16(252, 1);
    float(76, parts.qform.qfac);
    parts.qform.quaternion.forEach((n, i) => {
      float(256 + 4 * i, n);
    });
    parts.qform.offset.forEach((n, i) => {
      float(268 + 4 * i, n);
    });
  }
  if (parts.sform !== undefined) {
    int16(254, 1);
    parts.sform.flat().forEach((n, i) => {
      float(280 + 4 * i, n);
    });
  }
  file.set(Buffer.from(parts.magic ?? "n+1\0", "latin1"), 344);
  file.set(data, offset);
  return Buffer.from(file.buffer);
}

/** An NRRD file: header lines, an empty line, the data. */
export function nrrdBytes(lines: readonly string[], data: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(["NRRD0004", ...lines, "", ""].join("\n")), data]);
}

export const BASIC_NRRD = [
  "type: short",
  "dimension: 3",
  "space: left-posterior-superior",
  "sizes: 2 3 4",
  "space directions: (1,0,0) (0,1,0) (0,0,2)",
  "endian: little",
  "encoding: raw",
  "space origin: (-5,7,9)",
] as const;

/** 3 × 2 × 2 voxels of int16 by nibabel 5.4, packed: little endian with slope 0.5, intercept 7 and an sform; big endian with a qform. */
export const NIFTI2_LITTLE =
  "H4sIAAAAAAACA5NhYmDI0zZi4OWS4mJhEGBgZoAAGM2ERjMSoPGDD/ZQhgOE+gHlszigymPSCkzI5jyAiss4MAxiwIRF7Ix1fdq8Bc+g7leBut/kQLKl+d1Z8nZo/vmxH5UPU8+Aw98mB7CLszggm89Egh+u/LP4P+c/A0MKwwkGHcYJjF8YI5j2MCkwAwDcst+6OAIAAA==";
export const NIFTI2_BIG =
  "H4sIAAAAAAACA2NgYJLJ0zZi4OWS4mIQYFBggABmNJoJjWYkQGMA+w8Q2gHG/wHls6DK46Kh1iug8gc1wBoW9s8WzEurtz7joALhHzCBhoOd/Ky75pbJMHX7f6Dqg6l3wGEZzBx0AAtfdPOJBYenAbEHA8OhExC+E5B2BvKdgeLOIPYvBgYXMSDWB2KgOABE11azUAIAAA==";
