/** Parametric survival models against their definition, and on any small data set: numbers or a typed error. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { normalCdf } from "../../src/core/distributions.js";
import { InputError } from "../../src/core/errors.js";
import {
  PARAMETRIC_DISTRIBUTIONS,
  type ParametricDistribution,
} from "../../src/model/parametric-distribution.js";
import { parametricSurvival } from "../../src/model/parametric-survival.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Scores } from "../../src/table/scores.js";
import { SurvivalData } from "../../src/table/survival-data.js";
import { soundOrNull } from "../support/sound-results.js";
import { featuresOf, idsOf, type Patient, survivalOf } from "../support/survival-generators.js";

const RUNS = 20_000;

const odd = fc.constantFrom(0, 1e-160, 5e-324, 1e160, 1e308);
const value = fc.oneof(
  { weight: 40, arbitrary: fc.integer({ min: -2, max: 2 }) },
  { weight: 20, arbitrary: fc.double({ min: -9, max: 9, noNaN: true }) },
  { weight: 1, arbitrary: fc.oneof(odd, fc.constant(Number.NaN)) },
);
const patient: fc.Arbitrary<Patient> = fc.record({
  time: fc.oneof(
    { weight: 60, arbitrary: fc.integer({ min: 1, max: 5 }) },
    { weight: 40, arbitrary: fc.double({ min: 0.01, max: 9, noNaN: true }) },
    { weight: 1, arbitrary: odd },
  ),
  event: fc.constantFrom(0 as const, 1 as const),
  group: fc.constant("a"),
  values: fc.tuple(value, value, value),
});
const distribution = fc.constantFrom(...PARAMETRIC_DISTRIBUTIONS);
/** Without odd values, and enough patients for a column. */
const cohort = fc
  .array(
    fc.record({
      time: fc.double({ min: 0.5, max: 60, noNaN: true }),
      event: fc.constantFrom(0 as const, 1 as const, 1 as const),
      group: fc.constant("a"),
      values: fc.tuple(fc.integer({ min: -3, max: 3 })),
    }),
    { minLength: 8, maxLength: 20 },
  )
  .map((rows) => rows as readonly Patient[]);

