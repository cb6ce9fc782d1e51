/** Features that say the same in bars and swarms: rows against those of shap 0.48 (data-scripts/reference/shap-plots.py). */
import assert from "node:assert/strict";
import * as explain from "../../src/explain/index.js";
import * as plot from "../../src/plot/index.js";
import { assertClose, rowsOf } from "../support/figure-spec.js";
import { plain, shapPlots } from "../support/shap-plots.js";

const { X, phi, bars } = shapPlots.family;
const LETTERS = [..."abcdefgh"];
const ids = phi.map((_, i) => `p${i}`);
const family = new explain.Explanation({
  ids,
  features: LETTERS.map(plain),
  values: Float64Array.from(phi.flat()),
  data: Float64Array.from(X.flat()),
  base: 0,
  outputUnit: "",
});
/** Six digits are drawn. */
const DRAWN = 2e-5;
/** Five in a beeswarm. */
const DRAWN_SWARM = 1e-4;
const CLUSTER = 0.5;

describe("clusters of features", () => {
  // Shap counts the sum of the others as one of its rows.
  for (const [at, top] of [7, 5, 3, 2].entries()) {
    it(`have the rows and bars of shap where ${top} are shown one by one`, () => {
      const rows = rowsOf(plot.shapBar(family, { cluster: CLUSTER, top }), "rect");
      assert.deepEqual(
        rows.map((row) => lettersOf(String(row.feature))),
        bars[at].rows.map(lettersOf),
      );
      for (const [r, row] of rows.entries()) assertClose(row.x, bars[at].widths[r], DRAWN);
    });

    it(`are the same rows in a beeswarm, ${top} of them`, () => {
      const dots = rowsOf(plot.beeswarm(family, { cluster: CLUSTER, top }), "circle");
      const rows = [...new Set(dots.map((dot) => String(dot.feature)))];
      assert.deepEqual(rows.map(lettersOf), bars[at].rows.map(lettersOf));
    });
  }

  it("add up the SHAP values of a shared row and color it by its strongest feature", () => {
    const dots = rowsOf(plot.beeswarm(family, { cluster: CLUSTER, top: 3 }), "circle");
    const shared = dots.filter((dot) => dot.feature === "h + c");
    assert.equal(shared.length, ids.length);
    for (const [i, dot] of shared.entries()) {
      assertClose(dot.x, phi[i][2] + phi[i][7], DRAWN_SWARM);
      assertClose(dot.value, X[i][7], DRAWN_SWARM);
    }
  });

  it("put features of the same ranks beside each other, whatever their importance", () => {
    const n = 40;
    const own = (k: number): readonly number[] => Array.from({ length: n }, (_, i) => Math.sin(i * k + k));
    const columns = [own(1), own(7.7), own(3.3), own(1).map((value) => value ** 3), own(5.1)];
    const data = Float64Array.from({ length: 5 * n }, (_, at) => columns[at % 5][Math.floor(at / 5)]);
    const weights = [1, 5, 3, 4, 2];
    const told = new explain.Explanation({
      ids: Array.from({ length: n }, (_, i) => `p${i}`),
      features: ["one", "two", "three", "cube of one", "five"].map((name) => ({ name, unit: "" })),
      values: data.map((_, at) => (at % 2 ? 1 : -1) * weights[at % 5]),
      data,
      base: 0,
      outputUnit: "",
    });
    const figure = plot.shapBar(told, { cluster: 0.5 });
    assert.deepEqual(
      rowsOf(figure, "rect").map((row) => row.feature),
      ["two", "cube of one", "one", "three", "five"],
    );
    assert.equal(rowsOf(figure, "line").length, 4, "one bracket of four corners");
    assert.match(figure.alternative, /Alike: one and cube of one \(distance 0\.00\)/);
  });
});

/** "c + h" and "h + c" are the same; sums by how many they add. */
function lettersOf(name: string): string {
  const sum = /^Sum of (\d+)/.exec(name);
  return sum === null ? name.split(" + ").sort().join(" + ") : `sum of ${sum[1]}`;
}
