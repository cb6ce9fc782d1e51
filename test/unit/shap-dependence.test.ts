/** Dependence plots: which dots, groups and curves they draw, and what they refuse. */
import assert from "node:assert/strict";
import { InputError } from "../../src/core/errors.js";
import * as explain from "../../src/explain/index.js";
import { histogramBoosting } from "../../src/model/classification/boost-histogram.js";
import * as plot from "../../src/plot/index.js";
import { explanation, features, graded, ids, outcome } from "../support/figure-examples.js";
import { assertClose, type Row, rowsOf } from "../support/figure-spec.js";

const p = explanation.features.length;
/** Six digits are drawn. */
const DRAWN = 2e-5;
const idsOf = (row: Row): readonly string[] => row.ids as unknown as readonly string[];
const chosen = features.select(["Volume", "Minor axis length", "Age"]);
const fitted = histogramBoosting({ rounds: 20 }).fit(chosen, outcome);
const found = explain.treeInteractions(fitted, chosen);

describe("dependence plots", () => {
  it("the histogram counts every patient, jitter keeps values apart, missing values are shown", () => {
    const figure = plot.dependence(graded, "Minor axis length");
    const counted = rowsOf(figure, "rect");
    assert.deepEqual(counted.flatMap(idsOf).sort(), [...ids].sort());
    for (const dot of rowsOf(figure, "circle"))
      assert.ok(Math.abs(Number(dot.x) - Number(dot.own)) <= 0.25 + 1e-9);
    assert.deepEqual(
      rowsOf(plot.dependence(explanation, "Joint entropy"), "point").map((row) => row.id),
      ["P006"],
    );
    const near = plot.dependence(explanation, "Volume", { range: [9, 11] });
    const inside = features.column("Volume").filter((value) => value >= 9 && value <= 11);
    assert.equal(rowsOf(near, "circle").length, inside.length);
  });

  it("ends at percentiles leave out the dots beyond them, and the figure says how many", () => {
    const figure = plot.dependence(explanation, "Volume", {
      color: null,
      range: { percentiles: [10, 100] },
      shapRange: { percentiles: [0, 90] },
    });
    const own = [...features.column("Volume")];
    const moved = ids.map((_, i) => explanation.values[i * p]);
    // NumPy's percentile of 120 sorted values: between the 12th and the 13th, and between the 108th and the 109th.
    const at = (values: readonly number[], place: number): number => {
      const sorted = values.toSorted((a, b) => a - b);
      const below = Math.floor(place);
      return sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
    };
    const expected = ids.filter((_, i) => own[i] >= at(own, 11.9) && moved[i] <= at(moved, 107.1));
    assert.deepEqual(
      rowsOf(figure, "circle").map((row) => row.id),
      expected,
    );
    assert.match(figure.alternative, new RegExp(`${120 - expected.length} of 120 patients lie beyond`));
  });

  it("groups color the dots and can be chosen; the words tell their means", () => {
    const figure = plot.dependence(explanation, "Volume", { color: outcome, dotSize: 8 });
    for (const [i, row] of rowsOf(figure, "circle").entries()) assert.equal(row.group, outcome.values[i]);
    assert.deepEqual(
      figure.groups.relapse,
      ids.filter((_, i) => outcome.values[i] === "relapse"),
    );
    const own = ids.flatMap((_, i) => (outcome.values[i] === "relapse" ? [explanation.values[i * p]] : []));
    const said = /relapse mean (\d+\.\d+)/.exec(figure.alternative)?.[1];
    assertClose(Number(said), own.reduce((sum, value) => sum + value, 0) / own.length, 5e-3);
    assert.match(JSON.stringify(figure.spec), /"size":64/);
  });

  it("curves lie over the dots as they are given", () => {
    const overlay = { Published: [Float64Array.of(2, 9), [0.5, -1]] } as const;
    const [first, second] = rowsOf(plot.dependence(explanation, "Volume", { overlay }), "line");
    assert.deepEqual(
      [first, second],
      [
        { x: 2, y: 0.5, curve: "Published" },
        { x: 9, y: -1, curve: "Published" },
      ],
    );
  });

  it("several features share one scale of SHAP values", () => {
    const { spec } = plot.dependence(explanation, ["Volume", "Age"]);
    const domains = [
      ...JSON.stringify(spec).matchAll(/"y","type":"quantitative","scale":\{[^}]*"domain":(\[[^\]]*\])/g),
    ];
    assert.ok(domains.length >= 4);
    assert.equal(new Set(domains.map((match) => match[1])).size, 1);
  });

  it("an interaction is both halves, a feature with itself what it does alone; together they are the SHAP value", () => {
    const draw = (pair: readonly [string, string]): readonly Row[] =>
      rowsOf(plot.interactionDependence(found, chosen, pair), "circle");
    const [alone, one, other] = [
      draw(["Volume", "Volume"]),
      draw(["Volume", "Minor axis length"]),
      draw(["Volume", "Age"]),
    ];
    const told = explain.tree(fitted, chosen);
    for (const [i, id] of ids.entries()) {
      assert.equal(alone[i].id, id);
      assertClose(other[i].y, 2 * found.values[i * 9 + 2], DRAWN);
      assertClose(other[i].other, chosen.column("Age")[i], DRAWN);
      const sum = Number(alone[i].y) + (Number(one[i].y) + Number(other[i].y)) / 2;
      assertClose(sum, told.values[i * 3], 1e-4);
    }
  });
});

describe("dependence plots refuse", () => {
  const half = features.pick(ids.slice(0, 60));
  for (const [what, make, words] of [
    ["jitter that is none", () => plot.dependence(explanation, "Age", { jitter: 2 }), /jitter must be/],
    ["an empty range", () => plot.dependence(explanation, "Age", { range: [0, 1] }), /range must be/],
    ["opacity that is none", () => plot.dependence(explanation, "Age", { opacity: 0 }), /opacity must/],
    ["no feature", () => plot.dependence(explanation, []), /no feature to draw/],
    ["dots of no size", () => plot.dependence(explanation, "Age", { dotSize: 0 }), /dotSize must/],
    [
      "percentiles that fall",
      () => plot.dependence(explanation, "Age", { shapRange: { percentiles: [99, 1] } }),
      /shapRange.percentiles must rise/,
    ],
    [
      "a curve of one place",
      () => plot.dependence(explanation, "Age", { overlay: { a: [[1], [1]] } }),
      /curve "a" needs/,
    ],
    [
      "too many curves",
      () => {
        const curve = [
          [0, 1],
          [0, 1],
        ] as const;
        return plot.dependence(explanation, "Age", { overlay: { a: curve, b: curve, c: curve, d: curve } });
      },
      /at most 3 curves/,
    ],
    [
      "interactions with an unknown feature",
      () => plot.interactionDependence(found, chosen, ["Volume", "x"]),
      /no feature "x"/,
    ],
    [
      "interactions of other patients",
      () => plot.interactionDependence(found, half, ["Volume", "Age"]),
      /the interactions/,
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
