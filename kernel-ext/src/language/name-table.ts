/**
 * The names of a session: which cell has declared each, and which cells no name leads to any more.
 *
 * Layer:  language; imports names, scope (types).
 */
import type { Declared } from "./names.js";
import type { ScopeEntry } from "./scope.js";

export class NameTable {
  readonly #entries = new Map<string, ScopeEntry>();
  /** Cells with a name in scope, and how many. */
  readonly #reachable = new Map<number, number>();
  #unreachable: number[] = [];

  get entries(): ReadonlyMap<string, ScopeEntry> {
    return this.#entries;
  }

  /** A cell ran. @param declared Those of its names that have got their value. */
  keep(cell: number, declared: readonly Declared[]): void {
    if (declared.length === 0) this.#unreachable.push(cell);
    else this.#reachable.set(cell, declared.length);
    for (const one of declared) {
      const earlier = this.#entries.get(one.name);
      if (earlier) this.#release(earlier.cell);
      this.#entries.set(one.name, { ...one, cell });
    }
  }

  /** Cells without a name in scope, each told once. */
  takeUnreachable(): readonly number[] {
    const cells = this.#unreachable;
    this.#unreachable = [];
    return cells;
  }

  /** Lets go of names, or of all; returns those that there are not, and then lets go of none. */
  forget(names: readonly string[] | null): readonly string[] {
    const unknown = names?.filter((name) => !this.#entries.has(name)) ?? [];
    if (unknown.length > 0) return unknown;
    for (const name of names ?? [...this.#entries.keys()]) {
      const entry = this.#entries.get(name);
      if (entry) this.#release(entry.cell);
      this.#entries.delete(name);
    }
    return [];
  }

  /** There are no names and no cells. */
  clear(): void {
    this.#entries.clear();
    this.#reachable.clear();
    this.#unreachable = [];
  }

  #release(cell: number): void {
    const left = (this.#reachable.get(cell) ?? 1) - 1;
    this.#reachable.set(cell, left);
    if (left > 0) return;
    this.#reachable.delete(cell);
    this.#unreachable.push(cell);
  }
}
