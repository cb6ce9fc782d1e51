/**
 * Faults that refuse a cell, as a person reads them: code, line as typed, caret.
 *
 * Layer:  language; imports nothing else.
 */
import ts from "#typescript";
import type { CellText, Refusal } from "./language.js";

/** Lines of the checked file before the cell's own. */
export const LINES_BEFORE = 1;
const SHOWN = 10;

/** Not the person's fault: JavaScript packages without types are `any`. */
const IGNORED = new Set([7016]);

/** Where the cell's own text lies in its file. */
export interface Extent {
  readonly file: ts.SourceFile;
  readonly start: number;
  readonly end: number;
}

/** The refusal for a cell's faults, or null when it may run. */
export function refusalOf(
  program: ts.Program,
  extent: Extent,
  label: string,
  text: CellText,
): Refusal | null {
  const { file, start, end } = extent;
  const syntactic = program.getSyntacticDiagnostics(file);
  if (syntactic.length > 0) return refusal("SyntaxError", syntactic, extent, label, text);
  const semantic = program
    .getSemanticDiagnostics(file)
    .filter(
      (one) =>
        one.category === ts.DiagnosticCategory.Error &&
        !IGNORED.has(one.code) &&
        one.start !== undefined &&
        one.start >= start &&
        one.start <= end,
    );
  return semantic.length > 0 ? refusal("TypeCheckError", semantic, extent, label, text) : null;
}

function refusal(
  name: Refusal["name"],
  diagnostics: readonly ts.Diagnostic[],
  extent: Extent,
  label: string,
  text: CellText,
): Refusal {
  const blocks = diagnostics.slice(0, SHOWN).map((one) => block(one, extent, label, text));
  const more = diagnostics.length - blocks.length;
  if (more > 0) blocks.push([`… and ${more} more`]);
  const [first] = diagnostics;
  return { name, value: first ? messageOf(first) : name, traceback: blocks.flat() };
}

function block(diagnostic: ts.Diagnostic, extent: Extent, label: string, text: CellText): string[] {
  const { file, start, end } = extent;
  const at = Math.min(Math.max(diagnostic.start ?? start, start), end);
  const place = file.getLineAndCharacterOfPosition(at);
  const lines = text.source.split("\n");
  const line = Math.min(place.line - LINES_BEFORE, lines.length - 1);
  const source = lines[line] ?? "";
  const column = Math.max(0, place.character - (text.shifts[line] ?? 0));
  const length = Math.max(1, Math.min(diagnostic.length ?? 1, source.length - column, end - at));
  const number = String(line + 1);
  return [
    messageOf(diagnostic),
    `${label}, line ${number}, column ${column + 1}`,
    `> ${number} | ${source}`,
    `  ${" ".repeat(number.length)} | ${" ".repeat(column)}${"^".repeat(length)}`,
  ];
}

function messageOf(diagnostic: ts.Diagnostic): string {
  const message = ts
    .flattenDiagnosticMessageText(diagnostic.messageText, "\n")
    .replace("because it is an import", "because it is a constant of an earlier cell");
  return `TS${diagnostic.code}: ${message}`;
}
