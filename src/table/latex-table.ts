/**
 * Tables in LaTeX: the body that exports share with what a notebook carries for a PDF made by LaTeX.
 *
 * Layer:  table; imports nothing.
 */
import { escapeLatex } from "./latex-text.js";

/** The shown part of a table: `lines` are its rows. */
interface TableBody {
  readonly header: readonly string[];
  readonly lines: readonly (readonly string[])[];
  /** Columns that hold words, beside the first, by position. */
  readonly words?: readonly number[];
  /** Write the first column only where it changes. */
  readonly groupFirst?: boolean;
}

interface Rules {
  readonly top: string;
  readonly middle: string;
  readonly bottom: string;
}

/** The lines of a `tabular` environment: first column and words left, others right. */
export function tabular(
  { header, lines, words = [], groupFirst = false }: TableBody,
  { top, middle, bottom }: Rules,
): string[] {
  const columns = header.map((_, at) => (at === 0 || words.includes(at) ? "l" : "r")).join("");
  const body = lines.map((line, row) => {
    const isRepeated = groupFirst && row > 0 && lines[row - 1][0] === line[0];
    return latexLine(isRepeated ? ["", ...line.slice(1)] : line);
  });
  return [`\\begin{tabular}{${columns}}`, top, latexLine(header), middle, ...body, bottom, "\\end{tabular}"];
}

/**
 * A table where it stands in a document, with title and notes, no wider than the text. Needs graphicx only, which every
 * converter of notebooks loads.
 */
export function inlineLatex(body: TableBody, title: string, notes: readonly string[]): string {
  const lines = tabular(body, { top: "\\hline", middle: "\\hline", bottom: "\\hline" });
  return [
    "\\begin{center}",
    // The star keeps title and table on one page.
    `${escapeLatex(title)}\\\\*[0.5ex]`,
    "\\sbox0{%",
    ...lines,
    "}%",
    "\\ifdim\\wd0>\\linewidth\\resizebox{\\linewidth}{!}{\\usebox0}\\else\\usebox0\\fi",
    ...notes.map((note) => `\\par\\footnotesize ${escapeLatex(note)}`),
    "\\end{center}",
  ].join("\n");
}

function latexLine(cells: readonly string[]): string {
  return `${cells.map(escapeLatex).join(" & ")} \\\\`;
}
