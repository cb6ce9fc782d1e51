/** `npm start -- --no-browser --port N` brings JupyterLab up on the tour, and Ctrl+C ends it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { freePort } from "../support/free-ports.js";
import { whyNoLab } from "./lab.js";

const repository = path.resolve(import.meta.dirname, "..", "..");

describe("npm start", function () {
  this.timeout(120_000);

  it("serves JupyterLab with the kernel and the tour, and ends with Ctrl+C", async function () {
    const reason = whyNoLab();
    if (reason !== null) {
      console.log(`      skipped: ${reason}`);
      return this.skip();
    }
    const port = await freePort();
    const { NODE_OPTIONS: _, ...env } = process.env;
    const started = spawn("npm", ["start", "--", "--no-browser", "--port", String(port)], {
      cwd: repository,
      env,
      detached: true, // A group of its own, to which Ctrl+C can be sent.
    });
    let words = "";
    for (const stream of [started.stdout, started.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        words += chunk.toString();
      });
    }
    try {
      const address = await found(
        () => /http:\/\/localhost:\d+\/lab\S*00-tour\.ipynb\?token=(\w+)/.exec(words),
        () => words,
      );
      assert.ok(address[0].includes(`:${port}/`), address[0]);
      const answer = await fetch(`http://127.0.0.1:${port}/api/kernelspecs?token=${address[1]}`);
      const { kernelspecs } = (await answer.json()) as {
        kernelspecs: Record<string, { spec: { display_name: string } }>;
      };
      assert.equal(kernelspecs.radbook?.spec.display_name, "TypeScript (Radbook)");
    } finally {
      const ended = once(started, "exit");
      process.kill(-(started.pid ?? 0), "SIGINT");
      // Asked twice, JupyterLab ends without asking back.
      const again = setTimeout(() => {
        try {
          process.kill(-(started.pid ?? 0), "SIGINT");
        } catch {
          // It has ended in this very moment.
        }
      }, 1000);
      await ended;
      clearTimeout(again);
    }
    await assert.rejects(fetch(`http://127.0.0.1:${port}/api`));
  });
});

async function found<T>(look: () => T | null, what: () => string): Promise<T> {
  for (const start = Date.now(); Date.now() - start < 90_000; ) {
    const value = look();
    if (value !== null) return value;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`not seen:\n${what()}`);
}
