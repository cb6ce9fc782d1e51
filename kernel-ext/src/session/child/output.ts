/**
 * Output of user code: every piece goes to the kernel at once and synchronously, so that it is seen while a
 * cell blocks, and carries the number of the cell that caused it, also from timers and promises.
 *
 * Layer:  session/child; imports session.
 */
import { writeSync } from "node:fs";
import { encodeFrame } from "../../frames.js";
import { type ChildEvent, OUTPUT_FD } from "../protocol.js";
import { cellContext } from "./cell-context.js";

const context = cellContext();
/** The cell that ran last: output without a cause, as from native code, is put there. */
let latest = 0;
const pause = new Int32Array(new SharedArrayBuffer(4));

/** Runs `action` so that its output, early or late, belongs to `cell`. */
export function inCell<T>(cell: number, action: () => T): T {
  latest = Math.max(latest, cell);
  return context.run(cell, action);
}

/** The cell that the running code belongs to. */
export function currentCell(): number {
  return context.current() || latest;
}

/** An interrupt has cut off whatever ran. */
export function resetContext(): void {
  context.reset();
}

/** Sends one event; returns when the pipe holds all of it. */
export function emit(event: ChildEvent, buffers: readonly Uint8Array[] = []): void {
  const bytes = encodeFrame(event, buffers);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(OUTPUT_FD, bytes, at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EAGAIN") Atomics.wait(pause, 0, 0, 1);
      else if (code === "EPIPE") process.exit(0);
      else throw error;
    }
  }
}

/** Makes `process.stdout` and `process.stderr`, and with them the console, write to the kernel. */
export function captureStreams(): void {
  for (const name of ["stdout", "stderr"] as const) {
    const stream = process[name];
    const decoder = new TextDecoder();
    type Callback = (error?: Error | null) => void;
    const write = (
      chunk: string | Uint8Array,
      second?: BufferEncoding | Callback,
      third?: Callback,
    ): boolean => {
      const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
      if (text !== "") emit({ type: "stream", cell: currentCell(), name, text });
      const callback = typeof second === "function" ? second : third;
      if (callback) process.nextTick(callback);
      return true;
    };
    stream.write = write as typeof stream.write;
  }
}
