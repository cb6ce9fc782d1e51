/** history_request over several sessions that share one file. */
import assert from "node:assert/strict";
import { mkdirSync, rmdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { freshFolder, KernelClient, resultText } from "./client.js";

type Asked = [session: number, line: number, input: unknown][];

describe("kernel: history", () => {
  const home = freshFolder();
  const file = path.join(home, "history.sqlite");
  const clients: KernelClient[] = [];

  async function start(folder: string = home): Promise<KernelClient> {
    const client = await KernelClient.start(undefined, { RADBOOK_STATE: folder });
    clients.push(client);
    return client;
  }
  async function ask(client: KernelClient, content: Record<string, unknown>): Promise<Asked> {
    const { reply } = await client.request("shell", "history_request", content).done;
    assert.equal(reply.content.status, "ok");
    return reply.content.history as Asked;
  }
  async function leave(client: KernelClient): Promise<void> {
    clients.splice(clients.indexOf(client), 1);
    await client.close();
  }

  after(async () => {
    for (const client of clients) await client.close();
    rmSync(home, { recursive: true, force: true });
  });

  it("is kept from session to session: tail, range, search and unique", async () => {
    const first = await start();
    for (const code of ["1 // ä\n", 'const text = "it\'s"', "1 // ä\n"]) await first.execute(code);
    await leave(first);
    const second = await start();
    assert.deepEqual(await ask(second, { hist_access_type: "tail", n: 2 }), [
      [-1, 2, 'const text = "it\'s"'],
      [-1, 3, "1 // ä\n"],
    ]);

    await second.execute("'now'");
    assert.deepEqual(await ask(second, { hist_access_type: "tail", n: 2, output: true }), [
      [-1, 3, ["1 // ä\n", null]],
      [0, 1, ["'now'", null]],
    ]);
    assert.deepEqual(await ask(second, { hist_access_type: "range", session: -1, start: 1, stop: 3 }), [
      [-1, 1, "1 // ä\n"],
      [-1, 2, 'const text = "it\'s"'],
    ]);
    assert.deepEqual(await ask(second, { hist_access_type: "range", session: 1, start: 3 }), [
      [-1, 3, "1 // ä\n"],
    ]);
    assert.deepEqual(await ask(second, { hist_access_type: "range", session: 0 }), [[0, 1, "'now'"]]);
    assert.deepEqual(await ask(second, { hist_access_type: "search", pattern: "1*" }), [
      [-1, 1, "1 // ä\n"],
      [-1, 3, "1 // ä\n"],
    ]);
    assert.deepEqual(await ask(second, { hist_access_type: "search", pattern: "*", unique: true, n: 2 }), [
      [-1, 3, "1 // ä\n"],
      [0, 1, "'now'"],
    ]);
    assert.deepEqual(await ask(second, { hist_access_type: "search", pattern: "nowhere" }), []);
    assert.deepEqual(await ask(second, { hist_access_type: "tail", n: 0 }), []);
    await leave(second);
  });

  it("takes cells of two kernels at once", async () => {
    const pair = [await start(), await start()];
    await Promise.all(
      pair.map(async (client, k) => {
        for (let i = 0; i < 20; i++) await client.execute(`'pair ${k} ${i}'`);
      }),
    );
    for (const [k, client] of pair.entries()) {
      const found = await ask(client, { hist_access_type: "search", pattern: `'pair ${1 - k} *` });
      const own = await ask(client, { hist_access_type: "range", session: 0 });
      assert.equal(own.length, 20);
      assert.ok(found.length <= 20);
    }
    for (const client of [...pair]) await leave(client);
    const later = await start();
    for (const k of [0, 1]) {
      const found = await ask(later, { hist_access_type: "search", pattern: `'pair ${k} *` });
      assert.deepEqual(
        found.map(([, line]) => line),
        Array.from({ length: 20 }, (_, i) => i + 1),
      );
    }
    await leave(later);
  });

  it("waits for another kernel that has the file for seconds: to open, to write and to read", async () => {
    const lock = `${file}.lock`;
    const client = await start();
    for (const line of [1, 2]) {
      mkdirSync(lock);
      const freed = new Promise<void>((done) => setTimeout(() => done(rmdirSync(lock)), 1_500));
      await client.execute(`'patient ${line}'`);
      const found = await ask(client, { hist_access_type: "range", session: 0, start: line });
      await freed;
      assert.deepEqual(found, [[0, line, `'patient ${line}'`]]);
    }
    await leave(client);
    const later = await start();
    const kept = await ask(later, { hist_access_type: "search", pattern: "'patient *" });
    assert.deepEqual(
      kept.map(([session, line]) => [session, line]),
      [
        [-1, 1],
        [-1, 2],
      ],
    );
    await leave(later);
  });

  it("gets over the lock of a kernel that was killed", async () => {
    const lock = `${file}.lock`;
    mkdirSync(lock);
    const old = new Date(Date.now() - 60_000);
    utimesSync(lock, old, old);
    const client = await start();
    await client.execute("'after the lock'");
    const found = await ask(client, { hist_access_type: "search", pattern: "'after*" });
    assert.deepEqual(found, [[0, 1, "'after the lock'"]]);
    await leave(client);
    assert.throws(() => statSync(lock));
  });

  it("lives in memory where there is no file to be had", async () => {
    const blocked = path.join(home, "blocked");
    writeFileSync(blocked, "a file, not a folder");
    const client = await start(blocked);
    assert.equal(resultText(await client.execute("7")), "7");
    assert.deepEqual(await ask(client, { hist_access_type: "tail", n: 5 }), [[0, 1, "7"]]);
    await leave(client);
  });
});
