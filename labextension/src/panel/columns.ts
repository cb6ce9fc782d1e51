/**
 * Which columns of a table stand beside each patient: a default from names and values, and the person's own choice.
 *
 * The choice lies in the notebook's metadata, by the table's title, so that it is there when the notebook is opened again.
 * Layer:  labextension, panel; imports table (types).
 */
import type { Cell, Column, TablePayload } from "../table/payload.js";

/** Columns beside the id that a row tells; more are cut at the panel's edge. */
export const MOST_TOLD = 8;
const TOLD_AT_FIRST = 4;
/** A column with more different values than this is no stage, grade or group. */
const FEW = 6;

/** What a clinician looks for first, in this order. Names as they are usual in clinical tables. */
const FIRST_NAMES = [
  /(^|[_ .])(event|status|vital|dead|death|deceased|died|outcome|response|recurrence|relapse|progression)/i,
  /(^|[_ .])(time|months|days|years|os|pfs|dfs|rfs|survival|follow)([_ .]|$)/i,
  /stage|grade|(^|[_ .])c?p?[tnm]($|[_ .])|histolog|subtype|arm$|treatment|risk|group|class|label/i,
  /^(age|sex|gender)$/i,
] as const;

/** Numbers of the columns that stand beside each patient as long as nobody has chosen: outcome, time, stage, groups. */
export function keyColumns({ columns, rows }: TablePayload): readonly number[] {
  const rank = (at: number): number => {
    const named = FIRST_NAMES.findIndex((name) => name.test(columns[at]?.name ?? ""));
    if (named >= 0) return named;
    return hasFewValues(rows, at) ? FIRST_NAMES.length : FIRST_NAMES.length + 1;
  };
  const ranked = columns.slice(1).map((_, i) => ({ at: i + 1, rank: rank(i + 1) }));
  ranked.sort((a, b) => a.rank - b.rank || a.at - b.at);
  return ranked.slice(0, TOLD_AT_FIRST).map(({ at }) => at);
}

/** Those of these names that the table has; null if it has none of them. */
export function namedColumns(names: unknown, columns: readonly Column[]): readonly number[] | null {
  if (!Array.isArray(names)) return null;
  const found = names.slice(0, MOST_TOLD).map((name) => columns.findIndex((column) => column.name === name));
  const known = [...new Set(found.filter((at) => at > 0))];
  return known.length === 0 && names.length > 0 ? null : known;
}

function hasFewValues(rows: TablePayload["rows"], at: number): boolean {
  const values = new Set<Cell>();
  for (const row of rows) {
    const cell = row[at];
    if (cell !== null && cell !== undefined) values.add(cell);
    if (values.size > FEW) return false;
  }
  return values.size > 1;
}
