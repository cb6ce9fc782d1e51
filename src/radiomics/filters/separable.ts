/**
 * Filters made of one kernel per axis: mean, Laplacian of Gaussian, Laws, separable wavelets.
 *
 * Source: IBSI reference manual on convolutional filters, arXiv:2006.05470, section 3.
 * Layer:  radiomics; imports core, axis-filter, field, options (types), rotations, source (types), wavelet-kernels.
 */
import { InputError } from "../../core/errors.js";
import type { IndexBox } from "../../volume/mask.js";
import { type Chain, filterAxis, type Stage } from "./axis-filter.js";
import { type Boundary, type Field, reachedBox } from "./field.js";
import type { Domain } from "./options.js";
import {
  filterSeparably,
  filterShared,
  type Pooling,
  type SeparableFilter,
  type SharedSteps,
} from "./rotations.js";
import type { ImageSource } from "./source.js";
import { waveletKernels } from "./wavelet-kernels.js";

/** Mean over a square or cube of `support` voxels. */
export function meanMap(source: ImageSource, box: IndexBox, domain: Domain, support: number): Float64Array {
  const chain = [meanStage(support)];
  return apply(source, box, domain, [chain, chain, chain], null);
}

/** Laplacian of Gaussian, sampled and cut at a number of standard deviations, not normalized across scales. */
export function logMap(
  source: ImageSource,
  box: IndexBox,
  domain: Domain,
  sigmaMm: number,
  cutoff: number,
): Float64Array {
  const parts = logKernels(source, domain, sigmaMm, cutoff);
  const sum = new Float64Array(boxCount(box));
  for (let along = 0; along < domain.dimensions; along++) {
    const chain = (axis: 0 | 1 | 2): Chain => {
      const kernel = axis === along ? parts[axis].curve : parts[axis].smooth;
      return [{ kernel, center: (kernel.length - 1) / 2, step: 1 }];
    };
    const part = apply(
      source,
      box,
      domain,
      [chain(0), chain(1), domain.dimensions === 3 ? chain(2) : []],
      null,
    );
    for (let p = 0; p < sum.length; p++) sum[p] += part[p];
  }
  return sum;
}

/** Gaussians and their second derivatives along each axis, in voxels. */
export function logKernels(
  { spacing }: ImageSource,
  { dimensions }: Domain,
  sigmaMm: number,
  cutoff: number,
): { readonly smooth: Float64Array; readonly curve: Float64Array }[] {
  return spacing.slice(0, dimensions).map((mm) => {
    const sigma = sigmaMm / mm;
    const radius = Math.floor(cutoff * sigma + 0.5);
    const smooth = Float64Array.from(
      { length: 2 * radius + 1 },
      (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)) / (Math.sqrt(2 * Math.PI) * sigma),
    );
    const curve = smooth.map((g, i) => ((((i - radius) / sigma) ** 2 - 1) * g) / (sigma * sigma));
    return { smooth, curve };
  });
}

/** Texture energy: the mean magnitude within `energyRadius` voxels along each axis. */
export interface LawsOptions {
  readonly kernels: readonly Float64Array[];
  readonly pooling: Pooling | null;
  readonly energyRadius: number | null;
}

export function lawsMap(
  source: ImageSource,
  box: IndexBox,
  domain: Domain,
  options: LawsOptions,
): Float64Array {
  const { kernels, pooling, energyRadius } = options;
  const [x, y, z] = kernels.map((kernel): Chain => [{ kernel, center: (kernel.length - 1) / 2, step: 1 }]);
  const filter: [Chain, Chain, Chain] = [x, y, z ?? x];
  if (energyRadius === null) return apply(source, box, domain, filter, pooling);
  const reach = energyRadius;
  const wide = reachedBox(
    box,
    [reach, reach, domain.dimensions === 3 ? reach : 0],
    source.size,
    domain.boundary,
  );
  const voxels = apply(source, wide, domain, filter, pooling).map(Math.abs);
  let field: Field = { voxels, box: wide, imageSize: source.size };
  const stage = meanStage(2 * energyRadius + 1);
  for (const axis of AXES.slice(0, domain.dimensions)) {
    field = filterAxis(field, axis, [stage], [box.low[axis], box.high[axis]], domain.boundary);
  }
  return field.voxels;
}

