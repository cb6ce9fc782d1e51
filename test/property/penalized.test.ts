/** Elastic nets on any small data set: a certified minimum or a typed error; and what must hold of every path. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import { type CoxNetOptions, coxnet } from "../../src/model/coxnet.js";
import type { CoxNetModel } from "../../src/model/coxnet-model.js";
import { logisticNet } from "../../src/model/logistic-net.js";
import type { NetPoint } from "../../src/model/penalized/net-path.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { breslowResidual, predictors, scalesOf, violation } from "../support/penalized-optimality.js";
import { soundOrNull } from "../support/sound-results.js";
import { featuresOf, idsOf, type Patient, survivalOf } from "../support/survival-generators.js";

/** The issue asks for at least this many data sets per family. */
const RUNS = 20_000;

const odd = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 1e308, 5e-324, 1e-160, 1e12);
const value = fc.oneof(
  { weight: 60, arbitrary: fc.integer({ min: -2, max: 2 }) },
  { weight: 60, arbitrary: fc.double({ min: -9, max: 9, noNaN: true }) },
  { weight: 1, arbitrary: odd },
);
const patient: fc.Arbitrary<Patient> = fc.record({
  time: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ min: 0, max: 9, noNaN: true })),
  event: fc.constantFrom(0 as const, 1 as const),
  group: fc.constantFrom("a", "b", "c"),
  values: fc.tuple(value, value, value, value, value, value),
});
const settings = fc.record({
  l1Ratio: fc.constantFrom(1, 0.5, 0.05, 0),
  standardize: fc.boolean(),
  lambdaRatio: fc.constantFrom(0.5, 0.1, 0.01),
});
const dataSet = fc.tuple(fc.array(patient, { maxLength: 10 }), fc.integer({ min: 1, max: 6 }), settings);

/** Predictors 30,000 apart, in a risk set that the lowest of them has left. */
const HUGE_COEFFICIENT: [
  [Patient[], number, { l1Ratio: number; standardize: boolean; lambdaRatio: number }],
] = [
  [
    [
      { time: 0, event: 0, group: "a", values: [0, -1, 0, 0, 0, 0] },
      { time: 1, event: 0, group: "a", values: [0, 0, 0, 0, 0, 0] },
      { time: 1, event: 1, group: "a", values: [0, 4.285800116715644e-6, 0, 0, 0, 0] },
    ],
    2,
    { l1Ratio: 1, standardize: false, lambdaRatio: 0.5 },
  ],
];

