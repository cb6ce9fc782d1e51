/**
 * Filters that are defined, or cheaper, in the frequency domain: Simoncelli's wavelet and Riesz transforms.
 *
 * Source: IBSI reference manual on convolutional filters, arXiv:2006.05470, sections 3.7 and 3.8; E. P. Simoncelli and W. T.
 * Freeman, ICIP 1995, doi:10.1109/ICIP.1995.537667; M. Unser and D. Van De Ville, IEEE Trans. Image Process. 19 (2010),
 * doi:10.1109/TIP.2009.2038832.
 * Layer:  radiomics; imports core, volume (types), fft, field, fourier, options (types), separable, source (types).
 */
import { InputError } from "../../core/errors.js";
import type { Vec3 } from "../../core/geometry.js";
import type { IndexBox } from "../../volume/mask.js";
import { goodLength } from "../fft.js";
import { extended } from "./field.js";
import { type ComplexBlock, complexBlock, fourier, multiplyAndReturn } from "./fourier.js";
import type { Domain, RieszOrders } from "./options.js";
import { logKernels } from "./separable.js";
import type { ImageSource } from "./source.js";

/** Most numbers in a spectrum (1 GiB). */
const MAX_NUMBERS = 2 ** 26;

/** Band-pass of one octave, |ω| from a quarter to the whole of π / 2^(level−1), largest in the middle. */
export function simoncelliMap(
  source: ImageSource,
  box: IndexBox,
  domain: Domain,
  level: number,
  riesz: RieszOrders,
): Float64Array {
  const top = 2 ** (1 - level);
  const band = (radius: number): number =>
    radius < top / 4 || radius > top ? 0 : Math.cos((Math.PI / 2) * Math.log2((2 * radius) / top));
  return inFrequencies(source, box, domain, 8 * 2 ** level, riesz, ({ size, axes }) => ({
    re: overFrequencies(size, axes, band),
    im: null,
  }));
}

/** A Riesz transform of the Laplacian of Gaussian. */
export function rieszLogMap(
  source: ImageSource,
  box: IndexBox,
  domain: Domain,
  {
    sigmaMm,
    cutoff,
    riesz,
  }: { readonly sigmaMm: number; readonly cutoff: number; readonly riesz: RieszOrders },
): Float64Array {
  const kernels = logKernels(source, domain, sigmaMm, cutoff);
  const reach = Math.max(...kernels.map(({ smooth }) => (smooth.length - 1) / 2));
  return inFrequencies(source, box, domain, reach, riesz, ({ size, axes }) => {
    const kernel = complexBlock(new Float64Array(size[0] * size[1] * (axes.length === 3 ? size[2] : 1)), [
      size[0],
      size[1],
      axes.length === 3 ? size[2] : 1,
    ]);
    placeLog(kernel, kernels);
    fourier(kernel, axes);
    return kernel;
  });
}

interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array | null;
}

/** The whole image, continued on every side and transformed, times a spectrum and a Riesz transform. */
function inFrequencies(
  source: ImageSource,
  box: IndexBox,
  { boundary, dimensions }: Domain,
  reach: number,
  riesz: RieszOrders,
  spectrumOf: (grid: { readonly size: Vec3; readonly axes: readonly (0 | 1 | 2)[] }) => Spectrum,
): Float64Array {
  const axes = ([0, 1, 2] as const).slice(0, dimensions);
  // A periodic image is transformed as it is; others are continued until their far side cannot be seen.
  const isWhole = boundary === "periodic";
  const ends = ([0, 1, 2] as const).map((axis) => {
    if (axis >= dimensions) return { low: box.low[axis], high: box.high[axis] };
    if (isWhole) return { low: 0, high: source.size[axis] - 1 };
    const length = goodLength(source.size[axis] + 2 * reach);
    return { low: -reach, high: length - reach - 1 };
  });
  const wide: IndexBox = {
    low: [ends[0].low, ends[1].low, ends[2].low],
    high: [ends[0].high, ends[1].high, ends[2].high],
  };
  const size: Vec3 = [
    wide.high[0] - wide.low[0] + 1,
    wide.high[1] - wide.low[1] + 1,
    wide.high[2] - wide.low[2] + 1,
  ];
  if (size[0] * size[1] * size[2] > MAX_NUMBERS) {
    throw new InputError(
      `filtering in the frequency domain takes the whole image, here ${size.join("×")} voxels with its continuation, more than ` +
        `${MAX_NUMBERS}. Crop the scan or resample it to a larger spacing.`,
    );
  }
  const inside: IndexBox = {
    low: [0, 0, dimensions === 3 ? 0 : wide.low[2]],
    high: [source.size[0] - 1, source.size[1] - 1, dimensions === 3 ? source.size[2] - 1 : wide.high[2]],
  };
  const block = complexBlock(extended(source.field(inside), wide, boundary), size);
  fourier(block, axes);
  const spectrum = spectrumOf({ size, axes });
  multiplyAndReturn(block, withRiesz(spectrum, size, axes, riesz), axes);
  return cut(block, wide, box);
}

