/** Metrics by slow, obvious definitions, and on any small data set: numbers or a typed error. */
import assert from "node:assert/strict";
import fc from "fast-check";
import * as metrics from "../../src/model/metrics/index.js";
import type { Labels } from "../../src/table/labels.js";
import { Probabilities } from "../../src/table/probabilities.js";
import { assertClose } from "../support/modelling-references.js";
import { labelsOf, rowIds, scoresOf } from "../support/outcomes.js";
import { anyValue, assertSound, soundOrNull } from "../support/sound-results.js";

/** The issue asks for at least this many data sets per family. */
const RUNS = 20_000;
/** Rounding of sums of a few dozen terms. */
const ROUNDING = 1e-9;

const flag = fc.constantFrom(0 as const, 1 as const);
const tenth = fc.integer({ min: 0, max: 10 }).map((value) => value / 10);
/** Outcome and two scores per patient, at least two patients of each class. */
const patients = fc
  .array(fc.record({ y: flag, a: tenth, b: tenth }), { minLength: 4, maxLength: 12 })
  .filter((rows) => [0, 1].every((y) => rows.filter((row) => row.y === y).length >= 2));

const outcome = (rows: readonly { readonly y: number }[]): Labels =>
  labelsOf(
    rows.map(({ y }) => y),
    ["0", "1"],
  );

describe("metrics by their definitions", () => {
  it("area, DeLong's variance and covariance are those of all pairs", () => {
    fc.assert(
      fc.property(patients, (rows) => {
        const [first, second] = [(row: Patient): number => row.a, (row: Patient): number => row.b];
        const y = outcome(rows);
        const [a, b] = [scoresOf(rows.map(first)), scoresOf(rows.map(second))];
        const one = metrics.auc(y, a);
        assertClose(one.auc, area(rows, first), ROUNDING, "area");
        assertClose(one.standardError ** 2, covariance(rows, first, first), ROUNDING, "variance");
        const test = soundOrNull(() => metrics.compareAuc(y, a, b));
        if (test === null) return;
        assert.ok(Math.abs(test.covariance - covariance(rows, first, second)) < ROUNDING, "covariance");
      }),
    );
  });

  it("the area is that under the curve, also in parts, and turns over with the classes", () => {
    fc.assert(
      fc.property(patients, tenth, (rows, cut) => {
        const y = outcome(rows);
        const score = scoresOf(rows.map(({ a }) => a));
        const whole = metrics.areaUnderCurve(y, score);
        const curve = metrics.roc(y, score);
        assertClose(metrics.partialArea(curve, [0, 1]).area, whole, ROUNDING, "whole");
        fc.pre(cut > 0 && cut < 1);
        const parts = [metrics.partialArea(curve, [0, cut]), metrics.partialArea(curve, [cut, 1])];
        assertClose((parts[0]?.area ?? 0) + (parts[1]?.area ?? 0), whole, ROUNDING, "parts");
        const turned = metrics.areaUnderCurve(y, score, { positive: "0" });
        assertClose(1 - turned, whole, ROUNDING, "turned");
      }),
    );
  });

  it("each point of the curves is what the metrics at that cut say", () => {
    fc.assert(
      fc.property(patients, (rows) => {
        const y = outcome(rows);
        const score = scoresOf(rows.map(({ a }) => a));
        const curve = metrics.roc(y, score);
        const recall = metrics.precisionRecall(y, score);
        curve.threshold.forEach((cut, at) => {
          const found = metrics.binaryAt(y, score, cut);
          assert.equal(curve.sensitivity[at], found.sensitivity.value);
          assert.equal(curve.specificity[at], found.specificity.value);
          assert.equal(recall.recall[at], found.sensitivity.value);
          if (at > 0) assert.equal(recall.precision[at], found.precision.value);
        });
        const best = Math.max(
          ...curve.sensitivity.map((value, at) => value + (curve.specificity[at] as number)),
        );
        for (const cut of metrics.bestCuts(curve)) assertClose(cut.youden + 1, best, ROUNDING, "Youden");
      }),
    );
  });

  it("isotonic calibration rises, keeps the mean, and no rising step curve over the same scores is nearer", () => {
    fc.assert(
      fc.property(patients, fc.array(tenth, { minLength: 11, maxLength: 11 }), (rows, steps) => {
        const y = outcome(rows);
        const score = scoresOf(rows.map(({ a }) => a));
        const fitted = metrics.isotonic(y, score).predict(score).values;
        const distance = (of: (row: number) => number): number =>
          rows.reduce((sum, row, at) => sum + (row.y - of(at)) ** 2, 0);
        rows.forEach((row, i) => {
          rows.forEach((other, j) => {
            if (row.a < other.a) assert.ok((fitted[i] as number) <= (fitted[j] as number) + ROUNDING);
          });
        });
        const total = rows.reduce((sum, row) => sum + row.y, 0);
        assertClose(
          fitted.reduce((sum, value) => sum + value, 0),
          total,
          ROUNDING,
          "mean",
        );
        const rising = steps.toSorted((a, b) => a - b);
        const other = distance((row) => rising[Math.round((rows[row] as Patient).a * 10)] as number);
        assert.ok(distance((row) => fitted[row] as number) <= other + ROUNDING);
      }),
    );
  });

  it("net benefit at a threshold is that of the counts", () => {
    fc.assert(
      fc.property(patients, tenth, (rows, t) => {
        fc.pre(t < 1);
        const y = outcome(rows);
        const score = scoresOf(rows.map(({ a }) => a));
        const { model } = metrics.decisionCurve(y, score, { thresholds: [t] });
        const { truePositives, falsePositives } = metrics.binaryAt(y, score, t);
        const benefit = (truePositives - (falsePositives * t) / (1 - t)) / rows.length;
        assert.ok(Math.abs((model[0] as number) - benefit) < ROUNDING);
      }),
    );
  });
});

