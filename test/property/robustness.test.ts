/** Perturbations of scans and regions, and how well features repeat. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import { icc } from "../../src/model/statistics/index.js";
import {
  extractor,
  type Perturbation,
  perturb,
  reproducibility,
  robustness,
} from "../../src/radiomics/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";
import { shown } from "../support/display.js";
import { asMask, asVolume, grid, randomScan, shape } from "../support/regions.js";

/** A ball of 9 mm in a scan with a gradient and a pattern. */
function ball(radius = 9): { volume: Volume; mask: Mask } {
  const scan = shape([26, 24, 13], [1, 1, 2], (x, y, z) => Math.hypot(x, y, z) <= radius);
  const voxels = scan.voxels.map((_, p) => 3 * (p % 26) + 20 * Math.sin(p * radius));
  const geometry = grid(scan.size, scan.spacing, [-100, 50, 7]);
  return {
    volume: new Volume(voxels, geometry, { modality: "CT", unit: "HU" }),
    mask: new Mask(scan.inside, geometry, "ball"),
  };
}

const EVERYTHING: Perturbation = {
  noise: "estimated",
  rotate: 5,
  translate: [0.25, -0.5, 0.75],
  grow: 0.1,
  contour: 1,
};

describe("a perturbation", () => {
  it("of nothing changes nothing", () => {
    fc.assert(
      fc.property(randomScan(), (scan) => {
        const [volume, mask] = [asVolume(scan, [3, 4, 5]), asMask(scan, [3, 4, 5])];
        const zero = { noise: 0, rotate: 0, translate: [0, 0, 0], grow: 0, contour: 0 } as const;
        const same = perturb(volume, mask, zero, { seed: 3 });
        assert.equal(same.volume, volume);
        assert.equal(same.mask, mask);
      }),
    );
  });

  it("by next to nothing keeps every voxel of the region", () => {
    fc.assert(
      fc.property(randomScan(), (scan) => {
        const [volume, mask] = [asVolume(scan), asMask(scan)];
        const tiny = { rotate: 1e-12, grow: 1e-12, contour: 1e-9 };
        const other = perturb(volume, mask, tiny);
        assert.deepEqual(other.mask.voxels, mask.voxels);
        other.volume.voxels.forEach((v, p) => {
          assert.ok(Math.abs(v - (scan.voxels[p] ?? 0)) < 1e-6);
        });
      }),
    );
  });

  it("gives the same bits for the same seed, and others for another", () => {
    const { volume, mask } = ball();
    const first = perturb(volume, mask, EVERYTHING, { seed: 7 });
    const again = perturb(volume, mask, EVERYTHING, { seed: 7 });
    const other = perturb(volume, mask, EVERYTHING, { seed: 8 });
    assert.deepEqual(first.volume.voxels, again.volume.voxels);
    assert.deepEqual(first.mask.voxels, again.mask.voxels);
    assert.notDeepEqual(first.volume.voxels, other.volume.voxels);
    assert.notDeepEqual(first.mask.voxels, other.mask.voxels);
  });

  it("grows or shrinks the region to the voxel, and evenly", () => {
    const { volume, mask } = ball();
    for (const grow of [-0.5, -0.15, -0.01, 0.01, 0.15, 0.6]) {
      const other = perturb(volume, mask, { grow }).mask;
      assert.equal(other.count, Math.round(mask.count * (1 + grow)), `${grow}`);
      const [inner, outer] = grow < 0 ? [other, mask] : [mask, other];
      assert.equal(inner.subtract(outer).count, 0);
      // What was added or removed lies at the edge: within 3 mm.
      assert.equal(outer.subtract(inner.dilate(grow === -0.5 ? 4 : 3)).count, 0);
    }
  });

  it("turns and shifts the grid, not the patient", () => {
    const { volume, mask } = ball();
    const ramp = new Volume(
      volume.voxels.map((_, p) => volume.toMm([p % 26, Math.floor(p / 26) % 24, Math.floor(p / 624)])[0]),
      volume.geometry,
      { unit: "mm" },
    );
    const turned = perturb(ramp, mask, { rotate: 30, translate: [0.4, 0.3, 0.2] });
    const { voxels, geometry } = turned.volume;
    const center = mask.centroidMm;
    turned.mask.centroidMm.forEach((c, axis) => {
      // Within half a voxel: 1, 1 and 2 mm.
      assert.ok(Math.abs(c - (center[axis] ?? 0)) < (axis === 2 ? 1 : 0.5), `centre ${axis}`);
    });
    assert.ok(Math.abs(turned.mask.count - mask.count) < 0.03 * mask.count);
    // A scan of x coordinates still tells where its voxels are.
    let seen = 0;
    for (let p = 0; p < voxels.length; p++) {
      if (turned.mask.voxels[p] === 0) continue;
      const at = turned.volume.toMm([p % 26, Math.floor(p / 26) % 24, Math.floor(p / 624)]);
      assert.ok(Math.abs((voxels[p] ?? 0) - at[0]) < 1e-9);
      seen++;
    }
    assert.ok(seen > 500 && Math.abs(geometry.direction[0] - Math.cos(Math.PI / 6)) < 1e-12);
  });

  it("estimates and adds noise of a given size, and moves the contour by mm", () => {
    const flat = shape([60, 60, 9], [1, 1, 1], (x, y) => Math.hypot(x, y) < 20);
    const [volume, mask] = [asVolume(flat), asMask(flat)];
    const noisy = perturb(volume, mask, { noise: 12 }).volume;
    const deviationOf = ({ voxels }: Volume): number => {
      const values = Float64Array.from(voxels);
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
    };
    assert.ok(Math.abs(deviationOf(noisy) - 12) < 0.3);
    // As much again makes √2 of it.
    const twice = perturb(noisy, mask, { noise: "estimated" }, { seed: 5 }).volume;
    assert.ok(Math.abs(deviationOf(twice) - 12 * Math.SQRT2) < 0.7);
    const moved = perturb(volume, mask, { contour: 1.5 }).mask;
    assert.ok(moved.xor(mask).count > 100);
    assert.equal(moved.subtract(mask.dilate(5)).count + mask.erode(6).subtract(moved).count, 0);
  });

  it("out of range is refused", () => {
    const { volume, mask } = ball();
    const wrong = [
      { grow: -1 },
      { grow: Number.NaN },
      { rotate: Infinity },
      { contour: -1 },
      { noise: -2 },
      { shrink: 1 },
    ];
    for (const perturbation of wrong) {
      assert.throws(
        () => perturb(volume, mask, perturbation as Perturbation),
        InputError,
        JSON.stringify(perturbation),
      );
    }
  });
});

