/** The compiler's process: its start-up snapshot, its death, and what the kernel answers meanwhile. */
import assert from "node:assert/strict";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  COMPILER_FLAGS,
  type FileState,
  HOME,
  makeSnapshot,
  type Recipe,
  recipeFile,
  snapshotFile,
  usableSnapshot,
} from "../../kernel-ext/src/language/snapshot.js";
import { KernelClient, resultText } from "./client.js";

/** Runs `action` with a cache folder that nobody else has. */
async function withCache(action: (cache: string) => Promise<void> | void): Promise<void> {
  const cache = mkdtempSync(path.join(os.tmpdir(), "radbook-cache-"));
  const before = process.env.RADBOOK_CACHE;
  process.env.RADBOOK_CACHE = cache;
  try {
    await action(cache);
  } finally {
    if (before === undefined) delete process.env.RADBOOK_CACHE;
    else process.env.RADBOOK_CACHE = before;
    rmSync(cache, { recursive: true, force: true });
  }
}

function recipe(file: string, files: readonly FileState[]): Recipe {
  const { size } = statSync(file);
  return { node: process.version, flags: COMPILER_FLAGS, home: HOME, size, files };
}

/** The compiler's process of a kernel, and its command line. */
function compilerOf(client: KernelClient): { readonly pid: number; readonly command: string } | null {
  for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8");
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      if (parent === client.process.pid && command.includes("compiler-main"))
        return { pid: Number(name), command };
    } catch {
      // It has ended meanwhile.
    }
  }
  return null;
}

/** The compiler's process, once there is one other than `not`. */
async function nextCompiler(client: KernelClient, not: number = 0): Promise<number> {
  for (let i = 0; i < 1_000; i++) {
    const found = compilerOf(client);
    if (found && found.pid !== not) return found.pid;
    await new Promise((next) => setTimeout(next, 10));
  }
  throw new Error("there is no process of the compiler");
}

async function gone(pid: number): Promise<void> {
  for (let i = 0; i < 1_000; i++) {
    if (!existsSync(`/proc/${pid}`)) return;
    await new Promise((next) => setTimeout(next, 10));
  }
  throw new Error(`process ${pid} is still there`);
}

describe("kernel: snapshot of the compiler", () => {
  it("holds as long as its files, its size, Node and the flags stay the same", () =>
    withCache((cache) => {
      const file = snapshotFile();
      const source = path.join(cache, "source.js");
      writeFileSync(source, "1");
      writeFileSync(file, "a snapshot");
      const { size, mtimeMs } = statSync(source);
      const good = recipe(file, [[source, size, mtimeMs]]);
      const isUsed = (one: object): boolean => {
        writeFileSync(recipeFile(file), JSON.stringify(one));
        return usableSnapshot() === file;
      };
      assert.ok(isUsed(good));
      assert.ok(!isUsed({ ...good, node: "v1.0.0" }));
      assert.ok(!isUsed({ ...good, flags: [] }));
      assert.ok(!isUsed({ ...good, size: 1 }));
      assert.ok(!isUsed({ ...good, files: [[source, size + 1, mtimeMs]] }));
      assert.ok(!isUsed([]));
      assert.ok(isUsed(good));
      utimesSync(source, new Date(0), new Date(0));
      assert.equal(usableSnapshot(), null);
      rmSync(source);
      assert.equal(usableSnapshot(), null);
    }));

  it("is not needed, and a damaged one is thrown away", function () {
    if (!existsSync("/proc/self")) this.skip();
    return withCache(async () => {
      const plain = await KernelClient.start();
      try {
        assert.equal(resultText(await plain.execute("1 + 1")), "2");
        assert.doesNotMatch(compilerOf(plain)?.command ?? "", /snapshot-blob/);
      } finally {
        await plain.close();
      }
      const file = snapshotFile();
      for (const damage of ["no snapshot at all", `\0${"x".repeat(100_000)}`]) {
        writeFileSync(file, damage);
        writeFileSync(recipeFile(file), JSON.stringify(recipe(file, [])));
        const client = await KernelClient.start();
        try {
          assert.equal(resultText(await client.execute("const one = 1; one + 1")), "2");
          assert.equal((await client.execute("one.foo")).reply.content.ename, "TypeCheckError");
          assert.ok(!existsSync(file));
        } finally {
          await client.close();
        }
      }
    });
  });

  it("is made in a process of its own, and a kernel starts from it in any folder", function () {
    if (!existsSync("/proc/self")) this.skip();
    return withCache(async (cache) => {
      const maker = makeSnapshot();
      assert.deepEqual(await once(maker, "close"), [0, null]);
      assert.equal(readdirSync(cache).length, 2, String(readdirSync(cache)));
      const client = await KernelClient.start();
      try {
        writeFileSync(path.join(client.folder, "beside.ts"), "export const beside: number = 5;");
        assert.equal(resultText(await client.execute("let count = 2; count + 1")), "3");
        assert.match(compilerOf(client)?.command ?? "", /snapshot-blob/);
        assert.equal(
          resultText(await client.execute("import { beside } from './beside.ts'; beside * count")),
          "10",
        );
        assert.equal((await client.execute("count = 'a'")).reply.content.ename, "TypeCheckError");
        const refused = await client.execute("import { io } from 'radbook'; io.readDicm('a')");
        assert.match(String(refused.reply.content.evalue), /readDicom/);
        const { reply } = await client.request("shell", "complete_request", {
          code: "count.toF",
          cursor_pos: 9,
        }).done;
        assert.deepEqual(reply.content.matches, ["toFixed"]);
      } finally {
        await client.close();
      }
    });
  });

  it("stops being made when the kernel that wants it is gone", () =>
    withCache(async () => {
      const maker = makeSnapshot();
      maker.stdin?.end();
      await once(maker, "close");
      assert.ok(!existsSync(snapshotFile()));
    }));
});

