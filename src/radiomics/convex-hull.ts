/**
 * Convex hull of points with whole coordinates, exact (quickhull; Barber, Dobkin & Huhdanpaa 1996).
 *
 * Products of three coordinates up to 30,000 are exact in a double, so no tolerance is needed and the many coplanar
 * points of a voxel grid do no harm: a point counts as outside a face only if it is strictly above it.
 * Layer:  radiomics; imports nothing.
 */

/** A triangle of the hull; corners are point numbers, counter-clockwise from outside. */
interface Face {
  readonly corners: readonly [number, number, number];
  /** Faces across the edges (0,1), (1,2), (2,0). */
  readonly across: [Face | null, Face | null, Face | null];
  readonly nx: number;
  readonly ny: number;
  readonly nz: number;
  readonly offset: number;
  /** Points above this face that no earlier face claimed. */
  outside: number[];
  alive: boolean;
}

/**
 * @param points  x, y, z of each point; whole numbers; not all in one plane.
 * @returns Three point numbers per triangle, counter-clockwise seen from outside.
 */
export function convexHull(points: Float64Array): Int32Array {
  const faces = firstTetrahedron(points);
  const pending = [...faces];
  const rest: number[] = [];
  for (let p = 0; p < points.length / 3; p++) rest.push(p);
  claim(points, rest, faces);

  for (let face = pending.pop(); face !== undefined; face = pending.pop()) {
    if (!face.alive || face.outside.length === 0) continue;
    const apex = farthest(points, face);
    const { visible, rim } = lookFrom(points, apex, face);
    const cone = rim.map(({ from, to, beyond }) => {
      const fresh = makeFace(points, from, to, apex);
      fresh.across[0] = beyond;
      replaceAcross(beyond, from, to, fresh);
      return fresh;
    });
    joinCone(cone);
    const orphans: number[] = [];
    for (const gone of visible) {
      gone.alive = false;
      for (const p of gone.outside) if (p !== apex) orphans.push(p);
      gone.outside = [];
    }
    claim(points, orphans, cone);
    for (const fresh of cone) faces.push(fresh);
    for (const fresh of cone) pending.push(fresh);
  }
  return Int32Array.from(faces.filter((face) => face.alive).flatMap((face) => face.corners));
}

/** Four points that span the widest tetrahedron found greedily, as linked faces. */
function firstTetrahedron(points: Float64Array): Face[] {
  const count = points.length / 3;
  const best = (measure: (p: number) => number): number => {
    let chosen = 0;
    for (let p = 1; p < count; p++) if (measure(p) > measure(chosen)) chosen = p;
    return chosen;
  };
  const a = best((p) => -points[3 * p]);
  const b = best((p) => squaredDistance(points, a, p));
  const c = best((p) => crossSquared(points, a, b, p));
  const base = makeFace(points, a, b, c);
  const d = best((p) => Math.abs(height(points, base, p)));
  const [u, v] = height(points, base, d) > 0 ? [c, b] : [b, c];
  const faces = [
    makeFace(points, a, u, v),
    makeFace(points, a, d, u),
    makeFace(points, u, d, v),
    makeFace(points, v, d, a),
  ];
  for (const face of faces) {
    for (let edge = 0; edge < 3; edge++) {
      const from = face.corners[edge];
      const to = face.corners[(edge + 1) % 3];
      face.across[edge] = faces.find((other) => edgeOf(other, to, from) >= 0) ?? null;
    }
  }
  return faces;
}

/** Gives each point to the first face that it lies above; points above none are inside. */
function claim(points: Float64Array, candidates: readonly number[], faces: readonly Face[]): void {
  for (const p of candidates) {
    for (const face of faces) {
      if (height(points, face, p) > 0) {
        face.outside.push(p);
        break;
      }
    }
  }
}

function farthest(points: Float64Array, face: Face): number {
  let chosen = face.outside[0];
  let best = 0;
  for (const p of face.outside) {
    const h = height(points, face, p);
    if (h > best) {
      best = h;
      chosen = p;
    }
  }
  return chosen;
}

/** An edge between a face that the apex sees and one (`beyond`) that it does not. */
interface RimEdge {
  readonly from: number;
  readonly to: number;
  readonly beyond: Face;
}

function lookFrom(points: Float64Array, apex: number, start: Face): { visible: Face[]; rim: RimEdge[] } {
  const visible: Face[] = [start];
  const seen = new Set<Face>(visible);
  const rim: RimEdge[] = [];
  for (let n = 0; n < visible.length; n++) {
    const face = visible[n];
    for (let edge = 0; edge < 3; edge++) {
      const next = face.across[edge];
      if (next === null || seen.has(next)) continue;
      if (height(points, next, apex) > 0) {
        seen.add(next);
        visible.push(next);
      } else {
        rim.push({ from: face.corners[edge], to: face.corners[(edge + 1) % 3], beyond: next });
      }
    }
  }
  return { visible, rim };
}

/** Links the new faces round the apex: the one that starts where another ends lies across. */
function joinCone(cone: readonly Face[]): void {
  const byStart = new Map(cone.map((face) => [face.corners[0], face]));
  for (const face of cone) {
    const next = byStart.get(face.corners[1]) ?? null;
    face.across[1] = next;
    if (next !== null) next.across[2] = face;
  }
}

function replaceAcross(face: Face, from: number, to: number, fresh: Face): void {
  face.across[edgeOf(face, to, from)] = fresh;
}

/** Which edge of the face runs from one corner to the other; −1 if none. */
function edgeOf(face: Face, from: number, to: number): number {
  for (let edge = 0; edge < 3; edge++) {
    if (face.corners[edge] === from && face.corners[(edge + 1) % 3] === to) return edge;
  }
  return -1;
}

function makeFace(points: Float64Array, a: number, b: number, c: number): Face {
  const [nx, ny, nz] = cross(points, a, b, c);
  const offset = nx * points[3 * a] + ny * points[3 * a + 1] + nz * points[3 * a + 2];
  return {
    corners: [a, b, c],
    across: [null, null, null],
    nx,
    ny,
    nz,
    offset,
    outside: [],
    alive: true,
  };
}

/** Positive above the face, in units of twice its area. */
function height(points: Float64Array, face: Face, p: number): number {
  return face.nx * points[3 * p] + face.ny * points[3 * p + 1] + face.nz * points[3 * p + 2] - face.offset;
}

function cross(points: Float64Array, a: number, b: number, c: number): [number, number, number] {
  const ux = points[3 * b] - points[3 * a];
  const uy = points[3 * b + 1] - points[3 * a + 1];
  const uz = points[3 * b + 2] - points[3 * a + 2];
  const vx = points[3 * c] - points[3 * a];
  const vy = points[3 * c + 1] - points[3 * a + 1];
  const vz = points[3 * c + 2] - points[3 * a + 2];
  return [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
}

function crossSquared(points: Float64Array, a: number, b: number, c: number): number {
  const [x, y, z] = cross(points, a, b, c);
  return x * x + y * y + z * z;
}

function squaredDistance(points: Float64Array, a: number, b: number): number {
  const x = points[3 * b] - points[3 * a];
  const y = points[3 * b + 1] - points[3 * a + 1];
  const z = points[3 * b + 2] - points[3 * a + 2];
  return x * x + y * y + z * z;
}