describe("robustness of features", () => {
  const extract = extractor({
    families: ["intensity statistics", "morphology"],
    omit: ["morph_moran_i", "morph_geary_c"],
  });
  const patients = [5, 6, 7, 8, 9].map((radius) => ({ id: `P${radius}`, ...ball(radius) }));

  it("is perfect where nothing is perturbed, and high for the volume under small changes", async () => {
    const nothing = await robustness(patients, { extract, perturbations: [{}, {}, {}] });
    const { icc: correlation } = nothing;
    assert.equal(correlation.column("lower")[correlation.ids.indexOf("morph_volume")], 1);
    assert.deepEqual(nothing.measurements[0]?.toMatrix(), nothing.measurements[2]?.toMatrix());
    // As extracted without cutting the scan.
    const first = patients[0] as (typeof patients)[number];
    assert.equal(
      nothing.measurements[1]?.column("morph_volume")[0],
      extract(first.volume, first.mask).value("morph_volume"),
    );

    const done: number[] = [];
    const found = await robustness(patients, { extract, seed: 4, onProgress: (n) => done.push(n) });
    assert.equal(done.at(-1), 40);
    assert.equal(found.measurements.length, 8);
    assert.ok(found.robust(0.75).includes("morph_volume"));
    assert.ok(found.robust(0.9).length < found.icc.length);
    const again = await robustness(patients, { extract, seed: 4 });
    assert.deepEqual(again.icc.toMatrix(), found.icc.toMatrix());
    assert.match(JSON.stringify(await shown(found)), /features repeat well .*8 measurements of 5 patients/);
  });

  it("lists what fails and goes on, and can be cancelled", async () => {
    const empty = new Mask(
      new Uint8Array(26 * 24 * 13),
      grid([26, 24, 13], [1, 1, 2], [-100, 50, 7]),
      "none",
    );
    const withEmpty = [...patients, { id: "P0", volume: ball().volume, mask: empty }];
    const found = await robustness(withEmpty, { extract, perturbations: [{}, { grow: 0.1 }] });
    assert.deepEqual(
      found.failures.map(({ id, measurement }) => [id, measurement]),
      [
        ["P0", 0],
        ["P0", 1],
      ],
    );
    assert.match(found.failures[0]?.reason ?? "", /"none" is empty/);
    assert.equal(found.icc.column("patients")[0], 5);
    const signal = AbortSignal.abort(new Error("enough"));
    await assert.rejects(robustness(patients, { extract, signal }), /enough/);
    await assert.rejects(robustness(patients, { extract, perturbations: [{}] }), InputError);
    await assert.rejects(robustness([], { extract }), InputError);
  });

  it("between measurements is what the intraclass correlation of their columns is", () => {
    const value = fc.double({ min: -50, max: 50, noNaN: true });
    const column = fc.array(value, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(column, { minLength: 2, maxLength: 5 }), (columns) => {
        const values = columns.map((numbers) => Float64Array.from(numbers, (v, n) => v + 10 * n));
        const tables = values.map(
          (numbers) => new FeatureTable(["a", "b", "c", "d"], [{ name: "f", unit: "mm", values: numbers }]),
        );
        fc.pre(values.some((numbers) => numbers.some((v, n) => Math.abs(v - (values[0]?.[n] ?? 0)) > 1e-3)));
        const rows = reproducibility(tables, { confidence: 0.9 }).icc;
        const { ICC1 } = icc(values, { confidence: 0.9 });
        assert.ok(Math.abs((rows.column("icc")[0] ?? 9) - ICC1.value) < 1e-9);
        assert.ok(Math.abs((rows.column("lower")[0] ?? 9) - ICC1.interval.lower) < 1e-9);
        assert.ok(Math.abs((rows.column("upper")[0] ?? 9) - ICC1.interval.upper) < 1e-9);
      }),
      { numRuns: 50 },
    );
  });

  it("between tables of other patients or columns is refused", () => {
    const table = (ids: string[], name: string): FeatureTable =>
      new FeatureTable(ids, [{ name, unit: "", values: Float64Array.from(ids, (_, n) => n) }]);
    assert.throws(() => reproducibility([table(["a", "b"], "f")]), InputError);
    assert.throws(
      () => reproducibility([table(["a", "b"], "f"), table(["b", "a"], "f")]),
      /differ in patients/,
    );
    assert.throws(
      () => reproducibility([table(["a", "b"], "f"), table(["a", "b"], "g")]),
      /differ in columns/,
    );
    assert.throws(() => reproducibility([table(["a"], "f"), table(["a"], "f")]), InputError);
  });
});
