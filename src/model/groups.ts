/**
 * Which rows belong to which group.
 *
 * Layer:  model; imports table.
 */
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";

/** The patients of one group. */
export interface Group {
  readonly label: string;
  /** Row numbers, ascending. */
  readonly rows: Uint32Array;
}

/**
 * The groups that have patients, in the order of the classes; everybody in one group if there are no labels.
 *
 * @throws InputError unless the labels are of the same patients in the same order.
 */
export function groupRows(
  ids: readonly string[],
  by: Labels | undefined,
  everybody = "all",
): readonly Group[] {
  if (by === undefined) return [{ label: everybody, rows: rowsOf(ids.length) }];
  checkSameIds(ids, by.ids, "the follow-up", `"${by.name}"`);
  const { codes, counts } = by;
  const rows = counts.map((count) => new Uint32Array(count));
  const filled = new Uint32Array(counts.length);
  for (let row = 0; row < codes.length; row++) rows[codes[row]][filled[codes[row]]++] = row;
  return by.classes
    .map((label, code) => ({ label, rows: rows[code] }))
    .filter((group) => group.rows.length > 0);
}

/** All rows of a table, ascending. */
export function rowsOf(length: number): Uint32Array {
  const rows = new Uint32Array(length);
  for (let row = 0; row < length; row++) rows[row] = row;
  return rows;
}
