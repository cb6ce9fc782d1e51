/**
 * The 5 features of a neighbourhood grey tone difference matrix (NGTDM).
 *
 * Source: IBSI reference manual, arXiv:1612.07003, section 3.10; Amadasun & King 1989.
 * Layer:  radiomics; imports nothing.
 */

export const NGTDM_FEATURE_COUNT = 5;

/** What the manual gives as coarseness where no level differs from its neighbours. */
const COARSENESS_OF_FLAT = 1e6;

/** Entry i − 1 is level i. */
export interface ToneDifferences {
  /** Voxels that have a neighbour. */
  readonly voxels: Float64Array;
  /** s: the sum of |level − mean level of the neighbours|. */
  readonly differences: Float64Array;
}

/** @returns Coarseness, contrast, busyness, complexity, strength. All NaN if no voxel has a neighbour. */
export function ngtdmFeatures({ voxels, differences }: ToneDifferences): Float64Array {
  // Only levels that occur, so that the double sums are short.
  const level: number[] = [];
  let total = 0;
  for (let k = 0; k < voxels.length; k++) {
    total += voxels[k];
    if (voxels[k] > 0) level.push(k + 1);
  }
  if (total === 0) return new Float64Array(NGTDM_FEATURE_COUNT).fill(Number.NaN);
  const p = Float64Array.from(level, (i) => voxels[i - 1] / total);
  const s = Float64Array.from(level, (i) => differences[i - 1]);

  let weighted = 0;
  let all = 0;
  for (let a = 0; a < p.length; a++) {
    weighted += p[a] * s[a];
    all += s[a];
  }
  let contrast = 0;
  let busy = 0;
  let complexity = 0;
  let strength = 0;
  // Every double sum is symmetric, and its diagonal is 0.
  for (let a = 0; a < p.length; a++) {
    const i = level[a];
    for (let b = 0; b < a; b++) {
      const d = i - level[b];
      contrast += p[a] * p[b] * d * d;
      busy += Math.abs(i * p[a] - level[b] * p[b]);
      complexity += (d * (p[a] * s[a] + p[b] * s[b])) / (p[a] + p[b]);
      strength += (p[a] + p[b]) * d * d;
    }
  }
  const pairs = p.length * (p.length - 1);
  return Float64Array.of(
    weighted === 0 ? COARSENESS_OF_FLAT : 1 / weighted,
    pairs === 0 ? 0 : ((2 * contrast) / pairs) * (all / total),
    busy === 0 ? 0 : weighted / (2 * busy),
    (2 * complexity) / total,
    all === 0 ? 0 : (2 * strength) / all,
  );
}
