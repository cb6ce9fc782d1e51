/** The viewer's own geometry, without a browser: planes, slices, outlines and surfaces against their definitions. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { outlineLoops } from "../../labextension/src/volume/contour.js";
import { PLANES, planeAxes, toWorld } from "../../labextension/src/volume/orientation.js";
import { fromScreen, nearestHeld, type Scan, toScreen, valueAt } from "../../labextension/src/volume/scan.js";
import { greyTable, paintSlice } from "../../labextension/src/volume/slice.js";
import { surfaceOf } from "../../labextension/src/volume/surface.js";

type Triple = [number, number, number];

/** A scan with its voxel axes in any order and direction, of any part and step. */
const anyScan = fc
  .record({
    size: fc.tuple(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
    ),
    step: fc.integer({ min: 1, max: 3 }),
    order: fc.constantFrom([0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]),
    signs: fc.tuple(fc.constantFrom(-1, 1), fc.constantFrom(-1, 1), fc.constantFrom(-1, 1)),
    offset: fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4)),
    type: fc.constantFrom("int16", "float32", "uint8"),
    seed: fc.nat(1000),
  })
  .map(({ size, step, order, signs, offset, type, seed }): Scan => {
    const direction = [0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (let axis = 0; axis < 3; axis++) direction[3 * order[axis] + axis] = signs[axis];
    const count = size[0] * size[1] * size[2];
    const values = Array.from({ length: count }, (_, p) => ((p + 1) * 7919 * (seed + 1)) % 251);
    const stored =
      type === "int16"
        ? Int16Array.from(values)
        : type === "uint8"
          ? Uint8Array.from(values)
          : Float32Array.from(values);
    const whole = size.map((n, axis) => offset[axis] + n * step + 2) as Triple;
    const geometry = {
      size: whole,
      spacing: [1, 2, 3],
      origin: [5, -6, 7],
      direction,
    } as unknown as Scan["geometry"];
    return {
      geometry,
      offset,
      size,
      step,
      stored,
      slope: 2,
      intercept: -100,
      missing: null,
      exact: type !== "uint8",
    };
  });

describe("the viewer's geometry", () => {
  it("shows right on the left, anterior and superior up, for every order and direction of the voxel axes", () => {
    fc.assert(
      fc.property(anyScan, ({ geometry }) => {
        const planes = planeAxes(geometry);
        const letters = PLANES.map((name) => Object.values(planes[name].letters).join(""));
        assert.deepEqual(letters, ["RLAP", "RLSI", "APSI"]);
        for (const name of PLANES) {
          const { right, down } = planes[name];
          const moved = (axis: number, forward: boolean): number[] => {
            const index: Triple = [0, 0, 0];
            index[axis] = forward ? 1 : -1;
            const there = toWorld(geometry, index);
            return toWorld(geometry, [0, 0, 0]).map((from, world) => Math.sign(there[world] - from));
          };
          assert.deepEqual(moved(right.axis, right.forward), name === "sagittal" ? [0, 1, 0] : [1, 0, 0]);
          assert.deepEqual(moved(down.axis, down.forward), name === "axial" ? [0, 1, 0] : [0, 0, -1]);
        }
      }),
    );
  });

  it("paints each pixel with the windowed value of the voxel that lies there", () => {
    fc.assert(
      fc.property(anyScan, fc.constantFrom(...PLANES), fc.nat(100), (scan, name, pick) => {
        const plane = planeAxes(scan.geometry)[name];
        const window = { center: 150, width: 301 };
        const [columns, rows] = [scan.size[plane.right.axis], scan.size[plane.down.axis]];
        const slice = fromScreen(plane.through, scan, pick % scan.size[plane.through.axis]);
        const pixels = new Uint32Array(columns * rows);
        paintSlice(scan, plane, slice, greyTable(scan, window), pixels);
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            const index: Triple = [0, 0, 0];
            index[plane.right.axis] = fromScreen(plane.right, scan, column);
            index[plane.down.axis] = fromScreen(plane.down, scan, row);
            index[plane.through.axis] = slice;
            const grey = (((valueAt(scan, index) ?? Number.NaN) - (150 - 301 / 2)) * 255) / 301;
            const expected = Math.min(255, Math.max(0, grey));
            const pixel = pixels[column + columns * row];
            assert.equal(pixel >>> 24, 255);
            assert.ok(Math.abs((pixel & 255) - expected) <= 1, `${pixel & 255} for ${expected}`);
          }
        }
      }),
    );
  });

  it("maps indices to the screen and back, and to the nearest voxel held", () => {
    fc.assert(
      fc.property(anyScan, fc.constantFrom(...PLANES), fc.nat(4), (scan, name, position) => {
        const { right } = planeAxes(scan.geometry)[name];
        const index: Triple = [...scan.offset] as Triple;
        index[right.axis] = fromScreen(right, scan, position);
        assert.equal(toScreen(right, scan, index), position);
        const held = nearestHeld(scan, [999, -999, scan.offset[2]]);
        assert.ok(!Number.isNaN(valueAt(scan, held)));
      }),
    );
  });

  it("draws outlines that hold the centre of every voxel inside and of none outside", () => {
    const mask = fc
      .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }))
      .chain(([w, h]) =>
        fc.tuple(fc.constant(w), fc.uint8Array({ minLength: w * h, maxLength: w * h, max: 1 })),
      );
    fc.assert(
      fc.property(mask, ([width, voxels]) => {
        const height = voxels.length / width;
        const loops = outlineLoops(voxels, width, height);
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++)
            assert.equal(isInside(loops, x + 0.5, y + 0.5), voxels[x + width * y] === 1, `voxel ${x}, ${y}`);
      }),
    );
  });

  it("makes a closed surface of a ball, turned outwards, of its volume", () => {
    const n = 25;
    const field = new Float32Array(n ** 3);
    for (let p = 0; p < field.length; p++) {
      const [x, y, z] = [p % n, Math.floor(p / n) % n, Math.floor(p / n / n)];
      field[p] = 8 - Math.hypot(x - 12, y - 12, z - 12);
    }
    const { points, triangles } = surfaceOf(field, [n, n, n], 0, (index) => index);
    let volume = 0;
    const edges = new Map<string, number>();
    for (let t = 0; t < triangles.length; t += 3) {
      const [a, b, c] = [0, 1, 2].map((k) => points.subarray(3 * triangles[t + k], 3 * triangles[t + k] + 3));
      volume +=
        (a[0] * (b[1] * c[2] - b[2] * c[1]) +
          a[1] * (b[2] * c[0] - b[0] * c[2]) +
          a[2] * (b[0] * c[1] - b[1] * c[0])) /
        6;
      for (const [from, to] of [
        [0, 1],
        [1, 2],
        [2, 0],
      ]) {
        const [i, j] = [triangles[t + from], triangles[t + to]];
        edges.set(`${i} ${j}`, (edges.get(`${i} ${j}`) ?? 0) + 1);
      }
    }
    for (const [edge, count] of edges) {
      assert.equal(count, 1, `edge ${edge}`);
      assert.ok(edges.has(edge.split(" ").reverse().join(" ")), `edge ${edge} has a neighbour`);
    }
    const expected = (4 / 3) * Math.PI * 8 ** 3;
    assert.ok(
      Math.abs(volume / expected - 1) < 0.02,
      `${volume} for ${expected}: positive if turned outwards`,
    );
  });
});

/** Even-odd rule, as the canvas fills. */
function isInside(loops: readonly Float32Array[], x: number, y: number): boolean {
  let inside = false;
  for (const loop of loops) {
    for (let k = 0; k < loop.length; k += 2) {
      const n = (k + 2) % loop.length;
      const [ax, ay, bx, by] = [loop[k], loop[k + 1], loop[n], loop[n + 1]];
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
    }
  }
  return inside;
}
