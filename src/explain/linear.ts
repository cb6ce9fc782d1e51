/**
 * SHAP values of a model whose answer is a weighted sum of its features: exact, and no sampling is needed.
 *
 * Source: Lundberg & Lee 2017, arXiv:1705.07874, corollary 1 (linear SHAP, independent features).
 * Layer:  explain; imports core, table.
 */
import { InputError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import { Explanation } from "./explanation.js";

/** Answer = intercept + Σ coefficient × value: a Cox model's log hazard, a logistic model's log odds. */
export interface LinearModel {
  readonly covariates: readonly LinearCovariate[];
  readonly intercept: number;
  /** What the answer is measured in, for example "log hazard". */
  readonly outputUnit: string;
}

export interface LinearCovariate {
  readonly name: string;
  readonly unit: string;
  readonly coefficient: number;
}

export interface LinearOptions {
  /** Patients whose means are the point of comparison. Default: the explained patients. */
  readonly background?: FeatureTable;
}

/**
 * Says how much each covariate moves each patient's answer away from the average patient's:
 * φ = coefficient × (value − mean of the background).
 *
 * @param x  n patients; holds the model's columns by name.
 * @returns n × p SHAP values in the unit of the model's answer; each patient's values and the base add up to it.
 * @throws InputError if a column is absent or a value is missing.
 *
 * @example
 * plot.beeswarm(explain.linear(cox, x));
 */
export function linear(
  model: LinearModel,
  x: FeatureTable,
  { background = x }: LinearOptions = {},
): Explanation {
  const names = model.covariates.map((covariate) => covariate.name);
  const p = names.length;
  const n = x.length;
  const values = new Float64Array(n * p);
  const data = new Float64Array(n * p);
  const output = new Float64Array(n).fill(model.intercept);
  let base = model.intercept;
  for (let j = 0; j < p; j++) {
    const column = x.column(names[j]);
    const mean = meanOf(background.column(names[j]), names[j]);
    const { coefficient } = model.covariates[j];
    base += coefficient * mean;
    for (let i = 0; i < n; i++) {
      if (Number.isNaN(column[i])) {
        throw new InputError(
          `"${names[j]}" of patient ${x.ids[i]} is missing, and a linear model has no answer without it. ` +
            "Drop the patient or fill the value first.",
        );
      }
      data[i * p + j] = column[i];
      values[i * p + j] = coefficient * (column[i] - mean);
      output[i] += coefficient * column[i];
    }
  }
  const features = model.covariates.map(({ name, unit }) => ({ name, unit }));
  return new Explanation({ ids: x.ids, features, values, data, base, outputUnit: model.outputUnit }, output);
}

function meanOf(column: Float64Array, name: string): number {
  let sum = 0;
  for (let i = 0; i < column.length; i++) sum += column[i];
  const mean = sum / column.length;
  if (Number.isFinite(mean)) return mean;
  throw new InputError(
    `"${name}" has missing or infinite values in the background. Drop those patients first.`,
  );
}
