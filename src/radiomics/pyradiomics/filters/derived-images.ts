/**
 * The images that PyRadiomics computes features on, made from a scan one after the other.
 *
 * Layer:  radiomics; imports core, the filters beside this file, settings (types).
 */
import { InputError } from "../../../core/errors.js";
import type { ImageRequest } from "../settings.js";
import { gradientMagnitude, mapIntensities } from "./intensity-maps.js";
import { localBinary2d } from "./local-binary-2d.js";
import { localBinary3d } from "./local-binary-3d.js";
import { laplacianOfGaussian } from "./recursive-gaussian.js";
import type { DerivedImage, ScanImage, SizedBox } from "./scan-image.js";
import { waveletImages } from "./stationary-wavelet.js";

/**
 * @param inside  The region in the whole scan.
 * @param box     Where the images are wanted: the region's box.
 * @throws InputError if the scan does not suit the filter. PyRadiomics leaves such images out with a warning.
 */
export function* derivedImages(
  { type, filter, settings }: ImageRequest,
  scan: ScanImage,
  inside: Uint8Array,
  box: SizedBox,
): Generator<DerivedImage> {
  const across = ([2, 1, 0] as const)[settings.force2Ddimension];
  switch (type) {
    case "Original":
      return;
    case "LoG":
      for (const sigma of filter.sigma) {
        checkLog(scan, sigma);
        yield { name: logName(sigma), voxels: laplacianOfGaussian(scan, box, sigma), isSingle: true };
      }
      return;
    case "Wavelet": {
      const axes = ([0, 1, 2] as const).filter((axis) => !settings.force2D || axis !== across);
      yield* waveletImages(scan, box, { ...filter, axes });
      return;
    }
    case "Square":
      yield { name: "square", voxels: mapIntensities(scan, box, "square"), isSingle: false };
      return;
    case "SquareRoot":
      yield { name: "squareroot", voxels: mapIntensities(scan, box, "squareroot"), isSingle: false };
      return;
    case "Logarithm":
      yield { name: "logarithm", voxels: mapIntensities(scan, box, "logarithm"), isSingle: false };
      return;
    case "Exponential":
      yield { name: "exponential", voxels: mapIntensities(scan, box, "exponential"), isSingle: false };
      return;
    case "Gradient":
      yield {
        name: "gradient",
        voxels: gradientMagnitude(scan, box, filter.gradientUseSpacing),
        isSingle: true,
      };
      return;
    case "LBP2D":
      yield {
        name: "lbp-2D",
        voxels: localBinary2d(scan, box, { ...filter, across }),
        isSingle: scan.pixel === "single",
      };
      return;
    case "LBP3D":
      yield* localBinary3d(scan, inside, box, filter);
  }
}

/** Python writes 1.0 where JavaScript writes 1. */
function logName(sigma: number): string {
  const python = Number.isInteger(sigma) ? `${sigma}-0` : String(sigma).replaceAll(".", "-");
  return `log-sigma-${python}-mm-3D`;
}

function checkLog({ size, spacing }: ScanImage, sigma: number): void {
  const small = size.findIndex((n, axis) => n < Math.max(4, Math.ceil(sigma / spacing[axis]) + 1));
  if (small < 0) return;
  throw new InputError(
    `LoG with sigma ${sigma} mm needs at least 4 voxels and sigma + 1 voxel along each axis, but the scan is ` +
      `${size.join("×")} voxels of ${spacing.join("×")} mm. Choose a smaller sigma or leave LoG out.`,
  );
}
