/** Trees and forests: the same for any number of threads, and sound on any small data set. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { randomStream } from "../../src/core/random.js";
import { treeInThreads as explainInThreads, tree as explainTree } from "../../src/explain/tree.js";
import * as classification from "../../src/model/classification/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import type { Labels } from "../../src/table/labels.js";
import { labelsOf, rowIds } from "../support/outcomes.js";
import { type SmallPatient, smallPatient, smallTable } from "../support/small-patients.js";
import { anyValue, assertSound, soundOrNull } from "../support/sound-results.js";

/** The issue asks for at least this many data sets per family. */
const RUNS = 20_000;

const clean = fc.array(smallPatient(fc.integer({ min: -4, max: 4 })), { minLength: 2, maxLength: 12 });

const outcomeOf = (rows: readonly SmallPatient[]): Labels => labelsOf(rows.map(({ label }) => label));

describe("forests", function () {
  // Tens of thousands of data sets take a minute on a busy machine.
  this.timeout(300_000);

  it(`give probabilities or a typed error, ${RUNS} data sets`, () => {
    let answers = 0;
    const recipes = {
      tree: classification.decisionTree({ criterion: "entropy" }),
      forest: classification.randomForest({ trees: 2, classWeights: "balanced" }),
      extra: classification.extraTrees({ trees: 2, minLeaf: 2 }),
      histogram: classification.histogramBoosting({ rounds: 2, minLeaf: 1, learningRate: 1 }),
      steps: classification.gradientBoosting({ rounds: 2, learningRate: 1, subsample: 0.8 }),
    };
    fc.assert(
      fc.property(fc.array(smallPatient(anyValue), { maxLength: 9 }), (rows) => {
        const [x, y] = [smallTable(rows), outcomeOf(rows)];
        for (const [name, recipe] of Object.entries(recipes)) {
          const fitted = soundOrNull(() => recipe.fit(x, y));
          if (fitted === null) continue;
          answers++;
          assertSound(fitted.predict(x).values, [], name);
          assertSound(fitted.importances, [], name);
        }
      }),
      { numRuns: RUNS },
    );
    assert.ok(answers > RUNS / 10, `only ${answers} of ${5 * RUNS} had an answer`);
  });

  it("a full tree tells apart whatever differs in a column", () => {
    fc.assert(
      fc.property(clean, (rows) => {
        fc.pre(new Set(rows.map(({ label }) => label)).size > 1);
        const predicted = classification
          .decisionTree()
          .fit(smallTable(rows), outcomeOf(rows))
          .predict(smallTable(rows));
        const names = predicted.classes;
        rows.forEach(({ values: [a, b] }, row) => {
          const same = rows.filter(({ values }) => values[0] === a && values[1] === b);
          names.forEach((name, c) => {
            const share = same.filter(({ label }) => String(label) === name).length / same.length;
            assert.ok(Math.abs((predicted.values[row * names.length + c] as number) - share) < 1e-12);
          });
        });
      }),
    );
  });

  it("the first cut of a tree takes away most of the Gini impurity, by the definition", () => {
    fc.assert(
      fc.property(clean, (rows) => {
        fc.pre(new Set(rows.map(({ label }) => label)).size > 1);
        const found = classification.decisionTree({ maxDepth: 1 }).fit(smallTable(rows), outcomeOf(rows));
        const [tree] = found.trees.trees;
        assert.ok(tree !== undefined);
        const cuts = [0, 1].flatMap((column) =>
          rows.map(({ values }) => giniAfter(rows, column, values[column] as number)),
        );
        const best = Math.min(...cuts);
        const own =
          tree.left[0] === -1
            ? giniAfter(rows, 0, Number.POSITIVE_INFINITY)
            : giniAfter(rows, tree.feature[0] as number, tree.threshold[0] as number);
        assert.ok(Math.abs(own - best) < 1e-9, `${own} is not ${best}`);
      }),
    );
  });

  it("weights of classes are patients given more than once", () => {
    fc.assert(
      fc.property(clean, (rows) => {
        fc.pre(new Set(rows.map(({ label }) => label)).size === 3);
        const twice = rows.flatMap((row) => (row.label === 1 ? [row, row] : [row]));
        const options = { criterion: "entropy", maxDepth: 2 } as const;
        const weighted = classification
          .decisionTree({ ...options, classWeights: { "1": 2 } })
          .fit(smallTable(rows), outcomeOf(rows));
        const repeated = classification.decisionTree(options).fit(smallTable(twice), outcomeOf(twice));
        assert.deepEqual(weighted.trees.trees[0]?.cover, repeated.trees.trees[0]?.cover);
        assert.deepEqual(weighted.predict(smallTable(rows)), repeated.predict(smallTable(rows)));
      }),
    );
  });

  it("threads grow the same forest to the bit", async () => {
    const { x, y } = cohort(200, 12);
    for (const recipe of [
      classification.randomForest({ trees: 23, seed: 5 }),
      classification.extraTrees({ trees: 23, seed: 5, features: "log2" }),
    ]) {
      const alone = recipe.fit(x, y);
      let last = 0;
      const threads = await recipe.fitInThreads(x, y, {
        workers: 2,
        onProgress: ({ done, total }) => {
          assert.ok(done > last && total === 23);
          last = done;
        },
      });
      assert.equal(last, 23);
      assert.deepEqual(threads.trees, alone.trees);
      assert.deepEqual(threads.importances, alone.importances);
      assert.deepEqual((await recipe.fitInThreads(x, y, { workers: 1 })).trees, alone.trees);
      const why = await explainInThreads(alone, x, { workers: 2 });
      assert.deepEqual(why.values, explainTree(alone, x).values);
    }
    const gone = AbortSignal.abort(new Error("not any more"));
    await assert.rejects(classification.extraTrees().fitInThreads(x, y, { signal: gone }), /not any more/);
    await assert.rejects(classification.extraTrees().fitInThreads(x, y, { workers: 0 }), /workers must be/);
  });

  it("of patients that a forest has not seen it says less than of those it has", () => {
    const { x, y } = cohort(150, 5);
    const fitted = classification.randomForest({ trees: 60, seed: 2 }).fit(x, y);
    const { accuracy, probabilities } = fitted.outOfBag();
    assert.deepEqual(probabilities.ids, x.ids);
    assert.ok(accuracy > 0.6 && accuracy < 0.98, `accuracy ${accuracy}`);
    const seen = fitted.predict(x).likeliest().values;
    assert.equal(seen.filter((name, row) => name === y.values[row]).length, x.length);
    const [first, second] = fitted.importances;
    assert.ok(first !== undefined && second !== undefined && first.importance > 3 * second.importance);
  });

  it("say what is wrong with the options", () => {
    const { x, y } = cohort(20, 3);
    const { randomForest, extraTrees, decisionTree } = classification;
    assert.throws(() => randomForest({ trees: 0 }), /trees must be a whole number, 1 or more, found 0/);
    assert.throws(() => randomForest({ seed: 0.5 }), /seed must be a whole number/);
    assert.throws(() => extraTrees({ maxDepth: 0 }), /maxDepth must be/);
    assert.throws(() => extraTrees({ features: "all of them" as "all" }), /features is "sqrt"/);
    assert.throws(() => decisionTree({ criterion: "log" as "gini" }), /criterion is "gini"/);
    assert.throws(() => decisionTree({ minSplit: 1 }), /minSplit/);
    assert.throws(
      () => decisionTree({ features: 4 }).fit(x, y),
      /4 columns are to be looked at .* the table has 3/,
    );
    const { histogramBoosting, gradientBoosting } = classification;
    assert.throws(() => histogramBoosting({ bins: 256 }), /bins is at most 255/);
    assert.throws(() => histogramBoosting({ l2: -1 }), /l2 must be 0 or more/);
    assert.throws(() => gradientBoosting({ learningRate: 0 }), /learning rate must lie in \(0, 1\]/);
    assert.throws(() => gradientBoosting({ subsample: 1.5 }), /subsample is a share/);
    const one = randomForest({ trees: 1 }).fit(x, y);
    assert.ok(one.outOfBag().probabilities.length < 20);
  });
});

function giniAfter(rows: readonly SmallPatient[], column: number, cut: number): number {
  const parts = [
    rows.filter(({ values }) => (values[column] as number) <= cut),
    rows.filter(({ values }) => (values[column] as number) > cut),
  ];
  return parts.reduce((sum, part) => {
    const counts = [0, 1, 2].map((label) => part.filter((row) => row.label === label).length);
    const squares = counts.reduce((total, count) => total + count * count, 0);
    return sum + (part.length === 0 ? 0 : part.length - squares / part.length);
  }, 0);
}

/** Two classes that the first column tells apart, with noise. */
function cohort(n: number, p: number): { readonly x: FeatureTable; readonly y: Labels } {
  const random = randomStream("forest test");
  const columns = Array.from({ length: p }, (_, j) => ({
    name: `x${j}`,
    unit: "",
    values: Float64Array.from({ length: n }, () => random.normal()),
  }));
  const first = columns[0]?.values ?? new Float64Array(n);
  const y = Float64Array.from(first, (value) => Number(value + 0.6 * random.normal() > 0));
  return { x: new FeatureTable(rowIds(n), columns), y: labelsOf(y) };
}
