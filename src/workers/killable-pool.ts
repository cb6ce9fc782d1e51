/**
 * Threads that can be killed: a job that takes too long, or takes its thread down, ends as an error and nothing else suffers.
 *
 * Layer:  workers; imports core.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { InputError } from "../core/errors.js";
import { interruptSignal } from "../core/interrupt.js";

/** A thread that nobody needs for so long is ended: its memory is worth more than its start. */
const IDLE_MS = 5_000;
/** JavaScript memory of one thread; what WebAssembly takes is bounded by the jobs' declared sizes. */
const HEAP_MB = 512;

/** What a thread sends back: first `ready`, then one answer per job. */
export type Answer =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly value: unknown }
  | { readonly kind: "refused"; readonly message: string; readonly offset: number | undefined };

interface Task {
  readonly job: unknown;
  readonly limitMs: number;
  readonly done: (value: unknown) => void;
  readonly failed: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  isReady: boolean;
  task: Task | null;
  timer: NodeJS.Timeout | undefined;
}

export interface PoolOptions {
  /** MB of JavaScript objects that one thread may hold, voxels not counted. Default 512. */
  readonly heapMb?: number;
  /** The error for a job whose thread was ended or ended itself. */
  readonly lost?: (why: string) => Error;
}

/** Runs jobs in up to `threads` threads, first come, first served. Threads start when needed and never keep the process alive. */
export class KillablePool {
  readonly #entry: URL;
  readonly #limit: number;
  readonly #heapMb: number;
  readonly #lost: (why: string) => Error;
  readonly #waiting: Task[] = [];
  readonly #threads: Set<Thread> = new Set();

  /** @param entry  Module of a thread: posts `{ kind: "ready" }`, then answers each message with an `Answer`. */
  constructor(
    entry: URL,
    threads: number = Math.min(availableParallelism(), 8),
    { heapMb = HEAP_MB, lost = damaged }: PoolOptions = {},
  ) {
    this.#entry = entry;
    this.#limit = threads;
    this.#heapMb = heapMb;
    this.#lost = lost;
  }

  /** How many jobs can run at once. */
  get threads(): number {
    return this.#limit;
  }

  /**
   * Runs one job.
   *
   * @param limitMs  The thread is killed if the job takes longer; its start does not count. Infinity: no limit.
   * @param signal  Ends the job, and the thread that is at it; an interrupt of a notebook does too.
   * @throws InputError if the job refuses; the pool's own error if it takes too long or takes its thread down; the signal's
   *   reason, or the interrupt's, if that ended it.
   */
  run(job: unknown, limitMs: number, signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      // Not AbortSignal.any: the interrupt's signal would remember every job.
      const signals = [signal, interruptSignal()].filter((one) => one !== undefined);
      const stop = (): void => {
        this.#drop(task);
        settle(() => reject(signals.find(({ aborted }) => aborted)?.reason));
      };
      const settle = (outcome: () => void): void => {
        for (const one of signals) one.removeEventListener("abort", stop);
        outcome();
      };
      const task: Task = {
        job,
        limitMs,
        done: (value) => settle(() => resolve(value)),
        failed: (error) => settle(() => reject(error)),
      };
      if (signals.some(({ aborted }) => aborted)) return stop();
      for (const one of signals) one.addEventListener("abort", stop);
      this.#waiting.push(task);
      this.#advance();
    });
  }

  /** Forgets a task; the thread that is at it is ended. */
  #drop(task: Task): void {
    const at = this.#waiting.indexOf(task);
    if (at >= 0) this.#waiting.splice(at, 1);
    const thread = [...this.#threads].find((candidate) => candidate.task === task);
    if (thread === undefined) return;
    this.#end(thread);
    this.#advance();
  }

  #advance(): void {
    while (this.#waiting.length > 0) {
      const free =
        [...this.#threads].find((thread) => thread.task === null) ??
        (this.#threads.size < this.#limit ? this.#start() : undefined);
      if (free === undefined) return;
      free.task = this.#waiting.shift() as Task;
      clearTimeout(free.timer);
      free.worker.ref();
      if (free.isReady) this.#post(free);
    }
  }

  #start(): Thread {
    const worker = new Worker(this.#entry, { resourceLimits: { maxOldGenerationSizeMb: this.#heapMb } });
    const thread: Thread = { worker, isReady: false, task: null, timer: undefined };
    this.#threads.add(thread);
    worker.on("message", (answer: Answer) => this.#hear(thread, answer));
    worker.on("error", (error) => this.#fail(thread, `it ended its thread (${error.message})`));
    worker.on("exit", () => this.#fail(thread, "it ended its thread"));
    return thread;
  }

  #post(thread: Thread): void {
    const { job, limitMs } = thread.task as Task;
    thread.worker.postMessage(job);
    if (limitMs === Number.POSITIVE_INFINITY) return;
    thread.timer = setTimeout(() => this.#fail(thread, `it took longer than ${limitMs} ms`), limitMs);
  }

  #hear(thread: Thread, answer: Answer): void {
    if (answer.kind === "ready") {
      thread.isReady = true;
      if (thread.task !== null) this.#post(thread);
      return;
    }
    const { task } = thread;
    thread.task = null;
    clearTimeout(thread.timer);
    thread.worker.unref();
    thread.timer = setTimeout(() => this.#end(thread), IDLE_MS).unref();
    if (answer.kind === "done") task?.done(answer.value);
    else
      task?.failed(
        new InputError(answer.message, { ...(answer.offset === undefined ? {} : { offset: answer.offset }) }),
      );
    this.#advance();
  }

  #fail(thread: Thread, why: string): void {
    if (!this.#threads.has(thread)) return;
    this.#end(thread);
    thread.task?.failed(this.#lost(why));
    this.#advance();
  }

  #end(thread: Thread): void {
    this.#threads.delete(thread);
    clearTimeout(thread.timer);
    void thread.worker.terminate();
  }
}

/** What it means for a decoder to be lost. */
function damaged(why: string): InputError {
  return new InputError(
    `the compressed data are damaged: ${why}. Get a fresh copy of the file, or convert it.`,
  );
}
