/** Printed text: none lost, none after the cell's end, limited, and under the cell that caused it, wherever it comes from. */
import assert from "node:assert/strict";
import type { Message } from "../../kernel-ext/src/wire/message.js";
import { type Exchange, KernelClient, outline, resultText, streamText } from "./client.js";

/** `RADBOOK_RUNS=1000` is the number that counts; fewer find what is often wrong. */
const RUNS = Number(process.env.RADBOOK_RUNS ?? 60);
const LINES = "for (let i = 0; i < 2_000; i++) console.log('line', i);";
const EXPECTED = Array.from({ length: 2_000 }, (_, i) => `line ${i}\n`).join("");

describe("kernel: output", () => {
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start(undefined, { RADBOOK_MAX_OUTPUT_MB: "2" });
    await client.execute("import { spawn, fork, execFileSync, spawnSync, exec } from 'node:child_process';");
    await client.execute("const node = process.execPath;");
  });
  after(() => client.close());

  /** All text of a cell, early and late. */
  function textOf(exchange: Exchange, name?: string): string {
    const id = exchange.reply.parent?.msg_id;
    return streamText(
      client.iopub.filter(({ parent }) => parent?.msg_id === id),
      name,
    );
  }

  async function late(text: string): Promise<Message> {
    return client.until(({ content }) => String(content.text ?? "").includes(text), text);
  }

  it(`loses nothing and says nothing after the end, in ${RUNS.toLocaleString("en")} runs of a printing cell`, async function () {
    this.timeout(60_000 + 2_000 * RUNS);
    for (let run = 0; run < RUNS; run++) {
      const begun = client.iopub.length;
      const { published, reply } = await client.execute(LINES);
      assert.equal(streamText(published), EXPECTED, `run ${run}`);
      assert.equal(outline(published).at(-1), "status idle", `run ${run}`);
      await client.request("control", "kernel_info_request", {}).done;
      const own = client.iopub.slice(begun).filter(({ parent }) => parent?.msg_id === reply.parent?.msg_id);
      assert.equal(own.length, published.length, `run ${run}: something came after idle`);
    }
  });

  it("shows each line of a slow printer by itself", async () => {
    const { published } = await client.execute(
      "for (let i = 0; i < 4; i++) { console.log('slow', i); const end = Date.now() + 250; while (Date.now() < end); }",
    );
    const texts = published
      .filter(({ header }) => header.msg_type === "stream")
      .map(({ content }) => content.text);
    assert.deepEqual(texts, ["slow 0\n", "slow 1\n", "slow 2\n", "slow 3\n"]);
  });

  it("shows the last line of a flood before a cell blocks", async () => {
    const sent = client.begin(
      "for (let i = 0; i < 500; i++) console.log('flood', i); const end = Date.now() + 1_500; while (Date.now() < end);",
    );
    const shown = await late("flood 499\n");
    assert.equal(shown.parent?.msg_id, sent.id);
    const ended = client.iopub.some(
      ({ parent, content }) => parent?.msg_id === sent.id && content.execution_state === "idle",
    );
    assert.equal(ended, false);
    await sent.done;
  });

  it("shows what was printed before a process ended itself", async () => {
    for (const end of ["process.exit(0)", "process.abort()", "process.kill(process.pid, 'SIGKILL')"]) {
      const exchange = await client.execute(`for (let i = 0; i < 200; i++) console.log('last', i); ${end}`);
      assert.match(textOf(exchange), /last 199\n$/, end);
    }
    await client.execute("import { spawn, fork, execFileSync, spawnSync, exec } from 'node:child_process';");
    await client.execute("const node = process.execPath;");
  });

  it("keeps bytes whole that are cut anywhere, and text in other encodings", async () => {
    const exchange = await client.execute(
      "const bytes = Buffer.from('ä€😀'); for (const byte of bytes) process.stdout.write(Uint8Array.of(byte)); process.stdout.write('c3a4', 'hex');",
    );
    assert.equal(streamText(exchange.published), "ä€😀ä");
  });

  it("is whole again after an interrupt of a flood of long lines", async () => {
    for (let run = 0; run < 10; run++) {
      const sent = client.begin(
        "for (;;) { console.log('y'.repeat(50_000)); console.error('n'.repeat(30)); }",
      );
      await client.until(
        ({ parent, header }) => parent?.msg_id === sent.id && header.msg_type === "stream",
        "text",
      );
      await client.request("control", "interrupt_request", {}).done;
      const { reply, published } = await sent.done;
      assert.equal(reply.content.ename, "Interrupted");
      assert.match(streamText(published), /^(y{50000}\n)*y*$/, `run ${run}`);
      assert.equal(resultText(await client.execute(`'after ${run}'`)), `'after ${run}'`);
    }
  });

  it("ends the text of a runaway loop with a note, and can be interrupted", async () => {
    const sent = client.begin("for (let i = 0; ; i++) console.log('runaway', i);");
    const note = await client.until(
      ({ parent, content }) =>
        parent?.msg_id === sent.id && /RADBOOK_MAX_OUTPUT_MB/.test(String(content.text)),
      "the note",
    );
    assert.match(String(note.content.text), /ends here, after 2 MB/);
    await client.request("control", "interrupt_request", {}).done;
    const { reply, published } = await sent.done;
    assert.equal(reply.content.ename, "Interrupted");
    assert.equal(streamText(published).length, 2e6);
    assert.equal(resultText(await client.execute("console.log('heard again'); 1")), "1");
  });

  it("ends the displays of a runaway loop with a note, but not those that replace others", async () => {
    const { reply, published } = await client.execute(
      "for (let i = 0; i < 50; i++) display({ 'text/plain': 'x'.repeat(1_000_000) }, { raw: true });\n" +
        "for (let i = 0; i < 3; i++) display('again', { display_id: 'one', update: true });",
    );
    assert.equal(reply.content.status, "ok");
    const types = outline(published);
    assert.equal(types.filter((one) => one === "display_data").length, 19);
    assert.equal(types.filter((one) => one === "update_display_data").length, 3);
    assert.match(streamText(published, "stderr"), /^\nThe displays of this cell end here, after 20 MB;/);
    const cleared = await client.execute(
      "for (let i = 0; i < 50; i++) { clearOutput(true); display({ 'text/plain': 'x'.repeat(1_000_000) }, { raw: true }); }",
    );
    assert.equal(outline(cleared.published).filter((one) => one === "display_data").length, 50);
    const many = await client.execute("for (let i = 0; i < 5_000; i++) display(i);");
    assert.equal(outline(many.published).filter((one) => one === "display_data").length, 2_000);
  });

  it("cuts a huge text, of this process or of another", async () => {
    const own = await client.execute("console.log('x'.repeat(300_000_000));");
    assert.equal(streamText(own.published).length, 2e6);
    assert.match(streamText(own.published, "stderr"), /ends here/);
    const other = await client.execute(
      "spawnSync(node, ['-e', 'process.stdout.write(\"z\".repeat(9_000_000))'], { stdio: 'inherit' }); 0",
    );
    assert.equal(textOf(other).length, 2e6);
    assert.match(textOf(other, "stderr"), /ends here/);
  });

  it("puts the shared output of a process under the cell that started it, before the end of who waits for it", async () => {
    const code = "for (const word of ['ä one', 'two']) console.log(word); console.error('an error');";
    const calls = [
      `spawnSync(node, ['-e', ${JSON.stringify(code)}], { stdio: 'inherit' }); 0`,
      `execFileSync(node, ['-e', ${JSON.stringify(code)}], { stdio: ['ignore', 'inherit', 'inherit'] }); 0`,
      `await new Promise((end) => spawn(node, ['-e', ${JSON.stringify(code)}], { stdio: 'inherit' }).on('exit', end)); 0`,
      `await new Promise((end) => spawn(node, ['-e', ${JSON.stringify(code)}], { stdio: ['ignore', 1, 2] }).on('close', end)); 0`,
    ];
    for (const call of calls) {
      const { published } = await client.execute(call);
      assert.equal(streamText(published), "ä one\ntwo\n", call);
      assert.equal(streamText(published, "stderr"), "an error\n", call);
      assert.equal(outline(published).at(-1), "status idle");
    }
  });

  it("shows the output of a process while a cell waits for it, blocked", async () => {
    const program = "console.log('at once'); setTimeout(() => console.log('at last'), 1_000)";
    const sent = client.begin(`spawnSync(node, ['-e', ${JSON.stringify(program)}], { stdio: 'inherit' }); 0`);
    const first = await late("at once");
    assert.equal(first.parent?.msg_id, sent.id);
    const ended = client.iopub.some(
      ({ parent, content }) => parent?.msg_id === sent.id && content.execution_state === "idle",
    );
    assert.equal(ended, false);
    assert.equal(streamText((await sent.done).published), "at once\nat last\n");
  });

  it("puts late output of files, streams and servers under the cell that listens to them", async () => {
    const exchange = await client.execute(
      "import fs, { stat } from 'node:fs'; import http from 'node:http'; import { setTimeout as sleep } from 'node:timers/promises';\n" +
        "const slow = http.createServer(async (_, response) => { await sleep(300); console.log('request'); response.end('body'); });\n" +
        "slow.listen(0, '127.0.0.1', () => { console.log('listening'); const { port } = slow.address() as { port: number };\n" +
        "  http.get({ port, host: '127.0.0.1' }, (answer) => { answer.once('data', (text) => console.log('answer', String(text)));\n" +
        "    answer.on('end', () => { console.log('answered'); slow.close(() => fs.readFile(import.meta.filename ?? '/', () => {\n" +
        "      console.log('whole file read'); stat('.', () => { console.log('state of file');\n" +
        "      const stream = fs.createReadStream('/dev/null').on('close', () => { console.log('closed', stream.listenerCount('end')); }); stream.resume(); }); })); }); }); });",
    );
    assert.equal(exchange.reply.content.status, "ok", JSON.stringify(exchange.reply.content.traceback));
    await client.execute("'another cell'");
    const words = [
      "listening",
      "request",
      "answer body",
      "answered",
      "whole file read",
      "state of file",
      "closed 0",
    ];
    for (const word of words) {
      const message = await late(word);
      assert.equal(message.parent?.msg_id, exchange.reply.parent?.msg_id, word);
    }
  });

  it("puts late output of processes, their handlers and threads under the cell that started them", async () => {
    const program = (word: string): string =>
      JSON.stringify(`setTimeout(() => console.log(${JSON.stringify(word)}), 400)`);
    const sources: Record<string, string> = {
      "from a process": `spawn(node, ['-e', ${program("from a process")}], { stdio: 'inherit' }).unref(); 0`,
      "from a handler": `spawn(node, ['-e', ${program("x")}]).stdout!.on('data', () => console.log('from a handler')); 0`,
      "from a callback": `exec('sleep 0.4', () => console.log('from a callback')); 0`,
      "from a thread":
        "import { Worker } from 'node:worker_threads'; new Worker(\"setTimeout(() => console.log('from a thread'), 400)\", { eval: true }).unref(); 0",
      "from its message":
        "import { Worker as W } from 'node:worker_threads'; new W(\"setTimeout(() => require('worker_threads').parentPort.postMessage(0), 400)\", { eval: true }).on('message', () => console.log('from its message')); 0",
    };
    const exchanges: [string, Exchange][] = [];
    for (const [word, code] of Object.entries(sources)) {
      const exchange = await client.execute(code);
      assert.equal(exchange.reply.content.status, "ok", JSON.stringify(exchange.reply.content));
      exchanges.push([word, exchange]);
    }
    await client.execute("console.log('another cell')");
    for (const [word, exchange] of exchanges) {
      const message = await late(word);
      assert.equal(message.parent?.msg_id, exchange.reply.parent?.msg_id, word);
    }
  });

  it("sends a picture of 10 MB whole, as a result and as a display", async () => {
    const picture = "{ 'image/png': 'A\"\\\\'.repeat(3_000_000), 'text/plain': 'p' }";
    const code = `const value = { [Symbol.for('Jupyter.display')]: () => (${picture}) }; display(value); value`;
    const { published } = await client.execute(code);
    const shown = published.filter(({ content }) => content.data !== undefined);
    assert.deepEqual(outline(shown), ["display_data", "execute_result"]);
    for (const { content } of shown) {
      const data = content.data as Record<string, string>;
      assert.ok(data["image/png"] === 'A"\\'.repeat(3_000_000));
      assert.equal(data["text/plain"], "p");
    }
    assert.equal(shown[1]?.content.execution_count, published[1]?.content.execution_count);
  });

  it("leaves no file of a large output behind when its cell kills the process", async () => {
    const flood = `display({ "image/png": "A".repeat(3_000_000) }, { raw: true });`;
    const { reply } = await client.execute(
      `const kernel = process.ppid; for (let i = 0; i < 20; i++) ${flood} process.kill(process.pid, "SIGKILL"); while (true);`,
    );
    assert.equal(reply.content.ename, "ProcessEnded");
    const left = await client.execute(
      `const fs = await import("node:fs"); ["/dev/shm", (await import("node:os")).tmpdir()].flatMap((folder) => fs.existsSync(folder) ? fs.readdirSync(folder) : []).filter((name) => name.startsWith(\`radbook-\${process.ppid}-\`)).length`,
    );
    assert.equal(resultText(left), "0");
  });

  it("refuses to show what is no JSON", async () => {
    const { reply } = await client.execute(
      "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 1n }) })",
    );
    assert.equal(reply.content.ename, "TypeError");
    assert.equal(resultText(await client.execute("2")), "2");
  });
});
