/**
 * Runs the tests in two processes side by side, because those that wait for a kernel or a browser leave the machine half idle:
 * one after the other is seen, and both are summed in the last line.
 */
import { spawn } from "node:child_process";
import { environment, ROOT } from "./run.mjs";

const COUNTS = /^(\d+) passed, (\d+) failed, (\d+) skipped$/gm;

/** Resolves to the exit code. `lanes` are lists of arguments for Node, each of which prints `N passed, N failed, N skipped`. */
export async function runLanes(lanes, write = (chunk) => process.stdout.write(chunk)) {
  // Ctrl+C reaches the lanes as well: they decide when to end.
  process.on("SIGINT", () => {});
  const running = lanes.map((args) => runLane(args));
  const sums = [0, 0, 0];
  for (const lane of running) {
    lane.show(write);
    const { code, output } = await lane.end;
    const counts = [...output.matchAll(COUNTS)].at(-1)?.slice(1).map(Number);
    // A lane that broke off, or failed beside its tests, is a failure of its own.
    const own = counts ?? [0, 1, 0];
    if (code !== 0 && own[1] === 0) own[1] = 1;
    for (const at of sums.keys()) sums[at] += own[at];
  }
  const [passed, failed, skipped] = sums;
  write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed === 0 ? 0 : 1;
}

/** A process whose output is kept until it is to be seen. */
function runLane(args) {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let write = null;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
      write?.(chunk);
    });
  }
  const end = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
  const show = (to) => {
    to(output);
    write = to;
  };
  return { show, end };
}
