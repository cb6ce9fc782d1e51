/** The numbers that explanation figures draw, whom their marks stand for, and what they refuse. */
import assert from "node:assert/strict";
import { InputError } from "../../src/core/errors.js";
import * as explain from "../../src/explain/index.js";
import { histogramBoosting } from "../../src/model/classification/boost-histogram.js";
import * as plot from "../../src/plot/index.js";
import { Labels } from "../../src/table/labels.js";
import { examples, explanation, features, graded, ids, outcome } from "../support/figure-examples.js";
import { assertClose, type Row, rowsOf } from "../support/figure-spec.js";

const p = explanation.features.length;
const answers = ids.map((_, i) =>
  explanation.values.slice(i * p, (i + 1) * p).reduce((sum, value) => sum + value, explanation.base),
);
/** Six digits are drawn. */
const DRAWN = 2e-5;
/** Answers are said with three digits. */
const HALF_OF_THIRD_DIGIT = 5e-3;
const idsOf = (row: Row): readonly string[] => row.ids as unknown as readonly string[];

describe("the numbers of explanation figures", () => {
  it("stacked forces: what raises less what lowers is answer less base, in every column", () => {
    const cells = rowsOf(plot.forceStack(explanation, { top: 3 }), "rect");
    for (const [i, id] of ids.entries()) {
      const own = cells.filter((cell) => cell.id === id);
      const sum = own.reduce((total, cell) => total + Number(cell.value), 0);
      assertClose(sum, answers[i] - explanation.base, 1e-4);
      for (const cell of own) assertClose(Number(cell.y) - Number(cell.y2), Number(cell.value), 1e-4);
      const ends = own.filter((cell) => Math.abs(Number(cell.y) - answers[i]) < 1e-4);
      assert.equal(ends.length, new Set(own.map((cell) => cell.up)).size, "both sides begin at the answer");
    }
  });

  it("violins: every patient is in one slice of each feature, and in one layer", () => {
    const slices = rowsOf(plot.shapViolin(explanation, { top: 3 }), "rect").filter(
      (row) => row.feature === "Volume",
    );
    assert.deepEqual(slices.flatMap(idsOf).sort(), [...ids].sort());
    for (const slice of slices)
      for (const id of idsOf(slice)) {
        const value = explanation.values[ids.indexOf(id) * p];
        assert.ok(value >= Number(slice.x) - 1e-4 && value <= Number(slice.x2) + 1e-4);
      }
    const { groups } = plot.shapViolin(explanation, { top: 3, layered: true });
    const layers = Object.entries(groups).filter(([name]) => name.startsWith("Volume"));
    assert.deepEqual(layers.flatMap(([, own]) => own).sort(), [...ids].sort());
    const mean = (own: readonly string[]): number =>
      own.reduce((sum, id) => sum + features.column("Volume")[ids.indexOf(id)], 0) / own.length;
    const means = layers.map(([, own]) => mean(own));
    assert.deepEqual(
      means,
      means.toSorted((a, b) => a - b),
      "low feature values come first",
    );
  });

  it("group difference, monitoring, embedding: what explain found", () => {
    const found = explain.groupDifference(explanation, outcome, { seed: 1 });
    const bars = rowsOf(plot.groupDifference(found), "rect", 1);
    assertClose(bars[0].x, found.answer.difference, DRAWN);
    for (const bar of bars.slice(1)) {
      const part = found.features.find(({ name }) => name === bar.feature) ?? assert.fail();
      assertClose(bar.x, part.difference, DRAWN);
      assertClose(bar.lower, part.interval[0], DRAWN);
      assertClose(bar.most, part.chance[1], DRAWN);
    }
    const moved = plot.shapMonitoring(graded, "Run length non-uniformity", { step: 20 });
    assert.equal(rowsOf(moved, "rule")[0].x, 60.5);
    assert.match(moved.alternative, /shift after 60 patients, at P061/);
    const { x, y } = explain.embedding(explanation);
    for (const [i, dot] of rowsOf(plot.shapEmbedding(explanation), "circle").entries()) {
      assertClose(dot.x, x[i], DRAWN);
      assertClose(dot.y, y[i], DRAWN);
    }
  });

  it("interactions: what a patient's features do alone and in pairs adds up to the answer", () => {
    const x = features.select(["Volume", "Minor axis length", "Age"]);
    const fitted = histogramBoosting({ rounds: 20 }).fit(x, outcome);
    const found = explain.treeInteractions(fitted, x);
    const dots = rowsOf(plot.shapInteractions(found, x), "circle");
    const told = explain.tree(fitted, x);
    for (const [i, id] of ids.entries()) {
      const sum = dots.filter((dot) => dot.id === id).reduce((total, dot) => total + Number(dot.value), 0);
      const expected = told.values.slice(i * 3, (i + 1) * 3).reduce((total, value) => total + value, 0);
      assertClose(sum, expected, 1e-4);
    }
    assert.equal(dots.length, 6 * ids.length);
  });

  it("bars of one patient and of classes are the SHAP values and their sums", () => {
    const own = rowsOf(plot.shapBar(explanation, { patient: "P007" }), "rect");
    assert.equal(own.length, p);
    for (const bar of own) {
      const j = explanation.features.findIndex(({ name }) => String(bar.feature).startsWith(`${name} =`));
      assertClose(bar.x, explanation.values[6 * p + j], DRAWN);
    }
    const half = new explain.Explanation({
      ...explanation,
      values: explanation.values.map((value) => value / 2),
    });
    const both = rowsOf(plot.shapBar({ a: explanation, b: half }, { top: p }), "rect");
    const means = explanation.meanAbsolute();
    for (const [k, bar] of both.entries()) {
      const j = explanation.features.findIndex(({ name }) => name === bar.feature);
      assertClose(bar.mean, means[j] / (k % 2 === 0 ? 1 : 2), DRAWN);
      assertClose(Number(bar.to) - Number(bar.from), Number(bar.mean), DRAWN);
    }
  });

  it("links write log odds as probabilities and logs as what they are", () => {
    const sum = graded.values.slice(0, p).reduce((total, value) => total + value, graded.base);
    const said = /P001: from the base ([\d.]+) to ([\d.]+) probability of relapse/.exec(
      plot.waterfall(graded, "P001", { link: "logit" }).alternative,
    );
    assertClose(Number(said?.[1]), 1 / (1 + Math.exp(0.4)), HALF_OF_THIRD_DIGIT);
    assertClose(Number(said?.[2]), 1 / (1 + Math.exp(-sum)), HALF_OF_THIRD_DIGIT);
    const hazard = plot.force(explanation, "P001", { link: "log" }).alternative;
    assertClose(
      Number(/base ([\d.]+) hazard/.exec(hazard)?.[1]),
      Math.exp(explanation.base),
      HALF_OF_THIRD_DIGIT,
    );
  });

  it("bars and the side of a heat map show the largest value where that orders the rows", () => {
    const largest = (name: string): number => {
      const j = explanation.features.findIndex((one) => one.name === name);
      return Math.max(...ids.map((_, i) => Math.abs(explanation.values[i * p + j])));
    };
    const figure = plot.shapBar(explanation, { order: "largest", top: 3, rest: false });
    for (const row of rowsOf(figure, "rect")) assertClose(row.x, largest(String(row.feature)), DRAWN);
    assert.match(figure.alternative, /^Largest absolute SHAP values/);
    const heat = plot.shapHeatmap(explanation, { order: "largest", top: 3, rest: false });
    const side = rowsOf(heat, "rect", 1);
    assertClose(side[0].value, largest("Volume"), DRAWN);
    const by = rowsOf(
      plot.shapBar(explanation, { order: "largest", top: 1, rest: false, by: outcome }),
      "rect",
    );
    assertClose(Math.max(...by.map((row) => Number(row.x))), largest("Volume"), DRAWN);
    assert.notEqual(by[0].x, by[1].x);
  });

  it("patients stand in the order of their ids, and at the places that are given", () => {
    const turned = ids.toReversed();
    const [first] = rowsOf(plot.shapHeatmap(explanation, { patients: turned }), "rect");
    assert.equal(first.id, turned[0]);
    const places = { x: ids.map((_, i) => i), y: ids.map((_, i) => -i * i) };
    for (const [i, dot] of rowsOf(plot.shapEmbedding(explanation, { places }), "circle").entries()) {
      assert.deepEqual([dot.x, dot.y], [i, -i * i + 0]);
    }
  });

  it("order: by name, by the largest value, without the rest", () => {
    const named = plot.beeswarm(explanation, { order: ["Age", "Volume"], rest: false });
    assert.deepEqual([...new Set(rowsOf(named, "circle").map((row) => row.feature))], ["Age", "Volume"]);
    const rare = new explain.Explanation({
      ...explanation,
      values: explanation.values.map((value, at) => (at === 8 ? 50 : value)),
    });
    const [first] = rowsOf(plot.beeswarm(rare, { order: "largest" }), "circle");
    assert.equal(first.feature, "Age");
    const [heat] = rowsOf(plot.shapHeatmap(explanation, { patients: "answer" }), "rect");
    assert.equal(heat.id, ids[answers.indexOf(Math.min(...answers))]);
  });

  it("partial dependence: the mean line, each patient's line, and the means", () => {
    const x = features.select(["Volume", "Age"]);
    const found = explain.partialDependence(histogramBoosting({ rounds: 10 }).fit(x, outcome), x, "Age");
    const figure = plot.partialDependence(found);
    const [own, mean] = [rowsOf(figure, "line", 0), rowsOf(figure, "line", 1)];
    assert.equal(own.length, ids.length * found.grid.length);
    for (const [at, row] of mean.entries()) assertClose(row.y, found.mean[at], DRAWN);
    const average = found.answers.reduce((sum, value) => sum + value, 0) / ids.length;
    assertClose(rowsOf(figure, "rule")[0].y, average, DRAWN);
  });
});

