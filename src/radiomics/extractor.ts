/**
 * Feature extraction: settings in, a function from scan and mask to features out.
 *
 * Layer:  radiomics; imports core, volume, and every family.
 */
import { InputError } from "../core/errors.js";
import type { ParameterFile } from "../core/parameter-file.js";
import type { ExtractedFeatures } from "../table/extracted-features.js";
import type { Mask } from "../volume/mask.js";
import { Volume } from "../volume/volume.js";
import { catalogue } from "./catalogue.js";
import { type CohortExtractOptions, extractCohort, type Patients } from "./cohort-extract.js";
import { FeatureSet } from "./feature-set.js";
import { filteredRegion } from "./filters/region.js";
import { type ResponseMap, responseMaps } from "./filters/response-maps.js";
import type { IbsiImage, IbsiImages } from "./image-features.js";
import { computeImages, threadsFor } from "./image-work.js";
import { PEAK_RADIUS_MM } from "./local-intensity.js";
import { plainOptions } from "./plain-options.js";
import { extractLikePyradiomics } from "./pyradiomics/extract.js";
import { checkPyradiomicsOptions, type PyradiomicsOptions } from "./pyradiomics/settings.js";
import { makeRegion, type Region } from "./region.js";
import { checkSettings, type ExtractorOptions, type Settings } from "./settings.js";

export interface ExtractOptions {
  /** Names the row, e.g. a patient's pseudonym. Default: the mask's name. */
  readonly id?: string;
  /**
   * Threads that compute the images of one large region side by side, this one counted. The values are the same for any number.
   * Default: one for each core, up to four; one inside of a thread, as in the extraction of a cohort.
   */
  readonly workers?: number;
}

/**
 * Computes features: of a region of a scan at once, `extract(ct, gtv)`, or of a whole cohort in threads,
 * `await extract(cohort, { workers: 2 })`. One signature, not two, so that a wrong argument is marked where it stands.
 *
 * A cohort has columns that name files; patients may also come as a list or stream: `[{ id: "P1", image: "ct.nii.gz", mask: "gtv.nii.gz" }]`.
 * The table has a row for each, in their order; those that fail are in its `failures`, with the reason. It throws InputError if an option
 * makes no sense or an id is missing or repeated, and the signal's reason if that cancels.
 */
export type Extractor = <Source extends Volume | Patients>(
  source: Source,
  ...rest: Source extends Volume ? [mask: Mask, options?: ExtractOptions] : [options?: CohortExtractOptions]
) => Source extends Volume ? FeatureSet : Promise<ExtractedFeatures>;

/** Computes the features of a region of a scan. */
type ExtractOne = (volume: Volume, mask: Mask, options?: ExtractOptions) => FeatureSet;

/**
 * Prepares an extraction. Steps, as IBSI orders them: resample scan and mask, round CT to whole HU, keep the shape as
 * morphological mask, re-segment a copy as intensity mask, discretize, compute.
 *
 * @param options  See `ExtractorOptions` and `PyradiomicsOptions` for each default; or a file of `ExtractorOptions` in YAML or JSON. With none: original grid, no re-segmentation, bins of
 *                 25 HU (32 bins if the unit is not HU), all families, texture in 3D merged.
 * @returns A function that may be used for any number of scans. It throws InputError if scan and mask lie on
 *          different grids, the region is empty (also after resampling or re-segmentation), a voxel of it is not finite,
 *          or the bins do not suit its intensities.
 * @throws InputError if an option is unknown or out of range.
 *
 * @example
 * const extract = radiomics.extractor({ resample: { spacing: 2 }, resegment: { range: [-1000, 400] }, discretize: { binWidth: 25 } });
 * extract(ct, gtv, { id: "LUNG1-001" }).value("morph_volume");
 * const features = await extract(cohort, { workers: 2, journal: "features.journal" });
 */
export function extractor(options: ExtractorOptions | PyradiomicsOptions | ParameterFile = {}): Extractor {
  const plain = plainOptions(options);
  const extractOne = plain.convention === "pyradiomics" ? pyradiomicsExtractor(plain) : ibsiExtractor(plain);
  const extract = (first: Volume | Patients, second?: unknown, third?: ExtractOptions): unknown =>
    first instanceof Volume
      ? extractOne(first, second as Mask, third)
      : extractCohort(plain, first, second as CohortExtractOptions | undefined);
  return extract as Extractor;
}

function ibsiExtractor(options: ExtractorOptions): ExtractOne {
  const settings = checkSettings(options);
  const omitted = omittedNames(settings.omit);
  return (volume, mask, { id = mask.name, workers } = {}) => {
    const marginMm = settings.families.includes("local intensity") ? PEAK_RADIUS_MM : 0;
    const region = makeRegion(volume, mask, settings, marginMm);
    const maps = settings.filters.flatMap((filter): ("original" | ResponseMap)[] =>
      filter === "original" ? [filter] : responseMaps(filter),
    );
    const common: IbsiImages = { convention: "ibsi", region, settings, omitted };
    const images = ibsiImages(volume, region, settings, maps);
    const threads = threadsFor(workers, maps.length > 1, region.positions.length);
    const features = computeImages({ common, images }, threads);
    return new FeatureSet(id, features, {
      settings,
      volume: volume.name,
      mask: mask.name,
      shapeVoxels: region.shapeVoxels,
      intensityVoxels: region.positions.length,
      spacingMm: [...region.geometry.spacing],
    });
  };
}

/** A response has no unit, and shape belongs to the scan itself. */
function* ibsiImages(
  volume: Volume,
  region: Region,
  settings: Settings,
  maps: readonly ("original" | ResponseMap)[],
): Generator<IbsiImage> {
  const families = settings.families.filter((family) => family !== "morphology");
  for (const map of maps) {
    if (map === "original") {
      const { image, values, range } = region;
      yield { name: "", unit: volume.quantity.unit, families: settings.families, image, values, range };
    } else {
      const { image, values, range } = filteredRegion(volume, region, map, settings.resample);
      yield { name: map.name, unit: "", families, image, values, range };
    }
  }
}

function pyradiomicsExtractor(options: PyradiomicsOptions): ExtractOne {
  const { parameters, storedIntegers } = checkPyradiomicsOptions(options);
  return (volume, mask, { id = mask.name, workers } = {}) =>
    extractLikePyradiomics(volume, mask, parameters, id, storedIntegers, workers);
}

function omittedNames(keys: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const key of keys) {
    const found = catalogue.find(key);
    if (found.length === 0) {
      throw new InputError(`omit: there is no feature "${key}". Look it up in radiomics.catalogue.`);
    }
    for (const { name } of found) names.add(name);
  }
  return names;
}
