/** Case weights: whole ones are repeated patients, equal ones are none, robust errors are slopes in the weights, and ids keep them in line. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import { adjustedCurves } from "../../src/model/adjusted-curves.js";
import { coefficientTrends } from "../../src/model/coefficient-trend.js";
import { concordance } from "../../src/model/concordance.js";
import { cox } from "../../src/model/cox.js";
import { coxnet } from "../../src/model/coxnet.js";
import { kaplanMeier } from "../../src/model/kaplan-meier.js";
import type { KaplanMeierCurve } from "../../src/model/kaplan-meier-curve.js";
import { crossValidate } from "../../src/model/validation/cross-validate.js";
import { Scores } from "../../src/table/scores.js";
import type { SurvivalData } from "../../src/table/survival-data.js";
import { soundOrNull } from "../support/sound-results.js";
import { featuresOf, idsOf, type Patient, patients, survivalOf } from "../support/survival-generators.js";

const RUNS = 1000;

/** Up to two dozen patients, each with a whole number from 1 to 4. */
const counted = fc
  .tuple(patients, patients, fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 24, maxLength: 24 }))
  .map(([some, more, counts]) => ({
    rows: [...some, ...more],
    counts: counts.slice(0, some.length + more.length),
  }));

const weights = (y: { readonly ids: readonly string[] }, values: readonly number[]): Scores =>
  new Scores(y.ids, Float64Array.from(values), "weight");

const repeated = (rows: readonly Patient[], counts: readonly number[]): Patient[] =>
  rows.flatMap((row, at) => Array.from({ length: counts[at] as number }, () => row));

describe("whole case weights are repeated patients", () => {
  it("exactly in Kaplan–Meier and Nelson–Aalen curves", () => {
    fc.assert(
      fc.property(counted, ({ rows, counts }) => {
        fc.pre(rows.length > 0);
        const y = survivalOf(rows);
        const weighted = curveOf(y, counts);
        const [plain] = kaplanMeier(survivalOf(repeated(rows, counts))).groups;
        const { n, ...found } = { ...weighted };
        const { n: many, ...expected } = { ...(plain as KaplanMeierCurve) };
        assert.deepEqual(found, expected);
        assert.equal(n, rows.length);
        assert.ok(many >= n);
      }),
      { numRuns: RUNS },
    );
  });

  it("in the likelihood, errors and baseline of Cox regression with Breslow's ties, and in the concordance", () => {
    let compared = 0;
    fc.assert(
      fc.property(counted, ({ rows, counts }) => {
        const y = survivalOf(rows);
        const recipe = cox({ ties: "breslow", weights: weights(y, counts) });
        const found = soundOrNull(() => recipe.fit(featuresOf(rows, 2), y));
        const many = repeated(rows, counts);
        const expected = soundOrNull(() =>
          cox({ ties: "breslow" }).fit(featuresOf(many, 2), survivalOf(many)),
        );
        // Near separation the two may disagree on whether a coefficient is finite.
        if (
          found === null ||
          expected === null ||
          expected.covariates.some((each) => each.standardError > 50)
        )
          return;
        compared++;
        near(found.logLikelihood, expected.logLikelihood);
        near(found.nullLogLikelihood, expected.nullLogLikelihood);
        found.coefficients.forEach((value, j) => {
          near(value, expected.coefficients[j] as number, 1e-6);
        });
        found.covariance.forEach((value, at) => {
          near(value, expected.covariance[at] as number, 1e-6);
        });
        near(found.concordance.c, expected.concordance.c);
      }),
      { numRuns: RUNS },
    );
    assert.ok(compared > RUNS / 20, `only ${compared} of ${RUNS} data sets could be compared`);
  });

  it("in the path of a Cox elastic net", () => {
    const { rows, y } = cohort(40);
    const counts = rows.map((_, row) => 1 + (row % 3));
    const many = repeated(rows, counts);
    const options = { folds: 0, l1Ratio: 0.7, lambdaCount: 20, lambdaRatio: 0.05 } as const;
    const found = coxnet({ ...options, weights: weights(y, counts) }).fit(featuresOf(rows, 3), y);
    const expected = coxnet(options).fit(featuresOf(many, 3), survivalOf(many));
    found.path.lambdas.forEach((lambda, at) => {
      const other = expected.path.lambdas[at] as number;
      near(lambda, other, 1e-12);
      const of = (fitted: typeof found, penalty: number): number[] =>
        ["x0", "x1", "x2"].map(
          (name) => fitted.at(penalty).covariates.find((each) => each.name === name)?.coefficient ?? 0,
        );
      const value = of(expected, other);
      of(found, lambda).forEach((coefficient, j) => {
        near(coefficient, value[j] as number, 1e-8);
      });
    });
    near(found.path.nullDeviance, expected.path.nullDeviance);
  });
});

