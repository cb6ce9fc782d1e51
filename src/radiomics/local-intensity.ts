/**
 * Local intensity: the mean over 1 cm³ around a voxel.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, section 3.2.
 * Layer:  radiomics; imports core (types), region (types), wasm/kernels.
 */
import type { Vec3 } from "../core/geometry.js";
import type { Region } from "./region.js";
import { inWorkspace } from "./wasm/kernels.js";

/** Radius of a ball of 1 cm³, mm. */
export const PEAK_RADIUS_MM: number = Math.cbrt(3000 / (4 * Math.PI));

/** Half lengths of the ball's rows: voxels with centre within the radius. */
interface BallRow {
  readonly y: number;
  readonly z: number;
  readonly reach: number;
}

/**
 * The ball also takes voxels outside the region; those outside the scan, or not finite, are left out of the mean.
 * If several voxels have the highest intensity, the highest of their local means counts.
 */
export function localIntensityFeatures(region: Region): Record<string, number> {
  const { geometry, positions, values } = region;
  const [nx, ny] = geometry.size;
  const means = ballMeans(region, ballRows(geometry.spacing), nx, nx * ny);
  let highest = -Infinity;
  let local = -Infinity;
  let global = -Infinity;
  for (let n = 0; n < positions.length; n++) {
    if (values[n] > highest || (values[n] === highest && means[n] > local)) {
      highest = values[n];
      local = means[n];
    }
    if (means[n] > global) global = means[n];
  }
  return { loc_peak_loc: local, loc_peak_glob: global };
}

function ballRows([sx, sy, sz]: Vec3): BallRow[] {
  const rows: BallRow[] = [];
  const squared = PEAK_RADIUS_MM ** 2;
  const reachY = Math.floor(PEAK_RADIUS_MM / sy);
  const reachZ = Math.floor(PEAK_RADIUS_MM / sz);
  for (let z = -reachZ; z <= reachZ; z++) {
    for (let y = -reachY; y <= reachY; y++) {
      const rest = squared - (y * sy) ** 2 - (z * sz) ** 2;
      if (rest >= 0) rows.push({ y, z, reach: Math.floor(Math.sqrt(rest) / sx) });
    }
  }
  return rows;
}

/** Mean over the ball around each position, by sums along its rows. */
function ballMeans(
  region: Region,
  rows: readonly BallRow[],
  lineStep: number,
  planeStep: number,
): Float64Array {
  const { sums, unknown } = ballSums(region, rows, lineStep, planeStep, false);
  if (unknown === 0) {
    const all = rows.reduce((count, { reach }) => count + 2 * reach + 1, 0);
    for (let n = 0; n < sums.length; n++) sums[n] /= all;
    return sums;
  }
  const counts = ballSums(region, rows, lineStep, planeStep, true).sums;
  for (let n = 0; n < sums.length; n++) sums[n] /= counts[n];
  return sums;
}

/** Sums of the finite values in the ball around each position, or their number; and how many of the image are not finite. */
function ballSums(
  { image, positions }: Region,
  rows: readonly BallRow[],
  lineStep: number,
  planeStep: number,
  counting: boolean,
): { readonly sums: Float64Array; readonly unknown: number } {
  const bytes = {
    before: 8 * (image.length + 1),
    positions: 4 * positions.length,
    offsets: 8 * rows.length,
    total: 8 * positions.length,
  };
  return inWorkspace(bytes, [], ({ kernels, buffer, at }) => {
    // before[p]: sum of everything before p, so that a row's sum is one difference.
    const before = new Float64Array(buffer, at.before, image.length + 1);
    before[0] = 0;
    before.set(image, 1);
    const unknown = kernels.runningSum(at.before + 8, image.length, counting ? 1 : 0);
    new Int32Array(buffer, at.positions, positions.length).set(positions);
    const offsets = new Int32Array(buffer, at.offsets, 2 * rows.length);
    // Where each row starts and ends, from the ball's centre, in bytes.
    for (const [r, { y, z, reach }] of rows.entries()) {
      const middle = y * lineStep + z * planeStep;
      offsets[2 * r] = 8 * (middle - reach);
      offsets[2 * r + 1] = 8 * (middle + reach + 1);
    }
    kernels.ballSums(at.before, at.positions, positions.length, at.offsets, rows.length, at.total);
    return { sums: new Float64Array(buffer, at.total, positions.length).slice(), unknown };
  });
}
