/** A small Jupyter client over real ZeroMQ sockets: starts the built kernel and listens to all that it says. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Dealer, Request, Subscriber } from "zeromq";
import { Codec } from "../../kernel-ext/src/wire/codec.js";
import type { JsonObject, Message } from "../../kernel-ext/src/wire/message.js";
import { freePorts } from "../support/free-ports.js";

export const MAIN: string = path.resolve(import.meta.dirname, "../../kernel-ext/dist/main.js");

export type ClientChannel = "shell" | "control" | "stdin";

/** What one request led to: its reply, and the published messages up to its idle status. */
export interface Exchange {
  readonly reply: Message;
  readonly published: readonly Message[];
}

export interface Sent {
  readonly id: string;
  readonly done: Promise<Exchange>;
}

interface Waiter {
  test(message: Message): boolean;
  resolve(message: Message): void;
}

interface Pending {
  reply: Message | null;
  readonly published: Message[];
  idle: boolean;
  /** Comm messages have no reply. */
  readonly needsReply: boolean;
  resolve(exchange: Exchange): void;
}

export const KEY = "a secret of the tests";
const PATIENCE_MS = 30_000;

export class KernelClient {
  readonly folder: string;
  readonly process: ChildProcess;
  readonly codec: Codec = new Codec(KEY, "hmac-sha256");
  /** Everything published, in order. */
  readonly iopub: Message[] = [];
  readonly shell: Dealer = new Dealer({ linger: 0 });
  readonly #control = new Dealer({ linger: 0 });
  readonly #stdin = new Dealer({ linger: 0 });
  readonly #subscriber = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  readonly #heartbeat = new Request({ linger: 0 });
  readonly #pending = new Map<string, Pending>();
  readonly #waiters = new Set<Waiter>();
  readonly #inputs: Message[] = [];
  /** Beside the notebook's folder, whose files some tests list. */
  readonly #state = freshFolder();
  #sending: Promise<void> = Promise.resolve();

