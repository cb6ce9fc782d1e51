/**
 * Intensity histogram features: statistics of grey levels, and the histogram's shape.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, section 3.4.
 * Layer:  radiomics; imports discretize (types), intensity-statistics, tally.
 */
import type { Levels } from "./discretize.js";
import { statistics } from "./intensity-statistics.js";
import { tallyLevels } from "./tally.js";

/** Value by feature name; see the catalogue for what one level gives. */
export function histogramFeatures({ levels, levelCount }: Levels): Record<string, number> {
  const tallied = tallyLevels(levels, levelCount);
  const basic = statistics(tallied, "ih");
  const counts = new Float64Array(levelCount);
  counts.set(tallied.counts, tallied.values[0] - 1);
  let entropy = 0;
  let uniformity = 0;
  for (let k = 0; k < levelCount; k++) {
    if (counts[k] === 0) continue;
    const p = counts[k] / levels.length;
    entropy -= p * Math.log2(p);
    uniformity += p * p;
  }
  return {
    ...basic,
    ih_mode: mode(counts, basic.ih_mean),
    // −1 · log₂ 1 is −0.
    ih_entropy: Math.max(0, entropy),
    ih_uniformity: uniformity,
    ...gradients(counts),
  };
}

/** The most frequent level; among equals the one nearest the mean. */
function mode(counts: Float64Array, mean: number): number {
  let best = 0;
  for (let k = 1; k < counts.length; k++) {
    const nearer = Math.abs(k + 1 - mean) < Math.abs(best + 1 - mean);
    if (counts[k] > counts[best] || (counts[k] === counts[best] && nearer)) best = k;
  }
  return best + 1;
}

function gradients(counts: Float64Array): Record<string, number> {
  const last = counts.length - 1;
  const result = { ih_max_grad: 0, ih_max_grad_g: 1, ih_min_grad: 0, ih_min_grad_g: 1 };
  if (last === 0) return result;
  result.ih_max_grad = -Infinity;
  result.ih_min_grad = Infinity;
  for (let k = 0; k <= last; k++) {
    const next = Math.min(k + 1, last);
    const previous = Math.max(k - 1, 0);
    const gradient = (counts[next] - counts[previous]) / (next - previous);
    if (gradient > result.ih_max_grad) {
      result.ih_max_grad = gradient;
      result.ih_max_grad_g = k + 1;
    }
    if (gradient < result.ih_min_grad) {
      result.ih_min_grad = gradient;
      result.ih_min_grad_g = k + 1;
    }
  }
  return result;
}
