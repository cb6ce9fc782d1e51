/**
 * Threads that read scans and extract features, so that the main thread stays free.
 *
 * Their module lies beside `index.ts`: it needs the readers and the features, which no other folder may have together.
 * Layer:  workers; imports core.
 */
import { availableParallelism } from "node:os";
import { InputError } from "../core/errors.js";
import { KillablePool } from "./killable-pool.js";
import { threadEntry } from "./thread-entry.js";
import { MOST_WORKERS } from "./worker-count.js";

const HEAP_MB = 4_096;

let pool: KillablePool | undefined;

/** Runs one job of an extraction. @throws InputError if the job refuses or its thread is lost; the signal's reason. */
export function runExtraction(job: unknown, signal: AbortSignal): Promise<unknown> {
  pool ??= new KillablePool(threadEntry("../extract-thread"), MOST_WORKERS, { heapMb: HEAP_MB, lost });
  return pool.run(job, Number.POSITIVE_INFINITY, signal);
}

/** Extractions that suit this computer. */
export function extractionsAtOnce(): number {
  return Math.min(availableParallelism(), MOST_WORKERS);
}

function lost(why: string): InputError {
  return new InputError(
    `the extraction was lost: ${why}. If memory ran out, use fewer workers or crop the scan first.`,
  );
}
