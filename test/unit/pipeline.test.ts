/** A pipeline learns from the patients that it is given, and from nobody else. */
import assert from "node:assert/strict";
import { InputError } from "../../src/core/errors.js";
import { randomStream } from "../../src/core/random.js";
import * as model from "../../src/model/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { Scores } from "../../src/table/scores.js";
import { cohortForModels } from "../support/cohort-for-models.js";

const { x, response, survival } = cohortForModels(60);
const { train, test } = model.split(x, response, { seed: 1 });

describe("a pipeline", () => {
  it("standardizes new patients by mean and deviation of the training patients", () => {
    const fitted = model.pipeline(model.standardize(), model.logistic()).fit(train.x, train.y);
    const own = fitted.prepare(train.x);
    for (const { values, unit } of own.columns) {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
      assert.ok(Math.abs(mean) < 1e-12 && Math.abs(variance - 1) < 1e-12);
      assert.equal(unit, "");
    }
    const column = train.x.column("f0");
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    const sd = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (column.length - 1));
    assert.ok(
      Math.abs((fitted.prepare(test.x).column("f0")[0] ?? 0) - ((test.x.column("f0")[0] ?? 0) - mean) / sd) <
        1e-12,
    );
  });

  it("predicts as its parts do by hand", () => {
    const fitted = model
      .pipeline(model.dropCorrelated(0.9), model.standardize(), model.logistic())
      .fit(train.x, train.y);
    const learned = model.standardize().learn(train.x, train.y);
    const byHand = model.logistic().fit(learned.apply(train.x), train.y).predict(learned.apply(test.x));
    assert.deepEqual(fitted.predict(test.x).values, byHand.values);
  });

  it("fills missing values by the median of the training patients", () => {
    const gaps = x.columns.map((column) => ({
      ...column,
      values: column.values.map((value, row) => (row % 7 === 0 ? Number.NaN : value)),
    }));
    const parts = model.split(new FeatureTable(x.ids, gaps), response, { seed: 1 });
    const fitted = model.pipeline(model.impute(), model.logistic()).fit(parts.train.x, parts.train.y);
    const known = parts.train.x
      .column("f2")
      .filter((value) => !Number.isNaN(value))
      .sort();
    const half = known.length >> 1;
    const median = known.length % 2 === 1 ? known[half] : ((known[half - 1] ?? 0) + (known[half] ?? 0)) / 2;
    const filled = fitted.prepare(parts.test.x).column("f2");
    let seen = 0;
    parts.test.x.column("f2").forEach((value, row) => {
      if (!Number.isNaN(value)) return;
      seen++;
      assert.equal(filled[row], median);
    });
    assert.ok(seen > 0);
  });

  it("resamples the training patients only", () => {
    const doubled: model.Resampler<Labels> = {
      resample: (features, labels) => {
        const ids = [...features.ids, ...features.ids.map((id) => `${id} again`)];
        const columns = features.columns.map((column) => ({
          ...column,
          values: Float64Array.from([...column.values, ...column.values]),
        }));
        const { classes, name } = labels;
        return {
          features: new FeatureTable(ids, columns),
          labels: new Labels(ids, [...labels.values, ...labels.values], { classes, name }),
        };
      },
    };
    const fitted = model.pipeline(doubled, model.logistic()).fit(train.x, train.y);
    assert.equal(fitted.model.n, 2 * train.y.length);
    assert.deepEqual(fitted.predict(test.x).ids, test.x.ids);
  });

  it("takes scanners out by what the training patients of each show", () => {
    const scanner = new Labels(
      x.ids,
      x.ids.map((_, row) => (row % 2 === 0 ? "A" : "B")),
      { name: "scanner" },
    );
    const shifted = new FeatureTable(
      x.ids,
      x.columns.map((column) => ({
        ...column,
        values: column.values.map((v, row) => (row % 2 === 0 ? v : v + 5)),
      })),
    );
    const parts = model.split(shifted, response, { seed: 1 });
    const fitted = model
      .pipeline(model.harmonize(scanner), model.logistic())
      .fit(parts.train.x, parts.train.y);
    const fresh = fitted.prepare(parts.test.x);
    const means = [0, 1].map((batch) => {
      const rows = parts.test.x.ids.filter((id) => Number(id.slice(1)) % 2 === batch);
      return (
        fresh
          .pick(rows)
          .column("f3")
          .reduce((sum, value) => sum + value, 0) / rows.length
      );
    });
    assert.ok(Math.abs((means[0] ?? 0) - (means[1] ?? 9)) < 1.5, String(means));
  });

  it("judges reproducibility by the training patients who were measured twice", () => {
    const again = new FeatureTable(
      x.ids,
      x.columns.map((column, at) => ({
        ...column,
        values: column.values.map((value, row) =>
          at === 5 ? (column.values[(row * 7 + 3) % 60] ?? 0) : 1.01 * value,
        ),
      })),
    );
    const fitted = model
      .pipeline(model.dropUnreproducible([x, again]), model.logistic())
      .fit(train.x, train.y);
    assert.deepEqual(fitted.prepare(test.x).names, ["f0", "f1", "f2", "f3", "f4"]);
    const others = x.pick(test.x.ids);
    assert.throws(
      () =>
        model.pipeline(model.dropUnreproducible([others, others]), model.logistic()).fit(train.x, train.y),
      /0 of 42 training patients were measured repeatedly/,
    );
  });

  it("selects columns by the classes of the training patients", () => {
    const recipe = model.pipeline(model.keepMrmr({ count: 2 }), model.standardize(), model.logistic());
    const selected = model.statistics.mrmr(train.x, train.y, { count: 2 }).selected;
    assert.deepEqual([...recipe.fit(train.x, train.y).prepare(test.x).names].sort(), [...selected].sort());
    const screened = model.pipeline(model.keepScreened({ below: 0.05 }), model.logistic());
    const { features, p } = model.statistics.screen(train.x, train.y);
    const expected = features.filter((_, at) => (p[at] ?? 1) < 0.05);
    assert.ok(expected.length > 0 && expected.length < 6);
    assert.deepEqual(
      screened.fit(train.x, train.y).model.covariates.map(({ name }) => name),
      expected,
    );
    const none = model.pipeline(model.keepScreened({ below: 1e-30 }), model.logistic());
    assert.throws(() => none.fit(train.x, train.y), /keeps none of 6 columns/);
  });

  it("asks for the columns that it was fitted on, in their units", () => {
    const fitted = model.pipeline(model.standardize(), model.cox()).fit(x, survival);
    assert.throws(() => fitted.predict(x.select(["f1"])), /no column "f0"/);
    const cm = new FeatureTable(
      x.ids,
      x.columns.map((column) => (column.name === "f0" ? { ...column, unit: "cm" } : column)),
    );
    assert.throws(() => fitted.predict(cm), /fitted on "f0" in "mm", but the table has it in "cm"/);
  });
});

