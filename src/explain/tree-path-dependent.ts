/**
 * Exact path-dependent SHAP values of trees, and their interactions, patient by patient.
 *
 * Layer:  explain; imports its own files.
 */
import { AWAY, HERE, OUT, type TreePaths } from "./tree-paths.js";

/**
 * Adds the SHAP values of one tree.
 *
 * @param matrix  n × p, row-major, rounded as the trees ask for.
 * @param phi  n × p, row-major. Written in place.
 */
export function addShap(paths: TreePaths, matrix: Float64Array, p: number, phi: Float64Array): void {
  const { left, right, feature, threshold, earlier, points, weights, factors, gains, depth } = paths;
  if (left[0] < 0) return;
  const n = matrix.length / p;
  const ways = new Uint8Array(left.length);
  // Of each depth: what the path to here weighs, and the sum of that over the leaves below, at each point.
  const weight = new Float64Array((depth + 1) * points);
  const below = new Float64Array((depth + 1) * points);
  weight.set(weights);
  let row = 0;

  const visit = (node: number, level: number): void => {
    const own = level * points;
    const next = own + points;
    for (let q = own; q < next; q++) below[q] = 0;
    const column = feature[node];
    const goesLeft = matrix[row + column] <= threshold[node];
    for (let side = 0; side < 2; side++) {
      const child = side === 0 ? left[node] : right[node];
      const before = earlier[child];
      const way = before >= 0 && ways[before] !== HERE ? OUT : goesLeft === (side === 0) ? HERE : AWAY;
      ways[child] = way;
      const table = (child * 3 + way) * points;
      let gain = 0;
      if (left[child] < 0) {
        for (let q = 0; q < points; q++) {
          const here = weight[own + q];
          gain += here * gains[table + q];
          below[own + q] += here * factors[table + q];
        }
      } else {
        for (let q = 0; q < points; q++) weight[next + q] = weight[own + q] * factors[table + q];
        visit(child, level + 1);
        for (let q = 0; q < points; q++) {
          const there = below[next + q];
          gain += there * gains[table + q];
          below[own + q] += there;
        }
      }
      phi[row + column] += gain;
    }
  };
  for (let i = 0; i < n; i++) {
    row = i * p;
    visit(0, 0);
  }
}

/**
 * Adds the interactions of one tree: half of what two features do together goes to each of the two places off the diagonal.
 *
 * @param values  n × p × p. Written in place; the diagonal is left alone.
 */
export function addInteractions(
  paths: TreePaths,
  matrix: Float64Array,
  p: number,
  values: Float64Array,
): void {
  const { left, right, feature, threshold, earlier, points, weights, factors, slopes, depth } = paths;
  if (left[0] < 0) return;
  const n = matrix.length / p;
  const ways = new Uint8Array(left.length);
  const weight = new Float64Array((depth + 2) * points);
  weight.set(weights);
  // The last node of each feature on the path.
  const last = new Int32Array(depth);
  let row = 0;

  const visit = (node: number, level: number, many: number): void => {
    const own = level * points;
    const column = feature[node];
    const goesLeft = matrix[row * p + column] <= threshold[node];
    for (let side = 0; side < 2; side++) {
      const child = side === 0 ? left[node] : right[node];
      const before = earlier[child];
      const way = before >= 0 && ways[before] !== HERE ? OUT : goesLeft === (side === 0) ? HERE : AWAY;
      ways[child] = way;
      const table = (child * 3 + way) * points;
      for (let q = 0; q < points; q++) weight[own + points + q] = weight[own + q] * factors[table + q];
      let place = many;
      if (before >= 0) place = last.indexOf(before);
      last[place] = child;
      const count = before >= 0 ? many : many + 1;
      if (left[child] >= 0) visit(child, level + 1, count);
      else addPairs(own + points, count);
      if (before >= 0) last[place] = before;
    }
  };

  const columnAbove = columnsAbove(paths);
  const addPairs = (at: number, count: number): void => {
    for (let a = 1; a < count; a++) {
      const tableA = (last[a] * 2 + (ways[last[a]] === HERE ? HERE : AWAY)) * points;
      const i = columnAbove[last[a]];
      for (let b = 0; b < a; b++) {
        const tableB = (last[b] * 2 + (ways[last[b]] === HERE ? HERE : AWAY)) * points;
        const j = columnAbove[last[b]];
        let sum = 0;
        for (let q = 0; q < points; q++) sum += weight[at + q] * slopes[tableA + q] * slopes[tableB + q];
        values[(row * p + i) * p + j] += sum / 2;
        values[(row * p + j) * p + i] += sum / 2;
      }
    }
  };
  for (row = 0; row < n; row++) visit(0, 0, 0);
}

/** The column of the cut above each node. */
function columnsAbove({ left, right, feature }: TreePaths): Int32Array {
  const columns = new Int32Array(left.length).fill(-1);
  for (let node = 0; node < left.length; node++) {
    if (left[node] < 0) continue;
    columns[left[node]] = feature[node];
    columns[right[node]] = feature[node];
  }
  return columns;
}
