/**
 * Grows one tree of histogram boosting: always cuts the leaf that gains most.
 *
 * Each node counts its patients per bin anew. For the few thousand patients of a study that is faster than to keep the counts of the
 * parent and subtract: everything stays in the first cache.
 *
 * Source: Ke et al. 2017, LightGBM; Friedman 2001, doi:10.1214/aos/1013203451; rules and defaults as scikit-learn's.
 * Layer:  model; imports its own files.
 */
import type { BinnedColumns } from "./boost-bins.js";
import type { DecisionTree } from "./trees.js";

export interface BoostRules {
  readonly maxLeaves: number;
  readonly maxDepth: number;
  readonly minLeaf: number;
  readonly l2: number;
  readonly learningRate: number;
}

/** A tree with the gain of each cut. */
export interface BoostedTree extends DecisionTree {
  readonly decrease: Float64Array;
}

/** Leaves with less curvature than this are not made. */
const LEAST_CURVATURE = 1e-3;
const TINY = 1e-15;

/** A leaf, and the best cut of it. */
interface Node {
  readonly at: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly gradient: number;
  readonly curvature: number;
  gain: number;
  feature: number;
  bin: number;
  leftGradient: number;
  leftCurvature: number;
}

/** Memory for all trees. */
export interface BoostMemory {
  readonly rows: Int32Array;
  readonly aside: Int32Array;
  readonly gradients: Float64Array;
  readonly curvatures: Float64Array;
  /** Gradient, curvature and patients of each bin. */
  readonly histogram: Float64Array;
}

export function boostMemory(n: number): BoostMemory {
  return {
    rows: new Int32Array(n),
    aside: new Int32Array(n),
    gradients: new Float64Array(n),
    curvatures: new Float64Array(n),
    histogram: new Float64Array(3 * 256),
  };
}

/**
 * Grows a tree that takes a Newton step, and adds it to the scores.
 *
 * @param gradient  Of the loss by the score of each patient.
 * @param curvature  The second derivative.
 * @param scores  n × outputs; those of `output` are updated in place.
 */
export function growBoosted(
  columns: BinnedColumns,
  rules: BoostRules,
  gradient: Float32Array,
  curvature: Float32Array,
  scores: Float64Array,
  outputs: number,
  output: number,
  memory: BoostMemory,
): BoostedTree {
  const { rows } = memory;
  const { n } = columns;
  const room = 2 * Math.min(rules.maxLeaves, n) - 1;
  const left = new Int32Array(room).fill(-1);
  const right = new Int32Array(room).fill(-1);
  const feature = new Int32Array(room).fill(-1);
  const threshold = new Float64Array(room);
  const value = new Float64Array(room * outputs);
  const cover = new Float64Array(room);
  const decrease = new Float64Array(room);
  let sum = 0;
  let curved = 0;
  for (let row = 0; row < n; row++) {
    rows[row] = row;
    sum += gradient[row];
    curved += curvature[row];
  }
  let nodes = 0;
  const add = (start: number, end: number, depth: number, total: number, bend: number): Node => {
    const at = nodes++;
    cover[at] = end - start;
    const node = { at, start, end, depth, gradient: total, curvature: bend };
    const found: Node = { ...node, gain: 0, feature: -1, bin: 0, leftGradient: 0, leftCurvature: 0 };
    if (depth < rules.maxDepth && end - start >= 2 * rules.minLeaf && bend >= LEAST_CURVATURE)
      findCut(columns, rules, gradient, curvature, memory, found);
    return found;
  };
  const leaves = [add(0, n, 0, sum, curved)];
  while (leaves.length < rules.maxLeaves) {
    let best = -1;
    for (let at = 0; at < leaves.length; at++) {
      if (leaves[at].gain > (best < 0 ? 0 : leaves[best].gain)) best = at;
    }
    if (best < 0) break;
    const node = leaves[best];
    const { at, start, end, depth } = node;
    const middle = partition(columns, memory, node);
    feature[at] = node.feature;
    threshold[at] = columns.thresholds[node.feature][node.bin];
    decrease[at] = node.gain;
    left[at] = nodes;
    right[at] = nodes + 1;
    leaves[best] = add(start, middle, depth + 1, node.leftGradient, node.leftCurvature);
    const rest = node.gradient - node.leftGradient;
    leaves.push(add(middle, end, depth + 1, rest, node.curvature - node.leftCurvature));
  }
  for (const { at, start, end, gradient: total, curvature: bend } of leaves) {
    const step = -rules.learningRate * (total / (bend + rules.l2 + TINY));
    value[at * outputs + output] = step;
    for (let place = start; place < end; place++) scores[rows[place] * outputs + output] += step;
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

/** Writes the best cut of a leaf into it; its gain stays 0 if there is none. */
function findCut(
  { bins, thresholds, n, p }: BinnedColumns,
  rules: BoostRules,
  gradient: Float32Array,
  curvature: Float32Array,
  { rows, gradients, curvatures, histogram }: BoostMemory,
  node: Node,
): void {
  const { start, end } = node;
  const many = end - start;
  for (let at = 0; at < many; at++) {
    const row = rows[start + at];
    gradients[at] = gradient[row];
    curvatures[at] = curvature[row];
  }
  for (let j = 0; j < p; j++) {
    const cuts = thresholds[j].length;
    if (cuts === 0) continue;
    const column = j * n;
    histogram.fill(0, 0, 3 * (cuts + 1));
    for (let at = 0; at < many; at++) {
      const bin = 3 * bins[column + rows[start + at]];
      histogram[bin] += gradients[at];
      histogram[bin + 1] += curvatures[at];
      histogram[bin + 2]++;
    }
    scan(histogram, cuts, many, j, rules, node);
  }
}

function scan(
  histogram: Float64Array,
  cuts: number,
  many: number,
  feature: number,
  { minLeaf, l2 }: BoostRules,
  node: Node,
): void {
  const { gradient, curvature } = node;
  const own = (gradient * gradient) / (curvature + l2 + TINY);
  let best = node.gain;
  let count = 0;
  let sum = 0;
  let curved = 0;
  for (let bin = 0; bin < cuts; bin++) {
    const here = histogram[3 * bin + 2];
    // An empty bin cuts as the one before it.
    if (here === 0) continue;
    count += here;
    sum += histogram[3 * bin];
    curved += histogram[3 * bin + 1];
    if (count < minLeaf || curved < LEAST_CURVATURE) continue;
    const curvedRest = curvature - curved;
    if (many - count < minLeaf || curvedRest < LEAST_CURVATURE) break;
    const rest = gradient - sum;
    const gain = (sum * sum) / (curved + l2 + TINY) + (rest * rest) / (curvedRest + l2 + TINY) - own;
    if (gain > best) {
      best = gain;
      node.gain = gain;
      node.feature = feature;
      node.bin = bin;
      node.leftGradient = sum;
      node.leftCurvature = curved;
    }
  }
}

/** Patients of the cut's bins first. @returns Where the others start. */
function partition(
  { bins, n }: BinnedColumns,
  { rows, aside }: BoostMemory,
  { start, end, feature, bin }: Node,
): number {
  const column = feature * n;
  let middle = start;
  let others = 0;
  for (let at = start; at < end; at++) {
    const row = rows[at];
    if (bins[column + row] <= bin) rows[middle++] = row;
    else aside[others++] = row;
  }
  for (let at = 0; at < others; at++) rows[middle + at] = aside[at];
  return middle;
}
