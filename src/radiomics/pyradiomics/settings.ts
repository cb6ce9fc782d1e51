/**
 * PyRadiomics' parameters: what its parameter files hold, with its defaults, and what cannot be done refused by name.
 *
 * Source: PyRadiomics 3.1, schema of its parameter files.
 * Layer:  radiomics; imports catalogue, image-types, setting-reader.
 */
import type { ParameterFile } from "../../core/parameter-file.js";
import { FEATURE_CLASSES, type FeatureClass, namesOf } from "./catalogue.js";
import {
  checkFilters,
  checkImageType,
  FILTER_KEYS,
  type ImageType,
  type PyradiomicsFilters,
} from "./image-types.js";
import { readSetting, refuse, refuseUnknown } from "./setting-reader.js";

/** The keys of `setting`, as PyRadiomics spells them. Unset or null means PyRadiomics' default, given here. */
export interface PyradiomicsSetting {
  /** Width of bins whose edges are multiples of it. Default 25. */
  readonly binWidth?: number | null;
  /** Number of bins; goes before `binWidth`. */
  readonly binCount?: number | null;
  /** z-score over the whole image. Default false. */
  readonly normalize?: boolean | null;
  /** Factor after normalizing. Default 1. */
  readonly normalizeScale?: number | null;
  /** Clips at this many standard deviations after normalizing. */
  readonly removeOutliers?: number | null;
  /** mm along x, y, z; 0 keeps an axis. */
  readonly resampledPixelSpacing?: readonly number[] | null;
  /** Default "sitkBSpline"; also "sitkLinear" and "sitkNearestNeighbor", or SimpleITK's numbers 3, 2, 1. */
  readonly interpolator?: string | number | null;
  /** Voxels around the region that are resampled. Default 5. */
  readonly padDistance?: number | null;
  /** [low] or [low, high]. */
  readonly resegmentRange?: readonly number[] | null;
  /** Default "absolute". "relative": shares of the maximum; "sigma": standard deviations around the mean. */
  readonly resegmentMode?: "absolute" | "relative" | "sigma" | null;
  /**
   * Shape features of the re-segmented region. Default false: those of the region as drawn, as PyRadiomics documents it;
   * PyRadiomics 3.1 itself loses the parts of it that lie outside the box around the re-segmented region.
   */
  readonly resegmentShape?: boolean | null;
  /** Texture within slices only. Default false. */
  readonly force2D?: boolean | null;
  /** Axis across the slices: 0 is z, 1 is y, 2 is x. Default 0. */
  readonly force2Ddimension?: number | null;
  /** Default 2. */
  readonly minimumROIDimensions?: number | null;
  readonly minimumROISize?: number | null;
  /** Added to intensities in Energy, TotalEnergy and RootMeanSquared. Default 0. */
  readonly voxelArrayShift?: number | null;
  /** How directions of GLCM and GLRLM are weighted before they are merged. Default: not merged, but averaged. */
  readonly weightingNorm?: "manhattan" | "euclidean" | "infinity" | "no_weighting" | null;
  readonly [key: string]: unknown;
}

/** The content of a parameter file. */
export interface PyradiomicsParameters {
  readonly setting?: PyradiomicsSetting | null;
  /**
   * Names of images to options: Original, LoG (sigma: list in mm), Wavelet, Square, SquareRoot, Logarithm, Exponential,
   * Gradient, LBP2D, LBP3D. Options may also be keys of `setting`, such as binWidth, that hold for this image alone.
   * Default: the original one.
   */
  readonly imageType?: Readonly<Record<string, object | null>> | null;
  /**
   * Classes of features to names of features; null or an empty list means all. Default: all but shape2D. Shape is of the region,
   * whichever images are asked for; its names begin with "original".
   */
  readonly featureClass?: Readonly<Record<string, readonly string[] | null>> | null;
  /** How PyRadiomics makes voxel-wise maps; without effect on the features of a region. */
  readonly voxelSetting?: Readonly<Record<string, unknown>> | null;
}

