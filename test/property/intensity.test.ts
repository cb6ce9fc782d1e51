/** Re-segmentation, grey levels, statistics, local intensity and the intensity–volume histogram against their definitions. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { discretize } from "../../src/radiomics/discretize.js";
import { extractor } from "../../src/radiomics/index.js";
import { statistics } from "../../src/radiomics/intensity-statistics.js";
import { percentiles, tally } from "../../src/radiomics/tally.js";
import { asMask, asVolume, randomScan } from "../support/regions.js";

const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));

describe("re-segmentation", () => {
  it("keeps both ends of the range, then what lies within sigma of the mean of the rest; the shape stays whole", () => {
    fc.assert(
      fc.property(
        randomScan(),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 5 }),
        (scan, low, width) => {
          const inside = [...scan.voxels].filter((_, p) => scan.inside[p] !== 0);
          const ranged = inside.filter((x) => x >= low && x <= low + width);
          fc.pre(ranged.length > 0);
          const mean = ranged.reduce((a, b) => a + b) / ranged.length;
          const sd = Math.sqrt(ranged.reduce((a, b) => a + (b - mean) ** 2, 0) / ranged.length);
          const kept = ranged.filter((x) => Math.abs(x - mean) <= 1.3 * sd);
          fc.pre(kept.length > 0 && ranged.every((x) => Math.abs(Math.abs(x - mean) - 1.3 * sd) > 1e-9));
          const resegment = { range: [low, low + width], sigma: 1.3 } as const;
          const features = extractor({ resegment, families: ["intensity statistics"] })(
            asVolume(scan),
            asMask(scan),
          );
          assert.equal(features.provenance.shapeVoxels, inside.length);
          assert.equal(features.provenance.intensityVoxels, kept.length);
          assert.ok(
            close(
              features.value("stat_energy"),
              kept.reduce((a, b) => a + b * b, 0),
            ),
          );
        },
      ),
    );
  });
});

describe("grey levels", () => {
  it("of fixed width start at the given edge, the range's low end or the minimum, in this order", () => {
    const values = Float64Array.of(3, 4.9, 5, 12.9);
    assert.deepEqual([...discretize(values, { binWidth: 2 }, undefined).levels], [1, 1, 2, 5]);
    assert.deepEqual([...discretize(values, { binWidth: 2 }, [1, 20]).levels], [2, 2, 3, 6]);
    assert.deepEqual([...discretize(values, { binWidth: 2, from: 0 }, [1, 20]).levels], [2, 3, 3, 7]);
    assert.equal(discretize(values, { binWidth: 2, from: 0 }, [1, 20]).levelCount, 7);
  });

  it("of fixed count fill the region's own range, and the maximum is in the last", () => {
    const { levels, levelCount } = discretize(
      Float64Array.of(0, 2.4, 2.5, 9.9, 10),
      { binCount: 4 },
      [-100, 100],
    );
    assert.deepEqual([...levels], [1, 1, 2, 4, 4]);
    assert.equal(levelCount, 4);
  });
});

describe("statistics", () => {
  it("sort whole numbers by counting as they sort others", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 3000 }), { minLength: 1, maxLength: 60 }),
        (list) => {
          const values = Float64Array.from(list);
          const { values: found, counts } = tally(values, Math.min(...list), Math.max(...list));
          assert.ok(counts !== null);
          const again = [...found].flatMap((v, k) => Array<number>(counts[k] ?? 0).fill(v));
          assert.deepEqual(Float64Array.from(again), values.slice().sort());
        },
      ),
    );
  });

  it("find percentiles without sorting, as sorting finds them", () => {
    const wide = fc.double({ min: -1e300, max: 1e300, noNaN: true });
    const narrow = fc.double({ min: 1, max: 1 + 1e-12, noNaN: true });
    const lists = [wide, narrow].map((number) => fc.array(number, { minLength: 1, maxLength: 200 }));
    fc.assert(
      fc.property(fc.oneof(...lists), (list) => {
        const sorted = Float64Array.from(list).sort();
        const [min = 0, max = 0] = [sorted[0], sorted.at(-1)];
        // Shares that fall on the ranks themselves.
        const shares = list.map((_, n) => (list.length === 1 ? 0 : n / (list.length - 1)));
        const found = percentiles(
          { values: Float64Array.from(list), counts: null, total: list.length, min, max },
          [0, 1, ...shares.filter((share) => Number.isInteger(share * (list.length - 1)))],
        );
        const ranks = shares.map((share) => share * (list.length - 1)).filter(Number.isInteger);
        assert.deepEqual(found, [min, max, ...ranks.map((rank) => sorted[rank])]);
      }),
    );
  });

  it("equal their definitions", () => {
    const number = fc.double({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 2, maxLength: 40 }), (list) => {
        const s = statistics(tally(Float64Array.from(list), Math.min(...list), Math.max(...list)), "stat");
        const n = list.length;
        const mean = list.reduce((a, b) => a + b) / n;
        const moment = (k: number): number => list.reduce((a, x) => a + (x - mean) ** k, 0) / n;
        fc.pre(moment(2) > 1e-6);
        const ordered = [...list].sort((a, b) => a - b);
        const quantile = (q: number): number => {
          const rank = q * (n - 1);
          const [a = 0, b = 0] = [ordered[Math.floor(rank)], ordered[Math.ceil(rank)]];
          return a + (rank % 1) * (b - a);
        };
        const [p10, p25, p50, p75, p90] = [0.1, 0.25, 0.5, 0.75, 0.9].map(quantile) as [
          number,
          number,
          number,
          number,
          number,
        ];
        const robust = list.filter((x) => x >= p10 && x <= p90);
        const robustMean = robust.reduce((a, b) => a + b, 0) / robust.length;
        const meanOf = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
        const expected: Record<string, number> = {
          stat_mean: mean,
          stat_var: moment(2),
          stat_skew: moment(3) / moment(2) ** 1.5,
          stat_kurt: moment(4) / moment(2) ** 2 - 3,
          stat_median: p50,
          stat_p10: p10,
          stat_p90: p90,
          stat_iqr: p75 - p25,
          stat_mad: meanOf(list.map((x) => Math.abs(x - mean))),
          stat_medad: meanOf(list.map((x) => Math.abs(x - p50))),
          stat_rms: Math.sqrt(meanOf(list.map((x) => x * x))),
        };
        // Rounding of the percentiles may move a value over their edge, so this one only where none lies on it.
        if (!list.some((x) => Math.abs(x - p10) < 1e-9 || Math.abs(x - p90) < 1e-9)) {
          expected.stat_rmad =
            robust.length === 0 ? Number.NaN : meanOf(robust.map((x) => Math.abs(x - robustMean)));
        }
        for (const [name, value] of Object.entries(expected)) {
          const found = s[name] ?? Number.POSITIVE_INFINITY;
          assert.ok(Number.isNaN(value) ? Number.isNaN(found) : close(found, value), name);
        }
      }),
    );
  });
});

describe("local intensity", () => {
  it("equals the mean over all voxels of the scan within 6.2 mm, voxel by voxel", () => {
    const extract = extractor({ families: ["local intensity"] });
    fc.assert(
      fc.property(randomScan(), (scan) => {
        const [nx, ny] = scan.size;
        const at = (p: number): [number, number, number] => [
          (p % nx) * scan.spacing[0],
          (Math.floor(p / nx) % ny) * scan.spacing[1],
          Math.floor(p / (nx * ny)) * scan.spacing[2],
        ];
        const radius = Math.cbrt(3000 / (4 * Math.PI));
        const inside = [...scan.inside.keys()].filter((p) => scan.inside[p] !== 0);
        const means = inside.map((p) => {
          const [x, y, z] = at(p);
          const near = [...scan.voxels].filter((_, q) => {
            const [u, v, w] = at(q);
            return Math.hypot(u - x, v - y, w - z) <= radius;
          });
          return near.reduce((a, b) => a + b) / near.length;
        });
        const highest = Math.max(...inside.map((p) => scan.voxels[p] ?? 0));
        const features = extract(asVolume(scan), asMask(scan));
        const local = Math.max(...means.filter((_, n) => scan.voxels[inside[n] ?? 0] === highest));
        assert.ok(close(features.value("loc_peak_loc"), local));
        assert.ok(close(features.value("loc_peak_glob"), Math.max(...means)));
      }),
    );
  });
});

describe("the intensity–volume histogram", () => {
  it("of whole intensities equals its definition", () => {
    const extract = extractor({ families: ["intensity-volume histogram"] });
    fc.assert(
      fc.property(randomScan(), (scan) => {
        const inside = [...scan.voxels].filter((_, p) => scan.inside[p] !== 0);
        const [min, max] = [Math.min(...inside), Math.max(...inside)];
        fc.pre(max > min);
        const share = (from: number): number => inside.filter((x) => x >= from).length / inside.length;
        const features = extract(asVolume(scan), asMask(scan));
        for (const percent of [10, 90]) {
          const from = min + ((max - min) * percent) / 100;
          assert.ok(close(features.value(`ivh_v${percent}`), share(from)), `V${percent}`);
          let intensity = min;
          while (share(intensity) > percent / 100 + 1e-12) intensity++;
          assert.equal(features.value(`ivh_i${percent}`), intensity, `I${percent}`);
        }
      }),
    );
  });
});
