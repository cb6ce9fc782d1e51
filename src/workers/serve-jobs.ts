/**
 * What a thread of a `KillablePool` does: says that it is ready, then answers one job after the other.
 *
 * Layer:  workers; imports core.
 */
import { parentPort } from "node:worker_threads";
import { InputError, NumericalError } from "../core/errors.js";
import type { Answer } from "./killable-pool.js";

/** @param work  Answers a job, at once or later; what it throws is the job's refusal. */
export function serveJobs<Job>(work: (job: Job) => unknown): void {
  parentPort?.on("message", (job: Job) => void answer(job, work));
  post({ kind: "ready" });
}

async function answer<Job>(job: Job, work: (job: Job) => unknown): Promise<void> {
  try {
    post({ kind: "done", value: await work(job) });
  } catch (error) {
    const isOurs = error instanceof InputError || error instanceof NumericalError;
    const reason = error instanceof Error ? error.message : String(error);
    post({ kind: "refused", message: isOurs ? reason : `internal error: ${reason}`, offset: undefined });
  }
}

function post(message: Answer): void {
  parentPort?.postMessage(message);
}
