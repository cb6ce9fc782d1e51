/**
 * The maximal correlation coefficient (MCC) of a co-occurrence matrix.
 *
 * Haralick's Q has the eigenvalues of B², B = pᵢⱼ / √(pᵢ pⱼ), which is symmetric; B's largest is 1, with eigenvector √p.
 * Source: Haralick et al. 1973; Golub & Van Loan, Matrix Computations, sections 8.3 and 8.4.
 * Layer:  radiomics; imports wasm/kernels.
 */
import { inWorkspace } from "../wasm/kernels.js";

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

/** Largest |eigenvalue| of a symmetric n × n matrix. */
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

/** The diagonal, and at k the number beside it between k − 1 and k, of a tridiagonal matrix with the same eigenvalues. */
function tridiagonal(a: Float64Array, n: number): { diagonal: Float64Array; beside: Float64Array } {
  const bytes = { a: 8 * a.length, diagonal: 8 * n, beside: 8 * n, v: 8 * n, w: 8 * n };
  return inWorkspace(bytes, ["beside"], ({ kernels, buffer, at }) => {
    new Float64Array(buffer, at.a, a.length).set(a);
    kernels.tridiagonal(at.a, n, at.diagonal, at.beside, at.v, at.w);
    return {
      diagonal: new Float64Array(buffer, at.diagonal, n).slice(),
      beside: new Float64Array(buffer, at.beside, n).slice(),
    };
  });
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
