/** The margin family: closed forms on analytic distributions, invariances, and the definition read word by word. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import {
  extractor,
  type FeatureSet,
  marginCatalogue,
  type PyradiomicsOptions,
  presets,
} from "../../src/radiomics/index.js";
import { Volume } from "../../src/volume/volume.js";
import { asMask, asVolume, randomScan, type Scan } from "../support/regions.js";

const names = marginCatalogue.features.map(({ name }) => `original_${name}`);

/** The margin features alone. */
function margin(scan: Scan, setting: object = { binCount: 128 }): Record<string, number> {
  const options: PyradiomicsOptions = {
    convention: "pyradiomics",
    parameters: { setting: { ...setting, minimumROIDimensions: 1 }, featureClass: { firstorder: ["Mean"] } },
    margin: true,
  };
  const found: FeatureSet = extractor(options)(asVolume(scan), asMask(scan));
  return Object.fromEntries(names.map((name) => [name.replace(/^.*CdfSlope/, ""), found.value(name)]));
}

/** A row of these intensities. */
function row(values: readonly number[]): Scan {
  return {
    size: [values.length, 1, 1],
    spacing: [1, 1, 1],
    voxels: Float64Array.from(values),
    inside: new Uint8Array(values.length).fill(1),
  };
}

describe("margin features", () => {
  it("of evenly spread intensities are one slope everywhere", () => {
    // 256 intensities 0 … 255 in 128 bins: two in each, and F rises by 1 over 255.
    const found = margin(row(Array.from({ length: 256 }, (_, k) => k)));
    assertClose(found, { Mean: 1 / 255, StandardDeviation: 0, Median: 1 / 255, Maximum: 1 / 255 });
    assertClose(found, { Skewness: 0, Kurtosis: 0 });
  });

  it("of two intensities are those of two peaks among 128 bins", () => {
    // Half of the voxels in the first bin, half in the last; bins are 1 wide.
    const found = margin(row([0, 128, 0, 128]));
    const mean = 1 / 128;
    const [m2, m3, m4] = [2, 3, 4].map(
      (power) => (2 * (0.5 - mean) ** power + 126 * (-mean) ** power) / 128,
    ) as [number, number, number];
    assertClose(found, { Mean: mean, StandardDeviation: Math.sqrt(m2), Median: 0, Maximum: 0.5 });
    assertClose(found, { Skewness: m3 / m2 ** 1.5, Kurtosis: m4 / m2 ** 2 });
  });

  it("of a triangle of intensities has the slope of a triangle", () => {
    // k + 1 voxels of intensity k, k < 10: with bins of width 1, slope k is (k + 1) / 55.
    const values = Array.from({ length: 10 }, (_, k) => Array<number>(k + 1).fill(k)).flat();
    const found = margin(row(values), { binWidth: 1 });
    assertClose(found, { Mean: 0.1, Median: 5.5 / 55, Maximum: 10 / 55, Skewness: 0 });
    // 1 … n has variance (n² − 1) / 12 and kurtosis 3 (3n² − 7) / (5 (n² − 1)).
    assertClose(found, { StandardDeviation: Math.sqrt(99 / 12) / 55, Kurtosis: (3 * 293) / (5 * 99) });
  });

  it("of a flat region are missing, and say why", () => {
    assert.deepEqual([...new Set(Object.values(margin(row([7, 7, 7]))))], [Number.NaN]);
    for (const { degenerate } of marginCatalogue) assert.match(degenerate, /missing if the region is flat/);
  });

  it("agree with the definition, and do not heed a shift; a scale changes only those with a unit", () => {
    fc.assert(
      fc.property(
        randomScan(2),
        fc.integer({ min: -50, max: 50 }),
        fc.constantFrom(2, 4, 0.5),
        (scan, shift, scale) => {
          const inside = scan.voxels.filter((_, p) => scan.inside[p] === 1);
          fc.pre(Math.min(...inside) < Math.max(...inside));
          const found = margin(scan, { binCount: 16 });
          assertClose(found, byDefinition(inside, 16));
          const moved = { ...scan, voxels: scan.voxels.map((v) => v * scale + shift * scale) };
          const { Skewness, Kurtosis, ...others } = found;
          const slopes = Object.entries(others).map(([name, value]) => [name, value / scale]);
          assertClose(margin(moved, { binCount: 16 }), { Skewness, Kurtosis, ...Object.fromEntries(slopes) });
        },
      ),
    );
  });

  it("carry the unit of the scan", () => {
    const scan: Scan = { ...row([0, 10, 20, 30]), size: [2, 2, 1] };
    const units = (unit: string): (string | undefined)[] => {
      const volume = new Volume(scan.voxels, asVolume(scan).geometry, { unit });
      const found = extractor(presets.rgdl)(volume, asMask(scan));
      return ["Mean", "Skewness"].map((name) => found.feature(`original_margin_CdfSlope${name}`).unit);
    };
    assert.deepEqual(units("HU"), ["HU⁻¹", ""]);
    assert.deepEqual(units(""), ["", ""]);
  });

  it("and bins of one class are refused where they make no sense", () => {
    const refuses = (options: object, message: RegExp): void => {
      assert.throws(
        () => extractor({ convention: "pyradiomics", ...options } as PyradiomicsOptions),
        (error: unknown) => error instanceof InputError && message.test(error.message),
      );
    };
    refuses({ margin: 1 }, /margin cannot be 1/);
    refuses({ binCounts: { glszm: 0 } }, /binCounts\.glszm cannot be 0/);
    refuses({ binCounts: { shape: 32 } }, /"shape" is not known/);
    refuses({ parameters: { setting: { margin: true } } }, /"margin" is not known/);
    refuses({ parameters: { featureClass: { margin: null } } }, /"margin" is not known/);
  });
});

/** The cumulative distribution at every edge, its differences, and moments one by one. */
function byDefinition(values: Float64Array, bins: number): Record<string, number> {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const width = (max - min) / bins;
  const below = (edge: number): number => values.filter((v) => v < edge).length / values.length;
  const cumulative = Array.from({ length: bins + 1 }, (_, k) => (k === bins ? 1 : below(min + k * width)));
  const slopes = cumulative.slice(1).map((up, k) => (up - (cumulative[k] as number)) / width);
  const sorted = [...slopes].sort((a, b) => a - b);
  const mean = slopes.reduce((a, b) => a + b, 0) / bins;
  const moment = (power: number): number => slopes.reduce((a, s) => a + (s - mean) ** power, 0) / bins;
  return {
    Mean: mean,
    StandardDeviation: Math.sqrt(moment(2)),
    Median: ((sorted[bins / 2 - 1] as number) + (sorted[bins / 2] as number)) / 2,
    Maximum: sorted[bins - 1] as number,
    Skewness: moment(3) / moment(2) ** 1.5,
    Kurtosis: moment(4) / moment(2) ** 2,
  };
}

function assertClose(found: Record<string, number>, expected: Record<string, number>): void {
  for (const [name, value] of Object.entries(expected)) {
    const actual = found[name] ?? Number.NaN;
    assert.ok(
      Math.abs(actual - value) <= 1e-9 * Math.max(1, Math.abs(value)),
      `${name}: ${actual}, not ${value}`,
    );
  }
}
