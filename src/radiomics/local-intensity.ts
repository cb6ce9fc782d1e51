/**
 * Local intensity: the mean over 1 cm³ around a voxel.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, section 3.2.
 * Layer:  radiomics; imports core (types), region (types).
 */
import type { Vec3 } from "../core/geometry.js";
import type { Region } from "./region.js";

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
  { image, positions }: Region,
  rows: readonly BallRow[],
  lineStep: number,
  planeStep: number,
): Float64Array {
  // before[p]: sum of everything before p, so that a row's sum is one difference.
  const before = new Float64Array(image.length + 1);
  const knownBefore = new Float64Array(image.length + 1);
  for (let p = 0; p < image.length; p++) {
    const finite = Number.isFinite(image[p]);
    before[p + 1] = before[p] + (finite ? image[p] : 0);
    knownBefore[p + 1] = knownBefore[p] + (finite ? 1 : 0);
  }
  const means = ballSums(before, positions, rows, lineStep, planeStep);
  const complete = knownBefore[image.length] === image.length;
  const all = rows.reduce((sum, { reach }) => sum + 2 * reach + 1, 0);
  const counts = complete ? null : ballSums(knownBefore, positions, rows, lineStep, planeStep);
  for (let n = 0; n < positions.length; n++) means[n] /= counts === null ? all : counts[n];
  return means;
}

function ballSums(
  before: Float64Array,
  positions: Int32Array,
  rows: readonly BallRow[],
  lineStep: number,
  planeStep: number,
): Float64Array {
  const starts = Int32Array.from(rows, ({ y, z, reach }) => y * lineStep + z * planeStep - reach);
  const ends = Int32Array.from(rows, ({ y, z, reach }) => y * lineStep + z * planeStep + reach + 1);
  const total = new Float64Array(positions.length);
  // All rows of one voxel before the next voxel: neighbours share their rows, which are then still in the cache.
  for (let n = 0; n < positions.length; n++) {
    const p = positions[n];
    let sum = 0;
    for (let r = 0; r < starts.length; r++) sum += before[p + ends[r]] - before[p + starts[r]];
    total[n] = sum;
  }
  return total;
}
