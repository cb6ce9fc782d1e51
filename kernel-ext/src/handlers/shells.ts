/**
 * Subshells: each has its own queue of cells, count and history. Their cells share one thread: where one waits,
 * those of other shells run.
 *
 * Source: Jupyter enhancement proposal 91, "Jupyter kernel subshells".
 * Layer:  handlers; imports session (types), wire.
 */
import { randomUUID } from "node:crypto";
import type { PageEvent } from "../session/protocol.js";
import { type JsonObject, type Message, stringOf } from "../wire/message.js";
import type { Context, Request } from "./context.js";
import { Executor } from "./execute.js";
import { History } from "./history.js";

export class Shells {
  /** The one of requests that name none. */
  readonly main: Executor;
  readonly #context: Context;
  readonly #others = new Map<string, Executor>();
  #cells = 0;

  constructor(context: Context) {
    this.#context = context;
    this.main = this.#open(context.history);
  }

  /** The shell that a request is for; undefined where there is none of that name. */
  of({ header }: Message): Executor | undefined {
    const { subshell_id: id } = header as { subshell_id?: unknown };
    return id === undefined || id === null ? this.main : this.#others.get(String(id));
  }

  /** What to answer a request for a shell that is not there. */
  unknown({ header }: Message): JsonObject {
    const { subshell_id: id } = header as { subshell_id?: unknown };
    return noSubshell(String(id));
  }

  create(): JsonObject {
    const id = randomUUID();
    this.#others.set(id, this.#open(new History()));
    return { status: "ok", subshell_id: id };
  }

  async delete(content: JsonObject): Promise<JsonObject> {
    const id = stringOf(content, "subshell_id");
    const shell = this.#others.get(id);
    if (!shell) return noSubshell(id);
    this.#others.delete(id);
    await shell.close();
    return { status: "ok" };
  }

  list(): JsonObject {
    return { status: "ok", subshell_id: [...this.#others.keys()] };
  }

  /** The request whose cell runs, of the main shell where it has one. */
  get current(): Request | null {
    return this.#all.find(({ current }) => current !== null)?.current ?? null;
  }

  requestOf(cell: number): Request | null {
    for (const shell of this.#all) {
      const request = shell.requestOf(cell);
      if (request) return request;
    }
    return null;
  }

  page(event: PageEvent): void {
    for (const shell of this.#all) shell.page(event);
  }

  /** Interrupts are for the whole kernel. */
  interrupt(): void {
    for (const shell of this.#all) shell.interrupt();
    this.#context.session.interrupt();
  }

  async close(): Promise<void> {
    for (const shell of this.#all) await shell.close();
  }

  get #all(): Executor[] {
    return [this.main, ...this.#others.values()];
  }

  #open(history: History): Executor {
    return new Executor(this.#context, history, () => ++this.#cells);
  }
}

function noSubshell(id: string): JsonObject {
  const value = `there is no subshell ${JSON.stringify(id)}: it was deleted, or belongs to an earlier kernel`;
  return {
    status: "error",
    ename: "UnknownSubshell",
    evalue: value,
    traceback: [`UnknownSubshell: ${value}`],
  };
}
