/**
 * Threads that train and explain models.
 *
 * Their module lies beside `index.ts`: it needs the models, which no folder that `model` imports may know.
 * Layer:  workers; imports core.
 */
import { availableParallelism } from "node:os";
import { NumericalError } from "../core/errors.js";
import { KillablePool } from "./killable-pool.js";
import { threadEntry } from "./thread-entry.js";
import { checkWorkers, MOST_WORKERS } from "./worker-count.js";

/** One piece of work: what the thread's module calls it, and plain data. */
export interface ModelTask {
  readonly name: string;
  readonly input: unknown;
}

export interface ThreadOptions {
  /** Threads. The result is the same to the bit for any number. Default: as many as the computer has cores. */
  readonly workers?: number;
  /** Cancels: the promise is rejected with its reason. */
  readonly signal?: AbortSignal;
  /** Told after each part of the work. In a notebook: `const bar = progress(n)` and `onProgress: ({ done }) => bar.set(done)`. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

const HEAP_MB = 4_096;

let pool: KillablePool | undefined;

/** The number of threads to use. @throws InputError unless it is whole, from 1 to 64. */
export function threadsFor({
  workers = Math.min(availableParallelism(), MOST_WORKERS),
}: ThreadOptions): number {
  return checkWorkers(workers, "all cores of this computer");
}

/**
 * Runs tasks in threads.
 *
 * @param sizes  What each task counts in the progress.
 * @returns What each task gave, in their order.
 * @throws InputError if a task refuses or `workers` makes no sense, NumericalError if a thread is lost; the signal's reason.
 */
export async function runModelTasks(
  tasks: readonly ModelTask[],
  sizes: readonly number[],
  options: ThreadOptions,
): Promise<readonly unknown[]> {
  const lanes = Math.min(threadsFor(options), tasks.length);
  const failed = new AbortController();
  const signal =
    options.signal === undefined ? failed.signal : AbortSignal.any([options.signal, failed.signal]);
  signal.throwIfAborted();
  pool ??= new KillablePool(threadEntry("../model-thread"), MOST_WORKERS, { heapMb: HEAP_MB, lost });
  const threads = pool;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const results = new Array<unknown>(tasks.length);
  let next = 0;
  let done = 0;
  const lane = async (): Promise<void> => {
    while (next < tasks.length) {
      const at = next++;
      results[at] = await threads.run(tasks[at], Number.POSITIVE_INFINITY, signal);
      done += sizes[at];
      options.onProgress?.({ done, total });
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } catch (error) {
    failed.abort(error);
    throw error;
  }
  return results;
}

function lost(why: string): NumericalError {
  return new NumericalError(
    `the work was lost: ${why}. If memory ran out, use fewer workers or a smaller model.`,
  );
}
