/** Class weights: patients who weigh twice are patients who occur twice. */
import assert from "node:assert/strict";
import { svm } from "../../src/model/classification/svm.js";
import { logisticNet } from "../../src/model/logistic-net.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { labelsOf, rowIds } from "../support/outcomes.js";

const codes = [0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 1];
const y = labelsOf(codes);
const x = new FeatureTable(rowIds(codes.length), [
  { name: "a", unit: "mm", values: Float64Array.from(codes, (code, row) => Math.sin(3 * row) + 0.6 * code) },
  { name: "b", unit: "", values: Float64Array.from(codes, (code, row) => Math.cos(5 * row) - 0.4 * code) },
]);

/** Patients of class 1 once more. */
const rare = x.ids.filter((_, row) => codes[row] === 1);
const ids = [...x.ids, ...rare.map((id) => `${id} again`)];
const repeatedX = new FeatureTable(
  ids,
  x.columns.map((column) => ({
    ...column,
    values: Float64Array.from([...column.values, ...column.values.filter((_, row) => codes[row] === 1)]),
  })),
);
const repeatedY = new Labels(ids, [...y.values, ...rare.map(() => "1")], { name: "y" });

describe("class weights", () => {
  it("of a logistic net repeat the patients of a class", () => {
    const options = { folds: 0, lambdas: [0.03], standardize: false, l1Ratio: 0.5 };
    const weighted = logisticNet({ ...options, classWeights: { 1: 2 } })
      .fit(x, y)
      .at(0.03);
    const repeated = logisticNet(options).fit(repeatedX, repeatedY).at(0.03);
    assert.equal(weighted.covariates.length, 2);
    weighted.covariates.forEach(({ coefficient }, j) => {
      const gap = Math.abs(coefficient - (repeated.covariates[j]?.coefficient as number));
      assert.ok(gap < 1e-8, `coefficient ${j} differs by ${gap}`);
    });
    assert.ok(Math.abs(weighted.intercept - repeated.intercept) < 1e-8);
    const plain = logisticNet(options).fit(x, y).at(0.03);
    assert.ok(weighted.intercept > plain.intercept + 0.1, "the rare class becomes likelier");
  });

  it("of a support vector machine repeat the patients of a class", () => {
    const options = { gamma: 0.5, cost: 2, tolerance: 1e-8 };
    const weighted = svm({ ...options, classWeights: { 1: 2 } }).fit(x, y);
    const repeated = svm(options).fit(repeatedX, repeatedY);
    weighted.decision(x).forEach((value, row) => {
      const gap = Math.abs(value - (repeated.decision(x)[row] as number));
      assert.ok(gap < 1e-5, `decision ${row} differs by ${gap}`);
    });
  });

  it("balanced are n / (classes · patients of the class)", () => {
    const options = { folds: 0, lambdas: [0.03] };
    const balanced = logisticNet({ ...options, classWeights: "balanced" })
      .fit(x, y)
      .at(0.03);
    const counted = logisticNet({ ...options, classWeights: { 0: 12 / 16, 1: 12 / 8 } })
      .fit(x, y)
      .at(0.03);
    assert.equal(balanced.intercept, counted.intercept);
  });

  it("weigh the folds of a cross-validation too", () => {
    const foldIds = new Labels(
      y.ids,
      y.ids.map((_, row) => String(row % 3)),
    );
    const found = logisticNet({ foldIds, lambdas: [0.2, 0.1], classWeights: { 1: 3 }, measure: "error" }).fit(
      x,
      y,
    );
    // 8 patients weigh 1, 4 weigh 3.
    assert.equal(
      found.crossValidation?.folds.reduce((sum, { weight }) => sum + weight, 0),
      20,
    );
  });
});