describe("parametric survival models", () => {
  it(`give numbers or a typed error for any of ${RUNS} small data sets`, () => {
    let fitted = 0;
    fc.assert(
      fc.property(
        fc.array(patient, { maxLength: 10 }),
        fc.integer({ min: 0, max: 3 }),
        distribution,
        (rows, columns, name) => {
          const x = soundOrNull(() => featuresOf(rows, columns));
          if (x === null) return;
          const found = soundOrNull(() =>
            parametricSurvival({ distribution: name }).fit(x, survivalOf(rows)),
          );
          if (found === null) return;
          fitted++;
          for (const { coefficient, standardError, z, p, logP, lower, upper } of found.covariates) {
            assertFinite([coefficient, standardError, z, p, logP]);
            // A column of tiny numbers has a ratio beyond any double.
            assert.ok(lower >= 0 && upper >= lower, `${lower} to ${upper}`);
          }
          assertFinite([found.intercept, found.scale, found.aic, found.bic, ...found.covariance]);
          assertFinite(found.predict(x).values);
          for (const { survival, lower, upper } of [...found.survival(x), found.meanSurvival(x)]) {
            survival.forEach((s, at) => {
              assert.ok(s >= 0 && s <= 1, `survival ${s}`);
              assert.ok(
                (lower[at] as number) <= s + 1e-12 && (upper[at] as number) >= s - 1e-12,
                `${lower[at]} ${s} ${upper[at]}`,
              );
            });
          }
          const median = soundOrNull(() => found.quantile(x, 0.5));
          if (median !== null) {
            assertFinite(median.column("time"));
            median.columns.forEach(({ values }) => {
              assert.ok(!values.some(Number.isNaN));
            });
          }
          const mean = soundOrNull(() => found.mean(x));
          if (mean !== null) assertFinite(mean.values);
        },
      ),
      { numRuns: RUNS },
    );
    // Otherwise the property would say nothing.
    assert.ok(fitted > RUNS / 10, `only ${fitted} of ${RUNS} data sets could be fitted`);
  });

  it("have the likelihood of their definition, which falls in every direction", () => {
    let fitted = 0;
    fc.assert(
      fc.property(cohort, distribution, (rows, name) => {
        const [x, y] = [featuresOf(rows, 1), survivalOf(rows)];
        const found = soundOrNull(() => parametricSurvival({ distribution: name }).fit(x, y));
        if (found === null) return;
        fitted++;
        const own = x.column("x0");
        const at = (intercept: number, slope: number, scale: number): number =>
          rows.reduce((sum, { time, event }, row) => {
            const z = (Math.log(time) - intercept - slope * (own[row] as number)) / scale;
            return sum + byDefinition(name, z, event === 1) - (event === 1 ? Math.log(scale * time) : 0);
          }, 0);
        const { intercept, scale, logLikelihood } = found;
        const slope = found.covariates[0]?.coefficient ?? assert.fail("no coefficient");
        assert.ok(
          Math.abs(at(intercept, slope, scale) - logLikelihood) < 1e-8 * Math.max(1, Math.abs(logLikelihood)),
        );
        const step = 1e-3;
        const others = [
          at(intercept + step, slope, scale),
          at(intercept - step, slope, scale),
          at(intercept, slope + step, scale),
          at(intercept, slope - step, scale),
          ...(name === "exponential"
            ? []
            : [at(intercept, slope, scale * (1 + step)), at(intercept, slope, scale / (1 + step))]),
        ];
        for (const other of others)
          assert.ok(other < logLikelihood, `${other} is not below ${logLikelihood}`);
      }),
      { numRuns: 300 },
    );
    assert.ok(fitted > 100, `only ${fitted} of 300 data sets could be fitted`);
  });

  it("count a patient of weight 3 as three such patients, and the mean of two curves as both", () => {
    fc.assert(
      fc.property(cohort, distribution, (rows, name) => {
        const often = rows.map((_, row) => 1 + (row % 3));
        const copies = rows.flatMap((row, at) => new Array<Patient>(often[at] as number).fill(row));
        const [x, y] = [featuresOf(rows, 1), survivalOf(rows)];
        const weights = new Scores(idsOf(rows), Float64Array.from(often), "weight");
        const found = soundOrNull(() => parametricSurvival({ distribution: name, weights }).fit(x, y));
        if (found === null) return;
        const all = featuresOf(copies, 1);
        const copied = parametricSurvival({ distribution: name }).fit(all, survivalOf(copies));
        assertNear(
          [found.intercept, found.scale, found.aic, found.bic],
          [copied.intercept, copied.scale, copied.aic, copied.bic],
        );
        assertNear(found.covariance, copied.covariance);
        const times = [2, 20];
        assertNear(
          found.meanSurvival(x, times, { weights }).survival,
          copied.meanSurvival(all, times).survival,
        );
        const single = copied.survival(all, times);
        times.forEach((_, k) => {
          const mean = single.reduce((sum, { survival }) => sum + (survival[k] as number), 0) / single.length;
          assertNear([copied.meanSurvival(all, times).survival[k] as number], [mean]);
        });
      }),
      { numRuns: 200 },
    );
  });

  it("of exponential times have the rate events per time, and its error", () => {
    const times = [2, 3, 5, 7, 11];
    const y = new SurvivalData(["a", "b", "c", "d", "e"], times, [1, 1, 0, 1, 0], "months");
    const found = parametricSurvival({ distribution: "exponential" }).fit(new FeatureTable(y.ids, []), y);
    assertNear([Math.exp(-found.intercept)], [3 / 28]);
    assertNear(found.covariance, [1 / 3]);
    assertNear(found.mean(new FeatureTable(y.ids, [])).values.slice(0, 1), [28 / 3]);
    assert.match(
      found.sentence,
      /^Exponential distribution \(5 patients, 3 events\): rate 0\.1071 per month; AIC/,
    );
  });

  it("refuse times of 0, options out of range and a mean that does not exist, and say what to do", () => {
    const rows: Patient[] = [1, 4, 9, 16, 400, 9000].map((time, at) => ({
      time,
      event: 1,
      group: "a",
      values: [at % 2],
    }));
    const [x, y] = [featuresOf(rows, 1), survivalOf(rows)];
    const start = survivalOf(rows.map((row, at) => (at === 2 ? { ...row, time: 0 } : row)));
    assert.throws(
      () => parametricSurvival().fit(x, start),
      /times of 0 .* 1 of 6 patients have one: patient "P2"/,
    );
    assert.throws(
      () => parametricSurvival({ distribution: "gamma" as never }),
      /distribution must be one of/,
    );
    const fitted = parametricSurvival({ distribution: "log-logistic" }).fit(x, y);
    assert.ok(fitted.scale > 1);
    assert.throws(() => fitted.mean(x), /has no mean.*quantile/);
    for (const times of [[-1], [3, 2], [Number.NaN], [Number.POSITIVE_INFINITY]])
      assert.throws(() => fitted.survival(x, times), InputError);
    assert.throws(() => fitted.quantile(x, 1), InputError);
    assert.throws(() => fitted.meanSurvival(x.pick([])), /at least 1 patient/);
    const separated = survivalOf(rows.map((row, at) => ({ ...row, event: at % 2 === 0 ? 1 : 0 })));
    assert.throws(() => parametricSurvival().fit(x, separated), /"x0" is infinite.*separation/);
    const tied = survivalOf(rows.map((row) => ({ ...row, time: 5 })));
    assert.throws(() => parametricSurvival().fit(x, tied), /same time, 5/);
  });
});

/** ln of density or survival of the standard variable. */
function byDefinition(name: ParametricDistribution, z: number, isEvent: boolean): number {
  switch (name) {
    case "log-normal":
      return Math.log(isEvent ? Math.exp(-z * z * 0.5) / Math.sqrt(2 * Math.PI) : 1 - normalCdf(z));
    case "log-logistic":
      return Math.log(isEvent ? Math.exp(z) / (1 + Math.exp(z)) ** 2 : 1 / (1 + Math.exp(z)));
    default:
      return Math.log(isEvent ? Math.exp(z) * Math.exp(-Math.exp(z)) : Math.exp(-Math.exp(z)));
  }
}

function assertFinite(values: ArrayLike<number>): void {
  for (let at = 0; at < values.length; at++)
    assert.ok(Number.isFinite(values[at]), `value ${at} is ${values[at]}`);
}

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  for (let at = 0; at < expected.length; at++) {
    const value = expected[at] as number;
    const gap = Math.abs((actual[at] as number) - value);
    assert.ok(gap <= 1e-8 * Math.max(1, Math.abs(value)), `${at}: ${actual[at]} is not ${value}`);
  }
}
