/**
 * Tables to Parquet files, which keep doubles exactly and carry units and provenance inside.
 *
 * Layer:  io; imports core, table.
 */
import { InputError } from "../core/errors.js";
import type { Cohort } from "../table/cohort.js";
import type { FeatureTable } from "../table/feature-table.js";
import { writeAtomically } from "./file-write.js";
import { describeTable } from "./table-description.js";

/**
 * Writes a table with its ids as Parquet: "id" and a cohort's columns as text, features as doubles; missing is null. Units, provenance
 * and failures are JSON under the key "radbook" of the file's metadata.
 *
 * @throws InputError if a column is named "id", or the file cannot be written.
 *
 * @example
 * await io.writeParquet(features, "features.parquet");
 */
export async function writeParquet(table: FeatureTable | Cohort, file: string): Promise<void> {
  if (table.columns.some((column) => column.name === "id")) {
    throw new InputError('a column is named "id", like the column of ids. Rename it before writing.', {
      file,
    });
  }
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columns = table.columns.map((column) =>
    "cells" in column
      ? { name: column.name, type: "STRING" as const, data: column.cells.map((cell) => cell || null) }
      : { name: column.name, type: "DOUBLE" as const, data: Array.from(column.values, present) },
  );
  const about = describeTable(table);
  const buffer = parquetWriteBuffer({
    columnData: [{ name: "id", type: "STRING", data: [...table.ids], nullable: false }, ...columns],
    kvMetadata: about === null ? [] : [{ key: "radbook", value: JSON.stringify(about) }],
  });
  await writeAtomically(file, new Uint8Array(buffer));
}

function present(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
