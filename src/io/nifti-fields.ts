/**
 * Where the fields of a NIfTI header lie: NIfTI-1 with 16-bit and single-precision numbers, NIfTI-2 with 64-bit ones.
 *
 * Source: nifti1.h and nifti2.h, nifti.nimh.nih.gov/pub/dist/src/niftilib.
 * Layer:  io; imports core.
 */
import { InputError } from "../core/errors.js";
import type { Vec3 } from "../core/geometry.js";

/** The fields that are read, as numbers. */
export interface NiftiFields {
  readonly littleEndian: boolean;
  /** A single file's voxels start after the header and four bytes that announce extensions. */
  readonly firstOffset: number;
  readonly dim: readonly number[];
  readonly datatype: number;
  readonly bitpix: number;
  readonly pixdim: readonly number[];
  readonly offset: number;
  readonly slope: number;
  readonly intercept: number;
  readonly units: number;
  readonly hasQform: boolean;
  readonly hasSform: boolean;
  readonly quaternion: Vec3;
  readonly qoffset: Vec3;
  readonly srow: readonly (readonly number[])[];
  /** Byte of some fields, for error messages. */
  readonly at: {
    readonly dim: number;
    readonly datatype: number;
    readonly offset: number;
    readonly quaternion: number;
    readonly placement: number;
  };
}

/** Bytes that hold the header of either version. */
export const LONGEST_HEADER = 544;

const SIZES = { 1: 348, 2: 540 } as const;

/** @throws InputError if this is no NIfTI-1 or NIfTI-2 file of one part, or it ends within its header. */
export function niftiFields(bytes: Uint8Array, file: string): NiftiFields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { version, littleEndian } = versionOf(view, file);
  const firstOffset = SIZES[version] + 4;
  if (bytes.length < firstOffset) {
    throw new InputError(
      `a NIfTI-${version} header has ${SIZES[version]} bytes and voxels follow from byte ${firstOffset}, but there are only ${bytes.length}. ` +
        "The file is cut off or not NIfTI: get a fresh copy.",
      { file, offset: bytes.length },
    );
  }
  checkMagic(bytes, version, file);
  const common = { littleEndian, firstOffset };
  const short = (at: number): number => view.getInt16(at, littleEndian);
  if (version === 1) {
    const number = (at: number): number => view.getFloat32(at, littleEndian);
    return {
      ...common,
      dim: series(8, (i) => short(40 + 2 * i)),
      datatype: short(70),
      bitpix: short(72),
      pixdim: series(4, (i) => number(76 + 4 * i)),
      offset: number(108),
      slope: number(112),
      intercept: number(116),
      units: view.getUint8(123),
      hasQform: short(252) > 0,
      hasSform: short(254) > 0,
      quaternion: [number(256), number(260), number(264)],
      qoffset: [number(268), number(272), number(276)],
      srow: series(3, (row) => series(4, (column) => number(280 + 16 * row + 4 * column))),
      at: { dim: 40, datatype: 70, offset: 108, quaternion: 256, placement: 252 },
    };
  }
  const number = (at: number): number => view.getFloat64(at, littleEndian);
  const long = (at: number): number => Number(view.getBigInt64(at, littleEndian));
  return {
    ...common,
    dim: series(8, (i) => long(16 + 8 * i)),
    datatype: short(12),
    bitpix: short(14),
    pixdim: series(4, (i) => number(104 + 8 * i)),
    offset: long(168),
    slope: number(176),
    intercept: number(184),
    units: view.getInt32(500, littleEndian),
    hasQform: view.getInt32(344, littleEndian) > 0,
    hasSform: view.getInt32(348, littleEndian) > 0,
    quaternion: [number(352), number(360), number(368)],
    qoffset: [number(376), number(384), number(392)],
    srow: series(3, (row) => series(4, (column) => number(400 + 32 * row + 8 * column))),
    at: { dim: 16, datatype: 12, offset: 168, quaternion: 352, placement: 344 },
  };
}

/** The first number is the header's length, which tells the version and the byte order. */
function versionOf(view: DataView, file: string): { version: 1 | 2; littleEndian: boolean } {
  if (view.byteLength < 4) {
    throw new InputError(`the file is cut off: it has only ${view.byteLength} bytes. Get a fresh copy.`, {
      file,
      offset: view.byteLength,
    });
  }
  for (const version of [1, 2] as const) {
    for (const littleEndian of [true, false]) {
      if (view.getInt32(0, littleEndian) === SIZES[version]) return { version, littleEndian };
    }
  }
  throw new InputError(
    `this is not a NIfTI file: its header does not start with ${SIZES[1]} or ${SIZES[2]}. Check the path and the format.`,
    { file, offset: 0 },
  );
}

function checkMagic(bytes: Uint8Array, version: 1 | 2, file: string): void {
  const at = version === 1 ? 344 : 4;
  const text = Buffer.from(bytes.subarray(at, at + (version === 1 ? 4 : 8))).toString("latin1");
  if (text === (version === 1 ? "n+1\0" : "n+2\0\r\n\x1a\n")) return;
  throw new InputError(
    text.startsWith(`ni${version}`)
      ? "the voxels lie in a second file (.hdr with .img), which is not read. Convert the pair to one .nii file."
      : `this is Analyze or damaged NIfTI: the mark "n+${version}" is missing. Convert it to NIfTI-1, or get a fresh copy.`,
    { file, offset: at },
  );
}

function series<T>(length: number, value: (i: number) => T): T[] {
  return Array.from({ length }, (_, i) => value(i));
}
