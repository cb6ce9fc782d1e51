/**
 * Where the names of the notebook are while the program stands still.
 *
 * Layer:  debug; imports nothing.
 */

/** The global under which the process of user code shows its cells' values (`session/child/cells.ts`). */
export const DEBUG_GLOBAL = `globalThis[Symbol.for("Radbook.debug")]`;

/** Name → an expression for the object that has it as a property. */
export type NameHolders = ReadonlyMap<string, string>;
