/**
 * What a text cell means.
 *
 * Layer:  table; imports nothing.
 */

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** A cell as a number, correctly rounded; NaN if it is empty, null if it is not a finite decimal number. */
export function parseNumber(cell: string): number | null {
  const text = cell.trim();
  if (text === "") return Number.NaN;
  if (!NUMBER.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** 1 for "1" and "true", 0 for "0" and "false", null for anything else. */
export function parseEvent(cell: string): 0 | 1 | null {
  const value = parseNumber(cell);
  if (value === 0 || value === 1) return value;
  const word = cell.trim().toLowerCase();
  return word === "true" ? 1 : word === "false" ? 0 : null;
}
