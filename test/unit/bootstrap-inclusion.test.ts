/** Bootstrap inclusion: what one fit after the other gives, and the same bits for any number of threads. */
import assert from "node:assert/strict";
import { randomStream } from "../../src/core/random.js";
import { coxnet } from "../../src/model/coxnet.js";
import { logisticNet } from "../../src/model/logistic-net.js";
import { bootstrapInclusion } from "../../src/model/penalized/inclusion.js";
import { countInclusions, type InclusionJob } from "../../src/model/penalized/inclusion-draws.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { SurvivalData } from "../../src/table/survival-data.js";

const N = 60;
const P = 40;
const random = randomStream("inclusion test");
const ids = Array.from({ length: N }, (_, row) => `P${row}`);
const x = new FeatureTable(
  ids,
  Array.from({ length: P }, (_, j) => ({
    name: `x${j}`,
    unit: "",
    values: Float64Array.from(ids, () => random.normal()),
  })),
);
const signal = ids.map((_, row) => (x.column("x3")[row] as number) - (x.column("x7")[row] as number));
const labels = new Labels(
  ids,
  signal.map((value) => (value + 0.5 * random.normal() > 0 ? "yes" : "no")),
);
const follow = new SurvivalData(
  ids,
  signal.map((value) => -Math.log(random.uniform()) / Math.exp(value)),
  ids.map(() => (random.uniform() < 0.7 ? 1 : 0)),
  "months",
);

describe("bootstrap inclusion", () => {
  for (const [name, y] of [
    ["logistic", labels],
    ["Cox", follow],
  ] as const) {
    it(`of ${name} regression has the same bits in one thread and in two, and keeps what matters`, async () => {
      const options = { lambda: 0.1, draws: 20, seed: 7 };
      const progress: number[] = [];
      const one = await bootstrapInclusion(x, y, {
        ...options,
        workers: 1,
        onProgress: ({ done }) => progress.push(done),
      });
      const two = await bootstrapInclusion(x, y, { ...options, workers: 2 });
      assert.deepEqual(two.frequency, one.frequency);
      assert.equal(progress.at(-1), 20);
      assert.deepEqual([...one.stable(0.9)].sort(), ["x3", "x7"]);
      const other = await bootstrapInclusion(x, y, { ...options, seed: 8, workers: 2 });
      assert.notDeepEqual(other.frequency, one.frequency);
    });

    it(`of ${name} regression counts the columns of the fit to each sample`, () => {
      const isCox = y instanceof SurvivalData;
      const values = Float64Array.from(x.columns.flatMap((column) => Array.from(column.values)));
      const job: InclusionJob = {
        values,
        outcome: isCox ? y.event : Uint8Array.from(y.values, (value) => (value === "yes" ? 1 : 0)),
        time: isCox ? y.time : null,
        lambda: 0.08,
        l1Ratio: 0.7,
        standardize: true,
        seed: 3,
        from: 0,
        to: 1,
      };
      for (let draw = 0; draw < 5; draw++) {
        const counts = countInclusions({ ...job, from: draw, to: draw + 1 });
        // The same sample, each drawn patient a patient of its own.
        const stream = randomStream(`3/inclusion/${draw}`);
        const rows = Uint32Array.from({ length: N }, () => Math.floor(stream.uniform() * N)).sort();
        const copies = Array.from(rows, (row, at) => `${row} ${at}`);
        const sample = new FeatureTable(
          copies,
          x.columns.map((column) => ({
            ...column,
            values: Float64Array.from(rows, (row) => column.values[row] as number),
          })),
        );
        const options = { lambdas: [0.08], l1Ratio: 0.7, folds: 0 };
        const fitted = isCox
          ? coxnet(options).fit(
              sample,
              new SurvivalData(
                copies,
                Array.from(rows, (row) => y.time[row] as number),
                Array.from(rows, (row) => y.event[row] as number),
                "months",
              ),
            )
          : logisticNet({ ...options, positive: "yes" }).fit(
              sample,
              new Labels(
                copies,
                Array.from(rows, (row) => y.values[row] as string),
              ),
            );
        const kept = fitted
          .at(0.08)
          .path.at(0.08)
          .covariates.map((found) => found.name);
        assert.deepEqual(
          x.names.filter((_, j) => counts[j] === 1),
          x.names.filter((column) => kept.includes(column)),
        );
      }
    });
  }

  it("refuses a penalty that keeps all or nothing can be said of, and an outcome without events", async () => {
    await assert.rejects(bootstrapInclusion(x, labels, { lambda: 0 }), /lambda must be positive/);
    await assert.rejects(
      bootstrapInclusion(x, labels, { lambda: 0.1, l1Ratio: 0 }),
      /ridge keeps every column/,
    );
    const none = new SurvivalData(
      ids,
      follow.time,
      ids.map(() => 0),
      "months",
    );
    await assert.rejects(bootstrapInclusion(x, none, { lambda: 0.1 }), /none of 60 patients/);
  });
});
