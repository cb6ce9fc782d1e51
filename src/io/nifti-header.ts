/**
 * The header of a NIfTI-1 or NIfTI-2 file: its fields, checked, and the grid that they describe.
 *
 * Source: nifti1.h and nifti2.h, nifti.nimh.nih.gov/pub/dist/src/niftilib. World coordinates there are RAS+; here they become LPS+.
 * Layer:  io; imports core.
 */
import { InputError } from "../core/errors.js";
import type { Geometry, Vec3 } from "../core/geometry.js";
import { flipRasLps, geometryOfSteps } from "./direction.js";
import { naming } from "./file.js";
import { type NiftiFields, niftiFields } from "./nifti-fields.js";
import { BYTES_OF, type NumberType, type Rescale } from "./number-types.js";

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

export interface NiftiHeader {
  readonly geometry: Geometry;
  readonly type: NumberType;
  readonly littleEndian: boolean;
  readonly rescale: Rescale;
  /** First byte of the voxels. */
  readonly offset: number;
  /** Volumes in the file, one after the other. */
  readonly parts: number;
  /** Byte of the sizes, for error messages. */
  readonly sizesAt: number;
}

/** @throws InputError with the byte at fault, if the header is damaged or describes something else than one scan. */
export function parseNiftiHeader(bytes: Uint8Array, file: string): NiftiHeader {
  const fields = niftiFields(bytes, file);
  const type = numberType(fields, file);
  const { offset, at } = fields;
  if (!Number.isInteger(offset) || offset < fields.firstOffset || offset > 2 ** 31) {
    throw new InputError(
      `voxels cannot start at byte ${offset}; the first possible is ${fields.firstOffset}. Correct vox_offset in the header.`,
      { file, offset: at.offset },
    );
  }
  const { size, parts } = gridSize(fields, file);
  const geometry = naming(file, () => placement(fields, size, file), at.placement);
  return {
    geometry,
    type,
    littleEndian: fields.littleEndian,
    rescale: rescaleOf(fields),
    offset,
    parts,
    sizesAt: at.dim,
  };
}

function numberType({ datatype, bitpix, at }: NiftiFields, file: string): NumberType {
  const type = TYPES[datatype];
  if (type === undefined) {
    const what = REFUSED_TYPES[datatype] ?? "unknown";
    throw new InputError(
      `voxels of data type ${datatype} (${what}) are not read. Convert them to one real number per voxel, e.g. float32.`,
      { file, offset: at.datatype },
    );
  }
  if (bitpix === 8 * BYTES_OF[type]) return type;
  throw new InputError(
    `the header contradicts itself: data type ${type} has ${8 * BYTES_OF[type]} bits, but bitpix is ${bitpix}. Export the file again.`,
    { file, offset: at.datatype + 2 },
  );
}

function gridSize({ dim, at }: NiftiFields, file: string): { size: Vec3; parts: number } {
  const [rank = 0, ...sizes] = dim;
  const used = sizes.slice(0, rank);
  if (rank < 2 || rank > 7 || used.some((n) => n < 1 || n > 1e6)) {
    throw new InputError(
      `a scan has 3 dimensions of at least 1 voxel, but dim is [${dim.join(", ")}]. Export the file again.`,
      { file, offset: at.dim },
    );
  }
  const size: Vec3 = [used[0] as number, used[1] as number, used[2] ?? 1];
  return { size, parts: used.slice(3).reduce((product, n) => product * n, 1) };
}

function rescaleOf({ slope, intercept }: NiftiFields): Rescale {
  // The standard: "if scl_slope is nonzero then each voxel value should be scaled". The intercept alone changes nothing.
  const isScaled = slope !== 0 && Number.isFinite(slope) && Number.isFinite(intercept);
  return isScaled ? { slope, intercept } : { slope: 1, intercept: 0 };
}

/** Origin and steps in LPS+ mm: sform, else qform, else spacing alone. */
function placement(fields: NiftiFields, size: Vec3, file: string): Geometry {
  const unit = UNIT_MM[fields.units & 7] ?? 1;
  const scaled = ([x, y, z]: Vec3): Vec3 => [x * unit, y * unit, z * unit];
  const [qfac, ...lengths] = fields.pixdim as [number, number, number, number];
  const spacing = lengths.map(Math.abs) as [number, number, number];
  if (fields.hasSform) {
    const [x, y, z] = fields.srow as [number[], number[], number[]];
    const column = (j: number): Vec3 => scaled(flipRasLps([x[j] as number, y[j] as number, z[j] as number]));
    return geometryOfSteps(size, [column(0), column(1), column(2)], column(3), file);
  }
  if (fields.hasQform) {
    const axes = quaternionAxes(fields.quaternion, qfac < 0 ? -1 : 1, file, fields.at.quaternion);
    const steps = axes.map((axis, j) => {
      const s = spacing[j as 0 | 1 | 2];
      return scaled(flipRasLps([axis[0] * s, axis[1] * s, axis[2] * s]));
    }) as [Vec3, Vec3, Vec3];
    return geometryOfSteps(size, steps, scaled(flipRasLps(fields.qoffset)), file);
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
function quaternionAxes(stored: Vec3, handed: 1 | -1, file: string, offset: number): [Vec3, Vec3, Vec3] {
  const squares = stored[0] ** 2 + stored[1] ** 2 + stored[2] ** 2;
  const rest = 1 - squares;
  // Single precision leaves about 1e-7 of error in the sum of squares.
  if (!(rest > -1e-5)) {
    throw new InputError(
      `the qform quaternion (${stored.join(", ")}) is longer than 1, so it is no rotation. Export the file again.`,
      { file, offset },
    );
  }
  // What rounding leaves of a half turn is none of the angle, as in nifti1_io.c: its root would turn the scan by 0.02 degrees.
  const isHalfTurn = rest < 1e-7;
  const a = isHalfTurn ? 0 : Math.sqrt(rest);
  const [b, c, d] = isHalfTurn ? stored.map((part) => part / Math.sqrt(squares)) : stored;
  return [
    [a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)],
    [2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)],
    [2 * (b * d + a * c) * handed, 2 * (c * d - a * b) * handed, (a * a + d * d - b * b - c * c) * handed],
  ];
}
