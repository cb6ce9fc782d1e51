/**
 * State shared with the kernel, as anywidget's front-end modules use it: `get`, `set`, `save_changes`, `on`, `off`,
 * `send`.
 *
 * Changes wait until the kernel has dealt with the last ones, so that a dragged slider never floods it.
 * Layer:  labextension, widget.
 */
import type { Kernel, KernelMessage } from "@jupyterlab/services";
import type { JSONValue } from "@lumino/coreutils";
import { checkObject } from "../output/check.js";
import { isGone } from "../output/kernel-status.js";
import { PayloadError } from "../output/payload-error.js";
import { packState, type State, unpackState, viewsOf } from "./binary.js";

const TARGET = "radbook.widget";
export const GONE = "Run the cell to use this.";

type Listener = (...args: unknown[]) => void;

/** Where the view comes from: a module's text, or the name of one of our own. */
export type Front = { readonly esm: string; readonly css: string } | { readonly control: string };

export class WidgetModel {
  readonly front: Front;
  private readonly comm: Kernel.IComm;
  private readonly state: State;
  private readonly listeners: Map<string, Set<Listener>> = new Map();
  /** Changed by `set`, not yet saved. */
  private changed: State = {};
  /** Saved, not yet sent. */
  private waiting: State = {};
  private busy = false;

  private constructor(comm: Kernel.IComm, front: Front, state: State) {
    this.comm = comm;
    this.front = front;
    this.state = state;
  }

  /** @throws PayloadError where the kernel knows no such widget. */
  static open(kernel: Kernel.IKernelConnection, id: string, onLost: () => void): Promise<WidgetModel> {
    const comm = kernel.createComm(TARGET);
    return new Promise((resolve, reject) => {
      let model: WidgetModel | null = null;
      const lost = (): void => {
        kernel.statusChanged.disconnect(onStatus);
        if (!comm.isDisposed) comm.dispose();
        reject(new PayloadError(GONE));
        onLost();
        model?.emit("lost");
      };
      const onStatus = (_kernel: unknown, status: Kernel.Status): void => {
        if (isGone(status)) lost();
      };
      kernel.statusChanged.connect(onStatus);
      comm.onClose = lost;
      comm.onMsg = (message) => {
        if (model !== null) {
          model.receive(message);
          return;
        }
        const data = checkObject(message.content.data, "the kernel's answer");
        if (data.method !== "open") return;
        const state = unpackState({ ...(data.state as State) }, data.buffer_paths, viewsOf(message.buffers));
        model = new WidgetModel(comm, frontOf(data), state);
        resolve(model);
      };
      comm.open({ id });
    });
  }

  get(name: string): unknown {
    return this.state[name];
  }

  set(name: string | State, value?: unknown): void {
    const changes = typeof name === "string" ? { [name]: value } : name;
    for (const [key, one] of Object.entries(changes)) {
      if (Object.is(this.state[key], one)) continue;
      this.state[key] = one;
      this.changed[key] = one;
      this.emit(`change:${key}`, this, one);
    }
    this.emit("change", this);
  }

  save_changes(): void {
    Object.assign(this.waiting, this.changed);
    this.changed = {};
    this.flush();
  }

  on(event: string, listener: Listener): void {
    const listeners = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, listeners);
    listeners.add(listener);
  }

  off(event?: string | null, listener?: Listener | null): void {
    const events = event === undefined || event === null ? [...this.listeners.keys()] : [event];
    for (const one of events) {
      if (listener === undefined || listener === null) this.listeners.delete(one);
      else this.listeners.get(one)?.delete(listener);
    }
  }

  /** Sends a message to the kernel: its `msg:custom`. */
  send(
    content: JSONValue,
    _callbacks?: unknown,
    buffers: readonly (ArrayBuffer | ArrayBufferView)[] = [],
  ): void {
    if (!this.comm.isDisposed) this.comm.send({ method: "custom", content }, undefined, [...buffers]);
  }

  private flush(): void {
    if (this.busy || this.comm.isDisposed || Object.keys(this.waiting).length === 0) return;
    const { state, paths, buffers } = packState(this.waiting);
    this.waiting = {};
    this.busy = true;
    this.comm.send({ method: "update", state, buffer_paths: paths }, undefined, buffers);
  }

  private receive(message: KernelMessage.ICommMsgMsg): void {
    const data = checkObject(message.content.data, "the kernel's message");
    if (data.method === "ack") {
      this.busy = false;
      this.flush();
    } else if (data.method === "custom") {
      this.emit("msg:custom", data.content, viewsOf(message.buffers));
    } else if (data.method === "update") {
      const changes = unpackState({ ...(data.state as State) }, data.buffer_paths, viewsOf(message.buffers));
      for (const [key, value] of Object.entries(changes)) {
        // What the person has done meanwhile is newer.
        if (key in this.waiting || key in this.changed) continue;
        this.state[key] = value;
        this.emit(`change:${key}`, this, value);
      }
      this.emit("change", this);
    }
  }

  private emit(event: string, ...args: unknown[]): void {
    for (const listener of [...(this.listeners.get(event) ?? [])]) listener(...args);
  }
}

function frontOf(data: Readonly<Record<string, unknown>>): Front {
  if (typeof data.control === "string") return { control: data.control };
  return { esm: String(data.esm ?? ""), css: String(data.css ?? "") };
}
