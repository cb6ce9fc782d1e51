/** Survival as a table: counts by definition, survival as the curve has it. */
import assert from "node:assert/strict";
import { kaplanMeier } from "../../src/model/kaplan-meier.js";
import { survivalTable } from "../../src/model/survival-table.js";
import { shown } from "../support/display.js";
import { follow, ids, outcome } from "../support/figure-examples.js";

const km = kaplanMeier(follow, { by: outcome });

describe("survival table", () => {
  it("counts at each chosen time who is at risk, and who left since the one before", () => {
    const times = [0, 6, 12, 24, 60];
    const { rows } = survivalTable(km, { times });
    assert.equal(rows.length, times.length * km.groups.length);
    for (const [at, row] of rows.entries()) {
      const own = [...ids.keys()].filter((i) => outcome.values[i] === row.group);
      const before = at % times.length === 0 ? Number.NEGATIVE_INFINITY : rows[at - 1].time;
      const left = own.filter((i) => follow.time[i] > before && follow.time[i] <= row.time);
      assert.equal(row.atRisk, own.filter((i) => follow.time[i] >= row.time).length);
      assert.equal(row.events, left.filter((i) => follow.event[i] === 1).length);
      assert.equal(row.censored, left.filter((i) => follow.event[i] === 0).length);
      const [point] = km.groups.find(({ label }) => label === row.group)?.at([row.time]) ?? [];
      assert.equal(row.survival, point?.survival);
    }
  });

  it("has every time at which somebody left, and shows itself", async () => {
    const table = survivalTable(km);
    assert.deepEqual(
      table.rows.filter(({ group }) => group === "relapse").map(({ survival }) => survival),
      [...(km.groups.find(({ label }) => label === "relapse")?.survival ?? [])],
    );
    const { data } = { data: (await shown(table)) as unknown as Record<string, string> };
    assert.match(data["text/plain"], /Survival, 95 % interval/);
    assert.match(data["text/plain"], /more times/);
  });
});
