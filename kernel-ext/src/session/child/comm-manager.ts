/**
 * The global `comm`: channels between cells and front ends, with JSON and raw bytes both ways.
 *
 * Layer:  session/child; imports session.
 */
import type { Json } from "../protocol.js";
import { answerTarget, type CommEnd, closeComm, isOpen, openComm, sendComm } from "./comms.js";
import { reportError } from "./errors.js";
import { currentCell, emit, inCell } from "./output.js";

type Handler = (data: Json, buffers: readonly Uint8Array[]) => unknown;

interface SendOptions {
  readonly buffers?: readonly Uint8Array[];
}

/** One channel, as cells have it. */
class Comm {
  readonly id: string;
  readonly target: string;
  readonly #hears: Set<Handler>;
  readonly #closes: Set<Handler>;

  constructor(id: string, target: string, hears: Set<Handler>, closes: Set<Handler>) {
    this.id = id;
    this.target = target;
    this.#hears = hears;
    this.#closes = closes;
  }

  get isOpen(): boolean {
    return isOpen(this.id);
  }

  send(data: Json = {}, { buffers = [] }: SendOptions = {}): void {
    if (!this.isOpen) throw new Error(`this comm of target "${this.target}" is closed: open a new one`);
    sendComm(this.id, data, buffers.map(asBytes));
  }

  onMessage(handler: Handler): () => void {
    return listen(this.#hears, handler);
  }

  onClose(handler: Handler): () => void {
    return listen(this.#closes, handler);
  }

  close(data: Json = {}): void {
    closeComm(this.id, data);
  }
}

export const comm = {
  /** Opens a channel to whoever answers `target` in the front end. */
  open(target: string, data: Json = {}, { buffers = [] }: SendOptions = {}): Comm {
    const { end, hears, closes } = listeners();
    return new Comm(openComm(target, data, buffers.map(asBytes), end), target, hears, closes);
  },

  /** Answers the channels that front ends open to `target`; the function returned ends that. */
  onOpen(
    target: string,
    handler: (opened: Comm, data: Json, buffers: readonly Uint8Array[]) => unknown,
  ): () => void {
    return answerTarget(target, (id, data, buffers) => {
      const { end, hears, closes, cell } = listeners();
      // The comm counts as open as soon as this returns; its first message has a later turn of its own.
      queueMicrotask(() => run(cell, () => handler(new Comm(id, target, hears, closes), data, buffers)));
      return end;
    });
  },
};

/** Calls user code for the front end: in its cell, its failure shown there, without harm to anyone else. */
export function run(cell: number, call: () => unknown): void {
  const failed = (error: unknown): void => emit({ type: "late_error", cell, error: reportError(error) });
  inCell(cell, () => {
    try {
      const result = call();
      if (result instanceof Promise) result.catch(failed);
    } catch (error) {
      failed(error);
    }
  });
}

function listeners(): { end: CommEnd; hears: Set<Handler>; closes: Set<Handler>; cell: number } {
  const cell = currentCell();
  const hears = new Set<Handler>();
  const closes = new Set<Handler>();
  const tell = (handlers: Set<Handler>, data: Json, buffers: readonly Uint8Array[]): void => {
    for (const handler of [...handlers]) run(cell, () => handler(data, buffers));
  };
  return {
    cell,
    hears,
    closes,
    end: {
      message: (data, buffers) => tell(hears, data, buffers),
      closed: (data) => tell(closes, data, []),
    },
  };
}

function listen(handlers: Set<Handler>, handler: Handler): () => void {
  handlers.add(handler);
  return () => void handlers.delete(handler);
}

/** Views of any kind as their bytes. */
function asBytes(buffer: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
