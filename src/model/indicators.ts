/**
 * Classes as columns of 0 and 1, for models that take numbers.
 *
 * Layer:  model; imports core, table.
 */
import { InputError } from "../core/errors.js";
import { FeatureTable } from "../table/feature-table.js";
import type { Labels } from "../table/labels.js";

/**
 * A column for each class but the first, the reference: 1 for its patients. Its effect is that of the class against the
 * reference, and `plot.forest(fitted, { groups: [labels] })` writes them together.
 *
 * @returns Columns `stage: II`, `stage: III` … of labels named "stage" with the classes I, II, III.
 * @throws InputError if there are no 2 classes, or one has no patient.
 *
 * @example
 * const x = features.select(["Volume"]).join(model.indicators(cohort.labels("stage")));
 */
export function indicators(labels: Labels): FeatureTable {
  const { ids, classes, counts, name, values } = labels;
  const empty = classes.find((_, c) => counts[c] === 0);
  if (classes.length < 2 || empty !== undefined) {
    const found = empty === undefined ? `has ${classes.length}` : `has no patient in "${empty}"`;
    throw new InputError(
      `indicators need 2 or more classes with patients, but "${name}" ${found}. Merge or drop classes first.`,
    );
  }
  return new FeatureTable(
    ids,
    classes.slice(1).map((own) => ({
      name: indicatorName(labels, own),
      unit: "",
      values: Float64Array.from(values, (value) => (value === own ? 1 : 0)),
    })),
  );
}

/** Name of the column of a class. */
export function indicatorName({ name }: Labels, own: string): string {
  return `${name}: ${own}`;
}
