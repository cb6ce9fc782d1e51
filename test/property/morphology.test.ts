/** Shape features against analytic shapes and brute force. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { convexHull } from "../../src/radiomics/convex-hull.js";
import { extractor } from "../../src/radiomics/index.js";
import { meshSize } from "../../src/radiomics/mesh.js";
import { TRIANGLES } from "../../src/radiomics/mesh-table.js";
import { hullSize } from "../../src/radiomics/region-hull.js";
import { asMask, asVolume, randomScan, type Scan, shape } from "../support/regions.js";

const morphology = extractor({ families: ["morphology"] });

describe("the mesh", () => {
  it("of a box lacks half a voxel's edges and corners only: volume and area follow by hand", () => {
    // n voxels a side: a cube of side n with 12 bevelled edges (triangle prisms) and 8 cut corners.
    const { inside, size, spacing } = shape(
      [8, 8, 8],
      [1, 1, 1],
      (x, y, z) => Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) < 2.5,
    );
    const { area, volume } = meshSize(inside, size, spacing);
    const n = 4;
    const flat = n - 1;
    // Between centres the slab reaches half a voxel further on six sides, with prisms at edges and tetrahedra at corners.
    const expectedVolume = flat ** 3 + 6 * 0.5 * flat ** 2 + 12 * (1 / 8) * flat + 8 / 48;
    const expectedArea = 6 * flat ** 2 + 12 * Math.SQRT1_2 * flat + 8 * (Math.sqrt(3) / 8);
    assert.ok(Math.abs(volume - expectedVolume) < 1e-12, `${volume} ${expectedVolume}`);
    assert.ok(Math.abs(area - expectedArea) < 1e-12, `${area} ${expectedArea}`);
  });

  it("of a ball nears the ball's volume as voxels shrink; its area lies between the ball's and that of the voxel faces", () => {
    const radius = 10;
    const errors = [2, 1, 0.5].map((mm) => {
      const n = Math.ceil((2 * radius) / mm) + 4;
      const ball = shape([n, n, n], [mm, mm, mm], (x, y, z) => x * x + y * y + z * z <= radius * radius);
      const { area, volume } = meshSize(ball.inside, ball.size, ball.spacing);
      // Every mesh vertex sits on one voxel face.
      const faces = meshVertices(ball.inside, ball.size, ball.spacing).length * mm * mm;
      assert.ok(area > 4 * Math.PI * radius ** 2 * 0.98 && area < faces, `area ${area}, faces ${faces}`);
      return Math.abs(volume / ((4 / 3) * Math.PI * radius ** 3) - 1);
    });
    assert.ok((errors[2] ?? 1) < 0.01, `${errors}`);
    assert.ok((errors[2] ?? 1) < (errors[0] ?? 0), `${errors}`);
  });

  it("is closed for any region: its triangles' normals cancel", () => {
    // If the surface had a hole, the volume would depend on where the region lies.
    fc.assert(
      fc.property(randomScan(), (scan) => {
        const near = padded(scan, 1);
        const far = padded(scan, 4);
        const a = meshSize(near.inside, near.size, near.spacing);
        const b = meshSize(far.inside, far.size, far.spacing);
        assert.ok(Math.abs(a.volume - b.volume) <= 1e-9 * a.volume, `${a.volume} ${b.volume}`);
        assert.ok(Math.abs(a.area - b.area) <= 1e-9 * a.area);
        assert.ok(a.volume > 0);
      }),
    );
  });

  it("has triangles for all 256 kinds of cell, and cells without surface have none", () => {
    assert.equal(TRIANGLES.length, 256);
    assert.deepEqual(
      TRIANGLES.flatMap((codes, kind) => (codes === "" ? [kind] : [])),
      [0, 255],
    );
    assert.ok(TRIANGLES.every((codes) => codes.length % 3 === 0));
  });
});

describe("the convex hull", () => {
  it("has the largest distance of any two mesh vertices, by brute force", () => {
    fc.assert(
      fc.property(randomScan(), (scan) => {
        const { inside, size, spacing } = padded(scan, 1);
        const vertices = meshVertices(inside, size, spacing);
        let largest = 0;
        for (const p of vertices) {
          for (const q of vertices) {
            largest = Math.max(largest, Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
          }
        }
        assert.ok(Math.abs(hullSize(inside, size, spacing).diameter - largest) < 1e-9);
      }),
    );
  });

  it("is a closed surface that no point lies above", () => {
    const coordinate = fc.integer({ min: -4, max: 4 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(coordinate, coordinate, coordinate), { minLength: 1, maxLength: 40 }),
        (cloud) => {
          // The octahedron makes sure that not all points lie in one plane.
          const points = [...cloud, [1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]];
          const triangles = convexHull(Float64Array.from(points.flat()));
          const edges = new Set<string>();
          for (let t = 0; t < triangles.length; t += 3) {
            const [a = 0, b = 0, c = 0] = triangles.slice(t, t + 3);
            const normal = cross(
              minus(points[b] ?? [], points[a] ?? []),
              minus(points[c] ?? [], points[a] ?? []),
            );
            assert.ok(dot(normal, normal) > 0, "a triangle without area");
            for (const p of points) assert.ok(dot(normal, minus(p, points[a] ?? [])) <= 0, "a point outside");
            for (const edge of [`${a} ${b}`, `${b} ${c}`, `${c} ${a}`]) {
              assert.ok(!edges.has(edge), "an edge twice in one sense");
              edges.add(edge);
            }
          }
          for (const edge of edges) assert.ok(edges.has(edge.split(" ").reverse().join(" ")), "an open edge");
        },
      ),
    );
  });

  it("is no smaller than the mesh", () => {
    fc.assert(
      fc.property(randomScan(), (scan) => {
        const { inside, size, spacing } = padded(scan, 1);
        const hull = hullSize(inside, size, spacing);
        const mesh = meshSize(inside, size, spacing);
        assert.ok(hull.volume >= mesh.volume * (1 - 1e-12), `${hull.volume} ${mesh.volume}`);
      }),
    );
  });

  it("of one voxel is an octahedron", () => {
    const { inside, size, spacing } = shape([3, 3, 3], [2, 3, 4], (x, y, z) => x === 0 && y === 0 && z === 0);
    const { volume, diameter } = hullSize(inside, size, spacing);
    assert.ok(Math.abs(volume - (2 * 3 * 4) / 6) < 1e-12);
    assert.equal(diameter, 4);
  });
});

describe("Moran's I and Geary's C", () => {
  it("equal the sums over all pairs of voxels", () => {
    fc.assert(
      fc.property(randomScan(2), (scan) => {
        const features = morphology(asVolume(scan), asMask(scan));
        const { moran, geary } = pairsByBruteForce(scan);
        for (const [name, expected] of [
          ["morph_moran_i", moran],
          ["morph_geary_c", geary],
        ] as const) {
          const found = features.value(name);
          if (Number.isNaN(expected)) assert.ok(Number.isNaN(found), name);
          else
            assert.ok(
              Math.abs(found - expected) <= 1e-10 * Math.max(1, Math.abs(expected)),
              `${name} ${found} ${expected}`,
            );
        }
      }),
    );
  });
});

describe("shape features", () => {
  it("do not change when the scan is moved or mirrored", () => {
    fc.assert(
      fc.property(randomScan(2), fc.integer({ min: 0, max: 2 }), (scan, axis) => {
        const here = morphology(asVolume(scan), asMask(scan));
        const there = morphology(asVolume(scan, [7, -3, 11]), asMask(scan, [7, -3, 11]));
        const flipped = mirrored(scan, axis);
        const mirror = morphology(asVolume(flipped), asMask(flipped));
        for (const { name, value } of here.features) {
          assert.deepEqual(there.value(name), value, name);
          const other = mirror.value(name);
          // Ambiguous cells are cut the same in every orientation but for a diagonal, which may cost some area.
          const bound =
            /vol_approx|diam|pca|conv|com$|aabb|moran|geary/.test(name) && !/dens/.test(name) ? 1e-9 : 0.1;
          assert.ok(
            Number.isNaN(value)
              ? Number.isNaN(other)
              : Math.abs(other - value) <= bound * Math.max(1, Math.abs(value)),
            `${name} ${value} ${other}`,
          );
        }
      }),
      { numRuns: 40 },
    );
  });

  it("of an ellipsoid give its axes", () => {
    const body = shape(
      [44, 32, 24],
      [1, 1, 1],
      (x, y, z) => (x / 20) ** 2 + (y / 14) ** 2 + (z / 10) ** 2 <= 1,
    );
    const features = morphology(asVolume(body), asMask(body));
    // The variance of a solid ellipsoid along an axis is a²/5, so 4√λ is 4a/√5; a voxel is 1 mm.
    for (const [name, semiaxis] of [
      ["morph_pca_maj_axis", 20],
      ["morph_pca_min_axis", 14],
      ["morph_pca_least_axis", 10],
    ] as const) {
      assert.ok(Math.abs(features.value(name) - (4 * semiaxis) / Math.sqrt(5)) < 0.2, name);
    }
  });
});

/** The scan with empty voxels all around. */
function padded({ size: [nx, ny, nz], spacing, inside }: Scan, by: number): Scan {
  const size = [nx + 2 * by, ny + 2 * by, nz + 2 * by] as const;
  const mask = new Uint8Array(size[0] * size[1] * size[2]);
  for (let z = 0, p = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, p++)
        mask[x + by + size[0] * (y + by + size[1] * (z + by))] = inside[p] ?? 0;
    }
  }
  return { size, spacing, voxels: new Float64Array(mask.length), inside: mask };
}

