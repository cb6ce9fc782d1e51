/**
 * The outline of a region in one slice, as closed polygons (marching squares).
 */

/** Crossings keep this share of a voxel's distance from both voxel centres, so that rounding moves none across. */
const CLEARANCE = 0.02;

/**
 * Follows the zero line of a signed distance.
 *
 * @param distance  nx·ny values of one slice, x fastest; inside is 0 or less.
 * @returns Closed polygons in voxel indices: x0, y0, x1, y1, … A voxel centre lies inside an odd number of them exactly where its
 *   distance is 0 or less.
 */
export function outlines(distance: Float32Array, nx: number, ny: number): number[][] {
  if (distance.every((d) => d > 0)) return [];
  // One ring of outside voxels closes outlines at the border.
  const width = nx + 2;
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= nx || y >= ny ? 1 : distance[x + nx * y];
  const points = new Map<number, readonly [number, number]>();
  const next = new Map<number, number>();

  for (let y = -1; y < ny; y++) {
    for (let x = -1; x < nx; x++) {
      const corners = [
        [x, y],
        [x + 1, y],
        [x + 1, y + 1],
        [x, y + 1],
      ] as const;
      const values = corners.map(([cx, cy]) => at(cx, cy));
      // Walking around the cell, an exit from the inside follows an entry; the line runs from each exit to the entry before it.
      const crossed: { edge: number; entry: boolean }[] = [];
      for (let k = 0; k < 4; k++) {
        const [a, b] = [values[k], values[(k + 1) % 4]];
        if (a <= 0 === b <= 0) continue;
        const edge = edgeOf(corners[k], corners[(k + 1) % 4], width);
        points.set(edge, crossing(corners[k], corners[(k + 1) % 4], a, b));
        crossed.push({ edge, entry: b <= 0 });
      }
      crossed.forEach(({ edge, entry }, k) => {
        if (!entry) next.set(edge, crossed[(k + crossed.length - 1) % crossed.length].edge);
      });
    }
  }
  return closedLines(next, points);
}

type Point = readonly [number, number];

/** Number of the edge between two neighbouring voxel centres. */
function edgeOf(a: Point, b: Point, width: number): number {
  const x = Math.min(a[0], b[0]) + 1;
  const y = Math.min(a[1], b[1]) + 1;
  return 2 * (x + width * y) + (a[0] === b[0] ? 1 : 0);
}

function crossing(a: Point, b: Point, valueA: number, valueB: number): Point {
  const t = Math.min(1 - CLEARANCE, Math.max(CLEARANCE, valueA / (valueA - valueB)));
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
}

function closedLines(next: Map<number, number>, points: ReadonlyMap<number, Point>): number[][] {
  const lines: number[][] = [];
  for (const first of [...next.keys()]) {
    const line: number[] = [];
    for (let edge: number | undefined = first; edge !== undefined; ) {
      const following = next.get(edge);
      if (following === undefined) break;
      line.push(...(points.get(edge) as Point));
      next.delete(edge);
      edge = following;
    }
    if (line.length > 0) lines.push(line);
  }
  return lines;
}
