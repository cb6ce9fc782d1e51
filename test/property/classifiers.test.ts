/** Classifiers by their definitions, and on any small data set: probabilities or a typed error. */
import assert from "node:assert/strict";
import fc from "fast-check";
import * as classification from "../../src/model/classification/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { labelsOf } from "../support/outcomes.js";
import { type SmallPatient, smallPatient, smallTable } from "../support/small-patients.js";
import { anyValue, assertSound, soundOrNull } from "../support/sound-results.js";

/** The issue asks for at least this many data sets per family. */
const RUNS = 20_000;

const clean = fc.array(smallPatient(fc.integer({ min: -4, max: 4 })), { minLength: 6, maxLength: 12 });

describe("classifiers", function () {
  // Tens of thousands of data sets take a minute on a busy machine.
  this.timeout(300_000);

  it(`give probabilities or a typed error, ${RUNS} data sets`, () => {
    const answers: Record<string, number> = {};
    const recipes = {
      neighbors: classification.nearestNeighbors({ k: 2 }),
      weighted: classification.nearestNeighbors({ k: 3, weights: "distance", metric: "manhattan" }),
      naiveBayes: classification.naiveBayes(),
      linear: classification.linearDiscriminant(),
      shrunk: classification.linearDiscriminant({ shrinkage: "auto" }),
      quadratic: classification.quadraticDiscriminant(),
      regular: classification.quadraticDiscriminant({ regularization: 0.2 }),
    };
    fc.assert(
      fc.property(fc.array(smallPatient(anyValue), { maxLength: 9 }), (rows) => {
        const [x, y] = [smallTable(rows), labelsOf(rows.map(({ label }) => label))];
        for (const [name, recipe] of Object.entries(recipes)) {
          const predicted = soundOrNull(() => recipe.fit(x, y).predict(x));
          if (predicted === null) continue;
          answers[name] = (answers[name] ?? 0) + 1;
          assertSound(predicted.values, [], name);
          assert.deepEqual(predicted.ids, x.ids);
        }
      }),
      { numRuns: RUNS },
    );
    // A covariance of each class needs three patients who lie on no line, which few of these data sets have.
    for (const name of Object.keys(recipes)) {
      assert.ok((answers[name] ?? 0) > RUNS / 100, `${name}: only ${answers[name]} of ${RUNS} had an answer`);
    }
  });

  it("neighbors are the nearest of all, the first of equals first", () => {
    fc.assert(
      fc.property(clean, fc.integer({ min: 1, max: 6 }), (rows, k) => {
        fc.pre(new Set(rows.map(({ label }) => label)).size > 1);
        const x = smallTable(rows);
        const found = classification
          .nearestNeighbors({ k })
          .fit(x, labelsOf(rows.map(({ label }) => label)))
          .neighbors(x);
        rows.forEach(({ values: [a, b] }, row) => {
          const sorted = rows
            .map((other, at) => ({ at, distance: Math.hypot(other.values[0] - a, other.values[1] - b) }))
            .sort((p, q) => p.distance - q.distance || p.at - q.at);
          assert.deepEqual(
            [...found.rows.slice(row * k, row * k + k)],
            sorted.slice(0, k).map(({ at }) => at),
          );
        });
      }),
    );
  });

  it("discriminant analysis does not change with unit and origin of the columns, nor with their order", () => {
    fc.assert(
      fc.property(clean, (rows) => {
        const [x, y] = [smallTable(rows), labelsOf(rows.map(({ label }) => label))];
        for (const recipe of [classification.linearDiscriminant(), classification.quadraticDiscriminant()]) {
          const found = soundOrNull(() => recipe.fit(x, y).predict(x));
          if (found === null) continue;
          const moved = new FeatureTable(
            x.ids,
            x.columns
              .toReversed()
              .map(({ name, unit, values }) => ({ name, unit, values: values.map((v) => 3 * v + 1) })),
          );
          const again = recipe.fit(moved, y).predict(moved);
          found.values.forEach((value, at) => {
            assert.ok(Math.abs(value - (again.values[at] as number)) < 1e-6, `probability ${at}`);
          });
        }
      }),
    );
  });

  it("say what is wrong with the data", () => {
    const rows: SmallPatient[] = [0, 0, 1, 1, 2, 2].map((label, at) => ({ label, values: [at, at * at] }));
    const [x, y] = [smallTable(rows), labelsOf(rows.map(({ label }) => label))];
    assert.throws(
      () => classification.nearestNeighbors({ k: 7 }).fit(x, y),
      /7 neighbors.*6 training patients/,
    );
    assert.throws(
      () => classification.naiveBayes().fit(x, labelsOf([1, 1, 1, 1, 1, 1])),
      /patients of 1 class/,
    );
    assert.throws(
      () => classification.linearDiscriminant().fit(x, labelsOf([0, 1])),
      /not the same patients/,
    );
    assert.throws(
      () => classification.quadraticDiscriminant().fit(x, y),
      /covariance of class "0" \(2 patients, 2 columns\)/,
    );
    const twice = x.join(new FeatureTable(x.ids, [{ name: "copy", unit: "mm", values: x.column("a") }]));
    assert.throws(
      () => classification.linearDiscriminant().fit(twice, labelsOf([0, 1, 0, 1, 0, 1])),
      /column "copy" is a linear combination/,
    );
    const fitted = classification.naiveBayes().fit(x, y);
    const other = new FeatureTable(x.ids, [
      { name: "a", unit: "cm", values: x.column("a") },
      { name: "b", unit: "mm", values: x.column("b") },
    ]);
    assert.throws(() => fitted.predict(other), /fitted on "a" in "mm", but the table has it in "cm"/);
    assert.throws(() => fitted.predict(x.select(["a"])), /no column "b"/);
  });
});
