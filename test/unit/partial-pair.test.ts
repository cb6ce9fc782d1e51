/** Partial dependence of two columns: against shap 0.48 (data-scripts/reference/shap-plots.py) and the definition; its map and lines. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import * as explain from "../../src/explain/index.js";
import { logistic } from "../../src/model/logistic.js";
import { contourPieces } from "../../src/plot/contours.js";
import * as plot from "../../src/plot/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Scores } from "../../src/table/scores.js";
import { features, ids, outcome } from "../support/figure-examples.js";
import { assertClose, rowsOf } from "../support/figure-spec.js";
import { shapPlots } from "../support/shap-plots.js";

/** Shap's text has 12 digits after the point. */
const WRITTEN = 1e-11;
const DRAWN = 2e-5;

describe("partial dependence of two columns", () => {
  it("is that of shap on shap's grid", () => {
    const { X, names, surface } = shapPlots;
    const columns = names.slice(0, 3).map((name, j) => ({
      name,
      unit: "",
      values: Float64Array.from(X.slice(0, 40), (row) => row[j] ?? 0),
    }));
    const own = X.slice(0, 40).map((_, i) => `p${i}`);
    // The function of data-scripts/reference/shap-plots.py.
    const predict = (x: FeatureTable): Scores => {
      const [a, b, c] = names.slice(0, 3).map((name) => x.column(name));
      return new Scores(
        x.ids,
        a.map((one, i) => Math.sin(one) * b[i] + 0.3 * c[i] ** 2),
        "answer",
      );
    };
    const found = explain.partialDependence(
      { predict },
      new FeatureTable(own, columns),
      ["Volume", "Entropy"],
      {
        grid: [surface.x, surface.y],
      },
    );
    surface.z.flat().forEach((value, at) => {
      assert.ok(Math.abs(found.mean[at] - value) < WRITTEN, `${at}: ${found.mean[at]} instead of ${value}`);
    });
  });

  const x = features.select(["Volume", "Age", "Contrast"]);
  const fitted = logistic().fit(x, outcome);
  const found = explain.partialDependence(fitted, x, ["Age", "Volume"], {
    grid: [
      [55, 60, 70, 75],
      [5, 8, 9, 12, 13],
    ],
  });

  it("is the mean answer of patients who all have both values", () => {
    for (const [i, age] of found.grids[0].entries()) {
      for (const [j, volume] of found.grids[1].entries()) {
        const same = new FeatureTable(
          ids,
          x.columns.map((column) => {
            const value = { Age: age, Volume: volume }[column.name];
            return value === undefined ? column : { ...column, values: column.values.map(() => value) };
          }),
        );
        const answers = fitted.predict(same).values;
        const mean = answers.reduce((sum, one) => sum + one, 0) / ids.length;
        assert.ok(Math.abs(found.mean[i * 5 + j] - mean) < 1e-12);
      }
    }
    const answers = fitted.predict(x).values;
    assert.ok(Math.abs(found.answer - answers.reduce((sum, one) => sum + one, 0) / ids.length) < 1e-12);
  });

  it("is drawn as a map of it, with the patients on the map and the lowest and highest answer in words", () => {
    const figure = plot.partialDependence(found, { patient: "P010" });
    const cells = rowsOf(figure, "rect");
    assert.equal(cells.length, 20);
    for (const [at, cell] of cells.entries()) {
      assertClose(cell.mean, found.mean[at], DRAWN);
      assertClose(cell.first, found.grids[0][Math.floor(at / 5)], DRAWN);
      assertClose(cell.second, found.grids[1][at % 5], DRAWN);
      assert.ok(Number(cell.x) < Number(cell.first) && Number(cell.first) < Number(cell.x2));
    }
    const [age, volume] = ["Age", "Volume"].map((name) => x.column(name));
    const inside = ids.filter(
      (_, i) => age[i] >= 52.5 && age[i] <= 77.5 && volume[i] >= 3.5 && volume[i] <= 13.5,
    );
    assert.deepEqual(
      rowsOf(figure, "circle").map((row) => row.id),
      inside,
    );
    assert.deepEqual(
      rowsOf(figure, "circle", 1).map((row) => row.id),
      ["P010"],
    );
    const highest = found.mean.indexOf(Math.max(...found.mean));
    const place = `Age ${found.grids[0][Math.floor(highest / 5)]} and Volume ${found.grids[1][highest % 5]}`;
    assert.match(figure.alternative, new RegExp(`highest 0\\.\\d+ at ${place}\\.`));
  });

  it("tells of an answer that is a sum of two curves that nothing is of both together", () => {
    const predict = (table: FeatureTable): Scores =>
      new Scores(
        ids,
        table.column("Age").map((age, i) => Math.sin(age) + table.column("Volume")[i] ** 2),
        "answer",
      );
    const sum = explain.partialDependence({ predict }, x, ["Age", "Volume"]);
    assert.match(plot.partialDependence(sum).alternative, / 0 % of its variance over the map is of both/);
    const product = (table: FeatureTable): Scores =>
      new Scores(
        ids,
        table.column("Age").map((age, i) => (age - 66) * (table.column("Volume")[i] - 10)),
        "answer",
      );
    const both = explain.partialDependence({ predict: product }, x, ["Age", "Volume"], {
      grid: [
        [65, 66, 67],
        [9, 10, 11],
      ],
    });
    assert.match(plot.partialDependence(both).alternative, / 100 % of its variance over the map is of both/);
  });
});