/** An extraction by PyRadiomics' definitions, under its names. */
export interface PyradiomicsOptions {
  readonly convention: "pyradiomics";
  /** What a parameter file holds, or the file itself as `io.readParameters` gives it. Default: PyRadiomics' defaults. */
  readonly parameters?: PyradiomicsParameters | ParameterFile;
  /**
   * SimpleITK keeps whole numbers whole when it resamples a file that stores integers, and computes wavelets of them in
   * double precision. Default: it does if every voxel is a whole number; say false for a file that stores whole numbers as
   * floats, "unsigned" for one of unsigned integers: what a spline makes of it below 0 becomes 0.
   */
  readonly storedIntegers?: StoredIntegers;
  /**
   * Number of bins of single classes of features, before what the parameters say, e.g. { glszm: 32 }. PyRadiomics needs an
   * extractor for each.
   */
  readonly binCounts?: Readonly<Partial<Record<BinnedClass, number>>>;
  /** Adds the six features of `radiomics.marginCatalogue`, which PyRadiomics does not have. Default false. */
  readonly margin?: boolean;
}

/** Classes of features that need grey levels. */
export type BinnedClass = Exclude<FeatureClass, "shape" | "shape2D">;

/** See `PyradiomicsOptions`. */
export type StoredIntegers = boolean | "unsigned";

/** Parameters as checked, with PyRadiomics' defaults. */
export interface PyradiomicsSettings {
  readonly convention: "pyradiomics";
  readonly binWidth: number;
  readonly binCount: number | null;
  readonly normalize: boolean;
  readonly normalizeScale: number;
  readonly removeOutliers: number | null;
  readonly resampledPixelSpacing: readonly number[] | null;
  readonly interpolator: "nearest" | "linear" | "cubic";
  readonly padDistance: number;
  readonly resegmentRange: readonly number[] | null;
  readonly resegmentMode: "absolute" | "relative" | "sigma";
  readonly resegmentShape: boolean;
  readonly force2D: boolean;
  readonly force2Ddimension: number;
  readonly minimumROIDimensions: number;
  readonly minimumROISize: number | null;
  readonly voxelArrayShift: number;
  readonly weightingNorm: "manhattan" | "euclidean" | "infinity" | "no_weighting" | null;
  /** Names of features by class, in the catalogue's order. */
  readonly features: ReadonlyMap<FeatureClass, readonly string[]>;
  /** See `PyradiomicsOptions`; unset if all classes have the same bins. */
  readonly binCounts?: Readonly<Partial<Record<BinnedClass, number>>>;
  /** See `PyradiomicsOptions`; unset if there are none. */
  readonly margin?: true;
}

/** One image type and what holds for it alone. */
export interface ImageRequest {
  readonly type: ImageType;
  readonly filter: PyradiomicsFilters;
  readonly settings: PyradiomicsSettings;
}

/** Parameters with the images that they ask for. */
export interface CheckedParameters {
  /** What holds for every image unless it says otherwise. */
  readonly settings: PyradiomicsSettings;
  readonly images: readonly ImageRequest[];
}

const RESEGMENT_MODES = ["absolute", "relative", "sigma"] as const;

const WEIGHTING_NORMS = ["manhattan", "euclidean", "infinity", "no_weighting"] as const;

const INTERPOLATORS: Readonly<Record<string, PyradiomicsSettings["interpolator"]>> = {
  sitkNearestNeighbor: "nearest",
  sitkLinear: "linear",
  sitkBSpline: "cubic",
  1: "nearest",
  2: "linear",
  3: "cubic",
};

/** Keys that change nothing here: masks are read with a label and checked against the scan's grid before. */
const WITHOUT_EFFECT = [
  "additionalInfo",
  "geometryTolerance",
  "correctMask",
  "label",
  "label_channel",
  "preCrop",
  "enableCExtensions",
];

const VOXEL_KEYS = ["kernelRadius", "maskedKernel", "initValue", "voxelBatch"];

