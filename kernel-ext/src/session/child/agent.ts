/**
 * A thread beside user code that can stop it: interrupts reach it when the main thread is busy.
 *
 * A byte on its pipe is an interrupt. The main thread gets the chance to end the cell itself (it does when the
 * cell only waits); else its running JavaScript is terminated. The end of the pipe is the end of the kernel.
 * Layer:  session/child; imports session.
 */
import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { AGENT_FD } from "../protocol.js";

/** Time for the main thread to answer before it counts as busy. */
const GRACE_MS = 5;
const RETRY_MS = 100;
const LEAVE_MS = 200;

/** [0] is the number of the last interrupt that the main thread has dealt with. */
const handled = new Int32Array(workerData as SharedArrayBuffer);
let interrupts = 0;

const pipe = new Socket({ fd: AGENT_FD, readable: true, writable: false });
pipe.on("data", (bytes: Buffer) => {
  // Several interrupts at once want the same.
  if (bytes.length > 0) interrupt(++interrupts);
});
pipe.on("error", exit);
pipe.on("end", exit);

const session = new Session();
session.connectToMainThread();

function interrupt(number: number): void {
  parentPort?.postMessage(number);
  const retry = (): void => {
    if (Atomics.load(handled, 0) >= number) return;
    session.post("Runtime.terminateExecution");
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
