/**
 * What a value shows in the notebook, and what is kept of it for its open views.
 *
 * Layer:  session/child; imports display.
 */
import { show } from "../../display/show.js";
import { ownTable, type TableData } from "../../display/table/data.js";
import { tableView } from "../../display/table/view.js";
import type { Shown } from "../protocol.js";
import { keep, keepLive } from "./live.js";

/** The value's bundle, or a promise of it; null for `undefined`. */
export function present(value: unknown): Shown | null | Promise<Shown> {
  keepLive(value);
  const table = ownTable(value);
  if (!table) return show(value);
  // What the value says of itself stands; the live view is added.
  const added = presentTable(table);
  const own = show(value);
  const merged = (shown: Shown | null): Shown => ({
    data: { ...added.data, ...shown?.data },
    metadata: shown?.metadata ?? {},
  });
  return own instanceof Promise ? own.then(merged) : merged(own);
}

/** A table with its first page; the rest is asked for. */
export function presentTable(table: TableData): Shown {
  const { bundle, source } = tableView(table);
  keep(source.id, source);
  return { data: bundle, metadata: {} };
}
