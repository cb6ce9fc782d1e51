/**
 * Output of user code: every piece goes to the kernel at once and synchronously, so that it is seen while a
 * cell blocks, and carries the number of the cell that caused it, also from timers and promises.
 *
 * Layer:  session/child; imports session.
 */
import { encodeFrame } from "../../frames.js";
import { OutputLimit } from "../output-limit.js";
import type { ChildEvent, DisplayEvent, DoneEvent, Shown } from "../protocol.js";
import { cellContext, type Failed } from "./cell-context.js";
import { type Packed, pack } from "./pack.js";
import { flushText, writeFrame, writeText } from "./pipe.js";
import { STREAMS, type StreamName } from "./shared.js";

/** What is shown travels as JSON that nobody on its way reads. */
type Display = DisplayEvent & Shown & { readonly displayId: string | null };
type Done = DoneEvent & { readonly result: Packed | null };
export type Output = Exclude<ChildEvent, DisplayEvent | DoneEvent | { type: "stream" }> | Display | Done;

const context = cellContext();
const limit = new OutputLimit();
/** The cell that ran last: output without a cause, as from native code, is put there. */
let latest = 0;

/** Runs `action` so that its output, early or late, belongs to `cell`. */
export function inCell<T>(cell: number, action: () => T): T {
  latest = Math.max(latest, cell);
  return context.run(cell, action);
}

/** The cell that the running code belongs to. */
export function currentCell(): number {
  return context.current() || latest;
}

/** The cell that an error which nobody caught came from. */
export function cellOf(failed: Failed): number {
  return context.origin(failed) || currentCell();
}

/** An interrupt has cut off whatever ran. */
export function resetContext(): void {
  context.reset();
}

/** Sends one event; returns when the pipe holds all of it. */
export function emit(event: Output, buffers: readonly Uint8Array[] = []): void {
  if (event.type === "display") {
    const { data, metadata, displayId, ...rest } = event;
    const transient = displayId === null ? {} : { display_id: displayId };
    const packed = pack({ data, metadata, transient });
    if (event.update || mayShow(event.cell, packed.length)) writeFrame(encodeFrame(rest, [packed]));
  } else if (event.type === "done") {
    const { result, ...rest } = event;
    writeFrame(encodeFrame(rest, result ? [result] : []));
  } else {
    if (event.type === "clear") limit.clear(event.cell);
    writeFrame(encodeFrame(event, buffers));
  }
}

function mayShow(cell: number, bytes: number): boolean {
  const { fits, note } = limit.takeDisplay(cell, bytes);
  if (note !== null) writeText(cell, "stderr", note);
  return fits;
}

/** Prints under a cell, as far as it may. */
export function print(cell: number, name: StreamName, text: string): void {
  if (text === "") return;
  const allowed = limit.take(cell, text);
  if (allowed.text !== "") writeText(cell, name, allowed.text);
  if (allowed.note !== null) writeText(cell, "stderr", allowed.note);
}

/** Makes `process.stdout` and `process.stderr`, and with them the console, write to the kernel. */
export function captureStreams(): void {
  for (const name of STREAMS) {
    const stream = process[name];
    const decoder = new TextDecoder();
    type Callback = (error?: Error | null) => void;
    const write = (
      chunk: string | Uint8Array,
      second?: BufferEncoding | Callback,
      third?: Callback,
    ): boolean => {
      const encoding = typeof second === "string" ? second : "utf8";
      const isText = typeof chunk === "string" && /^utf-?8$/i.test(encoding);
      const bytes = isText ? null : typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk;
      const text = bytes === null ? String(chunk) : decoder.decode(bytes, { stream: true });
      print(currentCell(), name, text);
      const callback = typeof second === "function" ? second : third;
      if (callback) process.nextTick(callback);
      return true;
    };
    stream.write = write as typeof stream.write;
  }
  sendBeforeTheEnd();
}

/** What is printed last is seen, also when the process ends itself by force. */
function sendBeforeTheEnd(): void {
  process.on("exit", flushText);
  for (const name of ["abort", "kill"] as const) {
    const end = Reflect.get(process, name) as (...args: unknown[]) => unknown;
    Reflect.set(process, name, (...args: unknown[]) => {
      flushText();
      return end.apply(process, args);
    });
  }
}