describe("any small data set gives metrics or a typed error", function () {
  // Tens of thousands of data sets take a minute on a busy machine.
  this.timeout(300_000);

  const row = fc.record({
    y: flag,
    a: fc.oneof({ weight: 9, arbitrary: tenth }, { weight: 1, arbitrary: anyValue }),
    b: tenth,
    called: flag,
    other: flag,
  });

  it(`two classes, ${RUNS} data sets`, () => {
    const answers: Record<string, number> = {};
    fc.assert(
      fc.property(fc.array(row, { maxLength: 10 }), anyValue, (rows, cut) => {
        const y = outcome(rows);
        const called = labelsOf(
          rows.map((of) => of.called),
          ["0", "1"],
        );
        const other = labelsOf(
          rows.map((of) => of.other),
          ["0", "1"],
        );
        const b = scoresOf(rows.map((of) => of.b));
        const a = soundOrNull(() => scoresOf(rows.map((of) => of.a)));
        if (a === null) return;
        const analyses: Record<string, () => unknown> = {
          auc: () => metrics.auc(y, a),
          logit: () => metrics.auc(y, a, { interval: "logit" }),
          compare: () => metrics.compareAuc(y, a, b),
          unpaired: () => metrics.compareAucOfGroups({ y, score: a }, { y, score: b }),
          roc: () => metrics.roc(y, a),
          partial: () => metrics.partialArea(metrics.roc(y, a), [0.7, 1]),
          cuts: () => metrics.bestCuts(metrics.roc(y, a), "closest"),
          averagePrecision: () => metrics.averagePrecision(y, a),
          binaryAt: () => metrics.binaryAt(y, a, cut),
          binary: () => metrics.binary(y, called),
          confusion: () => metrics.confusion(y, called),
          brier: () => metrics.brier(y, a),
          logLoss: () => metrics.logLoss(y, a),
          calibration: () => metrics.calibration(y, a),
          hosmerLemeshow: () => metrics.hosmerLemeshow(y, a, { groups: 4 }),
          calibrationCurve: () => metrics.calibrationCurve(y, a, { strategy: "quantile" }),
          calibrationError: () => metrics.expectedCalibrationError(y, a),
          isotonic: () => metrics.isotonic(y, a),
          decision: () => metrics.decisionCurve(y, a, { thresholds: [0.1, 0.5] }),
          mcnemar: () => metrics.mcnemar(y, called, other),
          reclassification: () => metrics.netReclassification(y, a, b),
          categories: () => metrics.netReclassification(y, a, b, { cuts: [0.3, 0.6] }),
          discrimination: () => metrics.integratedDiscrimination(y, a, b),
        };
        for (const [name, work] of Object.entries(analyses)) {
          const result = soundOrNull(work);
          if (result === null) continue;
          answers[name] = (answers[name] ?? 0) + 1;
          assertSound(result, ["0", "threshold", "score", "degreesOfFreedom"], name);
        }
      }),
      { numRuns: RUNS },
    );
    for (const [name, count] of Object.entries(answers)) {
      assert.ok(count > RUNS / 40, `${name}: only ${count} of ${RUNS} data sets had an answer`);
    }
    assert.equal(Object.keys(answers).length, 23);
  });

  it(`several classes, ${RUNS} data sets`, () => {
    const member = fc.record({ y: fc.integer({ min: 0, max: 2 }), weights: fc.tuple(tenth, tenth, tenth) });
    fc.assert(
      fc.property(fc.array(member, { maxLength: 8 }), (rows) => {
        const y = labelsOf(
          rows.map((of) => of.y),
          ["0", "1", "2"],
        );
        const values = rows.flatMap(({ weights }) => {
          const sum = weights.reduce((total, weight) => total + weight, 0);
          return weights.map((weight) => weight / sum);
        });
        const p = soundOrNull(
          () => new Probabilities(rowIds(rows.length), ["0", "1", "2"], Float64Array.from(values)),
        );
        if (p === null) return;
        assertSound(soundOrNull(() => metrics.confusion(y, p.likeliest())));
        assertSound(soundOrNull(() => metrics.logLoss(y, p)));
        for (const against of ["rest", "pairs"] as const) {
          const area = soundOrNull(() => metrics.multiclassAuc(y, p, { against, average: "weighted" }));
          if (area !== null) assert.ok(area >= 0 && area <= 1);
        }
      }),
      { numRuns: RUNS },
    );
  });

  const y = labelsOf([0, 1, 1, 0]);
  const p = scoresOf([0.1, 0.8, 0.4, 0.5]);
  const refused: readonly (readonly [string, () => unknown, RegExp])[] = [
    [
      "one class only",
      () => metrics.auc(labelsOf([1, 1], ["0", "1"]), scoresOf([1, 2])),
      /2 of 2 patients are "1"/,
    ],
    ["other patients", () => metrics.auc(y, scoresOf([1, 2, 3])), /not the same patients/],
    [
      "three classes",
      () => metrics.auc(labelsOf([0, 1, 2]), scoresOf([1, 2, 3])),
      /3 classes.*Say which is the outcome/,
    ],
    ["an unknown outcome", () => metrics.auc(y, p, { positive: "dead" }), /"dead" is not a class/],
    [
      "scores that are no probabilities",
      () => metrics.brier(y, scoresOf([0, 2, 1, 1])),
      /patient 1 has 2.*not scores/,
    ],
    [
      "a probability of 1",
      () => metrics.calibration(y, scoresOf([0.1, 1, 0.4, 0.5])),
      /whose odds are not finite/,
    ],
    [
      "separated outcomes",
      () => metrics.calibration(y, scoresOf([0.1, 0.9, 0.8, 0.2])),
      /separate the outcome/,
    ],
    ["equal predictions", () => metrics.mcnemar(y, y, y), /right for the same of 4 patients/],
    [
      "a single patient of a class",
      () => metrics.auc(labelsOf([0, 1, 0]), scoresOf([1, 2, 3])),
      /at least 2 patients with/,
    ],
    [
      "falling limits of risk",
      () => metrics.netReclassification(y, p, p, { cuts: [0.6, 0.2] }),
      /rise inside \(0, 1\)/,
    ],
  ];
  for (const [what, work, message] of refused) it(`refuses ${what}`, () => assert.throws(work, message));

  it("says that a perfect area has no error, and what was counted as 0", () => {
    const perfect = metrics.auc(y, scoresOf([0.1, 0.8, 0.9, 0.2]));
    assert.deepEqual([perfect.auc, perfect.standardError, perfect.interval.lower], [1, 0, 1]);
    const nobody = metrics.binary(y, labelsOf([0, 0, 0, 0], ["0", "1"]));
    assert.deepEqual(nobody.notes, ["precision: nobody is in the denominator; counted as 0"]);
    assert.equal(nobody.mcc, 0);
  });
});

