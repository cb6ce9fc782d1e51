/**
 * Extraction by PyRadiomics' definitions and under its names.
 *
 * Layer:  radiomics; imports volume, feature-set, image-work, the files beside this one.
 */
import type { Mask } from "../../volume/mask.js";
import { boxSize } from "../../volume/resample.js";
import type { Volume } from "../../volume/volume.js";
import { FeatureSet } from "../feature-set.js";
import { computeImages, threadsFor } from "../image-work.js";
import { derivedImages } from "./filters/derived-images.js";
import type { SizedBox } from "./filters/scan-image.js";
import { type PyradiomicsImage, type PyradiomicsImages, pyradiomicsShapeFeatures } from "./image-features.js";
import { cropRegion, filteredRegion, type PlacedRegion, type Prepared, prepare } from "./region.js";
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
  const { drawn, drawnBox, inside, insideBox } = prepared;
  const region = cropRegion(prepared, inside, insideBox);
  const isSame = settings.resegmentShape || inside === drawn;
  const shape = isSame ? region : cropRegion(prepared, drawn, drawnBox);
  const { unit } = volume.quantity;
  const common: PyradiomicsImages = { convention: "pyradiomics", region, requests: images };
  const isOne = images.length === 1 && images[0].type === "Original";
  const threads = threadsFor(workers, !isOne, region.positions.length);
  const work = { common, images: pyradiomicsImages(prepared, region, images, unit) };
  const features = [...pyradiomicsShapeFeatures(shape, settings, unit), ...computeImages(work, threads)];
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
  region: PlacedRegion,
  requests: readonly ImageRequest[],
  unit: string,
): Generator<PyradiomicsImage> {
  for (const [r, request] of requests.entries()) {
    if (request.type === "Original") {
      const isSingle = prepared.pixel === "single";
      yield { name: "original", request: r, unit, values: region.values, isSingle };
      continue;
    }
    const { insideBox } = prepared;
    const box: SizedBox = { ...insideBox, size: boxSize(insideBox) };
    const scan = { ...prepared, ...prepared.geometry };
    for (const image of derivedImages(request, scan, prepared.inside, box)) {
      const { name, isSingle } = image;
      yield { name, request: r, unit: "", values: filteredRegion(region, image).values, isSingle };
    }
  }
}
