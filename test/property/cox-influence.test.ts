/** Influence of patients on a Cox model: slopes that sum to 0, the fit without a patient, clusters that change nothing when each is alone. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { cox } from "../../src/model/cox.js";
import { coxInfluence, robustCox } from "../../src/model/cox-influence.js";
import { Labels } from "../../src/table/labels.js";
import { soundOrNull } from "../support/sound-results.js";
import { featuresOf, idsOf, type Patient, patients, survivalOf } from "../support/survival-generators.js";

const RUNS = 20_000;

describe("influence in Cox regression", () => {
  it(`score residuals sum to 0, robust errors are numbers, ${RUNS} data sets`, () => {
    let fitted = 0;
    fc.assert(
      fc.property(patients, fc.constantFrom("efron" as const, "breslow" as const), (rows, ties) => {
        const model = soundOrNull(() => cox({ ties }).fit(featuresOf(rows, 2), survivalOf(rows)));
        if (model === null) return;
        fitted++;
        for (const { values } of coxInfluence(model, "score").columns) {
          const sum = values.reduce((total, value) => total + value, 0);
          const size = values.reduce((total, value) => total + Math.abs(value), 1);
          assert.ok(Math.abs(sum) <= 1e-5 * size, `scores sum to ${sum}`);
        }
        const robust = robustCox(model);
        for (const found of robust.covariates)
          assert.ok(found.standardError >= 0 && Number.isFinite(found.standardError));
        const alone = new Labels(idsOf(rows), idsOf(rows));
        const again = robustCox(model, { cluster: alone });
        again.covariance.forEach((value, at) => {
          const expected = robust.covariance[at] as number;
          assert.ok(Math.abs(value - expected) <= 1e-9 * (1 + Math.abs(expected)));
        });
      }),
      { numRuns: RUNS },
    );
    assert.ok(fitted > RUNS / 10, `only ${fitted} of ${RUNS} data sets could be fitted`);
  });

  it("dfbeta is what the coefficient loses with a patient, about, and exactly per patient copied without limit (Breslow)", () => {
    const rows: Patient[] = Array.from({ length: 30 }, (_, k) => ({
      time: 1 + ((k * 7) % 11),
      event: k % 4 === 0 ? 0 : 1,
      group: "a",
      values: [Math.sin(k * 1.7), Math.cos(k * 2.3)],
    }));
    const model = cox({ ties: "breslow" }).fit(featuresOf(rows, 2), survivalOf(rows));
    const dfbeta = coxInfluence(model, "dfbeta");
    for (const patient of [0, 5, 13]) {
      // Every patient m times and one once more: a step of 1 / m in the weight of that patient.
      const slope = (m: number): Float64Array => {
        const many = [...Array.from({ length: m }, () => rows).flat(), rows[patient] as Patient];
        const changed = cox({ ties: "breslow" }).fit(featuresOf(many, 2), survivalOf(many));
        return changed.coefficients.map((value, j) => m * (value - (model.coefficients[j] as number)));
      };
      // Richardson's step takes the error of first order away.
      const [few, more] = [slope(20), slope(40)];
      dfbeta.columns.forEach(({ values }, j) => {
        const limit = 2 * (more[j] as number) - (few[j] as number);
        const expected = values[patient] as number;
        assert.ok(
          Math.abs(limit - expected) <= 2e-3 * Math.max(0.01, Math.abs(expected)),
          `${limit}, ${expected}`,
        );
      });
    }
  });

  it("refuses clusters of other patients, and a single one", () => {
    const rows: Patient[] = [1, 2, 3, 4, 5].map((time) => ({
      time,
      event: 1,
      group: "a",
      values: [(time * 3) % 5],
    }));
    const model = cox().fit(featuresOf(rows, 1), survivalOf(rows));
    const one = new Labels(
      idsOf(rows),
      rows.map(() => "center"),
    );
    assert.throws(() => robustCox(model, { cluster: one }), /at least 2 clusters, found 1/);
    assert.throws(() => robustCox(model, { cluster: one.pick(one.ids.slice(1)) }), /has no patient "P0"/);
    const pairs = new Labels(idsOf(rows), ["a", "b", "a", "b", "c"]);
    const turned = pairs.pick([...pairs.ids].reverse());
    assert.deepEqual(
      robustCox(model, { cluster: turned }).covariance,
      robustCox(model, { cluster: pairs }).covariance,
    );
  });
});
