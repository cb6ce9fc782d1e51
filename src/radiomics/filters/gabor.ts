/**
 * Gabor filters in planes: magnitude of the response, over one or many orientations, in one plane or three.
 *
 * Source: IBSI reference manual on convolutional filters, arXiv:2006.05470, section 3.5 (Q88H).
 * Layer:  radiomics; imports core (types), volume (types), fft, field, fourier, options (types), rotations (types), source (types).
 */
import type { Vec3 } from "../../core/geometry.js";
import type { IndexBox } from "../../volume/mask.js";
import { type ComplexLines, type FftPlan, goodLength, planFft, transform } from "../fft.js";
import { extended, reachedBox, sizeOf } from "./field.js";
import { type ComplexBlock, complexBlock, fourier } from "./fourier.js";
import type { Domain } from "./options.js";
import type { Pooling } from "./rotations.js";
import type { ImageSource } from "./source.js";

export interface GaborKernel {
  readonly sigmaMm: number;
  readonly wavelengthMm: number;
  /** γ: the Gaussian is σ long along the wave and σ/γ across. */
  readonly aspect: number;
  /** Radians, each pooled. */
  readonly angles: readonly number[];
  readonly pooling: Pooling;
  /** Axes across the planes, pooled too: [2] is slice by slice. */
  readonly across: readonly (0 | 1 | 2)[];
}

/** The Gaussian is left out where it is below this share of its height. */
const NEGLIGIBLE = 1e-9;

/** Frequencies are left out where the filter passes less than this share of what it passes at best. */
const NEGLIGIBLE_PASS = 1e-8;

export function gaborMap(
  source: ImageSource,
  box: IndexBox,
  { boundary }: Domain,
  kernel: GaborKernel,
): Float64Array {
  const size = sizeOf(box);
  const { pooling } = kernel;
  const start = pooling === "average" ? 0 : pooling === "max" ? -Infinity : Infinity;
  const pooled = new Float64Array(size[0] * size[1] * size[2]).fill(start);
  for (const across of kernel.across) {
    const [fast, slow] = PLANES[across];
    const spacing = Math.max(source.spacing[fast], source.spacing[slow]);
    const reach = reachOf(kernel, spacing);
    const wide = wideBox(box, [fast, slow], reach);
    const image = extended(source.field(reachedBox(wide, [0, 0, 0], source.size, boundary)), wide, boundary);
    const wideSize = sizeOf(wide);
    const [width, height] = [wideSize[fast], wideSize[slow]];
    const spectra = kernel.angles.map((angle) =>
      bandOf(gaborSpectrum(kernel, spacing, reach, angle, width, height)),
    );
    const plans: Plans = [planFft(width), planFft(height)];
    for (let s = 0; s < size[across]; s++) {
      const slice = takeSlice(image, wideSize, [fast, slow, across], s);
      fourier(slice, [0, 1]);
      for (const spectrum of spectra) {
        const response = respond(slice, spectrum, plans, reach, size[slow]);
        poolSlice(pooled, size, [fast, slow, across], s, response, reach, pooling);
      }
    }
  }
  if (pooling === "average") {
    const count = kernel.across.length * kernel.angles.length;
    for (let p = 0; p < pooled.length; p++) pooled[p] /= count;
  }
  return pooled;
}

/** For the axis across: the faster and the slower axis of the plane. */
const PLANES = [
  [1, 2],
  [0, 2],
  [0, 1],
] as const;

type Axes = readonly [0 | 1, 1 | 2, 0 | 1 | 2];

/** The box with its surroundings in the plane, of lengths that transform fast. */
function wideBox({ low, high }: IndexBox, plane: readonly (0 | 1 | 2)[], reach: number): IndexBox {
  const ends = ([0, 1, 2] as const).map((axis) => {
    if (!plane.includes(axis)) return [low[axis], high[axis]];
    const first = low[axis] - reach;
    return [first, first + goodLength(high[axis] + reach - first + 1) - 1];
  });
  return { low: [ends[0][0], ends[1][0], ends[2][0]], high: [ends[0][1], ends[1][1], ends[2][1]] };
}

function takeSlice(image: Float64Array, size: Vec3, [fast, slow, across]: Axes, index: number): ComplexBlock {
  const steps = [1, size[0], size[0] * size[1]];
  const [width, height] = [size[fast], size[slow]];
  const re = new Float64Array(width * height);
  for (let j = 0, p = 0; j < height; j++) {
    let q = index * steps[across] + j * steps[slow];
    for (let i = 0; i < width; i++, p++, q += steps[fast]) re[p] = image[q];
  }
  return complexBlock(re, [width, height, 1]);
}

