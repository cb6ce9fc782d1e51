/** Any small data set gives numbers or a typed error: never a silent NaN, never a hang. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError, NumericalError } from "../../src/core/errors.js";
import { concordance, survivalWeightedConcordance, unoConcordance } from "../../src/model/concordance.js";
import { cox } from "../../src/model/cox.js";
import { coxResiduals, schoenfeldResiduals } from "../../src/model/cox-residuals.js";
import { coxSurvival } from "../../src/model/cox-survival.js";
import { cut } from "../../src/model/cut.js";
import { kaplanMeier } from "../../src/model/kaplan-meier.js";
import { logRank } from "../../src/model/log-rank.js";
import { proportionality, TIME_SCALES } from "../../src/model/proportionality.js";
import { split } from "../../src/model/split.js";
import { Scores } from "../../src/table/scores.js";
import { featuresOf, groupsOf, idsOf, type Patient, survivalOf } from "../support/survival-generators.js";

/** The issue asks for at least this many data sets per family. */
const RUNS = 20_000;

const oddNumber = fc.constantFrom(
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  1e308,
  -1e308,
  5e-324,
  1e-160,
  1e160,
);
const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 40, arbitrary: usual }, { weight: 1, arbitrary: odd });
const value = mostly(
  fc.oneof(fc.integer({ min: -2, max: 2 }), fc.double({ min: -9, max: 9, noNaN: true })),
  oddNumber,
);
const patient: fc.Arbitrary<Patient> = fc.record({
  time: mostly(
    fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ min: 0, max: 9, noNaN: true })),
    oddNumber,
  ),
  event: fc.constantFrom(0 as const, 1 as const),
  group: fc.constantFrom("a", "b", "c"),
  values: fc.tuple(value, value, value),
});
const dataSet = fc.tuple(
  fc.array(patient, { maxLength: 10 }),
  fc.integer({ min: 1, max: 3 }),
  fc.constantFrom("efron" as const, "breslow" as const),
);

