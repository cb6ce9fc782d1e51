/**
 * A table as a notebook shows it: its first page as data, HTML and text, and the source that answers for the rest.
 *
 * Layer:  display; imports session (types).
 */
import { randomUUID } from "node:crypto";
import type { Json, JsonMap } from "../../session/protocol.js";
import { escapeHtml } from "../html.js";
import { cellOf, isNumeric, sortedRows } from "./cells.js";
import type { TableColumn, TableData } from "./data.js";
import { matchingRows } from "./filter.js";

/** What the view knows from the start. The extension has its own description of it, `table/payload.ts`. */
const TABLE_MIME = "application/vnd.radbook.table+json";
/** Rows and columns that lie in the notebook. */
const SAVED_ROWS = 100;
const SAVED_COLUMNS = 60;
/** Characters of JSON that they may take. */
const SAVED_LENGTH = 200_000;
/** At most so many cells in one answer. */
const ANSWER_CELLS = 50_000;
/** The static twin is for paper: a person scrolls no page of it. */
const STATIC_ROWS = 20;
const STATIC_COLUMNS = 12;

interface Answer {
  readonly content: Json;
}

export interface TableView {
  readonly bundle: JsonMap;
  readonly source: { readonly id: string; answer(request: Json): Iterable<Answer> };
}

export function tableView(data: TableData): TableView {
  const id = randomUUID();
  const { columns, rowCount, title = "" } = data;
  const payload = {
    version: 1,
    id,
    title,
    rowCount,
    columns: columns.map((column) => ({
      name: column.name,
      unit: column.unit ?? "",
      numeric: isNumeric(column),
      key: column.key === true,
      ...(column.selectable === true && { selectable: true }),
    })),
    rows: savedRows(data),
  };
  const bundle = { [TABLE_MIME]: payload, "text/html": asHtml(data), "text/plain": asText(data) };
  return { bundle, source: { id, answer: rowSource(data) } };
}

/** As many rows as the notebook's file should hold. */
function savedRows({ columns, rowCount }: TableData): Json[][] {
  const some = columns.slice(0, SAVED_COLUMNS);
  const rows: Json[][] = [];
  let length = 0;
  for (let i = 0; i < Math.min(rowCount, SAVED_ROWS); i++) {
    const row = some.map(({ values }) => cellOf(values[i]));
    length += JSON.stringify(row).length;
    if (length > SAVED_LENGTH && rows.length > 0) break;
    rows.push(row);
  }
  return rows;
}

/**
 * Answers `{ kind: "rows", start, count, columns, sort: { column, descending } | null, filter }`; `columns` are numbers of
 * columns, `filter` is a list of conditions, `start` counts the rows that fulfil them.
 */
function rowSource({ columns, rowCount }: TableData): (request: Json) => Iterable<Answer> {
  const sorted = lastOf((sort: Json): Uint32Array | null => {
    const { column, descending } = (sort ?? {}) as { column?: number; descending?: boolean };
    if (column === undefined) return null;
    const by = columns[column];
    if (!by) throw new RangeError(`this table has no column ${column}`);
    return sortedRows(by, descending === true);
  });
  const matching = lastOf((filter: Json) =>
    Array.isArray(filter) && filter.length > 0 ? matchingRows(columns, rowCount, filter) : null,
  );
  const ordered = lastOf(([sort = null, filter = null]: readonly Json[]): Uint32Array | null => {
    const order = sorted(sort);
    const kept = matching(filter);
    if (kept === null) return order;
    const all = order ?? Uint32Array.from({ length: rowCount }, (_, i) => i);
    return all.filter((row) => kept[row] === 1);
  });
  return function* (request) {
    const { kind, start = 0, count = 0, columns: wanted = [] } = request as Request;
    const { sort = null, filter = null } = request as Request;
    if (kind !== "rows")
      throw new RangeError(`a table answers requests of kind "rows", not "${String(kind)}"`);
    const order = ordered([sort, filter]);
    const total = order?.length ?? rowCount;
    const some = wanted.flatMap((at) => columns[at] ?? []);
    const most = Math.floor(ANSWER_CELLS / Math.max(1, some.length));
    const rows: Json[][] = [];
    for (let i = start; i < Math.min(total, start + Math.min(count, most)); i++) {
      const row = order?.[i] ?? i;
      rows.push(some.map(({ values }) => cellOf(values[row])));
    }
    yield { content: { kind: "rows", start, rows, total } };
  };
}

/** Keeps the latest result: a person pages through one order for a while. */
function lastOf<Q extends Json | readonly Json[], A>(make: (question: Q) => A): (question: Q) => A {
  let last: { readonly key: string; readonly answer: A } | null = null;
  return (question) => {
    const key = JSON.stringify(question);
    if (last?.key !== key) last = { key, answer: make(question) };
    return last.answer;
  };
}

interface Request {
  readonly kind?: Json;
  readonly start?: number;
  readonly count?: number;
  readonly columns?: readonly number[];
  readonly sort?: Json;
  readonly filter?: Json;
}

function asHtml(data: TableData): string {
  const { columns, lines, note } = staticPart(data);
  const caption = data.title ? `<caption>${escapeHtml(data.title)}</caption>` : "";
  const head = columns.map((column) => `<th scope="col">${escapeHtml(heading(column))}</th>`).join("");
  const body = lines.map((line) => `<tr>${line.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`);
  const foot = note === "" ? "" : `<p>${escapeHtml(note)}</p>`;
  return `<table>${caption}<thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table>${foot}`;
}

function asText(data: TableData): string {
  const { columns, lines, note } = staticPart(data);
  const all = [columns.map(heading), ...lines].map((line) => line.map((cell) => cell.replace(/\s+/g, " ")));
  const widths = columns.map((_, i) => Math.max(...all.map((line) => line[i]?.length ?? 0)));
  const text = all.map((line) =>
    line
      .map((cell, i) => {
        const column = columns[i];
        const width = widths[i] ?? 0;
        return column && isNumeric(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
  return [...(data.title ? [data.title] : []), ...text, ...(note === "" ? [] : [note])].join("\n");
}

function staticPart(data: TableData): { columns: readonly TableColumn[]; lines: string[][]; note: string } {
  const columns = data.columns.slice(0, STATIC_COLUMNS);
  const count = Math.min(data.rowCount, STATIC_ROWS);
  const lines = Array.from({ length: count }, (_, i) => columns.map(({ values }) => asCell(values[i])));
  const rest: string[] = [];
  if (data.rowCount > count) rest.push(`${count} of ${data.rowCount} rows`);
  if (data.columns.length > columns.length) rest.push(`${columns.length} of ${data.columns.length} columns`);
  return { columns, lines, note: rest.join(", ") };
}

function heading({ name, unit }: TableColumn): string {
  return unit ? `${name} (${unit})` : name;
}

function asCell(value: unknown): string {
  const cell = cellOf(value);
  if (typeof cell === "number")
    return Number.isInteger(cell) ? String(cell) : String(Number(cell.toPrecision(6)));
  return cell === null ? "" : String(cell);
}
