/**
 * The process of user code as the kernel sees it: started, fed with cells, interrupted, replaced when it dies.
 *
 * Layer:  session; imports frames.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { encodeFrame, FrameReader } from "../frames.js";
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

/** How a cell ended. `lost`: its process died, and all values of the session with it. */
export interface Outcome extends Pick<DoneEvent, "error" | "result" | "unset"> {
  readonly lost: boolean;
  /** Where relative paths begin from now on; null for the notebook's folder. */
  readonly folder: string | null;
}

type Output = Exclude<ChildEvent, DoneEvent | { type: "ready" }>;

/** What the kernel does with output; `raw` output did not pass through the console. */
export interface SessionEvents {
  output(event: Output, buffers: readonly Uint8Array[]): void;
  raw(name: "stdout" | "stderr", text: string): void;
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
  #running: { readonly cell: number; settle(outcome: Outcome): void } | null = null;
  #stderr = "";
  readonly #questions = new Map<number, Question>();
  #asked = 0;

  constructor(events: SessionEvents) {
    this.#events = events;
    this.#start();
  }

  /** Runs one cell; a new process is there for the next one even if this one ends it. */
  run(command: RunCommand): Promise<Outcome> {
    return new Promise((settle) => {
      this.#running = { cell: command.cell, settle };
      this.#send(COMMAND_FD, encodeFrame(command));
    });
  }

  comm(command: CommCommand, buffers: readonly Uint8Array[]): void {
    this.#send(COMMAND_FD, encodeFrame(command, buffers));
  }

  answerInput(id: number, value: string | null): void {
    this.#send(COMMAND_FD, encodeFrame({ type: "input", id, value }));
  }

  interrupt(): void {
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
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((gone) => {
      const timer = setTimeout(() => child.kill("SIGKILL"), EXIT_GRACE_MS);
      child.once("exit", () => {
        clearTimeout(timer);
        gone();
      });
      // The end of its pipes is what tells it to go.
      for (const fd of [COMMAND_FD, AGENT_FD]) (child.stdio[fd] as Writable | null)?.end();
    });
  }

  #start(): void {
    const child = spawn(process.execPath, [...supportedFlags(), CHILD], {
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"],
    });
    this.#child = child;
    this.#stderr = "";
    const reader = new FrameReader<ChildEvent>();
    this.#pipe(OUTPUT_FD)?.on("data", (chunk: Buffer) => {
      for (const { message, buffers } of reader.push(chunk)) this.#receive(child, message, buffers);
    });
    const agent = new FrameReader<AgentEvent>();
    this.#pipe(AGENT_FD)?.on("data", (chunk: Buffer) => {
      for (const { message } of agent.push(chunk)) if (child === this.#child) this.#receiveAgent(message);
    });
    for (const name of ["stdout", "stderr"] as const) {
      child[name]?.setEncoding("utf8").on("data", (text: string) => {
        if (name === "stderr") this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
        this.#events.raw(name, text);
      });
    }
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

  #receive(child: ChildProcess, event: ChildEvent, buffers: readonly Uint8Array[]): void {
    if (child !== this.#child || event.type === "ready") return;
    if (event.type !== "done") {
      this.#events.output(event, buffers);
    } else if (this.#running?.cell === event.cell) {
      const { settle } = this.#running;
      this.#running = null;
      const { error, result, unset, folder } = event;
      settle({ error, result, unset, folder, lost: false });
    }
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
    const error = describeExit(how, this.#stderr);
    const running = this.#running;
    this.#running = null;
    for (const { reject } of this.#questions.values()) reject(new Error("the process of the cells ended"));
    this.#questions.clear();
    this.#start();
    this.#events.replaced();
    if (running) running.settle({ error, result: null, unset: [], folder: null, lost: true });
    else this.#events.died(error);
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
  const value = memory
    ? "the process of the cells ran out of memory and was ended"
    : `the process of the cells ended (${how})`;
  const remedy = "All values of earlier cells are gone: a new process is ready, run the cells again.";
  return {
    name: memory ? "OutOfMemory" : "ProcessEnded",
    value,
    traceback: [`${memory ? "OutOfMemory" : "ProcessEnded"}: ${value}.`, remedy],
  };
}
