/**
 * Trees that scikit-learn and XGBoost trained, evaluated here: trees_deterministic.json.
 * What the file gives for own training is in `trees-trained.test.ts`.
 */
import assert from "node:assert/strict";
import * as classification from "../../src/model/classification/index.js";
import { type DecisionTree, evaluateTrees } from "../../src/model/classification/trees.js";
import * as metrics from "../../src/model/metrics/index.js";
import type { FeatureTable } from "../../src/table/feature-table.js";
import type { Labels } from "../../src/table/labels.js";
import {
  absence,
  assertAllClose,
  assertClose,
  readInput,
  readReference,
} from "../support/modelling-references.js";

/** The README of the references: 1e-12, and 1e-5 for XGBoost, which adds in float32. */
const TOLERANCE = 1e-12;
const FLOAT32 = 1e-5;

interface Cart {
  readonly tree: classification.ScikitTree;
  readonly proba: readonly (readonly number[])[];
}

interface TreesReference {
  readonly cart_gini_depth3: Cart;
  readonly cart_entropy_depth4_leaf5: Cart;
  readonly hist_gradient_boosting?: {
    readonly raw: readonly number[];
    readonly proba: readonly number[];
    readonly baseline: readonly [number];
    readonly trees: readonly (readonly classification.HistogramNode[])[];
    readonly test_auc: number;
  };
  readonly xgboost_exact?: {
    readonly params: { readonly base_score: number };
    readonly margin: readonly number[];
    readonly dump: readonly classification.XgboostNode[];
    readonly test_auc: number;
  };
}

interface Case {
  readonly test: FeatureTable;
  readonly y: Labels;
  readonly options: classification.ImportOptions;
}

describe("trees of scikit-learn and XGBoost", () => {
  if (absence !== null) {
    it(`are compared with trees_deterministic.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const reference = readReference<Record<string, TreesReference>>("trees_deterministic.json");
  for (const name of ["breast_cancer", "wine"]) {
    const r = reference[name] as TreesReference;
    const { test, y, options } = caseOf(name);
    for (const key of ["cart_gini_depth3", "cart_entropy_depth4_leaf5"] as const) {
      it(`${name}: ${key}`, () => {
        const fitted = classification.importScikitTrees([r[key].tree], options);
        assertAllClose(fitted.predict(test).values, r[key].proba.flat(), TOLERANCE, "probability");
        // A forest of the same tree three times is the tree.
        const forest = classification.importScikitTrees([r[key].tree, r[key].tree, r[key].tree], options);
        assertAllClose(
          forest.predict(test).values,
          r[key].proba.flat(),
          TOLERANCE,
          "probability of the forest",
        );
      });
    }
    const { hist_gradient_boosting: hist, xgboost_exact: xgboost } = r;
    if (hist !== undefined) {
      it(`${name}: histogram boosting`, () => {
        const fitted = classification.importHistogramBoosting(hist.trees, hist.baseline[0], options);
        assertAllClose(fitted.logOdds(test).values, hist.raw, TOLERANCE, "log odds");
        const probability = fitted.predict(test).of("1");
        assertAllClose(probability.values, hist.proba, TOLERANCE, "probability");
        assertClose(metrics.areaUnderCurve(y, probability), hist.test_auc, TOLERANCE, "area");
      });
    }
    if (xgboost !== undefined) {
      it(`${name}: XGBoost`, () => {
        const fitted = classification.importXgboost(xgboost.dump, xgboost.params.base_score, options);
        assertAllClose(fitted.logOdds(test).values, xgboost.margin, FLOAT32, "margin");
        assertClose(metrics.areaUnderCurve(y, fitted.logOdds(test)), xgboost.test_auc, TOLERANCE, "area");
      });
    }
  }
});

describe("values at a threshold", () => {
  // One split at 0.5: left gives 0, right gives 1. The third value is 0.5 as float32, but above it as a double.
  const values = Float64Array.of(0.5 - 1e-3, 0.5, 0.5 + 1e-12, 0.5 + 1e-3);
  const stump: DecisionTree = {
    left: Int32Array.of(1, -1, -1),
    right: Int32Array.of(2, -1, -1),
    feature: Int32Array.of(0, -2, -2),
    threshold: Float64Array.of(0.5, 0, 0),
    value: Float64Array.of(0, 0, 1),
    cover: Float64Array.of(2, 1, 1),
  };
  for (const [rule, expected] of [
    ["rounded-at-most", [0, 0, 0, 1]],
    ["at-most", [0, 0, 1, 1]],
    ["rounded-below", [0, 1, 1, 1]],
  ] as const) {
    it(`go as ${rule} says`, () => {
      const sum = { trees: [stump], rule, outputs: 1, base: Float64Array.of(0) };
      assert.deepEqual([...evaluateTrees(sum, values, 1)], expected);
    });
  }
});

describe("trees that are none", () => {
  const options = { columns: [{ name: "a", unit: "" }], classes: ["0", "1"] };
  const tree = (change: Partial<classification.ScikitTree>): classification.ScikitTree => ({
    left: [1, -1, -1],
    right: [2, -1, -1],
    feature: [0, -2, -2],
    threshold: [0.5, -2, -2],
    value: [
      [0.5, 0.5],
      [1, 0],
      [0, 1],
    ],
    cover: [2, 1, 1],
    ...change,
  });
  const wrong: readonly (readonly [string, Partial<classification.ScikitTree>, RegExp])[] = [
    ["a node that is its own child", { left: [0, -1, -1] }, /tree 0, node 0 is neither a leaf/],
    ["a child that does not exist", { right: [3, -1, -1] }, /tree 0, node 0/],
    ["a column that does not exist", { feature: [1, -2, -2] }, /split of one of 1 columns/],
    [
      "a missing output",
      {
        value: [
          [0.5, 0.5],
          [1, 0],
          [0, Number.NaN],
        ],
      },
      /tree 0, node 2/,
    ],
    ["arrays of different lengths", { cover: [2, 1] }, /arrays of different lengths/],
  ];
  for (const [what, change, message] of wrong) {
    it(`refuses ${what}`, () => {
      assert.throws(() => classification.importScikitTrees([tree(change)], options), message);
    });
  }
  it("refuses a model without trees, and boosting of three classes", () => {
    assert.throws(() => classification.importScikitTrees([], options), /no trees/);
    const three = { ...options, classes: ["0", "1", "2"] };
    assert.throws(
      () => classification.importXgboost([{ nodeid: 0, leaf: 1 }], 0.5, three),
      /2 classes apart, found 3/,
    );
  });
});

function caseOf(name: string): Case {
  const cohort = readInput(`${name}.csv`);
  const names = cohort.names.slice(2);
  const rows = cohort.where((row) => row.fold === 1);
  const y = rows.labels("y");
  return {
    test: rows.numeric(names),
    y,
    options: { columns: names.map((column) => ({ name: column, unit: "" })), classes: y.classes },
  };
}
