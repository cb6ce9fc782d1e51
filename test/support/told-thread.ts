/** A side thread that does as it is told, and answers with what was common, its task and its number. */
import { threadId } from "node:worker_threads";
import { serve } from "../../src/workers/side-work.js";

export interface Told {
  readonly does: "answer" | "throw" | "exit";
  readonly ms: number;
}

serve((common) => (task) => {
  const { does, ms } = task as Told;
  busy(ms);
  if (does === "throw") throw new Error("thrown in the thread");
  if (does === "exit") process.exit(3);
  return [common, ms, threadId];
});

function busy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
