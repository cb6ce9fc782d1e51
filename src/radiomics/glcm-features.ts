/**
 * The 25 features of one grey level co-occurrence matrix.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, section 3.6; Haralick et al. 1973.
 * Layer:  radiomics; imports nothing.
 */

export const GLCM_FEATURE_COUNT = 25;

/**
 * @param counts      Ng × Ng pairs in one sense; the other sense is added here, which makes the matrix symmetric.
 * @param levelCount  Ng.
 * @returns Values in the order of the catalogue; all NaN if there is no pair.
 */
export function glcmFeatures(counts: Float64Array, levelCount: number): Float64Array {
  const n = levelCount;
  const marginal = new Float64Array(n);
  const difference = new Float64Array(n);
  const sums = new Float64Array(2 * n - 1);
  let total = 0;
  for (let c = 0; c < counts.length; c++) total += counts[c];
  if (total === 0) return new Float64Array(GLCM_FEATURE_COUNT).fill(Number.NaN);

  let largest = 0;
  let energy = 0;
  let jointEntropy = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const both = counts[i * n + j] + counts[j * n + i];
      if (both === 0) continue;
      const p = both / (2 * total);
      if (p > largest) largest = p;
      const twice = i === j ? 1 : 2;
      energy += twice * p * p;
      jointEntropy -= twice * p * Math.log2(p);
      marginal[i] += p;
      if (i !== j) marginal[j] += p;
      difference[i - j] += twice * p;
      sums[i + j] += twice * p;
    }
  }
  return derive(marginal, difference, sums, { largest, energy, jointEntropy });
}

/** What only the full matrix tells. */
interface Joint {
  readonly largest: number;
  readonly energy: number;
  readonly jointEntropy: number;
}

/** Everything else follows from the marginal and from the distributions of |i − j| and i + j (levels count from 1). */
function derive(
  marginal: Float64Array,
  difference: Float64Array,
  sums: Float64Array,
  joint: Joint,
): Float64Array {
  const n = marginal.length;
  let mean = 0;
  let entropy = 0;
  for (let i = 0; i < n; i++) {
    mean += (i + 1) * marginal[i];
    if (marginal[i] > 0) entropy -= marginal[i] * Math.log2(marginal[i]);
  }
  let variance = 0;
  for (let i = 0; i < n; i++) variance += (i + 1 - mean) ** 2 * marginal[i];

  let dissimilarity = 0;
  let contrast = 0;
  let differenceEntropy = 0;
  let inverse = 0;
  let inverseNormalised = 0;
  let inverseMoment = 0;
  let inverseMomentNormalised = 0;
  let inverseVariance = 0;
  for (let k = 0; k < n; k++) {
    const p = difference[k];
    if (p === 0) continue;
    dissimilarity += k * p;
    contrast += k * k * p;
    differenceEntropy -= p * Math.log2(p);
    inverse += p / (1 + k);
    inverseNormalised += p / (1 + k / n);
    inverseMoment += p / (1 + k * k);
    inverseMomentNormalised += p / (1 + (k * k) / (n * n));
    if (k > 0) inverseVariance += p / (k * k);
  }

  let sumEntropy = 0;
  let tendency = 0;
  let shade = 0;
  let prominence = 0;
  for (let k = 0; k < sums.length; k++) {
    const p = sums[k];
    if (p === 0) continue;
    const d = k + 2 - 2 * mean;
    sumEntropy -= p * Math.log2(p);
    tendency += d * d * p;
    shade += d * d * d * p;
    prominence += d * d * d * d * p;
  }
  // Of a symmetric matrix HXY1 = HXY2 = 2 HX, and Σ (i−μ)(j−μ) p = (Σ (i+j−2μ)² p − Σ (i−j)² p) / 4.
  const covariance = (tendency - contrast) / 4;
  const oneLevel = variance === 0;
  return Float64Array.of(
    joint.largest,
    mean,
    variance,
    positive(joint.jointEntropy),
    dissimilarity,
    Math.max(0, contrast - dissimilarity ** 2),
    positive(differenceEntropy),
    2 * mean,
    tendency,
    positive(sumEntropy),
    joint.energy,
    contrast,
    dissimilarity,
    inverse,
    inverseNormalised,
    inverseMoment,
    inverseMomentNormalised,
    inverseVariance,
    oneLevel ? 1 : covariance / variance,
    covariance + mean * mean,
    tendency,
    shade,
    prominence,
    oneLevel ? 0 : (joint.jointEntropy - 2 * entropy) / entropy,
    Math.sqrt(Math.max(0, 1 - Math.exp(-2 * (2 * entropy - joint.jointEntropy)))),
  );
}

/** −1 · log₂ 1 is −0, and sums of shares may miss 1 by a rounding error. */
function positive(entropy: number): number {
  return entropy > 0 ? entropy : 0;
}