function cut({ re, size }: ComplexBlock, wide: IndexBox, box: IndexBox): Float64Array {
  const nx = box.high[0] - box.low[0] + 1;
  const ny = box.high[1] - box.low[1] + 1;
  const nz = box.high[2] - box.low[2] + 1;
  const result = new Float64Array(nx * ny * nz);
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const row =
        box.low[0] -
        wide.low[0] +
        size[0] * (box.low[1] - wide.low[1] + y + size[1] * (box.low[2] - wide.low[2] + z));
      result.set(re.subarray(row, row + nx), nx * (y + ny * z));
    }
  }
  return result;
}

/**
 * Frequencies along an axis of n, in the order of the transform, 1 at its end. IBSI's maps are centred on the middle of the
 * axis: for even n every frequency is half a step higher than the transform's.
 */
function frequencies(n: number): Float64Array {
  if (n === 1) return new Float64Array(1);
  const middle = (n - 1) / 2;
  return Float64Array.from({ length: n }, (_, k) => {
    const signed = k < n / 2 ? k : k - n;
    return (signed + (n % 2 === 0 ? 0.5 : 0)) / middle;
  });
}

function overFrequencies(
  size: Vec3,
  axes: readonly (0 | 1 | 2)[],
  value: (radius: number) => number,
): Float64Array {
  const [x, y] = [frequencies(size[0]), frequencies(size[1])];
  const z = axes.length === 3 ? frequencies(size[2]) : new Float64Array(1);
  const result = new Float64Array(x.length * y.length * z.length);
  for (let k = 0, p = 0; k < z.length; k++)
    for (let j = 0; j < y.length; j++)
      for (let i = 0; i < x.length; i++, p++)
        result[p] = value(Math.sqrt(x[i] * x[i] + y[j] * y[j] + z[k] * z[k]));
  return result;
}

/** (−i)^L √(L! / (l₁! l₂! l₃!)) Π ω_d^l_d / |ω|^L for orders l with sum L. */
function withRiesz(
  { re, im }: Spectrum,
  size: Vec3,
  axes: readonly (0 | 1 | 2)[],
  riesz: RieszOrders,
): Spectrum {
  const total = riesz[0] + riesz[1] + riesz[2];
  if (total === 0) return { re, im };
  const scale = Math.sqrt(
    factorial(total) / (factorial(riesz[0]) * factorial(riesz[1]) * factorial(riesz[2])),
  );
  const [x, y] = [frequencies(size[0]), frequencies(size[1])];
  const z = axes.length === 3 ? frequencies(size[2]) : new Float64Array(1);
  const outRe = new Float64Array(re.length);
  const outIm = new Float64Array(re.length);
  for (let k = 0, p = 0; k < z.length; k++) {
    for (let j = 0; j < y.length; j++) {
      for (let i = 0; i < x.length; i++, p++) {
        const radius = Math.sqrt(x[i] * x[i] + y[j] * y[j] + z[k] * z[k]);
        if (radius === 0) continue;
        const factor = (scale * x[i] ** riesz[0] * y[j] ** riesz[1] * z[k] ** riesz[2]) / radius ** total;
        const r = re[p] * factor;
        const m = im === null ? 0 : im[p] * factor;
        // times (−i)^total
        const turns = total % 4;
        outRe[p] = turns === 0 ? r : turns === 1 ? m : turns === 2 ? -r : -m;
        outIm[p] = turns === 0 ? m : turns === 1 ? -r : turns === 2 ? -m : r;
      }
    }
  }
  return { re: outRe, im: outIm };
}

function factorial(n: number): number {
  let product = 1;
  for (let k = 2; k <= n; k++) product *= k;
  return product;
}

/** The kernel around voxel 0, round the ends. */
function placeLog(
  { re, size: [nx, ny, nz] }: ComplexBlock,
  kernels: readonly { readonly smooth: Float64Array; readonly curve: Float64Array }[],
): void {
  const flat = { smooth: Float64Array.of(1), curve: Float64Array.of(0) };
  const [x, y, z] = [kernels[0], kernels[1], kernels[2] ?? flat];
  const at = (i: number, { smooth }: { readonly smooth: Float64Array }, n: number): number =>
    (((i - (smooth.length - 1) / 2) % n) + n) % n;
  for (let k = 0; k < z.smooth.length; k++) {
    for (let j = 0; j < y.smooth.length; j++) {
      for (let i = 0; i < x.smooth.length; i++) {
        re[at(i, x, nx) + nx * (at(j, y, ny) + ny * at(k, z, nz))] +=
          x.curve[i] * y.smooth[j] * z.smooth[k] +
          x.smooth[i] * y.curve[j] * z.smooth[k] +
          x.smooth[i] * y.smooth[j] * z.curve[k];
      }
    }
  }
}
