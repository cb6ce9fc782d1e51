/**
 * Which features a feature's SHAP values depend on beside its own value: candidates for interactions, without asking the model.
 *
 * Source: the heuristic of shap 0.48, `shap.utils.approximate_interactions` (Lundberg et al.).
 * Layer:  explain; imports core, its own files.
 */
import { type Explanation, featureColumn } from "./explanation.js";

/** Another feature, and how much it goes with the SHAP values. */
export interface InteractionPartner {
  readonly name: string;
  /** Sum of absolute correlations over windows of patients of like value: at least 0, at most the number of windows. */
  readonly strength: number;
}

const MOST_WINDOW = 50;

/**
 * Orders the other features by how much they go with what is left of a feature's SHAP values once its own value is known:
 * absolute correlations in windows of patients of like value, added up. Whether a value is missing counts like a value. Ties in
 * the feature's value keep the order of the patients. True interactions of trees: `treeInteractions`.
 *
 * @returns The strongest first; p − 1 of them.
 * @throws InputError if there is no such feature.
 *
 * @example
 * const [strongest] = explain.interactionPartners(why, "Age");
 */
export function interactionPartners(
  explanation: Explanation,
  feature: string,
): readonly InteractionPartner[] {
  const { features, values, data, ids } = explanation;
  const p = features.length;
  const own = featureColumn(explanation, feature);
  const key = (i: number): number => {
    const value = data[i * p + own];
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  };
  const order = [...ids.keys()].sort((a, b) => (key(a) === key(b) ? a - b : key(a) - key(b)));
  const moved = Float64Array.from(order, (i) => values[i * p + own]);
  const window = Math.max(1, Math.min(MOST_WINDOW, Math.floor(ids.length / 10)));
  const partners = features.flatMap(({ name }, j): InteractionPartner[] => {
    if (j === own) return [];
    const other = Float64Array.from(order, (i) => data[i * p + j]);
    const missing = other.map((value) => (Number.isNaN(value) ? 1 : 0));
    const strength = Math.max(windowed(moved, other, window), windowed(moved, missing, window));
    return [{ name, strength }];
  });
  return partners.sort((a, b) => b.strength - a.strength);
}

/** Sum of absolute correlations over windows; one in which nothing varies or a value is missing counts nothing. */
function windowed(x: Float64Array, y: Float64Array, window: number): number {
  let sum = 0;
  for (let start = 0; start < x.length; start += window) {
    sum += Math.abs(correlation(x.subarray(start, start + window), y.subarray(start, start + window)));
  }
  return sum;
}

/** Pearson's, 0 where there is none: nothing varies, or a value is missing. */
function correlation(x: Float64Array, y: Float64Array): number {
  const mean = (all: Float64Array): number => all.reduce((sum, value) => sum + value, 0) / all.length;
  const [a, b] = [mean(x), mean(y)];
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xx += (x[i] - a) ** 2;
    xy += (x[i] - a) * (y[i] - b);
    yy += (y[i] - b) ** 2;
  }
  const r = xy / Math.sqrt(xx * yy);
  return Number.isFinite(r) ? r : 0;
}
