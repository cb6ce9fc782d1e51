/** The viewer's measurements without a browser: the library says the same of the same voxels, on any grid. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { pointAt, pointOn } from "../../labextension/src/volume/gesture.js";
import { histogramOf } from "../../labextension/src/volume/histogram.js";
import type { Drawn } from "../../labextension/src/volume/measure.js";
import { resultOf, type Statistics } from "../../labextension/src/volume/measure-values.js";
import { PLANES, planeAxes } from "../../labextension/src/volume/orientation.js";
import { readRegions } from "../../labextension/src/volume/region.js";
import type { Scan } from "../../labextension/src/volume/scan.js";
import { type Geometry, indexToWorld } from "../../src/core/geometry.js";
import { extractor } from "../../src/radiomics/extractor.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";
import { packed, smallScan } from "./extension-payloads.js";

type Triple = [number, number, number];

/** A grid turned by any two angles about L and S. */
const obliqueGrid = fc
  .record({
    size: fc.tuple(
      fc.integer({ min: 2, max: 7 }),
      fc.integer({ min: 2, max: 7 }),
      fc.integer({ min: 2, max: 7 }),
    ),
    spacing: fc.constantFrom<Triple>([1, 1, 1], [0.7, 0.7, 3], [2, 1.5, 1.25]),
    a: fc.double({ min: -3, max: 3, noNaN: true }),
    b: fc.double({ min: -3, max: 3, noNaN: true }),
  })
  .map(({ size, spacing, a, b }): Geometry => {
    const [ca, sa, cb, sb] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b)];
    const direction = [cb, -sb * ca, sb * sa, sb, cb * ca, -cb * sa, 0, sa, ca] as const;
    return { size, spacing, origin: [-40, 12, 100], direction };
  });

/** A scan with whole grey values. */
const anyScan = fc.tuple(obliqueGrid, fc.nat(1000)).map(([geometry, seed]): Scan => {
  const [nx, ny, nz] = geometry.size;
  const stored = Float32Array.from({ length: nx * ny * nz }, (_, p) => ((p + 3) * 7919 * (seed + 1)) % 2011);
  const part = { offset: [0, 0, 0], size: geometry.size, step: 1 } as const;
  return { geometry, ...part, stored, slope: 1, intercept: 0, missing: null, exact: true };
});

/** 1009 is prime: no end of a shape lies on the center of a voxel, where rounding would decide. */
const part = fc.integer({ min: 0, max: 1008 }).map((k) => k / 1009);
const kind = fc.constantFrom<"ellipse" | "rectangle">("ellipse", "rectangle");

describe("the viewer's measurements", () => {
  it("say of a shape what the library says of its voxels, on oblique grids and every plane", () => {
    let compared = 0;
    fc.assert(
      fc.property(
        anyScan,
        kind,
        fc.constantFrom(...PLANES),
        fc.tuple(part, part, part, part, part),
        (...given) => {
          const [scan, shape, plane, places] = given;
          const planes = planeAxes(scan.geometry);
          const drawn = drawnAt(scan, shape, planes[plane], places);
          const found = resultOf(drawn, { scan, planes, regions: [] }) as Statistics;
          const mask = voxelsIn(scan, drawn, planes[plane]);
          assert.equal(found.n, mask.count);
          const { right, down } = planes[plane];
          const { spacing } = scan.geometry;
          assertClose(found.size, mask.count * spacing[right.axis] * spacing[down.axis], 1e-9);
          if (mask.count === 0) return;
          assertSame(found, libraryOf(scan, mask));
          compared++;
        },
      ),
    );
    assert.ok(compared > 30, `${compared} shapes held voxels`);
  });

  it("say of a region what the library says of it, and its volume", async () => {
    await fc.assert(
      fc.asyncProperty(anyScan, fc.nat(1000), async (scan, seed) => {
        const inside = Uint8Array.from(scan.stored, (_, p) => (((p + seed) * 2654435761) % 7 < 3 ? 1 : 0));
        const mask = new Mask(inside, scan.geometry, "r");
        const regions = await readRegions({
          ...smallScan(),
          geometry: scan.geometry,
          regions: [{ name: "r", color: "#112233", mask: packed(inside) }],
        });
        const one = { id: 1, kind: "region", region: 0 } as const;
        const found = resultOf(one, { scan, planes: planeAxes(scan.geometry), regions }) as Statistics;
        assert.equal(found.n, mask.count);
        assertClose(found.size, mask.volumeMl, 1e-12);
        if (mask.count > 0) assertSame(found, libraryOf(scan, mask));
      }),
      { numRuns: 30 },
    );
  });

  it("measure the distance that the library's coordinates have, on oblique grids", () => {
    fc.assert(
      fc.property(anyScan, fc.constantFrom(...PLANES), fc.tuple(part, part, part, part, part), (...given) => {
        const [scan, plane, places] = given;
        const planes = planeAxes(scan.geometry);
        const line = drawnAt(scan, "length", planes[plane], places);
        const found = resultOf(line, { scan, planes, regions: [] });
        const [a, b] = [indexToWorld(scan.geometry, line.from), indexToWorld(scan.geometry, line.to)];
        assert.ok(found.kind === "length");
        assertClose(found.mm, Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]), 1e-9);
      }),
    );
  });

  it("find on the canvas the place that they were drawn at", () => {
    fc.assert(
      fc.property(anyScan, fc.constantFrom(...PLANES), part, part, (scan, name, u, v) => {
        const plane = planeAxes(scan.geometry)[name];
        const place = { scaleX: 11, scaleY: 17, left: -30, top: 8, pixelsPerMm: 1 };
        const [columns, rows] = [scan.size[plane.right.axis], scan.size[plane.down.axis]];
        const [x, y] = [place.left + u * columns * 11, place.top + v * rows * 17];
        const [againX, againY] = pointOn(scan, plane, place, pointAt(scan, plane, place, [0, 0, 0], [x, y]));
        assertClose(againX, x, 1e-9);
        assertClose(againY, y, 1e-9);
      }),
    );
  });

  it("leave missing values out and count them, and say of a shape of none that it has no voxel", () => {
    const geometry = { ...smallScan().geometry, size: [2, 1, 1] } as const;
    const part = { offset: [0, 0, 0], size: geometry.size, step: 1 } as const;
    const stored = Float32Array.of(Number.NaN, 5);
    const scan: Scan = { geometry, ...part, stored, slope: 1, intercept: 0, missing: null, exact: true };
    const planes = planeAxes(geometry);
    const box = { id: 1, kind: "rectangle", plane: "axial", from: [0, 0, 0] } as const;
    const both = resultOf({ ...box, to: [1, 0, 0] }, { scan, planes, regions: [] }) as Statistics;
    assert.deepEqual([both.n, both.left, both.mean, both.sd, both.size], [1, 1, 5, 0, 8]);
    const none = resultOf({ ...box, to: [0, 0, 0] }, { scan, planes, regions: [] }) as Statistics;
    assert.deepEqual([none.n, none.left, none.size, none.histogram], [0, 1, 4, null]);
  });

  it("count every value once in their histogram, in the bin whose ends hold it", () => {
    const values = fc.oneof(
      fc.array(fc.integer({ min: -1000, max: 3000 }), { minLength: 1, maxLength: 60 }),
      fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 60 }),
    );
    fc.assert(
      fc.property(values, (given) => {
        const [min, max] = [Math.min(...given), Math.max(...given)];
        const { low, width, counts } = histogramOf(Float64Array.from(given), min, max);
        assert.ok(counts.length <= 40, `${counts.length} bins`);
        const expected = counts.map((_, bin) => {
          const isLast = bin === counts.length - 1;
          const place = (value: number): number => (width === 0 ? 0 : (value - low) / width);
          return given.filter((value) => place(value) >= bin && (isLast || place(value) < bin + 1)).length;
        });
        assert.deepEqual(counts, expected);
      }),
    );
  });
});

