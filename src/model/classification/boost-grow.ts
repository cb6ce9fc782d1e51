/**
 * Grows one tree of histogram boosting: always cuts the leaf that gains most.
 *
 * Source: Ke et al. 2017, LightGBM; Friedman 2001, doi:10.1214/aos/1013203451; rules and defaults as scikit-learn's.
 * Layer:  model; imports its own files.
 */
import {
  type BoostNode,
  type BoostRules,
  type BoostSpace,
  type Derivatives,
  findCuts,
  TINY,
} from "./boost-cuts.js";
import type { DecisionTree } from "./trees.js";

/** A tree with the gain of each cut. */
export interface BoostedTree extends DecisionTree {
  readonly decrease: Float64Array;
}

/**
 * Grows a tree that takes a Newton step, and adds it to the scores.
 *
 * @param scores  n × outputs; those of `output` are updated in place.
 */
export function growBoosted(
  space: BoostSpace,
  rules: BoostRules,
  derivatives: Derivatives,
  scores: Float64Array,
  outputs: number,
  output: number,
): BoostedTree {
  const { n, rows, thresholds, free } = space;
  const { gradient, curvature } = derivatives;
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
  const add = (start: number, end: number, depth: number, total: number, bend: number): BoostNode => {
    const at = nodes++;
    cover[at] = end - start;
    const rest = { gain: 0, feature: -1, bin: 0, leftGradient: 0, leftCurvature: 0, histogram: null };
    return { at, start, end, depth, gradient: total, curvature: bend, ...rest };
  };
  const leaves = [add(0, n, 0, sum, curved)];
  findCuts(space, rules, derivatives, leaves[0], null, null);
  while (leaves.length < rules.maxLeaves) {
    let best = -1;
    for (let at = 0; at < leaves.length; at++) {
      if (leaves[at].gain > (best < 0 ? 0 : leaves[best].gain)) best = at;
    }
    if (best < 0) break;
    const node = leaves[best];
    const { at, start, end, depth } = node;
    const middle = partition(space, node);
    feature[at] = node.feature;
    threshold[at] = thresholds[node.feature][node.bin];
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
    findCuts(space, rules, derivatives, isSmaller ? one : other, isSmaller ? other : one, node.histogram);
  }
  for (const { histogram } of leaves) if (histogram !== null) free.push(histogram);
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

/** Patients of the cut's bins first. @returns Where the others start. */
function partition({ bins, n, rows, aside }: BoostSpace, { start, end, feature, bin }: BoostNode): number {
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
