/** Folds, cross-validation, tuning, permuted outcomes, learning curve and optimism bootstrap. */
import assert from "node:assert/strict";
import * as model from "../../src/model/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { Probabilities } from "../../src/table/probabilities.js";
import { Scores } from "../../src/table/scores.js";
import { cohortForModels } from "../support/cohort-for-models.js";
import { shown } from "../support/display.js";

const { x, response, survival } = cohortForModels(90);
const { nearestNeighbors, naiveBayes } = model.classification;

describe("folds", () => {
  it("test each patient once in each repeat, with the same share of each class, the same for the same seed", () => {
    for (const y of [response, survival]) {
      const folds = model.folds(y, { k: 7, repeats: 3, seed: 5 });
      assert.deepEqual(folds, model.folds(y, { k: 7, repeats: 3, seed: 5 }));
      assert.notDeepEqual(folds, model.folds(y, { k: 7, repeats: 3, seed: 6 }));
      for (let repeat = 1; repeat <= 3; repeat++) {
        const tests = folds.folds.filter((fold) => fold.repeat === repeat).map(({ test }) => test);
        assert.deepEqual(tests.flat().sort(), [...y.ids].sort());
        const cases = tests.map((ids) =>
          y === response ? response.pick(ids).counts[1] : survival.pick(ids).events,
        ) as number[];
        assert.ok(Math.max(...cases) - Math.min(...cases) <= 1, String(cases));
      }
    }
  });

  it("keep groups together and about equal", () => {
    const groups = new Labels(
      x.ids,
      x.ids.map((_, row) => `G${Math.floor(Math.sqrt(row * 9))}`),
      { name: "patient" },
    );
    const folds = model.folds(response, { k: 4, seed: 2, groups });
    const sizes = folds.folds.map(({ test, train }) => {
      const held = new Set(groups.pick(test).values);
      assert.ok(groups.pick(train).values.every((group) => !held.has(group)));
      return test.length;
    });
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 8, String(sizes));
    assert.equal(model.leaveOneOut(response, { groups }).folds.length, new Set(groups.values).size);
    assert.equal(model.leaveOneOut(response).folds.length, 90);
  });

  it("are refused when there are too few patients, groups, or no seed", async () => {
    assert.throws(() => model.folds(response, { k: 91, seed: 1 }), /91 folds of 90 patients/);
    assert.throws(() => model.folds(response, { k: 1, seed: 1 }), /folds must be 2 or more/);
    assert.throws(() => model.folds(response, { seed: 0.5 }), /seed must be a whole number/);
    await assert.rejects(model.crossValidate(x, response, naiveBayes()), /give a whole number as seed/);
  });
});

describe("split", () => {
  it("gives each part its share of every class, and keeps groups together", () => {
    const { train, test } = model.split(x, response, { test: 0.4, seed: 3 });
    assert.equal(test.y.length, 36);
    assert.ok(Math.abs((test.y.counts[1] ?? 0) - 0.4 * (response.counts[1] ?? 0)) <= 1);
    assert.deepEqual([...train.x.ids, ...test.x.ids].sort(), [...x.ids].sort());
    const groups = new Labels(
      x.ids,
      x.ids.map((_, row) => `G${row % 20}`),
    );
    const parts = model.split(x, response, { test: 0.3, seed: 3, groups });
    const held = new Set(groups.pick(parts.test.y.ids).values);
    assert.ok(groups.pick(parts.train.y.ids).values.every((group) => !held.has(group)));
    assert.ok(Math.abs(parts.test.y.length - 27) <= 5, String(parts.test.y.length));
  });
});

