/**
 * What a person may choose about feature maps.
 *
 * Layer:  radiomics; imports core, settings (types), pyradiomics/settings (types).
 */
import { InputError } from "../core/errors.js";
import type { Geometry, Vec3 } from "../core/geometry.js";
import type { Filter } from "./filters/options.js";
import type { PyradiomicsOptions, PyradiomicsParameters } from "./pyradiomics/settings.js";
import type { Aggregation, Binning } from "./settings.js";

/** How long a map may take, and what to tell meanwhile. */
export interface MapRun {
  /** Cancels. */
  readonly signal?: AbortSignal;
  /** Called now and then with the share that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Maps by IBSI's definitions. */
export interface MapOptions extends MapRun {
  /** Default "ibsi". */
  readonly convention?: "ibsi";
  /** Voxels on each side of the centre, the same along each axis. Default 1: kernels of 3×3×3. */
  readonly radius?: number;
  /** Instead of `radius`: mm on each side, cut to whole voxels along each axis. */
  readonly radiusMm?: number;
  /** Whether kernels leave out voxels that are not in the region. Default true. */
  readonly masked?: boolean;
  /** Default: width 25 for scans in HU, else 32 bins; over the region, or over all that kernels see if they are not masked. */
  readonly discretize?: Binning;
  /** Default "3D merged". Only the two of the volume: a kernel is one. */
  readonly aggregation?: Extract<Aggregation, "3D merged" | "3D averaged">;
  /**
   * Images to map: the scan and response maps of filters, whose names begin those of their maps ("log-3mm_stat_mean") and which
   * have 32 bins unless `discretize` says otherwise. Default: the scan.
   */
  readonly filters?: readonly ("original" | Filter)[];
}

/** Keys of `voxelSetting` in a parameter file, as PyRadiomics spells them. */
export interface VoxelSetting {
  /** Voxels on each side of the centre. Default 1. */
  readonly kernelRadius?: number;
  /** Default true. */
  readonly maskedKernel?: boolean;
  /** Value outside the region. Default 0. */
  readonly initValue?: number;
  /** Accepted and without effect: voxels are not computed in batches. */
  readonly voxelBatch?: number;
}

/**
 * Maps by PyRadiomics' definitions, of every image of `imageType`. Two differ on purpose: glcm_MCC, on which PyRadiomics gives up, and
 * glcm_JointAverage, which it leaves missing, in kernels that have a direction without pairs; here such a direction is left out.
 */
export interface PyradiomicsMapOptions extends MapRun, Pick<PyradiomicsOptions, "storedIntegers"> {
  readonly convention: "pyradiomics";
  /** What a parameter file holds. Its list of features is not read: name the features. */
  readonly parameters?: PyradiomicsParameters & { readonly voxelSetting?: VoxelSetting | null };
}

/** Largest kernel that is still a neighbourhood. */
const MAX_RADIUS = 20;

/** @throws InputError unless the radius is a whole number of voxels from 1, or mm that reach at least one voxel. */
export function kernelRadius(
  { radius, radiusMm }: Pick<MapOptions, "radius" | "radiusMm">,
  { spacing }: Geometry,
): Vec3 {
  if (radiusMm === undefined) return sameRadius(radius ?? 1);
  if (radius !== undefined) throw new InputError("a map takes radius (voxels) or radiusMm, not both.");
  const along = (axis: 0 | 1 | 2): number => Math.floor(radiusMm / spacing[axis] + 1e-9);
  const voxels: Vec3 = [along(0), along(1), along(2)];
  if (!(radiusMm > 0) || voxels.some((v) => v > MAX_RADIUS) || voxels.every((v) => v === 0)) {
    throw new InputError(
      `radiusMm must reach from 1 to ${MAX_RADIUS} voxels of ${spacing.join("×")} mm, found ${radiusMm}.`,
    );
  }
  return voxels;
}

/** @throws InputError unless it is a whole number from 1 to 20. */
export function sameRadius(radius: number): Vec3 {
  if (!Number.isInteger(radius) || radius < 1 || radius > MAX_RADIUS) {
    throw new InputError(
      `a kernel needs a radius of 1 to ${MAX_RADIUS} whole voxels, found ${radius}. 1 makes 3×3×3.`,
    );
  }
  return [radius, radius, radius];
}

/** @throws InputError naming a key that is unknown. */
export function checkKeys(what: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key))
      throw new InputError(`${what} has no option "${key}". It has ${known.join(", ")}.`);
  }
}
