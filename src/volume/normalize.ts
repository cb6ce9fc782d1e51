/**
 * Intensities on a scale of their own: z-scores, shares of a range. Numbers in, numbers out.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, section 2.3 (post-acquisition processing).
 * Layer:  volume; imports core.
 */
import { InputError, NumericalError } from "../core/errors.js";

/**
 * (x − mean) / standard deviation over N − 1, of the voxels that are finite and inside.
 *
 * @param inside  Voxels to take mean and deviation from are not 0; undefined: all.
 * @throws InputError if no voxel counts; NumericalError if they are all alike.
 */
export function zScores(voxels: Float32Array | Float64Array, inside: Uint8Array | undefined): Float64Array {
  const values = counted(voxels, inside);
  let mean = 0;
  for (let n = 0; n < values.length; n++) mean += values[n];
  mean /= values.length;
  let squares = 0;
  for (let n = 0; n < values.length; n++) squares += (values[n] - mean) ** 2;
  const deviation = Math.sqrt(squares / (values.length - 1));
  if (!(deviation > 0)) throw flat("z-scores", values[0]);
  return Float64Array.from(voxels, (v) => (v - mean) / deviation);
}

/**
 * Intensities at two percentiles of the voxels that are finite and inside; linear between ranks (NumPy's default).
 *
 * @param percentiles  0 to 100, ascending.
 * @throws InputError if percentiles are out of order or no voxel counts; NumericalError if both intensities are the same.
 */
export function percentileRange(
  voxels: Float32Array | Float64Array,
  inside: Uint8Array | undefined,
  [from, to]: readonly [number, number],
): [number, number] {
  if (!(from >= 0 && from < to && to <= 100)) {
    throw new InputError(
      `percentiles must rise from 0 to 100, found [${from}, ${to}]. Usual are [0, 100] and [1, 99].`,
    );
  }
  const sorted = counted(voxels, inside).sort();
  const at = (percentile: number): number => {
    const rank = (percentile / 100) * (sorted.length - 1);
    const below = Math.floor(rank);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
  };
  const range: [number, number] = [at(from), at(to)];
  if (!(range[1] > range[0])) throw flat("a range", range[0]);
  return range;
}

/** [low, high] becomes [0, 1]; what lies beyond is cut off. NaN stays. */
export function shares(voxels: Float32Array | Float64Array, low: number, high: number): Float64Array {
  return Float64Array.from(voxels, (v) => Math.min(Math.max((v - low) / (high - low), 0), 1));
}

function counted(voxels: Float32Array | Float64Array, inside: Uint8Array | undefined): Float64Array {
  const values = new Float64Array(voxels.length);
  let count = 0;
  for (let p = 0; p < voxels.length; p++) {
    if ((inside === undefined || inside[p] !== 0) && Number.isFinite(voxels[p])) values[count++] = voxels[p];
  }
  if (count === 0) {
    throw new InputError(
      "there is no finite voxel to take the scale from. Choose another region or repair the scan.",
    );
  }
  return values.subarray(0, count);
}

function flat(what: string, value: number): NumericalError {
  return new NumericalError(
    `${what} cannot be made of intensities that are all ${value}. Choose a larger region or a fixed window.`,
  );
}
