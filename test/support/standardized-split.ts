/** The split of the classification references: fold 1 is the test, columns are standardised on the other folds. */
import { FeatureTable } from "../../src/table/feature-table.js";
import type { Labels } from "../../src/table/labels.js";
import { readInput } from "./modelling-references.js";

export interface StandardizedSplit {
  readonly train: { readonly x: FeatureTable; readonly y: Labels };
  readonly test: { readonly x: FeatureTable; readonly y: Labels };
}

/** Columns have mean 0 and standard deviation 1 (with n) on the training rows. */
export function standardizedSplit(name: string): StandardizedSplit {
  const cohort = readInput(`${name}.csv`);
  const names = cohort.names.slice(2);
  const train = cohort.where((row) => row.fold !== 1);
  const test = cohort.where((row) => row.fold === 1);
  const x = train.numeric(names);
  const moments = x.columns.map(({ values }) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return { mean, sd: Math.sqrt(square) };
  });
  const standardized = (table: FeatureTable): FeatureTable =>
    new FeatureTable(
      table.ids,
      table.columns.map(({ name: column, unit, values }, j) => {
        const { mean, sd } = moments[j] as { readonly mean: number; readonly sd: number };
        return { name: column, unit, values: values.map((value) => (value - mean) / sd) };
      }),
    );
  return {
    train: { x: standardized(x), y: train.labels("y") },
    test: { x: standardized(test.numeric(names)), y: test.labels("y") },
  };
}
