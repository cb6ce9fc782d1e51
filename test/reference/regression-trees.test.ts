/** Regression trees that we train beside scikit-learn's: the exported tree of shap_tree_regressor_diabetes.json, diabetes.csv. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { tree as explainTree } from "../../src/explain/tree.js";
import * as regression from "../../src/model/regression/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Scores } from "../../src/table/scores.js";
import { absence, assertClose, readInput, readReference } from "../support/modelling-references.js";
import { rowIds } from "../support/outcomes.js";
import { anyValue, assertSound, soundOrNull } from "../support/sound-results.js";

interface Reference {
  readonly trees: readonly [
    {
      readonly left: readonly number[];
      readonly feature: readonly number[];
      readonly threshold: readonly number[];
      readonly value: readonly (readonly [number])[];
      readonly cover: readonly number[];
    },
  ];
}

/** The issue asks for at least this many data sets per family. */
const RUNS = 20_000;

const SMALL = 20;

describe("regression by trees", function () {
  // Tens of thousands of data sets take a minute on a busy machine.
  this.timeout(300_000);

  it("a tree of depth 4 is scikit-learn's, node by node", function () {
    if (absence !== null) {
      console.log(`      skipped: ${absence}`);
      return this.skip();
    }
    const [expected] = readReference<Reference>("shap_tree_regressor_diabetes.json").trees;
    const cohort = readInput("diabetes.csv");
    const x = cohort.numeric(cohort.names.slice(1));
    // The file's trees were grown on values of single precision.
    const single = new FeatureTable(
      x.ids,
      x.columns.map((column) => ({ ...column, values: column.values.map(Math.fround) })),
    );
    const fitted = regression.decisionTree({ maxDepth: 4 }).fit(single, cohort.numeric(["y"]).scores("y"));
    const [tree] = fitted.trees.trees;
    assert.ok(tree !== undefined);
    assert.deepEqual([...tree.left], expected.left);
    assert.deepEqual([...tree.cover], expected.cover);
    expected.left.forEach((left, node) => {
      // In small nodes several cuts are equally good, of which scikit-learn takes any.
      if ((expected.cover[node] as number) < SMALL) return;
      const mean = (fitted.trees.base[0] as number) + (tree.value[node] as number);
      assertClose(mean, expected.value[node]?.[0] ?? 0, 1e-12, `value ${node}`);
      if (left < 0) return;
      assert.equal(tree.feature[node], expected.feature[node]);
      assertClose(
        tree.threshold[node] as number,
        expected.threshold[node] as number,
        1e-12,
        `threshold ${node}`,
      );
    });
  });

  it(`give numbers between the outcomes or a typed error, ${RUNS} data sets`, () => {
    let answers = 0;
    const recipes = [
      regression.decisionTree(),
      regression.randomForest({ trees: 2 }),
      regression.extraTrees({ trees: 2, minLeaf: 2 }),
      regression.histogramBoosting({ rounds: 2, minLeaf: 1 }),
    ];
    fc.assert(
      fc.property(fc.array(fc.tuple(anyValue, anyValue, anyValue), { maxLength: 9 }), (rows) => {
        const ids = rowIds(rows.length);
        const x = new FeatureTable(
          ids,
          ["a", "b"].map((name, j) => ({
            name,
            unit: "",
            values: Float64Array.from(rows, (row) => row[j] as number),
          })),
        );
        const outcome = Float64Array.from(rows, (row) => row[2]);
        if (!outcome.every(Number.isFinite)) return;
        const [low, high] = [Math.min(...outcome), Math.max(...outcome)];
        for (const recipe of recipes) {
          const predicted = soundOrNull(() => recipe.fit(x, new Scores(ids, outcome, "outcome")).predict(x));
          if (predicted === null) continue;
          answers++;
          assertSound(predicted.values);
          const slack = 1e-9 * Math.max(Math.abs(low), Math.abs(high));
          predicted.values.forEach((value) => {
            assert.ok(value >= low - slack && value <= high + slack, `${value} outside of [${low}, ${high}]`);
          });
        }
      }),
      { numRuns: RUNS },
    );
    assert.ok(answers > 2 * RUNS, `only ${answers} of ${4 * RUNS} had an answer`);
  });

  it("threads grow the same forest to the bit, and it can be explained", async function () {
    if (absence !== null) {
      console.log(`      skipped: ${absence}`);
      return this.skip();
    }
    const cohort = readInput("diabetes.csv");
    const x = cohort.numeric(cohort.names.slice(1));
    const y = cohort.numeric(["y"]).scores("y");
    const recipe = regression.randomForest({ trees: 9, seed: 4, minLeaf: 5 });
    const fitted = recipe.fit(x, y);
    assert.deepEqual((await recipe.fitInThreads(x, y, { workers: 2 })).trees, fitted.trees);
    const why = explainTree(fitted, x.pick(x.ids.slice(0, 20)));
    assert.equal(why.outputUnit, "y");
    const answers = fitted.predict(x).values;
    for (let row = 0; row < 20; row++) {
      const sum = why.values
        .subarray(row * 10, row * 10 + 10)
        .reduce((total, value) => total + value, why.base);
      assertClose(sum, answers[row] as number, 1e-12, `patient ${row}`);
    }
  });
});
