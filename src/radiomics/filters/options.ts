/**
 * What a person may choose about image filters.
 *
 * Layer:  radiomics; imports field (types), rotations (types).
 */
import type { Boundary } from "./field.js";
import type { Pooling } from "./rotations.js";

/** What every filter may be told. */
export interface DomainOptions {
  /** How the image goes on beyond its border. Default "mirror". */
  readonly boundary?: Boundary;
  /** 2 filters slice by slice. Default 3. */
  readonly dimensions?: 2 | 3;
}

export type Domain = Required<DomainOptions>;

/** Orders of a Riesz transform along x, y, z; all 0 is none. */
export type RieszOrders = readonly [number, number, number];

/** Mean filter, IBSI S60F. */
export interface MeanOptions extends DomainOptions {
  /** Voxels along each axis, odd. */
  readonly support: number;
}

/** Laplacian of Gaussian, IBSI L6PA. On voxels that are not isotropic each axis counts in its own voxels: resample first. */
export interface LogOptions extends DomainOptions {
  /** Standard deviation; a list gives one map for each. */
  readonly sigmaMm: number | readonly number[];
  /** Standard deviations at which the kernel is cut. Default 4. */
  readonly cutoff?: number;
  /** Orders of a Riesz transform (IBSI AYRS) along x, y, z. Default: none. */
  readonly riesz?: RieszOrders;
}

/** Laws' kernels, IBSI JTXT. */
export interface LawsFilterOptions extends DomainOptions {
  /** One kernel per axis, x first: "E5L5S5", by slice "L5E5". Of L5, E5, S5, W5, R5, L3, E3, S3, each of norm 1. */
  readonly kernels: string;
  /** Pools the response over right-angled rotations. Default: no rotation. */
  readonly rotationInvariant?: Pooling;
  /** Texture energy (IBSI PQSD): mean magnitude within this many voxels (δ). Default: the response itself. */
  readonly energyRadius?: number;
}

/** Gabor filter, IBSI Q88H: the magnitude of the response. */
export interface GaborOptions extends DomainOptions {
  readonly sigmaMm: number;
  readonly wavelengthMm: number;
  /** γ: the Gaussian is σ long along the wave and σ/γ across. Default 1. */
  readonly aspect?: number;
  /** Direction of the wave in the plane, from the first axis to the second. Default 0. */
  readonly thetaDegrees?: number;
  /** Instead: directions at this distance round the circle, pooled. A divisor of 360. */
  readonly thetaStepDegrees?: number;
  /** Default "average". */
  readonly pooling?: Pooling;
}

/** Separable wavelet, IBSI 25BO, undecimated. */
export interface WaveletFilterOptions extends DomainOptions {
  /** "haar", "db2" to "db10", "sym2" to "sym8", "coif1" to "coif5". */
  readonly name: string;
  /** "LLH": low-pass along x and y, high-pass along z. Default: all of them, the approximation (LLL) last. */
  readonly map?: string | readonly string[];
  /** Decomposition, from 1. Default 1. */
  readonly level?: number;
  /** Pools the response over right-angled rotations. Default: no rotation. */
  readonly rotationInvariant?: Pooling;
  /** Keep every 2^level-th voxel only. Such a map lies on a grid of its own: for `filter`, not for `extractor`. Default false. */
  readonly decimated?: boolean;
}

/** Simoncelli's wavelet, IBSI PRT7. */
export interface SimoncelliOptions extends DomainOptions {
  /** From 1, the highest frequencies. Default 1. */
  readonly level?: number;
  /** Orders of a Riesz transform (IBSI AYRS) along x, y, z. Default: none. */
  readonly riesz?: RieszOrders;
}

/** One filter. A wavelet may be given by its name alone. Gabor in 3 dimensions is pooled over the three planes of the grid. */
export type Filter =
  | { readonly mean: MeanOptions }
  | { readonly log: LogOptions }
  | { readonly laws: LawsFilterOptions }
  | { readonly gabor: GaborOptions }
  | { readonly wavelet: string | WaveletFilterOptions }
  | { readonly simoncelli: SimoncelliOptions };
