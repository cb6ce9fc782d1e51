/** Everything that models do in threads: the same seed gives the same bits in one thread, in two and in three. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { randomStream } from "../../src/core/random.js";
import { treeInThreads } from "../../src/explain/tree.js";
import { randomForest } from "../../src/model/classification/forest.js";
import { bootstrapInclusion } from "../../src/model/penalized/inclusion.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";

const random = randomStream("model threads");
const ids = Array.from({ length: 90 }, (_, row) => `P${row}`);
const x = new FeatureTable(
  ids,
  Array.from({ length: 12 }, (_, j) => ({
    name: `x${j}`,
    unit: "",
    values: Float64Array.from(ids, () => random.normal()),
  })),
);
const y = new Labels(
  ids,
  Array.from(x.column("x2"), (value) => (value + random.normal() > 0 ? "yes" : "no")),
);
const forest = randomForest({ trees: 9, seed: 3 });

/** Tasks whose recipe is not open to users yet. */
const WAITING: readonly (string | undefined)[] = ["growSurvivalForest"];

/** By the name of the task in `src/model-thread.ts`: a result of it. */
const results: Readonly<Record<string, (workers: number) => Promise<unknown>>> = {
  countInclusions: async (workers) =>
    (await bootstrapInclusion(x, y, { lambda: 0.05, draws: 11, seed: 3, workers })).frequency,
  growForest: async (workers) => (await forest.fitInThreads(x, y, { workers })).trees,
  treeShap: async (workers) =>
    (await treeInThreads(forest.fit(x, y), x, { positive: "yes", workers })).values,
};

describe("models in threads", () => {
  for (const [name, run] of Object.entries(results)) {
    it(`${name} has the same bits in one thread, in two and in three`, async () => {
      const one = await run(1);
      assert.deepEqual(await run(2), one);
      assert.deepEqual(await run(3), one);
    });
  }

  it("are all looked at here", () => {
    const source = readFileSync(path.resolve(import.meta.dirname, "../../src/model-thread.ts"), "utf8");
    const tasks = source.slice(source.indexOf("const TASKS"), source.indexOf("};"));
    const names = [...tasks.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
    assert.ok(names.length > 0);
    assert.deepEqual(names.filter((name) => !WAITING.includes(name)).sort(), Object.keys(results).sort());
  });
});
