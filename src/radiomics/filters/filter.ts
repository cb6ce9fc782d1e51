/**
 * Filters a whole scan.
 *
 * Layer:  radiomics; imports core (types), volume, options (types), response-maps, source.
 */
import type { Geometry, Vec3 } from "../../core/geometry.js";
import { Volume } from "../../volume/volume.js";
import type { Filter } from "./options.js";
import { responseMaps } from "./response-maps.js";
import { scanSource } from "./source.js";

/**
 * Response maps of a scan, as the IBSI defines them (arXiv:2006.05470).
 *
 * @param filter  E.g. `{ log: { sigmaMm: 3 } }`; see `Filter` for all of them, their options and IBSI codes.
 * @returns One volume per map, on the scan's grid (a decimated wavelet: every 2^level-th voxel of it), named after the filter.
 *          The unit is lost: a response is no intensity.
 * @throws InputError if an option is unknown or out of range, or a voxel of the scan is not finite.
 *
 * @example
 * const [fine, coarse] = radiomics.filter(ct, { log: { sigmaMm: [1, 3] } });
 * const [edges] = radiomics.filter(ct, { wavelet: { name: "coif1", map: "HHL", rotationInvariant: "average" } });
 */
export function filter(volume: Volume, filter: Filter): Volume[] {
  const maps = responseMaps(filter);
  const source = scanSource(volume);
  const [nx, ny, nz] = source.size;
  return maps.map(({ name, decimation, compute }) => {
    const voxels = compute(source, { low: [0, 0, 0], high: [nx - 1, ny - 1, nz - 1] });
    const { modality } = volume.quantity;
    const options = { modality, name: `${volume.name} ${name}`, frameOfReference: volume.frameOfReference };
    if (decimation.every((step) => step === 1)) return new Volume(voxels, volume.geometry, options);
    const kept = decimated(voxels, volume.geometry, decimation);
    return new Volume(kept.voxels, kept.geometry, options);
  });
}

function decimated(
  voxels: Float64Array,
  geometry: Geometry,
  [dx, dy, dz]: Vec3,
): { readonly voxels: Float64Array; readonly geometry: Geometry } {
  const [nx, ny] = geometry.size;
  const [mx, my, mz] = [Math.ceil(nx / dx), Math.ceil(ny / dy), Math.ceil(geometry.size[2] / dz)];
  const kept = new Float64Array(mx * my * mz);
  for (let z = 0, p = 0; z < mz; z++)
    for (let y = 0; y < my; y++)
      for (let x = 0; x < mx; x++, p++) kept[p] = voxels[dx * x + nx * (dy * y + ny * dz * z)];
  const [sx, sy, sz] = geometry.spacing;
  return {
    voxels: kept,
    geometry: { ...geometry, size: [mx, my, mz], spacing: [sx * dx, sy * dy, sz * dz] },
  };
}
