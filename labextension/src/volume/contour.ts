/**
 * The outline of a flat mask as closed, smooth loops: marching squares at the half level, corners cut once.
 *
 * No point of a loop is farther than half a voxel from the mask's own edge.
 * Source: Lorensen & Cline 1987 in two dimensions; corner cutting: Chaikin 1974.
 * Layer:  labextension, volume.
 */

/**
 * Loops around all parts of a mask, with holes as loops of their own (fill with the even-odd rule).
 *
 * @param mask Row-major, width × height, not 0 inside.
 * @returns x, y, x, y … in units of a voxel; (0, 0) is the outer corner of the first voxel.
 */
export function outlineLoops(mask: Uint8Array, width: number, height: number): Float32Array[] {
  const next = edgeSteps(mask, width, height);
  const columns = 2 * width + 3;
  const loops: Float32Array[] = [];
  while (next.size > 0) {
    const first = next.keys().next().value as number;
    const points: number[] = [];
    for (let at: number | undefined = first; at !== undefined; ) {
      points.push((at % columns) / 2, Math.floor(at / columns) / 2);
      const to: number | undefined = next.get(at);
      next.delete(at);
      at = to === first ? undefined : to;
    }
    loops.push(cutCorners(points));
  }
  return loops;
}

/**
 * Steps from edge midpoint to edge midpoint, mask on the right hand.
 * Positions are counted in half voxels, from one voxel centre outside the mask: key = x + columns × y.
 */
function edgeSteps(mask: Uint8Array, width: number, height: number): Map<number, number> {
  const columns = 2 * width + 3;
  const next = new Map<number, number>();
  const at = (x: number, y: number): number =>
    x >= 0 && y >= 0 && x < width && y < height && mask[x + width * y] !== 0 ? 1 : 0;
  for (let y = -1; y < height; y++) {
    for (let x = -1; x < width; x++) {
      const square = at(x, y) | (at(x + 1, y) << 1) | (at(x + 1, y + 1) << 2) | (at(x, y + 1) << 3);
      if (square === 0 || square === 15) continue;
      // Centres lie at odd half-voxel positions; the square's corner centres are 2 apart.
      const [cx, cy] = [2 * x + 1, 2 * y + 1];
      const sides = [
        cx + 1 + columns * cy, // top
        cx + 2 + columns * (cy + 1), // right
        cx + 1 + columns * (cy + 2), // bottom
        cx + columns * (cy + 1), // left
      ];
      const steps = STEPS[square] as readonly number[];
      for (let k = 0; k < steps.length; k += 2)
        next.set(sides[steps[k] as number] as number, sides[steps[k + 1] as number] as number);
    }
  }
  return next;
}

/** From side, to side (top, right, bottom, left = 0 … 3) for each pattern of the four corners. */
const STEPS: readonly (readonly number[])[] = [
  [],
  [0, 3],
  [1, 0],
  [1, 3],
  [2, 1],
  [0, 3, 2, 1], // diagonal: two parts, as for face neighbours
  [2, 0],
  [2, 3],
  [3, 2],
  [0, 2],
  [1, 0, 3, 2],
  [1, 2],
  [3, 1],
  [0, 1],
  [3, 0],
  [],
];

/** Replaces each corner by two points, a quarter along its edges. */
function cutCorners(points: readonly number[]): Float32Array {
  const count = points.length / 2;
  const smooth = new Float32Array(4 * count);
  for (let k = 0; k < count; k++) {
    const n = (k + 1) % count;
    const [ax, ay] = [points[2 * k] as number, points[2 * k + 1] as number];
    const [bx, by] = [points[2 * n] as number, points[2 * n + 1] as number];
    smooth[4 * k] = 0.75 * ax + 0.25 * bx;
    smooth[4 * k + 1] = 0.75 * ay + 0.25 * by;
    smooth[4 * k + 2] = 0.25 * ax + 0.75 * bx;
    smooth[4 * k + 3] = 0.25 * ay + 0.75 * by;
  }
  return smooth;
}
