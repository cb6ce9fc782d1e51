/**
 * Feature maps: a feature of the neighbourhood of every voxel of a region, as a scan to lay over the original.
 *
 * Source: PyRadiomics 3.1, voxel-based extraction; van Griethuysen et al. 2017, doi:10.1158/0008-5472.CAN-17-0339.
 * Layer:  radiomics; imports core, volume, catalogue, maps-ibsi, maps-kernel (types), maps-options, maps-pyradiomics.
 */
import { InputError } from "../core/errors.js";
import { orInterrupt } from "../core/interrupt.js";
import type { Mask } from "../volume/mask.js";
import { Volume } from "../volume/volume.js";
import { unitFor } from "./catalogue.js";
import { ibsiMaps } from "./maps-ibsi.js";
import type { PreparedMaps } from "./maps-kernel.js";
import type { MapOptions, PyradiomicsMapOptions } from "./maps-options.js";
import { pyradiomicsMaps } from "./maps-pyradiomics.js";

/** Milliseconds of work between two looks at the signal. */
const TURN_MS = 50;

/**
 * Maps a feature: its value in a box of voxels around every voxel of a region. Grey levels are made once, of the whole region.
 *
 * @param mask     Voxels that get a value.
 * @param options  `feature`: name or IBSI code, or PyRadiomics' name such as "glcm_Contrast" in that convention. For the rest and
 *                 each default see `MapOptions` and `PyradiomicsMapOptions`.
 * @returns A scan on the grid of `volume` in the feature's unit, in single precision; NaN (PyRadiomics: initValue) outside the region.
 * @throws InputError if there is no such feature or it has no meaning in a kernel, an option is unknown or out of range, grids
 *         differ, or the region is empty; the signal's reason if that cancels.
 *
 * @example
 * const contrast = await radiomics.map(ct, gtv, { feature: "cm_contrast", radius: 1, discretize: { binWidth: 25 } });
 * plot.volume(ct, { overlay: gtv, heat: contrast });
 */
export async function map(
  volume: Volume,
  mask: Mask,
  { feature, ...options }: (MapOptions | PyradiomicsMapOptions) & { readonly feature: string },
): Promise<Volume> {
  const found = await maps(volume, mask, { ...options, features: [feature] });
  const [only] = found.values();
  if (found.size === 1 && only !== undefined) return only;
  throw new InputError(
    `the filters make ${found.size} images, so there are as many maps: ${[...found.keys()].join(", ")}. Take radiomics.maps.`,
  );
}

/**
 * Several maps at once, which share their work. See `map`.
 *
 * @returns The maps by the names of their features, in the order asked for.
 */
export async function maps(
  volume: Volume,
  mask: Mask,
  { features, ...options }: (MapOptions | PyradiomicsMapOptions) & { readonly features: readonly string[] },
): Promise<ReadonlyMap<string, Volume>> {
  if (features.length === 0)
    throw new InputError('maps need at least one feature, e.g. features: ["cm_contrast"].');
  mask.checkGrid(volume.geometry, `volume "${volume.name}"`);
  const { signal, onProgress } = options;
  const images =
    options.convention === "pyradiomics"
      ? pyradiomicsMaps(volume, mask, features, options)
      : ibsiMaps(volume, mask, features, options);
  const found = new Map<string, Volume>();
  for (const [n, image] of images.entries()) {
    const progress = (share: number): void => onProgress?.((n + share) / images.length);
    const values = await computeMaps(image, orInterrupt(signal), progress);
    image.definitions.forEach(({ name, definition }, f) => {
      const { modality } = volume.quantity;
      const unit = unitFor(definition, image.unit);
      const { frameOfReference } = volume;
      found.set(name, new Volume(values[f], image.geometry, { modality, unit, name, frameOfReference }));
    });
  }
  return found;
}

async function computeMaps(
  { geometry, field, features, definitions, outside }: PreparedMaps,
  signal: AbortSignal | undefined,
  onProgress: (share: number) => void,
): Promise<Float32Array[]> {
  const { centers, targets } = field;
  const count = geometry.size[0] * geometry.size[1] * geometry.size[2];
  // Memory that is 0 from the start need not be written; maps of a large scan are large, hence single precision.
  const maps = definitions.map(() =>
    outside === 0 ? new Float32Array(count) : new Float32Array(count).fill(outside),
  );
  const values = new Float64Array(definitions.length);
  let turn = performance.now();
  for (let n = 0; n < centers.length; n++) {
    if ((n & 63) === 0 && performance.now() - turn > TURN_MS) {
      onProgress(n / centers.length);
      await new Promise((resolve) => setTimeout(resolve, 0));
      turn = performance.now();
    }
    if ((n & 63) === 0) signal?.throwIfAborted();
    features(centers[n], values);
    for (let f = 0; f < maps.length; f++) maps[f][targets[n]] = values[f];
  }
  onProgress(1);
  return maps;
}
