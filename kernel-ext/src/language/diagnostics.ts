/**
 * Faults that refuse a cell, as a person reads them: code, line as typed, caret.
 *
 * Layer:  language; imports suggest, type-text.
 */
import ts from "typescript";
import type { CellText, Refusal } from "./language.js";
import { hintFor } from "./suggest.js";
import { plainMessage } from "./type-text.js";

/** Lines of the checked file before the cell's own. */
export const LINES_BEFORE = 1;
const SHOWN = 10;

/** Not the person's fault: JavaScript packages without types are `any`. */
const IGNORED = new Set([7016]);

/** What follows from another fault in the same statement: types that could not be told. */
const CONSEQUENCES = new Set([7006, 7031, 7019, 7053, 7034, 7005]);

/** Where the cell's own text lies in its file. */
export interface Extent {
  readonly file: ts.SourceFile;
  readonly start: number;
  readonly end: number;
  /** Names of earlier cells, for one that is misspelt. */
  readonly earlier: readonly string[];
}

/** The refusal for faults of syntax, which no cell runs with, or null. */
export function syntaxRefusalOf(
  program: ts.Program,
  extent: Extent,
  label: string,
  text: CellText,
): Refusal | null {
  const { file, start, end } = extent;
  const faults = program.getSyntacticDiagnostics(file);
  const [first] = faults;
  if (first === undefined) return null;
  if (hasJsx(file.text.slice(start, end)))
    return refusal("SyntaxError", [{ ...first, length: 1 }], () => NO_JSX, extent, label, text);
  return refusal("SyntaxError", faults, messageOf, extent, label, text);
}

/** The refusal for a cell's faults, or null when it may run. */
export function refusalOf(
  program: ts.Program,
  extent: Extent,
  label: string,
  text: CellText,
): Refusal | null {
  const { file, start, end } = extent;
  const syntactic = syntaxRefusalOf(program, extent, label, text);
  if (syntactic) return syntactic;
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
  if (semantic.length === 0) return null;
  const words = (one: ts.Diagnostic): string => semanticMessage(program, extent, one);
  return refusal("TypeCheckError", causes(file, semantic), words, extent, label, text);
}

const NO_JSX =
  "cells are TypeScript without JSX. Show markup by display.html(`<b>…</b>`) or in a cell that begins with %%html.";

/** Whether the text would be right with JSX. */
function hasJsx(text: string): boolean {
  const file = ts.createSourceFile("cell.tsx", text, ts.ScriptTarget.ES2023, true, ts.ScriptKind.TSX);
  const faults = (file as unknown as { parseDiagnostics: readonly ts.Diagnostic[] }).parseDiagnostics;
  if (faults.length > 0) return false;
  const visit = (node: ts.Node): boolean =>
    ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isJsxFragment(node)
      ? true
      : (ts.forEachChild(node, visit) ?? false);
  return visit(file);
}

/** Faults without those that only follow from another one of their statement. */
function causes(file: ts.SourceFile, faults: readonly ts.Diagnostic[]): readonly ts.Diagnostic[] {
  const statementOf = ({ start = 0 }: ts.Diagnostic): number =>
    file.statements.findIndex((one) => start >= one.pos && start < one.end);
  const faulty = new Set(faults.filter((one) => !CONSEQUENCES.has(one.code)).map(statementOf));
  return faults.filter((one) => !CONSEQUENCES.has(one.code) || !faulty.has(statementOf(one)));
}

function refusal(
  name: Refusal["name"],
  diagnostics: readonly ts.Diagnostic[],
  words: (diagnostic: ts.Diagnostic) => string,
  extent: Extent,
  label: string,
  text: CellText,
): Refusal {
  const messages = diagnostics.slice(0, SHOWN).map(words);
  const blocks = diagnostics
    .slice(0, SHOWN)
    .map((one, i) => [messages[i] ?? "", ...excerpt(one, extent, label, text)]);
  const more = diagnostics.length - blocks.length;
  if (more > 0) blocks.push([`… and ${more} more`]);
  return { name, value: messages[0] ?? name, traceback: blocks.flat() };
}

function excerpt(diagnostic: ts.Diagnostic, extent: Extent, label: string, text: CellText): string[] {
  const { file, start, end } = extent;
  const at = Math.min(Math.max(diagnostic.start ?? start, start), end);
  const place = file.getLineAndCharacterOfPosition(at);
  const lines = text.source.split(/\r?\n/);
  const line = Math.min(place.line - LINES_BEFORE, lines.length - 1);
  const source = lines[line] ?? "";
  const column = Math.max(0, place.character - (text.shifts[line] ?? 0));
  const length = Math.max(1, Math.min(diagnostic.length ?? 1, source.length - column, end - at));
  const number = String(line + 1);
  return [
    `${label}, line ${number}, column ${column + 1}`,
    `> ${number} | ${source}`,
    `  ${" ".repeat(number.length)} | ${" ".repeat(column)}${"^".repeat(length)}`,
  ];
}

/** Message of a type error, with the name that was meant where it can be told. */
function semanticMessage(program: ts.Program, { file, earlier }: Extent, diagnostic: ts.Diagnostic): string {
  const hint = hintFor(program, file, diagnostic, earlier);
  const message = messageOf(diagnostic);
  if (hint === "") return message;
  // The name of the notebook is nearer than any that TypeScript has found.
  return message.replace(/ Did you mean (?:to write )?'[^']*'\?$/, "") + hint;
}

function messageOf(diagnostic: ts.Diagnostic): string {
  const message = plainMessage(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"))
    .replace("because it is an import", "because it is a constant of an earlier cell")
    .replace(/ or its corresponding type declarations\./, ".")
    .replace(
      / Do you need to change your target library\? Try changing the 'lib' compiler option to .* or later\.$/,
      ` in Node.js ${process.versions.node}; newer ones have it.`,
    )
    .replace(/\. in Node/, " in Node")
    .replace(
      /^Variable '(\S+)' implicitly has an 'any' type\.$/,
      "$& Declare it with one, such as let $1: number.",
    );
  return `TS${diagnostic.code}: ${message}`;
}
