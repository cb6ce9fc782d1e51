/**
 * What the kernel offers to cells without an import. Types are in `language/ambient.ts` and `display/ambient.ts`.
 *
 * Layer:  session/child; imports session, display.
 */
import { image, markup, vegaLite } from "../../display/known.js";
import { shownBundle } from "../../display/show.js";
import { tableData } from "../../display/table/data.js";
import type { JsonMap, Shown } from "../protocol.js";
import { comm } from "./comm-manager.js";
import { controls, interact } from "./controls.js";
import { input, prompt } from "./input.js";
import { currentCell, emit, inCell } from "./output.js";
import { present, presentTable } from "./present.js";
import { progress } from "./progress.js";
import { completeStandard } from "./standard.js";
import { widget } from "./widgets.js";

interface NameOptions {
  readonly display_id?: string;
  readonly update?: boolean;
}

interface DisplayOptions extends NameOptions {
  readonly raw?: boolean;
}

/** Displays whose bundle is a promise: their cell is not done before them. */
const pending = new Map<number, Set<Promise<void>>>();

/** Puts the globals where cells see them. */
export function installGlobals(): void {
  const globals = {
    display: withForms(display),
    clearOutput,
    page,
    input,
    prompt,
    progress,
    comm,
    widget,
    controls,
    interact,
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
  completeStandard();
  // What decorators note of a class is found under it; no Node has it yet.
  if (!("metadata" in Symbol))
    Object.defineProperty(Symbol, "metadata", { value: Symbol("Symbol.metadata") });
}

/** Resolves when everything that the cell displays is out. @throws what a bundle's promise was rejected with. */
export async function displaysDone(cell: number): Promise<void> {
  const promises = pending.get(cell);
  pending.delete(cell);
  if (promises) await Promise.all(promises);
}

/** `display.html(…)` and its like, for what is text or bytes to everyone else. */
function withForms(target: typeof display): typeof display {
  type Source = Uint8Array | string;
  return Object.assign(target, {
    html: (text: string, options?: NameOptions) => send(markup.html(String(text)), options),
    markdown: (text: string, options?: NameOptions) => send(markup.markdown(String(text)), options),
    latex: (text: string, options?: NameOptions) => send(markup.latex(String(text)), options),
    svg: (text: string, options?: NameOptions) => send(markup.svg(String(text)), options),
    png: (source: Source, options?: NameOptions) => send(image("image/png", source), options),
    jpeg: (source: Source, options?: NameOptions) => send(image("image/jpeg", source), options),
    gif: (source: Source, options?: NameOptions) => send(image("image/gif", source), options),
    table: (rows: unknown, { title, ...options }: NameOptions & { readonly title?: string } = {}) =>
      send(presentTable(tableData(rows, title)), options),
    vegaLite: (spec: JsonMap, options?: NameOptions) => send(vegaLite(spec), options),
  });
}

function display(value: unknown, options: DisplayOptions = {}): void {
  const cell = currentCell();
  const shown = options.raw ? shownBundle(value) : present(value);
  if (!(shown instanceof Promise)) {
    send(shown ?? { data: { "text/plain": "undefined" }, metadata: {} }, options);
    return;
  }
  const promises = pending.get(cell) ?? new Set();
  pending.set(cell, promises);
  promises.add(inCell(cell, () => shown.then((bundle) => send(bundle, options))));
}

/** Shows a bundle under the cell, or in place of an earlier one of that name. */
export function send({ data, metadata }: Shown, options: NameOptions = {}): void {
  const displayId = options.display_id ?? null;
  emit({
    type: "display",
    cell: currentCell(),
    update: options.update === true,
    displayId,
    data,
    metadata,
  });
}

function clearOutput(wait = false): void {
  emit({ type: "clear", cell: currentCell(), wait });
}

function page(text: string): void {
  emit({ type: "page", cell: currentCell(), text });
}