/** A measurement between two places of a slice, given as parts of the plane. */
function drawnAt(
  { size }: Scan,
  kind: Drawn["kind"],
  { name, right, down, through }: ReturnType<typeof planeAxes>["axial"],
  [a, b, c, d, slice]: readonly number[],
): Drawn {
  const from: Triple = [0, 0, 0];
  from[through.axis] = Math.round(slice * (size[through.axis] - 1));
  const to: Triple = [...from];
  from[right.axis] = a * size[right.axis] - 0.5;
  to[right.axis] = b * size[right.axis] - 0.5;
  from[down.axis] = c * size[down.axis] - 0.5;
  to[down.axis] = d * size[down.axis] - 0.5;
  return { id: 1, kind, plane: name, from, to };
}

/** By definition: every voxel of the grid is asked whether its center lies in the shape. */
function voxelsIn(
  { geometry, stored }: Scan,
  { kind, from, to }: Drawn,
  { right, down, through }: ReturnType<typeof planeAxes>["axial"],
): Mask {
  const [nx, ny] = geometry.size;
  const inside = Uint8Array.from(stored, (_, p) => {
    const index = [p % nx, Math.floor(p / nx) % ny, Math.floor(p / nx / ny)];
    if (index[through.axis] !== from[through.axis]) return 0;
    // −1 … 1 from one side of the box to the other.
    const [u, v] = [right.axis, down.axis].map((axis) => {
      const radius = Math.abs(to[axis] - from[axis]) / 2;
      return (index[axis] - (from[axis] + to[axis]) / 2) / radius;
    });
    return (kind === "ellipse" ? u * u + v * v <= 1 : Math.abs(u) <= 1 && Math.abs(v) <= 1) ? 1 : 0;
  });
  return new Mask(inside, geometry, "shape");
}

function libraryOf({ geometry, stored }: Scan, mask: Mask): (name: string) => number {
  const volume = new Volume(Float32Array.from(stored), geometry, { modality: "MR" });
  const features = extractor({ families: ["intensity statistics"] })(volume, mask);
  return (name) => {
    const feature = features.features.find((one) => one.name.endsWith(name));
    assert.ok(feature !== undefined, name);
    return feature.value;
  };
}

/** Both add the same numbers in another order: the last digits may differ. */
function assertSame(found: Statistics, library: (name: string) => number): void {
  assertClose(found.mean, library("stat_mean"), 1e-9);
  assertClose(found.sd, Math.sqrt(library("stat_var")), 1e-7);
  assert.equal(found.min, library("stat_min"));
  assert.equal(found.max, library("stat_max"));
}

function assertClose(found: number, expected: number, relative: number): void {
  const off = Math.abs(found - expected);
  assert.ok(off <= relative * Math.max(1, Math.abs(expected)), `${found} for ${expected}`);
}
