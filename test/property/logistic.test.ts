/** Logistic regression on any small data set: a certified maximum or a typed error, whichever class is called positive. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { logistic } from "../../src/model/logistic.js";
import { logisticNet } from "../../src/model/logistic-net.js";
import { multinomial } from "../../src/model/multinomial.js";
import { Labels } from "../../src/table/labels.js";
import { soundOrNull } from "../support/sound-results.js";
import { featuresOf, idsOf, type Patient } from "../support/survival-generators.js";

/** The issue asks for at least this many data sets per family. */
const RUNS = 20_000;

const odd = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e308, 5e-324, 1e12);
const value = fc.oneof(
  { weight: 40, arbitrary: fc.integer({ min: -2, max: 2 }) },
  { weight: 40, arbitrary: fc.double({ min: -9, max: 9, noNaN: true }) },
  { weight: 1, arbitrary: odd },
);
const patient: fc.Arbitrary<Patient> = fc.record({
  time: fc.constant(1),
  event: fc.constantFrom(0 as const, 1 as const),
  group: fc.constant("a"),
  values: fc.tuple(value, value, value),
});

describe("logistic regression", () => {
  it(`any small data set gives a certified maximum or a typed error, ${RUNS} data sets`, () => {
    let fitted = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.array(patient, { maxLength: 14 }), fc.integer({ min: 1, max: 3 }), (rows, columns) => {
        const x = featuresOf(rows, columns);
        const y = outcomes(rows);
        const model = soundOrNull(() => logistic().fit(x, y));
        if (model === null) return;
        fitted++;
        refused++;
        for (const { coefficient, standardError, z, p, logP } of [model.constant, ...model.covariates]) {
          for (const each of [coefficient, standardError, z, p, logP]) assert.ok(Number.isFinite(each));
        }
        for (const each of [model.aic, model.bic, model.likelihoodRatio.p]) assert.ok(Number.isFinite(each));
        // At the maximum, as many events as expected, over all and weighted by each covariate.
        const p = model.predict(x).values;
        for (const values of [
          new Float64Array(rows.length).fill(1),
          ...x.columns.map((column) => column.values),
        ]) {
          const size = values.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
          const miss = values.reduce(
            (sum, each, row) => sum + each * ((y.codes[row] as number) - (p[row] as number)),
            0,
          );
          const digits =
            1e-7 * Math.max(1, ...model.covariates.map((one) => Math.abs(one.coefficient) * 1e-3));
          assert.ok(Math.abs(miss) <= digits * rows.length * Math.max(size, 1e-300), `misses by ${miss}`);
        }
        // At the edge of separation one labelling may still be fitted where the other, rounded otherwise, is refused.
        const swapped = soundOrNull(() => logistic({ positive: "no" }).fit(x, y));
        if (swapped === null) return;
        refused--;
        const gap = Math.abs(swapped.logLikelihood - model.logLikelihood);
        assert.ok(gap <= 1e-9 * (1 + Math.abs(model.logLikelihood)));
      }),
      { numRuns: RUNS },
    );
    assert.ok(fitted > RUNS / 10, `only ${fitted} of ${RUNS} data sets could be fitted`);
    assert.ok(refused < RUNS / 1000, `${refused} of ${RUNS} data sets could be fitted one way only`);
  });

  it(`with two classes the multinomial model is the ridge one at half the penalty, ${RUNS} data sets`, () => {
    let fitted = 0;
    fc.assert(
      fc.property(
        fc.array(patient, { maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(1, 0.1, 0.01),
        (rows, columns, lambda) => {
          const x = featuresOf(rows, columns);
          const y = outcomes(rows);
          const ridge = soundOrNull(() =>
            logisticNet({ l1Ratio: 0, folds: 0, lambdas: [lambda / 2] }).fit(x, y),
          );
          const model = soundOrNull(() => multinomial({ lambda }).fit(x, y));
          if (ridge === null || model === null) return;
          fitted++;
          const expected = ridge.at(lambda / 2).predict(x).values;
          const { values } = model.predict(x);
          expected.forEach((p, row) => {
            assert.ok(
              Math.abs((values[2 * row + 1] as number) - p) <= 1e-6,
              `${values[2 * row + 1]} is not ${p}`,
            );
          });
          const [no, yes] = model.coefficients.columns;
          no?.values.forEach((value, j) => {
            const other = yes?.values[j] as number;
            assert.ok(Math.abs(value + other) <= 1e-8 * (1 + Math.abs(value)));
          });
        },
      ),
      { numRuns: RUNS },
    );
    assert.ok(fitted > RUNS / 3, `only ${fitted} of ${RUNS} data sets could be fitted`);
  });

  it("names the covariate that separates the classes, and refuses other patients", () => {
    const rows: Patient[] = [0, 1, 2, 3, 4, 5].map((k) => ({
      time: 1,
      event: k < 3 ? 0 : 1,
      group: "a",
      values: [k, (k * 5) % 3, 0],
    }));
    assert.throws(
      () => logistic().fit(featuresOf(rows, 1), outcomes(rows)),
      /"x0" grows without limit.*separate/,
    );
    const x = featuresOf(rows, 2).pick([...idsOf(rows)].reverse());
    assert.throws(() => logistic().fit(x, outcomes(rows)), /another order/);
  });
});

function outcomes(rows: readonly Patient[]): Labels {
  return new Labels(
    idsOf(rows),
    rows.map((row) => (row.event === 1 ? "yes" : "no")),
    { classes: ["no", "yes"] },
  );
}
