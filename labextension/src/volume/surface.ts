/**
 * The surface of a field at a level, as triangles: naive surface nets, smoother than marching cubes and half its size.
 *
 * Source: Gibson 1998, "Constrained elastic surface nets", doi:10.1007/BFb0056277, without the relaxation step.
 * Layer:  labextension, volume.
 */
import type { Vec3 } from "./payload.js";

/** Triangles with shared corners. */
export interface Mesh {
  /** x, y, z of each corner. */
  readonly points: Float32Array;
  /** Outward normal of each corner, of length 1. */
  readonly normals: Float32Array;
  /** Three corners a triangle. */
  readonly triangles: Uint32Array;
}

/**
 * @param field x fastest, length nx·ny·nz; the surface encloses values ≥ level.
 * @param place Position of a fractional index of the field.
 */
export function surfaceOf(
  field: Float32Array,
  size: Vec3,
  level: number,
  place: (index: Vec3) => Vec3,
): Mesh {
  const [nx, ny, nz] = size;
  const corner = new Int32Array(nx * ny * 2).fill(-1); // Corner in each cell, of this layer and the one below.
  const points: number[] = [];
  const triangles: number[] = [];
  const layer = nx * ny;
  const cornerSteps = [0, 1, nx, nx + 1, layer, layer + 1, layer + nx, layer + nx + 1];
  const values = new Float64Array(8);

  for (let z = 0; z < nz - 1; z++) {
    const here = (z & 1) * layer;
    const below = layer - here;
    corner.fill(-1, here, here + layer);
    for (let y = 0; y < ny - 1; y++) {
      for (let x = 0; x < nx - 1; x++) {
        const p = x + nx * y + layer * z;
        let pattern = 0;
        for (let k = 0; k < 8; k++) {
          const value = field[p + (cornerSteps[k] as number)] as number;
          values[k] = value;
          if (value >= level) pattern |= 1 << k;
        }
        if (pattern === 0 || pattern === 255) continue;
        const cell = x + nx * y;
        corner[here + cell] = points.length / 3;
        points.push(...place(meanCrossing(values, pattern, level, [x, y, z])));

        // A quad lies across each of the three edges that start at the cell's first corner.
        const inside = pattern & 1;
        if (inside !== ((pattern >> 1) & 1) && y > 0 && z > 0)
          quad(
            triangles,
            corner,
            [here + cell, here + cell - nx, below + cell - nx, below + cell],
            inside === 1,
          );
        if (inside !== ((pattern >> 2) & 1) && x > 0 && z > 0)
          quad(
            triangles,
            corner,
            [here + cell, below + cell, below + cell - 1, here + cell - 1],
            inside === 1,
          );
        if (inside !== ((pattern >> 4) & 1) && x > 0 && y > 0)
          quad(
            triangles,
            corner,
            [here + cell, here + cell - 1, here + cell - 1 - nx, here + cell - nx],
            inside === 1,
          );
      }
    }
  }
  const mesh = { points: Float32Array.from(points), triangles: Uint32Array.from(triangles) };
  return { ...mesh, normals: normalsOf(mesh.points, mesh.triangles) };
}

/** Blurs a field in place: 1-2-1 along each axis, edges kept. */
export function blur(field: Float32Array, [nx, ny, nz]: Vec3): void {
  const along = (count: number, stride: number, starts: (visit: (start: number) => void) => void): void => {
    starts((start) => {
      let before = field[start] as number;
      for (let k = 0, p = start; k < count; k++, p += stride) {
        const value = field[p] as number;
        const after = k < count - 1 ? (field[p + stride] as number) : value;
        field[p] = (before + 2 * value + after) / 4;
        before = value;
      }
    });
  };
  along(nx, 1, (visit) => {
    for (let p = 0; p < ny * nz; p++) visit(p * nx);
  });
  along(ny, nx, (visit) => {
    for (let z = 0; z < nz; z++) for (let x = 0; x < nx; x++) visit(x + nx * ny * z);
  });
  along(nz, nx * ny, (visit) => {
    for (let p = 0; p < nx * ny; p++) visit(p);
  });
}

