/**
 * SHAP interaction values as an explanation whose features are the single features and their pairs, so that every figure can draw
 * them.
 *
 * Layer:  explain; imports its own files.
 */
import { Explanation } from "./explanation.js";
import type { TreeInteractions } from "./tree.js";

/**
 * Each feature alone, and each pair: both halves of what the two do together. A pair has no value of its own, so that its dots are
 * grey.
 *
 * @param found  Of p features.
 * @returns p (p + 1) / 2 features; each patient's values and the base add up to the model's answer.
 *
 * @example
 * plot.shapDecision(explain.pairs(explain.treeInteractions(forest, test.x)))
 */
export function pairs({ ids, features, values, base, outputUnit }: TreeInteractions): Explanation {
  const p = features.length;
  const places: (readonly [number, number])[] = [];
  for (let j = 0; j < p; j++) {
    for (let k = 0; k <= j; k++) places.push([k, j]);
  }
  const count = places.length;
  const joined = new Float64Array(ids.length * count);
  for (let i = 0; i < ids.length; i++) {
    places.forEach(([k, j], at) => {
      const one = values[(i * p + j) * p + k];
      joined[i * count + at] = k === j ? one : one + values[(i * p + k) * p + j];
    });
  }
  return new Explanation({
    ids,
    features: places.map(([k, j]) => ({
      name: k === j ? features[j].name : `${features[k].name} × ${features[j].name}`,
      unit: "",
    })),
    values: joined,
    data: new Float64Array(ids.length * count).fill(Number.NaN),
    base,
    outputUnit,
  });
}