interface Patient {
  readonly y: number;
  readonly a: number;
  readonly b: number;
}

function wins(x: number, y: number): number {
  return x > y ? 1 : x === y ? 0.5 : 0;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function area(rows: readonly Patient[], score: (row: Patient) => number): number {
  const [with_, without] = [rows.filter((row) => row.y === 1), rows.filter((row) => row.y === 0)];
  return mean(with_.flatMap((row) => without.map((other) => wins(score(row), score(other)))));
}

/** DeLong's covariance of two areas, term by term. */
function covariance(
  rows: readonly Patient[],
  a: (row: Patient) => number,
  b: (row: Patient) => number,
): number {
  const [with_, without] = [rows.filter((row) => row.y === 1), rows.filter((row) => row.y === 0)];
  const ofPositive =
    (score: (row: Patient) => number) =>
    (row: Patient): number =>
      mean(without.map((other) => wins(score(row), score(other))));
  const ofNegative =
    (score: (row: Patient) => number) =>
    (row: Patient): number =>
      mean(with_.map((other) => wins(score(other), score(row))));
  const product = (
    members: readonly Patient[],
    f: (row: Patient) => number,
    g: (row: Patient) => number,
  ): number => {
    const [mf, mg] = [mean(members.map(f)), mean(members.map(g))];
    return members.reduce((sum, row) => sum + (f(row) - mf) * (g(row) - mg), 0) / (members.length - 1);
  };
  return (
    product(with_, ofPositive(a), ofPositive(b)) / with_.length +
    product(without, ofNegative(a), ofNegative(b)) / without.length
  );
}