describe("cross-validation", () => {
  it("is the same as fitting each fold by hand", async () => {
    const folds = model.folds(response, { k: 5, seed: 4 });
    const recipe = model.pipeline(model.standardize(), nearestNeighbors({ k: 5 }));
    const cv = await model.crossValidate(x, response, recipe, {
      folds,
      metrics: ["auc", "brier", "accuracy"],
    });
    const byHand = new Map<string, number>();
    folds.folds.forEach(({ train, test }, at) => {
      const predicted = recipe.fit(x.pick(train), response.pick(train)).predict(x.pick(test)).of("yes");
      for (const [row, id] of predicted.ids.entries()) byHand.set(id, predicted.values[row] as number);
      assert.equal(cv.scores.column("auc")[at], model.metrics.areaUnderCurve(response.pick(test), predicted));
    });
    const pooled = new Scores(
      x.ids,
      Float64Array.from(x.ids, (id) => byHand.get(id) as number),
    );
    assert.deepEqual(cv.predicted.of("yes").values, pooled.values);
    const expected = model.metrics.auc(response, pooled);
    assert.equal(cv.metrics[0]?.pooled.value, expected.auc);
    assert.equal(cv.metrics[0]?.pooled.interval.lower, expected.interval.lower);
    assert.equal(cv.metrics[1]?.pooled.value, model.metrics.brier(response, pooled));
    const { mean, sd, interval } = cv.metrics[0]?.byFold ?? { mean: 0, sd: 0, interval: null };
    // Nadeau & Bengio: t of 4 degrees of freedom, 2.776445.
    const width = 2.7764451051977987 * sd * Math.sqrt(1 / 5 + 18 / 72);
    assert.ok(Math.abs((interval?.upper ?? 0) - mean - width) < 1e-12);
    assert.match(
      cv.sentence,
      /5-fold, stratified\) of 90 patients, the area under the ROC curve was 0\.\d+ \(95 % CI/,
    );
    assert.match(
      ((await shown(cv)) as unknown as Record<string, string>)["text/html"] ?? "",
      /<caption>Cross-validation of 90/,
    );
  });

  it("gives the same bits for the same seed, and other folds for another", async () => {
    const run = (seed: number) =>
      model.crossValidate(x, survival, model.cox(), { folds: 4, repeats: 2, seed });
    const [a, b, c] = [await run(1), await run(1), await run(2)];
    assert.deepEqual(a.predicted.values, b.predicted.values);
    assert.deepEqual(a.metrics, b.metrics);
    assert.notDeepEqual(a.predicted.values, c.predicted.values);
    assert.equal(a.outOfFold.length, 2);
  });

  it("handles several classes, one score per patient, leave-one-out and one's own metric", async () => {
    const stage = new Labels(
      x.ids,
      x.ids.map((_, row) => ["I", "II", "III"][row % 3] as string),
      { name: "stage" },
    );
    const three = await model.crossValidate(x, stage, naiveBayes(), {
      seed: 1,
      metrics: ["auc", "log loss", "f1", "accuracy"],
    });
    assert.ok(three.predicted instanceof Probabilities);
    assert.equal(three.metrics.length, 4);
    await assert.rejects(
      model.crossValidate(x, stage, naiveBayes(), { seed: 1, metrics: ["specificity"] }),
      /is of two classes/,
    );
    const one = await model.crossValidate(x, stage, naiveBayes(), {
      seed: 1,
      metrics: ["specificity"],
      positive: "III",
    });
    assert.ok((one.metrics[0]?.pooled.value ?? -1) >= 0);
    const loo = await model.crossValidate(x, response, model.logistic(), {
      folds: model.leaveOneOut(response),
    });
    assert.equal(loo.metrics[0]?.byFold, null);
    assert.match(loo.notes.join(), /auc: 90 of 90 folds alone have no value/);
    const own: model.Metric<Labels, Scores> = {
      name: "mean score",
      isError: false,
      score: (_, { values }) => values.reduce((sum, value) => sum + value, 0) / values.length,
    };
    const mean = await model.crossValidate(x, response, model.logistic(), { seed: 1, metrics: [own] });
    assert.ok(Math.abs((mean.metrics[0]?.pooled.value ?? 0) - 0.5) < 0.2);
    await assert.rejects(
      model.crossValidate(x, response, model.logistic(), { seed: 1, metrics: ["aucc" as "auc"] }),
      /no metric "aucc"/,
    );
  });

  it("tells progress after each fit and stops when it is cancelled", async () => {
    const seen: string[] = [];
    await model.crossValidate(x, response, naiveBayes(), {
      seed: 1,
      onProgress: ({ done, total }) => seen.push(`${done}/${total}`),
    });
    assert.deepEqual(seen, ["1/5", "2/5", "3/5", "4/5", "5/5"]);
    const stop = new AbortController();
    let last = 0;
    const work = model.crossValidate(x, response, naiveBayes(), {
      seed: 1,
      repeats: 100,
      signal: stop.signal,
      onProgress: ({ done }) => {
        last = done;
        if (done === 7) stop.abort(new Error("enough"));
      },
    });
    await assert.rejects(work, /enough/);
    assert.equal(last, 7);
  });

  it("stops at a notebook's interrupt, which it finds by the agreed symbol", async () => {
    const symbol = Symbol.for("Radbook.interrupt");
    const stop = new AbortController();
    Reflect.set(globalThis, symbol, stop.signal);
    try {
      const work = model.crossValidate(x, response, naiveBayes(), {
        seed: 1,
        repeats: 100,
        onProgress: ({ done }) => done === 3 && stop.abort(new Error("interrupted")),
      });
      await assert.rejects(work, /interrupted/);
    } finally {
      Reflect.deleteProperty(globalThis, symbol);
    }
  });
});

