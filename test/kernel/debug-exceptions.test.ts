/** The debugger at exceptions: those that a cell catches, those that it does not, and those of libraries. */
import assert from "node:assert/strict";
import { KernelClient, resultText } from "./client.js";
import { DebugClient } from "./debug-client.js";

const CAUGHT = `try {
  throw new Error("caught here");
} catch { /* as planned */ }
async function inner(): Promise<void> {
  await null;
  throw new RangeError("caught by who waits");
}
try {
  await inner();
} catch { /* as planned */ }
'went on'`;

const UNCAUGHT = `function fail(): never {
  throw new TypeError("not caught");
}
try {
  fail();
} finally {
  console.log("left");
}`;

describe("kernel: debugger at exceptions", () => {
  let client: KernelClient;
  let debug: DebugClient;
  const stopAt = (...filters: string[]): Promise<object> =>
    debug.body("setExceptionBreakpoints", { filters });
  before(async () => {
    client = await KernelClient.start();
    debug = new DebugClient(client);
    await debug.start();
  });
  after(() => client.close());

  it("offers both kinds", async () => {
    const { exceptionBreakpointFilters } = await debug.body<{
      exceptionBreakpointFilters: { filter: string }[];
    }>("initialize");
    assert.deepEqual(
      exceptionBreakpointFilters.map(({ filter }) => filter),
      ["caught", "uncaught"],
    );
    assert.equal((await debug.event())[0], "initialized");
  });

  it("stops where an exception is thrown that nobody catches", async () => {
    await stopAt("uncaught");
    const sent = client.begin(UNCAUGHT);
    const { reason, text, frames } = await debug.stopped();
    assert.deepEqual([reason, text], ["exception", "TypeError: not caught"]);
    assert.deepEqual(
      frames.map(({ name, line }) => `${name} ${line}`),
      ["fail 2", "cell 5"],
    );
    assert.equal((await debug.finish(sent)).reply.content.ename, "TypeError");
  });

  it("does not stop there at what the cell catches, also by who waits", async () => {
    await stopAt("uncaught");
    assert.equal(resultText(await client.execute(CAUGHT)), "'went on'");
  });

  it("stops at what the cell catches when that is asked for, and not at the rest", async () => {
    await stopAt("caught");
    const sent = client.begin(CAUGHT);
    const first = await debug.stopped();
    assert.deepEqual([first.text, first.frames[0]?.line], ["Error: caught here", 2]);
    assert.equal(await debug.step("continue"), 6);
    assert.equal(resultText(await debug.finish(sent)), "'went on'");
    assert.equal((await client.execute(UNCAUGHT)).reply.content.ename, "TypeError");
  });

  it("stops at an uncaught exception of a library, in the cell that called it", async () => {
    await stopAt("uncaught", "caught");
    const code = `const address = "not an address";
new URL(address);`;
    const sent = client.begin(code);
    const { reason, frames } = await debug.stopped();
    assert.equal(reason, "exception");
    assert.equal(frames[0]?.line, 2);
    assert.equal((await debug.finish(sent)).reply.content.ename, "TypeError");
  });

  it("stops no more when none is asked for", async () => {
    await stopAt();
    assert.equal((await client.execute(UNCAUGHT)).reply.content.ename, "TypeError");
    assert.equal(resultText(await client.execute(CAUGHT)), "'went on'");
  });
});
