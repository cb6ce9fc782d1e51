/**
 * SHAP values of exported trees against the shap package and, interventional, against an enumeration in doubles: `shap_*.json`.
 */
import assert from "node:assert/strict";
import type { Explanation } from "../../src/explain/explanation.js";
import { type TreeModel, tree, treeInteractions } from "../../src/explain/tree.js";
import * as classification from "../../src/model/classification/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { absence, readReference } from "../support/modelling-references.js";

/** The README of the references: absolute; shap and XGBoost work in single precision on XGBoost's trees. */
const TOLERANCE = 1e-10;
const FLOAT32 = 1e-5;
/** The README again: the shap package rounds the thresholds of interventional values, which are then good to 1e-7. */
const ROUNDED = 1e-7;
/** The issue's: SHAP values and base add up to the prediction. */
const SUM = 1e-12;

type Matrix = readonly (readonly number[])[];
type Deep = number | readonly Deep[];

interface Shap {
  readonly combine: "single" | "rf" | "gbt";
  readonly trees: readonly classification.ScikitTree[];
  readonly X: Matrix;
  readonly background: Matrix;
  readonly path_dependent: { readonly expected_value: readonly number[]; readonly phi: readonly Deep[] };
  readonly interventional_exact: {
    readonly expected_value: number | readonly number[];
    readonly phi: readonly Deep[];
  };
  readonly interaction_first_rows: readonly Deep[];
  /** Of the probability of the second class. */
  readonly probability_interventional?: { readonly expected_value: number; readonly phi: Matrix };
  readonly init?: number;
  readonly learning_rate?: number;
  readonly proba?: Matrix;
  readonly raw?: readonly number[];
  readonly pred?: readonly number[];
}

interface XgboostTree {
  readonly left_children: readonly number[];
  readonly right_children: readonly number[];
  readonly split_indices: readonly number[];
  readonly split_conditions: readonly number[];
  readonly sum_hessian: readonly number[];
}

interface XgboostShap {
  readonly params: { readonly max_depth: number };
  readonly rounds: number;
  readonly model_json: {
    readonly version: readonly [number, number, number];
    readonly learner: {
      readonly gradient_booster: { readonly model: { readonly trees: readonly XgboostTree[] } };
      readonly learner_model_param: { readonly base_score: string };
    };
  };
  readonly X: Matrix;
  readonly background: Matrix;
  readonly margin: readonly number[];
  readonly contribs_path_dependent: Matrix;
  readonly interactions_first4: readonly Matrix[];
  readonly interventional: { readonly expected_value: number; readonly phi: Matrix };
}