describe("a recipe that tunes itself", () => {
  const grid = { k: [3, 9, 500], weights: ["uniform" as const, "distance" as const] };
  const recipe = model.tuned(
    grid,
    (setting) => model.pipeline(model.standardize(), nearestNeighbors(setting)),
    { seed: 7, folds: 4 },
  );

  it("chooses the best mean over the folds, and says what could not be fitted", async () => {
    const found = recipe.fit(x, response);
    assert.equal(found.trials.length, 6);
    for (const { setting, failure } of found.trials) assert.equal(failure !== null, setting.k === 500);
    const means = found.trials.map(({ mean }) => mean ?? -1);
    const best = found.trials[means.indexOf(Math.max(...means))];
    assert.deepEqual(found.best, best?.setting);
    const cv = await model.crossValidate(
      x,
      response,
      model.pipeline(model.standardize(), nearestNeighbors(found.best)),
      { folds: 4, seed: 7 },
    );
    assert.equal(best?.mean, cv.metrics[0]?.byFold?.mean);
    assert.deepEqual(
      found.predict(x).values,
      model.pipeline(model.standardize(), nearestNeighbors(found.best)).fit(x, response).predict(x).values,
    );
    assert.match(found.sentence, /chose the setting and is therefore optimistic/);
  });

  it("searches anew in each outer fold: the search never sees the fold's patients", async () => {
    const seen = new Set<string>();
    const spying = model.tuned(
      { k: [3, 5] },
      ({ k }): model.Estimator<Labels, model.classification.Classifier> => ({
        fit: (features, labels) => {
          for (const id of features.ids) seen.add(id);
          return nearestNeighbors({ k }).fit(features, labels);
        },
      }),
      { seed: 1 },
    );
    await model.crossValidate(x, response, spying, {
      folds: 3,
      seed: 2,
      inspect: (fitted, fold) => {
        assert.deepEqual([...seen].sort(), [...fold.train].sort());
        seen.clear();
        return fitted.best;
      },
    });
  });

  it("tells progress over all its fits, also of those that fail, and is cancelled between them", async () => {
    const all: number[] = [];
    await model.crossValidate(x, response, recipe, {
      folds: 3,
      seed: 1,
      onProgress: ({ done }) => all.push(done),
    });
    assert.deepEqual(
      all,
      Array.from({ length: 3 * (6 * 4 + 1) }, (_, at) => at + 1),
    );
    const stop = AbortSignal.abort(new Error("not now"));
    const search = model.gridSearch(x, response, { k: [3] }, ({ k }) => nearestNeighbors({ k }), {
      seed: 1,
      signal: stop,
    });
    await assert.rejects(search, /not now/);
    const none = model.gridSearch(x, response, { k: [500] }, ({ k }) => nearestNeighbors({ k }), { seed: 1 });
    await assert.rejects(none, /none of 1 settings could be fitted.*500 neighbors/);
  });
});

describe("a permuted-outcome run", () => {
  it("finds what is there and nothing in permuted outcomes", async () => {
    const found = await model.permutedOutcome(x, survival, model.cox(), {
      permutations: 20,
      folds: 4,
      seed: 1,
    });
    assert.ok(found.observed > 0.7);
    const median = [...found.permuted].sort()[10] ?? 0;
    assert.ok(median > 0.35 && median < 0.6, String(median));
    assert.equal(found.p, 1 / 21);
    const noise = cohortForModels(90, 0, 3);
    const nothing = await model.permutedOutcome(noise.x, noise.response, naiveBayes(), { seed: 1 });
    assert.ok(nothing.p > 0.05, String(nothing.p));
  });
});