describe("lines of equal value", () => {
  const number = fc.double({ min: -5, max: 5, noNaN: true });

  it("of a plane are straight and hold its level at both ends of every piece", () => {
    fc.assert(
      fc.property(number, number, number, (a, b, level) => {
        fc.pre(Math.abs(a) + Math.abs(b) > 1e-3);
        const xs = Float64Array.of(-2, -1, 0.5, 3);
        const ys = Float64Array.of(-3, 0, 1, 1.5, 4);
        const values = Float64Array.from(
          { length: 20 },
          (_, at) => a * xs[Math.floor(at / 5)] + b * ys[at % 5],
        );
        const pieces = contourPieces(xs, ys, values, level);
        for (const { x, y, x2, y2 } of pieces) {
          assert.ok(Math.abs(a * x + b * y - level) < 1e-9);
          assert.ok(Math.abs(a * x2 + b * y2 - level) < 1e-9);
        }
        const crosses = Math.min(...values) < level && level <= Math.max(...values);
        assert.equal(pieces.length > 0, crosses);
      }),
    );
  });

  it("part corners of one cell as its middle says, and never cross", () => {
    const square = Float64Array.of(0, 1);
    for (const [values, near] of [
      [[1, 0, 0, 0.8], 0],
      [[1, 0, 0, 0.2], 1],
    ] as const) {
      // Corners (0, 0), (0, 1), (1, 0), (1, 1): high at (0, 0) and (1, 1).
      const pieces = contourPieces(square, square, Float64Array.from(values), near === 0 ? 0.4 : 0.15);
      assert.equal(pieces.length, 2);
      for (const { x, y, x2, y2 } of pieces) {
        const [cx, cy] = [(x + x2) / 2, (y + y2) / 2];
        // The high corners hang together over the middle: lines stay near the low corners (0, 1) and (1, 0).
        assert.ok(Math.abs(cx - cy) > 0.2, `${cx}, ${cy}`);
      }
    }
    const apart = contourPieces(square, square, Float64Array.of(1, 0, 0, 1), 0.9);
    assert.ok(
      apart.every(({ x, y, x2, y2 }) => Math.abs(x + x2 - y - y2) < 1e-12),
      "near the high corners",
    );
  });
});

describe("partial dependence of two columns refuses", () => {
  const x = features.select(["Volume", "Age"]);
  const fitted = logistic().fit(x, outcome);
  const found = explain.partialDependence(fitted, x, ["Volume", "Age"], {
    grid: [
      [8, 9],
      [60, 70],
    ],
  });
  const beyond = ids.find((_, i) => x.column("Volume")[i] > 12) ?? assert.fail();
  const other = explain.linear(fitted, x);
  const alone = explain.partialDependence(fitted, x, "Volume");
  for (const [what, make, words] of [
    ["the same column twice", () => explain.partialDependence(fitted, x, ["Age", "Age"]), /"Age" twice/],
    ["an unknown column", () => explain.partialDependence(fitted, x, ["Age", "x"]), /"x"/],
    [
      "an empty grid",
      () => explain.partialDependence(fitted, x, ["Age", "Volume"], { grid: [[], [1]] }),
      /at least one/,
    ],
    ["an unknown patient", () => plot.partialDependence(found, { patient: "x" }), /no patient "x"/],
    ["a patient beyond the map", () => plot.partialDependence(found, { patient: beyond }), /beyond the map/],
    ["SHAP values of nobody", () => plot.partialDependence(alone, { shap: other }), /whose SHAP value/],
    [
      "SHAP values in another unit",
      () => plot.partialDependence(alone, { shap: other, patient: "P001" }),
      /the SHAP values are in "log odds/,
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
