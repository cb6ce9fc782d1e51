/**
 * Decision trees as flat arrays, and sums of them: what forests and boosting predict with, whoever trained them.
 *
 * Layer:  model; imports core.
 */
import { InputError } from "../../core/errors.js";

/**
 * How a value takes its way at a node. scikit-learn's trees round the value to float32 and go left if it is at most the
 * threshold; histogram boosting goes left if it is at most the threshold; XGBoost rounds both and goes left if it is below.
 */
export type SplitRule = "rounded-at-most" | "at-most" | "rounded-below";

/** One tree. Node 0 is the root. */
export interface DecisionTree {
  /** Children of each node, -1 at a leaf. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Column that decides at a node. */
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  /** Outputs of each node, nodes × outputs, row-major; only those of leaves are predicted. */
  readonly value: Float64Array;
  /** Training patients, or their weight, at each node. */
  readonly cover: Float64Array;
}

/** Trees whose outputs are added, or averaged. */
export interface TreeSum {
  readonly trees: readonly DecisionTree[];
  readonly rule: SplitRule;
  readonly outputs: number;
  /** What is predicted before the first tree, one per output. */
  readonly base: Float64Array;
  /** What the sum of the trees is divided by: their number for a mean. Default 1. Dividing last keeps equal votes equal. */
  readonly divisor?: number;
}

/**
 * Outputs for each row, n × outputs, row-major.
 *
 * @param matrix  n × p, row-major.
 */
export function evaluateTrees(
  { trees, rule, outputs, base, divisor = 1 }: TreeSum,
  matrix: Float64Array,
  p: number,
): Float64Array {
  const n = matrix.length / p;
  const sums = new Float64Array(n * outputs);
  const values = rule === "at-most" ? matrix : matrix.map(Math.fround);
  for (const tree of trees) {
    for (let row = 0; row < n; row++) {
      const leaf =
        rule === "rounded-below" ? leafBelow(tree, values, row * p) : leafAtMost(tree, values, row * p);
      for (let k = 0; k < outputs; k++) sums[row * outputs + k] += tree.value[leaf * outputs + k];
    }
  }
  for (let at = 0; at < sums.length; at++) sums[at] = base[at % outputs] + sums[at] / divisor;
  return sums;
}

/** The leaf that a row of values, from `start` on, falls into. */
export function leafAtMost(
  { left, right, feature, threshold }: DecisionTree,
  values: Float64Array,
  start: number,
): number {
  let node = 0;
  while (left[node] >= 0) node = values[start + feature[node]] <= threshold[node] ? left[node] : right[node];
  return node;
}

function leafBelow(
  { left, right, feature, threshold }: DecisionTree,
  values: Float64Array,
  start: number,
): number {
  let node = 0;
  while (left[node] >= 0) node = values[start + feature[node]] < threshold[node] ? left[node] : right[node];
  return node;
}

/**
 * Refuses what is no tree, so that evaluation cannot hang or read outside: children come after their parent.
 *
 * @param p  Number of columns.
 * @throws InputError naming tree and node.
 */
export function checkTrees({ trees, outputs, base }: TreeSum, p: number): void {
  if (trees.length === 0) throw new InputError("the model has no trees. Export it again.");
  if (base.length !== outputs || !base.every(Number.isFinite)) {
    throw new InputError(
      `the model needs a finite start for each of its ${outputs} outputs, found ${base.join(", ")}.`,
    );
  }
  trees.forEach(({ left, right, feature, threshold, value, cover }, t) => {
    const nodes = left.length;
    const lengths = [right.length, feature.length, threshold.length, cover.length, value.length / outputs];
    if (nodes === 0 || lengths.some((length) => length !== nodes)) {
      throw new InputError(
        `tree ${t} has arrays of different lengths: ${[nodes, ...lengths].join(", ")}. Export it again.`,
      );
    }
    for (let node = 0; node < nodes; node++) {
      const isLeaf = left[node] < 0 && right[node] < 0;
      const valid = isLeaf
        ? value.subarray(node * outputs, (node + 1) * outputs).every(Number.isFinite)
        : [left[node], right[node]].every((child) => child > node && child < nodes) &&
          feature[node] >= 0 &&
          feature[node] < p &&
          Number.isFinite(threshold[node]);
      if (valid) continue;
      throw new InputError(
        `tree ${t}, node ${node} is neither a leaf with finite outputs nor a split of one of ${p} columns into two later nodes. ` +
          "Export the model again, with the columns that it was trained on.",
      );
    }
  });
}
