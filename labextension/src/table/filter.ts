/**
 * What a person writes into a table's filter, and which rows it leaves.
 *
 * Words are found anywhere in a row; `column:text` looks into one column; `column>5`, `<`, `>=`, `<=` and `=` compare.
 * All must hold. Quotes keep spaces together. The kernel has its own `matches` for the rows that are not here.
 * Layer:  labextension, table.
 */
import type { Cell, Column } from "./payload.js";

export type Sign = ":" | "=" | "<" | ">" | "<=" | ">=" | "in";

/** One condition; without a column, any column may fulfil it. Texts are in lower case. */
export interface Term {
  readonly column: number | null;
  readonly sign: Sign;
  readonly value: string;
  /** Of sign "in", which no person writes: the cell is one of these, letter by letter. */
  readonly values?: readonly string[];
}

const PART = /("[^"]*"|[^\s"<>=:]+)(>=|<=|[<>=:])("[^"]*"|[^\s"]\S*)?|"[^"]*"|\S+/g;

/** Reads a filter. What names no column counts as text; a condition whose value is still missing is left out. */
export function parseFilter(text: string, columns: readonly Column[]): readonly Term[] {
  const terms: Term[] = [];
  for (const [whole, name, sign, value] of text.matchAll(PART)) {
    const column = name === undefined ? -1 : columnAt(unquoted(name), columns);
    if (column < 0) terms.push({ column: null, sign: ":", value: unquoted(whole).toLowerCase() });
    else if (value !== undefined)
      terms.push({ column, sign: sign as Sign, value: unquoted(value).toLowerCase() });
  }
  return terms.filter(({ value }) => value !== "");
}

/** Whether a row fulfils all conditions. */
export function keeps(row: readonly Cell[], terms: readonly Term[]): boolean {
  return terms.every((term) =>
    term.column === null ? row.some((cell) => matches(cell, term)) : matches(row[term.column] ?? null, term),
  );
}

/** Texts as a person orders them: "P2" before "P10". */
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** A missing value fulfils nothing. */
function matches(cell: Cell, { sign, value, values = [] }: Term): boolean {
  if (cell === null) return false;
  if (sign === "in") return values.includes(String(cell));
  if (sign === ":") return String(cell).toLowerCase().includes(value);
  const order = typeof cell === "number" ? cell - Number(value) : collator.compare(String(cell), value);
  if (sign === "=") return order === 0;
  if (sign.startsWith("<")) return order < 0 || (sign === "<=" && order === 0);
  return order > 0 || (sign === ">=" && order === 0);
}

function columnAt(name: string, columns: readonly Column[]): number {
  const wanted = name.toLowerCase();
  return columns.findIndex((column) => column.name.toLowerCase() === wanted);
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, "$1").replace(/^"/, "");
}
