/**
 * Tables as a notebook shows them: aligned text and plain HTML, cut to a size that never stalls a page.
 *
 * Layer:  table; imports core.
 */
import type { MimeBundle } from "../core/display.js";
import { inlineLatex } from "./latex-table.js";

/** Rows by number; an array is one. */
export interface RowList {
  readonly length: number;
  at(row: number): readonly string[] | undefined;
}

/** A table ready to be shown: all cells are text already. */
export interface RenderedTable {
  /** One line above the table. */
  readonly title: string;
  readonly header: readonly string[];
  /** Each as long as the header. The first column is shown as the row's name. */
  readonly rows: RowList;
  /** How many rows to show, default all; exports have all. A note says how many more there are. */
  readonly most?: number;
  /** What the rows are, for that note; default "rows". */
  readonly what?: string;
  /** Columns that hold words, beside the first, by position: they stand on the left. */
  readonly words?: readonly number[];
  /** Write the first column only where it changes. */
  readonly groupFirst?: boolean;
  /** Lines below the table. */
  readonly notes?: readonly string[];
  /** What a terminal shows, instead of aligned columns. */
  readonly plain?: string;
}

/** The table behind a bundle, for exports. */
const tables = new WeakMap<MimeBundle, RenderedTable>();

/** Rows up to which a table is shown without a scroll bar. */
const TALL = 15;

/** A table for screens, terminals, and documents that LaTeX sets. */
export function renderTable(table: RenderedTable): MimeBundle {
  const bundle = {
    "text/plain": table.plain ?? asText(table),
    "text/html": asHtml(table),
    "text/latex": asLatex(table),
  };
  tables.set(bundle, table);
  return bundle;
}

/** The table that a bundle was made from, if it was. */
export function renderedTable(bundle: MimeBundle): RenderedTable | undefined {
  return tables.get(bundle);
}

/** Rows that are written when they are asked for. */
export function rowList<Item>(
  items: readonly Item[],
  cells: (item: Item, at: number) => readonly string[],
): RowList {
  return { length: items.length, at: (row) => cells(items[row], row) };
}

/** The rows to show and the lines below them. */
function shownPart({ rows, most = rows.length, what = "rows", notes = [] }: RenderedTable): {
  readonly lines: readonly (readonly string[])[];
  readonly below: readonly string[];
} {
  const hidden = rows.length - Math.min(most, rows.length);
  return {
    lines: Array.from({ length: rows.length - hidden }, (_, row) => rows.at(row) as readonly string[]),
    below: hidden > 0 ? [`… ${hidden} more ${what}`, ...notes] : notes,
  };
}

/** A table as aligned text: first column and words left, others right. */
export function asText(table: RenderedTable): string {
  const { title, header, words = [] } = table;
  const { lines: rows, below } = shownPart(table);
  // A line break inside a cell would tear the columns apart.
  const lines = [header, ...rows].map((line) => line.map((cell) => cell.replace(/\s*[\r\n]+\s*/g, " ")));
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const isWord = header.map((_, column) => column === 0 || words.includes(column));
  const body = lines.map((line) =>
    line
      .map((cell, column) => (isWord[column] ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join("  ")
      .trimEnd(),
  );
  return [title, ...body, ...below].join("\n");
}

/** A table as HTML with hardly a style of its own, so that the notebook's theme applies. */
export function asHtml(table: RenderedTable): string {
  const { title, header, words = [], groupFirst = false } = table;
  const { lines, below } = shownPart(table);
  const left = header.map((_, column) => (words.includes(column) ? ' style="text-align:left"' : ""));
  const head = header
    .map((cell, column) => `<th scope="col"${left[column]}>${escapeHtml(cell)}</th>`)
    .join("");
  const body = lines.map(([name, ...cells], row) => {
    const values = cells.map((cell, at) => `<td${left[at + 1]}>${escapeHtml(cell)}</td>`).join("");
    const isRepeated = groupFirst && row > 0 && lines[row - 1][0] === name;
    return `<tr><th scope="row">${isRepeated ? "" : escapeHtml(name)}</th>${values}</tr>`;
  });
  const whole =
    `<table><caption>${escapeHtml(title)}</caption><thead><tr>${head}</tr></thead>` +
    `<tbody>${body.join("")}</tbody></table>`;
  // A long table scrolls in its place instead of pushing the notebook away; the region is named and takes the keyboard.
  const framed =
    lines.length <= TALL
      ? whole
      : `<div role="region" aria-label="table" tabindex="0" style="max-height:26em;overflow:auto">${whole}</div>`;
  return framed + below.map((note) => `<p>${escapeHtml(note)}</p>`).join("");
}

function asLatex(table: RenderedTable): string {
  const { lines, below } = shownPart(table);
  return inlineLatex({ ...table, lines }, table.title, below);
}

/** A number with enough digits to be read: whole numbers whole, others to 5 significant digits; missing is empty. */
export function formatNumber(value: number, digits = 5): string {
  if (Number.isNaN(value)) return "";
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const text = value.toPrecision(digits);
  return text.includes("e") ? text : String(Number(text));
}

/** A measured value: about six significant digits; "–" for missing. */
export function readable(value: number): string {
  if (Number.isNaN(value)) return "–";
  if (value !== 0 && (Math.abs(value) >= 1e9 || Math.abs(value) < 1e-4)) return value.toExponential(5);
  return String(Number(value.toPrecision(6)));
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
