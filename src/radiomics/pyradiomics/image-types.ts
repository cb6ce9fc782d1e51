/**
 * PyRadiomics' image types: which filters a parameter file asks for, with their options checked.
 *
 * Source: PyRadiomics 3.1, schema of its parameter files and defaults of its filters.
 * Layer:  radiomics; imports filters/wavelet-kernels, the filters' options (types), setting-reader.
 */
import { waveletKernels } from "../filters/wavelet-kernels.js";
import type { Binary2dOptions } from "./filters/local-binary-2d.js";
import type { Binary3dOptions } from "./filters/local-binary-3d.js";
import type { WaveletOptions } from "./filters/stationary-wavelet.js";
import { readSetting, refuse, refuseUnknown } from "./setting-reader.js";

export const IMAGE_TYPES = [
  "Original",
  "LoG",
  "Wavelet",
  "Square",
  "SquareRoot",
  "Logarithm",
  "Exponential",
  "Gradient",
  "LBP2D",
  "LBP3D",
] as const;

export type ImageType = (typeof IMAGE_TYPES)[number];

/** Options of all filters, as PyRadiomics spells them. */
export interface PyradiomicsFilters
  extends Omit<Binary2dOptions, "across">,
    Binary3dOptions,
    Omit<WaveletOptions, "axes"> {
  /** mm. */
  readonly sigma: readonly number[];
  readonly gradientUseSpacing: boolean;
}

/** Keys of `setting` or of an image type that belong to filters. */
export const FILTER_KEYS: readonly string[] = [
  "sigma",
  "wavelet",
  "level",
  "start_level",
  "gradientUseSpacing",
  "lbp2DRadius",
  "lbp2DSamples",
  "lbp2DMethod",
  "lbp3DLevels",
  "lbp3DIcosphereRadius",
  "lbp3DIcosphereSubdivision",
];

/** Keys that an image type may set anew for its own features. */
export const KEYS_PER_IMAGE: readonly string[] = [
  "binWidth",
  "binCount",
  "force2D",
  "force2Ddimension",
  "voxelArrayShift",
  "weightingNorm",
  "distances",
  "symmetricalGLCM",
  "gldm_a",
];

/** @throws InputError naming the image type or key at fault, and what is possible. */
export function checkImageType(name: string, own: object): asserts name is ImageType {
  if (!IMAGE_TYPES.some((type) => type === name)) refuseUnknown("imageType", { [name]: own }, IMAGE_TYPES);
  refuseUnknown(`imageType.${name}`, own, [...FILTER_KEYS, ...KEYS_PER_IMAGE]);
}

/** @param setting  What holds for the image: `setting` with the image type's own keys. */
export function checkFilters(
  type: ImageType,
  setting: Readonly<Record<string, unknown>>,
): PyradiomicsFilters {
  const take = readSetting(setting);
  const whole = (key: string, otherwise: number, from: number, to: number): number =>
    take.number(
      key,
      otherwise,
      (v) => Number.isInteger(v) && v >= from && v <= to,
      `a whole number from ${from} to ${to}`,
    ) as number;
  const positive = (key: string): number =>
    take.number(key, 1, (v) => v > 0, "a positive number of voxels") as number;
  const sigma = setting.sigma ?? [];
  const isList = Array.isArray(sigma) && sigma.every((s) => typeof s === "number" && s > 0 && s < Infinity);
  if (!isList || (type === "LoG" && sigma.length === 0)) {
    refuse("imageType.LoG sigma", setting.sigma ?? null, "a list of positive numbers in mm, e.g. [1, 3]");
  }
  const wavelet = setting.wavelet ?? "coif1";
  if (typeof wavelet !== "string") refuse("wavelet", wavelet, 'a name, e.g. "coif1"');
  waveletKernels(wavelet);
  return {
    sigma,
    wavelet,
    level: whole("level", 1, 1, 10),
    start_level: whole("start_level", 0, 0, 10),
    gradientUseSpacing: take.flag("gradientUseSpacing", true),
    lbp2DRadius: positive("lbp2DRadius"),
    lbp2DSamples: whole("lbp2DSamples", 8, 1, 32),
    lbp2DMethod: take.choice("lbp2DMethod", "uniform", ["default", "ror", "uniform"]),
    lbp3DLevels: whole("lbp3DLevels", 2, 1, 10),
    lbp3DIcosphereRadius: positive("lbp3DIcosphereRadius"),
    lbp3DIcosphereSubdivision: whole("lbp3DIcosphereSubdivision", 1, 0, 3),
  };
}