function mirrored(scan: Scan, axis: number): Scan {
  const [nx, ny, nz] = scan.size;
  const voxels = new Float64Array(scan.voxels.length);
  const inside = new Uint8Array(scan.inside.length);
  for (let z = 0, p = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, p++) {
        const q =
          (axis === 0 ? nx - 1 - x : x) +
          nx * ((axis === 1 ? ny - 1 - y : y) + ny * (axis === 2 ? nz - 1 - z : z));
        voxels[q] = scan.voxels[p] ?? 0;
        inside[q] = scan.inside[p] ?? 0;
      }
    }
  }
  return { ...scan, voxels, inside };
}

/** Midpoints between an inside voxel and an outside neighbour, mm. */
function meshVertices(
  inside: Uint8Array,
  [nx, ny]: readonly number[],
  spacing: readonly number[],
): number[][] {
  const strides = [1, nx ?? 0, (nx ?? 0) * (ny ?? 0)];
  const vertices: number[][] = [];
  inside.forEach((value, p) => {
    if (value === 0) return;
    const at = [
      p % (nx ?? 1),
      Math.floor(p / (nx ?? 1)) % (ny ?? 1),
      Math.floor(p / ((nx ?? 1) * (ny ?? 1))),
    ];
    for (let axis = 0; axis < 3; axis++) {
      for (const side of [-1, 1]) {
        if (inside[p + side * (strides[axis] ?? 0)] !== 0) continue;
        vertices.push(at.map((v, k) => (v + (k === axis ? side / 2 : 0)) * (spacing[k] ?? 1)));
      }
    }
  });
  return vertices;
}

