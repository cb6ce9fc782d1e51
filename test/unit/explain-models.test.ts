/** Explainers that only ask a model questions, by their definitions. */
import assert from "node:assert/strict";
import { geneSets, kernel, linear, partialDependence, permutation } from "../../src/explain/index.js";
import * as model from "../../src/model/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Scores } from "../../src/table/scores.js";
import { cohortForModels } from "../support/cohort-for-models.js";
import { assertSound } from "../support/sound-results.js";

const { x, response, survival } = cohortForModels(60);
const cox = model.cox().fit(x, survival);

describe("KernelSHAP", () => {
  it("equals linear SHAP on a linear model, also with few coalitions", async () => {
    const exact = linear(cox, x);
    for (const coalitions of [undefined, 20]) {
      const found = await kernel(cox, x, coalitions === undefined ? {} : { coalitions, seed: 3 });
      found.values.forEach((value, at) => {
        assert.ok(Math.abs(value - (exact.values[at] as number)) < 1e-9, `value ${at}`);
      });
    }
  });

  it("approaches the exact values with more coalitions", async () => {
    const rows = x.pick(x.ids.slice(0, 3));
    // Interactions of three features: a few coalitions do not tell them.
    const crossed = {
      predict: (t: FeatureTable) =>
        new Scores(
          t.ids,
          Float64Array.from(t.ids, (_, row) => {
            const [a, b, c] = ["f0", "f1", "f2"].map((name) => t.column(name)[row] as number) as [
              number,
              number,
              number,
            ];
            return a * b * c + b * c;
          }),
        ),
    };
    const background = x.pick(x.ids.slice(20, 40));
    const exact = await kernel(crossed, rows, { background });
    const gap = async (coalitions: number): Promise<number> => {
      const gaps = await Promise.all(
        [1, 2, 3, 4, 5].map(async (seed) => {
          const found = await kernel(crossed, rows, { background, coalitions, seed });
          return found.values.reduce(
            (sum, value, at) => sum + Math.abs(value - (exact.values[at] as number)),
            0,
          );
        }),
      );
      return gaps.reduce((sum, value) => sum + value, 0);
    };
    assert.ok((await gap(62)) < 1e-10);
    const [few, more] = [await gap(18), await gap(58)];
    assert.ok(few > 1e-3 && more < few, `${few}, ${more}`);
  });

  it("explains a pipeline at its own columns, one column alone, and the chosen class", async () => {
    const fitted = model.pipeline(model.standardize(), model.classification.naiveBayes()).fit(x, response);
    const why = await kernel(fitted, x.pick(x.ids.slice(0, 2)), { positive: "no", background: x });
    assert.equal(why.outputUnit, "probability of no");
    assert.equal(why.features[0]?.unit, "mm");
    const one = x.select(["f0"]);
    const alone = await kernel(model.logistic().fit(one, response), one, {});
    assert.equal(alone.values.length, 60);
    await assert.rejects(kernel(cox, x, { coalitions: 5 }), /at least 12 for 6 columns/);
    await assert.rejects(kernel(cox, x.pick([])), /at least one patient/);
    await assert.rejects(kernel(cox, x, { background: x.pick([]) }), /background has no patients/);
    await assert.rejects(kernel(cox, x, { signal: AbortSignal.abort(new Error("stop")) }), /stop/);
  });
});

