/**
 * Tables as a notebook shows them: aligned text and plain HTML, cut to a size that never stalls a page.
 *
 * Layer:  table; imports core.
 */
import type { MimeBundle } from "../core/display.js";

/** A table ready to be shown: all cells are text already. */
export interface RenderedTable {
  /** One line above the table. */
  readonly title: string;
  readonly header: readonly string[];
  /** Each as long as the header. The first column is shown as the row's name. */
  readonly rows: readonly (readonly string[])[];
  /** Lines below the table. */
  readonly notes?: readonly string[];
}

/** Both pictures of a table, text/plain and text/html. */
export function renderTable(table: RenderedTable): MimeBundle {
  return { "text/plain": asText(table), "text/html": asHtml(table) };
}

/** A table as aligned text: first column left, others right. */
export function asText({ title, header, rows, notes = [] }: RenderedTable): string {
  // A line break inside a cell would tear the columns apart.
  const lines = [header, ...rows].map((line) => line.map((cell) => cell.replace(/\s*[\r\n]+\s*/g, " ")));
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const body = lines.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join("  ")
      .trimEnd(),
  );
  return [title, ...body, ...notes].join("\n");
}

/** A table as HTML without styles of its own, so that the notebook's theme applies. */
export function asHtml({ title, header, rows, notes = [] }: RenderedTable): string {
  const head = header.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join("");
  const body = rows.map(([name, ...cells]) => {
    const values = cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("");
    return `<tr><th scope="row">${escapeHtml(name)}</th>${values}</tr>`;
  });
  const below = notes.map((note) => `<p>${escapeHtml(note)}</p>`).join("");
  return (
    `<table><caption>${escapeHtml(title)}</caption><thead><tr>${head}</tr></thead>` +
    `<tbody>${body.join("")}</tbody></table>${below}`
  );
}

/** A number with enough digits to be read: whole numbers whole, others to 5 significant digits; missing is empty. */
export function formatNumber(value: number, digits = 5): string {
  if (Number.isNaN(value)) return "";
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const text = value.toPrecision(digits);
  return text.includes("e") ? text : String(Number(text));
}

/** A p value as papers print it: "p = 0.012", "p < 0.001". */
export function formatP(p: number): string {
  return p < 0.001 ? `p ${formatPCell(p)}` : `p = ${formatPCell(p)}`;
}

/** A p value below a heading that says so: "0.012", "< 0.001". */
export function formatPCell(p: number): string {
  if (p < 0.001) return "< 0.001";
  return p < 0.1 ? String(Number(p.toPrecision(2))) : p.toFixed(2);
}

/** Text that is safe inside HTML elements and attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
