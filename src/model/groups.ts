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
  if (by === undefined) return [{ label: everybody, rows: Uint32Array.from(ids, (_, row) => row) }];
  checkSameIds(ids, by.ids, "the follow-up", `"${by.name}"`);
  const rows = by.classes.map((): number[] => []);
  by.codes.forEach((code, row) => {
    rows[code].push(row);
  });
  return by.classes
    .map((label, code) => ({ label, rows: Uint32Array.from(rows[code]) }))
    .filter((group) => group.rows.length > 0);
}
