/** Jobs in threads: a hang, a crash or too much memory of one is an error of that one, and the others go on. */
import assert from "node:assert/strict";
import { InputError } from "../../src/core/errors.js";
import { KillablePool } from "../../src/workers/killable-pool.js";

/** A thread that does as it is told. */
const OBEDIENT = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, threadId } from "node:worker_threads";
    parentPort.on("message", (job) => {
      if (job === "hang") for (;;);
      if (job === "exit") process.exit(3);
      if (job === "throw") throw new Error("thrown");
      if (job === "fill") { const all = []; for (;;) all.push(new Array(1e6).fill(all.length + 0.5)); }
      if (job === "refuse") return parentPort.postMessage({ kind: "refused", message: "no", offset: 7 });
      setTimeout(() => parentPort.postMessage({ kind: "done", value: [job, threadId] }), job);
    });
    parentPort.postMessage({ kind: "ready" });
  `)}`,
);

describe("a pool of threads that can be killed", function () {
  this.timeout(60_000);

  it("answers every job, several at once", async () => {
    const pool = new KillablePool(OBEDIENT, 2);
    const answers = (await Promise.all([40, 1, 30, 2, 20, 3].map((ms) => pool.run(ms, 20_000)))) as [
      number,
      number,
    ][];
    assert.deepEqual(
      answers.map(([ms]) => ms),
      [40, 1, 30, 2, 20, 3],
    );
    assert.equal(new Set(answers.map(([, thread]) => thread)).size, 2);
  });

  it("ends a job that hangs, and goes on with the next", async () => {
    const pool = new KillablePool(OBEDIENT, 1);
    const hung = pool.run("hang", 200);
    const next = pool.run(1, 20_000);
    await assert.rejects(hung, (error: unknown) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, /damaged: it took longer than 200 ms/);
      return true;
    });
    assert.deepEqual(((await next) as unknown[])[0], 1);
  });

  it("survives jobs that end their thread or fill its memory", async () => {
    const pool = new KillablePool(OBEDIENT, 2);
    for (const [job, message] of [
      ["exit", /it ended its thread/],
      ["throw", /it ended its thread \(thrown\)/],
      ["fill", /it ended its thread|longer than/],
    ] as const) {
      await assert.rejects(pool.run(job, 20_000), message);
      assert.deepEqual(((await pool.run(1, 20_000)) as unknown[])[0], 1);
    }
  });

  it("ends jobs on a signal, running or waiting, and goes on with the next", async () => {
    const pool = new KillablePool(OBEDIENT, 1);
    const stop = new AbortController();
    const hung = pool.run("hang", Number.POSITIVE_INFINITY, stop.signal);
    const waiting = pool.run(2, 20_000, stop.signal);
    const next = pool.run(1, 20_000);
    setTimeout(() => stop.abort(), 300);
    await assert.rejects(hung, { name: "AbortError" });
    await assert.rejects(waiting, { name: "AbortError" });
    assert.deepEqual(((await next) as unknown[])[0], 1);
    await assert.rejects(pool.run(1, 20_000, stop.signal), { name: "AbortError" });
  });

  it("ends jobs on the interrupt of a notebook, running or waiting, and not those that come after it", async () => {
    const pool = new KillablePool(OBEDIENT, 1);
    const symbol = Symbol.for("Radbook.interrupt");
    const stop = new AbortController();
    Reflect.set(globalThis, symbol, stop.signal);
    try {
      const hung = pool.run("hang", Number.POSITIVE_INFINITY, new AbortController().signal);
      const waiting = pool.run(2, 20_000);
      setTimeout(() => {
        Reflect.set(globalThis, symbol, new AbortController().signal);
        stop.abort(new Error("interrupted"));
      }, 300);
      await assert.rejects(hung, /^Error: interrupted$/);
      await assert.rejects(waiting, /^Error: interrupted$/);
      assert.deepEqual(((await pool.run(1, 20_000)) as unknown[])[0], 1);
    } finally {
      Reflect.deleteProperty(globalThis, symbol);
    }
  });

  it("hands a refusal on with its place", async () => {
    await assert.rejects(new KillablePool(OBEDIENT, 1).run("refuse", 20_000), (error: unknown) => {
      assert.ok(error instanceof InputError);
      assert.equal(error.message, "no");
      assert.equal(error.offset, 7);
      return true;
    });
  });
});
