/**
 * NIfTI-1 files (.nii, .nii.gz): scans and label masks.
 *
 * Source: the NIfTI-1 header, nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h. World coordinates there are RAS+; here they become LPS+.
 * Layer:  io; imports core, volume.
 */
import path from "node:path";
import { InputError } from "../core/errors.js";
import type { Geometry, Vec3 } from "../core/geometry.js";
import type { Mask } from "../volume/mask.js";
import { Volume } from "../volume/volume.js";
import { flipRasLps, geometryOfSteps } from "./direction.js";
import { checkLength, gunzipExactly, gunzipStart, isGzip, naming, readBytes } from "./file.js";
import { type QuantityOptions, quantityOf } from "./file-quantity.js";
import { type MaskOptions, maskOfLabels } from "./label-mask.js";
import { BYTES_OF, decodeVoxels, type NumberType, type Rescale } from "./number-types.js";

const HEADER_SIZE = 348;
/** A single file's voxels start after the header and four bytes that announce extensions. */
const FIRST_OFFSET = 352;

const TYPES: Readonly<Record<number, NumberType>> = {
  2: "uint8",
  4: "int16",
  8: "int32",
  16: "float32",
  64: "float64",
  256: "int8",
  512: "uint16",
  768: "uint32",
  1024: "int64",
  1280: "uint64",
};

const REFUSED_TYPES: Readonly<Record<number, string>> = {
  1: "1-bit",
  32: "complex",
  128: "RGB color",
  1536: "128-bit float",
  1792: "complex",
  2048: "complex",
  2304: "RGBA color",
};

/** Millimetres in the header's unit of length; 0 is unknown, taken as mm. */
const UNIT_MM: Readonly<Record<number, number>> = { 0: 1, 1: 1000, 2: 1, 3: 0.001 };

/**
 * Reads a scan from a NIfTI-1 file, packed with gzip or not, of either byte order.
 *
 * The place in the patient comes from the sform, else the qform; a file with neither lies at the origin along the axes. Voxels are
 * `stored × scl_slope + scl_inter`, or as stored if the slope is 0 or not a number. Flipped axes stay as they are, in `geometry`.
 *
 * @throws InputError if the file is not NIfTI-1, cut off or too long, 4-D, of colors or complex numbers, or sheared.
 */
export async function readNifti(file: string, options: QuantityOptions = {}): Promise<Volume> {
  const raw = await readBytes(file);
  const packed = isGzip(raw);
  const header = parseHeader(packed ? gunzipStart(raw, FIRST_OFFSET, file) : raw, file);
  const { geometry, type, littleEndian, rescale, offset } = header;
  const size = offset + geometry.size[0] * geometry.size[1] * geometry.size[2] * BYTES_OF[type];
  const bytes = packed ? await gunzipExactly(raw, size, file) : raw;
  checkLength(bytes.length, size, file);
  const voxels = decodeVoxels(bytes.subarray(offset), type, littleEndian, rescale);
  return new Volume(voxels, geometry, {
    ...quantityOf(options),
    name: path.basename(file).replace(/\.nii(\.gz)?$/i, ""),
  });
}

/**
 * Reads one region of a NIfTI-1 label image.
 *
 * @throws InputError as `readNifti`, and if the label is absent, nothing is labelled, or several labels are there and none is chosen.
 */
export async function readNiftiMask(file: string, options: MaskOptions = {}): Promise<Mask> {
  return maskOfLabels(await readNifti(file), file, options);
}

interface NiftiHeader {
  readonly geometry: Geometry;
  readonly type: NumberType;
  readonly littleEndian: boolean;
  readonly rescale: Rescale;
  readonly offset: number;
}

