/**
 * Values by name that a notebook's cells and its views hold in common, such as the chosen patients.
 *
 * The library imports no kernel: it agrees with it on a well-known symbol. `globalThis[Symbol.for("Radbook.state")]` is the
 * kernel's `NotebookState`. Without a kernel the values live in this process alone.
 *
 * Layer:  core; imports its own folder.
 */
import type { Json } from "./display.js";

export interface NotebookState {
  /** The value now; undefined before anybody has set it. */
  get(name: string): Json | undefined;
  /** Sets the value in cells and views. */
  set(name: string, value: Json): void;
  /** Calls `changed` after each change, whoever made it, until the function returned is called or the cell runs again. */
  subscribe(name: string, changed: () => void): () => void;
  /** Answers what views ask about the value, in place of who did before: what is returned is shown as a cell's value would be. */
  answer(name: string, handler: (request: Json) => unknown): void;
}

const STATE = Symbol.for("Radbook.state");

/** The kernel's state, or this process' own where there is no kernel that has one. */
export function notebookState(): NotebookState {
  const found: unknown = Reflect.get(globalThis, STATE);
  return typeof found === "object" && found !== null ? (found as NotebookState) : own;
}

const values = new Map<string, Json>();
const watchers = new Map<string, Set<() => void>>();

const own: NotebookState = {
  get: (name) => values.get(name),
  set: (name, value) => {
    values.set(name, value);
    for (const changed of [...(watchers.get(name) ?? [])]) changed();
  },
  subscribe: (name, changed) => {
    const all = watchers.get(name) ?? new Set();
    watchers.set(name, all.add(changed));
    return () => void all.delete(changed);
  },
  answer: () => undefined,
};
