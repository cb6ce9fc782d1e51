/**
 * What fitted trees and forests have in common: how much each column helped, and how they show themselves.
 *
 * Layer:  model; imports core, table.
 */
import type { MimeBundle } from "../../core/display.js";
import { formatNumber, renderTable, rowList } from "../../table/render.js";
import type { ClassifierColumn } from "./training.js";
import type { GrownTree } from "./tree-grow.js";
import type { DecisionTree } from "./trees.js";

/** How much a column took away of the impurity: its share of what all columns took away, mean over the trees. */
export interface ColumnImportance extends ClassifierColumn {
  /** In [0, 1]; all sum to 1, or are 0 if no tree has a cut. */
  readonly importance: number;
}

/** A tree that knows what each of its cuts gained. */
export type GainedTree = DecisionTree & Pick<GrownTree, "decrease">;

/** Mean decrease of impurity, in the order of the columns (Breiman et al. 1984; scikit-learn's `feature_importances_`). */
export function importancesOf(
  trees: readonly GainedTree[],
  columns: readonly ClassifierColumn[],
): readonly ColumnImportance[] {
  const sums = new Float64Array(columns.length);
  for (const { feature, decrease, left } of trees) {
    let total = 0;
    for (let node = 0; node < left.length; node++) total += decrease[node];
    if (!(total > 0)) continue;
    for (let node = 0; node < left.length; node++) {
      if (left[node] >= 0) sums[feature[node]] += decrease[node] / total;
    }
  }
  const all = sums.reduce((sum, value) => sum + value, 0);
  return columns.map(({ name, unit }, j) => ({ name, unit, importance: all > 0 ? sums[j] / all : 0 }));
}

/**
 * Trees with other outputs, without what only growing needs.
 *
 * @param outputsOf  Writes the outputs of one node.
 */
export function withValues(
  trees: readonly GrownTree[],
  outputs: number,
  outputsOf: (tree: GrownTree, node: number, to: Float64Array) => void,
): readonly DecisionTree[] {
  const one = new Float64Array(outputs);
  return trees.map((tree) => {
    const { left, right, feature, threshold, cover } = tree;
    const value = new Float64Array(left.length * outputs);
    for (let node = 0; node < left.length; node++) {
      outputsOf(tree, node, one);
      value.set(one, node * outputs);
    }
    return { left, right, feature, threshold, cover, value };
  });
}

const SHOWN_COLUMNS = 20;

/** The most important columns as a table. */
export function showImportances(title: string, importances: readonly ColumnImportance[]): MimeBundle {
  const ranked = importances.toSorted((a, b) => b.importance - a.importance);
  return renderTable({
    title,
    header: ["column", "unit", "importance"],
    rows: rowList(ranked, ({ name, unit, importance }) => [name, unit, formatNumber(importance, 3)]),
    most: SHOWN_COLUMNS,
    what: "columns",
  });
}

/** "100 trees, 4,210 leaves" */
export function sizeOf(trees: readonly DecisionTree[]): string {
  const leaves = trees.reduce((sum, { left }) => sum + (left.length + 1) / 2, 0);
  return `${trees.length} ${trees.length === 1 ? "tree" : "trees"}, ${leaves} leaves`;
}
