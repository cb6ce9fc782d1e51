/**
 * Densities of samples by Gaussian kernels.
 *
 * Source: Silverman 1986, Density Estimation, section 3.4.2 (rule of thumb).
 * Layer:  plot; imports table.
 */
import { quantileOfSorted } from "../table/summarize.js";

/** Width of the kernel; 0 if all values are the same. @param sorted  At least 2, rising. */
export function bandwidthOf(sorted: Float64Array): number {
  const n = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / n;
  const sd = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const quartiles = (quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25)) / 1.34;
  return 0.9 * (Math.min(sd, quartiles) || sd) * n ** -0.2;
}

/** Height of the density of values at a place. */
export function densityAt(values: ArrayLike<number>, width: number, place: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(-0.5 * ((place - values[i]) / width) ** 2);
  return sum / (values.length * width * Math.sqrt(2 * Math.PI));
}