describe("permutation importance", () => {
  it("finds the columns that carry the outcome, the same bits for the same seed", async () => {
    const found = await permutation(cox, x, survival, { repeats: 5, seed: 1 });
    assert.deepEqual(
      found.ranking
        .slice(0, 2)
        .map(({ name }) => name)
        .sort(),
      ["f0", "f1"],
    );
    assert.deepEqual(found, await permutation(cox, x, survival, { repeats: 5, seed: 1 }));
    assert.notDeepEqual(found, await permutation(cox, x, survival, { repeats: 5, seed: 2 }));
    const brier = await permutation(model.logistic().fit(x, response), x, response, { metric: "brier" });
    assert.ok((brier.ranking[0]?.mean ?? 0) > 0.02, "an error that grows counts as a drop");
  });

  it("is zero for a column that the model does not use", async () => {
    const fitted = model.logistic().fit(x.select(["f0", "f1"]), response);
    const found = await permutation(fitted, x, response);
    assert.deepEqual([...(found.features[4]?.drops ?? [1])], new Array(10).fill(0));
    await assert.rejects(
      permutation(fitted, x, response, { permutations: [[0, 1]] }),
      /must hold each row from 0 to 59 once/,
    );
  });
});

describe("partial dependence", () => {
  it("is a straight line for a linear model, and its mean the mean of the patients' curves", () => {
    const found = partialDependence(cox, x, "f1");
    assert.equal(found.grid.length, 20);
    const slope =
      ((found.mean[19] ?? 0) - (found.mean[0] ?? 0)) / ((found.grid[19] ?? 0) - (found.grid[0] ?? 0));
    assert.ok(Math.abs(slope - (cox.covariates[1]?.coefficient ?? 0)) < 1e-10);
    for (let at = 0; at < 20; at++) {
      let sum = 0;
      for (let row = 0; row < 60; row++) sum += found.individual[row * 20 + at] as number;
      assert.ok(Math.abs(sum / 60 - (found.mean[at] as number)) < 1e-12);
    }
    const own = partialDependence(cox, x, "f1", { grid: [0, 1] });
    const moved = new FeatureTable(
      x.ids,
      x.columns.map((column) =>
        column.name === "f1" ? { ...column, values: new Float64Array(60).fill(1) } : column,
      ),
    );
    assert.equal(own.individual[1], cox.predict(moved).values[0]);
  });

  it("refuses columns that are absent or have gaps", () => {
    assert.throws(() => partialDependence(cox, x, "f9"), /no column "f9"/);
    assert.throws(
      () => partialDependence(cox, x, "f1", { grid: [Number.NaN] }),
      /grid must hold finite numbers/,
    );
  });
});

describe("gene-set masking", () => {
  const standardized = model.standardize().learn(x, response).apply(x);
  const fitted = model.logistic().fit(standardized, response);
  const sets = {
    signal: ["f0", "f1", "absent"],
    noise: ["f3", "f4"],
    everything: x.names,
    strangers: ["TP53"],
  };

  it("keeps one set, puts zero elsewhere, and ranks sets by area against random sets of equal size", async () => {
    const found = await geneSets(fitted, standardized, response, sets, { draws: 40, seed: 1 });
    const [all, signal] = ["everything", "signal"].map((name) => found.sets.find((set) => set.name === name));
    assert.ok(all && signal);
    assert.equal(all.auc.value, found.whole.auc);
    assert.deepEqual([signal.size, signal.present], [3, 2]);
    assert.deepEqual(found.absent, ["strangers"]);
    const masked = new FeatureTable(
      x.ids,
      standardized.columns.map((column) =>
        ["f0", "f1"].includes(column.name) ? column : { ...column, values: new Float64Array(60) },
      ),
    );
    assert.equal(signal.auc.value, model.metrics.areaUnderCurve(response, fitted.predict(masked)));
    assert.equal(
      signal.averagePrecision.value,
      model.metrics.averagePrecision(response, fitted.predict(masked)),
    );
    const noise = found.sets.find((set) => set.name === "noise");
    assert.ok(noise && noise.auc.p > 0.3 && signal.auc.value >= signal.auc.upper - 1e-12);
    assertSound(found);
    assert.deepEqual(found, await geneSets(fitted, standardized, response, sets, { draws: 40, seed: 1 }));
  });

  it("refuses sets without a gene of the table", async () => {
    const work = geneSets(fitted, standardized, response, { other: ["TP53"] }, { seed: 1 });
    await assert.rejects(work, /none of 1 gene sets has a gene that the table has/);
  });
});
