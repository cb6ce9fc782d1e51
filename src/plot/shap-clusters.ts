/**
 * Features that say the same: clusters of features whose values go with each other, and their tree beside bars or swarms.
 *
 * Source: shap 0.48, `clustering` of `shap.plots.bar`.
 * Layer:  plot; imports core, explain (types), model.
 */
import { InputError } from "../core/errors.js";
import type { Explanation } from "../explain/explanation.js";
import { ranksOf } from "../model/statistics/sample.js";
import { averageLinkage, type Merge } from "./cluster.js";
import { checkCount, drawn, rowsDown } from "./marks.js";
import { type FeatureRow, type FeatureRowOptions, rowsOfColumns } from "./shap-columns.js";
import { QUIET_INK } from "./theme.js";
import type { Spec } from "./vega.js";

export interface FeatureClusters {
  readonly rows: readonly FeatureRow[];
  readonly merges: readonly Merge[];
  /** Of all features. */
  readonly count: number;
  /** Row of each feature and of each cluster that is shown as one, by its number in the tree. */
  readonly places: ReadonlyMap<number, number>;
  readonly below: number;
}

const TREE = 60;
const MOST_FEATURES = 500;
/** A longer name of several features names the strongest only. */
const LONGEST_NAME = 32;

/**
 * The most important cluster first, within it the more important branch first; features of no cluster are clusters of one. Where the
 * end of the list would part a cluster, the two features that say the same and matter least become one row, their SHAP values added
 * up, until it does not.
 *
 * @throws InputError if the distance is none, `top` is no count, or there are more than 500 features.
 */
export function clusterFeatures(
  explanation: Explanation,
  below: number,
  { top = 15, rest = true }: Pick<FeatureRowOptions, "top" | "rest">,
): FeatureClusters {
  checkCount("top", top);
  if (!(below > 0 && below <= 1)) {
    throw new InputError(`cluster must be a distance above 0 and up to 1, found ${below}. 0.5 is usual.`);
  }
  const p = explanation.features.length;
  if (p > MOST_FEATURES) {
    throw new InputError(
      `at most ${MOST_FEATURES} features can be clustered, found ${p}. Select some first.`,
    );
  }
  const all = p < 2 ? [] : averageLinkage(distancesOf(explanation), p).merges;
  const tree: Tree = {
    merges: all.filter(({ height }) => height <= below),
    weights: [...explanation.meanAbsolute()],
    joined: new Set(),
  };
  const order = orderThatKeepsClusters(tree, p, top, rest);
  const most = rest && order.length === top + 1 ? top + 1 : top;
  const shown = order.slice(0, most);
  const others = rest ? order.slice(most).flatMap((node) => leavesOf(tree, p, node)) : [];
  return {
    rows: [
      ...shown.map((node) => rowOf(explanation, leavesOf(tree, p, node))),
      ...rowsOfColumns(explanation, [], others),
    ],
    merges: tree.merges,
    count: p,
    places: new Map(shown.map((node, row) => [node, row])),
    below,
  };
}

/** Nodes 0 … p − 1 are features, p + k is what `merges[k]` joins. */
interface Tree {
  readonly merges: readonly Merge[];
  /** Mean absolute SHAP values of features, and their sums of nodes that are shown as one. */
  readonly weights: number[];
  /** Nodes that are shown as one. */
  readonly joined: Set<number>;
}

function orderThatKeepsClusters(tree: Tree, p: number, top: number, rest: boolean): readonly number[] {
  const { merges, weights, joined } = tree;
  const inside = new Set(merges.flatMap(({ first, second }) => [first, second]));
  const roots = [...Array(p + merges.length).keys()].filter((node) => !inside.has(node));
  const isOne = (node: number): boolean => node < p || joined.has(node);
  for (;;) {
    const strongest = [...weights];
    merges.forEach(({ first, second }, k) => {
      if (!joined.has(p + k)) strongest[p + k] = Math.max(strongest[first], strongest[second]);
    });
    const layOut = (node: number): readonly number[] => {
      if (isOne(node)) return [node];
      const { first, second } = merges[node - p];
      return (strongest[first] >= strongest[second] ? [first, second] : [second, first]).flatMap(layOut);
    };
    const whole = [...roots].sort((a, b) => strongest[b] - strongest[a] || a - b).map(layOut);
    const order = whole.flat();
    const isAll = order.length <= top || (rest && order.length === top + 1);
    if (isAll || !whole.some((one) => one.includes(order[top - 1]) && one.includes(order[top]))) return order;
    let [least, sum] = [-1, Number.POSITIVE_INFINITY];
    merges.forEach(({ first, second }, k) => {
      const total = weights[first] + weights[second];
      const isPair = isOne(first) && isOne(second) && !joined.has(p + k);
      if (isPair && total < sum) [least, sum] = [p + k, total];
    });
    joined.add(least);
    weights[least] = sum;
  }
}

