/**
 * Part of an image that a filter needs, and what lies beyond the image's border.
 *
 * Source: IBSI reference manual on convolutional filters, arXiv:2006.05470, section 2.4 (boundary conditions).
 * Layer:  radiomics; imports core (types), volume (types).
 */
import type { Vec3 } from "../../core/geometry.js";
import type { IndexBox } from "../../volume/mask.js";

/**
 * What an image is continued with: 0, its edge value, itself from the other end, or its mirror image (with the edge voxel
 * twice: c b a | a b c).
 */
export type Boundary = "zero" | "nearest" | "periodic" | "mirror";

/** Voxels of a box inside an image. */
export interface Field {
  /** x fastest. */
  readonly voxels: Float64Array;
  readonly box: IndexBox;
  /** Voxels of the whole image. */
  readonly imageSize: Vec3;
}

/** First and last index along an axis. */
export type Span = readonly [number, number];

/** The voxel that stands for index i of an axis of n voxels, or −1 for 0. */
export function continued(i: number, n: number, boundary: Boundary): number {
  if (i >= 0 && i < n) return i;
  switch (boundary) {
    case "zero":
      return -1;
    case "nearest":
      return i < 0 ? 0 : n - 1;
    case "periodic":
      return ((i % n) + n) % n;
    case "mirror": {
      const within = ((i % (2 * n)) + 2 * n) % (2 * n);
      return within < n ? within : 2 * n - 1 - within;
    }
  }
}

/** The span of an axis of n voxels that the indices low … high depend on. */
export function reachedSpan([low, high]: Span, n: number, boundary: Boundary): Span {
  let first = n;
  let last = -1;
  for (let i = low; i <= high; i++) {
    const at = continued(i, n, boundary);
    if (at < 0) continue;
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  // All zero: any voxel will do.
  return last < 0 ? [0, 0] : [first, last];
}

/** The box of an image that a box grown by `reach` voxels depends on. */
export function reachedBox(box: IndexBox, reach: Vec3, size: Vec3, boundary: Boundary): IndexBox {
  const [x, y, z] = ([0, 1, 2] as const).map((axis) =>
    reachedSpan([box.low[axis] - reach[axis], box.high[axis] + reach[axis]], size[axis], boundary),
  );
  return { low: [x[0], y[0], z[0]], high: [x[1], y[1], z[1]] };
}

/** Voxels of a box along each axis. */
export function sizeOf({ low, high }: IndexBox): Vec3 {
  return [high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1];
}

/** A field on a box that may leave the image. */
export function extended(field: Field, box: IndexBox, boundary: Boundary): Float64Array {
  const [x, y, z] = ([0, 1, 2] as const).map((axis) =>
    Int32Array.from({ length: box.high[axis] - box.low[axis] + 1 }, (_, i) => {
      const at = continued(box.low[axis] + i, field.imageSize[axis], boundary);
      return at < 0 ? -1 : at - field.box.low[axis];
    }),
  );
  const [nx, ny] = sizeOf(field.box);
  const result = new Float64Array(x.length * y.length * z.length);
  for (let k = 0, p = 0; k < z.length; k++) {
    for (let j = 0; j < y.length; j++) {
      const isOutside = z[k] < 0 || y[j] < 0;
      const row = nx * (y[j] + ny * z[k]);
      for (let i = 0; i < x.length; i++, p++)
        if (!isOutside && x[i] >= 0) result[p] = field.voxels[row + x[i]];
    }
  }
  return result;
}
