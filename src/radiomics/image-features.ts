/**
 * Features of one image of a region: the scan itself, or what a filter made of it.
 *
 * Layer:  radiomics; imports every family.
 */
import { catalogue, type Family, type TextureFamily, unitFor } from "./catalogue.js";
import { compactLevels } from "./compact-levels.js";
import { discretize, extremes, type Levels } from "./discretize.js";
import type { Feature } from "./feature-set.js";
import { histogramFeatures } from "./intensity-histogram.js";
import { statistics } from "./intensity-statistics.js";
import type { SliceAggregation } from "./level-grid.js";
import { localIntensityFeatures } from "./local-intensity.js";
import { morphologyFeatures } from "./morphology.js";
import type { Region } from "./region.js";
import type { Aggregation, Binning, Settings } from "./settings.js";
import { tally } from "./tally.js";
import { type TextureValues, textureOf } from "./texture.js";
import { volumeHistogramFeatures } from "./volume-histogram.js";

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

/** What the images of a region have in common. */
export interface IbsiImages {
  readonly convention: "ibsi";
  readonly region: Omit<Region, "image" | "values" | "range">;
  readonly settings: Settings;
  /** Names of features that are left out. */
  readonly omitted: ReadonlySet<string>;
}

export interface IbsiImage extends Pick<Region, "image" | "values" | "range"> {
  /** Begins the names of its features; "" for the scan itself. */
  readonly name: string;
  /** Of its intensities; "" for a response. */
  readonly unit: string;
  readonly families: readonly Family[];
}

export function ibsiImageFeatures(
  { region: shared, settings, omitted }: IbsiImages,
  { name, unit, families, image, values, range }: IbsiImage,
): Feature[] {
  const valuesOf = familyValues({ ...shared, image, values, range }, settings, unit);
  const features = families.flatMap((family) => computeFamily(family, unit, omitted, valuesOf));
  return name === "" ? features : features.map((one) => ({ ...one, name: `${name}_${one.name}` }));
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
