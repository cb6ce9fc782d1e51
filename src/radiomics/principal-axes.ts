/**
 * Eigenvalues of a symmetric 3 × 3 matrix (Jacobi rotations), for the principal axes of a region.
 *
 * Layer:  radiomics; imports nothing.
 */

/** The six different numbers of a symmetric matrix. */
export interface Symmetric3 {
  readonly xx: number;
  readonly xy: number;
  readonly xz: number;
  readonly yy: number;
  readonly yz: number;
  readonly zz: number;
}

/** Eigenvalues from largest to smallest; rounding below zero is cut off, as the matrix is a covariance. */
export function covarianceEigenvalues(s: Symmetric3): [number, number, number] {
  const m = [
    [s.xx, s.xy, s.xz],
    [s.xy, s.yy, s.yz],
    [s.xz, s.yz, s.zz],
  ];
  // Each sweep squares the size of the rest; eight are more than doubles can tell apart.
  for (let sweep = 0; sweep < 8; sweep++) {
    rotate(m, 0, 1);
    rotate(m, 0, 2);
    rotate(m, 1, 2);
  }
  const largest = Math.max(m[0][0], m[1][1], m[2][2]);
  const clean = (v: number): number => (v < 1e-14 * largest ? 0 : v);
  const [a, b, c] = [m[0][0], m[1][1], m[2][2]].sort((p, q) => q - p);
  return [clean(a), clean(b), clean(c)];
}

/** Makes m[p][q] zero by turning the plane of axes p and q. */
function rotate(m: number[][], p: number, q: number): void {
  if (m[p][q] === 0) return;
  const slope = (m[q][q] - m[p][p]) / (2 * m[p][q]);
  const t = (slope >= 0 ? 1 : -1) / (Math.abs(slope) + Math.hypot(slope, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < 3; k++) {
    const kp = m[k][p];
    const kq = m[k][q];
    m[k][p] = c * kp - s * kq;
    m[k][q] = s * kp + c * kq;
  }
  for (let k = 0; k < 3; k++) {
    const pk = m[p][k];
    const qk = m[q][k];
    m[p][k] = c * pk - s * qk;
    m[q][k] = s * pk + c * qk;
  }
}
