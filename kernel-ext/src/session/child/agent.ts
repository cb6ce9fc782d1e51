/**
 * A thread beside user code that can stop it: interrupts reach it when the main thread is busy. It also sends the
 * text that a flood has left waiting.
 *
 * At an interrupt the main thread gets the chance to end the cell itself (it does when the cell only waits); else
 * its running JavaScript is terminated. The debugger asks the main thread's inspector through here. The end of the
 * pipe is the end of the kernel.
 * Layer:  session/child; imports session.
 */
import { writeSync } from "node:fs";
import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { encodeFrame, FrameReader } from "../../frames.js";
import { AGENT_FD, type AgentCommand, type AgentEvent, OUTPUT_FD } from "../protocol.js";
import { AGENT, HANDLED, LENGTH, NOBODY, OWNER, share, TERMINATING, takeText, WRITING } from "./shared.js";

/** Time for the main thread to answer before it counts as busy. */
const GRACE_MS = 5;
const RETRY_MS = 100;
const LEAVE_MS = 200;
/** The main thread's writing takes microseconds; only code that was cut off in it by a timeout of its own takes longer. */
const WRITING_TRIES = 50;
/** Text of a flood waits this long for more. */
const GATHER_MS = 4;

const shared = share(workerData as SharedArrayBuffer);
const { words } = shared;
let interrupts = 0;

/** The main thread stands at a breakpoint. */
let stopped = false;

const session = new Session();
session.connectToMainThread();
session.on("Debugger.paused", () => {
  stopped = true;
});
session.on("Debugger.resumed", () => {
  stopped = false;
});
session.on("inspectorNotification", ({ method, params }) => {
  if (method.startsWith("Debugger.")) send({ type: "event", method, params });
});

const reader = new FrameReader<AgentCommand>();
const pipe = new Socket({ fd: AGENT_FD, readable: true, writable: true });
pipe.on("data", (chunk: Buffer) => {
  for (const { message } of reader.push(chunk)) {
    if (message.type === "interrupt") interrupt(++interrupts);
    else inspect(message);
  }
});
parentPort?.on("message", () => setTimeout(sendText, GATHER_MS));
pipe.on("error", exit);
pipe.on("end", exit);

function inspect({ id, method, params }: Extract<AgentCommand, { type: "inspect" }>): void {
  session.post(method, params, (error, result) => {
    send({ type: "answer", id, result: result ?? {}, error: error === null ? null : error.message });
  });
}

function send(event: AgentEvent): void {
  pipe.write(encodeFrame(event));
}

function interrupt(number: number): void {
  parentPort?.postMessage(number);
  let tries = 0;
  const calm = (): void => {
    Atomics.store(words, TERMINATING, 0);
    Atomics.notify(words, TERMINATING);
  };
  const attempt = (): void => {
    if (Atomics.load(words, HANDLED) >= number) {
      calm();
      return;
    }
    // From here on the main thread begins no writing; what it has begun, it ends.
    Atomics.store(words, TERMINATING, 1);
    if (!stopped && Atomics.load(words, WRITING) === 1 && ++tries < WRITING_TRIES) {
      setTimeout(attempt, 1);
      return;
    }
    if (stopped) session.post("Debugger.resume", { terminateOnResume: true }, calm);
    else session.post("Runtime.terminateExecution", calm);
    // The message's own handler may have been what was terminated.
    parentPort?.postMessage(number);
    setTimeout(attempt, RETRY_MS);
  };
  setTimeout(attempt, GRACE_MS);
}

/** Sends the text that waits, unless the main thread does. */
function sendText(): void {
  if (Atomics.load(words, LENGTH) === 0) return;
  if (Atomics.compareExchange(words, OWNER, NOBODY, AGENT) !== NOBODY) {
    setTimeout(sendText, 1);
    return;
  }
  const text = takeText(shared);
  if (text) write(encodeFrame({ type: "stream", cell: text.cell, name: text.name }, [text.bytes]));
  else release();
}

function write(bytes: Buffer): void {
  let rest = bytes;
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(OUTPUT_FD, rest));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") setTimeout(() => write(rest), 1);
    else exit();
    return;
  }
  release();
}

function release(): void {
  Atomics.store(words, OWNER, NOBODY);
  Atomics.notify(words, OWNER);
}

/** The main thread leaves by itself unless it is busy. */
function exit(): void {
  setTimeout(() => process.kill(process.pid, "SIGKILL"), LEAVE_MS);
}
