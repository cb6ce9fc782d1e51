#!/usr/bin/env node
/** Starts the kernel on the connection file that Jupyter names. */
import { Kernel } from "./handlers/kernel.js";
import { readConnection } from "./sockets/connection.js";

const PARENT_CHECK_MS = 1_000;

const file = process.argv[2];
if (file === undefined) {
  process.stderr.write(
    "usage: radbook-kernel CONNECTION_FILE\nJupyter starts the kernel and writes that file.\n",
  );
  process.exit(2);
}
const kernel = await Kernel.start(readConnection(file), () => process.exit(0));
process.on("SIGINT", () => kernel.interrupt());
process.on("SIGTERM", () => void kernel.close());
watchParent();

/** Leaves when the Jupyter server that started this kernel is gone. */
function watchParent(): void {
  if (process.env.JPY_PARENT_PID === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void kernel.close();
  }, PARENT_CHECK_MS).unref();
}
