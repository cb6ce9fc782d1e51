/**
 * The script of exported pages with tables and no figures: `setup/page.mjs` bundles it, the template in
 * `setup/nbconvert` takes it in. The script of figures holds it too, so that both share what is chosen.
 *
 * Layer:  labextension, page; imports output, table.
 */
import { element } from "../output/dom.js";
import { note } from "../output/twin.js";
import { checkTablePayload, type TablePayload } from "../table/payload.js";
import { RowSource } from "../table/rows.js";
import { TableView } from "../table/view.js";
import { pageChoice } from "./choice.js";
import { showPayloads } from "./payloads.js";
import { followSystem } from "./theme.js";

const MIME = "application/vnd.radbook.table+json";

followSystem();
showPayloads(MIME, async (raw) => {
  const payload = checkTablePayload(raw);
  const held = heldPart(payload);
  const view = new TableView(held, new RowSource(held, null), pageChoice());
  await view.open();
  const table = element("div", "rb-Table", {}, view.element);
  const words = missingWords(payload, held);
  if (words !== "") table.append(note(words));
  return table;
});

/** A page has no kernel to ask: its table is what the notebook held, and can be sorted and filtered as a whole. */
function heldPart(payload: TablePayload): TablePayload {
  const { rows, columns } = payload;
  return { ...payload, rowCount: rows.length, columns: columns.slice(0, rows[0]?.length ?? columns.length) };
}

function missingWords(whole: TablePayload, held: TablePayload): string {
  const parts: string[] = [];
  if (held.rowCount < whole.rowCount) parts.push(portion(held.rowCount, whole.rowCount, "rows"));
  if (held.columns.length < whole.columns.length)
    parts.push(portion(held.columns.length, whole.columns.length, "columns"));
  return parts.length === 0 ? "" : `This page holds ${parts.join(" and ")}; the notebook shows all.`;
}

function portion(held: number, whole: number, what: string): string {
  return `the first ${held.toLocaleString("en")} of ${whole.toLocaleString("en")} ${what}`;
}
