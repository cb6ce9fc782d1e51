/**
 * Inspection: what a name is, how a function is called, and the types of names in words.
 *
 * Layer:  language; imports documentation, type-text.
 */
import ts from "typescript";
import { type Documentation, documentationAt } from "./documentation.js";
import type { Inspection, KnownName } from "./language.js";
import type { ScopeEntry } from "./scope.js";
import { plainTypes } from "./type-text.js";

/** A file that is looked at. */
export interface Look {
  readonly service: ts.LanguageService;
  readonly file: string;
  readonly whole: string;
  /** Offset of the cell's text in it. */
  readonly start: number;
}

const LONGEST_SOURCE = 8_000;

/** @param offset Offset of the cursor in the file. @param detail With 1, also the source. */
export function inspectionAt(
  { service, file, whole }: Look,
  offset: number,
  detail: 0 | 1,
): Inspection | null {
  // Behind a bracket or comma, the call is meant and not the name before it.
  if (/[(,]\s*$/.test(whole.slice(0, offset))) {
    const call = callAt(service, file, offset);
    if (call) return call;
  }
  // The cursor often stands behind the word that is meant.
  for (const at of [offset, Math.max(0, offset - 1)]) {
    const info = service.getQuickInfoAtPosition(file, at);
    if (info) return nameAt(service, file, info, detail);
  }
  return callAt(service, file, offset);
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
  return found && typeText(program.getTypeChecker(), found);
}

/** The names in turn, each the last word of its line: what `describedNames` looks at. */
export function namesText(entries: readonly ScopeEntry[]): string {
  return entries.map((entry) => (isType(entry) ? `0 as unknown as ${entry.name}` : entry.name)).join("\n");
}

/** Types of the names of `namesText`. */
export function describedNames(look: Look, entries: readonly ScopeEntry[]): KnownName[] {
  const { service, file, whole, start } = look;
  const program = service.getProgram();
  const source = program?.getSourceFile(file);
  let line = start;
  return entries.map((entry) => {
    const { name, kind } = entry;
    const end = whole.indexOf("\n", line);
    const at = (end < 0 ? whole.length : end) - name.length;
    line = end + 1;
    const info = service.getQuickInfoAtPosition(file, at);
    const text = info ? signatureOf(info).replace(/^(?:const|let|var) [^:]*: /, "") : "unknown";
    // Of a whole module, the information is only that it is imported.
    const isModule = text.startsWith("import ") || text.startsWith("namespace ");
    const node = isModule && source ? identifierAt(source, at) : null;
    const type = node && program ? moduleText(program.getTypeChecker(), node) : text;
    return { name, kind, type };
  });
}

function isType({ kind, value }: ScopeEntry): boolean {
  return kind === "type" || (kind === "import" && !value);
}

function typeText(checker: ts.TypeChecker, node: ts.Expression): string {
  const type = checker.getTypeAtLocation(node);
  return plainTypes(checker.typeToString(type, node, ts.TypeFormatFlags.NoTruncation));
}

/** The module that a name stands for, as it is imported. */
function moduleText(checker: ts.TypeChecker, node: ts.Expression): string {
  return plainTypes(checker.typeToString(checker.getTypeAtLocation(node)));
}

/** What a name is, with its documentation. */
function nameAt(service: ts.LanguageService, file: string, info: ts.QuickInfo, detail: 0 | 1): Inspection {
  const at = info.textSpan.start;
  const source = detail === 1 ? sourceAt(service, file, at) : null;
  const text = ts.displayPartsToString(info.documentation);
  const tags = notesOf(info.tags ?? []);
  const found = text === "" && tags.length === 0 ? documentationAt(service, file, at) : null;
  const members = source === null ? membersAt(service, file, at) : null;
  const signature = signatureOf(info).replace(/^import (?=\S+$)/, "namespace ");
  return inspection(members ?? signature, found ?? { text, tags }, source);
}

/** TypeScript's words for a name, without what only tells how it got here. */
function signatureOf(info: ts.QuickInfo): string {
  const text = ts
    .displayPartsToString(info.displayParts)
    .replace(/^\(alias\) (?=[\p{ID_Start}$_][\p{ID_Continue}$]*[(<])/u, "function ")
    .replace(/^\(alias\) /, "")
    .replace(/^module "(.*)"$/gm, 'module "$1"')
    .replace(/\n(?:import|export) .*$/, "");
  return plainTypes(text);
}

/** The text of an interface, a type or an enum that a cell or file of the person has declared. */
function membersAt(service: ts.LanguageService, file: string, offset: number): string | null {
  const [declaration] = declarationsAt(service, file, offset);
  if (!declaration || declaration.getSourceFile().isDeclarationFile) return null;
  const shown =
    ts.isInterfaceDeclaration(declaration) ||
    ts.isTypeAliasDeclaration(declaration) ||
    ts.isEnumDeclaration(declaration);
  return shown ? declaration.getText() : null;
}

/** The source of what is declared under a name. */
function sourceAt(service: ts.LanguageService, file: string, offset: number): string | null {
  const [declaration] = declarationsAt(service, file, offset);
  if (!declaration) return null;
  const statement = ts.isVariableDeclaration(declaration)
    ? (ts.findAncestor(declaration, ts.isVariableStatement) ?? declaration)
    : declaration;
  const text = statement.getText();
  return text.length > LONGEST_SOURCE ? `${text.slice(0, LONGEST_SOURCE)}\n…` : text;
}

function declarationsAt(
  service: ts.LanguageService,
  file: string,
  offset: number,
): readonly ts.Declaration[] {
  const program = service.getProgram();
  const source = program?.getSourceFile(file);
  const node = source && identifierAt(source, offset);
  if (!program || !node) return [];
  const checker = program.getTypeChecker();
  const flags = ts.SymbolFlags.Type | ts.SymbolFlags.Namespace | ts.SymbolFlags.Value | ts.SymbolFlags.Alias;
  const symbol =
    checker.getSymbolAtLocation(node) ??
    checker.getSymbolsInScope(node, flags).find((one) => one.name === node.text);
  if (!symbol) return [];
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (target.declarations ?? []).map((one) => originalOf(checker, one));
}

/** A name that may be assigned is only declared anew in later cells; `typeof import("…").x` leads to the first. */
function originalOf(checker: ts.TypeChecker, declaration: ts.Declaration): ts.Declaration {
  const type = ts.isVariableDeclaration(declaration) ? declaration.type : undefined;
  if (!type || !ts.isImportTypeNode(type) || !type.qualifier) return declaration;
  const symbol = checker.getSymbolAtLocation(type.qualifier);
  const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return target?.valueDeclaration ?? declaration;
}

function identifierAt(file: ts.SourceFile, offset: number): ts.Identifier | null {
  let found: ts.Identifier | null = null;
  const visit = (node: ts.Node): void => {
    if (offset < node.pos || offset > node.end) return;
    if (ts.isIdentifier(node) && node.getStart(file) <= offset) found = node;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** How the function is called in whose brackets the cursor stands, and the argument that it is at. */
function callAt(service: ts.LanguageService, file: string, offset: number): Inspection | null {
  const help = service.getSignatureHelpItems(file, offset, undefined);
  if (!help) return null;
  const shown = help.items.map(signatureText);
  const chosen = help.items[help.selectedItemIndex];
  const [signature = ""] = shown.splice(help.selectedItemIndex, 1);
  const others = shown.length > 0 ? `\n${shown.join("\n")}` : "";
  const parameter = chosen?.parameters[Math.min(help.argumentIndex, chosen.parameters.length - 1)];
  const about = parameter && ts.displayPartsToString(parameter.documentation);
  const own = { text: ts.displayPartsToString(chosen?.documentation), tags: notesOf(chosen?.tags ?? []) };
  const source = service.getProgram()?.getSourceFile(file);
  const name = source?.text.slice(0, help.applicableSpan.start).replace(/[\s(]+$/, "").length ?? 1;
  const known = own.text === "" ? (documentationAt(service, file, name - 1) ?? own) : own;
  const text = [about ? `${parameter.name}: ${about}` : "", known.text].filter((one) => one !== "");
  return inspection(plainTypes(signature + others), { text: text.join("\n\n"), tags: known.tags }, null);
}

function signatureText(item: ts.SignatureHelpItem): string {
  const parameters = item.parameters.map((one) => ts.displayPartsToString(one.displayParts));
  return (
    ts.displayPartsToString(item.prefixDisplayParts) +
    parameters.join(ts.displayPartsToString(item.separatorDisplayParts)) +
    ts.displayPartsToString(item.suffixDisplayParts)
  );
}

function notesOf(tags: readonly ts.JSDocTagInfo[]): Documentation["tags"] {
  return tags.map((tag) => ({ name: tag.name, text: ts.displayPartsToString(tag.text) }));
}

function inspection(signature: string, { text, tags }: Documentation, source: string | null): Inspection {
  const plain = [signature, text, tags.map((tag) => `@${tag.name} ${tag.text}`).join("\n"), source ?? ""];
  const code = (one: string): string => `\`\`\`typescript\n${one}\n\`\`\``;
  const markdown = [
    code(signature),
    text,
    tags.map((tag) => `*@${tag.name}* ${tag.text}`).join("  \n"),
    source === null ? "" : code(source),
  ];
  const joined = (parts: string[]): string => parts.filter((part) => part !== "").join("\n\n");
  return { plain: joined(plain), markdown: joined(markdown) };
}
