/**
 * Case weights of survival models: how much each patient counts, matched by patient id.
 *
 * Layer:  model; imports core, table.
 */
import { InputError } from "../core/errors.js";
import type { Scores } from "../table/scores.js";
import { rowsOfDrawn } from "./validation/rows.js";

/** Weights as an option of a recipe or a statistic. */
export interface WeightOptions {
  /**
   * How much each patient counts, by patient id in any order: positive numbers, e.g.
   * `cohort.numeric(["weight"]).scores("weight")`. Patients who are not fitted are passed over, so that a cross-validation
   * gives each fold its own. Whole numbers are frequencies: 3 counts as three such patients. Any others are sampling
   * weights, with robust errors, as in R's survival. Default 1 for each.
   */
  readonly weights?: Scores;
}

/** The weight of each row. */
export interface CaseWeights {
  readonly values: Float64Array;
  /** Whether all weights are whole: each patient then stands for so many equal ones. */
  readonly isFrequency: boolean;
}

/** Weights this far from 1 leave the range in which their products with risks can be computed. */
const LARGEST = 1e100;

/**
 * The weights of these rows, which may be patients drawn more than once; null if there are no weights.
 *
 * @throws InputError naming patients without a weight, or whose weight is not positive.
 */
export function weightsOf(ids: readonly string[], weights: Scores | undefined): CaseWeights | null {
  if (weights === undefined) return null;
  const rows = rowsOfDrawn(weights.ids, ids, `the weights "${weights.name}"`);
  const values = Float64Array.from(rows, (row) => weights.values[row]);
  const bad = values.findIndex((value) => !(value > 1 / LARGEST && value < LARGEST));
  if (bad >= 0) {
    throw new InputError(
      `weights must be positive, but patient ${ids[bad]} has ${values[bad]}. Leave patients who must not count out, with where().`,
    );
  }
  return { values, isFrequency: values.every(Number.isInteger) };
}
