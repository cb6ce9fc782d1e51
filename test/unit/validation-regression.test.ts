/** Validation of models of a measured outcome: metrics, folds, cross-validation, nested search, permuted outcomes, bootstrap. */
import assert from "node:assert/strict";
import { InputError, NumericalError } from "../../src/core/errors.js";
import * as model from "../../src/model/index.js";
import type { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { Scores } from "../../src/table/scores.js";
import { cohortForModels } from "../support/cohort-for-models.js";
import { shown } from "../support/display.js";
import { scoresOf } from "../support/outcomes.js";

const { x } = cohortForModels(90);
/** What the first two features say, and something that no feature says. */
const y = new Scores(
  x.ids,
  x.column("f0").map((value, row) => 10 + 3 * value - (x.column("f1")[row] as number) + Math.sin(row * 1.7)),
  "ki67",
);
const tree = (maxDepth: number): ReturnType<typeof model.regression.decisionTree> =>
  model.regression.decisionTree({ maxDepth });

describe("metrics of a measured outcome", () => {
  it("are those of scikit-learn's documentation", () => {
    // r2_score, mean_absolute_error and root_mean_squared_error, examples of scikit-learn 1.5.
    const [truth, predicted] = [scoresOf([3, -0.5, 2, 7]), scoresOf([2.5, 0, 2, 8])];
    assert.equal(model.metrics.rSquared(truth, predicted).toFixed(3), "0.949");
    assert.equal(model.metrics.mae(truth, predicted), 0.5);
    assert.equal(model.metrics.rmse(truth, predicted).toFixed(3), "0.612");
    assert.equal(model.metrics.rSquared(scoresOf([1, 2, 3]), scoresOf([2, 2, 2])), 0);
    assert.equal(model.metrics.rSquared(scoresOf([1, 2, 3]), scoresOf([3, 2, 1])), -3);
  });

  it("are refused where they are not defined", () => {
    assert.throws(() => model.metrics.rSquared(scoresOf([2, 2]), scoresOf([1, 2])), NumericalError);
    assert.throws(() => model.metrics.rSquared(scoresOf([2]), scoresOf([1])), /at least 2 patients, found 1/);
    assert.throws(() => model.metrics.rmse(scoresOf([]), scoresOf([])), /at least 1 patients, found 0/);
    assert.throws(() => model.metrics.mae(y, y.pick([...y.ids].reverse())), /another order/);
    assert.equal(model.metrics.rmse(scoresOf([1e200, 0]), scoresOf([0, 0])), 1e200 * Math.sqrt(0.5));
  });
});

describe("cross-validation of a measured outcome", () => {
  it("scores out-of-fold predictions by R², root mean square and mean absolute error", async () => {
    const found = await model.crossValidate(x, y, model.pipeline(model.standardize(), tree(3)), {
      folds: 5,
      repeats: 2,
      seed: 7,
      metrics: ["r2", "rmse", "mae"],
    });
    assert.equal(found.method, "5-fold, 2 times");
    const [r2, rmse, mae] = found.metrics;
    assert.deepEqual([r2?.isError, rmse?.isError, mae?.isError], [false, true, true]);
    const mean = y.values.reduce((sum, value) => sum + value / 90, 0);
    const by = (of: (distance: number) => number): number =>
      found.outOfFold.reduce(
        (sum, { values }) =>
          sum + values.reduce((part, value, row) => part + of((y.values[row] as number) - value), 0) / 180,
        0,
      );
    const variance = y.values.reduce((sum, value) => sum + (value - mean) ** 2 / 90, 0);
    near(r2?.pooled.value, 1 - by((distance) => distance ** 2) / variance);
    near(mae?.pooled.value, by(Math.abs));
    assert.ok((r2?.pooled.value ?? 0) > 0.4, "two features say most of it");
    const { lower, upper } = (rmse as model.ValidatedMetric).pooled.interval;
    assert.ok(lower < (rmse?.pooled.value ?? 0) && (rmse?.pooled.value ?? 0) < upper);
    assert.match(found.sentence, /R² was 0\.\d+ \(.*\), the root mean square error was/);
    assert.match(JSON.stringify(await shown(found)), /rmse +1\.55/);
  });

  it("is of R² unless something else is asked for, and refuses metrics of classes", async () => {
    const found = await model.crossValidate(x, y, tree(2), { folds: 3, seed: 1 });
    assert.deepEqual(
      found.metrics.map(({ name }) => name),
      ["r2"],
    );
    await assert.rejects(
      model.crossValidate(x, y, tree(2), { folds: 3, seed: 1, metrics: ["auc" as "r2"] }),
      /no metric "auc" of this outcome\. There are: r2, rmse, mae/,
    );
  });

  it("fits each fold without its own patients, and finds nothing in outcomes that were dealt anew", async () => {
    const seen: string[][] = [];
    const watched = {
      fit: (features: FeatureTable, outcome: Scores) => {
        assert.deepEqual(features.ids, outcome.ids);
        seen.push([...features.ids]);
        return tree(3).fit(features, outcome);
      },
    };
    const folds = model.folds(y, { k: 4, seed: 3 });
    await model.crossValidate(x, y, watched, { folds });
    folds.folds.forEach(({ test }, at) => {
      const fitted = new Set(seen[at]);
      assert.ok(test.every((id) => !fitted.has(id)));
      assert.equal(fitted.size + test.length, 90);
    });
    const dealt = await model.permutedOutcome(x, y, tree(3), { permutations: 30, folds: 4, seed: 3 });
    assert.ok(dealt.observed > 0.4 && Math.max(...dealt.permuted) < 0.3, String(dealt.permuted));
    assert.equal(dealt.p, 1 / 31);
  });

  it("refuses fitted models, tables prepared on all patients, and the test part of a split", async () => {
    const { train, test } = model.split(x, y, { test: 0.3, seed: 2 });
    assert.deepEqual([train.y.length, test.y.length], [63, 27]);
    assert.deepEqual(train.y.values, y.pick(train.y.ids).values);
    const fitted = model.pipeline(model.standardize(), tree(2)).fit(train.x, train.y);
    const options = { folds: 3, seed: 1 };
    await assert.rejects(model.crossValidate(x, y, fitted as never, options), /takes a recipe/);
    await assert.rejects(model.crossValidate(fitted.prepare(x) as never, y, tree(2), options), InputError);
    await assert.rejects(model.crossValidate(test.x as never, test.y, tree(2), options), InputError);
  });

  it("keeps groups together, and has no R² of a fold of one patient", async () => {
    const groups = new Labels(
      y.ids,
      y.ids.map((_, row) => `G${row % 30}`),
      { name: "patient" },
    );
    for (const { train, test } of model.folds(y, { k: 5, seed: 2, groups }).folds) {
      const held = new Set(groups.pick(test).values);
      assert.ok(groups.pick(train).values.every((group) => !held.has(group)));
    }
    const alone = await model.crossValidate(x, y, tree(2), {
      folds: model.leaveOneOut(y),
      metrics: ["r2", "mae"],
    });
    assert.deepEqual(alone.notes, ["r2: 90 of 90 folds alone have no value"]);
    assert.equal(alone.metrics[1]?.byFold?.folds, 90);
  });
});

describe("a search for the settings of a measured outcome's model", () => {
  it("takes the best, anew in each fold of a nested cross-validation", async () => {
    const recipe = model.tuned({ maxDepth: [1, 4] }, ({ maxDepth }) => tree(maxDepth), { folds: 3, seed: 7 });
    const nested = await model.crossValidate(x, y, recipe, {
      folds: 4,
      seed: 1,
      inspect: ({ best, trials, metric }, fold) => ({ best, trials, metric, fold }),
    });
    for (const { best, trials, metric, fold } of nested.kept) {
      assert.equal(metric, "r2");
      const means = trials.map(({ mean }) => mean as number);
      assert.equal(trials[means.indexOf(Math.max(...means))]?.setting, best);
      // The search has seen the training part of the outer fold alone.
      const again = recipe.fit(x.pick(fold.train), y.pick(fold.train));
      assert.deepEqual(again.trials, trials);
    }
    const errors = await model.gridSearch(x, y, { maxDepth: [1, 4] }, ({ maxDepth }) => tree(maxDepth), {
      folds: 3,
      seed: 7,
      metric: "rmse",
    });
    const means = errors.trials.map(({ mean }) => mean as number);
    assert.equal(errors.trials[means.indexOf(Math.min(...means))]?.setting, errors.best);
  });

  it("has a learning curve and a bootstrap beside it", async () => {
    const curve = await model.learningCurve(x, y, tree(3), { folds: 3, seed: 1, sizes: [15, 60] });
    const [few, many] = curve.points.map(({ held }) => held.value);
    assert.ok((few as number) < (many as number));
    const harrell = await model.optimismBootstrap(x, y, tree(3), { draws: 40, seed: 1 });
    assert.ok(harrell.optimism > 0 && harrell.corrected < harrell.apparent);
  });
});

function near(actual: number | undefined, expected: number): void {
  assert.ok(actual !== undefined && Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
}
