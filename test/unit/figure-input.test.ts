/** Figures of many patients stay small, and bad input is refused in words. */
import assert from "node:assert/strict";
import { InputError } from "../../src/core/errors.js";
import { Explanation } from "../../src/explain/explanation.js";
import { cox } from "../../src/model/cox.js";
import { coxnet } from "../../src/model/coxnet.js";
import { kaplanMeier } from "../../src/model/kaplan-meier.js";
import { blandAltman } from "../../src/model/statistics/bland-altman.js";
import { screen } from "../../src/model/statistics/screen.js";
import * as plot from "../../src/plot/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { Scores } from "../../src/table/scores.js";
import { explanation, features, follow, ids, outcome, radiomics } from "../support/figure-examples.js";

const one = { y: outcome, score: radiomics };

describe("figures of 5,000 patients", () => {
  const many = Array.from({ length: 5000 }, (_, i) => `p${i}`);
  const wave = (k: number): Float64Array =>
    Float64Array.from(many, (_, i) => Math.sin(i * k) + Math.cos(i * 0.37));
  const y = new Labels(
    many,
    many.map((_, i) => (Math.sin(i) + Math.sin(3.1 * i) > 0.3 ? "yes" : "no")),
    { name: "y" },
  );
  const score = new Scores(
    many,
    wave(1).map((value) => 1 / (1 + Math.exp(-value))),
  );
  const large = new Explanation({
    ids: many,
    features: [1, 2, 3].map((k) => ({ name: `f${k}`, unit: "" })),
    values: Float64Array.from({ length: 15_000 }, (_, i) => Math.sin(i)),
    data: Float64Array.from({ length: 15_000 }, (_, i) => Math.cos(i)),
    base: 0,
    outputUnit: "",
  });
  const table = new FeatureTable(many, [
    { name: "a", unit: "", values: wave(1) },
    { name: "b", unit: "", values: wave(2) },
  ]);

  for (const [name, make, most] of [
    ["roc", () => plot.roc({ y, score }), 900_000],
    ["precision–recall", () => plot.precisionRecall({ y, score }), 1_500_000],
    ["calibration", () => plot.calibration({ y, score }), 100_000],
    ["decision curve", () => plot.decisionCurve({ y, score }), 100_000],
    ["SHAP heat map", () => plot.shapHeatmap(large), 200_000],
    ["dependence", () => plot.dependence(large, "f1"), 600_000],
    ["correlation", () => plot.correlation(table), 20_000],
    ["violin", () => plot.violin(table, "a", y), 40_000],
    ["Bland–Altman", () => plot.blandAltman(blandAltman(wave(1), wave(2))), 400_000],
  ] as const) {
    it(`${name} stays small enough for a notebook`, () => {
      const { length } = JSON.stringify(make().spec);
      assert.ok(length < most, `${length} characters`);
    });
  }
});

describe("figures refuse", () => {
  const net = coxnet({ folds: 0 }).fit(features, follow);
  const holes = new FeatureTable(ids, [
    {
      name: "hole",
      unit: "",
      values: features.column("Age").map((value, i) => (i === 3 ? Number.NaN : value)),
    },
    { name: "same", unit: "", values: new Float64Array(ids.length) },
    { name: "none", unit: "", values: new Float64Array(ids.length).fill(Number.NaN) },
    { name: "age", unit: "", values: features.column("Age") },
  ]);
  const other = new Labels(ids.toReversed(), outcome.values, { name: "other" });
  const survival = cox().fit(features.select(["Volume"]), follow);

  for (const [what, make, words] of [
    ["no predictions", () => plot.roc({}), /no predictions/],
    ["labels that are none", () => plot.roc({ A: {} as never }), /"A" need y \(labels\)/],
    ["other patients", () => plot.roc({ y: other, score: radiomics }), /other/],
    [
      "scores that are no probabilities",
      () => plot.calibration({ y: outcome, score: times() }),
      /probabilit/,
    ],
    ["one group", () => plot.calibration(one, { groups: 1 }), /groups must be a whole number of at least 2/],
    ["a range that falls", () => plot.decisionCurve(one, { range: [0.5, 0.2] }), /0\.5 to 0\.2/],
    ["a net without cross-validation", () => plot.crossValidation(net), /without cross-validation/],
    ["more names than colors", () => plot.coefficientPath(net, { top: 8 }), /at most 7/],
    ["an unknown patient", () => plot.waterfall(explanation, "nobody"), /no patient "nobody"/],
    ["an unknown feature", () => plot.dependence(explanation, "nothing"), /no feature "nothing"/],
    ["a top that is no count", () => plot.shapBar(explanation, { top: 0.5 }), /top must be a whole number/],
    ["groups of other patients", () => plot.shapBar(explanation, { by: other }), /other/],
    [
      "a missing value",
      () => plot.correlation(holes.select(["hole", "age"])),
      /"hole" of patient P004 is missing/,
    ],
    ["a constant column", () => plot.correlation(holes.select(["same", "age"])), /"same" is the same/],
    ["one column", () => plot.correlation(holes.select(["age"])), /2 to 150 columns, found 1/],
    ["a feature without values", () => plot.histogram(holes, "none"), /no value in any patient/],
    ["bins that are no count", () => plot.histogram(holes, "age", { bins: 0 }), /bins must be/],
    ["one set", () => plot.upset({ A: ["a"] }), /2 to 12 sets, found 1/],
    ["empty sets", () => plot.upset({ A: [], B: [] }), /all sets are empty/],
    ["no time", () => plot.nomogram(survival, features), /at which times/],
    [
      "a time beyond the follow-up",
      () => plot.nomogram(survival, features, { at: [1e6] }),
      /cannot be predicted/,
    ],
    [
      "a threshold that is none",
      () => plot.volcano(screen(features, outcome), outcome, { below: 2 }),
      /below must/,
    ],
    [
      "an unknown theme of curves",
      () => plot.kaplanMeier(kaplanMeier(follow), { show: "x" as never }),
      /show must/,
    ],
    ["a time axis without length", () => plot.kaplanMeier(kaplanMeier(follow), { until: 0 }), /until must/],
  ] as const) {
    it(what, () => {
      assert.throws(make, (error) => {
        assert.ok(error instanceof InputError, String(error));
        assert.match(error.message, words);
        return true;
      });
    });
  }

  it("a theme that is none", async () => {
    await assert.rejects(
      async () => plot.upset({ A: ["a"], B: [] }).svg({ theme: "blue" as never }),
      InputError,
    );
  });

  it("nothing where a value is missing that a histogram does not need", () => {
    assert.match(plot.histogram(holes, "hole").alternative, /n = 119.*1 missing/);
  });
});

/** Scores outside of [0, 1]. */
function times(): Scores {
  return new Scores(ids, Float64Array.from(follow.time));
}