function parseHeader(bytes: Uint8Array, file: string): NiftiHeader {
  if (bytes.length < FIRST_OFFSET) {
    throw new InputError(
      `a NIfTI-1 header has ${HEADER_SIZE} bytes and voxels follow from byte ${FIRST_OFFSET}, but there are only ${bytes.length}. ` +
        "The file is cut off or not NIfTI: get a fresh copy.",
      { file, offset: bytes.length },
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const littleEndian = byteOrder(view, file);
  checkMagic(bytes, file);
  const type = numberType(view, littleEndian, file);
  const offset = view.getFloat32(108, littleEndian);
  if (!Number.isInteger(offset) || offset < FIRST_OFFSET || offset > 2 ** 31) {
    throw new InputError(
      `voxels cannot start at byte ${offset}; the first possible is ${FIRST_OFFSET}. Correct vox_offset in the header.`,
      { file, offset: 108 },
    );
  }
  const size = gridSize(view, littleEndian, file);
  const geometry = naming(file, () => placement(view, littleEndian, size, file));
  return { geometry, type, littleEndian, rescale: rescaleOf(view, littleEndian), offset };
}

function byteOrder(view: DataView, file: string): boolean {
  const declared = view.getInt32(0, true);
  if (declared === HEADER_SIZE) return true;
  if (view.getInt32(0, false) === HEADER_SIZE) return false;
  const isNifti2 = declared === 540 || view.getInt32(0, false) === 540;
  throw new InputError(
    isNifti2
      ? "this is NIfTI-2, which is not read yet. Convert it to NIfTI-1, e.g. with nifti_tool or nibabel."
      : `this is not a NIfTI-1 file: its header does not start with ${HEADER_SIZE}. Check the path and the format.`,
    { file, offset: 0 },
  );
}

function checkMagic(bytes: Uint8Array, file: string): void {
  const magic = String.fromCharCode(...bytes.subarray(344, 347));
  if (magic === "n+1" && bytes[347] === 0) return;
  throw new InputError(
    magic === "ni1"
      ? "the voxels lie in a second file (.hdr with .img), which is not read. Convert the pair to one .nii file."
      : 'this is Analyze or damaged NIfTI: the mark "n+1" is missing. Convert it to NIfTI-1, or get a fresh copy.',
    { file, offset: 344 },
  );
}

function numberType(view: DataView, littleEndian: boolean, file: string): NumberType {
  const code = view.getInt16(70, littleEndian);
  const type = TYPES[code];
  if (type === undefined) {
    const what = REFUSED_TYPES[code] ?? "unknown";
    throw new InputError(
      `voxels of data type ${code} (${what}) are not read. Convert them to one real number per voxel, e.g. float32.`,
      { file, offset: 70 },
    );
  }
  const bits = view.getInt16(72, littleEndian);
  if (bits !== 8 * BYTES_OF[type]) {
    throw new InputError(
      `the header contradicts itself: data type ${type} has ${8 * BYTES_OF[type]} bits, but bitpix is ${bits}. Export the file again.`,
      { file, offset: 72 },
    );
  }
  return type;
}

function gridSize(view: DataView, littleEndian: boolean, file: string): Vec3 {
  const dim = Array.from({ length: 8 }, (_, i) => view.getInt16(40 + 2 * i, littleEndian));
  const [rank = 0, ...sizes] = dim;
  const used = sizes.slice(0, rank);
  if (rank < 2 || rank > 7 || used.some((n) => n < 1)) {
    throw new InputError(
      `a scan has 3 dimensions of at least 1 voxel, but dim is [${dim.join(", ")}]. Export the file again.`,
      { file, offset: 40 },
    );
  }
  if (used.slice(3).some((n) => n > 1)) {
    throw new InputError(
      `a scan has 3 dimensions, but this file has ${used.join(" × ")} values (a series in time or several channels). ` +
        "Split it and read one part.",
      { file, offset: 40 },
    );
  }
  return [used[0] as number, used[1] as number, used[2] ?? 1];
}

function rescaleOf(view: DataView, littleEndian: boolean): Rescale {
  const slope = view.getFloat32(112, littleEndian);
  const intercept = view.getFloat32(116, littleEndian);
  // The standard: "if scl_slope is nonzero then each voxel value should be scaled". The intercept alone changes nothing.
  if (slope === 0 || !Number.isFinite(slope) || !Number.isFinite(intercept)) {
    return { slope: 1, intercept: 0 };
  }
  return { slope, intercept };
}

/** Origin and steps in LPS+ mm: sform, else qform, else spacing alone. */
function placement(view: DataView, littleEndian: boolean, size: Vec3, file: string): Geometry {
  const number = (offset: number): number => view.getFloat32(offset, littleEndian);
  const unit = UNIT_MM[view.getUint8(123) & 7] ?? 1;
  const scaled = ([x, y, z]: Vec3): Vec3 => [x * unit, y * unit, z * unit];
  const spacing: Vec3 = [Math.abs(number(80)), Math.abs(number(84)), Math.abs(number(88))];

  if (view.getInt16(254, littleEndian) > 0) {
    const row = (start: number): number[] => [0, 4, 8, 12].map((step) => number(start + step));
    const [x, y, z] = [row(280), row(296), row(312)] as [number[], number[], number[]];
    const column = (j: number): Vec3 => scaled(flipRasLps([x[j] as number, y[j] as number, z[j] as number]));
    return geometryOfSteps(size, [column(0), column(1), column(2)], column(3), file);
  }
  if (view.getInt16(252, littleEndian) > 0) {
    const steps = quaternionAxes(number(256), number(260), number(264), number(76) < 0 ? -1 : 1, file).map(
      (axis, j) => {
        const s = spacing[j as 0 | 1 | 2];
        return scaled(flipRasLps([axis[0] * s, axis[1] * s, axis[2] * s]));
      },
    ) as [Vec3, Vec3, Vec3];
    const origin = scaled(flipRasLps([number(268), number(272), number(276)]));
    return geometryOfSteps(size, steps, origin, file);
  }
  const [sx, sy, sz] = scaled(spacing);
  return geometryOfSteps(
    size,
    [
      [sx, 0, 0],
      [0, sy, 0],
      [0, 0, sz],
    ],
    [0, 0, 0],
    file,
  );
}

/** Columns of the rotation of a unit quaternion (b, c, d), in RAS+; `handed` is −1 if the third axis is flipped. */
function quaternionAxes(b: number, c: number, d: number, handed: 1 | -1, file: string): [Vec3, Vec3, Vec3] {
  const rest = 1 - (b * b + c * c + d * d);
  // Single precision leaves about 1e-7 of error in the sum of squares.
  if (!(rest > -1e-5)) {
    throw new InputError(
      `the qform quaternion (${b}, ${c}, ${d}) is longer than 1, so it is no rotation. Export the file again.`,
      { file, offset: 256 },
    );
  }
  const a = Math.sqrt(Math.max(rest, 0));
  return [
    [a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)],
    [2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)],
    [2 * (b * d + a * c) * handed, 2 * (c * d - a * b) * handed, (a * a + d * d - b * b - c * c) * handed],
  ];
}
