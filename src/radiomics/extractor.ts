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
import { catalogue, type Family, type TextureFamily, unitFor } from "./catalogue.js";
import { type CohortExtractOptions, extractCohort, type Patients } from "./cohort-extract.js";
import { compactLevels } from "./compact-levels.js";
import { discretize, extremes, type Levels } from "./discretize.js";
import { type Feature, FeatureSet } from "./feature-set.js";
import type { Filter } from "./filters/options.js";
import { filteredRegion } from "./filters/region.js";
import { responseMaps } from "./filters/response-maps.js";
import { histogramFeatures } from "./intensity-histogram.js";
import { statistics } from "./intensity-statistics.js";
import type { SliceAggregation } from "./level-grid.js";
import { localIntensityFeatures, PEAK_RADIUS_MM } from "./local-intensity.js";
import { morphologyFeatures } from "./morphology.js";
import { plainOptions } from "./plain-options.js";
import { extractLikePyradiomics } from "./pyradiomics/extract.js";
import { checkPyradiomicsOptions, type PyradiomicsOptions } from "./pyradiomics/settings.js";
import { makeRegion, type Region } from "./region.js";
import {
  type Aggregation,
  type Binning,
  checkSettings,
  type ExtractorOptions,
  type Settings,
} from "./settings.js";
import { tally } from "./tally.js";
import { type TextureValues, textureOf } from "./texture.js";
import { volumeHistogramFeatures } from "./volume-histogram.js";

export interface ExtractOptions {
  /** Names the row, e.g. a patient's pseudonym. Default: the mask's name. */
  readonly id?: string;
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

/** What a texture column adds to its name, as in IBSI's reference table. */
const SUFFIX: Readonly<Record<Aggregation | SliceAggregation, string>> = {
  "2D": "2D",
  "2.5D": "2_5D",
  "3D": "3D",
  "2D averaged": "2D_avg",
  "2D slice-merged": "2D_comb",
  "2.5D direction-merged": "2_5D_avg",
  "2.5D merged": "2_5D_comb",
  "3D averaged": "3D_avg",
  "3D merged": "3D_comb",
};

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
  return (volume, mask, { id = mask.name } = {}) => {
    const marginMm = settings.families.includes("local intensity") ? PEAK_RADIUS_MM : 0;
    const region = makeRegion(volume, mask, settings, marginMm);
    const features = settings.filters.flatMap((filter) =>
      filter === "original"
        ? computeImage(region, settings, volume.quantity.unit, omitted)
        : filteredFeatures(volume, region, filter, settings, omitted),
    );
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

function pyradiomicsExtractor(options: PyradiomicsOptions): ExtractOne {
  const { parameters, storedIntegers } = checkPyradiomicsOptions(options);
  return (volume, mask, { id = mask.name } = {}) =>
    extractLikePyradiomics(volume, mask, parameters, id, storedIntegers);
}

function computeImage(
  region: Region,
  settings: Settings,
  unit: string,
  omitted: ReadonlySet<string>,
): Feature[] {
  const valuesOf = familyValues(region, settings, unit);
  return settings.families.flatMap((family) => computeFamily(family, unit, omitted, valuesOf));
}

/** Features of every response map of a filter. A response has no unit. */
function filteredFeatures(
  volume: Volume,
  region: Region,
  filter: Filter,
  settings: Settings,
  omitted: ReadonlySet<string>,
): Feature[] {
  const families = settings.families.filter((family) => family !== "morphology");
  return responseMaps(filter).flatMap((map) => {
    const filtered = filteredRegion(volume, region, map, settings.resample);
    return computeImage(filtered, { ...settings, families }, "", omitted).map((feature) => ({
      ...feature,
      name: `${map.name}_${feature.name}`,
    }));
  });
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

/** Values by feature name, and the aggregation they stand for if the family has any. */
interface FamilyValues {
  readonly values: Record<string, number>;
  readonly aggregation?: Aggregation | SliceAggregation;
}

type ValuesOf = (family: Family, wanted: ReadonlySet<string>) => FamilyValues[];

function computeFamily(
  family: Family,
  unit: string,
  omitted: ReadonlySet<string>,
  valuesOf: ValuesOf,
): Feature[] {
  const definitions = catalogue.of(family).filter(({ name }) => !omitted.has(name));
  if (definitions.length === 0) return [];
  const wanted = new Set(definitions.map(({ name }) => name));
  return valuesOf(family, wanted).flatMap(({ values, aggregation }) =>
    definitions.map((definition) => ({
      name: aggregation === undefined ? definition.name : `${definition.name}_${SUFFIX[aggregation]}`,
      code: definition.code,
      family,
      ...(aggregation !== undefined && { aggregation }),
      unit: unitFor(definition, unit),
      value: values[definition.name],
      definition,
    })),
  );
}

/** Grey levels and texture matrices are made once, when the first family asks for them. */
function familyValues(region: Region, settings: Settings, unit: string): ValuesOf {
  let levels: Levels | undefined;
  let texture: ((family: TextureFamily) => TextureValues) | undefined;
  const discretized = (): Levels => {
    const byUnit: Binning = unit === "HU" ? { binWidth: 25 } : { binCount: 32 };
    levels ??= discretize(region.values, settings.discretize ?? byUnit, region.range);
    return levels;
  };
  return (family, wanted) => {
    switch (family) {
      case "morphology":
        return [{ values: morphologyFeatures(region, wanted) }];
      case "local intensity":
        return [{ values: localIntensityFeatures(region) }];
      case "intensity statistics":
        return [{ values: statistics(tally(region.values, ...extremes(region.values)), "stat") }];
      case "intensity histogram":
        return [{ values: histogramFeatures(discretized()) }];
      case "intensity-volume histogram":
        return [{ values: volumeHistogramFeatures(region, settings.volumeHistogram) }];
      default: {
        if (texture === undefined) {
          const { grid, morphology } = compactLevels(region, discretized());
          texture = textureOf(grid, morphology, settings.aggregations);
        }
        const names = catalogue.of(family).map(({ name }) => name);
        return [...texture(family)].map(([aggregation, numbers]) => ({
          aggregation,
          values: Object.fromEntries(names.map((name, f) => [name, numbers[f]])),
        }));
      }
    }
  };
}
