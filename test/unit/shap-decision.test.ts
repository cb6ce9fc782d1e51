/** Decision plots: lines and orders against those of shap 0.48 (data-scripts/reference/shap-plots.py), and what they refuse. */
import assert from "node:assert/strict";
import { InputError } from "../../src/core/errors.js";
import * as explain from "../../src/explain/index.js";
import { completeLinkage } from "../../src/plot/cluster.js";
import * as plot from "../../src/plot/index.js";
import { explanation, graded, ids, outcome } from "../support/figure-examples.js";
import { assertClose, rowsOf } from "../support/figure-spec.js";
import { plain, shapPlots } from "../support/shap-plots.js";

const p = explanation.features.length;
const answers = ids.map((_, i) =>
  explanation.values.slice(i * p, (i + 1) * p).reduce((sum, value) => sum + value, explanation.base),
);
/** Six digits are drawn. */
const DRAWN = 2e-5;

describe("decision plots", () => {
  it("each line leads from the base to the patient's answer", () => {
    const points = rowsOf(plot.shapDecision(explanation, { top: 4 }), "line");
    for (const [i, id] of ids.entries()) {
      const line = points.filter((point) => point.id === id);
      assert.equal(line.length, 6, "base, four features, the others");
      assertClose(line[0].x, explanation.base, DRAWN);
      assertClose(line[5].x, answers[i], DRAWN);
    }
  });

  it("another base moves the lines as in shap", () => {
    const { names, phi, newBase } = shapPlots;
    const reference = new explain.Explanation({
      ids: phi.map((_, i) => `p${i}`),
      features: names.map((name) => ({ name, unit: "" })),
      values: Float64Array.from(phi.flat()),
      data: Float64Array.from(phi.flat()),
      base: newBase.from,
      outputUnit: "",
    });
    const line = rowsOf(plot.shapDecision(reference, { ids: ["p0"], base: newBase.to }), "line");
    let at = newBase.to;
    assertClose(line[0].x, at, DRAWN);
    newBase.first.forEach((step, k) => {
      at += step;
      assertClose(line[k + 1].x, at, DRAWN);
    });
  });

  it("highlights the patients whose answer is on the wrong side", () => {
    const figure = plot.shapDecision(graded, { truth: outcome });
    const dashed = new Set(rowsOf(figure, "line", 1).map((row) => row.id));
    for (const [i, id] of ids.entries()) {
      const sum = graded.values
        .slice(i * p, (i + 1) * p)
        .reduce((total, value) => total + value, graded.base);
      assert.equal(dashed.has(id), sum > 0 !== (outcome.values[i] === "relapse"), id);
    }
  });

  it("one patient's answers for all classes begin at the mean of the bases, with shap's order and lines", () => {
    const { names, phi, classes } = shapPlots;
    const explained = Object.fromEntries(
      classes.bases.map((base, c) => {
        // As data-scripts/reference/shap-plots.py makes them, rounded there to six digits.
        const values = Float64Array.from(phi.flat(), (value, at) => value * Math.cos((at % 5) + c));
        const own = {
          ids: phi.map((_, i) => `p${i}`),
          data: values,
          base,
          outputUnit: `probability of ${c}`,
        };
        return [`class ${c}`, new explain.Explanation({ ...own, values, features: names.map(plain) })];
      }),
    );
    const figure = plot.shapDecision(explained, { patient: `p${classes.row}`, highlight: ["class 1"] });
    const points = [...rowsOf(figure, "line"), ...rowsOf(figure, "line", 1)];
    for (const [c, line] of classes.lines.entries()) {
      const own = points.filter((point) => String(point.group).startsWith(`class ${c} (`));
      assert.equal(own.length, line.length);
      for (const [at, point] of own.entries()) assertClose(point.x, line[at], DRAWN);
    }
    const top = classes.order.toReversed().map((j) => names[j]);
    assert.match(figure.alternative, new RegExp(`Features from the top: ${top.join(", ")}\\.`));
    assert.ok(points.every((point) => point.id === `p${classes.row}`));
  });

  it("features that move the same patients alike stand beside each other, as by shap's hclust", () => {
    const { names, phi, featureSimilarity } = shapPlots;
    const values = Float64Array.from(phi.flat());
    const own = { ids: phi.map((_, i) => `p${i}`), data: values, base: 0, outputUnit: "" };
    const told = new explain.Explanation({ ...own, values, features: names.map(plain) });
    const { alternative } = plot.shapDecision(told, { order: "similarity" });
    const found = /from the top: (.*)\./.exec(alternative)?.[1].split(", ") ?? [];
    const apart = (a: number, b: number): number => phi.reduce((sum, row) => sum + (row[a] - row[b]) ** 2, 0);
    const place = found.map((name) => names.indexOf(name));
    const { merges } = completeLinkage(
      Float64Array.from({ length: 25 }, (_, at) => apart(Math.floor(at / 5), at % 5)),
      5,
    );
    const leaves: number[][] = names.map((_, j) => [j]);
    for (const { first, second } of merges) {
      leaves.push([...leaves[first], ...leaves[second]]);
      for (const order of [place, featureSimilarity]) {
        const at = leaves[leaves.length - 1].map((j) => order.indexOf(j));
        assert.equal(Math.max(...at) - Math.min(...at) + 1, at.length, "both keep the tree");
      }
    }
    const lengthOf = (order: readonly number[]): number =>
      order.slice(1).reduce((sum, j, at) => sum + apart(order[at], j), 0);
    // SciPy 1.17 does not find the shortest order; ours begins with the end that matters more.
    assert.ok(lengthOf(place) <= lengthOf(featureSimilarity));
    const means = told.meanAbsolute();
    const ends = [found[0], found[found.length - 1]].map((name) => means[names.indexOf(name)]);
    assert.ok(ends[0] > ends[1]);
  });

  it("a legend names the patients, a range is kept", () => {
    const few = plot.shapDecision(explanation, { ids: ["P003", "P010"], legend: true, range: [-3, 3] });
    assert.deepEqual(few.groups, { P003: ["P003"], P010: ["P010"] });
    assert.deepEqual([...new Set(rowsOf(few, "line").map((row) => row.group))], ["P003", "P010"]);
    assert.match(JSON.stringify(few.spec), /"domain":\[-3,3\]/);
  });
});

describe("decision plots refuse", () => {
  for (const [what, make, words] of [
    ["a legend of many", () => plot.shapDecision(explanation, { legend: true }), /at most 7 patients/],
    ["a range that falls", () => plot.shapDecision(explanation, { range: [1, 0] }), /range must be/],
    ["classes without a patient", () => plot.shapDecision({ a: explanation }), /say whose answers/],
    ["a patient without classes", () => plot.shapDecision(explanation, { patient: "P001" }), /in ids/],
    [
      "options of many patients with classes",
      () => plot.shapDecision({ a: explanation }, { patient: "P001", ids: ["P001"] }),
      /ids is for one explanation/,
    ],
    [
      "a class that is none",
      () => plot.shapDecision({ a: explanation }, { patient: "P001", highlight: ["b"] }),
      /no class "b"/,
    ],
  ] as const) {
    it(what, () => {
      assert.throws(make, (error) => error instanceof InputError && words.test(error.message));
    });
  }
});
