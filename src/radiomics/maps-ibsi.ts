/**
 * Feature maps by IBSI's definitions.
 *
 * Layer:  radiomics; imports core, volume, the families, maps-field, maps-glcm, maps-kernel, maps-options.
 */
import { InputError } from "../core/errors.js";
import type { Mask } from "../volume/mask.js";
import { zeroOne } from "../volume/resample.js";
import type { Volume } from "../volume/volume.js";
import { catalogue, type FeatureDefinition } from "./catalogue.js";
import { discretize, extremes } from "./discretize.js";
import { filter } from "./filters/filter.js";
import { responseMaps } from "./filters/response-maps.js";
import { histogramFeatures } from "./intensity-histogram.js";
import { statistics } from "./intensity-statistics.js";
import { DIRECTIONS } from "./level-grid.js";
import { type MapField, mapField } from "./maps-field.js";
import { glcmKernels } from "./maps-glcm.js";
import { type Kernel, type KernelFeatures, kernelCutter, type PreparedMaps } from "./maps-kernel.js";
import { checkKeys, kernelRadius, type MapOptions } from "./maps-options.js";
import { type Aggregation, type Binning, checkSameGrid } from "./settings.js";
import { tally } from "./tally.js";
import { textureOf } from "./texture.js";

const FAMILIES: readonly FeatureDefinition["family"][] = [
  "intensity statistics",
  "intensity histogram",
  "GLCM",
  "GLRLM",
  "GLSZM",
  "NGTDM",
  "NGLDM",
];

const KEYS = [
  "convention",
  "radius",
  "radiusMm",
  "masked",
  "discretize",
  "aggregation",
  "filters",
  "signal",
  "onProgress",
];

/** One for each image. @throws InputError as `map`. */
export function ibsiMaps(
  volume: Volume,
  mask: Mask,
  features: readonly string[],
  options: MapOptions,
): PreparedMaps[] {
  checkKeys("a map", options, KEYS);
  const aggregation = options.aggregation ?? "3D merged";
  if (aggregation !== "3D merged" && aggregation !== "3D averaged") {
    throw new InputError(
      `aggregation of a map is "3D merged" or "3D averaged", found "${String(aggregation)}".`,
    );
  }
  const definitions = features.map(definitionOf);
  const { filters = ["original"] } = options;
  for (const chosen of filters) if (chosen !== "original") checkSameGrid(chosen);
  const inside = zeroOne(mask.voxels);
  return filters.flatMap((chosen) => {
    if (chosen === "original") return [mapsOf(volume, "", inside, definitions, aggregation, options)];
    const names = responseMaps(chosen).map(({ name }) => `${name}_`);
    return filter(volume, chosen).map((response, n) =>
      mapsOf(response, names[n], inside, definitions, aggregation, options),
    );
  });
}

/** @param prefix  Begins the names of the maps. */
function mapsOf(
  image: Volume,
  prefix: string,
  inside: Uint8Array,
  definitions: readonly FeatureDefinition[],
  aggregation: "3D merged" | "3D averaged",
  { discretize: bins, masked = true, radius, radiusMm }: MapOptions,
): PreparedMaps {
  const { geometry, quantity } = image;
  const byUnit: Binning = quantity.unit === "HU" ? { binWidth: 25 } : { binCount: 32 };
  const reach = kernelRadius(
    { ...(radius !== undefined && { radius }), ...(radiusMm !== undefined && { radiusMm }) },
    geometry,
  );
  const field = mapField(image, inside, { radius: reach, masked }, (values) =>
    discretize(values, bins ?? byUnit, undefined),
  );
  return {
    geometry,
    field,
    features: kernelFeatures(field, definitions, aggregation),
    definitions: definitions.map((definition) => ({ name: `${prefix}${definition.name}`, definition })),
    outside: Number.NaN,
    unit: quantity.unit,
  };
}

function definitionOf(feature: string): FeatureDefinition {
  const found = catalogue.find(feature);
  if (found.length !== 1) {
    throw new InputError(
      found.length === 0
        ? `there is no feature "${feature}" to map. Look it up in radiomics.catalogue.`
        : `"${feature}" stands for ${found.map(({ name }) => name).join(", ")}. Name one.`,
    );
  }
  const [definition] = found;
  if (!FAMILIES.includes(definition.family)) {
    throw new InputError(
      `${definition.name} describes a region as a whole (${definition.family}) and has no map. Families with maps: ${FAMILIES.join(", ")}.`,
    );
  }
  return definition;
}

function kernelFeatures(
  field: MapField,
  definitions: readonly FeatureDefinition[],
  aggregation: "3D merged" | "3D averaged",
): KernelFeatures {
  if (definitions.every(({ family }) => family === "GLCM")) {
    const order = catalogue.of("GLCM");
    return glcmKernels(field, {
      features: definitions.map((definition) => order.indexOf(definition)),
      directions: DIRECTIONS,
      merge: aggregation === "3D merged",
    });
  }
  return anyFeatures(field, definitions, aggregation);
}

/** Each kernel as a region of its own. */
export function anyFeatures(
  field: MapField,
  definitions: readonly FeatureDefinition[],
  aggregation: Aggregation,
): KernelFeatures {
  const cut = kernelCutter(field);
  const families = [...new Set(definitions.map(({ family }) => family))];
  const places = definitions.map(({ family, name }) => ({
    family: families.indexOf(family),
    name,
    index: catalogue.of(family).findIndex((definition) => definition.name === name),
  }));
  return (center, into) => {
    const kernel = cut(center);
    const values = families.map(familyOf(kernel, aggregation));
    for (let f = 0; f < places.length; f++) {
      const found = values[places[f].family];
      into[f] = found instanceof Float64Array ? found[places[f].index] : found[places[f].name];
    }
  };
}

function familyOf(
  { grid, levels, values }: Kernel,
  aggregation: Aggregation,
): (family: FeatureDefinition["family"]) => Float64Array | Record<string, number> {
  let texture: ReturnType<typeof textureOf> | undefined;
  return (family) => {
    switch (family) {
      case "intensity statistics":
        return statistics(tally(values, ...extremes(values)), "stat");
      case "intensity histogram":
        return histogramFeatures({ levels, levelCount: grid.levelCount, from: 0, width: 1 });
      case "morphology":
      case "local intensity":
      case "intensity-volume histogram":
      case "margin":
        throw new InputError(`the family ${family} has no map.`);
      default: {
        texture ??= textureOf(grid, new Uint8Array(grid.levels.length), [aggregation]);
        return [...texture(family).values()][0];
      }
    }
  };
}
