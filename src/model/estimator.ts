/**
 * The contract of everything that learns: a recipe that holds only options, and what it becomes by `fit`.
 *
 * Layer:  model; imports table (types).
 */
import type { FeatureTable } from "../table/feature-table.js";
import type { TrainingTable } from "../table/guarded-table.js";
import type { Scores } from "../table/scores.js";

/** A fitted model: predicts for patients it may never have seen, by the columns that it was fitted on. */
export interface Fitted<Output = Scores> {
  /** @throws InputError if a column that the model was fitted on is absent, of another unit, or has a missing value. */
  predict(x: FeatureTable): Output;
}

/** A recipe. The same recipe can be fitted many times; it never changes. */
export interface Estimator<Target, Model extends Fitted<unknown> = Fitted> {
  /**
   * @param x  Not the test part of a split: that does not compile.
   * @throws InputError unless `x` and `y` hold the same patients in the same order.
   */
  fit(x: TrainingTable, y: Target): Model;
}
