/**
 * Convex hull of points in a plane.
 *
 * Layer:  radiomics; imports nothing.
 */

/** Corners of the hull of points sorted by y, then x (Andrew's monotone chain). */
export function hull2d(points: readonly [number, number][]): readonly [number, number][] {
  if (points.length < 3) return points;
  const chain = (ordered: readonly [number, number][]): [number, number][] => {
    const hull: [number, number][] = [];
    for (const p of ordered) {
      while (hull.length >= 2 && turn(hull[hull.length - 2], hull[hull.length - 1], p) <= 0) hull.pop();
      hull.push(p);
    }
    return hull;
  };
  const up = chain(points);
  const down = chain([...points].reverse());
  return [...up.slice(0, -1), ...down.slice(0, -1)];
}

function turn(a: readonly number[], b: readonly number[], c: readonly number[]): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