function leavesOf(tree: Tree, p: number, node: number): readonly number[] {
  if (node < p) return [node];
  const { first, second } = tree.merges[node - p];
  return [...leavesOf(tree, p, first), ...leavesOf(tree, p, second)].sort(
    (a, b) => tree.weights[b] - tree.weights[a],
  );
}

/** @param columns  The most important first. */
function rowOf(explanation: Explanation, columns: readonly number[]): FeatureRow {
  const [row] = rowsOfColumns(explanation, columns.slice(0, 1), []);
  if (columns.length === 1) return row;
  const all = columns.map((j) => explanation.features[j].name).join(" + ");
  const name = all.length <= LONGEST_NAME ? all : `${row.name} + ${columns.length - 1} alike`;
  return { ...row, name, unit: "", columns };
}

/** The tree at the right of the bars, as far as its features are shown. */
export function clusterLayer(
  { merges, count, places, below }: FeatureClusters,
  row: number,
  left: number,
  height: number,
): Spec {
  const middle = new Map([...places].map(([j, at]) => [j, row * (at + 0.5)]));
  const heights = new Map<number, number>();
  const across = (distance: number): number => left + 14 + (TREE * distance) / below;
  const lines = merges.flatMap(({ first, second, height: distance }, k) => {
    const [a, b] = [middle.get(first), middle.get(second)];
    if (a === undefined || b === undefined) return [];
    middle.set(count + k, (a + b) / 2);
    heights.set(count + k, distance);
    return [
      { x: across(heights.get(first) ?? 0), y: a },
      { x: across(distance), y: a },
      { x: across(distance), y: b },
      { x: across(heights.get(second) ?? 0), y: b },
    ].map((point, place) => ({ px: drawn(point.x), y: drawn(point.y), merge: k, place }));
  });
  return {
    data: { values: lines },
    mark: { type: "line", color: QUIET_INK, strokeWidth: 1.2, strokeJoin: "miter" },
    encoding: {
      x: { field: "px", type: "quantitative", scale: null, axis: null },
      y: rowsDown("y", height),
      detail: { field: "merge" },
      order: { field: "place", type: "quantitative" },
    },
  };
}

/** Which features are merged first, in words. */
export function clusterText(
  { merges, count }: FeatureClusters,
  features: readonly { readonly name: string }[],
): string {
  const pairs = merges
    .filter(({ first, second }) => first < count && second < count)
    .slice(0, 3)
    .map(
      ({ first, second, height }) =>
        `${features[first].name} and ${features[second].name} (distance ${height.toFixed(2)})`,
    );
  return pairs.length === 0 ? "No features say the same." : `Alike: ${pairs.join(", ")}.`;
}

/** 1 − |Spearman's ρ|; patients without a value of one feature count as its middle. */
function distancesOf({ features, data, ids }: Explanation): Float64Array {
  const [n, p] = [ids.length, features.length];
  const unit = features.map((_, j) => {
    const values = Float64Array.from(ids, (_id, i) => data[i * p + j]);
    const known = [...values.keys()].filter((i) => !Number.isNaN(values[i]));
    const { rank } = ranksOf(Float64Array.from(known, (i) => values[i]));
    const centered = new Float64Array(n);
    known.forEach((i, at) => {
      centered[i] = rank[at] - (known.length + 1) / 2;
    });
    const length = Math.sqrt(centered.reduce((sum, value) => sum + value * value, 0));
    return centered.map((value) => (length > 0 ? value / length : 0));
  });
  const distances = new Float64Array(p * p);
  for (let j = 0; j < p; j++) {
    for (let k = 0; k < j; k++) {
      let rho = 0;
      for (let i = 0; i < n; i++) rho += unit[j][i] * unit[k][i];
      distances[j * p + k] = distances[k * p + j] = Math.max(0, 1 - Math.abs(rho));
    }
  }
  return distances;
}