describe("explanation figures say whom their marks stand for", () => {
  for (const [name, make] of Object.entries(examples)) {
    if (!/shap|force|waterfall|dependence/.test(name)) continue;
    // Bars of means and of differences are of all patients, or of groups that share them.
    if (/shap-bar(-cluster|-classes)?$|group-difference/.test(name)) continue;
    it(name, () => {
      const figure = make();
      type View = { readonly layer: readonly { readonly data: { readonly values: readonly Row[] } }[] };
      const views = (figure.spec.concat ?? [figure.spec]) as unknown as readonly View[];
      const layers = views.flatMap(({ layer }) => layer);
      const found = new Set<string>();
      for (const { data } of layers)
        for (const row of data.values) {
          if (typeof row.id === "string") found.add(row.id);
          for (const id of idsOf(row) ?? []) found.add(id);
          for (const id of figure.groups[String(row.group)] ?? []) found.add(id);
        }
      const one = figure.alternative.match(/patient (P\d+)/)?.[1];
      const count = Number(
        /(\d+) of \d+ patients are drawn|(?: of (\d+) patients)/
          .exec(figure.alternative)
          ?.slice(1)
          .find(Boolean) ?? ids.length,
      );
      assert.ok(found.size === count || (found.size === 1 && found.has(String(one))), `${found.size}`);
    });
  }
});

