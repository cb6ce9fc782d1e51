/**
 * Grows one decision tree, depth first, as scikit-learn does: at each node some columns are looked at in random order.
 *
 * Source: Breiman et al. 1984; Breiman 2001, doi:10.1023/A:1010933404324.
 * Layer:  model; imports core, its own files.
 */
import type { RandomStream } from "../../core/random.js";
import { type NodeRows, type SplitMemory, splitMemory, type TreeData } from "./tree-bins.js";
import { bestCut, type Cut, randomCut, scoreOfNode } from "./tree-split.js";
import type { DecisionTree } from "./trees.js";

/** How far a tree grows, and how it looks for cuts. */
export interface GrowthRules {
  readonly maxDepth: number;
  /** Least patients of a node that is cut. */
  readonly minSplit: number;
  /** Columns that are looked at in each node; more if all of these are constant there. */
  readonly features: number;
  /** "best": of all cuts along a column; "random": one at random. */
  readonly cuts: "best" | "random";
}

/** A tree with what every node took away of the impurity. Values are mean outputs. */
export interface GrownTree extends DecisionTree {
  /** Weighted decrease of impurity at each node, 0 for leaves. */
  readonly decrease: Float64Array;
}

/** Grows trees on the same data, using its memory again. */
export interface TreeGrower {
  /**
   * @param weights  Of each row; rows of weight 0 are left out.
   * @param random  Draws columns and cuts. Null: all columns in their order, so that of equal cuts the first is taken.
   */
  grow(weights: Float64Array, random: RandomStream | null): GrownTree;
}

export function treeGrower(data: TreeData, rules: GrowthRules): TreeGrower {
  const memory = splitMemory(data);
  const scratch: Scratch = {
    memory,
    rows: new Int32Array(data.columns.n),
    aside: new Int32Array(data.columns.n),
    order: Int32Array.from({ length: data.columns.p }, (_, j) => j),
    stack: [],
  };
  return { grow: (weights, random) => growTree(data, rules, weights, random, scratch) };
}

interface Scratch {
  readonly memory: SplitMemory;
  readonly rows: Int32Array;
  readonly aside: Int32Array;
  readonly order: Int32Array;
  /** start, end, depth, parent, is right child */
  readonly stack: number[];
}

function growTree(
  data: TreeData,
  rules: GrowthRules,
  weights: Float64Array,
  random: RandomStream | null,
  { memory, rows, aside, order, stack }: Scratch,
): GrownTree {
  const { outputs } = data;
  const { n } = data.columns;
  let many = 0;
  for (let row = 0; row < n; row++) if (weights[row] > 0) rows[many++] = row;
  const room = 2 * many - 1;
  const left = new Int32Array(room).fill(-1);
  const right = new Int32Array(room).fill(-1);
  const feature = new Int32Array(room).fill(-1);
  const threshold = new Float64Array(room);
  const value = new Float64Array(room * outputs);
  const cover = new Float64Array(room);
  const decrease = new Float64Array(room);
  const node: NodeRows = { rows, weights, start: 0, end: many, weight: 0 };
  const cut: Cut = { score: 0, feature: -1, rank: 0, threshold: 0 };
  // What an earlier tree left in it must not matter.
  for (let j = 0; j < order.length; j++) order[j] = j;
  let nodes = 0;
  stack.push(0, many, 0, -1, 0);
  while (stack.length > 0) {
    const isRight = stack.pop() as number;
    const parent = stack.pop() as number;
    const depth = stack.pop() as number;
    node.end = stack.pop() as number;
    node.start = stack.pop() as number;
    const at = nodes++;
    if (parent >= 0) (isRight === 1 ? right : left)[parent] = at;
    const isPure = sumNode(data, node, memory.sum);
    cover[at] = node.weight;
    for (let k = 0; k < outputs; k++) value[at * outputs + k] = memory.sum[k] / node.weight;
    const size = node.end - node.start;
    if (isPure || size < rules.minSplit || size < 2 * data.minLeaf || depth >= rules.maxDepth) continue;
    cut.score = Number.NEGATIVE_INFINITY;
    cut.feature = -1;
    lookForCut(data, rules, node, memory, cut, order, random);
    if (cut.feature < 0) continue;
    feature[at] = cut.feature;
    threshold[at] = cut.threshold;
    decrease[at] = Math.max(0, cut.score - scoreOfNode(data, node.weight, memory.sum));
    const middle = partition(data, node, cut, aside);
    stack.push(middle, node.end, depth + 1, at, 1);
    stack.push(node.start, middle, depth + 1, at, 0);
  }
  return {
    left: left.slice(0, nodes),
    right: right.slice(0, nodes),
    feature: feature.slice(0, nodes),
    threshold: threshold.slice(0, nodes),
    value: value.slice(0, nodes * outputs),
    cover: cover.slice(0, nodes),
    decrease: decrease.slice(0, nodes),
  };
}

/** Weight and sums of a node. @returns Whether all its patients have the same outputs. */
function sumNode({ target, outputs }: TreeData, node: NodeRows, sum: Float64Array): boolean {
  const { rows, weights, start, end } = node;
  let isPure = true;
  let weight = 0;
  sum.fill(0);
  const example = rows[start] * outputs;
  for (let at = start; at < end; at++) {
    const row = rows[at];
    weight += weights[row];
    for (let k = 0; k < outputs; k++) {
      const value = target[row * outputs + k];
      sum[k] += weights[row] * value;
      if (value !== target[example + k]) isPure = false;
    }
  }
  node.weight = weight;
  return isPure;
}

/** Draws columns without replacement until enough were looked at, and one of them varies. */
function lookForCut(
  data: TreeData,
  rules: GrowthRules,
  node: NodeRows,
  memory: SplitMemory,
  cut: Cut,
  order: Int32Array,
  random: RandomStream | null,
): void {
  const { p } = data.columns;
  let someVary = false;
  for (let seen = 0; seen < p && (seen < rules.features || !someVary); seen++) {
    let feature = seen;
    if (random !== null) {
      const drawn = seen + Math.floor(random.uniform() * (p - seen));
      feature = order[drawn];
      order[drawn] = order[seen];
      order[seen] = feature;
    }
    const varies =
      rules.cuts === "random" && random !== null
        ? randomCut(data, node, feature, memory, cut, random.uniform)
        : bestCut(data, node, feature, memory, cut);
    someVary ||= varies;
  }
}

/** Patients up to the rank of the cut first, others after them, each in their order. @returns Where the others start. */
function partition(
  { columns: { ranks, n } }: TreeData,
  { rows, start, end }: NodeRows,
  { feature, rank }: Cut,
  aside: Int32Array,
): number {
  const column = feature * n;
  let middle = start;
  let others = 0;
  for (let at = start; at < end; at++) {
    const row = rows[at];
    if (ranks[column + row] <= rank) rows[middle++] = row;
    else aside[others++] = row;
  }
  for (let at = 0; at < others; at++) rows[middle + at] = aside[at];
  return middle;
}
