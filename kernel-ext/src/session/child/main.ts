/**
 * The process that runs user code: takes commands from the kernel, one at a time.
 *
 * Layer:  session/child; imports session.
 */
import { Socket } from "node:net";
import { MessageChannel, Worker } from "node:worker_threads";
import { type Framed, FrameReader } from "../frames.js";
import { COMMAND_FD, type Command } from "../protocol.js";
import { interruptCell, runCell } from "./cells.js";
import { handleComm } from "./comms.js";
import { installStackTraces, reportError } from "./errors.js";
import { installGlobals, receiveInput } from "./globals.js";
import { captureStreams, currentCell, emit } from "./output.js";

const queue: Framed<Command>[] = [];
const turns = new MessageChannel();

captureStreams();
installStackTraces();
installGlobals();
// The kernel decides what an interrupt does; a terminal's Ctrl-C reaches this process as well.
process.on("SIGINT", () => undefined);
process.on("uncaughtException", (error) => {
  emit({ type: "late_error", cell: currentCell(), error: reportError(error) });
});
startAgent();
listen();
emit({ type: "ready" });

function listen(): void {
  const reader = new FrameReader<Command>();
  // Each command in a turn of its own: terminated code then takes no other command along, and no timer.
  turns.port1.on("message", () => {
    const command = queue.shift();
    if (command) handle(command);
  });
  const pipe = new Socket({ fd: COMMAND_FD, readable: true, writable: false });
  pipe.on("data", (chunk: Buffer) => {
    for (const command of reader.push(chunk)) {
      queue.push(command);
      turns.port2.postMessage(null);
    }
  });
  pipe.on("end", () => process.exit(0));
  pipe.on("error", () => process.exit(0));
}

function handle({ message, buffers }: Framed<Command>): void {
  if (message.type === "run") runCell(message);
  else if (message.type === "input") receiveInput(message.id, message.value);
  else handleComm(message, buffers);
}

function startAgent(): void {
  const shared = new SharedArrayBuffer(4);
  const handled = new Int32Array(shared);
  const agent = new Worker(new URL("./agent.js", import.meta.url), { workerData: shared });
  agent.on("message", (number: number) => {
    if (Atomics.exchange(handled, 0, number) < number) interruptCell();
  });
  agent.unref();
}
