/**
 * What the kernel offers to cells without an import: `display`, `clearOutput`, `page`, `input`.
 *
 * Their types are in `language/ambient.ts`.
 * Layer:  session/child; imports session, display.
 */
import { show, shownBundle } from "../../display/show.js";
import type { Shown } from "../protocol.js";
import { keepLive } from "./comms.js";
import { currentCell, emit, inCell } from "./output.js";

interface DisplayOptions {
  readonly display_id?: string;
  readonly update?: boolean;
  readonly raw?: boolean;
}

/** Displays whose bundle is a promise: their cell is not done before them. */
const pending = new Map<number, Set<Promise<void>>>();
const waiting = new Map<number, (value: string | null) => void>();
let inputs = 0;

/** Puts the globals where cells see them. */
export function installGlobals(): void {
  for (const [name, value] of Object.entries({ display, clearOutput, page, input })) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
}

/** Resolves when everything that the cell displays is out. @throws what a bundle's promise was rejected with. */
export async function displaysDone(cell: number): Promise<void> {
  const promises = pending.get(cell);
  pending.delete(cell);
  if (promises) await Promise.all(promises);
}

/** Gives the answer of the person to the `input` call that waits for it. */
export function receiveInput(id: number, value: string | null): void {
  waiting.get(id)?.(value);
  waiting.delete(id);
}

function display(value: unknown, options: DisplayOptions = {}): void {
  const cell = currentCell();
  keepLive(value);
  const shown = options.raw ? shownBundle(value) : show(value);
  const send = (bundle: Shown | null): void => {
    const { data, metadata } = bundle ?? { data: { "text/plain": "undefined" }, metadata: {} };
    const displayId = options.display_id ?? null;
    emit({ type: "display", cell, update: options.update === true, displayId, data, metadata });
  };
  if (!(shown instanceof Promise)) {
    send(shown);
    return;
  }
  const promises = pending.get(cell) ?? new Set();
  pending.set(cell, promises);
  promises.add(inCell(cell, () => shown.then(send)));
}

function clearOutput(wait = false): void {
  emit({ type: "clear", cell: currentCell(), wait });
}

function page(text: string): void {
  emit({ type: "page", cell: currentCell(), text });
}

function input(prompt = "", options: { readonly password?: boolean } = {}): Promise<string> {
  const id = ++inputs;
  return new Promise((resolve, reject) => {
    waiting.set(id, (value) => {
      if (value !== null) resolve(value);
      else reject(new Error("this front end takes no input: the cell was sent with allow_stdin false"));
    });
    emit({ type: "input", cell: currentCell(), id, prompt, password: options.password === true });
  });
}
