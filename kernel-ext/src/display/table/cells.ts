/**
 * Cells of a table as JSON, and the order of its rows.
 *
 * Layer:  display; imports nothing else.
 */
import { inspect } from "node:util";
import type { Json } from "../../session/protocol.js";
import type { TableColumn } from "./data.js";

/** Long texts are cut: a page of a table stays small. */
const LONGEST = 200;

/** Missing values are null: null, undefined and NaN. */
export function cellOf(value: unknown): Json {
  if (isMissing(value)) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "boolean") return value;
  if (value instanceof Date) return cut(Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString());
  if (typeof value === "object")
    return cut(inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY }));
  return cut(String(value));
}

/** A column counts as numbers when all that is there is a number. */
export function isNumeric({ values }: TableColumn): boolean {
  if (ArrayBuffer.isView(values)) return true;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!isMissing(value) && typeof value !== "number" && typeof value !== "bigint") return false;
  }
  return true;
}

/** Rows in the order of a column. Missing values come last either way; rows that are alike keep their order. */
export function sortedRows({ values }: TableColumn, descending: boolean): Uint32Array {
  const present: number[] = [];
  const missing: number[] = [];
  for (let i = 0; i < values.length; i++) (isMissing(values[i]) ? missing : present).push(i);
  const sign = descending ? -1 : 1;
  present.sort((a, b) => sign * compare(values[a], values[b]));
  return Uint32Array.from([...present, ...missing]);
}

/** Texts as a person orders them: "P2" before "P10". */
const collator = new Intl.Collator("en", { numeric: true });

function compare(a: unknown, b: unknown): number {
  if (isOrdered(a) && isOrdered(b)) return a < b ? -1 : a > b ? 1 : 0;
  if (isOrdered(a)) return -1;
  if (isOrdered(b)) return 1;
  return collator.compare(String(a), String(b));
}

function isOrdered(value: unknown): value is number {
  return (
    typeof value === "number" ||
    typeof value === "bigint" ||
    typeof value === "boolean" ||
    value instanceof Date
  );
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === "number" && Number.isNaN(value));
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
