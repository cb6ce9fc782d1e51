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
  const rows = new Int32Array(2 * size[v]);
  let best = 0;
  for (const w of fromMiddle(size[axis])) {
    const start = w * steps[axis];
    // What lies in too small a box need not be looked at.
    if (squaredReach(rowEnds(inside, start, 0, plane, rows), scale, 1) > best) {
      best = Math.max(best, squaredDiameter(outlineVertices(inside, start, plane, rows), scale));
    }
    if (w + 1 === size[axis]) continue;
    if (squaredReach(rowEnds(inside, start, steps[axis], plane, rows), scale, 0) > best) {
      best = Math.max(best, squaredDiameter(wallVertices(rows), scale));
    }
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

interface Bounds {
  readonly low: Point;
  readonly high: Point;
}

/**
 * The first and the last voxel of every row that is inside; with a step, that differs from the one a step further. −1: none.
 *
 * @param ends  Written in place: two for each row.
 */
function rowEnds(
  inside: Uint8Array,
  start: number,
  step: number,
  { nu, nv, stepU, stepV }: Plane,
  ends: Int32Array,
): Bounds {
  const low: Point = [nu, nv];
  const high: Point = [-1, -1];
  for (let v = 0; v < nv; v++) {
    const row = start + v * stepV;
    const end = row + nu * stepU;
    let p = row;
    if (step === 0) while (p < end && inside[p] === 0) p += stepU;
    else while (p < end && inside[p] === inside[p + step]) p += stepU;
    if (p >= end) {
      ends[2 * v] = -1;
      continue;
    }
    let q = end - stepU;
    if (step === 0) while (inside[q] === 0) q -= stepU;
    else while (inside[q] === inside[q + step]) q -= stepU;
    const first = (p - row) / stepU;
    const last = (q - row) / stepU;
    ends[2 * v] = first;
    ends[2 * v + 1] = last;
    if (first < low[0]) low[0] = first;
    if (last > high[0]) high[0] = last;
    if (low[1] === nv) low[1] = v;
    high[1] = v;
  }
  return { low, high };
}

/** The square of the diagonal of the vertices' box, which lies `beyond` half voxels off the voxels'; 0 if there are none. */
function squaredReach({ low, high }: Bounds, [su, sv]: Point, beyond: 0 | 1): number {
  if (high[0] < 0) return 0;
  const width = 2 * (high[0] - low[0] + beyond) * su;
  const height = 2 * (high[1] - low[1] + beyond) * sv;
  return width * width + height * height;
}

/** Vertices in a plane of voxel centres that can be farthest apart: at both ends of every row and of every column. */
function outlineVertices(
  inside: Uint8Array,
  start: number,
  { nu, nv, stepU, stepV }: Plane,
  rows: Int32Array,
): Point[] {
  const points: Point[] = [];
  for (let v = 0; v < nv; v++) {
    if (rows[2 * v] >= 0) points.push([2 * rows[2 * v] - 1, 2 * v], [2 * rows[2 * v + 1] + 1, 2 * v]);
  }
  for (let u = 0; u < nu; u++) {
    const column = start + u * stepU;
    let first = 0;
    while (first < nv && inside[column + first * stepV] === 0) first++;
    if (first === nv) continue;
    let last = nv - 1;
    while (inside[column + last * stepV] === 0) last--;
    points.push([2 * u, 2 * first - 1], [2 * u, 2 * last + 1]);
  }
  return points;
}

/** Vertices half-way to the next plane, where only one of two voxels is inside: both ends of every row. */
function wallVertices(rows: Int32Array): Point[] {
  const points: Point[] = [];
  for (let v = 0; 2 * v < rows.length; v++) {
    if (rows[2 * v] >= 0) points.push([2 * rows[2 * v], 2 * v], [2 * rows[2 * v + 1], 2 * v]);
  }
  return points;
}

function squaredDiameter(points: Point[], [su, sv]: Point): number {
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
