/** Cut points and time-dependent scores on any small data set: numbers or a typed error. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { brierScore } from "../../src/model/brier.js";
import { kaplanMeier } from "../../src/model/kaplan-meier.js";
import { selectCut } from "../../src/model/select-cut.js";
import { timeDependentAuc } from "../../src/model/time-dependent-auc.js";
import { Scores } from "../../src/table/scores.js";
import { soundOrNull } from "../support/sound-results.js";
import { idsOf, patients, survivalOf } from "../support/survival-generators.js";

/** The issue asks for at least this many data sets per family. */
const RUNS = 20_000;

describe("cuts and time-dependent scores", () => {
  it(`are numbers in their range or typed errors, ${RUNS} data sets`, () => {
    let found = 0;
    fc.assert(
      fc.property(
        patients,
        fc.constantFrom(0.1, 0.3, 0.5),
        fc.integer({ min: 1, max: 8 }),
        (rows, share, time) => {
          const y = survivalOf(rows);
          const risk = new Scores(
            idsOf(rows),
            Float64Array.from(rows, (row) => row.values[1] as number),
          );
          const cut = soundOrNull(() => selectCut(risk, y, { minShare: share, maxShare: 0.9 }));
          if (cut !== null) {
            found++;
            assert.ok(cut.statistic === Math.max(...cut.statistics) && Number.isFinite(cut.statistic));
            for (const p of [cut.p, cut.asymptoticP, cut.naiveP]) assert.ok(p >= 0 && p <= 1);
            const lower = rows.filter((_, row) => (risk.values[row] as number) <= cut.cut).length;
            assert.ok(lower >= 1 && lower < rows.length);
          }
          const auc = soundOrNull(() => timeDependentAuc(y, risk, [time, time + 1]));
          if (auc !== null)
            for (const area of [...auc.auc, auc.mean]) assert.ok(area >= 0 && area <= 1 + 1e-12);
          const curve = soundOrNull(() => kaplanMeier(y))?.groups[0];
          if (curve === undefined) return;
          const curves = y.ids.map((id) => ({ id, time: curve.time, survival: curve.survival }));
          const brier = soundOrNull(() => brierScore(y, curves, [time, time + 1]));
          if (brier !== null) for (const each of [...brier.score, brier.integrated]) assert.ok(each >= 0);
        },
      ),
      { numRuns: RUNS },
    );
    assert.ok(found > RUNS / 4, `only ${found} of ${RUNS} data sets had a cut`);
  });

  it("the area is the share of pairs ordered rightly where nobody is censored", () => {
    const time = [1, 2, 3, 4, 5, 6];
    const risk = [5, 6, 3, 3, 1, 2];
    const rows = time.map((each, k) => ({
      time: each,
      event: 1 as const,
      group: "a",
      values: [risk[k] as number],
    }));
    const { auc } = timeDependentAuc(survivalOf(rows), new Scores(idsOf(rows), Float64Array.from(risk)), [3]);
    // Cases 5, 6, 3 against controls 3, 1, 2: 8 pairs rightly, 1 tied.
    assert.equal(auc[0], 8.5 / 9);
  });
});
