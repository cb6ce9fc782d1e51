/**
 * Points spread evenly over a sphere: an icosahedron whose edges are halved, as trimesh makes it.
 *
 * Layer:  radiomics; imports nothing.
 */

type Point = readonly [number, number, number];

/** @returns 12, 42, 162, … points at the radius for 0, 1, 2, … subdivisions. */
export function icosphere(subdivisions: number, radius: number): Point[] {
  const t = (1 + Math.sqrt(5)) / 2;
  const points: Point[] = [];
  for (const [a, b] of [
    [1, t],
    [-1, t],
    [1, -t],
    [-1, -t],
  ])
    points.push([a, b, 0], [0, a, b], [b, 0, a]);
  const sphere = points.map((point) => scaled(point, radius));
  let faces = icosahedronFaces(sphere);
  for (let s = 0; s < subdivisions; s++) faces = halved(sphere, faces, radius);
  return sphere;
}

function scaled(point: Point, radius: number): Point {
  const factor = radius / Math.hypot(...point);
  return [point[0] * factor, point[1] * factor, point[2] * factor];
}

/** The triples of points that are one edge apart. */
function icosahedronFaces(points: readonly Point[]): number[][] {
  const distance = (a: number, b: number): number =>
    Math.hypot(...points[a].map((value, axis) => value - points[b][axis]));
  let edge = Infinity;
  for (let b = 1; b < points.length; b++) edge = Math.min(edge, distance(0, b));
  const near = (a: number, b: number): boolean => distance(a, b) < 1.1 * edge;
  const faces: number[][] = [];
  for (let a = 0; a < points.length; a++)
    for (let b = a + 1; b < points.length; b++)
      for (let c = b + 1; c < points.length; c++)
        if (near(a, b) && near(b, c) && near(a, c)) faces.push([a, b, c]);
  return faces;
}

/** Adds the middle of every edge to the sphere; each face becomes four. */
function halved(sphere: Point[], faces: readonly number[][], radius: number): number[][] {
  const middles = new Map<string, number>();
  const middle = (a: number, b: number): number => {
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    const known = middles.get(key);
    if (known !== undefined) return known;
    const [p, q] = [sphere[a], sphere[b]];
    sphere.push(scaled([(p[0] + q[0]) / 2, (p[1] + q[1]) / 2, (p[2] + q[2]) / 2], radius));
    middles.set(key, sphere.length - 1);
    return sphere.length - 1;
  };
  return faces.flatMap(([a, b, c]) => {
    const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)];
    return [
      [a, ab, ca],
      [ab, b, bc],
      [ca, bc, c],
      [ab, bc, ca],
    ];
  });
}
