/**
 * How far predictions of a measured outcome are off: R², root mean square and mean absolute error.
 *
 * Source: the definitions of scikit-learn's `r2_score`, `root_mean_squared_error` and `mean_absolute_error`.
 * Layer:  model; imports core, table.
 */
import { InputError, NumericalError } from "../../core/errors.js";
import { checkSameIds } from "../../table/ids.js";
import type { Scores } from "../../table/scores.js";

/**
 * Share of the outcome's variance that the predictions explain: 1 − Σ (y − ŷ)² / Σ (y − mean y)². Below 0 where they are worse
 * than the mean of these very patients.
 *
 * @param y  n ≥ 2 measured outcomes.
 * @param predicted  Of the same patients in the same order, in the outcome's unit.
 * @throws InputError on mismatched ids or fewer than 2 patients; NumericalError if the outcome is the same for all.
 *
 * @example
 * model.metrics.rSquared(test.y, fitted.predict(test.x));
 */
export function rSquared(y: Scores, predicted: Scores): number {
  checkPair(y, predicted, 2);
  const { values } = y;
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const spread = Math.sqrt(sumOf(values, (value) => ((value - mean) / values.length) ** 2));
  const size = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(spread > 4 * Number.EPSILON * size)) {
    throw new NumericalError(
      `"${y.name}" is the same for all ${y.length} patients: there is no variance to explain. Use the rmse or mae.`,
    );
  }
  const rest = sumOf(values, (value, row) => ((value - predicted.values[row]) / values.length) ** 2);
  return 1 - rest / spread ** 2;
}

/** Root of the mean square distance between outcome and prediction, in the outcome's unit. @throws InputError on mismatched ids or no patients. */
export function rmse(y: Scores, predicted: Scores): number {
  checkPair(y, predicted, 1);
  const largest = y.values.reduce(
    (most, value, row) => Math.max(most, Math.abs(value - predicted.values[row])),
    0,
  );
  // In units of the largest, whose square cannot overflow.
  if (largest === 0) return 0;
  const squares = sumOf(y.values, (value, row) => ((value - predicted.values[row]) / largest) ** 2);
  return largest * Math.sqrt(squares / y.length);
}

/** Mean distance between outcome and prediction, in the outcome's unit. @throws InputError on mismatched ids or no patients. */
export function mae(y: Scores, predicted: Scores): number {
  checkPair(y, predicted, 1);
  return sumOf(y.values, (value, row) => Math.abs(value - predicted.values[row]) / y.length);
}

function sumOf(values: Float64Array, part: (value: number, row: number) => number): number {
  let sum = 0;
  for (let row = 0; row < values.length; row++) sum += part(values[row], row);
  return sum;
}

function checkPair(y: Scores, predicted: Scores, least: number): void {
  checkSameIds(y.ids, predicted.ids, `"${y.name}"`, "the predictions");
  if (y.length >= least) return;
  throw new InputError(
    `the measure needs at least ${least} patients, found ${y.length}. Check the filter before.`,
  );
}
