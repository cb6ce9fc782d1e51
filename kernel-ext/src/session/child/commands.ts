/**
 * The kernel's commands, one at a time; a cell that blocks for one takes it out of turn.
 *
 * Layer:  session/child; imports session.
 */
import { readSync } from "node:fs";
import { Socket } from "node:net";
import { MessageChannel } from "node:worker_threads";
import { type Framed, FrameReader } from "../../frames.js";
import { COMMAND_FD, type Command } from "../protocol.js";

const POLL_MS = 5;
const CHUNK = 65_536;

const reader = new FrameReader<Command>();
const queue: Framed<Command>[] = [];
const turns = new MessageChannel();
const pause = new Int32Array(new SharedArrayBuffer(4));

/** Hands over each command in a turn of its own: terminated code then takes no other along, and no timer. */
export function listen(handle: (command: Framed<Command>) => void): void {
  turns.port1.on("message", () => {
    const command = queue.shift();
    if (command) handle(command);
  });
  const pipe = new Socket({ fd: COMMAND_FD, readable: true, writable: false });
  pipe.on("data", receive);
  pipe.on("end", () => process.exit(0));
  pipe.on("error", () => process.exit(0));
}

/** Blocks until a command comes that `pick` wants; the others stay in the queue, in order. */
export function waitForCommand<T>(pick: (command: Command) => T | undefined): T {
  const chunk = Buffer.alloc(CHUNK);
  for (;;) {
    for (const [at, { message }] of queue.entries()) {
      const found = pick(message);
      if (found === undefined) continue;
      queue.splice(at, 1);
      return found;
    }
    const length = readChunk(chunk);
    if (length === 0) process.exit(0);
    // A copy: the reader may keep it, and the chunk is filled again.
    if (length > 0) receive(Buffer.from(chunk.subarray(0, length)));
    // An interrupt ends this wait.
    else Atomics.wait(pause, 0, 0, POLL_MS);
  }
}

function receive(chunk: Buffer): void {
  for (const command of reader.push(chunk)) {
    queue.push(command);
    turns.port2.postMessage(null);
  }
}

/** Bytes read; −1 where there are none yet, 0 at the end of the pipe. */
function readChunk(chunk: Buffer): number {
  try {
    return readSync(COMMAND_FD, chunk);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EAGAIN") return -1;
    if (code === "EOF") return 0;
    throw error;
  }
}
