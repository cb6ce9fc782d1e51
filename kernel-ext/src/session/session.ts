/**
 * The process of user code as the kernel sees it: started, fed with cells, interrupted, replaced when it dies.
 *
 * Layer:  session; imports frames.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { encodeFrame, type Framed, FrameReader } from "../frames.js";
import { openParcel, removeParcels } from "./parcels.js";
import {
  AGENT_FD,
  type AgentCommand,
  type AgentEvent,
  type ChildEvent,
  COMMAND_FD,
  type CommCommand,
  type DoneEvent,
  type ErrorReport,
  OUTPUT_FD,
  type RunCommand,
} from "./protocol.js";
import { RawText } from "./raw-text.js";

/** How a cell ended. `lost`: its process died, and all values of the session with it. */
export interface Outcome extends Pick<DoneEvent, "error" | "unset"> {
  /** JSON of what the cell's value shows: `{ data, metadata }`. */
  readonly result: Uint8Array | null;
  readonly lost: boolean;
  /** Where relative paths begin from now on; null for the notebook's folder. */
  readonly folder: string | null;
}

export type Output = Exclude<ChildEvent, DoneEvent | { type: "ready" | "mark" | "parcel" }>;

/** What the kernel does with output. */
export interface SessionEvents {
  output(event: Output, buffers: readonly Uint8Array[]): void;
  /** Text that did not pass through the console; its cell is 0 where none is known. */
  raw(cell: number, name: "stdout" | "stderr", text: string): void;
  /** The process died while no cell ran. */
  died(error: ErrorReport): void;
  /** The inspector of user code tells something. */
  inspector(method: string, params: object): void;
  /** A new process has taken the place of one that died. */
  replaced(): void;
}

interface Question {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

const CHILD = fileURLToPath(new URL("./child/main.js", import.meta.url));
const FLAGS = [
  // Terminating a callback from outside leaves Node's bookkeeping of asynchronous causes behind; it recovers.
  "--no-force-async-hooks-checks",
  "--experimental-async-context-frame",
  // For `import.meta.resolve` of cells, which begins at the notebook and not at a file of the kernel.
  "--experimental-import-meta-resolve",
  "--disable-warning=ExperimentalWarning",
];
const STDERR_KEPT = 20_000;
const EXIT_GRACE_MS = 1_000;
const DRAIN_MS = 500;

export class Session {
  readonly #events: SessionEvents;
  #child: ChildProcess | null = null;
  readonly #running = new Map<number, (outcome: Outcome) => void>();
  #stderr = "";
  #raw: readonly RawText[] = [];
  /** Events behind a mark that has not come yet. */
  #held: Framed<ChildEvent>[] = [];
  readonly #questions = new Map<number, Question>();
  #asked = 0;
  /** Sent to this process. */
  #interrupts = 0;
  /** Nothing of the person's has run in this process. */
  #untouched = true;

  constructor(events: SessionEvents) {
    this.#events = events;
    this.#start();
  }

  /** Runs one cell; a new process is there for the next one even if this one ends it. */
  run(command: Omit<RunCommand, "interrupts">): Promise<Outcome> {
    return new Promise((settle) => {
      this.#running.set(command.cell, settle);
      this.#untouched = false;
      this.#send(COMMAND_FD, encodeFrame({ ...command, interrupts: this.#interrupts }));
    });
  }

  comm(command: CommCommand, buffers: readonly Uint8Array[]): void {
    this.#send(COMMAND_FD, encodeFrame(command, buffers));
  }

  answerInput(id: number, value: string | null): void {
    this.#send(COMMAND_FD, encodeFrame({ type: "input", id, value }));
  }

  interrupt(): void {
    this.#interrupts += 1;
    this.#command({ type: "interrupt" });
  }

  /** Asks the inspector of user code. @throws Error in its words, or when the process ends before it answers. */
  inspect<T>(method: string, params: object = {}): Promise<T> {
    const id = ++this.#asked;
    return new Promise<T>((resolve, reject) => {
      this.#questions.set(id, { resolve: (result) => resolve(result as T), reject });
      this.#command({ type: "inspect", id, method, params });
    });
  }

  /** Stops reading output until `resume`, so that a flood of it waits in user code and not here. */
  pause(): void {
    this.#pipe(OUTPUT_FD)?.pause();
  }

  resume(): void {
    this.#pipe(OUTPUT_FD)?.resume();
  }

  /** Ends the process and waits until it is gone. */
  async close(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child && child.exitCode === null && child.signalCode === null) await this.#end(child);
    removeParcels();
  }

  #end(child: ChildProcess): Promise<void> {
    return new Promise((gone) => {
      const timer = setTimeout(() => child.kill("SIGKILL"), EXIT_GRACE_MS);
      child.once("exit", () => {
        clearTimeout(timer);
        gone();
      });
      if (this.#untouched) child.kill("SIGKILL");
      // The end of its pipes is what tells it to go.
      else for (const fd of [COMMAND_FD, AGENT_FD]) (child.stdio[fd] as Writable | null)?.end();
    });
  }

