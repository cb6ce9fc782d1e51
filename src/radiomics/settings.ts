/**
 * What a person may choose about a feature extraction, with defaults filled in and nonsense refused.
 *
 * Layer:  radiomics; imports core, volume (types), catalogue (types), filters.
 */
import { InputError } from "../core/errors.js";
import type { Vec3 } from "../core/geometry.js";
import { nearest } from "../core/nearest.js";
import { type Interpolation, toVec3 } from "../volume/resample.js";
import type { Family } from "./catalogue.js";
import type { Filter } from "./filters/options.js";
import { responseMaps } from "./filters/response-maps.js";

/**
 * How texture matrices of several directions and slices become one value; IBSI's names. Families without directions
 * (GLSZM, GLDZM, NGTDM, NGLDM) only heed the first word: by slice, merged over slices, in the volume.
 */
export type Aggregation =
  | "2D averaged"
  | "2D slice-merged"
  | "2.5D direction-merged"
  | "2.5D merged"
  | "3D averaged"
  | "3D merged";

export const AGGREGATIONS: readonly Aggregation[] = [
  "2D averaged",
  "2D slice-merged",
  "2.5D direction-merged",
  "2.5D merged",
  "3D averaged",
  "3D merged",
];

export const FAMILIES: readonly Family[] = [
  "morphology",
  "local intensity",
  "intensity statistics",
  "intensity histogram",
  "intensity-volume histogram",
  "GLCM",
  "GLRLM",
  "GLSZM",
  "GLDZM",
  "NGTDM",
  "NGLDM",
];

/** Bins of a fixed width (in the image's unit), counted from `from`, or a fixed number of bins. */
export type Binning = { readonly binWidth: number; readonly from?: number } | { readonly binCount: number };

export interface ResampleOptions {
  /** Voxel spacing in mm, one number or one per axis. */
  readonly spacing: number | Vec3;
  /** Default "linear"; "cubic" is the B-spline. The mask is interpolated the same way, but never cubic, and is inside from ½. */
  readonly interpolation?: Interpolation;
  /** Round to whole intensities after interpolating. Default: yes for CT, no otherwise. */
  readonly round?: boolean;
}

export interface ResegmentOptions {
  /** Keep intensities in [low, high], both included. */
  readonly range?: readonly [number, number];
  /** Then keep intensities within this many standard deviations (over N) of the mean. */
  readonly sigma?: number;
}

export interface ExtractorOptions {
  /** Definitions to follow. Default "ibsi"; for "pyradiomics" see `PyradiomicsOptions`. */
  readonly convention?: "ibsi";
  /** Default: the scan's own grid. */
  readonly resample?: ResampleOptions;
  /** Default: keep every voxel of the region. Acts on the intensity mask, never on the morphological one. */
  readonly resegment?: ResegmentOptions;
  /** Default: width 25 for scans in HU, else 32 bins. `from` is by default the low end of the range, else the region's minimum. */
  readonly discretize?: Binning;
  /** Bins of the intensity–volume histogram. Default: none for whole intensities, else 1000 bins. */
  readonly volumeHistogram?: Binning;
  /** Default: all. */
  readonly families?: readonly Family[];
  /** Default "3D merged". */
  readonly aggregation?: Aggregation | readonly Aggregation[];
  /** Names or IBSI codes of features to leave out, e.g. the slow `morph_moran_i`. Default: none. */
  readonly omit?: readonly string[];
  /**
   * Images to compute features on: the scan and response maps of filters. A map has all families but morphology, under names
   * that begin with its own (`log-3mm_stat_mean`); it is cut out by the intensity mask of the scan, and has 32 bins unless
   * `discretize` says otherwise. Default: the scan.
   */
  readonly filters?: readonly ("original" | Filter)[];
}

/** Options as checked, with every default that does not depend on the scan filled in. */
export interface Settings {
  readonly convention: "ibsi";
  readonly resample?: {
    readonly spacing: Vec3;
    readonly interpolation: Interpolation;
    readonly round?: boolean;
  };
  readonly resegment: ResegmentOptions;
  readonly discretize?: Binning;
  readonly volumeHistogram?: Binning;
  readonly families: readonly Family[];
  readonly aggregations: readonly Aggregation[];
  readonly omit: readonly string[];
  readonly filters: readonly ("original" | Filter)[];
}

