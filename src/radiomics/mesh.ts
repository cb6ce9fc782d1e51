/**
 * Surface and volume of a region's mesh (marching cubes at level ½ of the binary mask).
 *
 * A cell's triangles depend only on which of its 8 corners are inside. So the cells are counted by kind, and the
 * areas of the 256 kinds are summed once: no vertex is ever stored.
 * Source: IBSI reference manual, arXiv:1612.07003, section 3.1; Lorensen & Cline 1987.
 * Layer:  radiomics; imports core (types), mesh-table.
 */
import type { Vec3 } from "../core/geometry.js";
import { CORNERS, EDGES, TRIANGLES } from "./mesh-table.js";

/** Cells by kind: how many, and the sums of their voxel indices along x, y, z. Each of length 256. */
interface CellCounts {
  readonly count: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
}

/**
 * @param inside   1 inside, 0 outside, x fastest; the outermost voxels must be 0.
 * @param spacing  mm.
 * @param triangles  Of each kind of cell. Default: those that IBSI's reference values were made with.
 * @returns Area in mm², volume in mm³.
 */
export function meshSize(
  inside: Uint8Array,
  size: Vec3,
  spacing: Vec3,
  triangles: readonly string[] = TRIANGLES,
): { area: number; volume: number } {
  const cells = countCells(inside, size);
  let area = 0;
  let volume = 0;
  for (let kind = 1; kind < 255; kind++) {
    const n = cells.count[kind];
    if (n === 0) continue;
    const part = cellTriangles(triangles[kind], spacing);
    area += n * part.area;
    // Divergence theorem: a triangle adds p·n/3, and p is the cell's corner plus a place in the cell.
    volume +=
      n * part.volume +
      (cells.x[kind] * spacing[0] * part.normal[0] +
        cells.y[kind] * spacing[1] * part.normal[1] +
        cells.z[kind] * spacing[2] * part.normal[2]) /
        3;
  }
  return { area, volume };
}

function countCells(inside: Uint8Array, [nx, ny, nz]: Vec3): CellCounts {
  const count = new Float64Array(256);
  const sx = new Float64Array(256);
  const sy = new Float64Array(256);
  const sz = new Float64Array(256);
  const plane = nx * ny;
  for (let z = 0; z < nz - 1; z++) {
    for (let y = 0; y < ny - 1; y++) {
      let p = nx * (y + ny * z);
      // The corners at the cell's low x are those that the previous cell had at its high x.
      let low = inside[p] | (inside[p + nx] << 3) | (inside[p + plane] << 4) | (inside[p + plane + nx] << 7);
      for (let x = 0; x < nx - 1; x++) {
        p++;
        const a = inside[p];
        const b = inside[p + nx];
        const c = inside[p + plane];
        const d = inside[p + plane + nx];
        const kind = low | (a << 1) | (b << 2) | (c << 5) | (d << 6);
        low = a | (b << 3) | (c << 4) | (d << 7);
        if (kind === 0 || kind === 255) continue;
        count[kind]++;
        sx[kind] += x;
        sy[kind] += y;
        sz[kind] += z;
      }
    }
  }
  return { count, x: sx, y: sy, z: sz };
}

/** Area, Σ p·n/3 and Σ n of one kind's triangles, p from the cell's corner 0; n is half the cross product. */
function cellTriangles(codes: string, spacing: Vec3): { area: number; volume: number; normal: Vec3 } {
  let area = 0;
  let volume = 0;
  const normal: [number, number, number] = [0, 0, 0];
  for (let t = 0; t < codes.length; t += 3) {
    const [ax, ay, az] = place(codes[t], spacing);
    const [bx, by, bz] = place(codes[t + 1], spacing);
    const [cx, cy, cz] = place(codes[t + 2], spacing);
    const nx = ((by - ay) * (cz - az) - (bz - az) * (cy - ay)) / 2;
    const ny = ((bz - az) * (cx - ax) - (bx - ax) * (cz - az)) / 2;
    const nz = ((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) / 2;
    area += Math.hypot(nx, ny, nz);
    volume += (ax * nx + ay * ny + az * nz) / 3;
    normal[0] += nx;
    normal[1] += ny;
    normal[2] += nz;
  }
  return { area, volume, normal };
}

/** Where a vertex lies in its cell, mm. */
function place(code: string, spacing: Vec3): Vec3 {
  if (code === "c") return [spacing[0] / 2, spacing[1] / 2, spacing[2] / 2];
  const [from, to] = EDGES[Number.parseInt(code, 16)];
  const p = CORNERS[from];
  const q = CORNERS[to];
  return [
    ((p[0] + q[0]) / 2) * spacing[0],
    ((p[1] + q[1]) / 2) * spacing[1],
    ((p[2] + q[2]) / 2) * spacing[2],
  ];
}
