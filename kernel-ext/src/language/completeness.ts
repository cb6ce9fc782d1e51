/**
 * Whether a person is done typing a cell, for consoles that run on Enter.
 *
 * Layer:  language; imports nothing else.
 */
import ts from "typescript";
import type { Completeness } from "./language.js";

/** Unterminated template literal, unclosed comment: the text can still go on. */
const TEMPLATE = 1160;
const COMMENT = 1010;
/** A text in quotes ends with its line. */
const QUOTES = 1002;

export function completenessOf(text: string): Completeness {
  const file = ts.createSourceFile("cell.ts", text, ts.ScriptTarget.ES2023, false);
  // The list is what parsing leaves behind; only a whole program offers it publicly.
  const faults = (file as unknown as { parseDiagnostics: readonly ts.Diagnostic[] }).parseDiagnostics;
  const end = text.trimEnd().length;
  const [first] = faults;
  if (first === undefined) return { status: "complete", indent: "" };
  const codes = new Set(faults.map((fault) => fault.code));
  if (codes.has(TEMPLATE)) return { status: "incomplete", indent: "" };
  if (codes.has(COMMENT)) return { status: "incomplete", indent: indentOf(lastLine(text)) };
  const open = (first.start ?? 0) >= end && !codes.has(QUOTES);
  return open ? { status: "incomplete", indent: nextIndent(text) } : { status: "invalid", indent: "" };
}

/** Indent of the line that follows a text that goes on: that of its last line, or one step more. */
function nextIndent(text: string): string {
  const line = lastLine(text);
  const indent = indentOf(line);
  const code = line.trim();
  // Only what ends a statement, an item or a block, or goes on a chain or decorates, leaves the next line beside it.
  const stays = code === "" || /[,;}]$/.test(code) || /^[.@]/.test(code);
  return stays && opened(code) <= 0 ? indent : indent + stepOf(text);
}

/** Brackets that a line opens and leaves open. */
function opened(line: string): number {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2023, true, ts.LanguageVariant.Standard, line);
  let open = 0;
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    if (
      kind === ts.SyntaxKind.OpenBraceToken ||
      kind === ts.SyntaxKind.OpenParenToken ||
      kind === ts.SyntaxKind.OpenBracketToken
    ) {
      open += 1;
    } else if (
      kind === ts.SyntaxKind.CloseBraceToken ||
      kind === ts.SyntaxKind.CloseParenToken ||
      kind === ts.SyntaxKind.CloseBracketToken
    ) {
      open -= 1;
    }
  }
  return open;
}

/** One step of indent as the text has it: tabs, four blanks, or two. */
function stepOf(text: string): string {
  const [, first = "  "] = /^(\t| +)\S/m.exec(text) ?? [];
  return first === "\t" ? "\t" : first.length % 4 === 0 && !/^ {2}(?! )/m.test(text) ? "    " : "  ";
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}
