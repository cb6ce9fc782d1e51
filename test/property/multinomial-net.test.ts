/** The multinomial elastic net on any small data set: a path with probabilities, or a typed error. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { multinomialNet } from "../../src/model/multinomial-net.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { labelsOf, rowIds } from "../support/outcomes.js";
import { anyValue, assertSound, soundOrNull } from "../support/sound-results.js";

/** The issue asks for at least this many data sets per family. */
const RUNS = 20_000;

const patient = fc.record({
  label: fc.integer({ min: 0, max: 2 }),
  values: fc.tuple(anyValue, anyValue, anyValue),
});

describe("multinomial elastic net", function () {
  this.timeout(300_000);

  it(`gives probabilities or a typed error, ${RUNS} data sets`, () => {
    let answers = 0;
    const path = { folds: 0, lambdaCount: 2, lambdaRatio: 0.05 };
    const recipes = [
      multinomialNet(path),
      multinomialNet({ ...path, l1Ratio: 0.5, grouped: true, classWeights: "balanced" }),
      multinomialNet({ ...path, l1Ratio: 0, standardize: false }),
      multinomialNet({ ...path, grouped: true }),
    ];
    fc.assert(
      fc.property(fc.array(patient, { maxLength: 9 }), fc.constantFrom(...recipes), (rows, recipe) => {
        const x = new FeatureTable(
          rowIds(rows.length),
          ["a", "b", "c"].map((name, at) => ({
            name,
            unit: "",
            values: Float64Array.from(rows, ({ values }) => values[at] as number),
          })),
        );
        const fitted = soundOrNull(() => recipe.fit(x, labelsOf(rows.map(({ label }) => label))));
        if (fitted === null) return;
        answers++;
        assertSound(fitted.devianceRatio, [], "deviance");
        for (const lambda of fitted.lambdas)
          assertSound(fitted.at(lambda).predict(x).values, [], "probability");
      }),
      { numRuns: RUNS },
    );
    assert.ok(answers > RUNS / 3, `only ${answers} of ${RUNS} had an answer`);
  });

  it("says what is wrong with options, folds and penalties", () => {
    const x = new FeatureTable(rowIds(6), [
      { name: "a", unit: "", values: Float64Array.of(1, 2, 3, 4, 5, 7) },
    ]);
    const y = labelsOf([0, 0, 0, 1, 1, 2]);
    assert.throws(
      () => multinomialNet({ folds: 3, seed: 1 }).fit(x, y),
      /training part of fold . has no patient of class 2/,
    );
    const path = multinomialNet({ folds: 0, lambdas: [0.1, 0.2] }).fit(x, y);
    assert.throws(() => path.predict(x), /no penalty is chosen/);
    assert.throws(() => path.at(0.3), /path goes from 0.2 down to 0.1, found 0.3/);
    const between = path.at(0.15).chosen.coefficients.columns[0]?.values[0] as number;
    const ends = [0.1, 0.2].map((lambda) => path.at(lambda).chosen.coefficients.columns[0]?.values[0] ?? 0);
    assert.ok(Math.abs(between - ((ends[0] as number) + (ends[1] as number)) / 2) < 1e-12, `${between}`);
    const flat = new FeatureTable(rowIds(6), [{ name: "a", unit: "", values: new Float64Array(6).fill(3) }]);
    assert.throws(
      () => multinomialNet({ folds: 0 }).fit(flat, y),
      /no penalised column varies with the outcome/,
    );
  });
});
