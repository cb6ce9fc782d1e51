/**
 * Extraction by PyRadiomics' definitions and under its names.
 *
 * Layer:  radiomics; imports core, volume (types), catalogue, feature-set, the files beside this one.
 */
import { voxelVolume } from "../../core/geometry.js";
import type { Mask } from "../../volume/mask.js";
import type { Volume } from "../../volume/volume.js";
import { unitFor } from "../catalogue.js";
import { type Feature, FeatureSet } from "../feature-set.js";
import type { LevelGrid } from "../level-grid.js";
import type { Region } from "../region.js";
import { type BinnedLevels, binLevels } from "./bins.js";
import { type FeatureClass, pyradiomicsCatalogue } from "./catalogue.js";
import { firstOrderFeatures } from "./first-order.js";
import { cropRegion, prepare } from "./region.js";
import type { PyradiomicsSettings } from "./settings.js";
import { shapeFeatures } from "./shape.js";
import { shape2dFeatures } from "./shape-2d.js";
import { pyradiomicsTexture, type TextureClass } from "./texture.js";

export function extractLikePyradiomics(
  volume: Volume,
  mask: Mask,
  settings: PyradiomicsSettings,
  id: string,
  storedIntegers: boolean | undefined,
): FeatureSet {
  const prepared = prepare(volume, mask, settings, storedIntegers);
  const region = cropRegion(prepared, prepared.voxels, prepared.inside);
  const isSame = settings.resegmentShape || prepared.inside === prepared.drawn;
  const shape = isSame ? region : cropRegion(prepared, prepared.voxels, prepared.drawn);
  const valuesOf = classValues(region, shape, settings);
  const features: Feature[] = [];
  for (const [featureClass, names] of settings.features) {
    const values = valuesOf(featureClass);
    for (const name of names) {
      features.push(asFeature("original", featureClass, name, values[name], volume.quantity.unit));
    }
  }
  return new FeatureSet(id, features, {
    settings,
    volume: volume.name,
    mask: mask.name,
    shapeVoxels: shape.positions.length,
    intensityVoxels: region.positions.length,
    spacingMm: [...region.geometry.spacing],
  });
}

function asFeature(
  image: string,
  featureClass: FeatureClass,
  name: string,
  value: number,
  unit: string,
): Feature {
  const [definition] = pyradiomicsCatalogue.find(`${featureClass}_${name}`);
  return {
    name: `${image}_${definition.name}`,
    code: definition.code,
    family: definition.family,
    unit: unitFor(definition, unit),
    value,
    definition,
  };
}

/** Values by name for a class of features; levels are made once. */
function classValues(
  region: Region,
  shape: Region,
  settings: PyradiomicsSettings,
): (featureClass: FeatureClass) => Record<string, number> {
  const { geometry, values } = region;
  let levels: BinnedLevels | undefined;
  let texture: ((textureClass: TextureClass) => Record<string, number>) | undefined;
  const binned = (): BinnedLevels => {
    levels ??= binLevels(values, settings);
    return levels;
  };
  return (featureClass) => {
    switch (featureClass) {
      case "shape":
        return shapeFeatures(shape.morphology, shape.geometry.size, shape.geometry.spacing);
      case "shape2D": {
        const axis = ([2, 1, 0] as const)[settings.force2Ddimension];
        return shape2dFeatures(shape.morphology, shape.geometry.size, shape.geometry.spacing, axis);
      }
      case "firstorder":
        return firstOrderFeatures(values, binned(), settings.voxelArrayShift, voxelVolume(geometry));
      default:
        texture ??= pyradiomicsTexture(levelGrid(region, binned()), geometry.spacing, settings);
        return texture(featureClass);
    }
  };
}

function levelGrid({ geometry, positions }: Region, { levels, levelCount }: BinnedLevels): LevelGrid {
  const { size } = geometry;
  const grid = new Uint16Array(size[0] * size[1] * size[2]);
  for (let n = 0; n < positions.length; n++) grid[positions[n]] = levels[n];
  return { levels: grid, size, levelCount, positions };
}