describe("a leak that no compiler has seen is caught when it runs", () => {
  const untyped = <T>(value: T): never => value as never;

  it("test patients do not reach a fit", () => {
    const recipe = model.pipeline(model.standardize(), model.logistic());
    assert.throws(() => recipe.fit(untyped(test.x), test.y), /test patients of a split/);
    assert.throws(() => recipe.fit(untyped(test.x.select(["f0"])), test.y), /test patients of a split/);
    assert.throws(() => recipe.fit(untyped(test.x.where((row) => (row.f0 ?? 0) > -99)), test.y), InputError);
    assert.throws(() => model.split(untyped(test.x), test.y, { seed: 1 }), /test patients of a split/);
  });

  it("columns that fitted steps have changed are not divided again", async () => {
    const prepared = model.pipeline(model.standardize(), model.logistic()).fit(x, response).prepare(x);
    assert.throws(
      () => model.split(untyped(prepared), response, { seed: 1 }),
      /fitted steps have changed these columns/,
    );
    await assert.rejects(
      model.crossValidate(untyped(prepared), response, model.logistic(), { seed: 1 }),
      /fitted steps have changed these columns/,
    );
  });

  it("a fitted model is not validated, and no part of a pipeline", async () => {
    const fitted = model.logistic().fit(x, response);
    await assert.rejects(
      model.crossValidate(x, response, untyped(fitted), { seed: 1 }),
      /not a fitted model/,
    );
    assert.throws(() => model.pipeline(model.standardize(), untyped(fitted)), /not a fitted model/);
    const learned = model.standardize().learn(x, response);
    assert.throws(
      () => model.pipeline(untyped(learned), model.logistic()),
      /part 1 of the pipeline is no step/,
    );
  });

  it("folds made by hand do not test patients whom they train on, and test each once", async () => {
    const good = model.folds(response, { seed: 1 });
    const [first, ...others] = good.folds;
    assert.ok(first);
    const leaking = {
      ...good,
      folds: [{ ...first, train: [...first.train, first.test[0] ?? ""] }, ...others],
    };
    await assert.rejects(
      model.crossValidate(x, response, model.logistic(), { folds: leaking }),
      /is in the training and in the test part, which is a leak/,
    );
    await assert.rejects(
      model.crossValidate(x, response, model.logistic(), { folds: { ...good, folds: others } }),
      /each must be tested once/,
    );
  });

  it("each fold's model sees its training patients only, and predicts for the others", async () => {
    const seen: { fit: readonly string[]; predict: readonly string[] }[] = [];
    const spy: model.Estimator<Labels> = {
      fit: (features, labels) => {
        assert.deepEqual(features.ids, labels.ids);
        return {
          predict: (fresh) => {
            seen.push({ fit: features.ids, predict: fresh.ids });
            return new Scores(fresh.ids, fresh.column("f0").slice());
          },
        };
      },
    };
    const groups = new Labels(
      x.ids,
      x.ids.map((_, row) => `G${row % 17}`),
      { name: "patient" },
    );
    await model.crossValidate(x, response, spy, { folds: 4, repeats: 2, seed: 3, groups });
    assert.equal(seen.length, 8);
    for (const { fit, predict } of seen) {
      assert.equal(fit.length + predict.length, x.length);
      const trained = new Set(groups.pick(fit).values);
      assert.ok(groups.pick(predict).values.every((group) => !trained.has(group)));
    }
  });

  it("selection on all patients finds an effect in noise; inside the pipeline it does not", async () => {
    const noise = cohortForModels(60, 0, 5);
    const random = randomStream("noise");
    const many = new FeatureTable(
      noise.x.ids,
      Array.from({ length: 300 }, (_, at) => ({
        name: `n${at}`,
        unit: "",
        values: Float64Array.from(noise.x.ids, () => random.normal()),
      })),
    );
    const select = model.keepMrmr({ count: 10 });
    const recipe = model.classification.linearDiscriminant();
    const leaked = many.select(select.learn(many, noise.response).apply(many).names);
    const wrong = await model.crossValidate(leaked, noise.response, recipe, { folds: 5, seed: 1 });
    const right = await model.crossValidate(many, noise.response, model.pipeline(select, recipe), {
      folds: 5,
      seed: 1,
    });
    assert.ok((wrong.metrics[0]?.pooled.value ?? 0) > 0.75, `leak gives ${wrong.metrics[0]?.pooled.value}`);
    assert.ok(
      (right.metrics[0]?.pooled.value ?? 1) < 0.65,
      `pipeline gives ${right.metrics[0]?.pooled.value}`,
    );
  });
});
