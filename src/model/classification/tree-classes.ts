/**
 * Classes as outputs that trees can be grown on, and back: shares of the classes in each leaf.
 *
 * Layer:  model; imports table, its own files.
 */
import { InputError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import { Probabilities } from "../../table/probabilities.js";
import { type ClassWeights, classWeightsOf } from "./class-weights.js";
import { withValues } from "./forest-model.js";
import { type ClassifierColumn, matrixFor, type Training } from "./training.js";
import type { TreeData } from "./tree-bins.js";
import { rankColumns } from "./tree-columns.js";
import type { GrownTree } from "./tree-grow.js";
import { evaluateTrees, type TreeSum } from "./trees.js";

/** What a cut takes away. */
export type TreeCriterion = "gini" | "entropy";

/** @throws InputError unless the criterion is known. */
export function checkCriterion(criterion: TreeCriterion): void {
  if (criterion === "gini" || criterion === "entropy") return;
  throw new InputError(`criterion is "gini" or "entropy", found "${String(criterion)}".`);
}

/** Two classes need one output, 1 for the second, but for the entropy; others one for each class. */
export function treeDataOf(training: Training, criterion: TreeCriterion, minLeaf: number): TreeData {
  const { matrix, n, p, codes, classes } = training;
  const outputs = classes.length === 2 && criterion === "gini" ? 1 : classes.length;
  const target = new Float64Array(n * outputs);
  for (let row = 0; row < n; row++) {
    if (outputs === 1) target[row] = codes[row];
    else target[row * outputs + codes[row]] = 1;
  }
  return {
    columns: rankColumns(matrix, n, p),
    target,
    outputs,
    criterion: criterion === "entropy" ? "entropy" : "variance",
    minLeaf,
  };
}

/** The weight of each patient: that of the class. */
export function rowWeights(
  { codes, classes, counts }: Training,
  weights: ClassWeights | undefined,
): Float64Array {
  const byClass = classWeightsOf(weights, classes, counts);
  return Float64Array.from(codes, (code) => byClass[code]);
}

/** The mean of grown trees; outputs are the probabilities of the classes. */
export function treeSumOf(grown: readonly GrownTree[], classes: readonly string[]): TreeSum {
  const k = classes.length;
  const trees = withValues(grown, k, ({ value, left }, node, to) => {
    const isBinary = value.length === left.length;
    for (let c = 0; c < k; c++) {
      to[c] = isBinary ? (c === 1 ? value[node] : 1 - value[node]) : value[node * k + c];
    }
  });
  return { trees, rule: "at-most", outputs: k, base: new Float64Array(k), divisor: grown.length };
}

/** Class probabilities of new patients. */
export function predictShares(
  trees: TreeSum,
  columns: readonly ClassifierColumn[],
  classes: readonly string[],
  x: FeatureTable,
): Probabilities {
  const values = evaluateTrees(trees, matrixFor(x, columns), columns.length);
  // Sums of shares may pass 1 by rounding.
  for (let at = 0; at < values.length; at++) values[at] = Math.min(1, values[at]);
  return new Probabilities(x.ids, classes, values);
}