/** @throws InputError naming the option at fault, what was found and what is possible. */
export function checkSettings(options: ExtractorOptions): Settings {
  const known = [
    "convention",
    "resample",
    "resegment",
    "discretize",
    "volumeHistogram",
    "families",
    "aggregation",
    "omit",
    "filters",
  ];
  refuseUnknown("extractor", options, known);
  if (options.convention !== undefined) oneOf("convention", options.convention, ["ibsi", "pyradiomics"]);
  const families = options.families ?? FAMILIES;
  for (const family of families) oneOf("families", family, FAMILIES);
  const chosen = options.aggregation ?? "3D merged";
  const aggregations = typeof chosen === "string" ? [chosen] : chosen;
  for (const aggregation of aggregations) oneOf("aggregation", aggregation, AGGREGATIONS);
  const filters = options.filters ?? ["original"];
  for (const filter of filters) if (filter !== "original") checkSameGrid(filter);
  checkResegment(options.resegment ?? {});
  if (options.discretize !== undefined) checkBinning("discretize", options.discretize);
  if (options.volumeHistogram !== undefined) checkBinning("volumeHistogram", options.volumeHistogram);
  return {
    convention: "ibsi",
    ...(options.resample && { resample: checkResample(options.resample) }),
    resegment: options.resegment ?? {},
    ...(options.discretize && { discretize: options.discretize }),
    ...(options.volumeHistogram && { volumeHistogram: options.volumeHistogram }),
    // The catalogue's order, each once, however they were asked for.
    families: FAMILIES.filter((family) => families.includes(family)),
    aggregations: AGGREGATIONS.filter((aggregation) => aggregations.includes(aggregation)),
    omit: options.omit ?? [],
    filters,
  };
}

/** @throws InputError if a map of the filter lies on another grid than the scan, or as `responseMaps`. */
export function checkSameGrid(filter: Filter): void {
  for (const { name, decimation } of responseMaps(filter)) {
    if (decimation.every((step) => step === 1)) continue;
    throw new InputError(
      `filters: "${name}" lies on a coarser grid than the scan and its mask. Leave decimated out, or use radiomics.filter.`,
    );
  }
}

function checkResample(options: ResampleOptions): NonNullable<Settings["resample"]> {
  refuseUnknown("resample", options, ["spacing", "interpolation", "round"]);
  const spacing = toVec3(options.spacing);
  if (spacing.length !== 3 || spacing.some((s) => !(s > 0 && Number.isFinite(s)))) {
    throw new InputError(
      `resample.spacing must be positive mm, one number or three, found ${String(options.spacing)}. Typical are 1 to 3 mm.`,
    );
  }
  const interpolation = options.interpolation ?? "linear";
  oneOf("resample.interpolation", interpolation, ["linear", "nearest", "cubic"]);
  return { spacing, interpolation, ...(options.round !== undefined && { round: options.round }) };
}

function checkResegment(options: ResegmentOptions): void {
  refuseUnknown("resegment", options, ["range", "sigma"]);
  if (options.range !== undefined) {
    const [low, high] = options.range;
    // One end may be infinite: "everything above -500".
    if (!(low < high)) {
      throw new InputError(
        `resegment.range must be [low, high] with low < high, found [${low}, ${high}]. For lung CT use e.g. [-1000, 400].`,
      );
    }
  }
  if (options.sigma !== undefined && !(options.sigma > 0 && Number.isFinite(options.sigma))) {
    throw new InputError(
      `resegment.sigma must be a positive number, found ${options.sigma}. The usual choice is 3.`,
    );
  }
}

function checkBinning(option: string, binning: Binning): void {
  refuseUnknown(option, binning, ["binWidth", "binCount", "from"]);
  if ("binWidth" in binning === "binCount" in binning) {
    throw new InputError(
      `${option} needs either binWidth or binCount, found ${JSON.stringify(binning)}. E.g. { binWidth: 25 }.`,
    );
  }
  if ("binWidth" in binning) {
    if (!(binning.binWidth > 0 && Number.isFinite(binning.binWidth))) {
      throw new InputError(
        `${option}.binWidth must be positive, found ${binning.binWidth}. For CT 25 HU is usual.`,
      );
    }
    if (binning.from !== undefined && !Number.isFinite(binning.from)) {
      throw new InputError(
        `${option}.from must be finite, found ${binning.from}. Leave it out for the default.`,
      );
    }
  } else if (!Number.isInteger(binning.binCount) || binning.binCount < 1) {
    throw new InputError(
      `${option}.binCount must be a whole number from 1, found ${binning.binCount}. 32 is usual.`,
    );
  }
}

function refuseUnknown(what: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    const hint = near === null ? "" : ` Did you mean "${near}"?`;
    throw new InputError(`${what} has no option "${key}".${hint} It has ${known.join(", ")}.`);
  }
}

function oneOf(option: string, found: string, possible: readonly string[]): void {
  if (possible.includes(found)) return;
  throw new InputError(`${option} cannot be "${found}". Choose from "${possible.join('", "')}".`);
}
