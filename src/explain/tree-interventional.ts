/**
 * Exact interventional SHAP values of trees: features that are not known take the values of a background patient, whatever the
 * others are.
 *
 * Source: Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9, algorithm 3; in doubles, where the shap package rounds thresholds.
 * Layer:  explain; imports its own files.
 */
import type { TreePaths } from "./tree-paths.js";

/** What decides the paths: `treePaths` gives more. */
export type TreeCuts = Pick<TreePaths, "left" | "right" | "feature" | "threshold" | "value" | "depth">;

/**
 * Adds the SHAP values of one tree, mean over the background.
 *
 * @param matrix  Explained patients, n × p, row-major.
 * @param background  m × p, row-major.
 * @param phi  n × p. Written in place.
 */
export function addInterventionalShap(
  { left, right, feature, threshold, value, depth }: TreeCuts,
  matrix: Float64Array,
  background: Float64Array,
  p: number,
  phi: Float64Array,
): void {
  const n = matrix.length / p;
  const m = background.length / p;
  const orders = orderWeights(depth);
  const width = depth + 1;
  // Whose value a feature has on the path: 0 either, 1 the patient's, 2 that of the background.
  const owner = new Uint8Array(p);
  let row = 0;
  let other = 0;
  // Of the leaves below the last visited node: what they give to each feature of the patient's, and take from each of the other's.
  let given = 0;
  let taken = 0;

  const visit = (node: number, own: number, others: number): void => {
    if (left[node] < 0) {
      given = own === 0 ? 0 : (value[node] * orders[(own - 1) * width + others]) / m;
      taken = others === 0 ? 0 : (value[node] * orders[own * width + others - 1]) / m;
      return;
    }
    const column = feature[node];
    const mine = matrix[row + column] <= threshold[node] ? left[node] : right[node];
    const theirs = background[other + column] <= threshold[node] ? left[node] : right[node];
    if (mine === theirs || owner[column] !== 0) {
      visit(owner[column] === 2 ? theirs : mine, own, others);
      return;
    }
    owner[column] = 1;
    visit(mine, own + 1, others);
    const gain = given;
    const cost = taken;
    owner[column] = 2;
    visit(theirs, own, others + 1);
    owner[column] = 0;
    phi[row + column] += gain - taken;
    given += gain;
    taken += cost;
  };
  for (let i = 0; i < n; i++) {
    row = i * p;
    for (let b = 0; b < m; b++) {
      other = b * p;
      visit(0, 0, 0);
    }
  }
}

/** a! b! / (a + b + 1)!: the share of orders in which a features come before and b after one. */
function orderWeights(depth: number): Float64Array {
  const width = depth + 1;
  const weights = new Float64Array(width * width);
  for (let a = 0; a < width; a++) {
    // 1 / (a + b + 1) / C(a + b, b)
    let choose = 1;
    for (let b = 0; b < width; b++) {
      if (b > 0) choose = (choose * (a + b)) / b;
      weights[a * width + b] = 1 / ((a + b + 1) * choose);
    }
  }
  return weights;
}
