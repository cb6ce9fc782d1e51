/**
 * Completion and inspection.
 *
 * Layer:  language; imports documentation.
 */
import ts from "#typescript";
import { type Documentation, documentationAt } from "./documentation.js";
import type { Completion, Completions, Inspection } from "./language.js";

/** Names that only the kernel uses. */
const HIDDEN = /^(__cell|__scope\d+|__module\d+)$/;
const MAX_ITEMS = 500;

/** @param start Offset of the cell's text in the file. @param offset Offset of the cursor in the file. */
export function completionsAt(
  service: ts.LanguageService,
  file: string,
  text: string,
  start: number,
  offset: number,
): Completions {
  const found = service.getCompletionsAtPosition(file, offset, {
    includeCompletionsForModuleExports: false,
    includeCompletionsWithInsertText: false,
  });
  const word =
    text.slice(start, offset).match(/[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*$/u)?.[0] ?? "";
  const span = found?.entries[0]?.replacementSpan ?? found?.optionalReplacementSpan;
  const from = span && span.start <= offset ? Math.min(span.start, offset) : offset - word.length;
  const typed = text.slice(from, offset).toLowerCase();
  const items: Completion[] = [];
  for (const entry of found?.entries ?? []) {
    if (HIDDEN.test(entry.name) || !entry.name.toLowerCase().startsWith(typed)) continue;
    items.push({ text: entry.name, kind: kindOf(entry.kind) });
    if (items.length === MAX_ITEMS) break;
  }
  return { start: from - start, end: offset - start, items };
}

export function inspectionAt(service: ts.LanguageService, file: string, offset: number): Inspection | null {
  // The cursor often stands behind the word that is meant.
  const info =
    service.getQuickInfoAtPosition(file, offset) ??
    service.getQuickInfoAtPosition(file, Math.max(0, offset - 1));
  if (info) {
    const signature = ts
      .displayPartsToString(info.displayParts)
      .replace(/^\(alias\) (?=[\p{ID_Start}$_][\p{ID_Continue}$]*[(<])/u, "function ")
      .replace(/^\(alias\) /, "")
      .replace(/\nimport .*$/, "");
    const text = ts.displayPartsToString(info.documentation);
    const tags = notesOf(info.tags ?? []);
    const found =
      text === "" && tags.length === 0 ? documentationAt(service, file, info.textSpan.start) : null;
    return inspection(signature, found ?? { text, tags });
  }
  const help = service.getSignatureHelpItems(file, offset, undefined);
  const item = help?.items[help.selectedItemIndex];
  if (!item) return null;
  const parameters = item.parameters.map((one) => ts.displayPartsToString(one.displayParts));
  const signature =
    ts.displayPartsToString(item.prefixDisplayParts) +
    parameters.join(ts.displayPartsToString(item.separatorDisplayParts)) +
    ts.displayPartsToString(item.suffixDisplayParts);
  const text = ts.displayPartsToString(item.documentation);
  return inspection(signature, { text, tags: notesOf(item.tags) });
}

/** Type of the largest expression that begins at `offset`, in words; null without one. */
export function typeAt(program: ts.Program, file: ts.SourceFile, offset: number): string | null {
  let found: ts.Expression | null = null;
  const visit = (node: ts.Node): void => {
    if (found || offset < node.pos || offset >= node.end) return;
    if (ts.isExpression(node) && node.getStart(file) === offset) found = node;
    else ts.forEachChild(node, visit);
  };
  visit(file);
  if (!found) return null;
  const checker = program.getTypeChecker();
  return checker.typeToString(checker.getTypeAtLocation(found), found, ts.TypeFormatFlags.NoTruncation);
}

function notesOf(tags: readonly ts.JSDocTagInfo[]): Documentation["tags"] {
  return tags.map((tag) => ({ name: tag.name, text: ts.displayPartsToString(tag.text) }));
}

function inspection(signature: string, { text, tags }: Documentation): Inspection {
  const plain = [signature, text, tags.map((tag) => `@${tag.name} ${tag.text}`).join("\n")];
  const markdown = [
    `\`\`\`typescript\n${signature}\n\`\`\``,
    text,
    tags.map((tag) => `*@${tag.name}* ${tag.text}`).join("  \n"),
  ];
  const joined = (parts: string[]): string => parts.filter((part) => part !== "").join("\n\n");
  return { plain: joined(plain), markdown: joined(markdown) };
}

/** TypeScript's word for what an entry is, in the words that JupyterLab has icons for. */
function kindOf(kind: string): string {
  switch (kind) {
    case ts.ScriptElementKind.functionElement:
    case ts.ScriptElementKind.localFunctionElement:
    case ts.ScriptElementKind.memberFunctionElement:
      return "function";
    case ts.ScriptElementKind.classElement:
      return "class";
    case ts.ScriptElementKind.interfaceElement:
    case ts.ScriptElementKind.typeElement:
    case ts.ScriptElementKind.enumElement:
      return "type";
    case ts.ScriptElementKind.moduleElement:
    case ts.ScriptElementKind.externalModuleName:
    case ts.ScriptElementKind.alias:
      return "module";
    case ts.ScriptElementKind.memberVariableElement:
    case ts.ScriptElementKind.memberGetAccessorElement:
    case ts.ScriptElementKind.memberSetAccessorElement:
      return "property";
    case ts.ScriptElementKind.keyword:
      return "keyword";
    case ts.ScriptElementKind.directory:
    case ts.ScriptElementKind.scriptElement:
      return "path";
    default:
      return "instance";
  }
}
