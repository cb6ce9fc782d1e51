/**
 * Steps that choose columns: without variance, repeating others, not reproducible, not informative.
 *
 * Layer:  model; imports core, table.
 */
import { InputError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import type { Labels } from "../table/labels.js";
import { choosingStep, type Step } from "./pipeline-step.js";
import {
  type CorrelationFilterOptions,
  correlationFilter,
  type IccFilterOptions,
  iccFilter,
  varianceFilter,
} from "./statistics/filters.js";
import { type MrmrOptions, mrmr } from "./statistics/mrmr.js";
import { type ScreenOptions, screen } from "./statistics/screen.js";

/** Step: drops columns whose variance is not above a limit (default 0: constant ones), and those with missing values. */
export function dropConstant(options: { readonly above?: number } = {}): Step {
  return choosingStep("drop constant", (x) => varianceFilter(x, options).kept);
}

/**
 * Step: drops columns that repeat an earlier one (`statistics.correlationFilter`).
 *
 * @param from  Absolute correlation from which on a column is dropped, default 0.9.
 *
 * @example
 * const recipe = model.pipeline(model.dropCorrelated(0.9), model.standardize(), model.coxnet({ seed: 7 }));
 */
export function dropCorrelated(from = 0.9, options: Omit<CorrelationFilterOptions, "from"> = {}): Step {
  return choosingStep("drop correlated", (x) => correlationFilter(x, { ...options, from }).kept);
}

/**
 * Step: drops columns that differ between repeated measurements (`statistics.iccFilter`), judged by those training patients who
 * were measured repeatedly. Repetitions of other patients than those of the study are no part of it: filter before, once.
 *
 * @param repetitions  Tables of the same patients, some of them in the study.
 */
export function dropUnreproducible(
  repetitions: readonly FeatureTable[],
  options: IccFilterOptions = {},
): Step {
  return choosingStep("drop unreproducible", (x) => {
    const training = new Set(x.ids);
    const ids = (repetitions[0]?.ids ?? []).filter((id) => training.has(id));
    if (ids.length < 2) {
      throw new InputError(
        `${ids.length} of ${x.length} training patients were measured repeatedly: at least 2 are needed. If the repetitions are ` +
          "of other patients, filter before: x.select(model.statistics.iccFilter(repetitions).kept).",
      );
    }
    return iccFilter(
      repetitions.map((one) => one.select(x.names).pick(ids)),
      options,
    ).kept;
  });
}

/** Step: selects columns that tell classes apart and repeat each other little (`statistics.mrmr`); all, if there are not more. */
export function keepMrmr(options: MrmrOptions): Step<Labels> {
  return choosingStep("keep mRMR", (x, y) => {
    const count = Math.min(options.count, x.columns.length);
    return mrmr(x, y, { ...options, count }).selected;
  });
}

export interface KeepScreenedOptions extends ScreenOptions {
  /** Keep columns with p below this, default 0.05. */
  readonly below?: number;
}

/**
 * Step: keeps columns that differ between two classes (`statistics.screen`).
 *
 * @param options.adjustment  Default "none": the p values only rank the columns here.
 */
export function keepScreened({
  below = 0.05,
  adjustment = "none",
  ...options
}: KeepScreenedOptions = {}): Step<Labels> {
  if (!(below > 0 && below <= 1)) {
    throw new InputError(`the limit of p must lie in (0, 1], e.g. 0.05, found ${below}.`);
  }
  return choosingStep("keep screened", (x, y) => {
    const { features, adjusted } = screen(x, y, { ...options, adjustment });
    return features.filter((_, at) => adjusted[at] < below);
  });
}
