/**
 * What a table knows beside its numbers, as JSON: it travels with every file that the table is written to.
 *
 * Layer:  io; imports core, table.
 */
import type { Json } from "../core/display.js";
import type { Cohort } from "../table/cohort.js";
import { ExtractedFeatures } from "../table/extracted-features.js";
import type { FeatureTable } from "../table/feature-table.js";

/** Units by column, and of extracted features also provenance and failures; null if there is nothing to say. */
export function describeTable(table: FeatureTable | Cohort): Json {
  const units: Record<string, string> = {};
  for (const column of table.columns) {
    if ("unit" in column && column.unit !== "") units[column.name] = column.unit;
  }
  if (table instanceof ExtractedFeatures) {
    const { provenance, failures } = table;
    const { settings, radbook, node, date, inputs } = provenance;
    return {
      units,
      failures: failures.map(({ id, reason }) => ({ id, reason })),
      provenance: { settings, radbook, node, date, inputs: inputs.map((input) => ({ ...input })) },
    };
  }
  return Object.keys(units).length === 0 ? null : { units };
}
