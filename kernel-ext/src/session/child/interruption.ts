/**
 * Tells libraries of an interrupt, so that work beside the cell, such as that of their threads, ends with it.
 *
 * `globalThis[Symbol.for("Radbook.interrupt")]` is an AbortSignal that the next interrupt aborts; every look after that finds a
 * fresh one. It is for work that is not the cell's own code: that is ended by the kernel.
 * Layer:  session/child; imports nothing.
 */

let controller = new AbortController();

Object.defineProperty(globalThis, Symbol.for("Radbook.interrupt"), { get: () => controller.signal });

/** Ends what heeds the signal. */
export function tellInterrupt(): void {
  const told = controller;
  controller = new AbortController();
  told.abort(Object.assign(new Error("the cell was interrupted"), { name: "Interrupted" }));
}