describe("sampling weights", () => {
  it("that are equal change no curve, and its robust error is Greenwood's", () => {
    fc.assert(
      fc.property(patients, fc.constantFrom(0.5, 1.25, 1e-3), (rows, weight) => {
        fc.pre(rows.length > 0);
        const y = survivalOf(rows);
        const found = curveOf(
          y,
          rows.map(() => weight),
        );
        const [expected] = kaplanMeier(y).groups as [KaplanMeierCurve];
        expected.survival.forEach((value, at) => {
          near(found.survival[at] as number, value);
          const error = expected.standardError[at] as number;
          assert.equal(Number.isNaN(found.standardError[at]), Number.isNaN(error));
          if (!Number.isNaN(error)) near(found.standardError[at] as number, error, 1e-7);
        });
      }),
      { numRuns: RUNS },
    );
  });

  it("give errors that are slopes of the estimate in each weight: survival, hazard and restricted mean", () => {
    const { rows, y } = cohort(25);
    const values = rows.map((_, row) => 0.3 + ((row * 7) % 10) / 4);
    const at = 6;
    const read = (curve: KaplanMeierCurve): number[] => {
      const last = curve.time.findLastIndex((time) => time <= at);
      return [
        curve.survival[last] as number,
        curve.cumulativeHazard[last] as number,
        curve.restrictedMean(9).mean,
      ];
    };
    const squares = [0, 0, 0];
    rows.forEach((_, row) => {
      const step = 1e-5;
      const moved = (by: number): number[] =>
        read(
          curveOf(
            y,
            values.map((value, other) => (other === row ? value + by : value)),
          ),
        );
      const [up, down] = [moved(step), moved(-step)];
      for (const k of squares.keys()) {
        const slope = ((up[k] as number) - (down[k] as number)) / (2 * step);
        squares[k] = (squares[k] as number) + ((values[row] as number) * slope) ** 2;
      }
    });
    const curve = curveOf(y, values);
    const last = curve.time.findLastIndex((time) => time <= at);
    const found = [
      curve.standardError[last],
      curve.cumulativeHazardError[last],
      curve.restrictedMean(9).standardError,
    ];
    // Central differences of this step are good to eight digits.
    found.forEach((error, k) => {
      near(error as number, Math.sqrt(squares[k] as number), 1e-7);
    });
  });

  it("do not change a fit when all are multiplied", () => {
    const { rows, y } = cohort(40);
    const values = rows.map((_, row) => 0.3 + ((row * 7) % 10) / 4);
    const fitted = (by: number): ReturnType<ReturnType<typeof cox>["fit"]> =>
      cox({
        weights: weights(
          y,
          values.map((value) => by * value),
        ),
      }).fit(featuresOf(rows, 3), y);
    const [one, other] = [fitted(1), fitted(0.01)];
    one.covariates.forEach(({ coefficient, standardError }, j) => {
      near(coefficient, other.covariates[j]?.coefficient as number);
      near(standardError, other.covariates[j]?.standardError as number);
    });
    near(one.concordance.c, other.concordance.c);
  });
});

