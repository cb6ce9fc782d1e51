/**
 * Stationary wavelet transform as PyRadiomics asks PyWavelets for it: one level at a time, periodic, odd axes lengthened by
 * their first voxel.
 *
 * Source: PyWavelets 1.6, swtn; single precision is kept where the image has it, product by product.
 * Layer:  radiomics; imports core (types), volume (types), filters/wavelet-kernels, scan-image.
 */
import type { Vec3 } from "../../../core/geometry.js";
import { type WaveletKernels, waveletKernels } from "../../filters/wavelet-kernels.js";
import type { DerivedImage, ScanImage, SizedBox } from "./scan-image.js";
import { analyze, analyzeSingle } from "./wavelet-lines.js";

export interface WaveletOptions {
  readonly wavelet: string;
  /** Levels from which images are made. */
  readonly level: number;
  /** Levels passed before. */
  readonly start_level: number;
  /** Axes (0 is x) in the order of the letters. */
  readonly axes: readonly (0 | 1 | 2)[];
}

type Voxels = Float32Array | Float64Array;

interface Block {
  readonly voxels: Voxels;
  readonly size: Vec3;
}

/**
 * The detail images of each level, then the approximation of the last one.
 *
 * @param box  Part of the scan that is wanted.
 */
export function* waveletImages(
  scan: ScanImage,
  box: SizedBox,
  { wavelet, level, start_level: passed, axes }: WaveletOptions,
): Generator<DerivedImage> {
  const isSingle = scan.pixel === "single";
  const kernels = isSingle ? singleKernels(wavelet) : waveletKernels(wavelet);
  let image: Block = { voxels: scan.voxels, size: scan.size };
  const even: Vec3 = [evenLength(scan.size[0]), evenLength(scan.size[1]), evenLength(scan.size[2])];
  const whole: SizedBox = { low: [0, 0, 0], high: lastOf(even), size: even };
  for (let l = 1; l < passed + level; l++) {
    if (l > passed) yield* named(details(image, box, kernels, axes, isSingle), l - passed, isSingle);
    image = { voxels: approximation(image, whole, kernels, axes, isSingle), size: even };
  }
  let last: Voxels | undefined;
  for (const part of subbands(image, box, kernels, axes, isSingle)) {
    if (part.letters.includes("H")) yield* named([part], level, isSingle);
    else last = part.voxels;
  }
  if (last !== undefined) yield* named([{ letters: "L".repeat(axes.length), voxels: last }], level, isSingle);
}

/** PyWavelets keeps Coiflets divided by √2, and multiplies in the precision that it computes in. */
function singleKernels(wavelet: string): WaveletKernels {
  const { low, high } = waveletKernels(wavelet);
  if (!wavelet.startsWith("coif")) return { low, high };
  const root = Math.fround(Math.SQRT2);
  const single = (v: number): number => Math.fround(Math.fround(v / Math.SQRT2) * root);
  return { low: low.map(single), high: high.map(single) };
}

interface Subband {
  readonly letters: string;
  readonly voxels: Voxels;
}

function* named(parts: Iterable<Subband>, level: number, isSingle: boolean): Generator<DerivedImage> {
  const start = level === 1 ? "wavelet" : `wavelet${level}`;
  for (const { letters, voxels } of parts) yield { name: `${start}-${letters}`, voxels, isSingle };
}

function* details(
  image: Block,
  box: SizedBox,
  kernels: WaveletKernels,
  axes: readonly (0 | 1 | 2)[],
  isSingle: boolean,
): Generator<Subband> {
  for (const part of subbands(image, box, kernels, axes, isSingle))
    if (part.letters.includes("H")) yield part;
}

function approximation(
  image: Block,
  box: SizedBox,
  kernels: WaveletKernels,
  axes: readonly (0 | 1 | 2)[],
  isSingle: boolean,
): Voxels {
  for (const { letters, voxels } of subbands(image, box, kernels, axes, isSingle))
    if (!letters.includes("H")) return voxels;
  return image.voxels;
}

/** All sub-bands of one level, the approximation first. Only what the next axis needs is kept of each one before it. */
function* subbands(
  image: Block,
  box: SizedBox,
  kernels: WaveletKernels,
  axes: readonly (0 | 1 | 2)[],
  isSingle: boolean,
): Generator<Subband> {
  const low = isSingle ? Float32Array.from(kernels.low) : kernels.low;
  const high = isSingle ? Float32Array.from(kernels.high) : kernels.high;
  function* split(block: Block, letters: string): Generator<Subband> {
    const axis = axes[letters.length];
    if (axis === undefined) {
      yield { letters, voxels: block.voxels };
      return;
    }
    const { size } = block;
    const shape = {
      inner: size.slice(0, axis).reduce((product, n) => product * n, 1),
      length: size[axis],
      outer: size.slice(axis + 1).reduce((product, n) => product * n, 1),
    };
    const next = size.map((n, a) => (a === axis ? n - low.length + 1 : n)) as unknown as Vec3;
    const count = next[0] * next[1] * next[2];
    const a = isSingle ? new Float32Array(count) : new Float64Array(count);
    const d = isSingle ? new Float32Array(count) : new Float64Array(count);
    (isSingle ? analyzeSingle : analyze)(block.voxels, shape, low, high, a, d);
    yield* split({ voxels: a, size: next }, `${letters}L`);
    yield* split({ voxels: d, size: next }, `${letters}H`);
  }
  yield* split(surroundings(image, box, low.length, axes, isSingle), "");
}

/** The box and the voxels around it that the kernel reaches, round the end of the image. */
function surroundings(
  { voxels, size }: Block,
  { low, size: boxSize }: SizedBox,
  taps: number,
  axes: readonly (0 | 1 | 2)[],
  isSingle: boolean,
): Block {
  const [x, y, z] = ([0, 1, 2] as const).map((axis) => {
    const before = axes.includes(axis) ? taps / 2 - 1 : 0;
    const length = boxSize[axis] + (axes.includes(axis) ? taps - 1 : 0);
    // An odd axis is one longer, and its last voxel is its first.
    const n = evenLength(size[axis]);
    return Int32Array.from({ length }, (_, i) => ((((low[axis] - before + i) % n) + n) % n) % size[axis]);
  });
  const count = x.length * y.length * z.length;
  const block = isSingle ? new Float32Array(count) : new Float64Array(count);
  for (let k = 0, p = 0; k < z.length; k++) {
    for (let j = 0; j < y.length; j++) {
      const row = size[0] * (y[j] + size[1] * z[k]);
      for (let i = 0; i < x.length; i++) block[p++] = voxels[row + x[i]];
    }
  }
  return { voxels: block, size: [x.length, y.length, z.length] };
}

function evenLength(n: number): number {
  return n + (n % 2);
}

function lastOf([nx, ny, nz]: Vec3): Vec3 {
  return [nx - 1, ny - 1, nz - 1];
}
