/**
 * What cells put out, on its way to the front ends: each piece under the cell that caused it, text in few
 * messages, nothing after the cell's end but what really came later.
 *
 * Layer:  handlers; imports sockets, session, wire.
 */
import { OutputLimit } from "../session/output-limit.js";
import type { ErrorReport, Shown } from "../session/protocol.js";
import type { Output as SessionOutput } from "../session/session.js";
import type { Sockets } from "../sockets/sockets.js";
import type { Content, Header } from "../wire/message.js";

export type StreamName = "stdout" | "stderr";
type Output = Exclude<SessionOutput, { type: "input" | "page" | "comm_open" | "comm_msg" | "comm_close" }>;

/** Text waits this long for more; longer and longer while it keeps coming. */
const COALESCE_MS = 8;
const COALESCE_MAX_MS = 128;
/** A single message stays below this, so that a front end can draw it. */
const MAX_TEXT = 1_000_000;

interface Owner {
  readonly parent: Header;
  readonly silent: boolean;
}

export class Outputs {
  readonly #sockets: Sockets;
  readonly #owners = new Map<number, Owner>();
  readonly #limit = new OutputLimit();
  readonly #decoder = new TextDecoder();
  #latest = 0;
  #text: { cell: number; name: StreamName; parts: string[]; length: number } | null = null;
  #timer: NodeJS.Timeout | null = null;
  #wait: number = COALESCE_MS;
  #flushed = 0;

  constructor(sockets: Sockets) {
    this.#sockets = sockets;
  }

  /** A cell begins: its output belongs to `parent`. A silent cell shows nothing. */
  begin(cell: number, parent: Header, silent: boolean): void {
    this.#owners.set(cell, { parent, silent });
    this.#latest = cell;
  }

  receive(event: Output, [bytes = new Uint8Array()]: readonly Uint8Array[]): void {
    const { type, cell } = event;
    if (type === "stream") this.stream(cell, event.name, this.#decoder.decode(bytes));
    else if (type === "display")
      this.publish(cell, event.update ? "update_display_data" : "display_data", bytes);
    else if (type === "clear") this.publish(cell, "clear_output", { wait: event.wait });
    else this.error(cell, event.error);
  }

  /** Text that did not pass through the console; where its cell is not known, that is the one that ran last. */
  raw(cell: number, name: StreamName, text: string): void {
    const owner = cell || this.#latest;
    const allowed = this.#limit.take(owner, text);
    if (allowed.text !== "") this.stream(owner, name, allowed.text);
    if (allowed.note !== null) this.stream(owner, "stderr", allowed.note);
  }

  stream(cell: number, name: StreamName, text: string): void {
    const waiting = this.#text;
    if (waiting && waiting.cell === cell && waiting.name === name && waiting.length < MAX_TEXT) {
      waiting.parts.push(text);
      waiting.length += text.length;
      return;
    }
    this.flush();
    this.#text = { cell, name, parts: [text], length: text.length };
    const steady = performance.now() - this.#flushed < this.#wait;
    this.#wait = steady ? Math.min(2 * this.#wait, COALESCE_MAX_MS) : COALESCE_MS;
    this.#timer = setTimeout(() => {
      this.flush();
      this.#flushed = performance.now();
    }, this.#wait);
  }

  /** @param shown JSON of `{ data, metadata }`. */
  result(cell: number, shown: Uint8Array, count: number): void {
    // Pictures are large: they are not read for the number that goes with them.
    const end = Buffer.from(`,"execution_count":${count}}`);
    this.publish(cell, "execute_result", Buffer.concat([shown.subarray(0, -1), end]));
  }

  show(cell: number, { data, metadata }: Shown): void {
    this.publish(cell, "display_data", { data, metadata, transient: {} });
  }

  error(cell: number, { name, value, traceback }: ErrorReport): void {
    this.publish(cell, "error", { ename: name, evalue: value, traceback });
  }

  publish(cell: number, type: string, content: Content, buffers?: readonly Uint8Array[]): void {
    this.flush();
    const owner = this.#owners.get(cell);
    if (owner?.silent) return;
    this.#sockets.publish(owner?.parent ?? null, type, content, {}, buffers);
  }

  /** Sends the text that waits. */
  flush(): void {
    const text = this.#text;
    if (!text) return;
    this.#text = null;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.publish(text.cell, "stream", { name: text.name, text: text.parts.join("") });
  }
}
