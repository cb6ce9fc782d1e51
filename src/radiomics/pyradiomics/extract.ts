/**
 * Extraction by PyRadiomics' definitions and under its names.
 *
 * Layer:  radiomics; imports core, volume, feature-set, image-work, the files beside this one.
 */
import { InputError } from "../../core/errors.js";
import type { Geometry } from "../../core/geometry.js";
import { tightBox } from "../../volume/crop.js";
import type { Mask } from "../../volume/mask.js";
import { boxSize } from "../../volume/resample.js";
import type { Volume } from "../../volume/volume.js";
import { FeatureSet } from "../feature-set.js";
import { computeImages, threadsFor } from "../image-work.js";
import type { Region } from "../region.js";
import { derivedImages } from "./filters/derived-images.js";
import type { SizedBox } from "./filters/scan-image.js";
import type { PyradiomicsImage, PyradiomicsImages } from "./image-features.js";
import { cropRegion, filteredRegion, type Prepared, prepare } from "./region.js";
import type { CheckedParameters, ImageRequest, StoredIntegers } from "./settings.js";

export function extractLikePyradiomics(
  volume: Volume,
  mask: Mask,
  { settings, images }: CheckedParameters,
  id: string,
  storedIntegers: StoredIntegers | undefined,
  workers: number | undefined,
): FeatureSet {
  const prepared = prepare(volume, mask, settings, storedIntegers);
  const region = cropRegion(prepared, prepared.voxels, prepared.inside);
  const isSame = settings.resegmentShape || prepared.inside === prepared.drawn;
  const shape = isSame ? region : cropRegion(prepared, prepared.voxels, prepared.drawn);
  const { unit } = volume.quantity;
  const common: PyradiomicsImages = { convention: "pyradiomics", region, shape, requests: images };
  const isOne = images.length === 1 && images[0].type === "Original";
  const threads = threadsFor(workers, !isOne, region.positions.length);
  const work = { common, images: pyradiomicsImages(prepared, region, images, unit) };
  const features = computeImages(work, threads);
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

function* pyradiomicsImages(
  prepared: Prepared,
  region: Region,
  requests: readonly ImageRequest[],
  unit: string,
): Generator<PyradiomicsImage> {
  for (const [r, request] of requests.entries()) {
    if (request.type === "Original") {
      const isSingle = prepared.pixel === "single";
      yield { name: "original", request: r, unit, values: region.values, isSingle };
      continue;
    }
    const box = regionBox(prepared.inside, prepared.geometry);
    const scan = { ...prepared, ...prepared.geometry };
    for (const image of derivedImages(request, scan, prepared.inside, box)) {
      const { name, isSingle } = image;
      yield { name, request: r, unit: "", values: filteredRegion(region, image).values, isSingle };
    }
  }
}

function regionBox(inside: Uint8Array, { size }: Geometry): SizedBox {
  const box = tightBox(inside, size);
  if (box === null) throw new InputError("the region has no voxel. Draw it again.");
  return { ...box, size: boxSize(box) };
}
