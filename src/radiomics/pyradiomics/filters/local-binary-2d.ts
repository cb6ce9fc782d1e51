/**
 * Local binary patterns in slices, as PyRadiomics asks scikit-image for them.
 *
 * Source: T. Ojala, M. Pietikäinen, T. Mäenpää, IEEE Trans. Pattern Anal. Mach. Intell. 24 (2002),
 * doi:10.1109/TPAMI.2002.1017623; scikit-image 0.24, local_binary_pattern.
 * Layer:  radiomics; imports core (types), scan-image.
 */
import type { Vec3 } from "../../../core/geometry.js";
import type { ScanImage, SizedBox } from "./scan-image.js";

export interface Binary2dOptions {
  /** Distance of the neighbours, in voxels. */
  readonly lbp2DRadius: number;
  /** Number of neighbours on the circle. */
  readonly lbp2DSamples: number;
  /** "uniform": the number of neighbours not below the voxel, one more than there are if they change more than twice. */
  readonly lbp2DMethod: "default" | "ror" | "uniform";
  /** Axis across the slices (0 is x). */
  readonly across: 0 | 1 | 2;
}

/** @returns One pattern per voxel of the box. Neighbours outside the scan are 0. */
export function localBinary2d(scan: ScanImage, box: SizedBox, options: Binary2dOptions): Float64Array {
  const { lbp2DRadius: radius, lbp2DSamples: samples, lbp2DMethod: method, across } = options;
  // The axes of the slice: columns are the faster one, as in PyRadiomics' arrays.
  const [columns, rows] = SLICE_AXES[across];
  const result = new Float64Array(box.size[0] * box.size[1] * box.size[2]);
  const angles = Array.from({ length: samples }, (_, k) => (2 * Math.PI * k) / samples);
  const down = angles.map((angle) => rounded(-radius * Math.sin(angle)));
  const right = angles.map((angle) => rounded(radius * Math.cos(angle)));
  const bits = new Uint8Array(samples);
  const sample = sampler(scan, columns, rows);
  const [nx, ny, nz] = box.size;
  for (let z = 0, p = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, p++) {
        const at: Vec3 = [box.low[0] + x, box.low[1] + y, box.low[2] + z];
        const here = scan.voxels[at[0] + scan.size[0] * (at[1] + scan.size[1] * at[2])];
        for (let k = 0; k < samples; k++) {
          bits[k] = sample(at, at[columns] + right[k], at[rows] + down[k]) - here >= 0 ? 1 : 0;
        }
        result[p] = pattern(bits, method);
      }
    }
  }
  return result;
}

const SLICE_AXES: readonly (readonly [0 | 1, 1 | 2])[] = [
  [1, 2],
  [0, 2],
  [0, 1],
];

/** scikit-image rounds the neighbours' places to five decimals. */
function rounded(offset: number): number {
  return Math.round(offset * 1e5) / 1e5;
}

function sampler(
  { voxels, size }: ScanImage,
  columns: 0 | 1,
  rows: 1 | 2,
): (at: Vec3, column: number, row: number) => number {
  const steps = [1, size[0], size[0] * size[1]];
  const width = size[columns];
  const height = size[rows];
  return (at, column, row) => {
    const plane =
      at[0] + steps[1] * at[1] + steps[2] * at[2] - at[columns] * steps[columns] - at[rows] * steps[rows];
    const value = (r: number, c: number): number =>
      r < 0 || r >= height || c < 0 || c >= width ? 0 : voxels[plane + c * steps[columns] + r * steps[rows]];
    const r0 = Math.floor(row);
    const r1 = Math.ceil(row);
    const c0 = Math.floor(column);
    const c1 = Math.ceil(column);
    const dr = row - r0;
    const dc = column - c0;
    const top = (1 - dc) * value(r0, c0) + dc * value(r0, c1);
    const bottom = (1 - dc) * value(r1, c0) + dc * value(r1, c1);
    return (1 - dr) * top + dr * bottom;
  };
}

function pattern(bits: Uint8Array, method: Binary2dOptions["lbp2DMethod"]): number {
  if (method !== "uniform") {
    const turns = method === "default" ? 1 : bits.length;
    let least = Infinity;
    for (let turn = 0; turn < turns; turn++) {
      let value = 0;
      for (let k = 0; k < bits.length; k++) value += bits[(k + turn) % bits.length] * 2 ** k;
      least = Math.min(least, value);
    }
    return least;
  }
  let changes = 0;
  let ones = 0;
  for (let k = 0; k < bits.length; k++) {
    ones += bits[k];
    if (k > 0 && bits[k] !== bits[k - 1]) changes++;
  }
  return changes <= 2 ? ones : bits.length + 1;
}
