/**
 * Trees made ready for exact SHAP values: for each node, the factors by which it changes what the paths through it weigh.
 *
 * A feature that is known sends all patients one way; one that is not sends the share z of the training patients. Let each feature be
 * known with probability t: a leaf is then reached with Π (t o + (1 − t) z) over the features of its path, o being 1 if the explained
 * patient goes that way and 0 if not. The Shapley value of a feature is the integral over t of the derivative by its own
 * probability (Owen 1972), a polynomial of lower degree than the path has features: Gauss–Legendre quadrature is exact. All terms of
 * a leaf have the same sign but for the last factor, so that nothing cancels, however deep the tree.
 *
 * Source: Owen 1972, doi:10.1287/mnsc.18.5.64; Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9; sums over subtrees as in Linear
 * TreeSHAP (Yu et al. 2022, arXiv:2209.08192), which has other points.
 * Layer:  explain; imports core, model (types), its own files.
 */
import { InputError } from "../core/errors.js";
import type { DecisionTree, SplitRule } from "../model/classification/trees.js";
import { gaussLegendre } from "./tree-quadrature.js";

/** Ways a patient may stand to the cut above a node, as places in the tables. */
export const AWAY = 0;
export const HERE = 1;
/** An earlier cut by the same feature has sent the patient away already: only z changes. */
export const OUT = 2;

/** One tree for one output. Tables are nodes × 3 ways × points; those of leaves include the leaf's value. */
export interface TreePaths {
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly feature: Int32Array;
  /** Values at most this go left. */
  readonly threshold: Float64Array;
  /** The node below the closest earlier cut by the same feature, or −1. */
  readonly earlier: Int32Array;
  readonly points: number;
  /** Weight of each point: what a path weighs at the root. */
  readonly weights: Float64Array;
  /** By which a path's weight changes on its way into the node. */
  readonly factors: Float64Array;
  /** What a unit of weight below the node gives to the feature of the cut above it. */
  readonly gains: Float64Array;
  /** Value of each node if it is a leaf. */
  readonly value: Float64Array;
  /** The derivative of the way into the node by the probability of its feature, divided by the way: nodes × 2 ways × points. */
  readonly slopes: Float64Array;
  readonly depth: number;
}

/**
 * @param output  Which of the tree's outputs.
 * @param byCover  Are the values path-dependent, so that each node needs its training patients?
 * @param t  Place of the tree, for the error.
 * @throws InputError if it needs them and they are not there.
 */
export function treePaths(
  tree: DecisionTree,
  rule: SplitRule,
  outputs: number,
  output: number,
  byCover: boolean,
  t: number,
): TreePaths {
  const { left, right, feature, cover } = tree;
  const nodes = left.length;
  if (byCover) checkCover(tree, t);
  const shape = measure(tree);
  const { earlier, share } = shape;
  const points = Math.max(1, Math.ceil(shape.features / 2));
  const rules = gaussLegendre(points);
  const value = outputOf(tree, outputs, output);
  const factors = new Float64Array(nodes * 3 * points);
  const gains = new Float64Array(nodes * 3 * points);
  const slopes = new Float64Array(nodes * 2 * points);
  for (let parent = 0; parent < nodes; parent++) {
    if (left[parent] < 0) continue;
    for (const node of [left[parent], right[parent]]) {
      const before = earlier[node];
      const size = left[node] < 0 ? value[node] : 1;
      for (let q = 0; q < points; q++) {
        const known = rules.points[q];
        const unknown = 1 - known;
        const here = known + unknown * share[node];
        const wasHere = before < 0 ? 1 : known + unknown * share[before];
        const hadGained = before < 0 ? 0 : (1 - share[before]) / wasHere;
        slopes[(node * 2 + AWAY) * points + q] = -1 / unknown;
        slopes[(node * 2 + HERE) * points + q] = (1 - share[node]) / here;
        const at = node * 3 * points + q;
        factors[at + AWAY * points] = ((unknown * share[node]) / wasHere) * size;
        factors[at + HERE * points] = (here / wasHere) * size;
        factors[at + OUT * points] = (cover[node] / cover[parent]) * size;
        gains[at + AWAY * points] = -1 / unknown - hadGained;
        gains[at + HERE * points] = (1 - share[node]) / here - hadGained;
        if (left[node] >= 0) continue;
        gains[at + AWAY * points] *= factors[at + AWAY * points];
        gains[at + HERE * points] *= factors[at + HERE * points];
      }
    }
  }
  return {
    left,
    right,
    feature,
    threshold: rule === "rounded-below" ? tree.threshold.map(floatBelow) : tree.threshold,
    earlier,
    points,
    weights: rules.weights,
    factors,
    gains,
    value,
    slopes,
    depth: shape.depth,
  };
}

function checkCover({ left, cover }: DecisionTree, t: number): void {
  const bad = left.findIndex((child, node) => child >= 0 && !(cover[node] > 0));
  if (bad < 0) return;
  throw new InputError(
    `tree ${t}, node ${bad} has a cover of ${cover[bad]}: without the training patients of each node there are no ` +
      "path-dependent SHAP values. Give a background of patients.",
  );
}

interface TreeShape {
  readonly earlier: Int32Array;
  /** Share of the training patients that pass all cuts by the node's own feature on the way to it. */
  readonly share: Float64Array;
  readonly depth: number;
  /** Most features that a path has. */
  readonly features: number;
}

function measure({ left, right, feature, cover }: DecisionTree): TreeShape {
  const nodes = left.length;
  const earlier = new Int32Array(nodes).fill(-1);
  const share = new Float64Array(nodes).fill(1);
  const above = new Int32Array(nodes).fill(-1);
  const depths = new Int32Array(nodes);
  const features = new Int32Array(nodes);
  let depth = 0;
  let most = 0;
  for (let parent = 0; parent < nodes; parent++) {
    if (left[parent] < 0) continue;
    // The closest node on the way to the parent whose cut, above it, is by the parent's feature.
    let found = parent;
    while (found >= 0 && (above[found] < 0 || feature[above[found]] !== feature[parent]))
      found = above[found];
    for (const node of [left[parent], right[parent]]) {
      above[node] = parent;
      earlier[node] = found;
      share[node] = (cover[node] / cover[parent]) * (found < 0 ? 1 : share[found]);
      depths[node] = depths[parent] + 1;
      features[node] = features[parent] + (found < 0 ? 1 : 0);
      depth = Math.max(depth, depths[node]);
      most = Math.max(most, features[node]);
    }
  }
  return { earlier, share, depth, features: most };
}

function outputOf(tree: DecisionTree, outputs: number, output: number): Float64Array {
  return Float64Array.from(tree.left, (_, node) => tree.value[node * outputs + output]);
}

/** A tree's mean answer for its training patients. */
export function meanAnswer(tree: DecisionTree, outputs: number, output: number): number {
  const { left, right, cover } = tree;
  const value = outputOf(tree, outputs, output);
  const reach = new Float64Array(left.length);
  reach[0] = 1;
  let sum = 0;
  for (let node = 0; node < left.length; node++) {
    if (left[node] < 0) sum += reach[node] * value[node];
    else
      for (const child of [left[node], right[node]])
        reach[child] = (reach[node] * cover[child]) / cover[node];
  }
  return sum;
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The greatest single-precision number below a value: for single-precision x, "below" is then "at most". */
function floatBelow(value: number): number {
  float[0] = value;
  if (float[0] < value) return float[0];
  if (float[0] === 0) return -1.401298464324817e-45;
  bits[0] += float[0] > 0 ? -1 : 1;
  return float[0];
}
