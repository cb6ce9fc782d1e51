/**
 * Random fields and blurring on a voxel grid.
 */

import type { Vec3 } from "../../src/core/geometry.js";
import type { RandomStream } from "../../src/core/random.js";

/** White noise, Gaussian-filtered with `sigma` (voxels per axis), scaled to a standard deviation and mean 0. */
export function smoothField(stream: RandomStream, size: Vec3, sigma: Vec3, sd: number): Float32Array {
  const field = new Float32Array(size[0] * size[1] * size[2]);
  for (let p = 0; p < field.length; p++) field[p] = stream.normal();
  blur(field, size, sigma);
  return scaleTo(field, sd);
}

/** Shifts to mean 0 and scales to a standard deviation, in place. */
export function scaleTo(field: Float32Array, sd: number): Float32Array {
  let sum = 0;
  for (let p = 0; p < field.length; p++) sum += field[p];
  const mean = sum / field.length;
  let squares = 0;
  for (let p = 0; p < field.length; p++) squares += (field[p] - mean) ** 2;
  const factor = squares === 0 ? 0 : sd / Math.sqrt(squares / field.length);
  for (let p = 0; p < field.length; p++) field[p] = (field[p] - mean) * factor;
  return field;
}

/** Gaussian filter along each axis whose sigma (voxels) is positive; the border is mirrored. In place. */
export function blur(field: Float32Array, size: Vec3, sigma: Vec3): void {
  for (const axis of [0, 1, 2] as const) {
    if (sigma[axis] > 0) filterAxis(field, size, axis, gaussianWeights(sigma[axis]));
  }
}

/** Mean over a window `width` voxels long along z, with fractions of a voxel at its ends. In place. */
export function boxAlongZ(field: Float32Array, size: Vec3, width: number): void {
  const radius = Math.ceil((width - 1) / 2);
  if (radius < 1) return;
  const weights = new Float64Array(2 * radius + 1);
  for (let k = -radius; k <= radius; k++) {
    const overlap = Math.min(k + 0.5, width / 2) - Math.max(k - 0.5, -width / 2);
    weights[k + radius] = Math.max(0, overlap) / width;
  }
  filterAxis(field, size, 2, weights);
}

function gaussianWeights(sigma: number): Float64Array {
  const radius = Math.max(1, Math.ceil(3 * sigma));
  const weights = new Float64Array(2 * radius + 1);
  let sum = 0;
  for (let k = -radius; k <= radius; k++) {
    weights[k + radius] = Math.exp(-(k * k) / (2 * sigma * sigma));
    sum += weights[k + radius];
  }
  return weights.map((w) => w / sum);
}

/** Convolves along one axis with symmetric weights; the border is mirrored. */
function filterAxis(field: Float32Array, size: Vec3, axis: 0 | 1 | 2, weights: Float64Array): void {
  const n = size[axis];
  const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const radius = (weights.length - 1) / 2;
  const padded = new Float32Array(n + 2 * radius);
  const lines = field.length / n;
  for (let line = 0; line < lines; line++) {
    // Lines along x start every n voxels; along y and z they start one voxel apart within a block of stride·n.
    const start = Math.floor(line / stride) * stride * n + (line % stride);
    for (let i = 0; i < n; i++) padded[i + radius] = field[start + i * stride];
    for (let i = 1; i <= radius; i++) {
      padded[radius - i] = padded[radius + mirrored(-i, n)];
      padded[radius + n - 1 + i] = padded[radius + mirrored(n - 1 + i, n)];
    }
    for (let i = 0; i < n; i++) {
      const middle = i + radius;
      let sum = weights[radius] * padded[middle];
      for (let k = 1; k <= radius; k++)
        sum += weights[radius + k] * (padded[middle - k] + padded[middle + k]);
      field[start + i * stride] = sum;
    }
  }
}

/** … 2 1 0 | 0 1 2 … n−1 | n−1 n−2 … */
function mirrored(i: number, n: number): number {
  const period = 2 * n;
  const at = ((i % period) + period) % period;
  return at < n ? at : period - 1 - at;
}
