/** Few patients with two measurements each and a class, drawn at random: the data sets on which classifiers go wrong. */
import fc from "fast-check";
import { FeatureTable } from "../../src/table/feature-table.js";
import { rowIds } from "./outcomes.js";

export interface SmallPatient {
  readonly label: number;
  readonly values: readonly [number, number];
}

/** @param value Draws each measurement. @param classes Labels are 0, 1 and so on. */
export const smallPatient = (value: fc.Arbitrary<number>, classes: number = 3): fc.Arbitrary<SmallPatient> =>
  fc.record({ label: fc.integer({ min: 0, max: classes - 1 }), values: fc.tuple(value, value) });

/** Their measurements "a" and "b" in mm. */
export function smallTable(patients: readonly SmallPatient[]): FeatureTable {
  return new FeatureTable(
    rowIds(patients.length),
    ["a", "b"].map((name, at) => ({
      name,
      unit: "mm",
      values: Float64Array.from(patients, ({ values }) => values[at] as number),
    })),
  );
}
