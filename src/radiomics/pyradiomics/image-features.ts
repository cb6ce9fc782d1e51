/**
 * Features of one image of a region, by PyRadiomics' definitions and under its names.
 *
 * Layer:  radiomics; imports core, catalogue, margin, the files beside this one.
 */
import { voxelVolume } from "../../core/geometry.js";
import { type FeatureDefinition, unitFor } from "../catalogue.js";
import type { Feature } from "../feature-set.js";
import type { LevelGrid } from "../level-grid.js";
import { marginCatalogue, marginFeatures } from "../margin.js";
import type { Region } from "../region.js";
import { type BinnedLevels, binLevels } from "./bins.js";
import { type FeatureClass, pyradiomicsCatalogue } from "./catalogue.js";
import { firstOrderFeatures } from "./first-order.js";
import type { BinnedClass, ImageRequest, PyradiomicsSettings } from "./settings.js";
import { shapeFeatures } from "./shape.js";
import { shape2dFeatures } from "./shape-2d.js";
import { pyradiomicsTexture, type TextureClass } from "./texture.js";

/** What the images of a region have in common. */
export interface PyradiomicsImages {
  readonly convention: "pyradiomics";
  readonly region: Pick<Region, "geometry" | "positions">;
  readonly requests: readonly ImageRequest[];
}

export interface PyradiomicsImage {
  /** Begins the names of its features, e.g. "wavelet-HLL". */
  readonly name: string;
  /** Which request made it. */
  readonly request: number;
  readonly unit: string;
  /** Intensities of the region. */
  readonly values: Float64Array;
  readonly isSingle: boolean;
}

/**
 * Features of the shape. They are of no image, and PyRadiomics computes them whichever images it is asked for.
 *
 * @param shape  Before re-segmentation.
 * @param unit  Of the scan.
 */
export function pyradiomicsShapeFeatures(
  { geometry: { size, spacing }, morphology }: Pick<Region, "geometry" | "morphology">,
  settings: PyradiomicsSettings,
  unit: string,
): Feature[] {
  const features: Feature[] = [];
  const valuesOf = (featureClass: ShapeClass): Record<string, number> => {
    if (featureClass === "shape") return shapeFeatures(morphology, size, spacing);
    return shape2dFeatures(morphology, size, spacing, ([2, 1, 0] as const)[settings.force2Ddimension]);
  };
  addFeatures(features, "original", isShape, valuesOf, settings, unit);
  return features;
}

export function pyradiomicsImageFeatures(
  { region, requests }: PyradiomicsImages,
  { name, request, unit, values, isSingle }: PyradiomicsImage,
): Feature[] {
  const { settings } = requests[request];
  const features: Feature[] = [];
  const valuesOf = classValues(region, values, settings, isSingle);
  addFeatures(features, name, isBinned, valuesOf, settings, unit);
  if (settings.margin === true) {
    const margin = valuesOf("margin");
    for (const definition of marginCatalogue.features) {
      features.push(asFeature(name, definition, margin[definition.name], unit));
    }
  }
  return features;
}

type ShapeClass = Exclude<FeatureClass, BinnedClass>;

function isShape(featureClass: FeatureClass): featureClass is ShapeClass {
  return featureClass === "shape" || featureClass === "shape2D";
}

function isBinned(featureClass: FeatureClass): featureClass is BinnedClass {
  return !isShape(featureClass);
}

function addFeatures<Wanted extends FeatureClass>(
  features: Feature[],
  image: string,
  isWanted: (featureClass: FeatureClass) => featureClass is Wanted,
  valuesOf: (featureClass: Wanted) => Record<string, number>,
  settings: PyradiomicsSettings,
  unit: string,
): void {
  for (const [featureClass, names] of settings.features) {
    if (!isWanted(featureClass)) continue;
    const values = valuesOf(featureClass);
    for (const name of names) {
      const [definition] = pyradiomicsCatalogue.find(`${featureClass}_${name}`);
      features.push(asFeature(image, definition, values[name], unit));
    }
  }
}

function asFeature(image: string, definition: FeatureDefinition, value: number, unit: string): Feature {
  return {
    name: `${image}_${definition.name}`,
    code: definition.code,
    family: definition.family,
    unit: unitFor(definition, unit),
    value,
    definition,
  };
}

type ValuesOf = (featureClass: BinnedClass | "margin") => Record<string, number>;

/** Values by name for a class of features but shape; levels are made once for each number of bins. */
function classValues(
  region: PyradiomicsImages["region"],
  values: Float64Array,
  settings: PyradiomicsSettings,
  isSingle: boolean,
): ValuesOf {
  const { geometry } = region;
  const made = new Map<number | null, Binned>();
  const binned = (featureClass: BinnedClass): Binned => {
    const binCount = settings.binCounts?.[featureClass] ?? settings.binCount;
    const known = made.get(binCount) ?? { levels: binLevels(values, { ...settings, binCount }, isSingle) };
    made.set(binCount, known);
    return known;
  };
  return (featureClass) => {
    switch (featureClass) {
      case "firstorder": {
        const { levels } = binned(featureClass);
        return firstOrderFeatures(values, levels, settings.voxelArrayShift, voxelVolume(geometry));
      }
      case "margin": {
        const binCount = settings.binCounts?.firstorder ?? settings.binCount;
        return marginFeatures(values, binned("firstorder").levels, binCount, settings.binWidth);
      }
      default: {
        const own = binned(featureClass);
        own.texture ??= pyradiomicsTexture(levelGrid(region, own.levels), geometry.spacing, settings);
        return own.texture(featureClass);
      }
    }
  };
}

interface Binned {
  readonly levels: BinnedLevels;
  texture?: (textureClass: TextureClass) => Record<string, number>;
}

function levelGrid(
  { geometry, positions }: PyradiomicsImages["region"],
  { levels, levelCount }: BinnedLevels,
): LevelGrid {
  const { size } = geometry;
  const grid = new Uint16Array(size[0] * size[1] * size[2]);
  for (let n = 0; n < positions.length; n++) grid[positions[n]] = levels[n];
  return { levels: grid, size, levelCount, positions };
}