/** Keys that PyRadiomics knows and that are only possible at their default. */
const FIXED: Readonly<Record<string, unknown>> = { distances: [1], symmetricalGLCM: true, gldm_a: 0 };

/** @throws InputError as `checkParameters`, or if an option is unknown. */
export function checkPyradiomicsOptions(options: PyradiomicsOptions): {
  parameters: CheckedParameters;
  storedIntegers: StoredIntegers | undefined;
} {
  refuseUnknown("options", options, ["convention", "parameters", "storedIntegers", "binCounts", "margin"]);
  const stored = options.storedIntegers;
  if (stored !== undefined && typeof stored !== "boolean" && stored !== "unsigned") {
    refuse("storedIntegers", stored, 'true, false or "unsigned"');
  }
  // A file was unpacked before.
  const { settings, images } = checkParameters((options.parameters ?? {}) as PyradiomicsParameters);
  const beyond = checkBeyond(options);
  const parameters: CheckedParameters = {
    settings: { ...settings, ...beyond },
    images: images.map((image) => ({ ...image, settings: { ...image.settings, ...beyond } })),
  };
  return { parameters, storedIntegers: options.storedIntegers };
}

/** What no parameter file can say. */
function checkBeyond({
  binCounts,
  margin = false,
}: PyradiomicsOptions): Pick<PyradiomicsSettings, "binCounts" | "margin"> {
  const binned = FEATURE_CLASSES.filter((featureClass) => !featureClass.startsWith("shape"));
  refuseUnknown("binCounts", binCounts ?? {}, binned);
  for (const [featureClass, count] of Object.entries(binCounts ?? {})) {
    if (!Number.isInteger(count) || count < 1)
      refuse(`binCounts.${featureClass}`, count, "a whole number from 1");
  }
  if (typeof margin !== "boolean") refuse("margin", margin, "true or false");
  return { ...(binCounts && { binCounts }), ...(margin && { margin }) };
}

/** @throws InputError naming the key at fault, what was found and what is possible. */
export function checkParameters(parameters: PyradiomicsParameters): CheckedParameters {
  refuseUnknown("parameters", parameters, ["setting", "imageType", "featureClass", "voxelSetting"]);
  checkShapes(parameters);
  refuseUnknown("voxelSetting", parameters.voxelSetting ?? {}, VOXEL_KEYS);
  const setting = parameters.setting ?? {};
  const features = chosenFeatures(parameters.featureClass ?? null);
  const types = Object.entries(parameters.imageType ?? { Original: null });
  const images = types.map(([type, options]) => {
    const own = options ?? {};
    checkImageType(type, own);
    const merged = { ...setting, ...own };
    return { type, filter: checkFilters(type, merged), settings: checkSetting(merged, features) };
  });
  return { settings: checkSetting(setting, features), images };
}

/** A file may hold anything where keys are expected. */
function checkShapes(parameters: PyradiomicsParameters): void {
  for (const [part, found] of Object.entries(parameters)) {
    const isKeys = typeof found === "object" && !Array.isArray(found);
    if (!isKeys) refuse(part, found, "keys and values, or nothing");
  }
  for (const [type, own] of Object.entries(parameters.imageType ?? {})) {
    if (typeof own !== "object" || Array.isArray(own))
      refuse(`imageType.${type}`, own, "{} or keys and values");
  }
  for (const [featureClass, names] of Object.entries(parameters.featureClass ?? {})) {
    if (names !== null && !Array.isArray(names))
      refuse(`featureClass.${featureClass}`, names, "a list of names, or nothing");
  }
  for (const key of ["resampledPixelSpacing", "resegmentRange"] as const) {
    const found = parameters.setting?.[key] ?? [];
    const isNumbers = Array.isArray(found) && found.every((value) => typeof value === "number");
    if (!isNumbers) refuse(key, found, "a list of numbers");
  }
}