describe("kernel: process of the compiler", () => {
  let client: KernelClient;
  before(async function () {
    if (!existsSync("/proc/self")) this.skip();
    client = await KernelClient.start();
  });
  after(() => client?.close());

  it("is replaced when it dies between two cells, with all names and their types", async () => {
    await client.execute(
      "let total = 1; interface Named { name: string }\nconst named: Named = { name: 'a' };",
    );
    await client.execute(
      "declare global { interface Array<T> { second(): T | undefined } }\nconst gone = 1;",
    );
    await client.execute("%reset gone");
    const pid = await nextCompiler(client);
    process.kill(pid, "SIGKILL");
    await gone(pid);
    assert.equal(resultText(await client.execute("const other: Named = named; total += 1; total")), "2");
    assert.equal((await client.execute("total = named.name")).reply.content.ename, "TypeCheckError");
    assert.equal((await client.execute("gone")).reply.content.ename, "TypeCheckError");
    assert.equal((await client.execute("[1].second.foo")).reply.content.ename, "TypeCheckError");
    assert.match(
      String((await client.execute("[1].second.foo")).reply.content.evalue),
      /'\(\) => number \| undefined'/,
    );
  });

  it("is replaced when it dies while it checks, and the cell runs", async () => {
    const pid = await nextCompiler(client);
    process.kill(pid, "SIGSTOP");
    const running = client.execute("const late: Named = { name: String(total) }; late.name");
    await client.request("control", "kernel_info_request", {}).done;
    process.kill(pid, "SIGKILL");
    assert.equal(resultText(await running), "'2'");
    assert.equal((await client.execute("late.foo")).reply.content.ename, "TypeCheckError");
  });

  it("says so when every process dies at the same cell, and goes on with the next", async () => {
    const first = await nextCompiler(client);
    process.kill(first, "SIGSTOP");
    const running = client.execute("total * 1000");
    await client.request("control", "kernel_info_request", {}).done;
    process.kill(first, "SIGKILL");
    const second = await nextCompiler(client, first);
    process.kill(second, "SIGKILL");
    // One that began with a snapshot and said nothing yet is not counted: the snapshot is to blame.
    for (let last = second, ended = false; !ended; ) {
      ended = await Promise.race([running.then(() => true), nextCompiler(client, last).then(() => false)]);
      if (ended) break;
      last = await nextCompiler(client, last);
      process.kill(last, "SIGKILL");
    }
    const { content } = (await running).reply;
    assert.equal(content.status, "error");
    assert.match(String(content.evalue), /compiler ended twice/);
    assert.equal(resultText(await client.execute("total + 1")), "3");
  });

  it("answers control, heartbeat and interrupts while the compiler does not", async () => {
    const pid = await nextCompiler(client);
    process.kill(pid, "SIGSTOP");
    const running = client.execute("1 + 5");
    assert.equal(
      (await client.request("control", "kernel_info_request", {}).done).reply.content.status,
      "ok",
    );
    assert.equal(await client.beat(), "ping");
    await client.request("control", "interrupt_request", {}).done;
    assert.equal((await running).reply.content.ename, "Interrupted");
    assert.equal(resultText(await client.execute("1 + 6")), "7");
  });

  it("is gone with the kernel, however that ends", async () => {
    for (const end of ["shutdown", "SIGKILL"] as const) {
      const other = await KernelClient.start();
      await other.execute("1");
      const pid = await nextCompiler(other);
      if (end === "SIGKILL") other.process.kill(end);
      await other.close();
      await gone(pid);
    }
  });
});