describe("a learning curve", () => {
  it("rises with the patients, and ends at the cross-validation of all of them", async () => {
    const recipe = naiveBayes();
    const curve = await model.learningCurve(x, response, recipe, {
      folds: 5,
      repeats: 2,
      seed: 3,
      sizes: [20, 72],
    });
    const cv = await model.crossValidate(x, response, recipe, { folds: 5, repeats: 2, seed: 3 });
    const [first, last] = curve.points;
    assert.ok(first && last && first.held.value < last.held.value && first.training > last.training);
    assert.ok(Math.abs(last.held.value - (cv.metrics[0]?.pooled.value ?? 0)) < 1e-6);
  });

  it("tests on the patients that it is given, and refuses those it trains on", async () => {
    const { train, test } = model.split(x, survival, { seed: 1 });
    const curve = await model.learningCurve(train.x, train.y, model.cox(), {
      sizes: [20, 63],
      repeats: 2,
      seed: 1,
      test,
    });
    const whole = model.concordance(test.y, model.cox().fit(train.x, train.y).predict(test.x)).c;
    assert.ok(Math.abs((curve.points[1]?.held.value ?? 0) - whole) < 1e-9);
    await assert.rejects(
      model.learningCurve(train.x, train.y, model.cox(), { seed: 1, test: { x: train.x, y: train.y } }),
      /which is a leak/,
    );
    await assert.rejects(
      model.learningCurve(x, survival, model.cox(), { seed: 1, sizes: [500] }),
      /found 500/,
    );
  });
});

describe("the optimism bootstrap", () => {
  it("takes the mean of what samples promise beyond what they keep, by the definition", async () => {
    const found = await model.optimismBootstrap(x, survival, model.cox(), { draws: 40, seed: 2 });
    const { apparent, onAll } = found.samples;
    const optimism = apparent.reduce((sum, value, at) => sum + value - (onAll[at] ?? 0), 0) / apparent.length;
    assert.ok(Math.abs(found.optimism - optimism) < 1e-12 && optimism > 0);
    assert.equal(found.apparent, model.cox().fit(x, survival).concordance.c);
    assert.ok(Math.abs(found.corrected - (found.apparent - found.optimism)) < 1e-12);
    assert.match(
      found.sentence,
      /Corrected for optimism by 40 bootstrap samples of 90 patients, Harrell's concordance/,
    );
  });

  it("takes most off where there is nothing but chance", async () => {
    const noise = cohortForModels(40, 0, 4);
    const found = await model.optimismBootstrap(noise.x, noise.response, model.logistic(), {
      draws: 60,
      seed: 1,
    });
    assert.ok(found.apparent > 0.6 && found.corrected < found.apparent - 0.08, JSON.stringify(found));
  });

  it("carries steps that look patients up by id to patients who are drawn twice", async () => {
    const scanner = new Labels(
      x.ids,
      x.ids.map((_, row) => (row % 2 === 0 ? "A" : "B")),
      { name: "scanner" },
    );
    const recipe = model.pipeline(model.harmonize(scanner), model.logistic());
    const found = await model.optimismBootstrap(x, response, recipe, { draws: 5, seed: 1 });
    assert.equal(found.samples.apparent.length, 5);
  });
});

describe("validation of tables without sense", () => {
  it("refuses other patients, another order, and recipes that cannot be fitted", async () => {
    const turned = [...x.ids].reverse();
    await assert.rejects(
      model.crossValidate(x.pick(turned), response, naiveBayes(), { seed: 1 }),
      /another order/,
    );
    await assert.rejects(
      model.permutedOutcome(x, response.pick(turned), naiveBayes(), { seed: 1 }),
      /another order/,
    );
    const empty = new FeatureTable(x.ids, []);
    await assert.rejects(model.crossValidate(empty, response, naiveBayes(), { seed: 1 }), /no columns/);
    await assert.rejects(model.optimismBootstrap(empty, response, naiveBayes(), { seed: 1 }), /no columns/);
  });
});
