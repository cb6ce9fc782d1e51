/**
 * Features that say the same: clusters of features whose values go with each other, and their tree beside bars.
 *
 * Layer:  plot; imports core, explain (types), model.
 */
import { InputError } from "../core/errors.js";
import type { Explanation } from "../explain/explanation.js";
import { ranksOf } from "../model/statistics/sample.js";
import { averageLinkage, type Merge } from "./cluster.js";
import { checkCount, drawn, rowsDown } from "./marks.js";
import { type FeatureRow, rowsOfColumns } from "./shap-columns.js";
import { QUIET_INK } from "./theme.js";
import type { Spec } from "./vega.js";

export interface FeatureClusters {
  readonly rows: readonly FeatureRow[];
  readonly merges: readonly Merge[];
  /** Of all features. */
  readonly count: number;
  /** Row of each feature that is shown, by its column. */
  readonly places: ReadonlyMap<number, number>;
  readonly below: number;
}

const TREE = 60;
const MOST_FEATURES = 500;

/**
 * The most important cluster first, within it the more important branch first; features of no cluster are clusters of one.
 *
 * @throws InputError if the distance is none, `top` is no count, or there are more than 500 features.
 */
export function clusterFeatures(explanation: Explanation, below: number, top: number): FeatureClusters {
  checkCount("top", top);
  if (!(below > 0 && below <= 1)) {
    throw new InputError(`cluster must be a distance above 0 and up to 1, found ${below}. 0.5 is usual.`);
  }
  const { features } = explanation;
  const p = features.length;
  if (p > MOST_FEATURES) {
    throw new InputError(
      `at most ${MOST_FEATURES} features can be clustered, found ${p}. Select some first.`,
    );
  }
  const means = explanation.meanAbsolute();
  const all = p < 2 ? [] : averageLinkage(distancesOf(explanation), p).merges;
  const merges = all.filter(({ height }) => height <= below);
  const weight = [...means];
  const leaves: (readonly number[])[] = features.map((_, j) => [j]);
  const joined = new Set<number>();
  all.forEach(({ first, second, height }) => {
    const [a, b] = weight[first] >= weight[second] ? [first, second] : [second, first];
    leaves.push([...leaves[a], ...leaves[b]]);
    weight.push(Math.max(weight[first], weight[second]));
    if (height <= below) joined.add(first).add(second);
  });
  const whole = [...Array(p + merges.length).keys()]
    .filter((node) => !joined.has(node))
    .sort((a, b) => weight[b] - weight[a] || a - b);
  const order = whole.flatMap((node) => leaves[node]);
  const most = order.length === top + 1 ? top + 1 : top;
  const shown = order.slice(0, most);
  return {
    rows: rowsOfColumns(explanation, shown, order.slice(most)),
    merges,
    count: p,
    places: new Map(shown.map((j, row) => [j, row])),
    below,
  };
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
