/** Any Jupyter kernel as the benchmark sees it: started by its command, spoken to over its sockets, timed. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Dealer, Request, Subscriber } from "zeromq";
import { Codec } from "../../kernel-ext/src/wire/codec.js";
import type { JsonObject, Message } from "../../kernel-ext/src/wire/message.js";
import { freePorts } from "../support/free-ports.js";

const KEY = "a secret of the benchmark";
const PATIENCE_MS = 60_000;
/** ZeroMQ's own 100 ms would be most of what a start takes. */
const SOCKET = { linger: 0, reconnectInterval: 2, receiveHighWaterMark: 0 };

/** What a request led to, and when, in ms since it was sent. */
export interface Answer {
  readonly reply: Message;
  readonly published: readonly Message[];
  readonly replyMs: number;
  /** Until the reply and the idle status are there. */
  readonly doneMs: number;
}

interface Waiting {
  readonly sent: number;
  readonly published: Message[];
  readonly onPublished: ((message: Message) => void) | undefined;
  reply: Message | null;
  replyMs: number;
  idle: boolean;
  resolve(answer: Answer): void;
}

export class BenchKernel {
  readonly started: number = performance.now();
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), "radbook-bench-"));
  readonly #start: () => ChildProcess;
  #process: ChildProcess;
  readonly #codec = new Codec(KEY, "hmac-sha256");
  readonly #shell = new Dealer(SOCKET);
  readonly #control = new Dealer(SOCKET);
  readonly #subscriber = new Subscriber(SOCKET);
  readonly #heartbeat = new Request(SOCKET);
  readonly #waiting = new Map<string, Waiting>();
  #sending: Promise<void> = Promise.resolve();

  private constructor(command: readonly string[], ports: readonly number[]) {
    const [shell, control, stdin, iopub, hb] = ports;
    const file = path.join(this.#folder, "connection.json");
    const numbers = {
      shell_port: shell,
      control_port: control,
      stdin_port: stdin,
      iopub_port: iopub,
      hb_port: hb,
    };
    const rest = { transport: "tcp", ip: "127.0.0.1", key: KEY, signature_scheme: "hmac-sha256" };
    writeFileSync(file, JSON.stringify({ ...rest, ...numbers }));
    const [program = "", ...args] = command.map((one) => one.replace("{connection_file}", file));
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    const env = { ...inherited, RADBOOK_STATE: this.#folder, IPYTHONDIR: this.#folder };
    this.#start = () => spawn(program, args, { cwd: this.#folder, env, stdio: "ignore" });
    this.#process = this.#start();
    this.#shell.connect(`tcp://127.0.0.1:${shell}`);
    this.#control.connect(`tcp://127.0.0.1:${control}`);
    this.#subscriber.connect(`tcp://127.0.0.1:${iopub}`);
    this.#subscriber.subscribe();
    this.#heartbeat.connect(`tcp://127.0.0.1:${hb}`);
    for (const socket of [this.#shell, this.#control]) void this.#listen(socket);
    void this.#listenPublished();
  }

  get process(): ChildProcess {
    return this.#process;
  }

  /** Starts a kernel; its first answer is not awaited. */
  static async spawn(command: readonly string[]): Promise<BenchKernel> {
    const ports = await freePorts(5);
    return new BenchKernel(command, ports);
  }

  /** Starts a kernel that is heard and ready. */
  static async ready(command: readonly string[]): Promise<BenchKernel> {
    const kernel = await BenchKernel.spawn(command);
    await kernel.replied("shell", "kernel_info_request", {});
    // What was published before the subscription arrived is lost: ask until something is heard.
    for (let heard = false; !heard; ) {
      const timeout = new Promise<false>((resolve) => setTimeout(() => resolve(false), 200));
      const info = kernel.request("shell", "kernel_info_request", {}).then(() => true as const);
      heard = await Promise.race([info, timeout]);
    }
    return kernel;
  }

  /** Resolves with the reply and the idle status. */
  request(
    channel: "shell" | "control",
    type: string,
    content: JsonObject,
    onPublished?: (message: Message) => void,
  ): Promise<Answer> {
    const header = this.#codec.header(type);
    const parts = { identities: [], header, parent: null, metadata: {}, content, buffers: [] };
    const socket = channel === "shell" ? this.#shell : this.#control;
    this.#sending = this.#sending.then(() => socket.send(this.#codec.encode(parts)));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${type}`)), PATIENCE_MS);
      timer.unref();
      const sent = performance.now();
      const settle = (answer: Answer): void => {
        clearTimeout(timer);
        resolve(answer);
      };
      const state = { published: [], onPublished, reply: null, replyMs: 0, idle: false };
      this.#waiting.set(header.msg_id, { ...state, sent, resolve: settle });
    });
  }

  /** Resolves with the reply alone, in ms since the request. */
  async replied(channel: "shell" | "control", type: string, content: JsonObject): Promise<number> {
    const sent = performance.now();
    void this.request(channel, type, content).catch(() => undefined);
    const found = [...this.#waiting.values()].at(-1);
    while (found && !found.reply) {
      if (performance.now() - sent > PATIENCE_MS) throw new Error(`no reply to ${type}`);
      await new Promise((next) => setTimeout(next, 1));
    }
    return found?.replyMs ?? 0;
  }

  execute(code: string, onPublished?: (message: Message) => void): Promise<Answer> {
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
    return this.request("shell", "execute_request", content, onPublished);
  }

  async beat(): Promise<number> {
    const sent = performance.now();
    await this.#heartbeat.send("ping");
    await this.#heartbeat.receive();
    return performance.now() - sent;
  }

  /** As a person's Restart: the process ends, another one takes its ports; resolves when that one answers. */
  async restart(): Promise<number> {
    const sent = performance.now();
    await this.#end(true);
    this.#process = this.#start();
    await this.replied("shell", "kernel_info_request", {});
    return performance.now() - sent;
  }

  /**
   * Memory of the kernel and all its descendants, in MB.
   *
   * @param kind `Rss` counts a page that several processes share, as those of the program itself, in each of
   *   them; `Pss` divides it among them.
   */
  memoryMb(kind: "Rss" | "Pss"): number {
    return processTree(this.process.pid ?? 0)
      .map((pid) => memoryMb(pid, kind))
      .reduce((a, b) => a + b, 0);
  }

  async close(): Promise<void> {
    await this.#end(false);
    for (const socket of [this.#shell, this.#control, this.#subscriber, this.#heartbeat]) socket.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #end(restart: boolean): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      if (this.process.exitCode !== null || this.process.signalCode !== null) resolve();
      else this.process.once("exit", () => resolve());
    });
    this.request("control", "shutdown_request", { restart }).catch(() => undefined);
    const timer = setTimeout(() => this.process.kill("SIGKILL"), 3_000);
    await gone;
    clearTimeout(timer);
  }

  async #listen(socket: Dealer): Promise<void> {
    for await (const frames of socket) {
      const message = this.#codec.decode(frames);
      if (typeof message === "string") continue;
      const waiting = this.#waiting.get(message.parent?.msg_id ?? "");
      if (!waiting) continue;
      waiting.reply = message;
      waiting.replyMs = performance.now() - waiting.sent;
      this.#settle(waiting);
    }
  }

  async #listenPublished(): Promise<void> {
    for await (const frames of this.#subscriber) {
      const message = this.#codec.decode(frames);
      if (typeof message === "string") continue;
      const waiting = this.#waiting.get(message.parent?.msg_id ?? "");
      if (!waiting) continue;
      waiting.published.push(message);
      waiting.onPublished?.(message);
      if (message.content.execution_state === "idle") waiting.idle = true;
      this.#settle(waiting);
    }
  }

  #settle(waiting: Waiting): void {
    const { reply, idle, published, replyMs, sent } = waiting;
    if (reply && idle) waiting.resolve({ reply, published, replyMs, doneMs: performance.now() - sent });
  }
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function processTree(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const tree = [pid];
  for (const known of tree) {
    for (const [child, parent] of parents) if (parent === known) tree.push(child);
  }
  return tree;
}

function memoryMb(pid: number, kind: "Rss" | "Pss"): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(new RegExp(`^${kind}:\\s+(\\d+)`, "m").exec(rollup)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
