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
import { reportError } from "./errors.js";
import { installGlobals } from "./globals.js";
import { receiveInput } from "./input.js";
import { answerViews } from "./live.js";
import { provide } from "./modules.js";
import { captureStreams, cellOf, emit } from "./output.js";
import { shared, usePipe } from "./pipe.js";
import { usePlainConsole } from "./plain-console.js";
import { watchProcesses } from "./processes.js";
import { HANDLED } from "./shared.js";
import { installStackTraces } from "./stack-trace.js";
import { shareState } from "./state.js";
import { watchThreads } from "./threads.js";
import { tslab } from "./tslab.js";
import { answerWidgets } from "./widgets.js";

captureStreams();
usePlainConsole();
watchGroups();
watchProcesses();
installStackTraces();
installGlobals();
provide("tslab", tslab);
answerViews();
answerWidgets();
shareState();
// The kernel decides what an interrupt does; a terminal's Ctrl-C reaches this process as well.
process.on("SIGINT", () => undefined);
process.on("uncaughtException", (error) => {
  emit({ type: "late_error", cell: cellOf({ thrown: error }), error: reportError(error) });
});
process.on("unhandledRejection", (reason, promise) => {
  emit({ type: "late_error", cell: cellOf(promise), error: reportError(reason) });
});
startAgent();
// Not the agent.
watchThreads();
listen(handle);
emit({ type: "ready" });

function handle({ message, buffers }: Framed<Command>): void {
  if (message.type === "run") runCell(message);
  else if (message.type === "input") receiveInput(message.id, message.value);
  else handleComm(message, buffers);
}

function startAgent(): void {
  const agent = new Worker(new URL("./agent.js", import.meta.url), { workerData: shared.memory });
  usePipe(() => agent.postMessage(null));
  agent.on("message", (number: number) => {
    if (Atomics.exchange(shared.words, HANDLED, number) < number) interruptCell();
  });
  agent.unref();
}