describe("5,000 explained patients", () => {
  const n = 5000;
  const many = Array.from({ length: n }, (_, i) => `p${i}`);
  const large = new explain.Explanation({
    ids: many,
    features: Array.from({ length: 20 }, (_, j) => ({ name: `f${j}`, unit: "" })),
    values: Float64Array.from({ length: 20 * n }, (_, at) => Math.sin(at * 1.7) * Math.cos(at) ** 9),
    data: Float64Array.from({ length: 20 * n }, (_, at) => Math.cos(at)),
    base: 0,
    outputUnit: "",
  });

  it("beeswarm: a sample with the extremes is drawn, and the figure says so", () => {
    const figure = plot.beeswarm(large);
    const dots = rowsOf(figure, "circle");
    assert.ok(dots.length <= 16_000);
    assert.match(figure.alternative, /SHAP values of 5000 patients.*1,000 of 5,000 patients are drawn/);
    const feature = String(dots[0].feature);
    const j = large.features.findIndex(({ name }) => name === feature);
    const column = many.map((_, i) => large.values[i * 20 + j]);
    const shown = dots.filter((dot) => dot.feature === feature).map((dot) => Number(dot.x));
    assertClose(Math.max(...shown), Math.max(...column), 1e-4);
    assertClose(Math.min(...shown), Math.min(...column), 1e-4);
  });

  for (const [name, make, most] of [
    ["beeswarm", () => plot.beeswarm(large), 2_500_000],
    ["decision", () => plot.shapDecision(large), 800_000],
    ["stacked forces", () => plot.forceStack(large), 900_000],
    ["violin", () => plot.shapViolin(large), 400_000],
    ["embedding", () => plot.shapEmbedding(large), 500_000],
    ["monitoring", () => plot.shapMonitoring(large, "f3"), 500_000],
  ] as const) {
    it(`${name} stays small enough for a notebook`, () => {
      const { length } = JSON.stringify(make().spec);
      assert.ok(length < most, `${length} characters`);
    });
  }
});

