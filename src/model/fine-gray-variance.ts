/**
 * How much each patient moves the score of a subdistribution hazard model, which its errors come from: by the events, and by
 * the weights that were estimated from the censorings.
 *
 * Source: Fine & Gray 1999, doi:10.1080/01621459.1999.10474144, section 4 (η and ψ).
 * Layer:  model; imports its own folder.
 */
import { type RiskSets, rowHazards, type Subdistribution } from "./fine-gray-likelihood.js";

/**
 * @param x  n × p, row-major.
 * @returns n × p, row-major; columns sum to 0 at the optimum.
 */
export function fineGrayInfluence(
  x: Float64Array,
  p: number,
  data: Subdistribution,
  sets: RiskSets,
): Float64Array {
  const influence = eventInfluence(x, p, data, sets);
  addCensoringInfluence(influence, x, p, data, sets);
  return influence;
}

/** η: Σ (x − mean at risk) · weight · (event − hazard). */
function eventInfluence(x: Float64Array, p: number, data: Subdistribution, sets: RiskSets): Float64Array {
  const { rows, starts, kind, watched, events } = data;
  const { risk, mean, own } = sets;
  const runs = watched.length;
  const { during, after } = rowHazards(data, risk);
  const influence = new Float64Array(rows.length * p);
  const along = new Float64Array(p);
  for (let run = 0; run < runs; run++) {
    const step = events[run] > 0 ? events[run] / risk[run] : 0;
    for (let j = 0; j < p; j++) along[j] += step * mean[run * p + j];
    for (let at = starts[run]; at < starts[run + 1]; at++) {
      const row = rows[at];
      for (let j = 0; j < p; j++) {
        const value = x[row * p + j];
        const seen = kind[row] === 1 ? value - mean[run * p + j] : 0;
        influence[row * p + j] = seen - own[row] * (value * (during[row] + after[row]) - along[j]);
      }
    }
  }
  along.fill(0);
  for (let run = runs - 1; run >= 0; run--) {
    for (let at = starts[run]; at < starts[run + 1]; at++) {
      const row = rows[at];
      if (kind[row] !== 2) continue;
      for (let j = 0; j < p; j++) influence[row * p + j] += (own[row] * along[j]) / watched[run];
    }
    const step = events[run] > 0 ? (watched[run] * events[run]) / risk[run] : 0;
    for (let j = 0; j < p; j++) along[j] += step * mean[run * p + j];
  }
  return influence;
}

/** ψ: what a patient's censoring, or staying, does to the weights of all who had a competing event before. */
function addCensoringInfluence(
  influence: Float64Array,
  x: Float64Array,
  p: number,
  data: Subdistribution,
  { risk, mean, own }: RiskSets,
): void {
  const { rows, starts, kind, watched, events } = data;
  const n = rows.length;
  const runs = watched.length;
  // From each run on: Σ G dΛ, and the same times the means.
  const rest = new Float64Array((runs + 1) * (1 + p));
  for (let run = runs - 1; run >= 0; run--) {
    const step = events[run] > 0 ? (watched[run] * events[run]) / risk[run] : 0;
    const [to, from] = [run * (1 + p), (run + 1) * (1 + p)];
    rest[to] = rest[from] + step;
    for (let j = 0; j < p; j++) rest[to + 1 + j] = rest[from + 1 + j] + step * mean[run * p + j];
  }
  // Of those who had a competing event before: Σ risk / G, and the same times their columns.
  const before = new Float64Array(1 + p);
  const shared = new Float64Array(p);
  const q = new Float64Array(p);
  for (let run = 0; run < runs; run++) {
    const members = rows.subarray(starts[run], starts[run + 1]);
    const atRisk = n - starts[run];
    const from = run * (1 + p);
    let censored = 0;
    for (const row of members) if (kind[row] === 0) censored++;
    for (let j = 0; j < p; j++) {
      q[j] = (before[1 + j] * rest[from] - before[0] * rest[from + 1 + j]) / atRisk;
      shared[j] += (q[j] * censored) / atRisk;
    }
    for (const row of members) {
      for (let j = 0; j < p; j++) influence[row * p + j] += (kind[row] === 0 ? q[j] : 0) - shared[j];
      if (kind[row] !== 2) continue;
      const weight = own[row] / watched[run];
      before[0] += weight;
      for (let j = 0; j < p; j++) before[1 + j] += weight * x[row * p + j];
    }
  }
}

/** A⁻¹ B A⁻¹ for the sum B of the squares of the influences. @param inverse  A⁻¹, p × p. */
export function sandwich(inverse: Float64Array, influence: Float64Array, p: number): Float64Array {
  const covariance = new Float64Array(p * p);
  const moved = new Float64Array(p);
  for (let offset = 0; offset < influence.length; offset += p) {
    for (let i = 0; i < p; i++) {
      let sum = 0;
      for (let j = 0; j < p; j++) sum += inverse[i * p + j] * influence[offset + j];
      moved[i] = sum;
    }
    for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) covariance[i * p + j] += moved[i] * moved[j];
  }
  return covariance;
}
