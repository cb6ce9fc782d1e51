/** Fine–Gray regression on any small data set: a typed error or the maximum of the likelihood by definition; Cox regression without competing events. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { cox } from "../../src/model/cox.js";
import { linearPredictor } from "../../src/model/cox-likelihood.js";
import { fineGray } from "../../src/model/fine-gray.js";
import { fineGrayLikelihood, subdistribution } from "../../src/model/fine-gray-likelihood.js";
import { Labels } from "../../src/table/labels.js";
import { assertSound, soundOrNull } from "../support/sound-results.js";
import { featuresOf, idsOf, type Patient, patients, survivalOf } from "../support/survival-generators.js";

/** The issue asks for at least this many data sets per family. */
const RUNS = 20_000;

describe("Fine–Gray regression", () => {
  it(`gives numbers or a typed error, ${RUNS} data sets`, () => {
    let fitted = 0;
    fc.assert(
      fc.property(patients, fc.integer({ min: 1, max: 2 }), (rows, columns) => {
        const x = featuresOf(rows, columns);
        const causes = causesOf(rows);
        if (!causes.classes.includes("death")) return;
        const model = soundOrNull(() => fineGray({ causes, cause: "death" }).fit(x, survivalOf(rows)));
        if (model === null) return;
        fitted++;
        assertSound(model.covariates, ["subdistributionHazardRatio", "lower", "upper"]);
        assertSound(model.baseline);
        for (const { incidence } of model.incidence(x))
          assert.ok(incidence.every((value, at) => value >= (incidence[at - 1] ?? 0) && value <= 1));
      }),
      { numRuns: RUNS },
    );
    assert.ok(fitted > RUNS / 20, `only ${fitted} of ${RUNS} data sets could be fitted`);
  });

  it("has the likelihood of the definition, and its slope and curvature", () => {
    fc.assert(
      fc.property(patients, fc.double({ min: -1, max: 1, noNaN: true }), (rows, slope) => {
        const time = Float64Array.from(rows, (row) => row.time);
        const kind = kindsOf(rows);
        fc.pre(kind.includes(1));
        const x = Float64Array.from(rows, (row) => row.values[0] as number);
        const data = subdistribution(time, kind);
        const at = (beta: number): ReturnType<typeof fineGrayLikelihood> =>
          fineGrayLikelihood(x, data, Float64Array.of(beta));
        const { logLikelihood, gradient, information } = at(slope);
        assertNear(
          logLikelihood,
          byDefinition(rows, kind, linearPredictor(x, Float64Array.of(slope))),
          1e-10,
        );
        const h = 1e-4;
        assertNear(
          gradient[0] as number,
          (at(slope + h).logLikelihood - at(slope - h).logLikelihood) / (2 * h),
          1e-5,
        );
        const curve =
          ((at(slope - h).gradient[0] as number) - (at(slope + h).gradient[0] as number)) / (2 * h);
        assertNear(information[0] as number, curve, 1e-5);
      }),
      { numRuns: 1000 },
    );
  });

  it("is Cox regression with Breslow's ties where nothing competes", () => {
    let compared = 0;
    fc.assert(
      fc.property(patients, (rows) => {
        const x = featuresOf(rows, 2);
        const y = survivalOf(rows);
        const causes = new Labels(
          y.ids,
          rows.map(() => "death"),
        );
        const expected = soundOrNull(() => cox({ ties: "breslow" }).fit(x, y));
        if (expected === null) return;
        const found = soundOrNull(() => fineGray({ causes, cause: "death" }).fit(x, y));
        if (found === null) return;
        compared++;
        assertNear(found.logLikelihood, expected.logLikelihood, 1e-9);
        found.covariates.forEach(({ coefficient }, j) => {
          assertNear(coefficient, expected.coefficients[j] as number, 1e-5);
        });
      }),
      { numRuns: 2000 },
    );
    assert.ok(compared > 200);
  });

  it("refuses a kind of event that nobody had, or that is unknown", () => {
    const rows = [1, 2, 3, 4, 5].map(
      (time): Patient => ({ time, event: 1, group: "a", values: [time % 3, 0, 0] }),
    );
    const ids = idsOf(rows);
    const causes = new Labels(ids, ["death", "death", "relapse", "death", "relapse"]);
    assert.throws(() => fineGray({ causes, cause: "cure" }), /"cure" is no kind of event here/);
    const censored = survivalOf(rows.map((row, at) => (at === 2 || at === 4 ? { ...row, event: 0 } : row)));
    assert.throws(
      () => fineGray({ causes, cause: "relapse" }).fit(featuresOf(rows, 1), censored),
      /none of 5 patients has the event "relapse"/,
    );
  });
});

/** The sign of the last value tells the kind of event. */
function causesOf(rows: readonly Patient[]): Labels {
  return new Labels(
    idsOf(rows),
    rows.map((row) => ((row.values[2] as number) > 0 ? "relapse" : "death")),
  );
}

function kindsOf(rows: readonly Patient[]): Uint8Array {
  return Uint8Array.from(rows, (row) => (row.event === 0 ? 0 : (row.values[2] as number) > 0 ? 2 : 1));
}

/** Each event of the cause against everybody who still counts, with the weight that is left to them. */
function byDefinition(rows: readonly Patient[], kind: Uint8Array, eta: Float64Array): number {
  const watchedBefore = (time: number): number =>
    [...new Set(rows.map((row) => row.time))]
      .filter((other) => other < time)
      .reduce((g, other) => {
        const atRisk = rows.filter((row) => row.time >= other).length;
        const censored = rows.filter((row, i) => row.time === other && kind[i] === 0).length;
        return g * (1 - censored / atRisk);
      }, 1);
  return rows.reduce((sum, { time }, i) => {
    if (kind[i] !== 1) return sum;
    const risk = rows.reduce((total, other, j) => {
      const weight =
        other.time >= time ? 1 : kind[j] === 2 ? watchedBefore(time) / watchedBefore(other.time) : 0;
      return total + weight * Math.exp((eta[j] as number) - (eta[i] as number));
    }, 0);
    return sum - Math.log(risk);
  }, 0);
}

function assertNear(actual: number, expected: number, tolerance: number): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)),
    `${actual} is not ${expected}`,
  );
}