describe("elastic nets", () => {
  it(`Cox: any small data set gives a certified minimum or a typed error, ${RUNS} data sets`, () => {
    let fitted = 0;
    fc.assert(
      fc.property(dataSet, ([rows, columns, options]) => {
        const x = soundOrNull(() => featuresOf(rows, columns));
        if (x === null) return;
        const model = soundOrNull(() =>
          coxnet({ ...options, folds: 0, lambdaCount: 5 }).fit(x, survivalOf(rows)),
        );
        if (model === null) return;
        fitted++;
        for (const lambda of model.path.lambdas) {
          const { covariates } = model.path.at(lambda);
          for (const found of covariates) assert.ok(Number.isFinite(found.coefficient));
          for (const score of model.at(lambda).predict(x).values) assert.ok(Number.isFinite(score));
        }
        const last = model.path.lambdas[model.path.lambdas.length - 1] as number;
        const first = model.path.lambdas[0] as number;
        // Gradients are sums of terms as large as the spread of a column: rounding leaves 1e-13 of it.
        const spread = options.standardize
          ? 1
          : Math.max(
              ...scalesOf(
                x.columns.map((c) => c.values),
                true,
              ),
            );
        const miss = missOf(model, x, rows, last, options);
        assert.ok(
          miss <= 1e-7 * first * Math.max(options.l1Ratio, 1e-3) + 1e-13 * spread,
          `the last point is no minimum: ${miss}, ${first}`,
        );
      }),
      { numRuns: RUNS, examples: [HUGE_COEFFICIENT] },
    );
    // Otherwise the property would say nothing.
    assert.ok(fitted > RUNS / 3, `only ${fitted} of ${RUNS} data sets could be fitted`);
  });

  it(`logistic: any small data set gives a certified minimum or a typed error, ${RUNS} data sets`, () => {
    let fitted = 0;
    fc.assert(
      fc.property(dataSet, ([rows, columns, options]) => {
        const x = soundOrNull(() => featuresOf(rows, columns));
        if (x === null) return;
        const y = new Labels(
          x.ids,
          rows.map((row) => (row.event === 1 ? "yes" : "no")),
          { classes: ["no", "yes"] },
        );
        const model = soundOrNull(() => logisticNet({ ...options, folds: 0, lambdaCount: 5 }).fit(x, y));
        if (model === null) return;
        fitted++;
        const { lambdas } = model.path;
        for (const lambda of lambdas) {
          for (const found of model.path.at(lambda).covariates) assert.ok(Number.isFinite(found.coefficient));
          for (const p of model.at(lambda).predict(x).values) assert.ok(p >= 0 && p <= 1);
        }
        const last = model.path.at(lambdas[lambdas.length - 1] as number);
        const { columns: values, coefficients } = variableColumns(x, last);
        const spread = options.standardize ? 1 : Math.max(...scalesOf(values, true));
        const residual = predictors(values, coefficients).map(
          (eta, row) =>
            (y.codes[row] as number) / x.length - 1 / (1 + Math.exp(-eta - last.intercept)) / x.length,
        );
        const miss = violation(
          {
            columns: values,
            coefficients,
            scale: scalesOf(values, options.standardize),
            lambda: last.lambda,
            l1Ratio: options.l1Ratio,
            factors: new Float64Array(values.length).fill(1),
          },
          residual,
        );
        const first = (lambdas[0] as number) * Math.max(options.l1Ratio, 1e-3);
        // A column of values around 1e12 leaves few digits for the predictors of this check.
        const size = values.reduce((most, each) => Math.max(most, ...each.map(Math.abs)), 1);
        const rounding = 1e-13 * spread * Math.max(1, size * Math.max(0, ...coefficients.map(Math.abs)));
        assert.ok(miss <= 1e-7 * first + rounding, `the last point is no minimum: ${miss}, ${first}`);
      }),
      { numRuns: RUNS },
    );
    assert.ok(fitted > RUNS / 3, `only ${fitted} of ${RUNS} data sets could be fitted`);
  });

  it("more columns than patients, copies and sums of columns, and constant columns are fitted", () => {
    const rows = manyPatients(14);
    const x = featuresOf(rows, 6);
    const [a, b] = [x.column("x0"), x.column("x1")];
    const more = new FeatureTable(x.ids, [
      ...x.columns,
      ...Array.from({ length: 12 }, (_, j) => ({ name: `copy ${j}`, unit: "", values: j % 2 === 0 ? a : b })),
      { name: "sum", unit: "", values: a.map((value, row) => value + (b[row] as number)) },
      { name: "constant", unit: "", values: new Float64Array(14).fill(3.3) },
    ]);
    for (const l1Ratio of [1, 0.3, 0]) {
      const model = coxnet({ l1Ratio, folds: 0 }).fit(more, survivalOf(rows));
      const last = model.path.lambdas[model.path.lambdas.length - 1] as number;
      const miss = missOf(model, more, rows, last, { l1Ratio, standardize: true });
      assert.ok(miss < 1e-8, `misses by ${miss}`);
      assert.ok(!model.path.at(last).covariates.some((found) => found.name === "constant"));
    }
  });

  it("the order of patients and of columns, and the unit of a column, change nothing", () => {
    const rows = manyPatients(30);
    const x = featuresOf(rows, 6);
    const y = survivalOf(rows);
    const foldIds = new Labels(
      x.ids,
      rows.map((_, row) => `fold ${row % 4}`),
    );
    const model = coxnet({ foldIds }).fit(x, y);
    const ids = [...x.ids].reverse();
    const turned = new FeatureTable(
      ids,
      [...x.pick(ids).columns].reverse().map((column) => ({
        ...column,
        values: column.name === "x2" ? column.values.map((value) => 1000 * value - 5) : column.values,
      })),
    );
    const again = coxnet({ foldIds: foldIds.pick(ids), lambdas: [...model.path.lambdas] }).fit(
      turned,
      y.pick(ids),
    );
    assert.equal(again.lambda, model.lambda);
    const coefficients = (fitted: CoxNetModel): ReadonlyMap<string, number> =>
      new Map(fitted.covariates.map((found) => [found.name, found.coefficient]));
    const before = coefficients(model);
    const after = coefficients(again);
    for (const name of x.names) {
      const unit = name === "x2" ? 1000 : 1;
      assert.ok(Math.abs((before.get(name) ?? 0) - unit * (after.get(name) ?? 0)) < 1e-7, name);
    }
  });

  it("the same seed gives the same folds, another seed others; every fold has its share of events", () => {
    const rows = manyPatients(40);
    const validate = (seed: number) =>
      coxnet({ folds: 4, seed }).fit(featuresOf(rows, 5), survivalOf(rows)).crossValidation;
    assert.deepEqual(validate(1)?.mean, validate(1)?.mean);
    assert.notDeepEqual(validate(1)?.mean, validate(2)?.mean);
    const weights = validate(1)?.folds.map((fold) => fold.weight) ?? [];
    assert.ok(Math.max(...weights) - Math.min(...weights) <= 1);
  });

  it("refuses by name what cannot be meant", () => {
    const rows = manyPatients(12);
    const x = featuresOf(rows, 3);
    const y = survivalOf(rows);
    assert.throws(() => coxnet({ folds: 5 }), /seed/);
    assert.throws(() => coxnet({ l1Ratio: 2, seed: 1 }), /l1Ratio/);
    assert.throws(() => coxnet({ folds: 2, seed: 1 }), /folds/);
    assert.throws(() => coxnet({ folds: 0, lambdas: [] }), /lambdas/);
    assert.throws(() => coxnet({ folds: 0, lambdas: [-1] }), /lambdas/);
    assert.throws(() => coxnet({ folds: 40, seed: 1 }).fit(x, y), /40 folds of 12 patients/);
    assert.throws(() => coxnet({ folds: 0, penaltyFactors: { nope: 0 } }).fit(x, y), /"nope"/);
    assert.throws(
      () => coxnet({ folds: 0, penaltyFactors: { x0: 0, x1: 0, x2: 0 } }).fit(x, y),
      /nothing is penalised/,
    );
    assert.throws(() => coxnet({ folds: 0 }).fit(x.pick([...x.ids].reverse()), y), /another order/);
    assert.throws(() => coxnet({ folds: 0 }).fit(x.select([]), y), /no columns/);
    const unchosen = coxnet({ folds: 0 }).fit(x, y);
    assert.throws(() => unchosen.predict(x), /\.at\(lambda\)/);
    assert.throws(() => unchosen.at(99), /path goes from/);
    const lambda = unchosen.path.lambdas[10] as number;
    const used = unchosen.at(lambda).covariates[0]?.name as string;
    assert.throws(
      () => unchosen.at(lambda).predict(x.select(x.names.filter((name) => name !== used))),
      InputError,
    );
  });
});

