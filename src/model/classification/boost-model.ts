/**
 * A fitted classifier made by boosting.
 *
 * Layer:  model; imports table, its own files.
 */
import type { FeatureTable } from "../../table/feature-table.js";
import type { Probabilities } from "../../table/probabilities.js";
import { type ColumnImportance, type GainedTree, importancesOf } from "./forest-model.js";
import { type ClassifierColumn, fromLogOdds, matrixFor, softmax } from "./training.js";
import type { TreeClassifier } from "./tree-import.js";
import { evaluateTrees, type TreeSum } from "./trees.js";

/** A classifier whose trees add up to log odds (two classes), or to log probabilities up to a number that all classes share. */
export interface BoostingModel extends TreeClassifier {
  readonly importances: readonly ColumnImportance[];
  /** The sums: log odds of the second of two classes, one per patient; or n × classes, row-major. */
  scores(x: FeatureTable): Float64Array;
}

export function boostedModel(
  trees: TreeSum,
  grown: readonly GainedTree[],
  classes: readonly string[],
  columns: readonly ClassifierColumn[],
): BoostingModel {
  const scores = (x: FeatureTable): Float64Array =>
    evaluateTrees(trees, matrixFor(x, columns), columns.length);
  return {
    classes,
    columns,
    trees,
    outputUnit: trees.outputs === 1 ? "log odds" : "log probability",
    importances: importancesOf(grown, columns),
    scores,
    predict: (x: FeatureTable): Probabilities => {
      const found = scores(x);
      return trees.outputs === 1 ? fromLogOdds(x.ids, classes, found) : softmax(x.ids, classes, found);
    },
  };
}