describe("SHAP values of trees", () => {
  if (absence !== null) {
    it(`are compared with shap_*.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  for (const name of [
    "tree_regressor_diabetes",
    "rf_regressor_deep_diabetes",
    "rf_breast_cancer",
    "extratrees_wine_3class",
    "gbt_breast_cancer",
  ]) {
    const r = readReference<Shap>(`shap_${name}.json`);
    const model = modelOf(r);
    const [x, background] = [tableOf(r.X), tableOf(r.background)];
    const outputs = model.classes ?? [undefined];
    outputs.forEach((positive, k) => {
      const chosen = positive === undefined ? {} : { positive };
      const of = positive === undefined ? "" : `, class ${positive}`;
      const at = (deep: readonly Deep[]): number[] => outputOf(deep, k, model.classes !== undefined);

      it(`${name}${of}: path-dependent`, () => {
        const found = tree(model, x, chosen);
        assertNear(found.values, at(r.path_dependent.phi), TOLERANCE);
        assertNear([found.base], [r.path_dependent.expected_value[k] as number], TOLERANCE);
        assertSum(found, answersOf(r, k));
      });
      it(`${name}${of}: interventional`, () => {
        const found = tree(model, x, { ...chosen, background });
        assertNear(found.values, at(r.interventional_exact.phi), TOLERANCE);
        const base = [r.interventional_exact.expected_value].flat()[k] as number;
        assertNear([found.base], [base], TOLERANCE);
        assertSum(found, answersOf(r, k));
      });
      it(`${name}${of}: interactions`, () => {
        const few = tableOf(r.X.slice(0, r.interaction_first_rows.length));
        const found = treeInteractions(model, few, chosen);
        assertNear(found.values, at(r.interaction_first_rows), TOLERANCE);
        const p = model.columns.length;
        const single = tree(model, few, chosen).values;
        const sums = single.map((_, cell) =>
          found.values.subarray(cell * p, cell * p + p).reduce((sum, value) => sum + value, 0),
        );
        assertNear(sums, [...single], SUM * largest(single));
      });
    });
  }

  it("gradient boosting: interventional values of the probability", () => {
    const r = readReference<Shap>("shap_gbt_breast_cancer.json");
    const model = { ...modelOf(r), classes: ["0", "1"] };
    const [x, background] = [tableOf(r.X), tableOf(r.background)];
    const expected = r.probability_interventional as NonNullable<Shap["probability_interventional"]>;
    const found = tree(model, x, { background, scale: "probability" });
    assertNear(found.values, expected.phi.flat(), ROUNDED);
    assertNear([found.base], [expected.expected_value], ROUNDED);
    const answers = (r.raw as readonly number[]).map((logOdds) => 1 / (1 + Math.exp(-logOdds)));
    assertSum(found, answers);
    assert.equal(found.outputUnit, "probability of 1");
    const first = tree(model, x, { background, scale: "probability", positive: "0" });
    assertNear(first.values, [...found.values.map((value) => -value)], SUM);
    assertNear([first.base], [1 - found.base], SUM);
    // A patient against their own double moves by nothing, on every column.
    const one = tableOf(r.X.slice(0, 1));
    assert.ok(
      tree(model, one, { background: one, scale: "probability" }).values.every((value) => value === 0),
    );
    assert.throws(() => tree(model, x, { scale: "probability" }), /need a background/);
    assert.throws(() => tree(modelOf(r), x, { background, scale: "probability" }), /boosting of two classes/);
  });

  it("XGBoost: path-dependent, interventional and interactions", () => {
    const r = readReference<XgboostShap>("shap_xgboost_breast_cancer.json");
    const { learner, version } = r.model_json;
    const { gradient_booster, learner_model_param } = learner;
    const base: unknown = JSON.parse(learner_model_param.base_score);
    // Since version 3.1 there is one for each output.
    const model = classification.importXgboost(
      gradient_booster.model.trees.map((one) => dumpOf(one, 0)),
      Number(version[0] > 3 || (version[0] === 3 && version[1] >= 1) ? (base as number[])[0] : base),
      { columns: columnsOf(30), classes: ["0", "1"] },
    );
    assert.equal(model.trees.trees.length, r.rounds);
    for (const one of model.trees.trees) assert.ok(depthOf(one.left, one.right, 0) <= r.params.max_depth);
    const x = tableOf(r.X);
    const found = tree(model, x);
    const withBase = Array.from(found.ids, (_, row) => [
      ...found.values.subarray(row * 30, row * 30 + 30),
      found.base,
    ]);
    assertNear(withBase.flat(), r.contribs_path_dependent.flat(), FLOAT32);
    const other = tree(model, x, { background: tableOf(r.background) });
    assertNear(other.values, r.interventional.phi.flat(), FLOAT32);
    assertNear([other.base], [r.interventional.expected_value], FLOAT32);
    const pairs = treeInteractions(model, tableOf(r.X.slice(0, 4)));
    const expected = r.interactions_first4.flatMap((matrix) =>
      matrix.slice(0, 30).flatMap((row) => row.slice(0, 30)),
    );
    assertNear(pairs.values, expected, FLOAT32);
    assertSum(found, [...model.logOdds(x).values]);
    const first = tree(model, x, { positive: "0" });
    assert.deepEqual(
      first.values,
      found.values.map((value) => -value),
    );
    assert.equal(first.outputUnit, "log odds of 0");
  });
});

function modelOf(r: Shap): TreeModel {
  const columns = columnsOf((r.X[0] as readonly number[]).length);
  const width = (r.trees[0] as classification.ScikitTree).value[0]?.length ?? 1;
  if (width > 1) {
    const classes = Array.from({ length: width }, (_, k) => String(k));
    return classification.importScikitTrees(r.trees, { columns, classes });
  }
  const isBoosted = r.combine === "gbt";
  const sum = r.trees.map((one) => ({
    left: Int32Array.from(one.left),
    right: Int32Array.from(one.right),
    feature: Int32Array.from(one.feature),
    threshold: Float64Array.from(one.threshold),
    value: Float64Array.from(one.value, (row) => (row[0] ?? 0) * (r.learning_rate ?? 1)),
    cover: Float64Array.from(one.cover),
  }));
  return {
    columns,
    outputUnit: isBoosted ? "log odds" : "progression",
    trees: {
      trees: sum,
      rule: "rounded-at-most",
      outputs: 1,
      base: Float64Array.of(r.init ?? 0),
      divisor: isBoosted ? 1 : sum.length,
    },
  };
}

function answersOf({ proba, raw, pred }: Shap, k: number): readonly number[] {
  return raw ?? pred ?? (proba as Matrix).map((row) => row[k] as number);
}

/** Class k of values whose last axis are the classes, flat. */
function outputOf(deep: readonly Deep[], k: number, hasClasses: boolean): number[] {
  const flat = (value: Deep): number[] => {
    if (typeof value === "number") return [value];
    if (hasClasses && typeof value[0] === "number") return [value[k] as number];
    return value.flatMap(flat);
  };
  return deep.flatMap(flat);
}

function depthOf(left: Int32Array, right: Int32Array, node: number): number {
  const [first, second] = [left[node] as number, right[node] as number];
  if (first < 0) return 0;
  return 1 + Math.max(depthOf(left, right, first), depthOf(left, right, second));
}

function dumpOf(one: XgboostTree, node: number): classification.XgboostNode {
  const [yes, no] = [one.left_children[node] as number, one.right_children[node] as number];
  const condition = one.split_conditions[node] as number;
  const cover = one.sum_hessian[node] as number;
  if (yes < 0) return { nodeid: node, leaf: condition, cover };
  return {
    nodeid: node,
    split: `f${one.split_indices[node]}`,
    split_condition: condition,
    yes,
    no,
    cover,
    children: [dumpOf(one, yes), dumpOf(one, no)],
  };
}

function columnsOf(p: number): { readonly name: string; readonly unit: string }[] {
  return Array.from({ length: p }, (_, j) => ({ name: `x${j}`, unit: "" }));
}

function tableOf(rows: Matrix): FeatureTable {
  return new FeatureTable(
    rows.map((_, row) => String(row)),
    columnsOf((rows[0] as readonly number[]).length).map((column, j) => ({
      ...column,
      values: Float64Array.from(rows, (row) => row[j] as number),
    })),
  );
}

function assertNear(found: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  assert.equal(found.length, expected.length);
  expected.forEach((value, at) => {
    const distance = Math.abs((found[at] as number) - value);
    assert.ok(distance <= tolerance, `value ${at}: ${found[at]} is not ${value}, off by ${distance}`);
  });
}

function assertSum({ values, base, ids }: Explanation, answers: readonly number[]): void {
  const p = values.length / ids.length;
  const sums = ids.map((_, row) =>
    values.subarray(row * p, row * p + p).reduce((sum, value) => sum + value, base),
  );
  assertNear(sums, answers, SUM * Math.max(1, largest(answers)));
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
