/** What the extractor does with regions and options that are wrong, tiny or flat. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import { catalogue, compare, type ExtractorOptions, extractor } from "../../src/radiomics/index.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";
import { asMask, asVolume, grid, randomScan } from "../support/regions.js";

const SIZE = [6, 5, 4] as const;
const COUNT = 120;
const ramp = new Volume(
  Float64Array.from({ length: COUNT }, (_, p) => p % 7),
  grid(SIZE),
);
const flat = new Volume(new Float64Array(COUNT).fill(5), grid(SIZE));
const everything = new Mask(new Uint8Array(COUNT).fill(1), grid(SIZE), "all");
const ALL_AGGREGATIONS = [
  "2D averaged",
  "2D slice-merged",
  "2.5D direction-merged",
  "2.5D merged",
  "3D averaged",
  "3D merged",
] as const;

function oneVoxel(at: number): Mask {
  const voxels = new Uint8Array(COUNT);
  voxels[at] = 1;
  return new Mask(voxels, grid(SIZE), "dot");
}

function refuses(action: () => unknown, ...says: RegExp[]): void {
  assert.throws(action, (error) => {
    assert.ok(error instanceof InputError, String(error));
    for (const pattern of says) assert.match(error.message, pattern);
    return true;
  });
}

describe("a region that cannot be measured", () => {
  it("on another grid is refused, saying by how much", () => {
    const shifted = new Mask(new Uint8Array(COUNT).fill(1), grid(SIZE, [1, 1, 1], [0, 0, 2.5]), "GTV");
    refuses(() => extractor()(ramp, shifted), /GTV/, /2\.50 mm apart/, /[Rr]esample/);
    const smaller = new Mask(new Uint8Array(60).fill(1), grid([6, 5, 2]), "GTV");
    refuses(() => extractor()(ramp, smaller), /6×5×2 v\. 6×5×4/);
  });

  it("that is empty is refused", () => {
    refuses(() => extractor()(ramp, new Mask(new Uint8Array(COUNT), grid(SIZE), "GTV")), /GTV.*empty/);
  });

  it("that vanishes by resampling is refused, naming the spacing", () => {
    // Centres of the 4 mm grid lie at odd places of a 1 mm grid, away from this corner voxel.
    refuses(() => extractor({ resample: { spacing: 4 } })(ramp, oneVoxel(0)), /no voxel left/, /4×4×4 mm/);
  });

  it("that re-segmentation empties is refused, naming the range", () => {
    refuses(() => extractor({ resegment: { range: [100, 200] } })(ramp, everything), /\[100, 200\]/, /Widen/);
  });

  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    it(`with a voxel of ${bad} is refused, saying where`, () => {
      const voxels = ramp.voxels.slice();
      voxels[1 + 6 * (2 + 5 * 3)] = bad;
      refuses(
        () => extractor()(new Volume(voxels, grid(SIZE)), everything),
        /1 of 120/,
        /\(1\.0, 2\.0, 3\.0\) mm/,
      );
    });
  }

  it("is measured when the voxel that is not finite lies outside it", () => {
    const voxels = ramp.voxels.slice();
    voxels[COUNT - 1] = Number.NaN;
    const inside = new Uint8Array(COUNT).fill(1);
    inside[COUNT - 1] = 0;
    const mask = new Mask(inside, grid(SIZE));
    for (const options of [{}, { resample: { spacing: [1, 1, 1] } }] as const) {
      const features = extractor(options)(new Volume(voxels, grid(SIZE)), mask);
      assert.deepEqual(missing(features.features), []);
    }
  });
});

describe("a flat or tiny region", () => {
  it("of one value gives exactly the catalogue's values, and NaN only where the catalogue says missing", () => {
    const features = extractor({ aggregation: ALL_AGGREGATIONS })(flat, everything);
    assert.deepEqual(missing(features.features), ["morph_moran_i", "morph_geary_c"]);
    const expected = {
      stat_skew: 0,
      stat_kurt: 0,
      stat_cov: 0,
      stat_qcod: 0,
      ih_entropy: 0,
      ih_uniformity: 1,
      ih_max_grad: 0,
      ih_max_grad_g: 1,
      ih_min_grad: 0,
      ih_min_grad_g: 1,
      ivh_v10: 1,
      ivh_v90: 1,
      cm_corr_3D_comb: 1,
      cm_info_corr1_3D_comb: 0,
      cm_info_corr2_3D_comb: 0,
      cm_joint_entr_2D_avg: 0,
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(features.value(name), value, name);
    assert.ok(
      features.features.every(({ value }) => !Object.is(value, -0)),
      "a negative zero",
    );
  });

  it("of one voxel gives numbers, or NaN where the catalogue says missing", () => {
    for (const at of [0, 37, COUNT - 1]) {
      const features = extractor({ aggregation: ALL_AGGREGATIONS })(ramp, oneVoxel(at));
      const lost = features.features.filter(({ value }) => Number.isNaN(value));
      assert.deepEqual(
        lost.filter(({ definition }) => !definition.degenerate.includes("missing")).map((f) => f.name),
        [],
      );
      assert.ok(features.features.every(({ value }) => Number.isNaN(value) || Number.isFinite(value)));
      assert.equal(features.value("morph_vol_approx"), 1);
      assert.equal(features.value("morph_pca_maj_axis"), 0);
      assert.equal(features.value("morph_pca_elongation"), 1);
    }
  });

  it("of any shape gives numbers, or NaN where the catalogue says missing", () => {
    const extract = extractor({ aggregation: ALL_AGGREGATIONS });
    fc.assert(
      fc.property(randomScan(), (scan) => {
        for (const { value, definition } of extract(asVolume(scan), asMask(scan)).features) {
          if (Number.isNaN(value)) assert.match(definition.degenerate, /missing/, definition.name);
          else assert.ok(Number.isFinite(value), definition.name);
        }
      }),
    );
  });

  it("of two voxels gives numbers, or NaN where the catalogue says missing", () => {
    const pair = new Uint8Array(COUNT);
    pair.fill(1, 1, 3);
    const features = extractor({ aggregation: ALL_AGGREGATIONS })(ramp, new Mask(pair, grid(SIZE)));
    for (const { value, definition } of features.features) {
      if (Number.isNaN(value)) assert.match(definition.degenerate, /missing/, definition.name);
      else assert.ok(Number.isFinite(value), definition.name);
    }
  });

  it("of mean 0 has no coefficient of variation, and says so", () => {
    const voxels = Float64Array.from({ length: COUNT }, (_, p) => (p % 2 === 0 ? -1 : 1));
    const features = extractor()(new Volume(voxels, grid(SIZE)), everything);
    for (const { value, definition } of features.features) {
      if (Number.isNaN(value)) assert.match(definition.degenerate, /missing/, definition.name);
      else assert.ok(Number.isFinite(value), definition.name);
    }
    assert.ok(Number.isNaN(features.value("stat_cov")));
  });

  it("on the border of the scan is measured as in the middle of it", () => {
    const corner = new Uint8Array(COUNT);
    const middle = new Uint8Array(COUNT);
    const values = new Float64Array(COUNT);
    for (const [x, y, z] of [
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
      [0, 0, 1],
    ] as const) {
      corner[x + 6 * (y + 5 * z)] = 1;
      middle[x + 2 + 6 * (y + 2 + 5 * (z + 1))] = 1;
      values[x + 6 * (y + 5 * z)] = x + 1;
      values[x + 2 + 6 * (y + 2 + 5 * (z + 1))] = x + 1;
    }
    const extract = extractor({ omit: ["loc_peak_loc", "loc_peak_glob"], aggregation: ALL_AGGREGATIONS });
    const volume = new Volume(values, grid(SIZE));
    const a = extract(volume, new Mask(corner, grid(SIZE)));
    const b = extract(volume, new Mask(middle, grid(SIZE)));
    for (const { name, value } of a.features) {
      const bound = 1e-12 * Math.max(1, Math.abs(value));
      const other = b.value(name);
      assert.ok(Number.isNaN(value) ? Number.isNaN(other) : Math.abs(value - other) <= bound, name);
    }
  });
});

describe("options that make no sense", () => {
  const cases: readonly (readonly [string, ExtractorOptions, RegExp])[] = [
    ["a bin width of 0", { discretize: { binWidth: 0 } }, /binWidth must be positive, found 0/],
    ["a bin width that is not a number", { discretize: { binWidth: Number.NaN } }, /NaN/],
    [
      "a bin width that makes millions of levels",
      { discretize: { binWidth: 1e-6 } },
      /grey levels.*at least/,
    ],
    ["a million bins", { discretize: { binCount: 1e6 } }, /1000000 bins/],
    ["half a bin", { discretize: { binCount: 0.5 } }, /whole number/],
    ["bins that start above the region", { discretize: { binWidth: 1, from: 3 } }, /start at 3.*down to 0/],
    ["a spacing of 0", { resample: { spacing: 0 } }, /positive mm/],
    ["a spacing of a nanometre", { resample: { spacing: 1e-6 } }, /voxels, more than/],
    ["a range upside down", { resegment: { range: [400, -1000] } }, /low < high/],
    ["a negative sigma", { resegment: { sigma: -3 } }, /sigma/],
    ["an unknown feature to omit", { omit: ["volume"] }, /"volume"/],
  ];
  for (const [what, options, says] of cases) {
    it(`${what} is refused`, () => refuses(() => extractor(options)(ramp, everything), says));
  }

  it("unknown names are refused by name, with the possible ones", () => {
    const odd = { discretise: { binWidth: 25 } } as ExtractorOptions;
    refuses(() => extractor(odd), /"discretise"/, /discretize/);
    const family = { families: ["glcm"] } as unknown as ExtractorOptions;
    refuses(() => extractor(family), /"glcm"/, /"GLCM"/);
    const aggregation = { aggregation: "3D" } as unknown as ExtractorOptions;
    refuses(() => extractor(aggregation), /"3D merged"/);
  });
});

describe("a feature set", () => {
  const features = extractor({ aggregation: ["3D averaged", "3D merged"] })(ramp, everything, { id: "P1" });

  it("finds a value by column, by name and by IBSI code, and says when that is not one feature", () => {
    assert.equal(features.value("Q4LE"), features.value("stat_mean"));
    refuses(() => features.value("ACUI"), /2 features/, /cm_contrast_3D_avg, cm_contrast_3D_comb/);
    refuses(() => features.value("BC2M"), /ivh_v10, ivh_v90/);
    refuses(() => features.value("nothing"), /radiomics\.catalogue/);
  });

  it("becomes one row of a table, columns in the catalogue's order with units", () => {
    const table = features.toTable();
    assert.deepEqual(table.ids, ["P1"]);
    assert.deepEqual(
      table.names,
      features.features.map(({ name }) => name),
    );
    assert.equal(table.column("stat_mean")[0], features.value("stat_mean"));
  });

  it("writes the scan's unit into the units", () => {
    const ct = new Volume(ramp.voxels, grid(SIZE), { modality: "CT", unit: "HU" });
    const measured = extractor()(ct, everything);
    assert.equal(measured.feature("stat_var").unit, "HU²");
    assert.equal(measured.feature("morph_integ_int").unit, "HU mm³");
    assert.equal(features.feature("stat_var").unit, "");
    assert.equal(features.feature("morph_integ_int").unit, "mm³");
  });

  it("shows itself, a comparison and the catalogue as tables", async () => {
    const shown = [
      await display(features),
      await display(compare(features, [{ feature: "stat_mean", value: 1, tolerance: 0 }])),
      await display(catalogue),
    ];
    for (const bundle of shown) {
      assert.match(
        bundle["text/html"] ?? "",
        /^(<div role="region"[^>]*>)?<table[\s\S]*<\/table>(<\/div>)?$/,
      );
      assert.ok((bundle["text/plain"] ?? "").length > 0);
    }
    assert.match(shown[0]?.["text/html"] ?? "", /<th[^>]*>IBSI code<\/th>/);
    assert.match(shown[1]?.["text/plain"] ?? "", /✗ stat_mean/);
  });

  it("has names and columns that are unique", () => {
    assert.equal(new Set(catalogue.features.map(({ name }) => name)).size, catalogue.features.length);
    assert.equal(new Set(features.features.map(({ name }) => name)).size, features.features.length);
  });
});

function missing(features: readonly { name: string; value: number }[]): string[] {
  return features.filter(({ value }) => !Number.isFinite(value)).map(({ name }) => name);
}

async function display(value: object): Promise<Record<string, string>> {
  const show = (value as Record<symbol, () => unknown>)[Symbol.for("Jupyter.display")];
  assert.ok(show !== undefined);
  return (await show()) as Record<string, string>;
}