/** Columns of a spectrum where it is not negligible: a Gabor filter passes a narrow band. */
interface Band {
  readonly columns: Int32Array;
  /** Row after row of these columns. */
  readonly re: Float64Array;
  readonly im: Float64Array;
}

type Plans = readonly [along: FftPlan, across: FftPlan];

function bandOf({ re, im, size: [width, height] }: ComplexBlock): Band {
  const largest = new Float64Array(width);
  for (let p = 0; p < re.length; p++)
    largest[p % width] = Math.max(largest[p % width], re[p] ** 2 + im[p] ** 2);
  const most = largest.reduce((max, v) => Math.max(max, v), 0);
  const columns = Int32Array.from(largest.keys()).filter((x) => largest[x] > NEGLIGIBLE_PASS ** 2 * most);
  const band = {
    columns,
    re: new Float64Array(columns.length * height),
    im: new Float64Array(columns.length * height),
  };
  const scale = 1 / (width * height);
  for (let y = 0, q = 0; y < height; y++) {
    for (let c = 0; c < columns.length; c++, q++) {
      band.re[q] = re[columns[c] + width * y] * scale;
      band.im[q] = im[columns[c] + width * y] * scale;
    }
  }
  return band;
}

/**
 * The conjugate of the filtered slice in `rows` rows from `first` on, column after column: the columns of the band are
 * transformed back first, then the rows that are wanted.
 */
function respond(
  { re, im, size: [width] }: ComplexBlock,
  band: Band,
  [along, across]: Plans,
  first: number,
  rows: number,
): ComplexLines {
  const { columns } = band;
  const count = columns.length;
  const a = newLines(count * across.length);
  for (let y = 0, q = 0; y < across.length; y++) {
    for (let c = 0; c < count; c++, q++) {
      const p = columns[c] + width * y;
      a.re[q] = re[p] * band.re[q] - im[p] * band.im[q];
      a.im[q] = -(re[p] * band.im[q] + im[p] * band.re[q]);
    }
  }
  const back = transform(across, count, a, newLines(count * across.length));
  const b = newLines(rows * width);
  for (let y = 0; y < rows; y++) {
    for (let c = 0; c < count; c++) {
      b.re[columns[c] * rows + y] = back.re[(first + y) * count + c];
      b.im[columns[c] * rows + y] = back.im[(first + y) * count + c];
    }
  }
  return transform(along, rows, b, newLines(rows * width));
}

function newLines(length: number): ComplexLines {
  return { re: new Float64Array(length), im: new Float64Array(length) };
}

function poolSlice(
  pooled: Float64Array,
  size: Vec3,
  [fast, slow, across]: Axes,
  index: number,
  { re, im }: ComplexLines,
  reach: number,
  pooling: Pooling,
): void {
  const steps = [1, size[0], size[0] * size[1]];
  const rows = size[slow];
  for (let j = 0; j < rows; j++) {
    let p = index * steps[across] + j * steps[slow];
    let q = reach * rows + j;
    for (let i = 0; i < size[fast]; i++, q += rows, p += steps[fast]) {
      const response = Math.sqrt(re[q] * re[q] + im[q] * im[q]);
      if (pooling === "average") pooled[p] += response;
      else pooled[p] = pooling === "max" ? Math.max(pooled[p], response) : Math.min(pooled[p], response);
    }
  }
}

function reachOf({ sigmaMm, aspect }: GaborKernel, spacing: number): number {
  const longest = (sigmaMm / spacing) * Math.max(1, 1 / aspect);
  return Math.ceil(longest * Math.sqrt(-2 * Math.log(NEGLIGIBLE)));
}

/** Spectrum of the kernel on a plane, the faster axis first. */
function gaborSpectrum(
  { sigmaMm, wavelengthMm, aspect }: GaborKernel,
  spacing: number,
  reach: number,
  angle: number,
  nx: number,
  ny: number,
): ComplexBlock {
  const sigma = sigmaMm / spacing;
  const wave = (2 * Math.PI * spacing) / wavelengthMm;
  const block = { re: new Float64Array(nx * ny), im: new Float64Array(nx * ny), size: [nx, ny, 1] as const };
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const along = x * Math.cos(angle) + y * Math.sin(angle);
      const acrossWave = x * Math.sin(angle) - y * Math.cos(angle);
      const height = Math.exp(-(along ** 2 + (aspect * acrossWave) ** 2) / (2 * sigma * sigma));
      const p = ((x + nx) % nx) + nx * ((y + ny) % ny);
      block.re[p] += height * Math.cos(wave * along);
      block.im[p] += height * Math.sin(wave * along);
    }
  }
  fourier(block, [0, 1]);
  return block;
}
