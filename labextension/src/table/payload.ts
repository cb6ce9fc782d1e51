/**
 * What a table carries in the notebook: its columns and its first rows. The kernel writes it in `display/table`.
 *
 * Layer:  labextension, table; imports output.
 */
import { checkList, checkNumber, checkObject, checkText, checkVersion, fail } from "../output/check.js";

/** A missing value is null. */
export type Cell = null | boolean | number | string;

export interface Column {
  readonly name: string;
  readonly unit: string;
  readonly numeric: boolean;
  /** Names the rows and stays in sight. */
  readonly key: boolean;
  /** Its cells are ids of patients: choosing a row chooses the patient. */
  readonly selectable: boolean;
}

export interface TablePayload {
  readonly version: 1;
  /** Names the kernel's table; the view opens comm target `radbook.live` with it. */
  readonly id: string;
  readonly title: string;
  readonly rowCount: number;
  readonly columns: readonly Column[];
  /** The first rows; each has the first columns, all rows as many. */
  readonly rows: readonly (readonly Cell[])[];
}

const MOST_COLUMNS = 100_000;
const MOST_ROWS = 1_000;

/** @throws PayloadError unless the value is a table that can be shown. */
export function checkTablePayload(value: unknown): TablePayload {
  const raw = checkObject(value, "the table");
  checkVersion(raw.version);
  const columns = checkList(raw.columns, MOST_COLUMNS, "the columns").map((one) => {
    const column = checkObject(one, "a column");
    return {
      name: checkText(column.name, "a column's name", 200),
      unit: checkText(column.unit, "a column's unit", 50),
      numeric: column.numeric === true,
      key: column.key === true,
      selectable: column.selectable === true,
    };
  });
  const rowCount = checkNumber(raw.rowCount, "the number of rows");
  const rows = checkRows(checkList(raw.rows, MOST_ROWS, "the rows"));
  if (!Number.isInteger(rowCount) || rowCount < rows.length) fail("the number of rows", "a whole number");
  return {
    version: 1,
    id: checkText(raw.id, "the id"),
    title: checkText(raw.title, "the title"),
    rowCount,
    columns,
    rows,
  };
}

/** @throws PayloadError unless these are rows of cells. */
export function checkRows(rows: readonly unknown[]): readonly (readonly Cell[])[] {
  return rows.map((row) =>
    checkList(row, MOST_COLUMNS, "a row").map((cell) => {
      if (cell === null || typeof cell === "boolean" || typeof cell === "number") return cell;
      return checkText(cell, "a cell", 1000);
    }),
  );
}
