/**
 * Closed contours to voxels of one slice.
 *
 * Layer:  io; imports nothing.
 */

/** A closed polygon in voxel indices: x0, y0, x1, y1, …; the last point joins the first. */
export type Polygon = Float64Array;

/**
 * Flips every voxel whose centre lies inside a polygon, so that contours drawn one after the other combine by exclusive or: an inner
 * contour cuts a hole, a second one elsewhere adds an island.
 *
 * Even-odd rule, per row of voxel centres. A centre exactly on an edge belongs to the polygon if the polygon's inside lies to its
 * right (or, on a horizontal edge, at greater y), so that neighbouring polygons share no voxel and leave none out.
 *
 * @param plane  nx·ny bytes of one slice, x fastest; changed in place.
 */
export function flipInside(polygon: Polygon, nx: number, ny: number, plane: Uint8Array): void {
  const points = polygon.length / 2;
  const crossings = Array.from({ length: ny }, (): number[] => []);
  for (let i = 0, j = points - 1; i < points; j = i++) {
    const x0 = polygon[2 * j] as number;
    const y0 = polygon[2 * j + 1] as number;
    const x1 = polygon[2 * i] as number;
    const y1 = polygon[2 * i + 1] as number;
    // Rows y with min(y0, y1) <= y < max(y0, y1): a shared vertex counts once, a horizontal edge never.
    const from = Math.max(0, Math.ceil(Math.min(y0, y1)));
    const to = Math.min(ny, Math.ceil(Math.max(y0, y1)));
    for (let y = from; y < to; y++) {
      const x = x0 + ((y - y0) * (x1 - x0)) / (y1 - y0);
      crossings[y]?.push(x);
    }
  }
  crossings.forEach((row, y) => {
    row.sort((a, b) => a - b);
    for (let k = 0; k + 1 < row.length; k += 2) {
      const from = Math.max(0, Math.ceil(row[k] as number));
      const to = Math.min(nx, Math.ceil(row[k + 1] as number));
      for (let x = from; x < to; x++) plane[x + nx * y] = (plane[x + nx * y] as number) ^ 1;
    }
  });
}
