/**
 * Feature maps as PyRadiomics' voxel-based extraction makes them, of the original and of filtered images.
 *
 * Layer:  radiomics; imports core, volume, level-grid, maps-field, maps-glcm, maps-kernel, maps-options, pyradiomics.
 */
import { InputError } from "../core/errors.js";
import { type Geometry, type Vec3, voxelVolume } from "../core/geometry.js";
import { clipBox, growBox, tightBox } from "../volume/crop.js";
import { boxSize } from "../volume/index-box.js";
import type { Mask } from "../volume/mask.js";
import type { Volume } from "../volume/volume.js";
import { catalogue, type FeatureDefinition } from "./catalogue.js";
import { GLCM_FEATURE_COUNT } from "./glcm-features.js";
import { DIRECTIONS } from "./level-grid.js";
import { type MapField, mapField } from "./maps-field.js";
import { glcmKernels } from "./maps-glcm.js";
import { type KernelFeatures, kernelCutter, type PreparedMaps } from "./maps-kernel.js";
import { checkKeys, type PyradiomicsMapOptions, sameRadius } from "./maps-options.js";
import { binLevels } from "./pyradiomics/bins.js";
import { type FeatureClass, pyradiomicsCatalogue } from "./pyradiomics/catalogue.js";
import { derivedImages } from "./pyradiomics/filters/derived-images.js";
import type { DerivedImage, SizedBox } from "./pyradiomics/filters/scan-image.js";
import { firstOrderFeatures } from "./pyradiomics/first-order.js";
import { type Prepared, prepare } from "./pyradiomics/region.js";
import {
  checkPyradiomicsOptions,
  type ImageRequest,
  type PyradiomicsSettings,
} from "./pyradiomics/settings.js";
import { pyradiomicsTexture, type TextureClass } from "./pyradiomics/texture.js";

/** One for each image. @throws InputError as `map`. */
export function pyradiomicsMaps(
  volume: Volume,
  mask: Mask,
  features: readonly string[],
  options: PyradiomicsMapOptions,
): PreparedMaps[] {
  checkKeys("a map", options, ["convention", "parameters", "storedIntegers", "signal", "onProgress"]);
  const { voxelSetting, ...parameters } = options.parameters ?? {};
  const voxels = voxelSetting ?? {};
  checkKeys("voxelSetting", voxels, ["kernelRadius", "maskedKernel", "initValue", "voxelBatch"]);
  const wanted = features.map(definitionOf);
  const { parameters: checked, storedIntegers } = checkPyradiomicsOptions({
    convention: "pyradiomics",
    parameters,
    ...(options.storedIntegers !== undefined && { storedIntegers: options.storedIntegers }),
  });
  const prepared = prepare(volume, mask, checked.settings, storedIntegers);
  const { geometry, inside } = prepared;
  const masked = voxels.maskedKernel ?? true;
  return checked.images.flatMap((request) => {
    const { settings } = request;
    const cube = sameRadius(voxels.kernelRadius ?? 1);
    const radius = settings.force2D ? flattened(cube, settings) : cube;
    return imagesOf(request, prepared, radius).map(({ name, voxels: image, isSingle }) => {
      const field = mapField({ geometry, voxels: image }, inside, { radius, masked }, (values) =>
        binLevels(values, settings, isSingle),
      );
      return {
        geometry,
        field,
        features: kernelFeatures(field, wanted, settings, geometry),
        definitions: wanted.map((definition) => ({ name: `${name}_${definition.name}`, definition })),
        outside: voxels.initValue ?? 0,
        unit: request.type === "Original" ? volume.quantity.unit : "",
      };
    });
  });
}

