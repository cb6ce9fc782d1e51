/** Planes of a scan are shown the radiological way round, whatever the order and direction of its voxel axes. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Geometry, indexToWorld, type Mat3, type Vec3, voxelCount } from "../../src/core/geometry.js";
import { anatomicalPlanes, obliqueDegrees } from "../../src/plot/anatomy.js";
import { outlinePath, sampleSlice } from "../../src/plot/slice.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";

const STRAIGHT: Mat3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const FLIPPED: Mat3 = [-1, 0, 0, 0, -1, 0, 0, 0, 1];

/** Voxel axes that run along world axes in any order and direction, and then are turned by up to 30°. */
const geometries: fc.Arbitrary<Geometry> = fc
  .record({
    order: fc.constantFrom([0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]),
    signs: fc.tuple(fc.constantFrom(-1, 1), fc.constantFrom(-1, 1), fc.constantFrom(-1, 1)),
    size: fc.tuple(
      fc.integer({ min: 2, max: 5 }),
      fc.integer({ min: 2, max: 5 }),
      fc.integer({ min: 2, max: 5 }),
    ),
    spacing: fc.tuple(fc.constantFrom(0.5, 1, 3), fc.constantFrom(0.5, 1, 3), fc.constantFrom(0.5, 1, 3)),
    turn: fc.constantFrom(0, 0.2, 0.5),
    about: fc.constantFrom(0, 1, 2),
  })
  .map(({ order, signs, size, spacing, turn, about }) => {
    const axes = [0, 1, 2].flatMap((world) =>
      [0, 1, 2].map((axis) => (order[axis] === world ? signs[axis] : 0)),
    );
    return { size, spacing, origin: [-7, 3, 11] as const, direction: rotate(axes, turn, about) };
  });

/** World coordinate of every voxel along one axis, as a scan. */
function coordinates(geometry: Geometry, world: number): Volume {
  const [nx, ny] = geometry.size;
  const voxels = Float64Array.from({ length: voxelCount(geometry) }, (_, p) => {
    const index: Vec3 = [p % nx, Math.floor(p / nx) % ny, Math.floor(p / (nx * ny))];
    return indexToWorld(geometry, index)[world];
  });
  return new Volume(voxels, geometry);
}

/** World axes that grow (+) or fall (-) to the right and to the bottom of each plane: left, posterior, superior. */
const DISPLAY = [
  { name: "Axial", right: [0, 1], down: [1, 1], edges: "RLAP" },
  { name: "Coronal", right: [0, 1], down: [2, -1], edges: "RLSI" },
  { name: "Sagittal", right: [1, 1], down: [2, -1], edges: "APSI" },
] as const;

describe("anatomical planes", () => {
  for (const [i, { name, right, down, edges }] of DISPLAY.entries()) {
    it(`${name} planes read ${edges} on the left, right, top and bottom, for every voxel order`, () => {
      fc.assert(
        fc.property(geometries, (geometry) => {
          const plane = anatomicalPlanes(geometry)[i];
          assert.equal(plane.name, name);
          assert.equal(plane.edges.join(""), edges);
          const width = geometry.size[plane.across.axis];
          const height = geometry.size[plane.down.axis];
          const seen = (world: number): Float32Array =>
            sampleSlice(coordinates(geometry, world), plane, 0, width, height);
          const across = seen(right[0]);
          assert.ok((across[1] - across[0]) * right[1] > 0, `${across}`);
          const downward = seen(down[0]);
          assert.ok((downward[width] - downward[0]) * down[1] > 0, `${downward}`);
        }),
      );
    });
  }

  it("show each voxel at its own pixel when a voxel is a pixel", () => {
    const geometry: Geometry = { size: [3, 2, 2], spacing: [1, 1, 1], origin: [0, 0, 0], direction: FLIPPED };
    const volume = new Volume(
      Float32Array.from({ length: 12 }, (_, p) => p),
      geometry,
    );
    const [axial] = anatomicalPlanes(geometry);
    // x runs to the right of the patient and y to the front: both are reversed on the screen.
    assert.deepEqual([...sampleSlice(volume, axial, 1, 3, 2)], [11, 10, 9, 8, 7, 6]);
  });

  it("mix neighbors linearly between voxel centers", () => {
    const geometry: Geometry = {
      size: [2, 1, 1],
      spacing: [1, 1, 1],
      origin: [0, 0, 0],
      direction: STRAIGHT,
    };
    const volume = new Volume(Float32Array.of(0, 8), geometry);
    const [axial] = anatomicalPlanes(geometry);
    assert.deepEqual([...sampleSlice(volume, axial, 0, 4, 1)], [0, 2, 6, 8]);
  });

  it("tell how oblique a grid is", () => {
    const turned = rotate([...STRAIGHT], 0.2, 2);
    const grid = { size: [2, 2, 2], spacing: [1, 1, 1], origin: [0, 0, 0] } as const;
    assert.ok(Math.abs(obliqueDegrees({ ...grid, direction: turned }) - (0.2 * 180) / Math.PI) < 1e-9);
    assert.equal(obliqueDegrees({ ...grid, direction: FLIPPED }), 0);
  });
});

describe("region outlines", () => {
  const geometry: Geometry = { size: [4, 3, 1], spacing: [1, 1, 1], origin: [0, 0, 0], direction: STRAIGHT };
  const place = { x: 0, y: 0, width: 4, height: 3 };
  const [axial] = anatomicalPlanes(geometry);

  it("run half-way between a voxel inside and its neighbors outside", () => {
    const voxels = new Uint8Array(12);
    voxels[1 + 4 * 1] = 1;
    const points = pointsOf(outlinePath(new Mask(voxels, geometry), axial, 0, place));
    const distinct = [...new Set(points.map((point) => point.join(" ")))].sort();
    assert.deepEqual(distinct, ["1 1.5", "1.5 1", "1.5 2", "2 1.5"]);
  });

  it("close around every region: each end of a piece is the start of exactly one other", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 12, max: 1 }), (voxels) => {
        const ends = new Map<string, number>();
        for (const point of pointsOf(outlinePath(new Mask(voxels, geometry), axial, 0, place))) {
          ends.set(point.join(" "), (ends.get(point.join(" ")) ?? 0) + 1);
        }
        assert.ok([...ends.values()].every((count) => count === 2));
        assert.equal(ends.size > 0, voxels.includes(1));
      }),
    );
  });
});

function pointsOf(path: string): [number, number][] {
  return [...path.matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)].map((m) => [Number(m[1]), Number(m[2])]);
}

/** Turns the columns of a matrix about one world axis, radians. */
function rotate(m: readonly number[], angle: number, about: number): Mat3 {
  const [u, v] = [(about + 1) % 3, (about + 2) % 3];
  const turned = [...m];
  for (let column = 0; column < 3; column++) {
    turned[3 * u + column] = Math.cos(angle) * m[3 * u + column] - Math.sin(angle) * m[3 * v + column];
    turned[3 * v + column] = Math.sin(angle) * m[3 * u + column] + Math.cos(angle) * m[3 * v + column];
  }
  return turned as unknown as Mat3;
}
