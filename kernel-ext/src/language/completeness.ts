/**
 * Whether a person is done typing a cell, for consoles that run on Enter.
 *
 * Layer:  language; imports nothing else.
 */
import ts from "#typescript";
import type { Completeness } from "./language.js";

const INDENT = "  ";
/** Unterminated template literal, unclosed comment: the text can still go on. */
const OPEN_ENDED = new Set([1160, 1010]);

export function completenessOf(text: string): Completeness {
  const file = ts.createSourceFile("cell.ts", text, ts.ScriptTarget.ES2023, false);
  // The list is what parsing leaves behind; only a whole program offers it publicly.
  const faults = (file as unknown as { parseDiagnostics: readonly ts.Diagnostic[] }).parseDiagnostics;
  const end = text.trimEnd().length;
  const [first] = faults;
  if (first === undefined) return { status: "complete", indent: "" };
  const open = faults.some((fault) => OPEN_ENDED.has(fault.code)) || (first.start ?? 0) >= end;
  return open
    ? { status: "incomplete", indent: INDENT.repeat(depth(text)) }
    : { status: "invalid", indent: "" };
}

/** Brackets that are still open at the end. */
function depth(text: string): number {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2023, true, ts.LanguageVariant.Standard, text);
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
  return Math.max(0, open);
}