describe("case weights are matched by patient id", () => {
  const { rows, y } = cohort(60);
  const x = featuresOf(rows, 3);
  const values = rows.map((_, row) => 0.3 + ((row * 7) % 10) / 4);
  const plain = weights(y, values);
  // Other order, and a patient more.
  const stray = new Scores(
    ["stranger", ...[...y.ids].reverse()],
    Float64Array.of(9, ...values.toReversed()),
    "weight",
  );

  it("in any order, patients who are not fitted aside", () => {
    assert.deepEqual(
      cox({ weights: stray }).fit(x, y).coefficients,
      cox({ weights: plain }).fit(x, y).coefficients,
    );
    const risk = new Scores(y.ids, x.column("x1"));
    assert.deepEqual(concordance(y, risk, { weights: stray }), concordance(y, risk, { weights: plain }));
    assert.deepEqual(curveOf(y, values).survival, kaplanMeier(y, { weights: stray }).groups[0]?.survival);
  });

  it("so that each fold of a cross-validation is fitted with its own", async () => {
    for (const [recipe, alone] of [
      [cox({ weights: stray }), (of: Scores) => cox({ weights: of })],
      [
        coxnet({ weights: stray, folds: 0, lambdas: [0.05], lambdaCount: 2 }),
        (of: Scores) => coxnet({ weights: of, folds: 0, lambdas: [0.05], lambdaCount: 2 }),
      ],
    ] as const) {
      const predictor = { fit: (a: typeof x, b: SurvivalData) => firstPenalty(recipe.fit(a, b)) };
      const found = await crossValidate(x, y, predictor, {
        folds: 3,
        seed: 7,
        inspect: (fitted, fold) => ({ fitted, fold }),
      });
      for (const { fitted, fold } of found.kept) {
        const expected = firstPenalty(
          alone(plain.pick(fold.train)).fit(x.pick(fold.train), y.pick(fold.train)),
        );
        assert.deepEqual(fitted.predict(x).values, expected.predict(x).values);
      }
    }
  });

  it("and refused by what does not count them", () => {
    const fitted = cox({ weights: plain }).fit(x, y);
    for (const work of [() => adjustedCurves(fitted), () => coefficientTrends(fitted)])
      assert.throws(work, /do not count case weights/);
  });

  it("and refused where a patient has none, or none that is positive", () => {
    const refused = (of: Scores, message: RegExp): void => {
      for (const work of [
        () => cox({ weights: of }).fit(x, y),
        () => coxnet({ weights: of, folds: 0 }).fit(x, y),
        () => kaplanMeier(y, { weights: of }),
        () => concordance(y, new Scores(y.ids, x.column("x1")), { weights: of }),
      ])
        assert.throws(work, (error) => error instanceof InputError && message.test(error.message));
    };
    refused(plain.pick(y.ids.slice(1)), /weights "weight" has no patient "P0"/);
    for (const bad of [0, -1, 1e300]) {
      refused(weights(y, [bad, ...values.slice(1)]), /weights must be positive, but patient P0 has/);
    }
  });
});

function curveOf(y: SurvivalData, values: readonly number[]): KaplanMeierCurve {
  const [curve] = kaplanMeier(y, { weights: weights(y, values) }).groups;
  assert.ok(curve);
  return curve;
}

function cohort(n: number): { readonly rows: readonly Patient[]; readonly y: SurvivalData } {
  const rows = Array.from(
    { length: n },
    (_, k): Patient => ({
      time: 1 + ((k * 7) % 11),
      event: k % 4 === 0 ? 0 : 1,
      group: "a",
      values: [Math.sin(k * 1.7), Math.cos(k * 2.3), k % 2],
    }),
  );
  return { rows, y: survivalOf(rows, idsOf(rows)) };
}

/** An elastic net without cross-validation has no penalty chosen yet. */
function firstPenalty<Model extends object>(fitted: Model): Model {
  if (!("path" in fitted && "at" in fitted)) return fitted;
  return (fitted.at as (lambda: number) => Model)(0.05);
}

function near(actual: number, expected: number, tolerance = 1e-9): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)),
    `${actual} is not ${expected}`,
  );
}
