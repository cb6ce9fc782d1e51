/**
 * TypeScript as the language of cells: each cell is a module that sees the names of earlier ones.
 *
 * Layer:  language; imports everything of language.
 */
import ts from "typescript";
import { completionsAt, lastWord } from "./assist.js";
import { isCaught } from "./caught.js";
import type { Compiler, CompilerConversion, KeptCell } from "./compiler-protocol.js";
import { completenessOf } from "./completeness.js";
import { type Extent, LINES_BEFORE, refusalOf, syntaxRefusalOf } from "./diagnostics.js";
import { type CheckedCell, emitScript } from "./emit.js";
import { toJavaScript } from "./expressions.js";
import { describedNames, inspectionAt, type Look, namesText, typeAt } from "./inspection.js";
import type {
  CellText,
  CodePlace,
  Completeness,
  Completions,
  Inspection,
  KnownName,
  Refusal,
} from "./language.js";
import { NameTable } from "./name-table.js";
import { augments, type Declared, declaredNames } from "./names.js";
import { CellProgram } from "./program.js";
import { checkedPrelude, moduleName, type ScopeEntry, usedEntries } from "./scope.js";

/** What was converted last. */
interface Latest {
  readonly program: ts.Program;
  readonly extent: Extent;
  readonly label: string;
  readonly text: CellText;
  readonly strict: boolean;
}

const REHEARSAL = [
  "1 + 1",
  "interface Point { x: number }\nconst point: Point = { x: 1 };\nfunction twice(one: Point): number { return one.x * 2; }\ntwice(point)",
  "const numbers = [1, 2, 3].map((one) => one ** 2); let total = 0; for (const one of numbers) total += one; console.log(String(total));",
  "class Counter { #count = 0; async next(): Promise<number> { return ++this.#count; } }\nawait new Counter().next()",
  "import { readFile } from 'node:fs/promises'; import path from 'node:path'; path.join('a', 'b');",
  "total = new Map([['a', 1]]).get('a') ?? 0; total += Object.entries({ a: 1 }).length; JSON.parse('1');",
  "display(new Float64Array(3)); await Promise.all([1].map(async (one) => one)); total",
  "const wrong: string = total;",
];

export class TypescriptLanguage implements Compiler {
  readonly #program = new CellProgram();
  readonly #names = new NameTable();
  #latest: Latest | null = null;
  /** Cells of the rehearsal have numbers that no execution has. */
  #rehearsed = 0;

  /** @param folder Where the notebook lies; imports are found from there. */
  open(folder: string): void {
    this.#program.move(folder);
  }

  /** Files on disk that were read. */
  files(): readonly string[] {
    return this.#program.files();
  }

  /** Does once what cells commonly need, so that libraries are read and code is compiled. */
  rehearse(packages: readonly string[]): void {
    const run = (text: string): void => {
      const cell = --this.#rehearsed;
      const conversion = this.convert(cell, "", { source: text, text, shifts: {} });
      if (conversion.ok) this.keep({ cell, module: conversion.module }, conversion.module.declared);
    };
    for (const name of packages) run(`import * as brought from ${JSON.stringify(name)};`);
    for (const text of REHEARSAL) run(text);
    this.inspect("numbers.map(", 12, 0);
    this.isComplete("for (;;) {");
    this.described();
    this.reset();
  }

