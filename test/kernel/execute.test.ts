/** execute_request over real sockets: the messages that follow it, in order, and the counts. */
import assert from "node:assert/strict";
import {
  type Exchange,
  freshFolder,
  KernelClient,
  outline,
  resultText,
  streamText,
  traceback,
} from "./client.js";

const BUSY = "status busy";
const IDLE = "status idle";

describe("kernel: execute", () => {
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start();
  });
  after(() => client.close());

  it("says who it is", async () => {
    const { reply, published } = await client.request("shell", "kernel_info_request", {}).done;
    assert.deepEqual(outline(published), [BUSY, IDLE]);
    assert.equal(reply.header.msg_type, "kernel_info_reply");
    const { status, protocol_version, implementation, language_info, debugger: debug } = reply.content;
    assert.deepEqual([status, protocol_version, implementation, debug], ["ok", "5.5", "radbook", true]);
    const language = language_info as Record<string, unknown>;
    assert.deepEqual([language.name, language.file_extension], ["typescript", ".ts"]);
  });

  it("answers 1 + 1 by busy, input, result, idle and an ok reply", async () => {
    const exchange = await client.execute("1 + 1");
    assert.deepEqual(outline(exchange.published), [BUSY, "execute_input", "execute_result", IDLE]);
    const [, input, result] = exchange.published;
    assert.deepEqual(input?.content, { code: "1 + 1", execution_count: 1 });
    assert.deepEqual(result?.content, { data: { "text/plain": "2" }, metadata: {}, execution_count: 1 });
    assert.deepEqual(exchange.reply.content, {
      status: "ok",
      execution_count: 1,
      user_expressions: {},
      payload: [],
    });
  });

  it("shows nothing for undefined, and the last expression also before a semicolon", async () => {
    const nothing = await client.execute("undefined");
    assert.deepEqual(outline(nothing.published), [BUSY, "execute_input", IDLE]);
    assert.equal(resultText(await client.execute("40 + 2; // the answer")), "42");
  });

  it("refuses a cell with a type error, and points at it", async () => {
    const exchange = await client.execute('let started = true;\nconst n: number = "one";');
    assert.deepEqual(outline(exchange.published), [BUSY, "execute_input", "error", IDLE]);
    assert.equal(exchange.reply.content.status, "error");
    assert.equal(exchange.reply.content.ename, "TypeCheckError");
    const count = exchange.reply.content.execution_count;
    assert.deepEqual(traceback(exchange), [
      "TS2322: Type 'string' is not assignable to type 'number'.",
      `Cell [${count}], line 2, column 7`,
      '> 2 | const n: number = "one";',
      "    |       ^",
    ]);
    assert.equal((await client.execute("started")).reply.content.status, "error", "nothing of it ran");
  });

  it("points at the place of a syntax error", async () => {
    const exchange = await client.execute("const a = 1;\nconst b = ;");
    assert.equal(exchange.reply.content.ename, "SyntaxError");
    assert.deepEqual(traceback(exchange).slice(2), ["> 2 | const b = ;", "    |           ^"]);
  });

  it("points at the line of a run-time error as typed, with the user's frames only", async () => {
    const code = [
      "interface Patient {",
      "  id: string;",
      "}",
      "function find(id: string): Patient {",
      "  throw new RangeError('no patient ' + id);",
      "}",
      'find("p7");',
    ].join("\n");
    const exchange = await client.execute(code);
    assert.deepEqual(outline(exchange.published), [BUSY, "execute_input", "error", IDLE]);
    const { ename, evalue, execution_count: count } = exchange.reply.content;
    assert.deepEqual([ename, evalue], ["RangeError", "no patient p7"]);
    assert.deepEqual(traceback(exchange), [
      "RangeError: no patient p7",
      `Cell [${count}], line 5`,
      "  4 | function find(id: string): Patient {",
      "> 5 |   throw new RangeError('no patient ' + id);",
      "    |         ^",
      "  6 | }",
      `    at find (Cell [${count}]:5:9)`,
      `    at Cell [${count}]:7:1`,
    ]);
  });

  it("names the causes of an error", async () => {
    const exchange = await client.execute('throw new Error("outer", { cause: new TypeError("inner") })');
    assert.ok(traceback(exchange).includes("Caused by: TypeError: inner"), traceback(exchange).join("\n"));
  });

  it("does not count silent cells and shows nothing of them", async () => {
    const before = countOf(await client.execute("0"));
    const silent = await client.execute("console.log('unheard'); 5", { silent: true });
    assert.deepEqual(outline(silent.published), [BUSY, IDLE]);
    assert.equal(countOf(silent), before);
    assert.equal(countOf(await client.execute("0")), before + 1);
  });

  it("does not count cells without history, but shows them", async () => {
    const before = countOf(await client.execute("0"));
    const unstored = await client.execute("7", { store_history: false });
    assert.deepEqual(outline(unstored.published), [BUSY, "execute_input", "execute_result", IDLE]);
    assert.equal(countOf(unstored), before);
    assert.equal(countOf(await client.execute("0")), before + 1);
  });

  it("aborts what waits behind an error", async () => {
    const sent = ["1", "throw new Error('stop')", "2", "3"].map((code) => client.begin(code));
    const exchanges = await Promise.all(sent.map((one) => one.done));
    assert.deepEqual(
      exchanges.map(({ reply }) => reply.content.status),
      ["ok", "error", "aborted", "aborted"],
    );
    assert.deepEqual(outline(exchanges[2]?.published ?? []), [BUSY, IDLE]);
    assert.equal(resultText(await client.execute("4")), "4", "the next request runs");
  });

  it("runs what waits behind an error when the request says so", async () => {
    const failing = client.begin("throw new Error('go on')", { stop_on_error: false });
    const next = client.begin("'went on'");
    assert.equal((await failing.done).reply.content.status, "error");
    assert.equal(resultText(await next.done), "'went on'");
  });

  it("answers user expressions, each for itself", async () => {
    const { reply } = await client.execute("const five = 5;", {
      user_expressions: { double: "five * 2", wrong: "six" },
    });
    const answers = reply.content.user_expressions as Record<string, Record<string, unknown>>;
    assert.deepEqual(answers.double, { status: "ok", data: { "text/plain": "10" }, metadata: {} });
    assert.equal(answers.wrong?.status, "error");
  });

  it("keeps 10,000 printed lines in order, in few messages, all before idle", async () => {
    const begun = performance.now();
    const exchange = await client.execute("for (let i = 0; i < 10_000; i++) console.log('line', i);");
    // Text waits for more 128 ms at most: on a machine that is busy it takes a message each.
    const most = Math.max(10, 5 + (performance.now() - begun) / 100);
    const expected = Array.from({ length: 10_000 }, (_, i) => `line ${i}\n`).join("");
    assert.equal(streamText(exchange.published), expected);
    const streams = outline(exchange.published).filter((one) => one === "stream stdout");
    assert.ok(streams.length <= most, `${streams.length} messages`);
    assert.equal(outline(exchange.published).at(-1), IDLE);
  });

  it("keeps stdout and stderr in the order of their lines", async () => {
    const exchange = await client.execute(
      "console.log('a'); console.error('b'); console.log('c'); console.log('d');",
    );
    assert.deepEqual(outline(exchange.published), [
      BUSY,
      "execute_input",
      "stream stdout",
      "stream stderr",
      "stream stdout",
      IDLE,
    ]);
    assert.equal(streamText(exchange.published), "a\nc\nd\n");
  });

  it("streams while a cell blocks", async () => {
    const sent = client.begin(
      "console.log('first'); const end = Date.now() + 700; while (Date.now() < end); 'done'",
    );
    await client.until(
      ({ parent, header }) => parent?.msg_id === sent.id && header.msg_type === "stream",
      "text",
    );
    const ended = client.iopub.some(
      ({ parent, content }) => parent?.msg_id === sent.id && content.execution_state === "idle",
    );
    assert.equal(ended, false, "the text came before the end");
    assert.equal(resultText(await sent.done), "'done'");
  });

  it("puts late output of timers and promises under the cell that caused it", async () => {
    const early = await client.execute(
      "setTimeout(() => console.log('from a timer'), 150);\n" +
        "void (async () => { await new Promise((r) => setTimeout(r, 150)); console.log('from a promise'); })();",
    );
    await client.execute("'another cell'");
    for (const text of ["from a timer", "from a promise"]) {
      const late = await client.until(({ content }) => String(content.text).includes(text), text);
      assert.equal(late.parent?.msg_id, early.reply.parent?.msg_id);
    }
  });

  it("reports a rejection that nobody awaits under its cell, and lives", async () => {
    const exchange = await client.execute(
      "setTimeout(() => { void Promise.reject(new Error('nobody saw')); }, 50);",
    );
    const late = await client.until(({ content }) => content.evalue === "nobody saw", "the late error");
    assert.equal(late.header.msg_type, "error");
    assert.equal(late.parent?.msg_id, exchange.reply.parent?.msg_id);
    assert.equal(resultText(await client.execute("1")), "1");
  });

  it("displays, updates and clears", async () => {
    const exchange = await client.execute(
      "display('one', { display_id: 'd' }); display({ 'text/html': '<i>two</i>' }, { raw: true, display_id: 'd', update: true }); clearOutput(true);",
    );
    assert.deepEqual(outline(exchange.published), [
      BUSY,
      "execute_input",
      "display_data",
      "update_display_data",
      "clear_output",
      IDLE,
    ]);
    const [, , shown, updated, cleared] = exchange.published;
    assert.deepEqual(shown?.content, {
      data: { "text/plain": "'one'" },
      metadata: {},
      transient: { display_id: "d" },
    });
    assert.deepEqual(updated?.content.data, { "text/html": "<i>two</i>" });
    assert.deepEqual(updated?.content.transient, { display_id: "d" });
    assert.deepEqual(cleared?.content, { wait: true });
  });

  it("lets a value show itself, also by a promise and with metadata", async () => {
    const exchange = await client.execute(
      "({ [Symbol.for('Jupyter.display')]: async () => ({ data: { 'text/html': '<b>x</b>', 'text/plain': 'x' }, metadata: { width: 3 } }) })",
    );
    const shown = exchange.published.find(({ header }) => header.msg_type === "execute_result");
    assert.deepEqual(shown?.content.data, { "text/html": "<b>x</b>", "text/plain": "x" });
    assert.deepEqual(shown?.content.metadata, { width: 3 });
  });

  it("waits for a display whose picture is a promise", async () => {
    const exchange = await client.execute(
      "display({ [Symbol.for('Jupyter.display')]: () => new Promise((r) => setTimeout(() => r({ 'text/plain': 'slow' }), 50)) });",
    );
    assert.deepEqual(outline(exchange.published), [BUSY, "execute_input", "display_data", IDLE]);
  });

  it("asks for input where the front end allows it, and refuses where not", async () => {
    const sent = client.begin("(await input('name? ')).toUpperCase()", { allow_stdin: true });
    const question = await client.question();
    assert.deepEqual(question.content, { prompt: "name? ", password: false });
    client.request("stdin", "input_reply", { status: "ok", value: "ada" });
    assert.equal(resultText(await sent.done), "'ADA'");
    const refused = await client.execute("await input()", { allow_stdin: false });
    assert.match(String(refused.reply.content.evalue), /takes no input/);
  });

  it("remembers what ran", async () => {
    const own = await KernelClient.start(freshFolder());
    try {
      for (const code of ["1", "22", "1"]) await own.execute(code);
      await own.execute("'unstored'", { store_history: false });
      const ask = async (content: Record<string, unknown>): Promise<unknown> =>
        (await own.request("shell", "history_request", content).done).reply.content.history;
      assert.deepEqual(await ask({ hist_access_type: "tail", n: 2, output: false, raw: true }), [
        [0, 2, "22"],
        [0, 3, "1"],
      ]);
      assert.deepEqual(await ask({ hist_access_type: "range", session: 0, start: 1, stop: 2 }), [
        [0, 1, "1"],
      ]);
      assert.deepEqual(await ask({ hist_access_type: "search", pattern: "?", unique: true }), [[0, 3, "1"]]);
    } finally {
      await own.close();
    }
  });
});

function countOf({ reply }: Exchange): number {
  return reply.content.execution_count as number;
}
