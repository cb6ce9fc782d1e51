/**
 * The output pipe of user code's thread. Frames go out whole, whatever is interrupted meanwhile, and at once; only
 * the text of a flood is gathered, for the agent to send when this thread is busy.
 *
 * Layer:  session/child; imports session.
 */
import { writeSync } from "node:fs";
import { encodeFrame } from "../../frames.js";
import { OUTPUT_FD } from "../protocol.js";
import { parcel } from "./parcel.js";
import {
  CELL,
  LENGTH,
  MAIN,
  NOBODY,
  OWNER,
  type Shared,
  STREAM,
  STREAMS,
  type StreamName,
  share,
  TERMINATING,
  takeText,
  WRITING,
} from "./shared.js";

/** More pieces of text than this in so many ms are a flood. */
const CALM_PIECES = 32;
const CALM_MS = 20;
/** Longer pieces gain nothing from being gathered. */
const LONG = 4_096;
const PAUSE_MS = 0.1;

export const shared: Shared = share();
const { words, text: waiting } = shared;
const encoder = new TextEncoder();
/** Frames on their way, and how much of the first is out. */
const backlog: Buffer[] = [];
let sent = 0;
let calmUntil = 0;
let pieces = 0;
let wakeAgent = (): void => undefined;

/** @param wake Tells the agent that text waits. */
export function usePipe(wake: () => void): void {
  wakeAgent = wake;
}

/** Sends a frame behind all text; returns when the pipe has it. */
export function writeFrame(frame: Buffer): void {
  let next: Buffer | null = frame;
  withPipe(() => {
    queueText();
    if (next) backlog.push(parcel(next));
    next = null;
  });
}

/** Sends text that waits. */
export function flushText(): void {
  withPipe(queueText);
}

/** Sends text, at once unless it is part of a flood. */
export function writeText(cell: number, name: StreamName, text: string): void {
  const now = performance.now();
  if (now > calmUntil) {
    calmUntil = now + CALM_MS;
    pieces = 0;
  }
  pieces += 1;
  if (pieces <= CALM_PIECES || text.length > LONG || !gather(cell, name, text)) {
    writeFrame(encodeFrame({ type: "stream", cell, name }, [encoder.encode(text)]));
  }
}

/** Adds to the text that waits; false where there is no room, or other text waits. */
function gather(cell: number, name: StreamName, text: string): boolean {
  const stream = STREAMS.indexOf(name);
  let fits = false;
  let isFirst = false;
  withPipe(() => {
    const length = words[LENGTH] ?? 0;
    isFirst = length === 0;
    fits =
      length + 3 * text.length <= waiting.length &&
      (isFirst || (words[CELL] === cell && words[STREAM] === stream));
    if (!fits) return;
    words[CELL] = cell;
    words[STREAM] = stream;
    words[LENGTH] = length + encoder.encodeInto(text, waiting.subarray(length)).written;
  });
  if (fits && isFirst) wakeAgent();
  return fits;
}

function queueText(): void {
  const text = takeText(shared);
  if (text) backlog.push(encodeFrame({ type: "stream", cell: text.cell, name: text.name }, [text.bytes]));
}

/** Does something while this thread has the pipe, then sends what is on its way. An interrupt ends the waiting only. */
function withPipe(action: () => void): void {
  for (let pending = true; ; ) {
    enter();
    // It is still ours where an interrupt ended the wait for a full pipe.
    const owner = Atomics.compareExchange(words, OWNER, NOBODY, MAIN) || MAIN;
    let done = false;
    try {
      if (owner === MAIN && pending) {
        pending = false;
        action();
      }
      done = owner === MAIN && pump();
      if (done) Atomics.store(words, OWNER, NOBODY);
    } finally {
      Atomics.store(words, WRITING, 0);
    }
    if (done) return;
    Atomics.wait(words, OWNER, owner, PAUSE_MS);
  }
}

/** From here on nothing cuts this thread off; where that is about to happen, it happens here. */
function enter(): void {
  for (;;) {
    Atomics.store(words, WRITING, 1);
    if (Atomics.load(words, TERMINATING) === 0) return;
    Atomics.store(words, WRITING, 0);
    Atomics.wait(words, TERMINATING, 1, PAUSE_MS);
  }
}

/** Writes what the pipe takes; true when all is out. */
function pump(): boolean {
  for (let frame = backlog[0]; frame; frame = backlog[0]) {
    try {
      sent += writeSync(OUTPUT_FD, frame, sent);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EAGAIN") return false;
      if (code === "EPIPE") {
        backlog.length = 0;
        process.exit(0);
      }
      throw error;
    }
    if (sent < frame.length) continue;
    sent = 0;
    backlog.shift();
  }
  return true;
}