  convert(cell: number, label: string, text: CellText, strict: boolean = true): CompilerConversion {
    const parsed = ts.createSourceFile("cell.ts", text.text, ts.ScriptTarget.ES2023, true);
    const names = declaredNames(parsed);
    const used = usedEntries(this.#names.entries, text.text, names);
    const prelude = checkedPrelude(used);
    const whole = prelude + text.text + exportsOf(names.values());
    const { program, file } = this.#program.look(whole, moduleName(cell));
    const start = prelude.length;
    const end = start + text.text.length;
    const extent = { file, start, end, earlier: [...this.#names.entries.keys()] };
    this.#latest = { program, extent, label, text, strict };
    const refusal = strict
      ? refusalOf(program, extent, label, text)
      : syntaxRefusalOf(program, extent, label, text);
    if (refusal) return { ok: false, refusal };

    const declared = withCheckedImports(program.getTypeChecker(), file, names);
    const checked: CheckedCell = { file, start, end, used, declared };
    const script = emitScript(program, checked, strict);
    const module = { text: whole, declared: [...declared.values()], root: augments(parsed) };
    const values = module.declared.filter((one) => one.value).map((one) => one.name);
    return { ok: true, converted: { ...script, declares: values }, module };
  }

  warning(): Refusal | null {
    if (!this.#latest || this.#latest.strict) return null;
    const { program, extent, label, text } = this.#latest;
    return refusalOf(program, extent, label, text);
  }

  typeAt(line: number, column: number): string | null {
    if (!this.#latest) return null;
    const { program, extent } = this.#latest;
    const { file } = extent;
    return typeAt(program, file, file.getPositionOfLineAndCharacter(line + LINES_BEFORE, column));
  }

  keep({ cell, module }: KeptCell, declared: readonly Declared[]): void {
    this.#program.add(moduleName(cell), module.text, module.root);
    this.#names.keep(cell, declared);
  }

  forget(names: readonly string[] | null): void {
    this.#names.forget(names);
  }

  reset(): void {
    this.#names.clear();
  }

  refresh(): void {
    this.#program.refresh();
  }

  restore(cells: readonly KeptCell[], scope: readonly ScopeEntry[]): void {
    for (const { cell, module } of cells) this.#program.add(moduleName(cell), module.text, module.root);
    for (const entry of scope) this.#names.keep(entry.cell, [entry]);
  }

  complete(text: string, offset: number): Completions {
    const { service, file, whole, start } = this.#scratch(text, namesWanted(text.slice(0, offset)));
    return completionsAt(service, file, whole, start, start + offset);
  }

  inspect(text: string, offset: number, detail: 0 | 1): Inspection | null {
    const look = this.#scratch(text);
    return inspectionAt(look, look.start + offset, detail);
  }

  isComplete(text: string): Completeness {
    return completenessOf(text);
  }

  described(): readonly KnownName[] {
    const entries = [...this.#names.entries.values()];
    return describedNames(this.#scratch(namesText(entries)), entries);
  }

  toJavaScript(code: string, holders: readonly (readonly [name: string, holder: string])[]): string {
    return toJavaScript(code, new Map(holders));
  }

  isCaught(places: readonly CodePlace[]): boolean {
    return isCaught(places);
  }

  /** A file that is only looked at. In scope are the names that it uses, and those that `isWanted`. */
  #scratch(text: string, isWanted: (name: string) => boolean = () => false): Look {
    const own = declaredNames(ts.createSourceFile("cell.ts", text, ts.ScriptTarget.ES2023, false));
    const entries = new Set(usedEntries(this.#names.entries, text, own));
    for (const entry of this.#names.entries.values())
      if (isWanted(entry.name) && !own.has(entry.name)) entries.add(entry);
    const prelude = checkedPrelude(entries);
    const whole = prelude + text;
    const { service, file } = this.#program.look(whole);
    return { service, file: file.fileName, whole, start: prelude.length };
  }
}

/** Names that may complete what ends at the cursor: any session has hundreds, and each takes time. */
function namesWanted(before: string): (name: string) => boolean {
  const word = lastWord(before);
  if (/\.\s*$/.test(before.slice(0, before.length - word.length))) return () => false;
  return (name) => name.toLowerCase().startsWith(word.toLowerCase());
}

/** The line that makes a cell's names importable. The semicolon ends a last statement that is still open. */
function exportsOf(names: Iterable<Declared>): string {
  const list = [...names].filter((one) => !one.exported).map((one) => one.name);
  return `\n;export { ${list.join(", ")} };`;
}

/** Imports that turn out to be types have no value at run time. */
function withCheckedImports(
  checker: ts.TypeChecker,
  file: ts.SourceFile,
  names: ReadonlyMap<string, Declared>,
): ReadonlyMap<string, Declared> {
  const checked = new Map(names);
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const clause = statement.importClause;
    const bindings = clause?.namedBindings;
    const specifiers = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
    for (const node of [...(clause?.name ? [clause] : []), ...specifiers]) {
      const name = node.name?.text ?? "";
      const declared = checked.get(name);
      const symbol = node.name && checker.getSymbolAtLocation(node.name);
      if (!declared?.value || !symbol || (symbol.flags & ts.SymbolFlags.Alias) === 0) continue;
      const target = checker.getAliasedSymbol(symbol);
      // A package without types resolves to nothing; its names are values.
      const known = target.declarations !== undefined && target.declarations.length > 0;
      if (known && (target.flags & ts.SymbolFlags.Value) === 0)
        checked.set(name, { ...declared, value: false });
    }
  }
  return checked;
}