function manyPatients(n: number): Patient[] {
  return Array.from({ length: n }, (_, row) => ({
    time: 1 + ((row * 7) % 23) + row / 100,
    event: row % 3 === 0 ? 0 : 1,
    group: "a",
    values: [1, 2, 3, 4, 5, 6].map(
      (k) => Math.sin(row * k * 1.3 + k) + (k === 2 ? 1 / (1 + ((row * 7) % 23)) : 0),
    ),
  }));
}

/** Violation of the conditions of the minimum at one penalty, by definition. */
function missOf(
  model: CoxNetModel,
  x: FeatureTable,
  rows: readonly Patient[],
  lambda: number,
  { l1Ratio = 1, standardize = true }: CoxNetOptions,
): number {
  const { columns, coefficients } = variableColumns(x, model.path.at(lambda));
  const y = survivalOf(rows, idsOf(rows));
  // Factors are scaled to mean 1 over all columns, constant ones too, so that they stay 1 here.
  return violation(
    {
      columns,
      coefficients,
      scale: scalesOf(columns, standardize),
      lambda,
      l1Ratio,
      factors: new Float64Array(columns.length).fill(1),
    },
    breslowResidual(y.time, y.event, predictors(columns, coefficients)),
  );
}

/** Columns that are not constant, and their coefficients. */
function variableColumns(
  x: FeatureTable,
  { covariates }: NetPoint,
): { readonly columns: readonly Float64Array[]; readonly coefficients: Float64Array } {
  const kept = x.columns.filter(({ values }) => {
    const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
    return (scalesOf([values], true)[0] as number) > 1e-13 * Math.abs(mean);
  });
  const found = new Map(covariates.map((one) => [one.name, one.coefficient]));
  return {
    columns: kept.map((column) => column.values),
    coefficients: Float64Array.from(kept, ({ name }) => found.get(name) ?? 0),
  };
}
