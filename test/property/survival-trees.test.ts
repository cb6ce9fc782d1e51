/** Survival forests and boosted Cox regression by their definitions, and sound on any small data set. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { randomStream } from "../../src/core/random.js";
import { tree as explainTree } from "../../src/explain/tree.js";
import { coxBoost, coxGradient } from "../../src/model/cox-boost.js";
import { kaplanMeier } from "../../src/model/kaplan-meier.js";
import { logRank } from "../../src/model/log-rank.js";
import { survivalForest } from "../../src/model/survival-forest.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { SurvivalData } from "../../src/table/survival-data.js";
import { assertSound, soundOrNull } from "../support/sound-results.js";
import { featuresOf, idsOf, patients, survivalOf } from "../support/survival-generators.js";

/** The issue asks for at least this many data sets per family. */
const RUNS = 20_000;

describe("survival trees", function () {
  // Tens of thousands of data sets take a minute on a busy machine.
  this.timeout(300_000);

  it(`give numbers or a typed error, ${RUNS} data sets`, () => {
    let answers = 0;
    const recipes = [
      survivalForest({ trees: 1, minSplit: 2, minLeaf: 1 }),
      coxBoost({ rounds: 2, learningRate: 1, subsample: 0.8 }),
    ];
    fc.assert(
      fc.property(patients, fc.integer({ min: 0, max: 3 }), (rows, columns) => {
        const [x, y] = [featuresOf(rows, columns), survivalOf(rows)];
        for (const recipe of recipes) {
          const fitted = soundOrNull(() => recipe.fit(x, y));
          if (fitted === null) continue;
          answers++;
          assertSound(fitted.predict(x).values);
          for (const { survival } of fitted.survival(x)) {
            survival.forEach((value, at) => {
              assert.ok(value >= 0 && value <= (survival[at - 1] ?? 1) + 1e-12, `survival ${value}`);
            });
          }
        }
      }),
      { numRuns: RUNS },
    );
    assert.ok(answers > RUNS / 2, `only ${answers} of ${2 * RUNS} had an answer`);
  });

  it("a forest of one leaf is the Kaplan–Meier and the Nelson–Aalen estimate", () => {
    fc.assert(
      fc.property(patients, (rows) => {
        const y = survivalOf(rows);
        fc.pre(y.events > 0);
        const x = featuresOf(rows, 2);
        const fitted = survivalForest({ trees: 3, bootstrap: false, minLeaf: rows.length }).fit(x, y);
        const [curve] = kaplanMeier(y).groups;
        assert.ok(curve !== undefined);
        const at = Array.from(curve.time.keys()).filter((k) => (curve.event[k] as number) > 0);
        assert.deepEqual(
          [...fitted.times],
          at.map((k) => curve.time[k]),
        );
        const hazards = fitted.cumulativeHazard(x);
        fitted.survival(x).forEach(({ survival }, row) => {
          at.forEach((k, j) => {
            assertClose(survival[j], curve.survival[k]);
            assertClose(hazards[row * at.length + j], curve.cumulativeHazard[k]);
          });
        });
        const mortality = at.reduce((sum, k) => sum + (curve.cumulativeHazard[k] as number), 0);
        assertClose(fitted.predict(x).values[0], mortality);
      }),
    );
  });

  it("the first cut is the one with the largest log-rank chi-square", () => {
    fc.assert(
      fc.property(patients, (rows) => {
        const y = survivalOf(rows);
        fc.pre(y.events > 0);
        const x = featuresOf(rows, 2);
        const fitted = survivalForest({
          trees: 1,
          bootstrap: false,
          maxDepth: 1,
          minSplit: 2,
          minLeaf: 1,
          features: "all",
        }).fit(x, y);
        const chiSquareAt = (column: number, cut: number): number => {
          const side = Array.from(x.columns[column]?.values ?? [], (value) =>
            value <= cut ? "low" : "high",
          );
          if (new Set(side).size < 2) return 0;
          return soundOrNull(() => logRank(y, new Labels(y.ids, side)).chiSquare) ?? 0;
        };
        const best = Math.max(
          ...x.columns.flatMap(({ values }, column) => Array.from(values, (cut) => chiSquareAt(column, cut))),
        );
        const [tree] = fitted.trees.trees;
        assert.ok(tree !== undefined);
        const isLeaf = tree.left[0] === -1;
        const own = isLeaf ? 0 : chiSquareAt(tree.feature[0] as number, tree.threshold[0] as number);
        assert.ok(Math.abs(own - best) < 1e-8 * Math.max(1, best), `${own} is not ${best}`);
      }),
    );
  });

  it("threads grow the same forest to the bit, and it can be explained", async () => {
    const { x, y } = cohort(150, 6);
    const recipe = survivalForest({ trees: 21, seed: 3 });
    const alone = recipe.fit(x, y);
    const threads = await recipe.fitInThreads(x, y, { workers: 2 });
    assert.deepEqual(threads.trees, alone.trees);
    assert.deepEqual(threads.predict(x), alone.predict(x));
    assert.equal(alone.outOfBag().length, 150);
    assert.throws(() => survivalForest({ trees: 2 }).fit(x, y).outOfBag(), /seen patient .* Grow more trees/);
    assert.throws(() => survivalForest({ bootstrap: false }).fit(x, y).outOfBag(), /without bootstrap/);
    for (const fitted of [alone, coxBoost({ rounds: 20 }).fit(x, y)]) {
      const why = explainTree(fitted, x);
      const answers = fitted.predict(x).values;
      answers.forEach((answer, row) => {
        const shap = why.values.subarray(row * 6, row * 6 + 6).reduce((sum, value) => sum + value, why.base);
        assert.ok(Math.abs(shap - answer) <= 1e-12 * Math.max(1, Math.abs(answer)));
      });
      assert.equal(why.ranking()[0], 0);
    }
  });

  it("what boosting wants is the slope of Breslow's partial likelihood", () => {
    fc.assert(
      fc.property(
        patients,
        fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 12, maxLength: 12 }),
        (rows, given) => {
          const y = survivalOf(rows);
          fc.pre(rows.length > 0 && y.events > 0);
          const scores = Float64Array.from(rows, (_, row) => given[row] as number);
          const order = Int32Array.from(y.time.keys()).sort(
            (a, b) => (y.time[b] as number) - (y.time[a] as number),
          );
          const wanted = new Float64Array(rows.length);
          coxGradient(y, order, new Float64Array(rows.length).fill(1), scores, wanted);
          const step = 1e-5;
          rows.forEach((_, row) => {
            const moved = (by: number): number =>
              logLikelihood(
                y,
                scores.map((score, at) => (at === row ? score + by : score)),
              );
            assert.ok(Math.abs((wanted[row] as number) - (moved(step) - moved(-step)) / (2 * step)) < 1e-6);
          });
        },
      ),
    );
  });

  it("say what is wrong", () => {
    const { x, y } = cohort(20, 2);
    const nobody = new SurvivalData(y.ids, y.time, new Uint8Array(20), "months");
    assert.throws(() => survivalForest().fit(x, nobody), /none of 20 patients has the event/);
    assert.throws(() => coxBoost().fit(x.select([]), y), /no columns/);
    assert.throws(() => survivalForest({ features: 3 }).fit(x, y), /3 columns .* the table has 2/);
    assert.throws(() => coxBoost().fit(x, survivalOf([])), /not the same patients/);
  });
});

