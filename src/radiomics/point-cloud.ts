/**
 * The voxel centres of a region as points: their middle, principal axes and box.
 *
 * Layer:  radiomics; imports core (types), principal-axes.
 */
import type { Vec3 } from "../core/geometry.js";
import { covarianceEigenvalues } from "./principal-axes.js";

/** Voxel centres of the shape as points. */
export interface PointCloud {
  readonly count: number;
  /** Mean position from voxel (0, 0, 0), mm along the voxel axes. */
  readonly center: Vec3;
  /** Of the covariance over N − 1, mm², descending; zero for one voxel. */
  readonly eigenvalues: Vec3;
  /** Extent of the axis-aligned box around the voxels, mm. */
  readonly box: Vec3;
}

/** @param inside  1 inside, 0 outside, x fastest; spacing in mm. */
export function pointCloud(inside: Uint8Array, [nx, ny, nz]: Vec3, [sx, sy, sz]: Vec3): PointCloud {
  let count = 0;
  let x1 = 0;
  let y1 = 0;
  let z1 = 0;
  let xx = 0;
  let xy = 0;
  let xz = 0;
  let yy = 0;
  let yz = 0;
  let zz = 0;
  const low = [nx, ny, nz];
  const high = [0, 0, 0];
  // All sums are of whole numbers far below 2⁵³, hence exact; each row adds its own once.
  for (let z = 0, p = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      let n = 0;
      let rowX = 0;
      let rowXX = 0;
      for (let x = 0; x < nx; x++, p++) {
        if (inside[p] === 0) continue;
        n++;
        rowX += x;
        rowXX += x * x;
        if (x < low[0]) low[0] = x;
        if (x > high[0]) high[0] = x;
      }
      if (n === 0) continue;
      if (y < low[1]) low[1] = y;
      if (y > high[1]) high[1] = y;
      if (z < low[2]) low[2] = z;
      high[2] = z;
      count += n;
      x1 += rowX;
      y1 += n * y;
      z1 += n * z;
      xx += rowXX;
      xy += rowX * y;
      xz += rowX * z;
      yy += n * y * y;
      yz += n * y * z;
      zz += n * z * z;
    }
  }
  const degrees = Math.max(1, count - 1);
  const covariance = (ab: number, a: number, b: number): number => (ab - (a * b) / count) / degrees;
  return {
    count,
    center: [(x1 / count) * sx, (y1 / count) * sy, (z1 / count) * sz],
    eigenvalues: covarianceEigenvalues({
      xx: covariance(xx, x1, x1) * sx * sx,
      xy: covariance(xy, x1, y1) * sx * sy,
      xz: covariance(xz, x1, z1) * sx * sz,
      yy: covariance(yy, y1, y1) * sy * sy,
      yz: covariance(yz, y1, z1) * sy * sz,
      zz: covariance(zz, z1, z1) * sz * sz,
    }),
    box: [(high[0] - low[0] + 1) * sx, (high[1] - low[1] + 1) * sy, (high[2] - low[2] + 1) * sz],
  };
}
