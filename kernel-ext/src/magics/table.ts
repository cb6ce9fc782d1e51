/**
 * A small table, as text and as HTML.
 *
 * Layer:  magics; imports session (types).
 */
import type { Shown } from "../session/protocol.js";

export function table(head: readonly string[], rows: readonly (readonly string[])[]): Shown {
  return { data: { "text/plain": asText([head, ...rows]), "text/html": asHtml(head, rows) }, metadata: {} };
}

function asText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function asHtml(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag} style="text-align: left">${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  const body = rows.map((row) => line("td", row)).join("");
  return `<table><thead>${line("th", head)}</thead><tbody>${body}</tbody></table>`;
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