/** Σ over events of score − ln Σ over those at risk of e^score. */
function logLikelihood(y: SurvivalData, scores: Float64Array): number {
  let sum = 0;
  y.time.forEach((time, row) => {
    if (y.event[row] === 0) return;
    let atRisk = 0;
    y.time.forEach((other, at) => {
      if (other >= time) atRisk += Math.exp(scores[at] as number);
    });
    sum += (scores[row] as number) - Math.log(atRisk);
  });
  return sum;
}

/** The first column shortens survival. */
function cohort(n: number, p: number): { readonly x: FeatureTable; readonly y: SurvivalData } {
  const random = randomStream("survival trees");
  const ids = idsOf(
    Array.from({ length: n }, () => ({ time: 0, event: 0 as const, group: "a", values: [] })),
  );
  const columns = Array.from({ length: p }, (_, j) => ({
    name: `x${j}`,
    unit: "",
    values: Float64Array.from({ length: n }, () => random.normal()),
  }));
  const time = ids.map(
    (_, row) => -Math.log(random.uniform()) * Math.exp(-1.5 * (columns[0]?.values[row] ?? 0)),
  );
  return {
    x: new FeatureTable(ids, columns),
    y: new SurvivalData(
      ids,
      time,
      ids.map(() => random.uniform() < 0.7),
      "months",
    ),
  };
}

function assertClose(found: number | undefined, expected: number | undefined): void {
  assert.ok(found !== undefined && expected !== undefined);
  assert.ok(Math.abs(found - expected) <= 1e-12 * Math.max(1, expected), `${found} is not ${expected}`);
}
