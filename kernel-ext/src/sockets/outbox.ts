/**
 * Sends frames one after another: a ZeroMQ socket refuses a second send before the first is done.
 *
 * Layer:  sockets; imports nothing.
 */

/** What of a socket an outbox needs. */
export interface Sender {
  send(frames: Uint8Array[]): Promise<void>;
}

export class Outbox {
  readonly #socket: Sender;
  #queue: Uint8Array[][] = [];
  #sending: Promise<void> | null = null;

  constructor(socket: Sender) {
    this.#socket = socket;
  }

  /** Messages not yet handed to the socket. */
  get length(): number {
    return this.#queue.length;
  }

  push(frames: Uint8Array[]): void {
    this.#queue.push(frames);
    this.#sending ??= this.#sendAll();
  }

  /** Resolves when everything pushed so far is handed to the socket. */
  async drained(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      for (const frames of batch) {
        try {
          await this.#socket.send(frames);
        } catch (error) {
          // A client that left (EHOSTUNREACH) must not take the kernel along.
          process.stderr.write(`radbook kernel: a message was not sent: ${String(error)}\n`);
        }
      }
    }
    this.#sending = null;
  }
}
