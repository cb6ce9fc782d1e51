/**
 * A thread that decodes compressed frames, one after the other.
 *
 * Layer:  workers; imports core.
 */
import { parentPort } from "node:worker_threads";
import { InputError } from "../core/errors.js";
import { type CodecJob, decodeWith } from "./codecs.js";
import type { Answer } from "./killable-pool.js";

parentPort?.on("message", (job: CodecJob) => void answer(job));
post({ kind: "ready" });

async function answer(job: CodecJob): Promise<void> {
  try {
    const value = await decodeWith(job);
    post({ kind: "done", value }, [value.samples.buffer as ArrayBuffer]);
  } catch (error) {
    const isOurs = error instanceof InputError;
    const reason = error instanceof Error ? error.message : String(error);
    const message = isOurs
      ? reason
      : `the compressed data are damaged (${reason}). Get a fresh copy of the file.`;
    post({ kind: "refused", message, offset: isOurs ? error.offset : undefined });
  }
}

function post(message: Answer, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}
