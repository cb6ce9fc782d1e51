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
  let sum = 0;
  let unknown = 0;
  for (let p = 0; p < image.length; p++) {
    const v = image[p];
    // What is not finite has no difference to itself.
    if (v - v === 0) sum += v;
    else unknown++;
    before[p + 1] = sum;
  }
  const means = ballSums(before, positions, rows, lineStep, planeStep);
  if (unknown === 0) {
    const all = rows.reduce((count, { reach }) => count + 2 * reach + 1, 0);
    for (let n = 0; n < means.length; n++) means[n] /= all;
    return means;
  }
  const knownBefore = new Float64Array(image.length + 1);
  for (let p = 0; p < image.length; p++)
    knownBefore[p + 1] = knownBefore[p] + (image[p] - image[p] === 0 ? 1 : 0);
  const counts = ballSums(knownBefore, positions, rows, lineStep, planeStep);
  for (let n = 0; n < means.length; n++) means[n] /= counts[n];
  return means;
}

/** Rows that one pass over the positions takes. */
const ROWS_AT_ONCE = 8;

function ballSums(
  before: Float64Array,
  positions: Int32Array,
  rows: readonly BallRow[],
  lineStep: number,
  planeStep: number,
): Float64Array {
  // Where each row starts and ends, from the ball's centre; empty rows fill the last pass.
  const offsets: [number, number][] = rows.map(({ y, z, reach }) => {
    const middle = y * lineStep + z * planeStep;
    return [middle - reach, middle + reach + 1];
  });
  while (offsets.length % ROWS_AT_ONCE !== 0) offsets.push([0, 0]);
  const total = new Float64Array(positions.length);
  for (let r = 0; r < offsets.length; r += ROWS_AT_ONCE) {
    addRows(before, positions, offsets.slice(r, r + ROWS_AT_ONCE), total);
  }
  return total;
}

/** Written out, because offsets that do not change in the loop cost nothing. */
function addRows(
  before: Float64Array,
  positions: Int32Array,
  [[a0, a1], [b0, b1], [c0, c1], [d0, d1], [e0, e1], [f0, f1], [g0, g1], [h0, h1]]: readonly [
    number,
    number,
  ][],
  total: Float64Array,
): void {
  for (let n = 0; n < positions.length; n++) {
    const p = positions[n];
    total[n] +=
      before[p + a1] -
      before[p + a0] +
      (before[p + b1] - before[p + b0]) +
      (before[p + c1] - before[p + c0]) +
      (before[p + d1] - before[p + d0]) +
      (before[p + e1] - before[p + e0]) +
      (before[p + f1] - before[p + f0]) +
      (before[p + g1] - before[p + g0]) +
      (before[p + h1] - before[p + h0]);
  }
}