describe("any small data set gives numbers or a typed error", () => {
  it(`Cox regression, ${RUNS} data sets`, () => {
    let fitted = 0;
    fc.assert(
      fc.property(dataSet, ([rows, columns, ties]) => {
        const model = numbersOrTypedError(() =>
          cox({ ties }).fit(featuresOf(rows, columns), survivalOf(rows)),
        );
        if (model === null) return;
        fitted++;
        const { covariates, likelihoodRatio, wald, score, aic, baseline } = model;
        for (const found of covariates) {
          const { coefficient, standardError, z, p, logP, lower } = found;
          assertFinite([coefficient, standardError, z, p, logP, lower]);
        }
        assertFinite([likelihoodRatio.p, wald.p, score.p, aic, model.concordance.c]);
        for (const stratum of baseline) assertFinite(stratum.cumulativeHazard);
        assertFinite(model.predict(featuresOf(rows, columns)).values);
        assertFinite(coxResiduals(model, "martingale").values);
        assertFinite(coxResiduals(model, "deviance").values);
        for (const residual of schoenfeldResiduals(model, { scaled: true }).columns)
          assertFinite(residual.values);
        for (const curve of coxSurvival(model, model.training.x)) assertFinite(curve.survival);
        for (const scale of TIME_SCALES) {
          const test = numbersOrTypedError(() => proportionality(model, { scale }));
          if (test !== null) assertFinite([...test.covariates.map((found) => found.p), test.global.p]);
        }
      }),
      { numRuns: RUNS },
    );
    // Otherwise the property would say nothing.
    assert.ok(fitted > RUNS / 10, `only ${fitted} of ${RUNS} data sets could be fitted`);
  });

  it(`Kaplan–Meier and log-rank, ${RUNS} data sets`, () => {
    let tested = 0;
    fc.assert(
      fc.property(dataSet, ([rows]) => {
        const y = numbersOrTypedError(() => survivalOf(rows));
        if (y === null) return;
        const km = numbersOrTypedError(() => kaplanMeier(y, { by: groupsOf(rows) }));
        for (const curve of km?.groups ?? []) {
          assertFinite([...curve.survival, ...curve.cumulativeHazard, curve.restrictedMean(5).mean]);
          curve.survival.forEach((survival, at) => {
            if (survival > 0 && survival < 1)
              assertFinite([curve.lower[at] as number, curve.upper[at] as number]);
          });
        }
        const test = numbersOrTypedError(() => logRank(y, groupsOf(rows)));
        if (test === null) return;
        tested++;
        assertFinite([test.chiSquare, test.p, test.logP]);
        assert.ok(test.chiSquare >= 0 && test.p >= 0 && test.p <= 1);
      }),
      { numRuns: RUNS },
    );
    assert.ok(tested > RUNS / 10, `only ${tested} of ${RUNS} data sets could be tested`);
  });

  it(`concordance, cut and split, ${RUNS} data sets`, () => {
    fc.assert(
      fc.property(dataSet, fc.double({ min: -0.1, max: 1.1, noNaN: true }), ([rows, columns], share) => {
        const y = numbersOrTypedError(() => survivalOf(rows));
        if (y === null) return;
        const values = Float64Array.from(rows, (row) => row.values[0] as number);
        const scores = numbersOrTypedError(() => new Scores(idsOf(rows), values));
        if (scores !== null) {
          const found = numbersOrTypedError(() => concordance(y, scores));
          if (found !== null) assertFinite([found.c, found.standardError]);
          for (const watched of ["before", "at"] as const) {
            const uno = numbersOrTypedError(() => unoConcordance(y, scores, { until: 3, watched }));
            if (uno !== null) assertFinite([uno.c, uno.standardError]);
          }
          const weighted = numbersOrTypedError(() => survivalWeightedConcordance(y, scores));
          if (weighted !== null) assertFinite([weighted.c, weighted.standardError]);
          const groups = numbersOrTypedError(() => cut(scores));
          if (groups !== null) assert.ok(groups.counts.every((count) => count > 0));
        }
        const x = featuresOf(rows, columns);
        const parts = numbersOrTypedError(() => split(x, y, { test: share, seed: 1 }));
        if (parts === null) return;
        const { train, test } = parts;
        assert.deepEqual([...train.y.ids, ...test.y.ids].sort(), [...y.ids].sort());
        assert.deepEqual(train.x.ids, train.y.ids);
        assert.ok(Math.abs(test.y.length - share * y.length) <= 0.5 + 1e-9);
        assert.ok(Math.abs(test.y.events - share * y.events) <= 1);
      }),
      { numRuns: RUNS },
    );
  });

  it("rows of other patients, or in another order, are refused by name", () => {
    const rows: Patient[] = [1, 2, 3, 4].map((time) => ({
      time,
      event: 1,
      group: time % 2 === 0 ? "a" : "b",
      values: [time % 3, time, 0],
    }));
    const y = survivalOf(rows);
    const turned = [...y.ids].reverse();
    const fewer = y.ids.slice(1);
    for (const ids of [turned, fewer]) {
      const x = featuresOf(rows, 1).pick(ids);
      assert.throws(() => cox().fit(x, y), InputError);
      assert.throws(() => kaplanMeier(y, { by: groupsOf(rows).pick(ids) }), InputError);
      assert.throws(() => logRank(y, groupsOf(rows).pick(ids)), InputError);
      assert.throws(() => split(x, y, { seed: 1 }), InputError);
      assert.throws(() => concordance(y, new Scores(ids, new Float64Array(ids.length))), InputError);
    }
    assert.throws(() => cox().fit(featuresOf(rows, 1).pick(turned), y), /another order.*P0.*P3.*pick/);
    assert.throws(() => cox().fit(featuresOf(rows, 1).pick(fewer), y), /lacks patient "P0"/);
  });
});

/** The result, or null if the work refused the input in the way that the library promises. */
function numbersOrTypedError<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError || error instanceof NumericalError) return null;
    throw error;
  }
}

function assertFinite(values: ArrayLike<number>): void {
  for (let at = 0; at < values.length; at++)
    assert.ok(Number.isFinite(values[at]), `value ${at} is ${values[at]}`);
}
