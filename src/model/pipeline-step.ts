/**
 * The contract of a step of a pipeline: a recipe that learns from training patients how to change the columns of any patient.
 *
 * Layer:  model; imports core, table.
 */
import { InputError } from "../core/errors.js";
import { type Column, FeatureTable } from "../table/feature-table.js";
import type { TrainingTable } from "../table/guarded-table.js";

/** A recipe that changes columns. `Target` is what it has to learn from; most steps do not look at the outcome. */
export interface Step<Target = unknown> {
  /** What it does, e.g. "standardize". */
  readonly name: string;
  /** A property, not a method: a step that needs classes is then refused beside a survival model. */
  readonly learn: (x: TrainingTable, y: Target) => LearnedStep;
}

/** What a step has learned. */
export interface LearnedStep {
  /** In words, e.g. "dropped 3 of 12 columns". */
  readonly summary: string;
  /** @throws InputError if a column that it learned from is absent or has another unit. */
  apply(x: FeatureTable): FeatureTable;
}

/** A recipe that changes which patients a model learns from, e.g. SMOTE. New patients are never resampled. */
export interface Resampler<Target> {
  readonly resample: (
    features: TrainingTable,
    labels: Target,
  ) => { readonly features: FeatureTable; readonly labels: Target };
}

/** Column as a step remembers it. */
export interface NamedColumn {
  readonly name: string;
  readonly unit: string;
}

/** These columns in this order. @throws InputError if one is absent or has another unit. */
export function columnsLike(x: FeatureTable, columns: readonly NamedColumn[]): FeatureTable {
  const selected = x.select(columns.map(({ name }) => name));
  selected.columns.forEach(({ name, unit }, at) => {
    if (unit === columns[at].unit) return;
    throw new InputError(
      `the model was fitted on "${name}" in "${columns[at].unit}", but the table has it in "${unit}". Convert it first.`,
    );
  });
  return selected;
}

/** The same patients with the values of each column changed. */
export function mapColumns(x: FeatureTable, change: (column: Column, at: number) => Column): FeatureTable {
  return new FeatureTable(x.ids, x.columns.map(change));
}

/** A step that only chooses columns. */
export function choosingStep<Target>(
  name: string,
  choose: (x: TrainingTable, y: Target) => readonly string[],
): Step<Target> {
  return {
    name,
    learn: (x, y) => {
      const kept = new Set(choose(x, y));
      if (kept.size === 0) {
        throw new InputError(
          `"${name}" keeps none of ${x.columns.length} columns of ${x.length} patients: there is nothing left to fit. Make it milder.`,
        );
      }
      const columns = x.columns
        .filter((column) => kept.has(column.name))
        .map(({ name: column, unit }) => ({ name: column, unit }));
      return {
        summary: `${name}: ${columns.length} of ${x.columns.length} columns kept`,
        apply: (of) => columnsLike(of, columns),
      };
    },
  };
}