function pairsByBruteForce({ size: [nx, ny], spacing, voxels, inside }: Scan): {
  moran: number;
  geary: number;
} {
  const points: { at: number[]; x: number }[] = [];
  inside.forEach((value, p) => {
    if (value === 0) return;
    const index = [p % nx, Math.floor(p / nx) % ny, Math.floor(p / (nx * ny))];
    points.push({ at: index.map((i, k) => i * (spacing[k] ?? 1)), x: voxels[p] ?? 0 });
  });
  const n = points.length;
  const mean = points.reduce((s, { x }) => s + x, 0) / n;
  const squares = points.reduce((s, { x }) => s + (x - mean) ** 2, 0);
  let weights = 0;
  let products = 0;
  let differences = 0;
  points.forEach((p, i) => {
    points.forEach((q, j) => {
      if (i === j) return;
      const w = 1 / Math.hypot(...minus(p.at, q.at));
      weights += w;
      products += w * (p.x - mean) * (q.x - mean);
      differences += w * (p.x - q.x) ** 2;
    });
  });
  if (squares < 1e-12) return { moran: Number.NaN, geary: Number.NaN };
  return {
    moran: ((n / weights) * products) / squares,
    geary: (((n - 1) / (2 * weights)) * differences) / squares,
  };
}

const minus = (a: number[], b: number[]): number[] => a.map((v, k) => v - (b[k] ?? 0));
const dot = (a: number[], b: number[]): number => a.reduce((s, v, k) => s + v * (b[k] ?? 0), 0);
const cross = ([a = 0, b = 0, c = 0]: number[], [d = 0, e = 0, f = 0]: number[]): number[] => [
  b * f - c * e,
  c * d - a * f,
  a * e - b * d,
];
