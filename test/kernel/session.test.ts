/** Interrupts, crashes, the end of the kernel, and messages that must not harm it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Message } from "../../kernel-ext/src/wire/message.js";
import { KernelClient, outline, resultText, streamText, traceback } from "./client.js";

const BLOCKING: Record<string, string> = {
  "a loop": "console.log('on'); while (true) {}",
  "an endless await": "console.log('on'); await new Promise(() => {});",
  "a loop after an await": "await new Promise((r) => setTimeout(r, 5)); console.log('on'); while (true) {}",
  "a loop in a timer":
    "setTimeout(() => { console.log('on'); while (true) {} }, 5); await new Promise(() => {});",
  "a loop that catches everything": "console.log('on'); for (;;) { try { for (;;) {} } catch {} }",
};

describe("kernel: session", () => {
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start(undefined, { RADBOOK_MAX_HEAP_MB: "100" });
    await client.execute("let kept = 0;");
  });
  after(() => client.close());

  for (const [what, code] of Object.entries(BLOCKING)) {
    for (const how of ["message", "signal"]) {
      it(`interrupts ${what} by ${how} and keeps the state`, async () => {
        const sent = client.begin(code);
        await client.until(
          ({ parent, header }) => parent?.msg_id === sent.id && header.msg_type === "stream",
          "text",
        );
        if (how === "signal") client.process.kill("SIGINT");
        else {
          const { reply } = await client.request("control", "interrupt_request", {}).done;
          assert.deepEqual(reply.content, { status: "ok" });
        }
        const { reply, published } = await sent.done;
        assert.equal(reply.content.ename, "Interrupted");
        const types = outline(published).filter((one) => !one.startsWith("status"));
        assert.deepEqual(types, ["execute_input", "stream stdout", "error"]);
        assert.equal(outline(published).at(-1), "status idle");
        const before = Number(resultText(await client.execute("kept")));
        assert.equal(resultText(await client.execute("kept += 1; kept")), String(before + 1));
      });
    }
  }

  it("loses no interrupt, whenever it comes after the cell has begun", async () => {
    for (let i = 0; i < 60; i++) {
      const sent = client.begin(`console.log(${i}); await new Promise(() => {});`);
      const begun = ({ parent, header }: Message): boolean =>
        parent?.msg_id === sent.id && header.msg_type === "execute_input";
      await client.until(begun, "its input");
      for (const end = performance.now() + i / 4; performance.now() < end; );
      await client.request("control", "interrupt_request", {}).done;
      assert.equal((await sent.done).reply.content.ename, "Interrupted");
    }
    assert.equal(resultText(await client.execute("1 + 1")), "2");
  });

  it("takes an interrupt without a cell for nothing", async () => {
    client.process.kill("SIGINT");
    await client.request("control", "interrupt_request", {}).done;
    assert.equal(resultText(await client.execute("1 + 1")), "2");
  });

  it("answers control, heartbeat, completion and inspection while a cell blocks", async () => {
    const sent = client.begin("const wide = { width: 1 }; console.log('on'); while (true) {}");
    await client.until(
      ({ parent, header }) => parent?.msg_id === sent.id && header.msg_type === "stream",
      "text",
    );
    assert.equal(await client.beat(), "ping");
    const completed = await client.request("shell", "complete_request", { code: "kep", cursor_pos: 3 }).done;
    assert.deepEqual(completed.reply.content.matches, ["kept"]);
    const inspected = await client.request("shell", "inspect_request", {
      code: "kept",
      cursor_pos: 4,
      detail_level: 0,
    }).done;
    assert.equal(inspected.reply.content.found, true);
    const info = await client.request("control", "kernel_info_request", {}).done;
    assert.equal(info.reply.content.status, "ok");
    await client.request("control", "interrupt_request", {}).done;
    assert.equal((await sent.done).reply.content.ename, "Interrupted");
  });

  it("aborts the cells that wait behind an interrupted one", async () => {
    const sent = ["console.log('first of three'); while (true) {}", "'second'", "'third'"].map((code) =>
      client.begin(code),
    );
    await client.until(({ content }) => content.text === "first of three\n", "text");
    await client.request("control", "interrupt_request", {}).done;
    const replies = (await Promise.all(sent.map((one) => one.done))).map(({ reply }) => reply.content.status);
    assert.deepEqual(replies, ["error", "aborted", "aborted"]);
    assert.equal(resultText(await client.execute("'next'")), "'next'");
  });

  it("interrupts code that comes back from a long native call", async () => {
    const sent = client.begin(
      "console.log('native'); const { execSync } = await import('node:child_process'); execSync('sleep 1'); while (true) {}",
    );
    await client.until(({ content }) => content.text === "native\n", "text");
    await client.request("control", "interrupt_request", {}).done;
    assert.equal((await sent.done).reply.content.ename, "Interrupted");
    assert.equal(resultText(await client.execute("'next'")), "'next'");
  });

  const DEATHS: Record<string, RegExp> = {
    "process.exit(3)": /ended \(code 3\)/,
    "process.abort()": /ended \(SIGABRT\)/,
    "const hoard: number[][] = []; for (;;) hoard.push(new Array(1e5).fill(1.5));": /ran out of memory/,
  };
  for (const [code, message] of Object.entries(DEATHS)) {
    it(`reports ${code.slice(0, 20)}… as an error and lives`, async () => {
      const exchange = await client.execute(code);
      assert.equal(exchange.reply.content.status, "error");
      assert.match(String(exchange.reply.content.evalue), message);
      assert.match(traceback(exchange).join("\n"), /run the cells again/);
      assert.equal(resultText(await client.execute("1 + 1")), "2");
      assert.equal(
        (await client.execute("kept")).reply.content.status,
        "error",
        "values are gone, and so are names",
      );
    });
  }

  it("drops forged, replayed and malformed messages", async () => {
    const header = (): Record<string, unknown> => ({ ...client.codec.header("execute_request") });
    const message = (type: string): Uint8Array[] =>
      client.codec.encode({
        identities: [],
        header: client.codec.header(type),
        parent: null,
        metadata: {},
        content: { code: "console.log('harm')" },
        buffers: [],
      });
    const forged = message("execute_request");
    forged[5] = Buffer.from(JSON.stringify({ code: "console.log('forged')" }));
    const before = client.iopub.length;
    client.sendFrames("shell", forged);
    client.sendFrames("shell", [Buffer.from("no delimiter")]);
    client.sendFrames("shell", [Buffer.from("<IDS|MSG>"), Buffer.from("too few")]);
    client.sendFrames("shell", [
      Buffer.from("<IDS|MSG>"),
      Buffer.from("00"),
      ...[header(), {}, {}, {}].map((part) => Buffer.from(JSON.stringify(part))),
    ]);
    client.sendFrames("shell", message("no_such_request"));
    client.sendFrames("shell", message("toString"));
    const replayed = message("kernel_info_request");
    client.sendFrames("shell", replayed);
    client.sendFrames("shell", replayed);
    assert.equal(resultText(await client.execute("'unharmed'")), "'unharmed'");
    const heard = client.iopub.slice(before);
    assert.equal(streamText(heard), "");
    const infos = heard.filter(
      ({ parent, content }) =>
        parent?.msg_type === "kernel_info_request" && content.execution_state === "busy",
    );
    assert.equal(infos.length, 1, "the replayed message was answered once");
  });

  it("leaves no process behind after a shutdown, even when a cell blocks", async () => {
    const own = await KernelClient.start();
    const pid = resultText(await own.execute("process.pid"));
    own.begin("while (true) {}");
    const { reply } = await own.request("control", "shutdown_request", { restart: true }).done;
    assert.deepEqual(reply.content, { status: "ok", restart: true });
    await own.close();
    assert.equal(own.process.exitCode, 0);
    assert.equal(await isGone(Number(pid)), true);
  });

  it("ends once for two shutdown requests at a time", async () => {
    const own = await KernelClient.start();
    const pid = resultText(await own.execute("process.pid"));
    const both = [true, false].map((restart) => own.request("control", "shutdown_request", { restart }));
    assert.deepEqual((await both[0]?.done)?.reply.content, { status: "ok", restart: true });
    await own.close();
    assert.equal(own.process.exitCode, 0);
    assert.equal(await isGone(Number(pid)), true);
  });

  it("leaves no process behind when the kernel is killed", async () => {
    const own = await KernelClient.start();
    const pid = resultText(await own.execute("process.pid"));
    own.begin("while (true) {}");
    own.process.kill("SIGKILL");
    assert.equal(await isGone(Number(pid)), true);
    await own.close();
  });

  it("collects values that no name reaches any more", async () => {
    await client.execute(
      "let collected = 0; const watch = new FinalizationRegistry(() => { collected += 1; });",
    );
    await client.execute("const large = { of: new Float64Array(1e6) }; watch.register(large, 0);");
    await client.execute("const large = 'redeclared';");
    await client.execute(
      "const v8 = await import('node:v8'); v8.setFlagsFromString('--expose-gc'); const { runInNewContext } = await import('node:vm');\n" +
        "for (let i = 0; i < 20 && collected === 0; i++) { runInNewContext('gc')(); await new Promise((r) => setTimeout(r, 20)); }",
    );
    assert.equal(resultText(await client.execute("collected")), "1");
  });
});

async function isGone(pid: number): Promise<boolean> {
  assert.ok(pid > 0);
  for (let i = 0; i < 100; i++) {
    if (!alive(pid)) return true;
    await new Promise((next) => setTimeout(next, 50));
  }
  return false;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // A zombie has ended; its new parent has not asked yet.
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z");
  } catch {
    return process.platform !== "linux";
  }
}
