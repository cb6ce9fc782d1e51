/**
 * The process that runs user code: takes commands from the kernel, one at a time.
 *
 * Layer:  session/child; imports session.
 */
import { Worker } from "node:worker_threads";
import type { Framed } from "../../frames.js";
import type { Command } from "../protocol.js";
import { interruptCell, runCell } from "./cells.js";
import { listen } from "./commands.js";
import { handleComm } from "./comms.js";
import { watchGroups } from "./console-groups.js";
import { installStackTraces, reportError } from "./errors.js";
import { installGlobals } from "./globals.js";
import { receiveInput } from "./input.js";
import { answerViews } from "./live.js";
import { provide } from "./modules.js";
import { captureStreams, currentCell, emit } from "./output.js";
import { tslab } from "./tslab.js";
import { answerWidgets } from "./widgets.js";

captureStreams();
watchGroups();
installStackTraces();
installGlobals();
provide("tslab", tslab);
answerViews();
answerWidgets();
// The kernel decides what an interrupt does; a terminal's Ctrl-C reaches this process as well.
process.on("SIGINT", () => undefined);
process.on("uncaughtException", (error) => {
  emit({ type: "late_error", cell: currentCell(), error: reportError(error) });
});
startAgent();
listen(handle);
emit({ type: "ready" });

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