/**
 * Smooths a mesh without shrinking it: a step towards the mean of the neighbours, then a slightly larger step back.
 *
 * Source: Taubin 1995, "A signal processing approach to fair surface design", doi:10.1145/218380.218473.
 */
export function smoothed({ points, triangles }: Mesh, rounds: number): Mesh {
  const from = Float32Array.from(points);
  const sums = new Float32Array(points.length);
  const counts = new Uint16Array(points.length / 3);
  for (let round = 0; round < 2 * rounds; round++) {
    sums.fill(0);
    counts.fill(0);
    for (let t = 0; t < triangles.length; t++) {
      const a = triangles[t] as number;
      const b = triangles[t % 3 === 2 ? t - 2 : t + 1] as number;
      for (let axis = 0; axis < 3; axis++)
        sums[3 * a + axis] = at(sums, 3 * a + axis) + at(from, 3 * b + axis);
      counts[a] = (counts[a] as number) + 1;
    }
    const step = round % 2 === 0 ? 0.6 : -0.63;
    for (let p = 0; p < from.length; p++) {
      const mean = at(sums, p) / (counts[Math.floor(p / 3)] as number);
      from[p] = at(from, p) + step * (mean - at(from, p));
    }
  }
  return { points: from, triangles, normals: normalsOf(from, triangles) };
}

const EDGES = [0, 1, 2, 3, 4, 5, 6, 7, 0, 2, 1, 3, 4, 6, 5, 7, 0, 4, 1, 5, 2, 6, 3, 7];

/** Mean of the points where the level crosses the edges of a cell. */
function meanCrossing(values: Float64Array, pattern: number, level: number, [x, y, z]: Vec3): Vec3 {
  let [sx, sy, sz, count] = [0, 0, 0, 0];
  for (let e = 0; e < EDGES.length; e += 2) {
    const [a, b] = [EDGES[e] as number, EDGES[e + 1] as number];
    if (((pattern >> a) & 1) === ((pattern >> b) & 1)) continue;
    const [va, vb] = [values[a] as number, values[b] as number];
    const t = (level - va) / (vb - va);
    sx += (a & 1) + t * ((b & 1) - (a & 1));
    sy += ((a >> 1) & 1) + t * (((b >> 1) & 1) - ((a >> 1) & 1));
    sz += ((a >> 2) & 1) + t * (((b >> 2) & 1) - ((a >> 2) & 1));
    count++;
  }
  return [x + sx / count, y + sy / count, z + sz / count];
}

type Four = readonly [number, number, number, number];

function quad(triangles: number[], corner: Int32Array, cells: Four, forward: boolean): void {
  const [a, b, c, d] = cells.map((cell) => corner[cell] as number) as unknown as Four;
  if (forward) triangles.push(a, b, c, a, c, d);
  else triangles.push(a, c, b, a, d, c);
}

/** Area-weighted mean of the triangles around each corner. */
function normalsOf(points: Float32Array, triangles: Uint32Array): Float32Array {
  const normals = new Float32Array(points.length);
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => 3 * (triangles[t + k] as number)) as [number, number, number];
    const edge = (p: number, axis: number): number => at(points, p + axis) - at(points, a + axis);
    const [ux, uy, uz] = [edge(b, 0), edge(b, 1), edge(b, 2)];
    const [vx, vy, vz] = [edge(c, 0), edge(c, 1), edge(c, 2)];
    const normal = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx] as const;
    for (const p of [a, b, c])
      for (let axis = 0; axis < 3; axis++)
        normals[p + axis] = at(normals, p + axis) + (normal[axis] as number);
  }
  for (let p = 0; p < normals.length; p += 3) {
    const length = Math.hypot(at(normals, p), at(normals, p + 1), at(normals, p + 2)) || 1;
    for (let axis = 0; axis < 3; axis++) normals[p + axis] = at(normals, p + axis) / length;
  }
  return normals;
}

function at(array: Float32Array, p: number): number {
  return array[p] as number;
}
