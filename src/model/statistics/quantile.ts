/**
 * Quantiles by the nine definitions of Hyndman and Fan.
 *
 * Source: Hyndman & Fan 1996, doi:10.1080/00031305.1996.10473566.
 * Layer:  model; imports core, table.
 */
import { InputError } from "../../core/errors.js";
import { quantileOfSorted } from "../../table/summarize.js";
import { checkSample, type Sample } from "./sample.js";

/** 7 is the default of R and NumPy; 6 that of SPSS; 2 that of SAS. */
export type QuantileType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/**
 * @param p  In [0, 1].
 * @param type  Default 7.
 * @throws InputError on no or missing values, or p outside [0, 1].
 */
export function quantile(x: Sample, p: number, type: QuantileType = 7): number {
  const sorted = checkSample("the sample", x).sort();
  if (!(p >= 0 && p <= 1)) throw new InputError(`the share of a quantile lies in [0, 1], found ${p}.`);
  const n = sorted.length;
  const at = (rank: number): number => sorted[Math.min(n, Math.max(1, rank)) - 1];
  if (type === 7) return quantileOfSorted(sorted, p);
  // A position that is whole but for rounding counts as whole, as in R.
  const fuzz = 4 * Number.EPSILON;
  if (type === 1 || type === 2) {
    const below = Math.floor(n * p + fuzz);
    if (n * p - below > fuzz) return at(below + 1);
    return type === 1 ? at(below) : (at(below) + at(below + 1)) / 2;
  }
  if (type === 3) {
    const position = n * p - 0.5;
    const below = Math.floor(position + fuzz);
    return Math.abs(position - below) <= fuzz && below % 2 === 0 ? at(below) : at(below + 1);
  }
  const shifts = { 4: [0, 1], 5: [0.5, 0.5], 6: [0, 0], 8: [1 / 3, 1 / 3], 9: [3 / 8, 3 / 8] } as const;
  if (!(type in shifts)) throw new InputError(`quantiles have the types 1 to 9, found ${String(type)}.`);
  const [a, b] = shifts[type];
  const position = a + p * (n + 1 - a - b);
  const below = Math.floor(position + fuzz);
  const part = position - below;
  if (Math.abs(part) <= fuzz) return at(below);
  return (1 - part) * at(below) + part * at(below + 1);
}
