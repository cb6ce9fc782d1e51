/**
 * TypeScript as the language of cells: each cell is a module that sees the names of earlier ones.
 *
 * Layer:  language; imports everything of language.
 */
import ts from "#typescript";
import { completionsAt, inspectionAt, typeAt } from "./assist.js";
import { completenessOf } from "./completeness.js";
import { LINES_BEFORE, refusalOf } from "./diagnostics.js";
import { type CheckedCell, emitScript } from "./emit.js";
import type {
  CellText,
  Completeness,
  Completions,
  Conversion,
  Inspection,
  KnownName,
  Language,
  NamePlace,
} from "./language.js";
import { augments, type Declared, declaredNames } from "./names.js";
import { CellProgram } from "./program.js";
import { checkedPrelude, moduleName, type ScopeEntry, usedEntries } from "./scope.js";

/** A cell between its check and its end. */
interface Pending {
  readonly whole: string;
  readonly declared: readonly Declared[];
  readonly augments: boolean;
}

export class TypescriptLanguage implements Language {
  readonly #program: CellProgram;
  readonly #scope = new Map<string, ScopeEntry>();
  readonly #pending = new Map<number, Pending>();
  /** Cells with a name in scope, and how many. */
  readonly #reachable = new Map<number, number>();
  #unreachable: number[] = [];
  /** What was converted last. */
  #latest: { readonly program: ts.Program; readonly file: ts.SourceFile } | null = null;

  /** @param folder Where the notebook lies; imports are found from there. */
  constructor(folder: string) {
    this.#program = new CellProgram(folder);
  }

  convert(cell: number, label: string, text: CellText, strict: boolean = true): Conversion {
    const parsed = ts.createSourceFile("cell.ts", text.text, ts.ScriptTarget.ES2023, true);
    const names = declaredNames(parsed);
    const used = usedEntries(this.#scope, text.text, names);
    const prelude = checkedPrelude(used);
    const whole = prelude + text.text + exportsOf(names.values());
    const program = this.#program.look(whole).getProgram();
    const file = program?.getSourceFile(this.#program.current);
    if (!program || !file) throw new Error("the language service has lost the cell");

    this.#latest = { program, file };
    const start = prelude.length;
    const end = start + text.text.length;
    const refusal = refusalOf(program, { file, start, end }, label, text);
    if (refusal && (strict || refusal.name === "SyntaxError")) return { ok: false, refusal };

    const declared = withCheckedImports(program.getTypeChecker(), file, names);
    const checked: CheckedCell = { file, start, end, used, declared };
    const script = emitScript(program, checked);
    this.#pending.set(cell, { whole, declared: [...declared.values()], augments: augments(parsed) });
    const values = [...declared.values()].filter((one) => one.value).map((one) => one.name);
    return { ok: true, converted: { ...script, declares: values }, warning: refusal };
  }

  typeAt(line: number, column: number): string | null {
    if (!this.#latest) return null;
    const { program, file } = this.#latest;
    return typeAt(program, file, file.getPositionOfLineAndCharacter(line + LINES_BEFORE, column));
  }

  keep(cell: number, unset: readonly string[]): void {
    const pending = this.#pending.get(cell);
    this.#pending.delete(cell);
    if (!pending) return;
    this.#program.add(moduleName(cell), pending.whole, pending.augments);
    const missing = new Set(unset);
    const kept = pending.declared.filter((one) => !missing.has(one.name));
    if (kept.length === 0) this.#unreachable.push(cell);
    else this.#reachable.set(cell, kept.length);
    for (const one of kept) {
      const earlier = this.#scope.get(one.name);
      if (earlier) this.#release(earlier.cell);
      this.#scope.set(one.name, { ...one, cell });
    }
  }

  takeUnreachable(): readonly number[] {
    const cells = this.#unreachable;
    this.#unreachable = [];
    return cells;
  }

  forget(names: readonly string[] | null): readonly string[] {
    const unknown = names?.filter((name) => !this.#scope.has(name)) ?? [];
    if (unknown.length > 0) return unknown;
    for (const name of names ?? [...this.#scope.keys()]) {
      const entry = this.#scope.get(name);
      if (entry) this.#release(entry.cell);
      this.#scope.delete(name);
    }
    return [];
  }

  reset(): void {
    this.#scope.clear();
    this.#reachable.clear();
    this.#pending.clear();
    this.#unreachable = [];
  }

  refresh(): void {
    this.#program.refresh();
  }

  complete(text: string, offset: number): Completions {
    const { service, file, whole, start } = this.#scratch(text);
    return completionsAt(service, file, whole, start, start + offset);
  }

  inspect(text: string, offset: number): Inspection | null {
    const { service, file, start } = this.#scratch(text);
    return inspectionAt(service, file, start + offset);
  }

  isComplete(text: string): Completeness {
    return completenessOf(text);
  }

  names(): readonly KnownName[] {
    const entries = [...this.#scope.values()];
    const { service, file, whole, start } = this.#scratch(entries.map((entry) => entry.name).join("\n"));
    let offset = start;
    return entries.map(({ name, kind }) => {
      const info = service.getQuickInfoAtPosition(file, offset);
      offset = whole.indexOf("\n", offset) + 1;
      const type = ts
        .displayPartsToString(info?.displayParts)
        .replace(/^\(alias\) /, "")
        .replace(/\nimport .*$/, "")
        .replace(/^(const|let|var) [^:]*: /, "");
      return { name, kind, type };
    });
  }

  places(): readonly NamePlace[] {
    return [...this.#scope.values()].filter((entry) => entry.value);
  }

  /** A file that is only looked at; all names are in scope that it does not declare itself. */
  #scratch(text: string): { service: ts.LanguageService; file: string; whole: string; start: number } {
    const own = declaredNames(ts.createSourceFile("cell.ts", text, ts.ScriptTarget.ES2023, false));
    const prelude = checkedPrelude([...this.#scope.values()].filter((entry) => !own.has(entry.name)));
    const whole = prelude + text;
    return { service: this.#program.look(whole), file: this.#program.current, whole, start: prelude.length };
  }

  #release(cell: number): void {
    const left = (this.#reachable.get(cell) ?? 1) - 1;
    this.#reachable.set(cell, left);
    if (left > 0) return;
    this.#reachable.delete(cell);
    this.#unreachable.push(cell);
  }
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