  private constructor(folder: string, ports: readonly number[], extra: NodeJS.ProcessEnv) {
    this.folder = folder;
    const [shell, control, stdin, iopub, hb] = ports;
    const file = path.join(folder, "connection.json");
    writeFileSync(
      file,
      JSON.stringify({
        transport: "tcp",
        ip: "127.0.0.1",
        key: KEY,
        signature_scheme: "hmac-sha256",
        shell_port: shell,
        control_port: control,
        stdin_port: stdin,
        iopub_port: iopub,
        hb_port: hb,
      }),
    );
    // Neither the loader nor the condition of the tests: the kernel runs as it is installed.
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    // Nothing of a test is left in the home of the person who runs it.
    const env = { ...inherited, RADBOOK_STATE: this.#state, ...extra };
    this.process = spawn(process.execPath, [MAIN, file], {
      cwd: folder,
      env,
      stdio: ["ignore", "inherit", "pipe"],
    });
    const identity = randomUUID();
    this.shell.routingId = identity;
    this.#stdin.routingId = identity;
    this.shell.connect(`tcp://127.0.0.1:${shell}`);
    this.#control.connect(`tcp://127.0.0.1:${control}`);
    this.#stdin.connect(`tcp://127.0.0.1:${stdin}`);
    this.#subscriber.connect(`tcp://127.0.0.1:${iopub}`);
    this.#subscriber.subscribe();
    this.#heartbeat.connect(`tcp://127.0.0.1:${hb}`);
    void this.#listenIopub();
    for (const socket of [this.shell, this.#control]) void this.#listenReplies(socket);
    void this.#listenStdin();
  }

  /** Starts a kernel in `folder`, by default a fresh one, and waits until it answers and is heard. */
  static async start(folder: string = freshFolder(), env: NodeJS.ProcessEnv = {}): Promise<KernelClient> {
    if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: run npx tsc -b kernel-ext`);
    const client = new KernelClient(folder, await freePorts(5), env);
    await client.until((message) => message.header.msg_type === "iopub_welcome", "the iopub greeting");
    await client.request("shell", "kernel_info_request", {}).done;
    return client;
  }

  /** Sends a request. */
  request(
    channel: ClientChannel,
    type: string,
    content: JsonObject,
    extra: {
      metadata?: JsonObject;
      buffers?: readonly Uint8Array[];
      needsReply?: boolean;
      /** What the header has beside the usual. */
      header?: JsonObject;
    } = {},
  ): Sent {
    const header = { ...this.codec.header(type), ...extra.header };
    const done = new Promise<Exchange>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no end of ${type} (${JSON.stringify(content).slice(0, 200)})`)),
        PATIENCE_MS,
      );
      this.#pending.set(header.msg_id, {
        reply: null,
        published: [],
        idle: false,
        needsReply: extra.needsReply ?? true,
        resolve: (exchange) => {
          clearTimeout(timer);
          resolve(exchange);
        },
      });
    });
    done.catch(() => undefined);
    const { metadata = {}, buffers = [] } = extra;
    this.sendFrames(
      channel,
      this.codec.encode({ identities: [], header, parent: null, metadata, content, buffers }),
    );
    return { id: header.msg_id, done };
  }

  /** Sends any frames, also wrong ones. */
  sendFrames(channel: ClientChannel, frames: Uint8Array[]): void {
    const socket = { shell: this.shell, control: this.#control, stdin: this.#stdin }[channel];
    this.#sending = this.#sending.then(() => socket.send(frames));
  }

  /** Begins a cell. */
  begin(code: string, content: JsonObject = {}, metadata: JsonObject = {}): Sent {
    return this.request("shell", "execute_request", { code, ...content }, { metadata });
  }

  /** Runs a cell to its end. */
  execute(code: string, content: JsonObject = {}, metadata: JsonObject = {}): Promise<Exchange> {
    return this.begin(code, content, metadata).done;
  }

  /** The first published message, past or to come, that passes `test`. */
  until(test: (message: Message) => boolean, what: string): Promise<Message> {
    const past = this.iopub.find(test);
    if (past) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${what} did not come`)), PATIENCE_MS);
      const waiter: Waiter = {
        test,
        resolve: (message) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve(message);
        },
      };
      this.#waiters.add(waiter);
    });
  }

  /** The next question of the kernel on the stdin channel. */
  async question(): Promise<Message> {
    for (let i = 0; i < PATIENCE_MS / 10; i++) {
      const found = this.#inputs.shift();
      if (found) return found;
      await new Promise((next) => setTimeout(next, 10));
    }
    throw new Error("no input_request came");
  }

  async beat(): Promise<string> {
    await this.#heartbeat.send("ping");
    return String((await this.#heartbeat.receive())[0]);
  }

  /** Ends the kernel, by force if it is still there. */
  async close(): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      if (this.process.exitCode !== null || this.process.signalCode !== null) resolve();
      else this.process.once("exit", () => resolve());
    });
    if (this.process.exitCode === null) this.request("control", "shutdown_request", { restart: false });
    const timer = setTimeout(() => this.process.kill("SIGKILL"), 5_000);
    await gone;
    clearTimeout(timer);
    for (const socket of [this.shell, this.#control, this.#stdin, this.#subscriber, this.#heartbeat]) {
      socket.close();
    }
    for (const folder of [this.folder, this.#state]) rmSync(folder, { recursive: true, force: true });
  }

  async #listenIopub(): Promise<void> {
    for await (const frames of this.#subscriber) {
      const message = this.codec.decode(frames);
      if (typeof message === "string") throw new Error(`the kernel published a bad message: ${message}`);
      this.iopub.push(message);
      const pending = this.#pending.get(message.parent?.msg_id ?? "");
      pending?.published.push(message);
      if (pending && message.content.execution_state === "idle") {
        pending.idle = true;
        this.#settle(message.parent?.msg_id ?? "");
      }
      for (const waiter of [...this.#waiters]) {
        if (waiter.test(message)) waiter.resolve(message);
      }
    }
  }

  async #listenReplies(socket: Dealer): Promise<void> {
    for await (const frames of socket) {
      const message = this.codec.decode(frames);
      if (typeof message === "string") throw new Error(`the kernel sent a bad reply: ${message}`);
      const id = message.parent?.msg_id ?? "";
      const pending = this.#pending.get(id);
      if (pending) pending.reply = message;
      this.#settle(id);
    }
  }

  async #listenStdin(): Promise<void> {
    for await (const frames of this.#stdin) {
      const message = this.codec.decode(frames);
      if (typeof message !== "string") this.#inputs.push(message);
    }
  }

  #settle(id: string): void {
    const pending = this.#pending.get(id);
    if (!pending?.idle || (pending.needsReply && !pending.reply)) return;
    this.#pending.delete(id);
    const reply = pending.reply ?? (pending.published[0] as Message);
    pending.resolve({ reply, published: pending.published });
  }
}

/** The types of messages in order, streams with their name, without the status messages around them. */
export function outline(messages: readonly Message[]): string[] {
  return messages.map(({ header, content }) => {
    if (header.msg_type === "stream") return `stream ${content.name}`;
    if (header.msg_type === "status") return `status ${content.execution_state}`;
    return header.msg_type;
  });
}

/** Text of one stream, all messages together. */
export function streamText(messages: readonly Message[], name = "stdout"): string {
  return messages
    .filter((message) => message.header.msg_type === "stream" && message.content.name === name)
    .map((message) => message.content.text)
    .join("");
}

/** The text of the cell's value, or undefined. */
export function resultText(exchange: Exchange): unknown {
  const found = exchange.published.find((message) => message.header.msg_type === "execute_result");
  return found && (found.content.data as JsonObject)["text/plain"];
}

export function traceback(exchange: Exchange): string[] {
  return (exchange.reply.content.traceback ?? []) as string[];
}

export function freshFolder(): string {
  return mkdtempSync(path.join(os.tmpdir(), "radbook-kernel-"));
}
