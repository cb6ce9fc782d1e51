/**
 * Exact Euclidean distance transform on voxels of any spacing, one axis after the other.
 *
 * Source: Felzenszwalb & Huttenlocher, Theory of Computing 8 (2012), doi:10.4086/toc.2012.v008a019;
 *         Maurer, Qi & Raghavan, IEEE TPAMI 25 (2003), doi:10.1109/TPAMI.2003.1177156.
 * Layer:  volume; imports core (types).
 */
import type { Vec3 } from "../core/geometry.js";

/**
 * @param inside   Voxels to measure the distance to are not 0; x fastest.
 * @param spacing  mm along x, y, z.
 * @returns Squared distance from each voxel centre to the nearest centre inside, mm²; Infinity if there is none.
 */
export function squaredDistances(inside: Uint8Array, size: Vec3, spacing: Vec3): Float64Array {
  const [nx, ny, nz] = size;
  const squared = new Float64Array(inside.length);
  for (let p = 0; p < inside.length; p++) squared[p] = inside[p] === 0 ? Infinity : 0;
  const envelope = makeEnvelope(Math.max(nx, ny, nz));
  for (let line = 0; line < ny * nz; line++) lowerLine(squared, line * nx, 1, nx, spacing[0], envelope);
  for (let z = 0; z < nz; z++) {
    for (let x = 0; x < nx; x++) lowerLine(squared, x + z * nx * ny, nx, ny, spacing[1], envelope);
  }
  for (let line = 0; line < nx * ny; line++) lowerLine(squared, line, nx * ny, nz, spacing[2], envelope);
  return squared;
}

/** Work arrays for the lower envelope of the parabolas of one line. */
interface Envelope {
  /** Where each parabola of the envelope has its lowest point, and how high that is. */
  readonly at: Int32Array;
  readonly height: Float64Array;
  /** From where on it is the lowest. */
  readonly from: Float64Array;
}

function makeEnvelope(longest: number): Envelope {
  return {
    at: new Int32Array(longest),
    height: new Float64Array(longest),
    from: new Float64Array(longest + 1),
  };
}

/** Replaces each value f(i) of a line by the least f(q) + (spacing · (i − q))², in place. */
function lowerLine(
  squared: Float64Array,
  start: number,
  step: number,
  count: number,
  spacing: number,
  { at, height, from }: Envelope,
): void {
  const unit = spacing * spacing;
  let last = -1;
  for (let q = 0; q < count; q++) {
    const h = squared[start + q * step];
    if (h === Infinity) continue;
    let begins = -Infinity;
    while (last >= 0) {
      const v = at[last];
      begins = ((h - height[last]) / unit + (q - v) * (q + v)) / (2 * (q - v));
      if (begins > from[last]) break;
      last--;
    }
    last++;
    at[last] = q;
    height[last] = h;
    from[last] = last === 0 ? -Infinity : begins;
  }
  if (last < 0) return;
  from[last + 1] = Infinity;
  for (let i = 0, k = 0; i < count; i++) {
    while (from[k + 1] < i) k++;
    const d = i - at[k];
    squared[start + i * step] = height[k] + unit * d * d;
  }
}
