/**
 * PyRadiomics' filters that look at one voxel, or at its six neighbours: square, square root, logarithm, exponential, gradient.
 *
 * Source: PyRadiomics 3.1; ITK's GradientMagnitudeImageFilter for the gradient.
 * Layer:  radiomics; imports core, scan-image.
 */
import { InputError } from "../../../core/errors.js";
import type { ScanImage, SizedBox } from "./scan-image.js";

export type IntensityMap = "square" | "squareroot" | "logarithm" | "exponential";

/**
 * Maps intensities so that the largest magnitude of the whole scan stays what it is; negative ones become negative.
 *
 * @throws InputError if the scan is 0 everywhere or has a voxel that is not finite.
 */
export function mapIntensities(scan: ScanImage, box: SizedBox, map: IntensityMap): Float64Array {
  const most = largestMagnitude(scan);
  const result = copyOf(scan, box);
  const root = 1 / Math.sqrt(most);
  const slope = Math.log(most) / most;
  const stretch = most / Math.log(most + 1);
  for (let p = 0; p < result.length; p++) {
    const x = result[p];
    switch (map) {
      case "square":
        result[p] = (root * x) ** 2;
        break;
      case "squareroot":
        result[p] = x < 0 ? -Math.sqrt(-x * most) : Math.sqrt(x * most);
        break;
      case "logarithm":
        result[p] = (x < 0 ? -Math.log(1 - x) : Math.log(x + 1)) * stretch;
        break;
      case "exponential":
        result[p] = Math.exp(slope * x);
    }
  }
  return result;
}

/** Length of the gradient from central differences; beyond the scan its edge value goes on. */
export function gradientMagnitude(
  { voxels, size, spacing }: ScanImage,
  { low, size: [nx, ny, nz] }: SizedBox,
  useSpacing: boolean,
): Float32Array {
  const [sx, sy] = size;
  const steps = [1, sx, sx * sy];
  const half = spacing.map((mm) => 0.5 / (useSpacing ? mm : 1));
  const result = new Float32Array(nx * ny * nz);
  const at = [0, 0, 0];
  for (let z = 0, p = 0; z < nz; z++) {
    at[2] = low[2] + z;
    for (let y = 0; y < ny; y++) {
      at[1] = low[1] + y;
      for (let x = 0; x < nx; x++, p++) {
        at[0] = low[0] + x;
        const q = at[0] + sx * (at[1] + sy * at[2]);
        let squares = 0;
        for (let axis = 0; axis < 3; axis++) {
          const above = at[axis] + 1 < size[axis] ? voxels[q + steps[axis]] : voxels[q];
          const below = at[axis] > 0 ? voxels[q - steps[axis]] : voxels[q];
          squares += (half[axis] * above - half[axis] * below) ** 2;
        }
        result[p] = Math.sqrt(squares);
      }
    }
  }
  return result;
}

function largestMagnitude({ voxels }: ScanImage): number {
  let most = 0;
  let finite = 0;
  for (let p = 0; p < voxels.length; p++) {
    most = Math.max(most, Math.abs(voxels[p]));
    finite += 0 * voxels[p];
  }
  if (finite !== 0 || most === 0) {
    throw new InputError(
      finite === 0
        ? "this filter scales by the largest magnitude of the scan, which is 0 everywhere. Choose another filter."
        : "this filter scales by the largest magnitude of the scan, which has voxels that are not finite. Repair them.",
    );
  }
  return most;
}

function copyOf({ voxels, size: [sx, sy] }: ScanImage, { low, size: [nx, ny, nz] }: SizedBox): Float64Array {
  const copy = new Float64Array(nx * ny * nz);
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const row = low[0] + sx * (low[1] + y + sy * (low[2] + z));
      copy.set(voxels.subarray(row, row + nx), nx * (y + ny * z));
    }
  }
  return copy;
}
