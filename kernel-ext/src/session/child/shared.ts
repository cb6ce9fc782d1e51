/**
 * Memory that user code's thread and its agent share: who may write to the output pipe, and text that waits there.
 *
 * Layer:  session/child; imports nothing.
 */

/** Places in `words`. */
export const HANDLED = 0;
/** 1 while an interrupt is on its way that cuts off whatever runs. */
export const TERMINATING = 1;
/** 1 while user code's thread must not be cut off. */
export const WRITING = 2;
/** Who has the output pipe: nobody, user code's thread, or the agent. */
export const OWNER = 3;
/** Bytes of text that wait, the cell and the stream that they belong to. */
export const LENGTH = 4;
export const CELL = 5;
export const STREAM = 6;

export const NOBODY = 0;
export const MAIN = 1;
export const AGENT = 2;

export const STREAMS = ["stdout", "stderr"] as const;
export type StreamName = (typeof STREAMS)[number];

const WORDS = 8;
const TEXT_BYTES = 65_536;

export interface Shared {
  readonly memory: SharedArrayBuffer;
  readonly words: Int32Array;
  /** Text that waits, in UTF-8. */
  readonly text: Uint8Array;
}

export function share(memory: SharedArrayBuffer = new SharedArrayBuffer(4 * WORDS + TEXT_BYTES)): Shared {
  return { memory, words: new Int32Array(memory, 0, WORDS), text: new Uint8Array(memory, 4 * WORDS) };
}

/** The text that waits, taken out; null where there is none. For who has the pipe. */
export function takeText({ words, text }: Shared): { cell: number; name: StreamName; bytes: Buffer } | null {
  const length = words[LENGTH] ?? 0;
  if (length === 0) return null;
  words[LENGTH] = 0;
  const name = STREAMS[words[STREAM] ?? 0] ?? "stdout";
  return { cell: words[CELL] ?? 0, name, bytes: Buffer.from(text.slice(0, length)) };
}
