/**
 * Completion.
 *
 * Layer:  language; imports import-paths, type-text.
 */
import ts from "typescript";
import { importPaths } from "./import-paths.js";
import type { Completion, Completions } from "./language.js";
import { plainTypes } from "./type-text.js";

/** Names that only the kernel uses. */
const HIDDEN = /^(__cell|__scope\d+|__module\d+|SqlCell|SqlRow|SqlValue|SqlTable)$/;
const MAX_ITEMS = 500;
/** So many items say their type; telling it takes time, and nobody reads further. */
const MAX_SIGNATURES = 60;
const LONGEST_SIGNATURE = 160;

/** A specifier that is being typed. */
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(["'])([^"'\n]*)$/;

/** @param start Offset of the cell's text in the file. @param offset Offset of the cursor in the file. */
export function completionsAt(
  service: ts.LanguageService,
  file: string,
  text: string,
  start: number,
  offset: number,
): Completions {
  const specifier = IMPORT.exec(text.slice(start, offset))?.[2];
  if (specifier !== undefined) {
    const items = importPaths(file, specifier).map((one) => ({ text: one, kind: "path" }));
    return { start: offset - specifier.length - start, end: offset - start, items };
  }
  // Symbols come along on request, which the public type does not say.
  const preferences: ts.GetCompletionsAtPositionOptions = {
    includeCompletionsForModuleExports: false,
    includeCompletionsWithInsertText: false,
    includeSymbol: true,
  };
  const found = service.getCompletionsAtPosition(file, offset, preferences);
  const word = lastWord(text.slice(start, offset));
  const span = found?.entries[0]?.replacementSpan ?? found?.optionalReplacementSpan;
  const from = span && span.start <= offset ? Math.min(span.start, offset) : offset - word.length;
  const typed = text.slice(from, offset);
  const entries = (found?.entries ?? [])
    .filter(({ name }) => !HIDDEN.test(name) && name.toLowerCase().startsWith(typed.toLowerCase()))
    .slice(0, MAX_ITEMS);
  const program = service.getProgram();
  const node = program?.getSourceFile(file);
  const items = entries.map((entry, i): Completion => {
    if (!program || !node) return { text: entry.name, kind: kindOf(entry.kind) };
    return itemOf(program.getTypeChecker(), node, entry, i < MAX_SIGNATURES);
  });
  return { start: from - start, end: offset - start, items: ranked(items, typed) };
}

/** The word that ends a text, perhaps half typed. */
export function lastWord(text: string): string {
  return text.match(/[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*$/u)?.[0] ?? "";
}

/** TypeScript's order, near things first; of the same nearness, those that are typed exactly so far. */
function ranked(items: readonly Completion[], typed: string): Completion[] {
  if (typed === "") return [...items];
  const exact = items.filter((one) => one.text.startsWith(typed));
  return [...exact, ...items.filter((one) => !one.text.startsWith(typed))];
}

function itemOf(
  checker: ts.TypeChecker,
  node: ts.Node,
  entry: ts.CompletionEntry,
  withSignature: boolean,
): Completion {
  const symbol = entry.symbol && resolved(checker, entry.symbol);
  const kind = symbol ? (kindOfSymbol(symbol) ?? kindOf(entry.kind)) : kindOf(entry.kind);
  if (!symbol || !withSignature || (symbol.flags & ts.SymbolFlags.Value) === 0)
    return { text: entry.name, kind };
  const type = checker.getTypeOfSymbolAtLocation(symbol, node);
  const signature = plainTypes(checker.typeToString(type, node));
  return {
    text: entry.name,
    kind: kind === "instance" ? kindOfVariable(type) : kind,
    signature:
      signature.length > LONGEST_SIGNATURE ? `${signature.slice(0, LONGEST_SIGNATURE - 1)}…` : signature,
  };
}

/** Node's classes, and functions that are constants, are variables to TypeScript. */
function kindOfVariable(type: ts.Type): string {
  if (type.getConstructSignatures().length > 0) return "class";
  return type.getCallSignatures().length > 0 ? "function" : "instance";
}

function resolved(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** What a name stands for, in the words that JupyterLab has icons for. */
function kindOfSymbol({ flags }: ts.Symbol): string | null {
  if (flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Method)) return "function";
  if (flags & ts.SymbolFlags.Class) return "class";
  if (flags & ts.SymbolFlags.Enum) return "enum";
  if (flags & ts.SymbolFlags.Module) return "module";
  if (flags & (ts.SymbolFlags.Property | ts.SymbolFlags.Accessor | ts.SymbolFlags.EnumMember))
    return "property";
  if (flags & ts.SymbolFlags.Variable) return "instance";
  if (flags & ts.SymbolFlags.Interface) return "interface";
  if (flags & ts.SymbolFlags.Type) return "type";
  return null;
}

/** The same for entries without a symbol. */
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
    case ts.ScriptElementKind.string:
      return "value";
    default:
      return "instance";
  }
}
