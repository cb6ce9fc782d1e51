/**
 * The region of a scan in one of its response maps.
 *
 * Source: IBSI reference manual on convolutional filters, arXiv:2006.05470, section 2.1: the image is interpolated, then
 * filtered as a whole; the mask, re-segmented by the intensities of the scan itself, then picks the response.
 * Layer:  radiomics; imports core (types), volume, region (types), response-maps (types), source.
 */
import type { Vec3 } from "../../core/geometry.js";
import { clipBox, copyBox } from "../../volume/crop.js";
import { boxSize } from "../../volume/resample.js";
import type { Volume } from "../../volume/volume.js";
import type { Region } from "../region.js";
import type { ResponseMap } from "./response-maps.js";
import { type ResampledGrid, resampledSource, scanSource } from "./source.js";

/** Only the region's own box is filtered, from what the filter reaches around it. */
export function filteredRegion(
  volume: Volume,
  region: Region,
  map: ResponseMap,
  resample: ResampledGrid | undefined,
): Region {
  const source = resample === undefined ? scanSource(volume) : resampledSource(volume, resample);
  const known = clipBox(region.box, { ...region.geometry, size: source.size });
  const response = map.compute(source, known);
  const { low } = known;
  const shifted = {
    low: subtract(region.box.low, low),
    high: subtract(region.box.high, low),
  };
  const image = copyBox(
    response,
    boxSize(known),
    shifted,
    new Float64Array(region.image.length).fill(Number.NaN),
  );
  const values = new Float64Array(region.positions.length);
  for (let n = 0; n < values.length; n++) values[n] = image[region.positions[n]];
  return { ...region, image, values, range: undefined };
}

function subtract(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}
