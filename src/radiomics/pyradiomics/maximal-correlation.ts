/**
 * The maximal correlation coefficient (MCC) of a co-occurrence matrix.
 *
 * Haralick's Q has the eigenvalues of B², B = pᵢⱼ / √(pᵢ pⱼ), which is symmetric; B's largest is 1, with eigenvector √p.
 * Source: Haralick et al. 1973; Golub & Van Loan, Matrix Computations, sections 8.3 and 8.4.
 * Layer:  radiomics; imports nothing.
 */

/**
 * @param counts      Ng × Ng pairs in one sense; the other sense is added here.
 * @param levelCount  Ng.
 * @returns The second largest |eigenvalue| of B; 1 if one level occurs in the region, NaN if there is no pair.
 */
export function maximalCorrelation(counts: Float64Array, levelCount: number, levelsInRegion: number): number {
  const marginal = new Float64Array(levelCount);
  let total = 0;
  for (let i = 0; i < levelCount; i++) {
    for (let j = 0; j < levelCount; j++) {
      const n = counts[i * levelCount + j];
      marginal[i] += n;
      marginal[j] += n;
      total += 2 * n;
    }
  }
  if (total === 0) return Number.NaN;
  if (levelsInRegion < 2) return 1;
  const present: number[] = [];
  for (let i = 0; i < levelCount; i++) if (marginal[i] > 0) present.push(i);
  const n = present.length;
  const b = new Float64Array(n * n);
  for (let r = 0; r < n; r++) {
    for (let c = 0; c <= r; c++) {
      const i = present[r];
      const j = present[c];
      const both = counts[i * levelCount + j] + counts[j * levelCount + i];
      const root = Math.sqrt(marginal[i] * marginal[j]);
      // Without its first eigenvector, B's largest eigenvalue is the one looked for.
      b[r * n + c] = both / root - root / total;
      b[c * n + r] = b[r * n + c];
    }
  }
  return Math.min(1, spectralRadius(b, n));
}

/** Largest |eigenvalue| of a symmetric n × n matrix, which is overwritten. */
function spectralRadius(a: Float64Array, n: number): number {
  const { diagonal, beside } = tridiagonal(a, n);
  let bound = 0;
  for (let k = 0; k < n; k++) {
    bound = Math.max(
      bound,
      Math.abs(diagonal[k]) + Math.abs(beside[k]) + (k + 1 < n ? Math.abs(beside[k + 1]) : 0),
    );
  }
  const highest = bisect(diagonal, beside, bound);
  const lowest = bisect(
    diagonal.map((d) => -d),
    beside,
    bound,
  );
  return Math.max(highest, lowest, 0);
}

/** Householder reflections: the diagonal, and at k the number beside it between k − 1 and k. */
function tridiagonal(a: Float64Array, n: number): { diagonal: Float64Array; beside: Float64Array } {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  const v = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = n - 1; k > 0; k--) {
    // Row k, columns 0 … k−1, becomes (0, …, 0, beside).
    let norm = 0;
    for (let j = 0; j < k; j++) norm += a[k * n + j] * a[k * n + j];
    norm = Math.sqrt(norm);
    diagonal[k] = a[k * n + k];
    const tip = a[k * n + k - 1];
    const alpha = tip > 0 ? -norm : norm;
    beside[k] = norm === 0 ? 0 : alpha;
    if (norm === 0) continue;
    let squared = 0;
    for (let j = 0; j < k; j++) {
      v[j] = a[k * n + j] - (j === k - 1 ? alpha : 0);
      squared += v[j] * v[j];
    }
    const scale = 2 / squared;
    // Only the lower triangle is kept.
    for (let i = 0; i < k; i++) {
      const vi = v[i];
      let sum = a[i * n + i] * vi;
      for (let j = 0; j < i; j++) {
        const entry = a[i * n + j];
        sum += entry * v[j];
        p[j] += entry * vi;
      }
      p[i] = sum;
    }
    let vp = 0;
    for (let i = 0; i < k; i++) {
      p[i] *= scale;
      vp += v[i] * p[i];
    }
    const half = (scale * vp) / 2;
    for (let i = 0; i < k; i++) p[i] -= half * v[i];
    for (let i = 0; i < k; i++) {
      const vi = v[i];
      const pi = p[i];
      for (let j = 0; j <= i; j++) a[i * n + j] -= vi * p[j] + pi * v[j];
    }
  }
  diagonal[0] = a[0];
  return { diagonal, beside };
}

/** Largest eigenvalue of a tridiagonal matrix, from the signs of Sturm's sequence. */
function bisect(diagonal: Float64Array, beside: Float64Array, bound: number): number {
  const sign = diagonal.length;
  let low = -bound;
  let high = bound;
  for (let step = 0; step < 60 && high - low > 1e-15 * bound; step++) {
    const middle = (low + high) / 2;
    if (eigenvaluesBelow(diagonal, beside, middle) === sign) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

function eigenvaluesBelow(diagonal: Float64Array, beside: Float64Array, x: number): number {
  let count = 0;
  let q = 1;
  for (let k = 0; k < diagonal.length; k++) {
    const pivot = q === 0 ? Number.MIN_VALUE * 2 ** 60 : q;
    q = diagonal[k] - x - (k === 0 ? 0 : (beside[k] * beside[k]) / pivot);
    if (q < 0) count++;
  }
  return count;
}
