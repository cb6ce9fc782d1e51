/**
 * How a notebook's interrupt reaches work that goes on beside the cell, such as threads.
 *
 * The library imports no kernel: it agrees with it on a well-known symbol. `globalThis[Symbol.for("Radbook.interrupt")]` is an
 * AbortSignal that the next interrupt aborts; every look after that finds a fresh one. Without a kernel there is none.
 *
 * Layer:  core; imports nothing.
 */

const INTERRUPT = Symbol.for("Radbook.interrupt");

/** The signal of the next interrupt; undefined outside of a notebook. */
export function interruptSignal(): AbortSignal | undefined {
  const found: unknown = Reflect.get(globalThis, INTERRUPT);
  return found instanceof AbortSignal ? found : undefined;
}

/** A signal that these or the next interrupt abort; undefined if there is nothing to wait for. */
export function orInterrupt(...signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined {
  const all = [...signals, interruptSignal()].filter((signal) => signal !== undefined);
  return all.length > 1 ? AbortSignal.any(all) : all[0];
}
