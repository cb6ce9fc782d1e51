/**
 * Steps that change values: standardization, imputation, harmonization of scanners.
 *
 * Layer:  model; imports core, table.
 */
import { InputError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import type { Labels } from "../table/labels.js";
import { summarize } from "../table/summarize.js";
import { columnsLike, type LearnedStep, mapColumns, type Step } from "./pipeline-step.js";
import { type ComBatOptions, combat } from "./statistics/combat.js";
import { labelsOfDrawn, rowsOfDrawn, tableRows } from "./validation/rows.js";

/**
 * Step: each column minus its mean, over its standard deviation (n − 1), both of the training patients; units go. Missing
 * values stay missing. A column that is constant in training becomes 0.
 *
 * `learn` throws InputError if a column has an infinite value, or no value at all.
 *
 * @example
 * const recipe = model.pipeline(model.standardize(), model.classification.nearestNeighbors());
 */
export function standardize(): Step {
  return {
    name: "standardize",
    learn: (x) => {
      const columns = x.columns.map(({ name, unit, values }) => {
        const { mean, sd, n } = summarize(values);
        if (n === 0 || !Number.isFinite(mean)) throw noMean(name, n);
        // Of one patient there is no deviation, and rounding is none.
        const scale = sd > 4 * Number.EPSILON * Math.abs(mean) ? sd : Number.POSITIVE_INFINITY;
        return { name, unit, mean, scale };
      });
      return {
        summary: `standardize: ${columns.length} columns`,
        apply: (of) =>
          mapColumns(columnsLike(of, columns), ({ name, values }, at) => ({
            name,
            unit: "",
            values: values.map((value) => (value - columns[at].mean) / columns[at].scale),
          })),
      };
    },
  };
}

export interface ImputeOptions {
  /** What a missing value becomes: the "median" (default) or the "mean" of the training patients. */
  readonly by?: "median" | "mean";
}

/**
 * Step: fills missing values.
 *
 * `learn` throws InputError if a column has no value at all.
 */
export function impute({ by = "median" }: ImputeOptions = {}): Step {
  if (by !== "median" && by !== "mean") {
    throw new InputError(`missing values are filled by "median" or "mean", found "${String(by)}".`);
  }
  return {
    name: "impute",
    learn: (x) => {
      const columns = x.columns.map(({ name, unit, values }) => {
        const found = summarize(values);
        if (found.n === 0 || !Number.isFinite(found[by])) throw noMean(name, found.n);
        return { name, unit, fill: found[by], missing: found.missing };
      });
      const missing = columns.reduce((sum, column) => sum + column.missing, 0);
      return {
        summary: `impute: ${missing} missing values of the training patients, by the ${by}`,
        apply: (of) =>
          mapColumns(columnsLike(of, columns), (column, at) => ({
            ...column,
            values: column.values.map((value) => (Number.isNaN(value) ? columns[at].fill : value)),
          })),
      };
    },
  };
}

/**
 * Step: ComBat, which takes the differences between scanners or hospitals out of the columns (`statistics.combat`). New
 * patients must be of a batch that has training patients.
 *
 * @param batch  Batch of every patient, in any order, test patients included.
 * @param options.covariates  Numbers whose effect is to stay, of every patient.
 *
 * @example
 * const recipe = model.pipeline(model.harmonize(cohort.labels("scanner")), model.coxnet({ seed: 7 }));
 */
export function harmonize(batch: Labels, options: ComBatOptions = {}): Step {
  const { covariates } = options;
  return {
    name: "harmonize",
    learn: (x): LearnedStep => {
      const learned = combat(x, labelsOfDrawn(batch, x.ids), {
        ...options,
        ...(covariates && { covariates: covariatesOf(covariates, x) }),
      });
      const columns = x.columns.map(({ name, unit }) => ({ name, unit }));
      return {
        summary: `harmonize: ${columns.length} columns, batches ${learned.batches.join(", ")}`,
        apply: (of) =>
          learned.apply(
            columnsLike(of, columns),
            labelsOfDrawn(batch, of.ids),
            covariates && covariatesOf(covariates, of),
          ),
      };
    },
  };
}

/** Covariates of these rows, which may be patients drawn more than once. */
function covariatesOf(covariates: FeatureTable, { ids }: FeatureTable): FeatureTable {
  return tableRows(covariates, rowsOfDrawn(covariates.ids, ids, "the covariates"), ids);
}

function noMean(name: string, n: number): InputError {
  return new InputError(
    n === 0
      ? `column "${name}" has no value for any training patient. Drop it, or use more patients.`
      : `column "${name}" has infinite or far too large values in training. Correct or drop it.`,
  );
}
