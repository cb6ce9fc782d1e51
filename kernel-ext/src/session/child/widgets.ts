/**
 * Widgets: state shared with a view in the front end, which is an anywidget module or one of the extension's own.
 *
 * The view opens comm target `radbook.widget` with `{ id }` and hears `{ method: "open" }` with module and state.
 * Both sides then say `update` with changed state and `custom` with a message. The kernel says `ack` when all
 * handlers of an update are done; the view keeps further changes until then, so that a slow handler is not flooded.
 * Layer:  session/child; imports session.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Json, JsonMap } from "../protocol.js";
import { packState, unpackState } from "./binary-state.js";
import { run } from "./comm-manager.js";
import { answerTarget, isOpen, sendComm } from "./comms.js";
import { keep, kept } from "./live.js";
import { folder } from "./modules.js";
import { currentCell } from "./output.js";

export type State = Record<string, unknown>;
type Handler = (value: never, buffers: readonly Uint8Array[]) => unknown;

/** Where the view's code is: a module's text with its style, or the name of a view of the extension. */
export type Front = { readonly esm: string; readonly css: string } | { readonly control: string };

const WIDGET_MIME = "application/vnd.radbook.widget+json";
const TARGET = "radbook.widget";

export class Widget {
  readonly id: string = randomUUID();
  readonly #front: Front;
  readonly #state: State;
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #views = new Set<string>();
  /** Handlers belong to the cell that made the widget. */
  readonly #cell: number = currentCell();

  constructor(front: Front, state: State) {
    this.#front = front;
    this.#state = { ...state };
    Object.defineProperty(this, Symbol.for("Jupyter.display"), { value: () => this.#show() });
  }

  get(name: string): unknown {
    return this.#state[name];
  }

  /** Changes state here and in all views. */
  set(name: string | State, value?: unknown): void {
    const changes = typeof name === "string" ? { [name]: value } : name;
    Object.assign(this.#state, changes);
    this.#tell("update", changes);
    void this.#changed(Object.keys(changes));
  }

  /** Hears `change:name`, `change` or `msg:custom`; the function returned ends that. */
  on(event: string, handler: Handler): () => void {
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers);
    handlers.add(handler);
    return () => void handlers.delete(handler);
  }

  off(event: string, handler?: Handler): void {
    if (handler) this.#handlers.get(event)?.delete(handler);
    else this.#handlers.delete(event);
  }

  /** Sends a message to all views: their `msg:custom`. */
  send(content: Json, buffers: readonly Uint8Array[] = []): void {
    for (const view of this.#live()) sendComm(view, { method: "custom", content }, buffers);
  }

  /** A view has opened. */
  attach(view: string): void {
    this.#views.add(view);
    const { state, paths, buffers } = packState(this.#state);
    sendComm(view, { method: "open", ...this.#front, state, buffer_paths: paths }, buffers);
  }

  /** What a view says. */
  async receive(view: string, message: JsonMap, buffers: readonly Uint8Array[]): Promise<void> {
    if (message.method === "custom") {
      await this.#call("msg:custom", message.content, buffers);
    } else if (message.method === "update") {
      const changes = unpackState(message.state ?? {}, message.buffer_paths, buffers) as State;
      // A view may change what there is, and nothing else.
      const known = Object.fromEntries(
        Object.entries(changes).filter(([name]) => Object.hasOwn(this.#state, name)),
      );
      Object.assign(this.#state, known);
      this.#tell("update", known, view);
      await this.#changed(Object.keys(known));
      sendComm(view, { method: "ack" });
    }
  }

  async #changed(names: readonly string[]): Promise<void> {
    for (const name of names) await this.#call(`change:${name}`, this.#state[name], []);
    if (names.length > 0) await this.#call("change", this, []);
  }

  async #call(event: string, value: unknown, buffers: readonly Uint8Array[]): Promise<void> {
    const results: unknown[] = [];
    for (const handler of [...(this.#handlers.get(event) ?? [])]) {
      run(this.#cell, () => {
        const result = handler(value as never, buffers);
        results.push(result);
        return result;
      });
    }
    await Promise.allSettled(results);
  }

  #tell(method: string, changes: State, except?: string): void {
    const { state, paths, buffers } = packState(changes);
    for (const view of this.#live()) {
      if (view !== except) sendComm(view, { method, state, buffer_paths: paths }, buffers);
    }
  }

  #live(): string[] {
    for (const view of this.#views) if (!isOpen(view)) this.#views.delete(view);
    return [...this.#views];
  }

  #show(): JsonMap {
    keep(this.id, this);
    const text = "control" in this.#front ? controlText(this.#state) : "A widget";
    return { [WIDGET_MIME]: { version: 1, id: this.id }, "text/plain": text };
  }
}

/** A control on paper: its label and its value. */
function controlText({ label, value, options }: State): string {
  const chosen = Array.isArray(options) ? options[Number(value)] : value;
  const shown = Array.isArray(chosen) ? chosen.join(" – ") : chosen;
  return label ? `${label}: ${String(shown)}` : String(shown);
}

/** Answers the views of widgets. */
export function answerWidgets(): void {
  answerTarget(TARGET, (view, data) => {
    const id = (data as { id?: unknown } | null)?.id;
    const widget = typeof id === "string" ? kept(id) : undefined;
    if (!(widget instanceof Widget))
      return `the kernel has no widget "${String(id)}" any more. Run its cell again.`;
    queueMicrotask(() => widget.attach(view));
    return {
      message: (message, buffers) => void widget.receive(view, message as JsonMap, buffers),
      closed: () => undefined,
    };
  });
}

/** The global `widget`: shows an anywidget front-end module with state of its own. */
export function widget(options: {
  readonly esm: string;
  readonly css?: string;
  readonly state?: State;
}): Widget {
  const { esm, css = "", state = {} } = options;
  if (typeof esm !== "string") throw new TypeError("widget() needs esm: the text or the path of a module");
  return new Widget({ esm: textOrFile(esm, /\.m?js$/), css: textOrFile(css, /\.css$/) }, state);
}

/** A path ends like one and has one line; everything else is the text itself. */
function textOrFile(source: string, ending: RegExp): string {
  const isPath = ending.test(source) && !/[\n{]/.test(source);
  return isPath ? readFileSync(path.resolve(folder, source), "utf8") : source;
}
