/**
 * What a side thread does (`side-threads.ts`): takes tasks that nobody has, and answers.
 *
 * Layer:  workers; imports nothing.
 */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";

/** Who has a task. */
export const FREE = 0;
/** The thread that asked. */
export const HERE = 1;
/** A side thread. */
export const TAKEN = 2;
/** A side thread has answered. */
export const DONE = 3;
/** A side thread could not do it. */
export const FAILED = 4;

export type SideMessage =
  | { readonly kind: "begin"; readonly run: number; readonly common: unknown }
  | {
      readonly kind: "task";
      readonly run: number;
      readonly index: number;
      readonly state: Int32Array;
      readonly task: unknown;
    }
  | { readonly kind: "end"; readonly run: number };

export interface SideAnswer {
  readonly run: number;
  readonly index: number;
  readonly value: unknown;
}

/** Arrays, one or more, one after the other in memory that threads share. */
export function sharedCopy<Values extends Float64Array | Int32Array | Uint8Array>(
  parts: readonly Values[],
): Values {
  const kind = parts[0].constructor as unknown as {
    new (buffer: SharedArrayBuffer): Values;
    readonly BYTES_PER_ELEMENT: number;
  };
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const copy = new kind(new SharedArrayBuffer(length * kind.BYTES_PER_ELEMENT));
  let at = 0;
  for (const part of parts) {
    copy.set(part, at);
    at += part.length;
  }
  return copy;
}

/**
 * Serves the thread that started this one, until that ends it.
 *
 * @param prepare  Takes what the tasks of a run have in common and gives what computes one.
 */
export function serve(prepare: (common: unknown) => (task: unknown) => unknown): void {
  const { port } = workerData as { port: MessagePort };
  let begun: { readonly run: number; readonly common: unknown } | undefined;
  let compute: ((task: unknown) => unknown) | undefined;
  port.on("message", (message: SideMessage) => {
    if (message.kind === "begin") begun = message;
    if (message.kind !== "task") compute = undefined;
    if (message.kind === "end") begun = undefined;
    if (message.kind !== "task" || begun?.run !== message.run) return;
    const { run, index, state, task } = message;
    if (Atomics.compareExchange(state, 0, FREE, TAKEN) !== FREE) return;
    let end = DONE;
    try {
      compute ??= prepare(begun.common);
      port.postMessage({ run, index, value: compute(task) } satisfies SideAnswer);
    } catch {
      end = FAILED;
    }
    Atomics.store(state, 0, end);
    Atomics.notify(state, 0);
  });
  parentPort?.postMessage("ready");
}