export const LAWS_KERNELS: Readonly<Record<string, readonly number[] | undefined>> = {
  L3: [1, 2, 1],
  E3: [-1, 0, 1],
  S3: [-1, 2, -1],
  L5: [1, 4, 6, 4, 1],
  E5: [-1, -2, 0, 2, 1],
  S5: [-1, 0, 2, 0, -1],
  W5: [-1, 2, 0, -2, 1],
  R5: [1, -4, 6, -4, 1],
};

/** @param names  E.g. "E5L5S5": along x, y, z. @throws InputError naming the kernel that there is not. */
export function lawsKernels(names: string, dimensions: 2 | 3): Float64Array[] {
  const parts = names.match(/../g) ?? [];
  if (parts.length !== dimensions || parts.join("") !== names) {
    throw new InputError(
      `laws.kernels must name ${dimensions} kernels, one per axis, found "${names}". E.g. "${"E5L5S5".slice(0, 2 * dimensions)}".`,
    );
  }
  return parts.map((name) => {
    const kernel = LAWS_KERNELS[name];
    if (kernel === undefined) {
      throw new InputError(
        `laws.kernels: there is no Laws kernel "${name}". Choose from ${Object.keys(LAWS_KERNELS).join(", ")}.`,
      );
    }
    const norm = Math.hypot(...kernel);
    return Float64Array.from(kernel, (k) => k / norm);
  });
}

export interface WaveletMapOptions {
  readonly wavelet: string;
  /** "L" or "H" for x, y and (in the volume) z. */
  readonly letters: string;
  readonly level: number;
  readonly pooling: Pooling | null;
  /** Between the maps of one filter. */
  readonly shared: SharedSteps;
}

/** Undecimated: the kernels of level j have 2^(j−1) − 1 zeros between their taps ("à trous"), after j − 1 low-passes. */
export function waveletMap(
  source: ImageSource,
  box: IndexBox,
  domain: Domain,
  { wavelet, letters, level, pooling, shared }: WaveletMapOptions,
): Float64Array {
  const { low, high } = waveletKernels(wavelet);
  const stage = (kernel: Float64Array, l: number): Stage => ({
    kernel,
    center: kernel.length / 2,
    step: 2 ** (l - 1),
  });
  const [x, y, z] = [...letters].map((letter): Chain => {
    const before = Array.from({ length: level - 1 }, (_, l) => stage(low, l + 1));
    return [...before, stage(letter === "L" ? low : high, level)];
  });
  if (pooling !== null) return apply(source, box, domain, [x, y, z ?? x], pooling);
  const filter: SeparableFilter = [x, y, domain.dimensions === 3 ? z : null];
  return filterShared(source.field, source.size, box, filter, domain.boundary, shared);
}

const AXES = [0, 1, 2] as const;

function meanStage(support: number): Stage {
  return { kernel: new Float64Array(support).fill(1 / support), center: (support - 1) / 2, step: 1 };
}

function apply(
  source: ImageSource,
  box: IndexBox,
  { boundary, dimensions }: { readonly boundary: Boundary; readonly dimensions: 2 | 3 },
  [x, y, z]: readonly [Chain, Chain, Chain],
  pooling: Pooling | null,
): Float64Array {
  const filter: SeparableFilter = [x, y, dimensions === 3 ? z : null];
  return filterSeparably(source.field, source.size, box, filter, boundary, pooling);
}

function boxCount({ low, high }: IndexBox): number {
  return (high[0] - low[0] + 1) * (high[1] - low[1] + 1) * (high[2] - low[2] + 1);
}
