/**
 * "Did you mean": the name, property, module or text that a misspelt one stands for.
 *
 * TypeScript suggests too, but only what the cell itself imports, and rarely for short words or swapped letters.
 * Layer:  language; imports import-paths, nearest.
 */
import { isBuiltin } from "node:module";
import ts from "typescript";
import { broughtNames, importNames } from "./import-paths.js";
import { nearest } from "./nearest.js";

const NAMES = new Set([2304, 2503, 2552, 18004]);
const MEMBERS = new Set([2339, 2694, 7053]);
const EXPORTS = new Set([2305, 2614]);
const MODULES = new Set([2307, 2792]);
const VALUES = new Set([2322, 2345]);
const UNKNOWN_PROPERTY = 2353;

/** What a sentence at the end of a message says; empty where nothing is close. @param earlier Names of other cells. */
export function hintFor(
  program: ts.Program,
  file: ts.SourceFile,
  { code, start = 0, length = 0 }: ts.Diagnostic,
  earlier: readonly string[],
): string {
  const checker = program.getTypeChecker();
  const word = file.text.slice(start, start + length).replace(/^(['"`])(.*)\1$/s, "$2");
  const node = nodeAt(file, start);
  if (!node) return "";
  if (NAMES.has(code)) {
    const flags =
      ts.SymbolFlags.Value | ts.SymbolFlags.Type | ts.SymbolFlags.Namespace | ts.SymbolFlags.Alias;
    const own = checker
      .getSymbolsInScope(node, flags)
      .filter((one) => one.declarations?.some((declaration) => declaration.getSourceFile() === file));
    const bringer = broughtNames().get(word);
    if (bringer !== undefined) return ` It comes from ${bringer}: import { ${word} } from "${bringer}".`;
    if (isBuiltin(word)) return ` It is a module of Node.js: import * as ${word} from "node:${word}".`;
    return meant(nearest(word, [...earlier, ...own.map((one) => one.name)]));
  }
  if (MEMBERS.has(code)) return meant(nearest(word, membersAt(checker, node)));
  if (EXPORTS.has(code)) return meant(nearest(word, exportsAt(checker, node)));
  if (MODULES.has(code)) return meant(nearest(word, importNames(file.fileName, word)));
  if (code === UNKNOWN_PROPERTY) return meant(nearest(word, keysAt(checker, node)));
  if (VALUES.has(code)) return textHint(checker, node);
  return "";
}

function meant(name: string | null): string {
  return name === null ? "" : ` Did you mean '${name}'?`;
}

/** The innermost node that begins at `start`. */
function nodeAt(file: ts.SourceFile, start: number): ts.Node | null {
  let found: ts.Node | null = null;
  const visit = (node: ts.Node): void => {
    if (start < node.pos || start >= node.end) return;
    if (node.getStart(file) === start) found = node;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function membersAt(checker: ts.TypeChecker, node: ts.Node): string[] {
  const { parent } = node;
  if (parent && ts.isPropertyAccessExpression(parent) && parent.name === node)
    return namesOf(checker.getTypeAtLocation(parent.expression).getApparentProperties());
  if (parent && ts.isQualifiedName(parent) && parent.right === node) {
    const left = checker.getSymbolAtLocation(parent.left);
    return left ? namesOf(checker.getExportsOfModule(resolved(checker, left))) : [];
  }
  return [];
}

function exportsAt(checker: ts.TypeChecker, node: ts.Node): string[] {
  const statement = ts.findAncestor(node, ts.isImportDeclaration);
  const module = statement && checker.getSymbolAtLocation(statement.moduleSpecifier);
  return module ? namesOf(checker.getExportsOfModule(module)) : [];
}

/** Keys that the object literal around a property may have. */
function keysAt(checker: ts.TypeChecker, node: ts.Node): string[] {
  const literal = ts.findAncestor(node, ts.isObjectLiteralExpression);
  const type = literal && checker.getContextualType(literal);
  if (!type) return [];
  return (type.isUnion() ? type.types : [type]).flatMap((one) => namesOf(one.getProperties()));
}

/** A text of a union of texts that was meant. */
function textHint(checker: ts.TypeChecker, node: ts.Node): string {
  const value =
    ts.isIdentifier(node) && ts.isPropertyAssignment(node.parent) ? node.parent.initializer : node;
  if (!ts.isStringLiteral(value)) return "";
  const type = checker.getContextualType(value);
  const texts = (type?.isUnion() ? type.types : type ? [type] : []).filter((one) => one.isStringLiteral());
  const close = nearest(
    value.text,
    texts.map((one) => one.value),
  );
  return close === null ? "" : ` Did you mean '"${close}"'?`;
}

function resolved(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function namesOf(symbols: readonly ts.Symbol[]): string[] {
  return symbols.map((one) => one.name).filter((name) => !name.startsWith("__"));
}
