/**
 * The names that cells have left behind, and how a new cell sees them.
 *
 * Each cell is a module. A later cell imports what it uses, so that types are exact and never printed; a name
 * that may be assigned is declared with the type of the original, because an import cannot be assigned.
 * Layer:  language; imports names.
 */
import type { Declared } from "./names.js";

export interface ScopeEntry extends Declared {
  /** Execution that declared it. */
  readonly cell: number;
}

export type ScopeTable = ReadonlyMap<string, ScopeEntry>;

/** Name of a cell's module; it lies in the notebook's folder, from where its imports are found. */
export function moduleName(cell: number): string {
  return `radbook-cell-${cell}`;
}

/** One line that brings `names` into a cell, with its line end. */
export function checkedPrelude(names: Iterable<ScopeEntry>): string {
  const parts: string[] = [];
  for (const { name, cell, mutable } of names) {
    const module = JSON.stringify(`./${moduleName(cell)}`);
    parts.push(
      mutable
        ? `declare let ${name}: typeof import(${module}).${name};`
        : `import { ${name} } from ${module};`,
    );
  }
  return `${parts.join(" ")}\n`;
}

/** The same at run time: constants by value, the others stay in their cell and are reached through it. */
export function runtimePrelude(names: Iterable<ScopeEntry>): string {
  const constants = new Map<number, string[]>();
  const mutables = new Set<number>();
  for (const { name, cell, mutable, value } of names) {
    if (!value) continue;
    if (mutable) mutables.add(cell);
    else constants.set(cell, [...(constants.get(cell) ?? []), name]);
  }
  const parts = [...constants].map(([cell, list]) => `const { ${list.join(", ")} } = __cell.of[${cell}];`);
  for (const cell of mutables) parts.push(`const ${scopeVariable(cell)} = __cell.of[${cell}];`);
  return parts.join(" ");
}

/** Variable that holds the scope of an earlier cell. */
export function scopeVariable(cell: number): string {
  return `__scope${cell}`;
}

/** Offers a cell's own values to later cells. */
export function scopeAccessors(names: Iterable<Declared>): string {
  const parts: string[] = [];
  for (const { name, value, mutable } of names) {
    if (!value) continue;
    parts.push(`get ${name}() { return ${name}; }`);
    if (mutable) parts.push(`set ${name}(value) { ${name} = value; }`);
  }
  return `__cell.scope({ ${parts.join(", ")} });`;
}

/** Entries of a table whose names occur in `text`, but for those that the cell declares itself. */
export function usedEntries(
  table: ScopeTable,
  text: string,
  own: ReadonlyMap<string, unknown>,
): ScopeEntry[] {
  const found = new Map<string, ScopeEntry>();
  for (const [word] of text.matchAll(/[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu)) {
    const entry = table.get(word);
    if (entry && !own.has(word)) found.set(word, entry);
  }
  return [...found.values()];
}
