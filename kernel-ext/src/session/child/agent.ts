/**
 * A thread beside user code that can stop it: interrupts reach it when the main thread is busy.
 *
 * At an interrupt the main thread gets the chance to end the cell itself (it does when the cell only waits); else
 * its running JavaScript is terminated. The debugger asks the main thread's inspector through here. The end of the
 * pipe is the end of the kernel.
 * Layer:  session/child; imports session.
 */
import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { encodeFrame, FrameReader } from "../../frames.js";
import { AGENT_FD, type AgentCommand, type AgentEvent } from "../protocol.js";

/** Time for the main thread to answer before it counts as busy. */
const GRACE_MS = 5;
const RETRY_MS = 100;
const LEAVE_MS = 200;

/** [0] is the number of the last interrupt that the main thread has dealt with. */
const handled = new Int32Array(workerData as SharedArrayBuffer);
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
  const retry = (): void => {
    if (Atomics.load(handled, 0) >= number) return;
    if (stopped) session.post("Debugger.resume", { terminateOnResume: true });
    else session.post("Runtime.terminateExecution");
    // The message's own handler may have been what was terminated.
    parentPort?.postMessage(number);
    setTimeout(retry, RETRY_MS);
  };
  setTimeout(retry, GRACE_MS);
}

/** The main thread leaves by itself unless it is busy. */
function exit(): void {
  setTimeout(() => process.kill(process.pid, "SIGKILL"), LEAVE_MS);
}
