/** KernelSHAP and permutation importance against the shap package, scikit-learn's models and full enumeration. */
import assert from "node:assert/strict";
import { kernel } from "../../src/explain/kernel.js";
import { permutation } from "../../src/explain/permutation.js";
import { importScikitTrees, type ScikitTree } from "../../src/model/classification/index.js";
import type { Fitted } from "../../src/model/estimator.js";
import { probabilityOf } from "../../src/model/logistic-net-model.js";
import type { Prediction } from "../../src/model/validation/rows.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import type { Labels } from "../../src/table/labels.js";
import { Scores } from "../../src/table/scores.js";
import {
  absence,
  assertAllClose,
  assertClose,
  readNumbers,
  readReference,
} from "../support/modelling-references.js";
import { rowIds } from "../support/outcomes.js";
import { standardizedSplit } from "../support/standardized-split.js";

type Rows = readonly (readonly number[])[];

interface KernelReference {
  readonly X: Rows;
  readonly background: Rows;
  readonly f_X: readonly number[];
  readonly expected_value: number;
  readonly phi_kernel_exhaustive: Rows;
  readonly phi_exact_enumeration: Rows;
}

interface ImportanceReference {
  readonly baseline: number;
  readonly drops: Rows;
  readonly mean: readonly number[];
  readonly sd_ddof0: readonly number[];
}

describe("model-agnostic explanation", () => {
  before(function () {
    if (absence === null) return;
    console.log(`      skipped: ${absence}`);
    this.skip();
  });

  it("KernelSHAP with all coalitions equals shap 0.51 to 1e-10, logistic regression", async () => {
    const reference = readReference<{
      kernel_logistic: KernelReference & { readonly coef: readonly number[]; readonly intercept: number };
    }>("shap_linear_kernel.json").kernel_logistic;
    await assertKernel(linearModel(reference.coef, reference.intercept, probabilityOf), reference);
  });

  it("KernelSHAP with all coalitions equals shap 0.51 to 1e-10, random forest", async () => {
    const reference = readReference<{
      kernel_rf: KernelReference & { readonly trees: readonly ScikitTree[] };
    }>("shap_linear_kernel.json").kernel_rf;
    const columns = Array.from({ length: 8 }, (_, j) => ({ name: `x${j}`, unit: "" }));
    const forest = importScikitTrees(reference.trees, { columns, classes: ["0", "1"] });
    await assertKernel(forest, reference);
  });

  for (const metric of ["auc", "accuracy"] as const) {
    it(`permutation importance, ${metric}, equals scikit-learn's with its permutations to 1e-12`, async () => {
      const reference = readReference<
        { readonly coef: readonly number[]; readonly intercept: number } & Record<
          typeof metric,
          ImportanceReference
        >
      >("permutation_importance.json");
      const { x, y } = standardizedSplit("breast_cancer").test;
      const named = new FeatureTable(
        x.ids,
        x.columns.map((column, j) => ({ ...column, name: `x${j}` })),
      );
      const model = linearModel(
        reference.coef,
        reference.intercept,
        metric === "auc" ? (eta) => eta : probabilityOf,
      );
      const found = await permutation<Labels, Scores>(model, named, y, {
        metric,
        permutations: readNumbers("perm_idx_10x115.csv"),
      });
      const { baseline, drops, mean, sd_ddof0 } = reference[metric];
      assertClose(found.baseline, baseline, 1e-12, "baseline");
      found.features.forEach((feature, j) => {
        // Differences of numbers near 1: absolute.
        drops[j]?.forEach((drop, repeat) => {
          assert.ok(Math.abs((feature.drops[repeat] as number) - drop) <= 1e-12, `drop ${j}, ${repeat}`);
        });
        assert.ok(Math.abs(feature.mean - (mean[j] as number)) <= 1e-12, `mean ${j}`);
        assert.ok(Math.abs(feature.sd * Math.sqrt(0.9) - (sd_ddof0[j] as number)) <= 1e-12, `sd ${j}`);
      });
    });
  }
});

async function assertKernel(model: Fitted<Prediction>, reference: KernelReference): Promise<void> {
  const found = await kernel(model, tableOf(reference.X), { background: tableOf(reference.background) });
  assertClose(found.base, reference.expected_value, 1e-10, "base");
  for (const expected of [reference.phi_kernel_exhaustive, reference.phi_exact_enumeration]) {
    expected.flat().forEach((phi, at) => {
      assert.ok(
        Math.abs((found.values[at] as number) - phi) <= 1e-10,
        `phi ${at}: ${found.values[at]} is not ${phi}`,
      );
    });
  }
  const sums = reference.X.map((_, row) =>
    found.values.subarray(row * 8, row * 8 + 8).reduce((sum, value) => sum + value, found.base),
  );
  assertAllClose(sums, reference.f_X, 1e-10, "base and values");
}

function linearModel(
  coefficients: readonly number[],
  intercept: number,
  link: (eta: number) => number,
): Fitted<Scores> {
  const predict = (x: FeatureTable): Scores =>
    new Scores(
      x.ids,
      Float64Array.from(x.ids, (_, row) =>
        link(coefficients.reduce((sum, b, j) => sum + b * (x.column(`x${j}`)[row] as number), intercept)),
      ),
      "probability",
    );
  return { predict };
}

function tableOf(rows: Rows): FeatureTable {
  return new FeatureTable(
    rowIds(rows.length),
    (rows[0] ?? []).map((_, j) => ({
      name: `x${j}`,
      unit: "",
      values: Float64Array.from(rows, (row) => row[j] as number),
    })),
  );
}
