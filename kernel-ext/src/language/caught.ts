/**
 * Whether an exception will be caught by a `try` of the program.
 *
 * V8 counts every exception of a cell as caught, because the kernel reports it. So the program's text decides: is a
 * calling or awaiting place inside a `try` that has a `catch`? A handler given to `.catch` is not seen.
 * Layer:  language; imports nothing else.
 */
import ts from "typescript";
import type { CodePlace } from "./language.js";

/** @param places From the innermost to the outermost that counts. */
export function isCaught(places: readonly CodePlace[]): boolean {
  return places.some(isInsideTry);
}

const parsed = new Map<string, ts.SourceFile>();
const PARSED_KEPT = 50;

function isInsideTry({ text, line, column }: CodePlace): boolean {
  const file = parse(text);
  const starts = file.getLineStarts();
  const position = (starts[line] ?? 0) + column;
  let caught = false;
  const visit = (node: ts.Node): void => {
    if (position < node.getStart(file) || position >= node.end) return;
    if (ts.isFunctionLike(node)) caught = false;
    if (ts.isTryStatement(node) && node.catchClause) {
      const { tryBlock } = node;
      if (position >= tryBlock.pos && position < tryBlock.end) caught = true;
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return caught;
}

function parse(text: string): ts.SourceFile {
  const known = parsed.get(text);
  if (known) return known;
  const file = ts.createSourceFile("script.js", text, ts.ScriptTarget.ES2023, false, ts.ScriptKind.JS);
  if (parsed.size >= PARSED_KEPT) parsed.clear();
  parsed.set(text, file);
  return file;
}
