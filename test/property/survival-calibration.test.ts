/** Calibration at a horizon: exact where the answer is known, numbers or a typed error for any data. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import { cox } from "../../src/model/cox.js";
import { coxSurvival } from "../../src/model/cox-survival.js";
import { survivalCalibration } from "../../src/model/survival-calibration.js";
import { assertSound, soundOrNull } from "../support/sound-results.js";
import { featuresOf, idsOf, patients, survivalOf } from "../support/survival-generators.js";

/** Each fits three Cox models, which have 20,000 data sets of their own. */
const RUNS = 3000;

describe("calibration of survival at a horizon", () => {
  it("has slope 1 for a Cox model on its own patients, and groups that hold all of them", () => {
    let compared = 0;
    fc.assert(
      fc.property(patients, fc.integer({ min: 1, max: 3 }), (rows, groups) => {
        const x = featuresOf(rows, 2);
        const y = survivalOf(rows);
        const curves = soundOrNull(() => coxSurvival(cox().fit(x, y), x));
        const horizon = Math.max(0, ...rows.map((row) => row.time)) / 2;
        const found = curves && soundOrNull(() => survivalCalibration(y, curves, horizon, { groups }));
        if (found === null) return;
        compared++;
        assert.ok(Math.abs(found.slope - 1) < 1e-4, `slope ${found.slope}`);
        assert.equal(
          found.groups.reduce((sum, { n }) => sum + n, 0),
          rows.length,
        );
        found.groups.forEach(({ predicted }, at) => {
          assert.ok(at === 0 || predicted >= (found.groups[at - 1]?.predicted ?? 0));
        });
      }),
      { numRuns: RUNS },
    );
    assert.ok(compared > RUNS / 20, `only ${compared} of ${RUNS} data sets could be compared`);
  });

  it("gives numbers or a typed error for any predictions", () => {
    const risks = fc.array(fc.oneof(fc.double({ min: 0, max: 1 }), fc.constantFrom(0.2, 0.5, 1, 0)), {
      minLength: 12,
      maxLength: 12,
    });
    fc.assert(
      fc.property(patients, risks, fc.double({ min: -1, max: 7 }), (rows, values, horizon) => {
        const ids = idsOf(rows);
        const curves = ids.map((id, at) => ({
          id,
          time: Float64Array.of(0),
          survival: Float64Array.of(values[at] as number),
        }));
        const found = soundOrNull(() =>
          survivalCalibration(survivalOf(rows), curves, horizon, { groups: 2 }),
        );
        if (found === null) return;
        const { groups, ...rest } = found;
        assertSound(rest);
        // The interval of a group without events, or with nothing else, does not exist.
        for (const { lower: _, upper: __, ...group } of groups) assertSound(group);
      }),
      { numRuns: RUNS },
    );
  });

  it("refuses a horizon beyond the follow-up, and predictions of other patients", () => {
    const rows = [1, 2, 3, 4].map((time) => ({ time, event: 1 as const, group: "a", values: [time % 3] }));
    const y = survivalOf(rows);
    const curve = (id: string, at: number): { id: string; time: Float64Array; survival: Float64Array } => ({
      id,
      time: Float64Array.of(0),
      survival: Float64Array.of(0.2 + at / 10),
    });
    assert.throws(() => survivalCalibration(y, y.ids.map(curve), 5), /at most 4 months/);
    assert.throws(() => survivalCalibration(y, [...y.ids].reverse().map(curve), 2), InputError);
    assert.throws(() => survivalCalibration(y, y.ids.map(curve), 2), /groups must be/);
  });
});
