/**
 * Any value that shows itself as a table, as CSV, HTML or LaTeX: features, fitted models, tests, validations, table one.
 *
 * Layer:  table; imports core.
 */
import { type AnnotatedBundle, DISPLAY, type MimeBundle, type ShownTable, TABLE } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { tabular } from "./latex-table.js";
import { escapeLatex } from "./latex-text.js";
import { asHtml, formatNumber, type RenderedTable, renderedTable, rowList } from "./render.js";

/**
 * Comma-separated values with a header, lines ended by CRLF (RFC 4180), all rows. Tables of data (features, cohorts) keep every
 * digit; results are written as they are shown. Title and notes are left out.
 *
 * @throws InputError if the value shows no table.
 *
 * @example
 * table.toCsv(model.cox().fit(x, survival))
 */
export function toCsv(value: object): string {
  const { header, rows } = tableOf(value, exact);
  return [header, ...allRows(rows)].map((line) => `${line.map(csvCell).join(",")}\r\n`).join("");
}

/** An HTML table with title and notes, all rows. @throws InputError if the value shows no table. */
export function toHtml(value: object): string {
  const { most: _, ...whole } = tableOf(value, rounded);
  return asHtml(whole);
}

export interface LatexOptions {
  /** For `\ref`; default none. */
  readonly label?: string;
}

/**
 * A LaTeX table with caption and notes, all rows; needs the package booktabs. Units, Greek letters and signs are written so that
 * pdfLaTeX takes them; scripts other than Latin and Greek need XeLaTeX or LuaLaTeX.
 *
 * @throws InputError if the value shows no table.
 *
 * @example
 * table.toLatex(model.tableOne(cohort, { age: "mean", sex: "categorical" }), { label: "tab:one" })
 */
export function toLatex(value: object, { label }: LatexOptions = {}): string {
  const { most: _, ...whole } = tableOf(value, rounded);
  const { title, notes = [] } = whole;
  return [
    "\\begin{table}",
    "\\centering",
    `\\caption{${escapeLatex(title)}}`,
    ...(label === undefined ? [] : [`\\label{${label}}`]),
    ...tabular(
      { ...whole, lines: allRows(whole.rows) },
      { top: "\\toprule", middle: "\\midrule", bottom: "\\bottomrule" },
    ),
    ...notes.map((note) => `\\par\\footnotesize ${escapeLatex(note)}`),
    "\\end{table}",
    "",
  ].join("\n");
}

/** The table that a value shows, with all its rows. */
function tableOf(value: object, format: (cell: unknown) => string): RenderedTable {
  const parts = value as Readonly<Record<symbol, unknown>>;
  const data = parts[TABLE];
  if (typeof data === "function") return fromData((data as () => ShownTable).call(value), format);
  const show = parts[DISPLAY];
  if (typeof show === "function") {
    const bundle = (show as () => MimeBundle | AnnotatedBundle | Promise<MimeBundle>).call(value);
    const found = renderedTable(bundle as MimeBundle);
    if (found !== undefined) return found;
  }
  throw new InputError(
    "this value shows no table. Give features, a cohort, a fitted model, the result of a test, or what else a notebook shows as one.",
  );
}

function fromData(
  { title, columns, rowCount }: ShownTable,
  format: (cell: unknown) => string,
): RenderedTable {
  const rows = Array.from({ length: rowCount }, (_, row) => row);
  const isWord = columns.map(({ values }) => rows.some((row) => typeof values[row] === "string"));
  return {
    title,
    header: columns.map(({ name, unit = "" }) => (unit === "" ? name : `${name} (${unit})`)),
    rows: rowList(rows, (row) => columns.map(({ values }) => format(values[row]))),
    words: [...columns.keys()].filter((at) => isWord[at]),
  };
}

function exact(cell: unknown): string {
  return isMissing(cell) ? "" : String(cell);
}

function rounded(cell: unknown): string {
  if (isMissing(cell)) return "";
  return typeof cell === "number" ? formatNumber(cell) : String(cell);
}

function isMissing(cell: unknown): boolean {
  return cell === null || cell === undefined || Number.isNaN(cell);
}

function allRows(rows: RenderedTable["rows"]): (readonly string[])[] {
  return Array.from({ length: rows.length }, (_, row) => rows.at(row) as readonly string[]);
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
