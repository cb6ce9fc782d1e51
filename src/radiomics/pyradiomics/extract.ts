/**
 * Extraction by PyRadiomics' definitions and under its names.
 *
 * Layer:  radiomics; imports core, volume, catalogue, feature-set, the files beside this one.
 */
import { InputError } from "../../core/errors.js";
import { type Geometry, voxelVolume } from "../../core/geometry.js";
import { tightBox } from "../../volume/crop.js";
import type { Mask } from "../../volume/mask.js";
import { boxSize } from "../../volume/resample.js";
import type { Volume } from "../../volume/volume.js";
import { type FeatureDefinition, unitFor } from "../catalogue.js";
import { type Feature, FeatureSet } from "../feature-set.js";
import type { LevelGrid } from "../level-grid.js";
import { marginCatalogue, marginFeatures } from "../margin.js";
import type { Region } from "../region.js";
import { type BinnedLevels, binLevels } from "./bins.js";
import { type FeatureClass, pyradiomicsCatalogue } from "./catalogue.js";
import { derivedImages } from "./filters/derived-images.js";
import type { SizedBox } from "./filters/scan-image.js";
import { firstOrderFeatures } from "./first-order.js";
import { cropRegion, filteredRegion, prepare } from "./region.js";
import type {
  BinnedClass,
  CheckedParameters,
  ImageRequest,
  PyradiomicsSettings,
  StoredIntegers,
} from "./settings.js";
import { shapeFeatures } from "./shape.js";
import { shape2dFeatures } from "./shape-2d.js";
import { pyradiomicsTexture, type TextureClass } from "./texture.js";

export function extractLikePyradiomics(
  volume: Volume,
  mask: Mask,
  { settings, images }: CheckedParameters,
  id: string,
  storedIntegers: StoredIntegers | undefined,
): FeatureSet {
  const prepared = prepare(volume, mask, settings, storedIntegers);
  const region = cropRegion(prepared, prepared.voxels, prepared.inside);
  const isSame = settings.resegmentShape || prepared.inside === prepared.drawn;
  const shape = isSame ? region : cropRegion(prepared, prepared.voxels, prepared.drawn);
  const { unit } = volume.quantity;
  const features: Feature[] = [];
  for (const request of images) {
    if (request.type === "Original") {
      addFeatures(
        features,
        "original",
        classValues(region, shape, request.settings, prepared.pixel === "single"),
        request,
        unit,
      );
      continue;
    }
    const box = regionBox(prepared.inside, prepared.geometry);
    const scan = { ...prepared, ...prepared.geometry };
    for (const image of derivedImages(request, scan, prepared.inside, box)) {
      const values = classValues(filteredRegion(region, image), shape, request.settings, image.isSingle);
      addFeatures(features, image.name, values, request, "");
    }
  }
  return new FeatureSet(id, features, {
    settings,
    images: images.map(({ type }) => type),
    volume: volume.name,
    mask: mask.name,
    shapeVoxels: shape.positions.length,
    intensityVoxels: region.positions.length,
    spacingMm: [...region.geometry.spacing],
  });
}

type ValuesOf = (featureClass: FeatureClass | "margin") => Record<string, number>;

/** Shape belongs to the original image only. */
function addFeatures(
  features: Feature[],
  image: string,
  valuesOf: ValuesOf,
  { settings }: ImageRequest,
  unit: string,
): void {
  for (const [featureClass, names] of settings.features) {
    if (image !== "original" && featureClass.startsWith("shape")) continue;
    const values = valuesOf(featureClass);
    for (const name of names) {
      const [definition] = pyradiomicsCatalogue.find(`${featureClass}_${name}`);
      features.push(asFeature(image, definition, values[name], unit));
    }
  }
  if (settings.margin !== true) return;
  const values = valuesOf("margin");
  for (const definition of marginCatalogue.features) {
    features.push(asFeature(image, definition, values[definition.name], unit));
  }
}

function regionBox(inside: Uint8Array, { size }: Geometry): SizedBox {
  const box = tightBox(inside, size);
  if (box === null) throw new InputError("the region has no voxel. Draw it again.");
  return { ...box, size: boxSize(box) };
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

/** Values by name for a class of features; levels are made once for each number of bins. */
function classValues(
  region: Region,
  shape: Region,
  settings: PyradiomicsSettings,
  isSingle: boolean,
): ValuesOf {
  const { geometry, values } = region;
  const made = new Map<number | null, Binned>();
  const binned = (featureClass: BinnedClass): Binned => {
    const binCount = settings.binCounts?.[featureClass] ?? settings.binCount;
    const known = made.get(binCount) ?? { levels: binLevels(values, { ...settings, binCount }, isSingle) };
    made.set(binCount, known);
    return known;
  };
  return (featureClass) => {
    switch (featureClass) {
      case "shape":
        return shapeFeatures(shape.morphology, shape.geometry.size, shape.geometry.spacing);
      case "shape2D": {
        const axis = ([2, 1, 0] as const)[settings.force2Ddimension];
        return shape2dFeatures(shape.morphology, shape.geometry.size, shape.geometry.spacing, axis);
      }
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

function levelGrid({ geometry, positions }: Region, { levels, levelCount }: BinnedLevels): LevelGrid {
  const { size } = geometry;
  const grid = new Uint16Array(size[0] * size[1] * size[2]);
  for (let n = 0; n < positions.length; n++) grid[positions[n]] = levels[n];
  return { levels: grid, size, levelCount, positions };
}