describe("explanation figures refuse", () => {
  const other = new Labels(ids.toReversed(), outcome.values, { name: "other" });
  for (const [what, make, words] of [
    [
      "an order that is none",
      () => plot.beeswarm(explanation, { order: "big" as never }),
      /the order must be/,
    ],
    ["a feature named twice", () => plot.beeswarm(explanation, { order: ["Age", "Age"] }), /"Age" twice/],
    ["a color that is none", () => plot.beeswarm(explanation, { palette: ["red"] }), /hexadecimal/],
    [
      "patients in no order",
      () => plot.shapHeatmap(explanation, { patients: "x" as never }),
      /patients must be/,
    ],
    [
      "patients of whom one is left out",
      () => plot.forceStack(explanation, { patients: ids.slice(1) }),
      /each of the 120 patients once/,
    ],
    [
      "places for some patients",
      () => plot.shapEmbedding(explanation, { places: { x: [1], y: [2] } }),
      /120 finite numbers/,
    ],
    [
      "a link of another unit",
      () => plot.force(explanation, "P001", { link: "logit" }),
      /needs answers that are log odds/,
    ],
    ["a link that is none", () => plot.waterfall(graded, "P001", { link: "x" as never }), /the link must be/],
    [
      "truth without classes",
      () => plot.shapDecision(explanation, { truth: outcome }),
      /truth needs answers/,
    ],
    ["truth of other patients", () => plot.shapDecision(graded, { truth: other }), /other/],
    ["a base that is none", () => plot.shapDecision(graded, { base: Number.NaN }), /base must be finite/],
    [
      "a distance that is none",
      () => plot.shapBar(explanation, { cluster: 2 }),
      /cluster must be a distance/,
    ],
    [
      "bars of two kinds",
      () => plot.shapBar(explanation, { cluster: 0.5, patient: "P001" }),
      /exclude each other/,
    ],
    ["no classes", () => plot.shapBar({}), /no explanations/],
    [
      "a feature that colors nothing",
      () => plot.shapEmbedding(explanation, { color: "x" }),
      /no feature "x"/,
    ],
  ] as const) {
    it(what, () => {
      assert.throws(make, (error) => {
        assert.ok(error instanceof InputError, String(error));
        assert.match(error.message, words);
        return true;
      });
    });
  }
});
