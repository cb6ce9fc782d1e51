/** Random small survival data, with all the ties and degenerate cases that real data sets have now and then. */
import fc from "fast-check";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { SurvivalData } from "../../src/table/survival-data.js";

/** One patient before it becomes a row. */
export interface Patient {
  readonly time: number;
  readonly event: 0 | 1;
  readonly group: string;
  readonly values: readonly number[];
}

/** Few distinct times and values, so that ties are common. */
const patient: fc.Arbitrary<Patient> = fc.record({
  time: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.double({ min: 0, max: 100, noNaN: true })),
  event: fc.constantFrom(0 as const, 1 as const),
  group: fc.constantFrom("a", "b", "c"),
  values: fc.tuple(
    fc.integer({ min: -2, max: 2 }),
    fc.double({ min: -5, max: 5, noNaN: true }),
    fc.constantFrom(0, 1),
  ),
});

/** From no patient to a dozen. */
export const patients: fc.Arbitrary<readonly Patient[]> = fc.array(patient, { maxLength: 12 });

export function idsOf(rows: readonly Patient[]): string[] {
  return rows.map((_, row) => `P${row}`);
}

export function survivalOf(rows: readonly Patient[], ids: readonly string[] = idsOf(rows)): SurvivalData {
  return new SurvivalData(
    ids,
    rows.map((row) => row.time),
    rows.map((row) => row.event),
    "months",
  );
}

export function groupsOf(rows: readonly Patient[], ids: readonly string[] = idsOf(rows)): Labels {
  return new Labels(
    ids,
    rows.map((row) => row.group),
  );
}

/** The first `columns` values of each patient. */
export function featuresOf(
  rows: readonly Patient[],
  columns: number,
  ids: readonly string[] = idsOf(rows),
): FeatureTable {
  return new FeatureTable(
    ids,
    Array.from({ length: columns }, (_, column) => ({
      name: `x${column}`,
      unit: "",
      values: Float64Array.from(rows, (row) => row.values[column] as number),
    })),
  );
}