function checkSetting(
  setting: PyradiomicsSetting,
  features: ReadonlyMap<FeatureClass, readonly string[]>,
): PyradiomicsSettings {
  const take = readSetting(setting);
  const spacing = setting.resampledPixelSpacing ?? null;
  if (spacing !== null && !(spacing.length === 3 && spacing.every((s) => s >= 0 && Number.isFinite(s)))) {
    refuse("resampledPixelSpacing", spacing, "three numbers in mm, 0 or more");
  }
  const range = setting.resegmentRange ?? null;
  if (
    range !== null &&
    !((range.length === 1 || range.length === 2) && range.every((v) => !Number.isNaN(v)))
  ) {
    refuse("resegmentRange", range, "one or two numbers");
  }
  const interpolator = INTERPOLATORS[String(setting.interpolator ?? "sitkBSpline")];
  if (interpolator === undefined) {
    refuse("interpolator", setting.interpolator, "sitkNearestNeighbor, sitkLinear or sitkBSpline");
  }
  const checked: PyradiomicsSettings = {
    convention: "pyradiomics",
    binWidth: take.number("binWidth", 25, (v) => v > 0, "a positive number") as number,
    binCount: take.number("binCount", null, (v) => v >= 1 && Number.isInteger(v), "a whole number from 1"),
    normalize: take.flag("normalize", false),
    normalizeScale: take.number("normalizeScale", 1, (v) => v > 0, "a positive number") as number,
    removeOutliers: take.number("removeOutliers", null, (v) => v > 0, "a positive number"),
    resampledPixelSpacing: spacing,
    interpolator,
    padDistance: take.number(
      "padDistance",
      5,
      (v) => v >= 0 && Number.isInteger(v),
      "a whole number from 0",
    ) as number,
    resegmentRange: range,
    resegmentMode: take.choice("resegmentMode", "absolute", RESEGMENT_MODES),
    resegmentShape: take.flag("resegmentShape", false),
    force2D: take.flag("force2D", false),
    force2Ddimension: take.number("force2Ddimension", 0, (v) => [0, 1, 2].includes(v), "0, 1 or 2") as number,
    minimumROIDimensions: take.number(
      "minimumROIDimensions",
      2,
      (v) => [1, 2, 3].includes(v),
      "1, 2 or 3",
    ) as number,
    minimumROISize: take.number("minimumROISize", null, (v) => v > 0, "a positive number"),
    voxelArrayShift: take.number("voxelArrayShift", 0, () => true, "a number") as number,
    weightingNorm: take.choice("weightingNorm", null, WEIGHTING_NORMS),
    features,
  };
  const known = [...Object.keys(checked), ...Object.keys(FIXED), ...FILTER_KEYS, ...WITHOUT_EFFECT];
  refuseUnknown(
    "setting",
    setting,
    known.filter((key) => !["convention", "features"].includes(key)),
  );
  for (const [key, value] of Object.entries(FIXED)) {
    const found = setting[key] ?? value;
    if (JSON.stringify(found) !== JSON.stringify(value))
      refuse(key, found, `${JSON.stringify(value)}, its default`);
  }
  return checked;
}

function chosenFeatures(
  chosen: Readonly<Record<string, readonly string[] | null>> | null,
): Map<FeatureClass, readonly string[]> {
  const byDefault = FEATURE_CLASSES.filter((featureClass) => featureClass !== "shape2D");
  const classes: Readonly<Record<string, readonly string[] | null>> =
    chosen ?? Object.fromEntries(byDefault.map((featureClass) => [featureClass, null]));
  refuseUnknown("featureClass", classes, FEATURE_CLASSES);
  const features = new Map<FeatureClass, readonly string[]>();
  for (const featureClass of FEATURE_CLASSES) {
    const names = classes[featureClass];
    if (names === undefined) continue;
    const known = namesOf(featureClass);
    for (const name of names ?? []) {
      if (!known.includes(name)) refuse(`featureClass.${featureClass}`, name, known.join(", "));
    }
    features.set(
      featureClass,
      known.filter((name) => !names?.length || names.includes(name)),
    );
  }
  return features;
}
