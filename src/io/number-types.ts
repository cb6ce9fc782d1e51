/**
 * Bytes of a file to numbers, for every numeric type that scans are stored in.
 *
 * Layer:  io; imports nothing.
 */

export type NumberType =
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "float32"
  | "float64";

/** Voxels as a `Volume` holds them. */
export type VoxelArray = Float32Array | Float64Array;

export const BYTES_OF: Readonly<Record<NumberType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
};

/** A linear rescale of stored values; slope 1 and intercept 0 change nothing. */
export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
}

const NO_RESCALE: Rescale = { slope: 1, intercept: 0 };

/**
 * Decodes a block of numbers and rescales it.
 *
 * @param bytes  Exactly a whole number of values. They belong to the result from now on: nobody may write to them.
 * @returns float32 where it holds every possible result exactly, else float64; on the memory of `bytes` where they are the result
 *   already and most of that memory, so that a large scan is not there twice.
 */
export function decodeVoxels(
  bytes: Uint8Array,
  type: NumberType,
  littleEndian: boolean,
  rescale: Rescale = NO_RESCALE,
): VoxelArray {
  const stored = storedNumbers(bytes, type, littleEndian);
  if (stored instanceof Float32Array && fitsFloat32(type, rescale) && isMostOfItsMemory(stored))
    return stored;
  const voxels = fitsFloat32(type, rescale)
    ? new Float32Array(stored.length)
    : new Float64Array(stored.length);
  if (stored instanceof BigInt64Array || stored instanceof BigUint64Array) {
    for (let p = 0; p < voxels.length; p++) voxels[p] = Number(stored[p]);
  } else {
    voxels.set(stored);
  }
  const { slope, intercept } = rescale;
  if (slope !== 1 || intercept !== 0) {
    for (let p = 0; p < voxels.length; p++) voxels[p] = (voxels[p] as number) * slope + intercept;
  }
  return voxels;
}

/** Else a small part would keep all of a large file. */
function isMostOfItsMemory({ buffer, byteLength }: Float32Array): boolean {
  return 2 * byteLength > buffer.byteLength;
}

/**
 * Decodes a block of labels: whole numbers that need no room of their own where they can be read in place.
 *
 * @returns On the memory of `bytes` where that is possible, so only to be read.
 */
export function decodeLabels(
  bytes: Uint8Array,
  type: NumberType,
  littleEndian: boolean,
  rescale: Rescale = NO_RESCALE,
): LabelArray {
  const { slope, intercept } = rescale;
  const stored = storedNumbers(bytes, type, littleEndian);
  const isPlain = slope === 1 && intercept === 0;
  return !isPlain || stored instanceof BigInt64Array || stored instanceof BigUint64Array
    ? decodeVoxels(bytes, type, littleEndian, rescale)
    : stored;
}

/** Numbers of any type but those that JavaScript keeps apart. */
export type LabelArray = Exclude<StoredArray, BigInt64Array | BigUint64Array>;

type StoredArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** The numbers as stored, in the machine's byte order; on the same memory where that is possible, so only to be read. */
function storedNumbers(bytes: Uint8Array, type: NumberType, littleEndian: boolean): StoredArray {
  const width = BYTES_OF[type];
  const swaps = littleEndian !== HOST_IS_LITTLE_ENDIAN && width > 1;
  // A copy starts at an aligned address.
  const own = swaps || bytes.byteOffset % width !== 0 ? new Uint8Array(bytes) : bytes;
  if (swaps) swapBytes(own, width);
  const count = own.length / width;
  const { buffer, byteOffset: at } = own;
  switch (type) {
    case "int8":
      return new Int8Array(buffer, at, count);
    case "uint8":
      return own;
    case "int16":
      return new Int16Array(buffer, at, count);
    case "uint16":
      return new Uint16Array(buffer, at, count);
    case "int32":
      return new Int32Array(buffer, at, count);
    case "uint32":
      return new Uint32Array(buffer, at, count);
    case "int64":
      return new BigInt64Array(buffer, at, count);
    case "uint64":
      return new BigUint64Array(buffer, at, count);
    case "float32":
      return new Float32Array(buffer, at, count);
    case "float64":
      return new Float64Array(buffer, at, count);
  }
}

const HOST_IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function swapBytes(bytes: Uint8Array, width: number): void {
  for (let start = 0; start < bytes.length; start += width) bytes.subarray(start, start + width).reverse();
}

/** float32 holds whole numbers up to 2^24: enough for 16 bits and a whole rescale of moderate size. */
function fitsFloat32(type: NumberType, { slope, intercept }: Rescale): boolean {
  if (type === "float32") return slope === 1 && intercept === 0;
  if (BYTES_OF[type] > 2) return false;
  const largest = 65535 * Math.abs(slope) + Math.abs(intercept);
  return Number.isInteger(slope) && Number.isInteger(intercept) && largest <= 2 ** 24;
}
