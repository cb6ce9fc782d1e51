/** The log-rank test for trend: the plain test with two groups, by definition with more, and on odd data. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { cox } from "../../src/model/cox.js";
import { logRank } from "../../src/model/log-rank.js";
import { logRankTrend } from "../../src/model/log-rank-trend.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { soundOrNull } from "../support/sound-results.js";
import { groupsOf, idsOf, patients, survivalOf } from "../support/survival-generators.js";

const RUNS = 20_000;

describe("log-rank test for trend", () => {
  it(`is the score test of a Cox model of the scores, where no two events are at one time, ${RUNS} data sets`, () => {
    let compared = 0;
    fc.assert(
      fc.property(
        patients,
        fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: -3, max: 3 }))),
        (rows, [a, b, c]) => {
          const y = survivalOf(rows);
          const groups = groupsOf(rows);
          const scores = { a, b, c } as { [group: string]: number };
          const found = soundOrNull(() => logRankTrend(y, groups, { scores }));
          if (found === null) return;
          assert.ok(Number.isFinite(found.z) && found.p >= 0 && found.p <= 1);
          const times = rows.filter((row) => row.event === 1).map((row) => row.time);
          if (new Set(times).size < times.length) return;
          const dose = new FeatureTable(idsOf(rows), [
            {
              name: "dose",
              unit: "",
              values: Float64Array.from(groups.values, (group) => scores[group] as number),
            },
          ]);
          const model = soundOrNull(() => cox().fit(dose, y));
          if (model === null) return;
          compared++;
          assert.ok(Math.abs(model.score.statistic - found.chiSquare) <= 1e-8 * (1 + found.chiSquare));
        },
      ),
      { numRuns: RUNS },
    );
    assert.ok(compared > RUNS / 20, `only ${compared} of ${RUNS} data sets were compared`);
  });

  it("with two groups is the log-rank test, whatever the scores", () => {
    fc.assert(
      fc.property(patients, (all) => {
        const rows = all.filter((row) => row.group !== "c");
        const y = survivalOf(rows);
        const plain = soundOrNull(() => logRank(y, groupsOf(rows)));
        if (plain === null) return;
        const trend = logRankTrend(y, groupsOf(rows), { scores: { a: 5, b: -2 } });
        assert.ok(Math.abs(trend.chiSquare - plain.chiSquare) <= 1e-9 * (1 + plain.chiSquare));
        assert.equal(Math.sign(trend.z) + Math.sign(logRankTrend(y, groupsOf(rows)).z), 0);
      }),
      { numRuns: 2000 },
    );
  });

  it("refuses scores that are missing or all alike", () => {
    const rows = [1, 2, 3, 4].map((time) => ({
      time,
      event: 1 as const,
      group: time % 2 === 0 ? "a" : "b",
      values: [],
    }));
    const y = survivalOf(rows);
    assert.throws(() => logRankTrend(y, groupsOf(rows), { scores: { a: 1 } }), /"b" has undefined/);
    assert.throws(() => logRankTrend(y, groupsOf(rows), { scores: { a: 1, b: 1 } }), /do not differ/);
  });
});
