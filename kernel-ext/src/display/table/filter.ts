/**
 * Which rows of a table fulfil the conditions of a filter, as the table's view has read them from a person's text.
 *
 * Layer:  display; imports session (types).
 */
import type { Json } from "../../session/protocol.js";
import { cellOf } from "./cells.js";
import type { TableColumn } from "./data.js";

/** One condition; without a column, any column may fulfil it. Texts are in lower case. */
interface Term {
  readonly column: number | null;
  readonly sign: string;
  readonly value: string;
  /** Of sign "in": the cell is one of these, letter by letter. */
  readonly values: ReadonlySet<string>;
}

const SIGNS = new Set([":", "=", "<", ">", "<=", ">=", "in"]);

/** 1 for each row that fulfils all of `terms`, 0 for the others. @throws RangeError if a condition is none. */
export function matchingRows(
  columns: readonly TableColumn[],
  rowCount: number,
  terms: readonly Json[],
): Uint8Array {
  const kept = new Uint8Array(rowCount).fill(1);
  for (const term of terms.map(checkTerm)) {
    const looked = term.column === null ? columns : columns.slice(term.column, term.column + 1);
    if (looked.length === 0) throw new RangeError(`this table has no column ${term.column}`);
    for (let i = 0; i < rowCount; i++) {
      if (kept[i] === 1 && !looked.some(({ values }) => matches(cellOf(values[i]), term))) kept[i] = 0;
    }
  }
  return kept;
}

function checkTerm(raw: Json): Term {
  const { column, sign, value, values } = (raw ?? {}) as {
    column?: Json;
    sign?: Json;
    value?: Json;
    values?: Json;
  };
  const isColumn = column === null || (typeof column === "number" && Number.isInteger(column) && column >= 0);
  if (!isColumn || typeof value !== "string" || typeof sign !== "string" || !SIGNS.has(sign))
    throw new RangeError(`a condition of a filter has column, sign and value; found ${JSON.stringify(raw)}`);
  return { column, sign, value, values: new Set(Array.isArray(values) ? values.map(String) : []) };
}

/** Texts as a person orders them: "P2" before "P10". */
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** A missing value fulfils nothing. */
function matches(cell: Json, { sign, value, values }: Term): boolean {
  if (cell === null) return false;
  if (sign === "in") return values.has(String(cell));
  if (sign === ":") return String(cell).toLowerCase().includes(value);
  const order = typeof cell === "number" ? cell - Number(value) : collator.compare(String(cell), value);
  if (sign === "=") return order === 0;
  if (sign.startsWith("<")) return order < 0 || (sign === "<=" && order === 0);
  return order > 0 || (sign === ">=" && order === 0);
}
