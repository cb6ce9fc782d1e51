/**
 * Grows one tree of histogram boosting: always cuts the leaf that gains most.
 *
 * What the bins of a node hold is added up over its patients; of two large siblings only for the smaller one, and the other is what
 * that leaves of their parent. For small nodes, adding up beats subtracting.
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
  /** Of a large node: gradient, curvature and patients of each bin, column by column. */
  histogram: Float64Array | null;
}

/** Memory for all trees. */
export interface BoostMemory {
  readonly rows: Int32Array;
  readonly aside: Int32Array;
  readonly gradients: Float64Array;
  readonly curvatures: Float64Array;
  /** Gradient, curvature and patients of each bin of one column; all 0 between uses. */
  readonly histogram: Float64Array;
  /** Histograms of all columns that no node uses any more. */
  readonly free: Float64Array[];
}

/** Numbers of one column's histogram. */
const WIDTH = 3 * 256;
/** Smaller nodes do not keep their histogram. */
const LARGE = 300;

export function boostMemory(n: number): BoostMemory {
  return {
    rows: new Int32Array(n),
    aside: new Int32Array(n),
    gradients: new Float64Array(n),
    curvatures: new Float64Array(n),
    histogram: new Float64Array(WIDTH),
    free: [],
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
    const rest = { gain: 0, feature: -1, bin: 0, leftGradient: 0, leftCurvature: 0, histogram: null };
    return { at, start, end, depth, gradient: total, curvature: bend, ...rest };
  };
  const search: Search = { columns, rules, gradient, curvature, memory };
  const leaves = [add(0, n, 0, sum, curved)];
  findCuts(search, leaves[0], null, null);
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
    const one = add(start, middle, depth + 1, node.leftGradient, node.leftCurvature);
    const rest = node.gradient - node.leftGradient;
    const other = add(middle, end, depth + 1, rest, node.curvature - node.leftCurvature);
    leaves[best] = one;
    leaves.push(other);
    if (leaves.length === rules.maxLeaves) break;
    const isSmaller = middle - start <= end - middle;
    findCuts(search, isSmaller ? one : other, isSmaller ? other : one, node.histogram);
  }
  for (const { histogram } of leaves) if (histogram !== null) memory.free.push(histogram);
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

interface Search {
  readonly columns: BinnedColumns;
  readonly rules: BoostRules;
  readonly gradient: Float32Array;
  readonly curvature: Float32Array;
  readonly memory: BoostMemory;
}

/**
 * Writes the best cuts of two siblings into them, or that of the root; gains stay 0 where there is none.
 *
 * @param small  That with fewer patients, or the root.
 * @param parent  The histogram of their parent, which becomes that of the larger one.
 */
function findCuts(search: Search, small: Node, large: Node | null, parent: Float64Array | null): void {
  const { columns, rules, memory } = search;
  const { p, thresholds } = columns;
  const wanted = [small, ...(large === null ? [] : [large])].filter((node) => mayBeCut(node, rules));
  if (wanted.length === 0) {
    if (parent !== null) memory.free.push(parent);
    return;
  }
  const { histogram } = memory;
  if (small.end - small.start >= LARGE) small.histogram = memory.free.pop() ?? new Float64Array(p * WIDTH);
  if (large !== null && parent !== null) large.histogram = parent;
  else if (large !== null) findCuts(search, large, null, null);
  if (large === null && !wanted.includes(small)) return;
  const rows = gather(search, small);
  for (let j = 0; j < p; j++) {
    const cuts = thresholds[j].length;
    if (cuts === 0) continue;
    addUp(columns, j, rows, memory);
    if (wanted.includes(small)) scan(histogram, 0, cuts, j, rules, small);
    const start = j * WIDTH;
    const used = 3 * (cuts + 1);
    if (small.histogram !== null)
      for (let at = 0; at < used; at++) small.histogram[start + at] = histogram[at];
    if (large !== null && parent !== null) {
      for (let at = 0; at < used; at++) parent[start + at] -= histogram[at];
      if (wanted.includes(large)) scan(parent, start, cuts, j, rules, large);
    }
    histogram.fill(0, 0, used);
  }
}

function mayBeCut({ depth, start, end, curvature }: Node, { maxDepth, minLeaf }: BoostRules): boolean {
  return depth < maxDepth && end - start >= 2 * minLeaf && curvature >= LEAST_CURVATURE;
}

/** Moves the derivatives of a node's patients together. @returns Their rows. */
function gather({ gradient, curvature, memory }: Search, { start, end }: Node): Int32Array {
  const { rows, gradients, curvatures } = memory;
  const own = rows.subarray(start, end);
  for (let at = 0; at < own.length; at++) {
    gradients[at] = gradient[own[at]];
    curvatures[at] = curvature[own[at]];
  }
  return own;
}

function addUp(
  { bins, n }: BinnedColumns,
  feature: number,
  rows: Int32Array,
  { gradients, curvatures, histogram }: BoostMemory,
): void {
  const column = feature * n;
  for (let at = 0; at < rows.length; at++) {
    const bin = 3 * bins[column + rows[at]];
    histogram[bin] += gradients[at];
    histogram[bin + 1] += curvatures[at];
    histogram[bin + 2]++;
  }
}

function scan(
  histogram: Float64Array,
  start: number,
  cuts: number,
  feature: number,
  { minLeaf, l2 }: BoostRules,
  node: Node,
): void {
  const { gradient, curvature } = node;
  const many = node.end - node.start;
  const own = (gradient * gradient) / (curvature + l2 + TINY);
  let best = node.gain;
  let count = 0;
  let sum = 0;
  let curved = 0;
  for (let bin = 0; bin < cuts; bin++) {
    const here = histogram[start + 3 * bin + 2];
    // An empty bin cuts as the one before it.
    if (here === 0) continue;
    count += here;
    sum += histogram[start + 3 * bin];
    curved += histogram[start + 3 * bin + 1];
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
