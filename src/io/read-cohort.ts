/**
 * A cohort from a CSV file, and tables back to one.
 *
 * Layer:  io; imports core, table.
 */
import { readFile } from "node:fs/promises";
import { InputError } from "../core/errors.js";
import { Cohort } from "../table/cohort.js";
import type { FeatureTable } from "../table/feature-table.js";
import { csvCell, parseCsv } from "./csv.js";
import { writeAtomically } from "./file-write.js";
import { describeTable } from "./table-description.js";

export interface CohortOptions {
  /** Column that holds the patient id, default "id". */
  readonly id?: string;
  /** One character, default ",". */
  readonly delimiter?: string;
  /** Cells that stand for a missing value, besides the empty one, e.g. ["NA"]. */
  readonly missing?: readonly string[];
}

/**
 * Reads clinical rows: a header line, then one row per patient, UTF-8.
 *
 * @returns Text cells by column name; ask it for numbers, follow-up or classes.
 * @throws InputError naming file, line and column of what is not right: no such file, no id column, repeated ids, rows of
 *   unequal length, bytes that are not UTF-8.
 *
 * @example
 * const cohort = await io.readCohort("clinical.csv", { id: "patient" });
 * const os = cohort.survival({ time: "os_months", event: "deceased", unit: "months" });
 */
export async function readCohort<Column extends string = string>(
  file: string,
  { id = "id", delimiter = ",", missing = [] }: CohortOptions = {},
): Promise<Cohort<Column>> {
  const { rows, lines } = parseCsv(await readText(file), { delimiter, file });
  const [header, ...body] = rows;
  if (header === undefined)
    throw new InputError("the file is empty. A cohort needs a header line.", { file });
  checkHeader(header, file);
  const idColumn = header.indexOf(id);
  if (idColumn < 0) {
    throw new InputError(
      `there is no column "${id}". The header has: ${header.join(", ")}. Name the id column with { id: "…" }` +
        `${header.length === 1 ? ', or give the delimiter, e.g. { delimiter: ";" }' : ""}.`,
      { file },
    );
  }
  const ids = body.map((row, at) => {
    const cell = (row[idColumn] as string).trim();
    if (cell !== "" && !missing.includes(cell)) return cell;
    throw new InputError(`line ${lines[at + 1]}, column "${id}" is empty. Every row needs an id.`, { file });
  });
  refuseRepeats(ids, lines.slice(1), file);
  // The caller's list of column names is checked by the first use of a column.
  const columns = (header as Column[]).flatMap((name, column) =>
    column === idColumn ? [] : [{ name, cells: body.map((row) => cellOf(row[column] as string, missing)) }],
  );
  return new Cohort(ids, columns, { source: { file, lines: lines.slice(1) } });
}

/**
 * Writes a table with its ids as UTF-8 CSV: a reader sees the old file or the whole new one, never a part.
 *
 * What CSV cannot hold of a feature table, units, provenance and failures, goes into a JSON file beside it, "features.csv.json".
 */
export async function writeCsv(table: FeatureTable | Cohort, file: string): Promise<void> {
  const columns = table.columns.map((column) => ({
    name: column.name,
    cells: "cells" in column ? column.cells : Array.from(column.values, numberCell),
  }));
  if (columns.some((column) => column.name === "id")) {
    throw new InputError('a column is named "id", like the column of ids. Rename it before writing.', {
      file,
    });
  }
  const lines = [["id", ...columns.map((column) => column.name)].map(csvCell).join(",")];
  table.ids.forEach((id, row) => {
    const cells = columns.map((column) => column.cells[row] as string);
    lines.push([id, ...cells].map(csvCell).join(","));
  });
  await writeAtomically(file, `${lines.join("\r\n")}\r\n`);
  const beside = describeTable(table);
  if (beside !== null) await writeAtomically(`${file}.json`, `${JSON.stringify(beside, null, 2)}\n`);
}

/** Shortest digits that read back as the same double; missing is empty. */
function numberCell(value: number): string {
  return Number.isNaN(value) ? "" : String(value);
}

async function readText(file: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new InputError(`cannot read the file (${(cause as Error).message}). Check the path.`, {
      file,
      cause,
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new InputError("the file is not UTF-8 text. Save it as CSV in UTF-8.", { file, cause });
  }
}

function checkHeader(header: readonly string[], file: string): void {
  header.forEach((name, column) => {
    if (name.trim() === "") {
      throw new InputError(`line 1: column ${column + 1} has no name. Name every column.`, { file });
    }
    const first = header.indexOf(name);
    if (first === column) return;
    throw new InputError(
      `line 1: column "${name}" occurs twice, at ${first + 1} and ${column + 1}. Rename one of the two.`,
      { file },
    );
  });
}

function refuseRepeats(ids: readonly string[], lines: readonly number[], file: string): void {
  const seen = new Map<string, number>();
  ids.forEach((id, row) => {
    const before = seen.get(id);
    if (before !== undefined) {
      throw new InputError(
        `id "${id}" occurs twice, in lines ${lines[before]} and ${lines[row]}. Keep one row for each patient.`,
        { file },
      );
    }
    seen.set(id, row);
  });
}

function cellOf(cell: string, missing: readonly string[]): string {
  const text = cell.trim();
  return missing.includes(text) ? "" : text;
}
