/**
 * Whether a feature begins to move a model's answers differently at some point of a series of patients: monitoring.
 *
 * Source: shap 0.48, `shap.plots.monitoring`.
 * Layer:  explain; imports core, model, its own files.
 */
import { InputError } from "../core/errors.js";
import { student } from "../model/statistics/t-test.js";
import { type Explanation, featureColumn } from "./explanation.js";

export interface ShiftOptions {
  /** Patients between two places that are tried, at least 2. Default 50, of fewer than 200 patients a quarter of them. */
  readonly step?: number;
}

/** The place in the order of the patients where the SHAP values before and after differ most. */
export interface Shift {
  readonly feature: string;
  /** How many patients come before it. */
  readonly at: number;
  /** First patient after it. */
  readonly id: string;
  /** Of the t-test between both sides, two-sided; the smallest of all places. */
  readonly p: number;
  /** Places that were tried. */
  readonly places: number;
  /** Mean SHAP value before and after. */
  readonly means: readonly [number, number];
  /** Whether p is below 0.05 divided by the number of features of the explanation (as shap does; places are not counted). */
  readonly isClear: boolean;
}

/**
 * Compares the SHAP values of a feature before and after each of several places, by Student's t-test. Patients must be in the order of
 * time.
 *
 * @throws InputError if there is no such feature, there are too few patients for the step, or nothing varies.
 *
 * @example
 * const { at, p } = explain.shift(why, "Age", { step: 20 });
 */
export function shift(explanation: Explanation, feature: string, options: ShiftOptions = {}): Shift {
  const { ids, features, values } = explanation;
  const [n, p] = [ids.length, features.length];
  const column = featureColumn(explanation, feature);
  const { step = n >= 200 ? 50 : Math.max(2, Math.floor(n / 4)) } = options;
  if (!(Number.isInteger(step) && step >= 2)) {
    throw new InputError(`step must be a whole number of at least 2, found ${step}.`);
  }
  if (n <= 2 * step) {
    throw new InputError(
      `a step of ${step} needs more than ${2 * step} patients, found ${n}. Take a smaller step.`,
    );
  }
  const moved = Float64Array.from(ids, (_, i) => values[i * p + column]);
  if (moved.every((value) => value === moved[0])) {
    throw new InputError(`the SHAP values of "${feature}" are all the same: nothing can shift.`);
  }
  let [best, least, places] = [step, Number.POSITIVE_INFINITY, 0];
  for (let at = step; at < n - step; at += step) {
    const { p: found } = student(moved.subarray(0, at), moved.subarray(at));
    places++;
    if (found < least) [best, least] = [at, found];
  }
  const mean = (part: Float64Array): number => part.reduce((sum, value) => sum + value, 0) / part.length;
  return {
    feature,
    at: best,
    id: ids[best],
    p: least,
    places,
    means: [mean(moved.subarray(0, best)), mean(moved.subarray(best))],
    isClear: least < 0.05 / p,
  };
}
