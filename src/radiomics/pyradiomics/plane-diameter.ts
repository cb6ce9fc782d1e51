/**
 * The largest distance of two mesh vertices in one plane across an axis.
 *
 * A vertex lies half-way between a voxel inside and a neighbour outside. So there are vertices in the planes of voxel
 * centres, and, half a voxel off, in the planes between them. Coordinates count half voxels, so they are whole.
 * Layer:  radiomics; imports core (types), hull-2d.
 */
import type { Vec3 } from "../../core/geometry.js";
import { hull2d } from "../hull-2d.js";

/** @param axis  0 for planes of equal x, 1 for equal y, 2 for equal z. */
export function planeDiameter(inside: Uint8Array, size: Vec3, spacing: Vec3, axis: 0 | 1 | 2): number {
  const steps = [1, size[0], size[0] * size[1]];
  const [u, v] = [0, 1, 2].filter((other) => other !== axis);
  const plane = { nu: size[u], nv: size[v], stepU: steps[u], stepV: steps[v] };
  const scale: [number, number] = [spacing[u] / 2, spacing[v] / 2];
  let best = 0;
  for (const w of fromMiddle(size[axis])) {
    const start = w * steps[axis];
    best = Math.max(best, squaredDiameter(outlineVertices(inside, start, plane), scale, best));
    if (w + 1 === size[axis]) continue;
    best = Math.max(best, squaredDiameter(wallVertices(inside, start, steps[axis], plane), scale, best));
  }
  return Math.sqrt(best);
}

/** 0 … n − 1 from the middle outwards: the largest planes, which leave little to look for, come first. */
function fromMiddle(n: number): number[] {
  return [...Array(n).keys()].sort((a, b) => Math.abs(a - n / 2) - Math.abs(b - n / 2));
}

interface Plane {
  readonly nu: number;
  readonly nv: number;
  readonly stepU: number;
  readonly stepV: number;
}

type Point = [number, number];

/** Vertices in a plane of voxel centres that can be farthest apart: at both ends of every row and of every column. */
function outlineVertices(inside: Uint8Array, start: number, { nu, nv, stepU, stepV }: Plane): Point[] {
  const points: Point[] = [];
  for (let v = 0; v < nv; v++) {
    const [first, last] = ends(inside, start + v * stepV, stepU, nu);
    if (first < nu) points.push([2 * first - 1, 2 * v], [2 * last + 1, 2 * v]);
  }
  for (let u = 0; u < nu; u++) {
    const [first, last] = ends(inside, start + u * stepU, stepV, nv);
    if (first < nv) points.push([2 * u, 2 * first - 1], [2 * u, 2 * last + 1]);
  }
  return points;
}

/** First and last voxel inside along a line; (n, −1) if there is none. */
function ends(inside: Uint8Array, start: number, step: number, n: number): [number, number] {
  let first = 0;
  while (first < n && inside[start + first * step] === 0) first++;
  let last = n - 1;
  while (last >= first && inside[start + last * step] === 0) last--;
  return [first, first < n ? last : -1];
}

/** Vertices half-way to the next plane, where only one of two voxels is inside: both ends of every row. */
function wallVertices(
  inside: Uint8Array,
  start: number,
  step: number,
  { nu, nv, stepU, stepV }: Plane,
): Point[] {
  const points: Point[] = [];
  for (let v = 0; v < nv; v++) {
    const row = start + v * stepV;
    const differs = (u: number): boolean => inside[row + u * stepU] !== inside[row + u * stepU + step];
    let first = 0;
    while (first < nu && !differs(first)) first++;
    if (first === nu) continue;
    let last = nu - 1;
    while (!differs(last)) last--;
    points.push([2 * first, 2 * v]);
    if (last > first) points.push([2 * last, 2 * v]);
  }
  return points;
}

/** @param enough  What need not be looked for: 0 is given for points that cannot be farther apart. */
function squaredDiameter(points: Point[], [su, sv]: Point, enough: number): number {
  let lowU = Infinity;
  let highU = -Infinity;
  let lowV = Infinity;
  let highV = -Infinity;
  for (const [u, v] of points) {
    if (u < lowU) lowU = u;
    if (u > highU) highU = u;
    if (v < lowV) lowV = v;
    if (v > highV) highV = v;
  }
  if (points.length === 0 || ((highU - lowU) * su) ** 2 + ((highV - lowV) * sv) ** 2 <= enough) return 0;
  const corners = hull2d(points.sort((a, b) => a[1] - b[1] || a[0] - b[0]));
  let best = 0;
  for (let i = 0; i < corners.length; i++) {
    for (let j = 0; j < i; j++) {
      const du = (corners[i][0] - corners[j][0]) * su;
      const dv = (corners[i][1] - corners[j][1]) * sv;
      best = Math.max(best, du * du + dv * dv);
    }
  }
  return best;
}