  #start(): void {
    const secret = randomUUID();
    const child = spawn(process.execPath, [...supportedFlags(), CHILD, secret], {
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"],
    });
    this.#child = child;
    this.#interrupts = 0;
    this.#untouched = true;
    this.#stderr = "";
    const reader = new FrameReader<ChildEvent>();
    this.#held = [];
    this.#pipe(OUTPUT_FD)?.on("data", (chunk: Buffer) => {
      if (child !== this.#child) return;
      this.#held.push(...reader.push(chunk));
      this.#receive();
    });
    const agent = new FrameReader<AgentEvent>();
    this.#pipe(AGENT_FD)?.on("data", (chunk: Buffer) => {
      for (const { message } of agent.push(chunk)) if (child === this.#child) this.#receiveAgent(message);
    });
    this.#raw = (["stdout", "stderr"] as const).map((name) => {
      const raw = new RawText(secret, (cell, text) => {
        if (name === "stderr") this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
        this.#events.raw(cell, name, text);
      });
      child[name]?.setEncoding("utf8").on("data", (text: string) => {
        raw.push(text);
        if (child === this.#child) this.#receive();
      });
      return raw;
    });
    for (const fd of [COMMAND_FD, AGENT_FD]) {
      // The process may die between two writes; its exit is dealt with below.
      child.stdio[fd]?.on("error", () => undefined);
    }
    child.on("error", (error) => this.#exited(child, String(error)));
    child.on("exit", (code, signal) => {
      const how = signal ?? `code ${code}`;
      // What it wrote before its end comes first. A process that it left behind may hold its pipes open.
      const timer = setTimeout(() => this.#exited(child, how), DRAIN_MS);
      child.once("close", () => {
        clearTimeout(timer);
        this.#exited(child, how);
      });
    });
  }

  /** Takes the events in order, up to one whose mark in the raw text has not come. */
  #receive(): void {
    for (let next = this.#held[0]; next; next = this.#held[0]) {
      const { message } = next;
      if (message.type === "mark" && this.#raw.some(({ marks }) => marks < message.number)) return;
      this.#held.shift();
      this.#take(next);
    }
  }

  #take({ message, buffers }: Framed<ChildEvent>): void {
    if (message.type === "ready" || message.type === "mark") return;
    if (message.type === "parcel") {
      this.#open(message.file);
      return;
    }
    if (message.type !== "done") {
      this.#events.output(message, buffers);
      return;
    }
    const settle = this.#running.get(message.cell);
    this.#running.delete(message.cell);
    const { error, unset, folder } = message;
    settle?.({ error, result: buffers[0] ?? null, unset, folder, lost: false });
  }

  #open(file: string): void {
    let frames: Framed<ChildEvent>[];
    try {
      frames = openParcel(file);
    } catch (error) {
      this.#events.raw(0, "stderr", `A large output of a cell is lost: ${String(error)}\n`);
      return;
    }
    for (const one of frames) this.#take(one);
  }

  #receiveAgent(event: AgentEvent): void {
    if (event.type === "event") {
      this.#events.inspector(event.method, event.params);
      return;
    }
    const question = this.#questions.get(event.id);
    this.#questions.delete(event.id);
    if (event.error === null) question?.resolve(event.result);
    else question?.reject(new Error(event.error));
  }

  #exited(child: ChildProcess, how: string): void {
    if (child !== this.#child) return;
    for (const one of this.#held.splice(0)) this.#take(one);
    removeParcels();
    const error = describeExit(how, this.#stderr);
    const running = [...this.#running.values()];
    this.#running.clear();
    for (const { reject } of this.#questions.values()) reject(new Error("the process of the cells ended"));
    this.#questions.clear();
    this.#start();
    this.#events.replaced();
    for (const settle of running) settle({ error, result: null, unset: [], folder: null, lost: true });
    if (running.length === 0) this.#events.died(error);
  }

  #command(command: AgentCommand): void {
    this.#send(AGENT_FD, encodeFrame(command));
  }

  #send(fd: number, bytes: Uint8Array): void {
    const pipe = this.#child?.stdio[fd] as Writable | null | undefined;
    if (pipe?.writable) pipe.write(bytes);
  }

  #pipe(fd: number): Readable | null {
    return (this.#child?.stdio[fd] as Readable | null | undefined) ?? null;
  }
}

function supportedFlags(): string[] {
  const flags = FLAGS.filter((flag) => process.allowedNodeEnvironmentFlags.has(flag.replace(/=.*/, "")));
  const heap = Number(process.env.RADBOOK_MAX_HEAP_MB);
  return heap > 0 ? [...flags, `--max-old-space-size=${heap}`] : flags;
}

function describeExit(how: string, stderr: string): ErrorReport {
  const memory = /heap out of memory|Allocation failed/.test(stderr);
  const killed = how === "SIGKILL" ? "; the system does that when its memory runs out" : "";
  const value = memory
    ? "the process of the cells ran out of memory and was ended"
    : `the process of the cells ended (${how}${killed})`;
  const remedy = "All values of earlier cells are gone: a new process is ready, run the cells again.";
  return {
    name: memory ? "OutOfMemory" : "ProcessEnded",
    value,
    traceback: [`${memory ? "OutOfMemory" : "ProcessEnded"}: ${value}.`, remedy],
  };
}
