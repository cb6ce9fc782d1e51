/**
 * Comma-separated values by RFC 4180: quoted cells, doubled quotes, CRLF or LF, a byte order mark, line breaks in cells.
 *
 * Layer:  io; imports core.
 */
import { InputError } from "../core/errors.js";

/** Rows of text as they stand in a file. */
export interface CsvRows {
  /** All as long as the first. */
  readonly rows: readonly (readonly string[])[];
  /** Line at which each row starts, counted from 1. */
  readonly lines: readonly number[];
}

/**
 * Splits text into rows and cells. Empty lines are skipped.
 *
 * @param options.delimiter  One character, default ",".
 * @param options.file  Named in errors.
 * @throws InputError naming line and column of a quote that is out of place or never closed, or of a row that is longer
 *   or shorter than the first.
 */
export function parseCsv(
  text: string,
  { delimiter = ",", file }: { readonly delimiter?: string; readonly file?: string } = {},
): CsvRows {
  const inFile = file === undefined ? {} : { file };
  if (delimiter.length !== 1 || delimiter === '"' || delimiter === "\n" || delimiter === "\r") {
    throw new InputError(
      `the delimiter must be one character such as "," ";" or a tab, found "${delimiter}".`,
    );
  }
  const rows: string[][] = [];
  const lines: number[] = [];
  let width: number | undefined;
  let line = 1;
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  while (at < text.length) {
    const startLine = line;
    const cells: string[] = [];
    for (;;) {
      const cell = text[at] === '"' ? quotedCell() : plainCell();
      cells.push(cell);
      if (text[at] !== delimiter) break;
      at++;
    }
    const blank = cells.length === 1 && cells[0] === "";
    endLine();
    if (blank) continue;
    width ??= cells.length;
    if (cells.length !== width) {
      throw new InputError(
        `line ${startLine}: ${cells.length} cells, but the header has ${width}. ` +
          "Put cells that contain the delimiter in quotes, or give the right delimiter.",
        inFile,
      );
    }
    rows.push(cells);
    lines.push(startLine);
  }
  return { rows, lines };

  function plainCell(): string {
    const start = at;
    while (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") {
      if (text[at] === '"') {
        throw new InputError(
          `${place()}: a quote inside a cell that does not begin with one. Quote the whole cell and double its quotes.`,
          inFile,
        );
      }
      at++;
    }
    return text.slice(start, at);
  }

  function quotedCell(): string {
    const opening = place();
    let cell = "";
    at++;
    for (;;) {
      const quote = text.indexOf('"', at);
      if (quote < 0) {
        throw new InputError(
          `${opening}: this quote is never closed. Close it, or double quotes inside the cell.`,
          inFile,
        );
      }
      cell += text.slice(at, quote);
      for (let p = at; p < quote; p++) if (text[p] === "\n") line++;
      at = quote + 1;
      if (text[at] !== '"') break;
      cell += '"';
      at++;
    }
    const next = text[at];
    if (next !== undefined && next !== delimiter && next !== "\n" && next !== "\r") {
      throw new InputError(
        `${place()}: "${next}" after a closing quote. Double the quotes inside the cell.`,
        inFile,
      );
    }
    return cell;
  }

  function endLine(): void {
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    line++;
  }

  function place(): string {
    const start = Math.max(text.lastIndexOf("\n", at - 1), text.lastIndexOf("\r", at - 1)) + 1;
    return `line ${line}, character ${at - start + 1}`;
  }
}

/** One cell as it must stand in a file: quoted only where it has to be. */
export function csvCell(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
