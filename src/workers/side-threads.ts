/**
 * Threads that help a function which must answer at once: it computes, and they take what it has not begun.
 *
 * Each task has a word of shared memory that says who has it. So a thread that starts slowly, or is lost, costs nothing: what it
 * does not take or finish is done here.
 * Layer:  workers; imports side-work.
 */
import { availableParallelism } from "node:os";
import {
  isMainThread,
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";
import { DONE, FREE, HERE, type SideAnswer, type SideMessage, TAKEN } from "./side-work.js";

/** More cores than images, mostly; each thread takes its own memory. */
const MOST_BY_DEFAULT = 4;

/** A thread that nobody needs for so long is ended. */
const IDLE_MS = 5_000;

/** A task that takes so much longer there than the longest took here, and this time at least, is lost. */
const LOST_TIMES = 20;
const LOST_MS = 2_000;

export interface SideTask<Result> {
  /** Computes it in this thread. */
  readonly here: () => Result;
  /** What a side thread needs to know besides what tasks have in common; arrays are best in shared memory. */
  readonly message: () => unknown;
}

export interface SideWork<Result> {
  /** Module of the threads (`threadEntry`): it calls `serve` of `side-work.ts`. */
  readonly entry: URL;
  /** What all tasks have in common. */
  readonly common: () => unknown;
  /** Made one after the other, as they are needed. */
  readonly tasks: Iterable<SideTask<Result>>;
  readonly received: (answer: unknown) => Result;
}

/** Threads that suit this computer, this one counted. One where this is itself a thread: its siblings have the other cores. */
export function threadsAtOnce(): number {
  return isMainThread ? Math.min(availableParallelism(), MOST_BY_DEFAULT) : 1;
}

/**
 * Results of all tasks, in order.
 *
 * @param threads  At the same time, this one counted. With one, each task is made and done before the next is made.
 * @throws What the first task that fails throws here.
 */
export function runWithSideThreads<Result>(work: SideWork<Result>, threads: number): Result[] {
  if (threads <= 1) return Array.from(work.tasks, ({ here }) => here());
  const sides = sideThreads(work.entry, threads - 1);
  const run = new Run(work, sides);
  try {
    return run.results();
  } finally {
    for (const side of sides) rest(side);
  }
}

/** Starts side threads and says when they are ready: the first work has them from its beginning. */
export async function startSideThreads(entry: URL, threads: number): Promise<void> {
  const sides = sideThreads(entry, threads - 1);
  await Promise.all(sides.map(({ ready }) => ready));
  for (const side of sides) rest(side);
}

interface SideThread {
  readonly entry: URL;
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly ready: Promise<void>;
  timer: NodeJS.Timeout | undefined;
}

type Outcome<Result> = { readonly value: Result } | { readonly error: unknown };

interface Entry<Result> {
  readonly state: Int32Array;
  /** Forgotten when the outcome is known: it may hold much. */
  work: SideTask<Result> | Outcome<Result>;
}

const started = new Set<SideThread>();
let runs = 0;

class Run<Result> {
  readonly #id: number = runs++;
  readonly #work: SideWork<Result>;
  readonly #sides: readonly SideThread[];
  readonly #entries: Entry<Result>[] = [];
  #longestMs = 0;

  constructor(work: SideWork<Result>, sides: readonly SideThread[]) {
    this.#work = work;
    this.#sides = sides;
  }

  results(): Result[] {
    this.#post({ kind: "begin", run: this.#id, common: this.#work.common() });
    try {
      this.#computeAll();
      return this.#entries.map((entry) => this.#result(entry));
    } finally {
      this.#post({ kind: "end", run: this.#id });
    }
  }

  /** Leaves as many tasks open as the threads can begin meanwhile, and does the others. */
  #computeAll(): void {
    try {
      for (const task of this.#work.tasks) {
        const state = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
        const index = this.#entries.push({ state, work: task }) - 1;
        this.#post({ kind: "task", run: this.#id, index, state, task: task.message() });
        this.#receive();
        if (this.#open().length > this.#sides.length && !this.#computeFirst()) return;
      }
    } catch (error) {
      // The task could not be made. Those before it come first.
      this.#entries.push({ state: Int32Array.of(HERE), work: { error } });
    }
    while (this.#open().length > 0 && this.#computeFirst());
  }

  #open(): Entry<Result>[] {
    return this.#entries.filter(({ state }) => Atomics.load(state, 0) === FREE);
  }

  /** @returns False if the task fails: then those after it do not matter. */
  #computeFirst(): boolean {
    const [entry] = this.#open();
    if (entry === undefined || Atomics.compareExchange(entry.state, 0, FREE, HERE) !== FREE) return true;
    const start = performance.now();
    entry.work = "here" in entry.work ? attempt(entry.work.here) : entry.work;
    this.#longestMs = Math.max(this.#longestMs, performance.now() - start);
    return "value" in entry.work;
  }

  #result(entry: Entry<Result>): Result {
    if ("here" in entry.work && this.#wait(entry.state)) this.#receive();
    const { work } = entry;
    if ("here" in work) return work.here();
    if ("value" in work) return work.value;
    throw work.error;
  }

  /** @returns False if the task failed there, and must be done here to see how, or if it is lost. */
  #wait(state: Int32Array): boolean {
    const limit = performance.now() + Math.max(LOST_MS, LOST_TIMES * this.#longestMs);
    while (Atomics.load(state, 0) === TAKEN) {
      const left = limit - performance.now();
      if (left <= 0) {
        // Which of them has it is not known.
        for (const side of this.#sides) end(side);
        return false;
      }
      Atomics.wait(state, 0, TAKEN, left);
    }
    return Atomics.load(state, 0) === DONE;
  }

  #receive(): void {
    for (const { port } of this.#sides) {
      for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
        const { run, index, value } = got.message as SideAnswer;
        if (run === this.#id) this.#entries[index].work = { value: this.#work.received(value) };
      }
    }
  }

  #post(message: SideMessage): void {
    for (const { port } of this.#sides) port.postMessage(message);
  }
}

function sideThreads(entry: URL, count: number): SideThread[] {
  const there = [...started].filter((side) => side.entry.href === entry.href).slice(0, count);
  for (const { timer } of there) clearTimeout(timer);
  return [...there, ...Array.from({ length: count - there.length }, () => start(entry))];
}

function start(entry: URL): SideThread {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(entry, { workerData: { port: port2 }, transferList: [port2] });
  const ready = new Promise<void>((resolve) => {
    worker.once("message", () => resolve());
    worker.once("exit", () => resolve());
  });
  const side: SideThread = { entry, worker, port: port1, ready, timer: undefined };
  started.add(side);
  // What fails there is done here.
  worker.on("error", () => end(side));
  worker.on("exit", () => end(side));
  // Nobody waits for a helper.
  worker.unref();
  port1.unref();
  return side;
}

function rest(side: SideThread): void {
  clearTimeout(side.timer);
  if (started.has(side)) side.timer = setTimeout(() => end(side), IDLE_MS).unref();
}

function end(side: SideThread): void {
  if (!started.delete(side)) return;
  clearTimeout(side.timer);
  side.port.close();
  void side.worker.terminate();
}

function attempt<Result>(compute: () => Result): Outcome<Result> {
  try {
    return { value: compute() };
  } catch (error) {
    return { error };
  }
}
