/**
 * Values of a column at which a model is asked.
 *
 * Layer:  explain; imports core, table.
 */
import { InputError } from "../core/errors.js";
import { quantileOfSorted } from "../table/summarize.js";

/** @throws InputError unless there is a value, and all are finite. */
export function checkGrid(grid: readonly number[]): Float64Array {
  const points = Float64Array.from(grid);
  if (points.length > 0 && points.every(Number.isFinite)) return points;
  throw new InputError(`the grid must hold finite numbers, at least one, found [${points.join(", ")}].`);
}

/** Equal steps from the 5 % to the 95 % quantile; of fewer distinct values those. @throws InputError on missing values. */
export function gridOf(values: Float64Array, feature: string, steps: number): Float64Array {
  if (!values.every(Number.isFinite)) {
    throw new InputError(`"${feature}" has missing or infinite values. Drop those patients, or give a grid.`);
  }
  const sorted = values.slice().sort();
  const distinct = sorted.filter((value, at) => at === 0 || value !== sorted[at - 1]);
  if (distinct.length <= steps) return distinct;
  const [low, high] = [quantileOfSorted(sorted, 0.05), quantileOfSorted(sorted, 0.95)];
  if (low === high) return distinct;
  return Float64Array.from({ length: steps }, (_, at) => low + ((high - low) * at) / (steps - 1));
}