/** The images of a request on the whole grid; those of filters are computed as far as kernels see, and 0 beyond. */
function imagesOf(request: ImageRequest, prepared: Prepared, radius: Vec3): DerivedImage[] {
  const { geometry, inside, voxels, pixel } = prepared;
  if (request.type === "Original") return [{ name: "original", voxels, isSingle: pixel === "single" }];
  const tight = tightBox(inside, geometry.size);
  if (tight === null) throw new InputError("the region has no voxel. Draw it again.");
  const seen = clipBox(growBox(tight, radius), geometry);
  const box = { ...seen, size: boxSize(seen) };
  return [...derivedImages(request, { ...prepared, ...geometry }, inside, box)].map((image) => ({
    ...image,
    voxels: onWholeGrid(image.voxels, box, geometry.size),
  }));
}

function onWholeGrid(part: ArrayLike<number>, { low, size }: SizedBox, [nx, ny, nz]: Vec3): Float64Array {
  const whole = new Float64Array(nx * ny * nz);
  for (let z = 0, p = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      const row = low[0] + nx * (low[1] + y + ny * (low[2] + z));
      for (let x = 0; x < size[0]; x++, p++) whole[row + x] = part[p];
    }
  }
  return whole;
}

/** In slices a kernel has no depth. */
function flattened(
  radius: MapField["radius"],
  { force2Ddimension }: PyradiomicsSettings,
): MapField["radius"] {
  const across = 2 - force2Ddimension;
  return [across === 0 ? 0 : radius[0], across === 1 ? 0 : radius[1], across === 2 ? 0 : radius[2]];
}

function definitionOf(feature: string): FeatureDefinition {
  const [definition] = pyradiomicsCatalogue.find(feature.replace(/^original_/, ""));
  if (definition === undefined) {
    throw new InputError(
      `PyRadiomics has no feature "${feature}". Look it up in radiomics.pyradiomicsCatalogue.`,
    );
  }
  if (definition.family === "morphology") {
    throw new InputError(`${definition.name} describes a region as a whole and has no map.`);
  }
  return definition;
}

function kernelFeatures(
  field: MapField,
  wanted: readonly FeatureDefinition[],
  settings: PyradiomicsSettings,
  geometry: Geometry,
): KernelFeatures {
  const names = wanted.map(({ name }) => split(name));
  if (settings.weightingNorm === null && names.every(([featureClass]) => featureClass === "glcm")) {
    const across = 2 - settings.force2Ddimension;
    return glcmKernels(field, {
      // What IBSI defines is found by its code; the maximal correlation coefficient has none and stands last.
      features: wanted.map(({ code }) =>
        code === "" ? GLCM_FEATURE_COUNT : catalogue.of("GLCM").findIndex((feature) => feature.code === code),
      ),
      directions: settings.force2D ? DIRECTIONS.filter((direction) => direction[across] === 0) : DIRECTIONS,
      merge: false,
    });
  }
  return anyPyradiomicsFeatures(field, wanted, settings, geometry);
}

/** Each kernel as a region of its own. */
export function anyPyradiomicsFeatures(
  field: MapField,
  wanted: readonly FeatureDefinition[],
  settings: PyradiomicsSettings,
  geometry: Geometry,
): KernelFeatures {
  const cut = kernelCutter(field);
  const names = wanted.map(({ name }) => split(name));
  const classes = [...new Set(names.map(([featureClass]) => featureClass))];
  const places = names.map(([featureClass, name]) => ({ at: classes.indexOf(featureClass), name }));
  return (center, into) => {
    const { grid, levels, values } = cut(center);
    const texture = pyradiomicsTexture(grid, geometry.spacing, settings);
    const found = classes.map((featureClass) =>
      featureClass === "firstorder"
        ? firstOrderFeatures(
            values,
            { levels, levelCount: grid.levelCount },
            settings.voxelArrayShift,
            voxelVolume(geometry),
          )
        : texture(featureClass as TextureClass),
    );
    for (let f = 0; f < places.length; f++) into[f] = found[places[f].at][places[f].name];
  };
}

/** "glcm_Contrast" → ["glcm", "Contrast"]. */
function split(name: string): [FeatureClass, string] {
  const at = name.indexOf("_");
  return [name.slice(0, at) as FeatureClass, name.slice(at + 1)];
}
