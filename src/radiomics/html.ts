/**
 * HTML tables of plain cells, and numbers as people read them.
 *
 * Layer:  radiomics; imports nothing.
 */

/** A cell is text, or text that is a number and stands on the right. */
export type Cell = string | { readonly number: string };

/** Rows up to which a table is shown whole. */
const SHOWN_ROWS = 15;

/**
 * @param options.groupFirst  Write the first column only where it changes.
 */
export function htmlTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  options: { readonly caption?: string; readonly groupFirst?: boolean } = {},
): string {
  let group: Cell = "";
  const body = rows.map((row) => {
    const cells = row.map((cell, column) => {
      if (column === 0 && options.groupFirst === true) {
        if (cell === group) return "<td></td>";
        group = cell;
        return `<td style="text-align:left"><b>${escapeHtml(String(cell))}</b></td>`;
      }
      return typeof cell === "string"
        ? `<td style="text-align:left">${escapeHtml(cell)}</td>`
        : `<td style="text-align:right;font-variant-numeric:tabular-nums">${escapeHtml(cell.number)}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  const caption =
    options.caption === undefined
      ? ""
      : `<caption style="text-align:left;caption-side:top">${escapeHtml(options.caption)}</caption>`;
  const columns = head.map((title) => `<th scope="col" style="text-align:left">${escapeHtml(title)}</th>`);
  const table = `<table class="radbook-table">${caption}<thead><tr>${columns.join("")}</tr></thead><tbody>${body.join("")}</tbody></table>`;
  // A long table scrolls in its place instead of pushing the notebook away; the region is named and takes the keyboard.
  return rows.length <= SHOWN_ROWS
    ? table
    : `<div role="region" aria-label="table" tabindex="0" style="max-height:26em;overflow:auto">${table}</div>`;
}

/** About six significant digits; "–" for missing. */
export function readable(value: number): string {
  if (Number.isNaN(value)) return "–";
  if (value !== 0 && (Math.abs(value) >= 1e9 || Math.abs(value) < 1e-4)) return value.toExponential(5);
  return String(Number(value.toPrecision(6)));
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
