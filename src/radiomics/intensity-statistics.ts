/**
 * The 18 statistics that both intensities and grey levels have.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, section 3.3.
 * Layer:  radiomics; imports tally.
 */
import { percentiles, type Tally } from "./tally.js";

/**
 * @param tallied  At least one value.
 * @param prefix   Start of the features' names: "stat" for intensities, "ih" for grey levels.
 * @returns Value by feature name; see the catalogue for what flat regions give.
 */
export function statistics(tallied: Tally, prefix: "stat" | "ih"): Record<string, number> {
  const { total: n, min, max } = tallied;
  const [p10, p25, p50, p75, p90] = percentiles(tallied, [0.1, 0.25, 0.5, 0.75, 0.9]);
  const { sum, squares } = sums(tallied);
  const mean = min === max ? min : sum / n;
  const { m2, m3, m4, deviation, fromMedian } = moments(tallied, mean, p50);
  const variance = m2 / n;
  const flat = min === max;
  return {
    [`${prefix}_mean`]: mean,
    [`${prefix}_var`]: variance,
    [`${prefix}_skew`]: flat ? 0 : m3 / n / variance ** 1.5,
    [`${prefix}_kurt`]: flat ? 0 : m4 / n / (variance * variance) - 3,
    [`${prefix}_median`]: p50,
    [`${prefix}_min`]: min,
    [`${prefix}_p10`]: p10,
    [`${prefix}_p90`]: p90,
    [`${prefix}_max`]: max,
    [`${prefix}_iqr`]: p75 - p25,
    [`${prefix}_range`]: max - min,
    [`${prefix}_mad`]: deviation / n,
    [`${prefix}_rmad`]: robustDeviation(tallied, p10, p90),
    [`${prefix}_medad`]: fromMedian / n,
    [`${prefix}_cov`]: ratio(Math.sqrt(variance), mean),
    [`${prefix}_qcod`]: ratio(p75 - p25, p75 + p25),
    [`${prefix}_energy`]: squares,
    [`${prefix}_rms`]: Math.sqrt(squares / n),
  };
}

function sums({ values, counts }: Tally): { sum: number; squares: number } {
  let sum = 0;
  let squares = 0;
  if (counts === null) {
    for (let k = 0; k < values.length; k++) {
      const v = values[k];
      sum += v;
      squares += v * v;
    }
    return { sum, squares };
  }
  for (let k = 0; k < values.length; k++) {
    const part = counts[k] * values[k];
    sum += part;
    squares += part * values[k];
  }
  return { sum, squares };
}

/** Sums about the mean, and of the distances from mean and median. */
interface Moments {
  readonly m2: number;
  readonly m3: number;
  readonly m4: number;
  readonly deviation: number;
  readonly fromMedian: number;
}

function moments({ values, counts }: Tally, mean: number, median: number): Moments {
  let m2 = 0;
  let m3 = 0;
  let m4 = 0;
  let deviation = 0;
  let fromMedian = 0;
  for (let k = 0; k < values.length; k++) {
    const n = counts === null ? 1 : counts[k];
    const d = values[k] - mean;
    const d2 = d * d;
    m2 += n * d2;
    m3 += n * (d2 * d);
    m4 += n * (d2 * d2);
    deviation += n * Math.abs(d);
    fromMedian += n * Math.abs(values[k] - median);
  }
  return { m2, m3, m4, deviation, fromMedian };
}

/** Mean absolute deviation of the values within [low, high] from their own mean; NaN if there is none. */
function robustDeviation({ values, counts }: Tally, low: number, high: number): number {
  let count = 0;
  let sum = 0;
  for (let k = 0; k < values.length; k++) {
    const v = values[k];
    if (v < low || v > high) continue;
    const n = counts === null ? 1 : counts[k];
    count += n;
    sum += n * v;
  }
  if (count === 0) return Number.NaN;
  const mean = sum / count;
  let deviation = 0;
  for (let k = 0; k < values.length; k++) {
    const v = values[k];
    if (v >= low && v <= high) deviation += (counts === null ? 1 : counts[k]) * Math.abs(v - mean);
  }
  return deviation / count;
}

/** 0 / anything is 0; anything else / 0 has no value. */
function ratio(top: number, bottom: number): number {
  if (top === 0) return 0;
  return bottom === 0 ? Number.NaN : top / bottom;
}
