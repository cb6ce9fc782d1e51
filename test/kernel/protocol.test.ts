/**
 * Message by message what version 5.5 of the protocol asks for: the reply, and what is published, in order.
 *
 * Source: "Messaging in Jupyter", jupyter-client.readthedocs.io/en/stable/messaging.html.
 */
import assert from "node:assert/strict";
import type { JsonObject, Message } from "../../kernel-ext/src/wire/message.js";
import { type Exchange, KernelClient, outline, resultText, streamText } from "./client.js";

const BUSY = "status busy";
const IDLE = "status idle";

describe("kernel: protocol", () => {
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start();
    await client.execute("const known = { width: 1 };");
  });
  after(() => client.close());

  function ask(
    type: string,
    content: JsonObject = {},
    channel: "shell" | "control" = "shell",
  ): Promise<Exchange> {
    return client.request(channel, type, content).done;
  }

  /** Published types between busy and idle. */
  function between({ published }: Exchange): string[] {
    const types = outline(published);
    assert.deepEqual([types[0], types.at(-1)], [BUSY, IDLE]);
    return types.slice(1, -1);
  }

  const ANSWERED: readonly (readonly [type: string, content: JsonObject, reply: readonly string[]])[] = [
    [
      "kernel_info_request",
      {},
      [
        "status",
        "protocol_version",
        "implementation",
        "implementation_version",
        "language_info",
        "banner",
        "help_links",
        "debugger",
        "supported_features",
      ],
    ],
    [
      "complete_request",
      { code: "known.", cursor_pos: 6 },
      ["status", "matches", "cursor_start", "cursor_end", "metadata"],
    ],
    [
      "inspect_request",
      { code: "known", cursor_pos: 5, detail_level: 0 },
      ["status", "found", "data", "metadata"],
    ],
    ["is_complete_request", { code: "1 +" }, ["status", "indent"]],
    ["is_complete_request", { code: "1" }, ["status"]],
    ["comm_info_request", {}, ["status", "comms"]],
    ["history_request", { hist_access_type: "tail", n: 1, raw: true, output: false }, ["status", "history"]],
    ["create_subshell_request", {}, ["status", "subshell_id"]],
    ["list_subshell_request", {}, ["status", "subshell_id"]],
  ];
  for (const [type, content, fields] of ANSWERED) {
    it(`${type} ${JSON.stringify(content)} is answered between busy and idle, on shell and on control`, async () => {
      for (const channel of ["shell", "control"] as const) {
        const exchange = await ask(type, content, channel);
        assert.deepEqual(between(exchange), []);
        const { header, parent, metadata, content: answer } = exchange.reply;
        assert.equal(header.msg_type, type.replace("_request", "_reply"));
        assert.equal(header.version, "5.5");
        assert.equal(parent?.msg_type, type);
        assert.deepEqual(metadata, {});
        assert.deepEqual(Object.keys(answer).sort(), [...fields].sort());
        for (const one of exchange.published) assert.deepEqual(one.parent, parent);
      }
    });
  }

  it("each message has an identity of its own, and the session's name", async () => {
    const { published, reply } = await client.execute("console.log(1); 2");
    const headers = [...published, reply].map(({ header }) => header);
    assert.equal(new Set(headers.map(({ msg_id }) => msg_id)).size, headers.length);
    assert.equal(new Set(headers.map(({ session }) => session)).size, 1);
    for (const { date } of headers as unknown as { date: string }[])
      assert.ok(!Number.isNaN(Date.parse(date)));
  });

  it("silent: neither input, output, error nor count, and nothing in the history", async () => {
    const first = (await client.execute("0")).reply.content.execution_count;
    for (const code of ["console.log(1); display(2); clearOutput(); 3", "throw new Error('unheard')"]) {
      assert.deepEqual(between(await client.execute(code, { silent: true, store_history: true })), []);
    }
    assert.equal((await client.execute("0")).reply.content.execution_count, Number(first) + 1);
    const { reply } = await ask("history_request", { hist_access_type: "search", pattern: "*unheard*" });
    assert.deepEqual(reply.content.history, []);
  });

  it("user_expressions: each for itself, none after an error, none counted or shown", async () => {
    const exchange = await client.execute("const twice = 2; twice", {
      user_expressions: {
        good: "twice * 2",
        nothing: "undefined",
        types: "twice.length",
        throws: "(() => { throw new RangeError('at run time'); })()",
        awaits: "await Promise.resolve('later')",
        prints: "console.log('unheard')",
        "": "",
      },
    });
    assert.deepEqual(between(exchange), ["execute_input", "execute_result"]);
    const found = exchange.reply.content.user_expressions as Record<string, JsonObject>;
    const shown = (text: string): JsonObject => ({
      status: "ok",
      data: { "text/plain": text },
      metadata: {},
    });
    assert.deepEqual(found.good, shown("4"));
    assert.deepEqual(found.nothing, shown("undefined"));
    assert.deepEqual(found.awaits, shown("'later'"));
    assert.deepEqual(found.prints, shown("undefined"));
    for (const [name, ename] of [
      ["types", "TypeCheckError"],
      ["throws", "RangeError"],
    ] as const) {
      assert.equal(found[name]?.status, "error");
      assert.equal(found[name]?.ename, ename);
      assert.ok(Array.isArray(found[name]?.traceback));
    }
    const failed = await client.execute("throw new Error('no')", { user_expressions: { good: "1" } });
    assert.equal(failed.reply.content.user_expressions, undefined);
  });

  it("stop_on_error false: neither a refused cell nor a failing one aborts what waits", async () => {
    for (const code of ["const wrong: number = 'x';", "throw new Error('go on')", "const ;"]) {
      const sent = [client.begin(code, { stop_on_error: false }), client.begin("'went on'")];
      const [failed, next] = await Promise.all(sent.map(({ done }) => done));
      assert.equal(failed?.reply.content.status, "error");
      assert.equal(next && resultText(next), "'went on'");
    }
  });

  it("update_display_data: from a later cell, under that cell, by the display's name", async () => {
    const first = await client.execute("display('before', { display_id: 'far' }); 0");
    assert.deepEqual(between(first), ["execute_input", "display_data", "execute_result"]);
    const later = await client.execute("display('after', { display_id: 'far', update: true })");
    assert.deepEqual(between(later), ["execute_input", "update_display_data"]);
    const update = later.published[2] as Message;
    assert.deepEqual(update.content, {
      data: { "text/plain": "'after'" },
      metadata: {},
      transient: { display_id: "far" },
    });
    assert.equal(update.parent?.msg_id, later.reply.parent?.msg_id);
  });

  it("clear_output: with and without waiting, in order with text", async () => {
    const exchange = await client.execute(
      "console.log('a'); clearOutput(); console.log('b'); clearOutput(true); display('c');",
    );
    assert.deepEqual(between(exchange), [
      "execute_input",
      "stream stdout",
      "clear_output",
      "stream stdout",
      "clear_output",
      "display_data",
    ]);
    assert.deepEqual(
      exchange.published
        .filter(({ header }) => header.msg_type === "clear_output")
        .map(({ content }) => content),
      [{ wait: false }, { wait: true }],
    );
  });

  it("comms: opened, answered with raw bytes and closed by the front end, each under its own message", async () => {
    await client.execute(
      "comm.onOpen('echo', (one) => { one.onMessage((data, buffers) => one.send({ got: data }, { buffers })); });",
    );
    const open = { comm_id: "c1", target_name: "echo", data: {} };
    const opened = await client.request("shell", "comm_open", open, { needsReply: false }).done;
    assert.deepEqual(outline(opened.published).slice(0, 2), [BUSY, IDLE]);
    const { reply } = await ask("comm_info_request", { target_name: "echo" });
    assert.deepEqual(reply.content.comms, { c1: { target_name: "echo" } });
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => i % 256);
    client.request(
      "shell",
      "comm_msg",
      { comm_id: "c1", data: { n: 1 } },
      { needsReply: false, buffers: [bytes, new Uint8Array(0)] },
    );
    const answer = await client.until(({ header }) => header.msg_type === "comm_msg", "the answer");
    assert.deepEqual(answer.content, { comm_id: "c1", data: { got: { n: 1 } } });
    assert.deepEqual(
      answer.buffers.map((one) => Buffer.from(one).toString("hex")),
      [Buffer.from(bytes).toString("hex"), ""],
    );
    await client.request("shell", "comm_close", { comm_id: "c1", data: {} }, { needsReply: false }).done;
    assert.deepEqual((await ask("comm_info_request", {})).reply.content.comms, {});
  });

  it("history: ranges, searches, output and odd numbers", async () => {
    for (const code of ["'h one'", "'h two'", "'h one'"]) await client.execute(code);
    const search = async (content: JsonObject): Promise<unknown[]> => {
      const { reply } = await ask("history_request", {
        hist_access_type: "search",
        pattern: "'h *",
        ...content,
      });
      return (reply.content.history as [number, number, unknown][]).map(([, , input]) => input);
    };
    assert.deepEqual(await search({}), ["'h one'", "'h two'", "'h one'"]);
    assert.deepEqual(await search({ n: 1 }), ["'h one'"]);
    assert.deepEqual(await search({ unique: true }), ["'h two'", "'h one'"]);
    assert.deepEqual(await search({ output: true, n: 1 }), [["'h one'", null]]);
    assert.deepEqual(await search({ n: -3 }), []);
    assert.deepEqual(await search({ pattern: "'h t?o'" }), ["'h two'"]);
    assert.deepEqual(await search({ pattern: "'h [^t]*" }), ["'h one'", "'h one'"]);
  });

  it("is_complete: complete, incomplete with indent, invalid", async () => {
    const of = async (code: string): Promise<JsonObject> =>
      (await ask("is_complete_request", { code })).reply.content;
    assert.deepEqual(await of("const a = 1;"), { status: "complete" });
    assert.deepEqual(await of("if (true) {"), { status: "incomplete", indent: "  " });
    assert.deepEqual(await of("const const"), { status: "invalid" });
  });

  it("debug_request: an unknown command is refused in the debugger's own words", async () => {
    const command = { seq: 7, type: "request", command: "noSuchCommand", arguments: {} };
    const { reply } = await ask("debug_request", command, "control");
    const { type, request_seq, success, command: answered } = reply.content;
    assert.deepEqual([type, request_seq, success, answered], ["response", 7, false, "noSuchCommand"]);
  });

  it("iopub_welcome: greets each subscriber with what it subscribed to", () => {
    const [first] = client.iopub;
    assert.equal(first?.header.msg_type, "iopub_welcome");
    assert.deepEqual(first?.content, { subscription: "" });
  });

  it("unknown requests and malformed contents are no harm", async () => {
    client.sendFrames("shell", frames("no_such_request", {}));
    for (const content of [{ code: 5 }, { code: null }, {}, { code: "1", user_expressions: 7 }]) {
      const { reply } = await ask("execute_request", content as JsonObject);
      assert.equal(reply.header.msg_type, "execute_reply");
    }
    for (const type of ["complete_request", "inspect_request", "is_complete_request", "history_request"]) {
      assert.match(
        String((await ask(type, { code: 5, cursor_pos: "x", n: "y" })).reply.header.msg_type),
        /_reply$/,
      );
    }
  });

  it("a forged message is not run, a replayed one once", async () => {
    const heard = client.iopub.length;
    const forged = frames("execute_request", { code: "console.log('forged')" });
    forged[1] = Buffer.from("0".repeat(64));
    const twice = frames("execute_request", { code: "console.log('once')" });
    for (const one of [forged, twice, twice]) client.sendFrames("shell", one);
    await client.execute("0");
    assert.equal(streamText(client.iopub.slice(heard)), "once\n");
  });

  it("interrupt_request: ends a cell that is still being checked", async () => {
    // Types that take the compiler seconds.
    const slow =
      "type Grow<T extends unknown[], N> = T['length'] extends N ? T : Grow<[...T, 1], N>;\n" +
      Array.from({ length: 60 }, (_, i) => `const g${i}: Grow<[], ${900 + i}>['length'] = ${900 + i};`).join(
        "\n",
      ) +
      "\nconsole.log('ran');";
    const sent = client.begin(slow);
    const begun = ({ parent, header }: Message): boolean =>
      parent?.msg_id === sent.id && header.msg_type === "execute_input";
    await client.until(begun, "its input");
    const { reply } = await ask("interrupt_request", {}, "control");
    assert.deepEqual(reply.content, { status: "ok" });
    const ended = await sent.done;
    assert.equal(ended.reply.content.ename, "Interrupted");
    assert.deepEqual(
      between(ended).filter((one) => one !== BUSY),
      ["execute_input", "error"],
    );
    assert.equal(resultText(await client.execute("known.width")), "1");
  });

  for (const restart of [true, false]) {
    it(`shutdown_request: is answered with restart ${restart}, then the process ends`, async () => {
      const own = await KernelClient.start();
      const exchange = await own.request("control", "shutdown_request", { restart }).done;
      assert.equal(exchange.reply.header.msg_type, "shutdown_reply");
      assert.deepEqual(exchange.reply.content, { status: "ok", restart });
      assert.deepEqual(outline(exchange.published), [BUSY, IDLE]);
      await own.close();
      assert.equal(own.process.exitCode, 0);
    });
  }

  function frames(type: string, content: JsonObject): Uint8Array[] {
    const header = client.codec.header(type);
    return client.codec.encode({ identities: [], header, parent: null, metadata: {}, content, buffers: [] });
  }
});
