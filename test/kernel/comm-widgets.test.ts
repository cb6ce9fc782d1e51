/** Comms of user code, tables, widgets and controls, over real sockets, with raw bytes both ways. */
import assert from "node:assert/strict";
import type { JsonObject, Message } from "../../kernel-ext/src/wire/message.js";
import { type Exchange, KernelClient, outline, resultText, streamText, traceback } from "./client.js";

const TABLE = "application/vnd.radbook.table+json";
const WIDGET = "application/vnd.radbook.widget+json";

describe("kernel: comms, tables and widgets", () => {
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start();
  });
  after(() => client.close());

  function send(type: string, content: JsonObject, buffers: readonly Uint8Array[] = []): Promise<Exchange> {
    return client.request("shell", type, content, { buffers, needsReply: false }).done;
  }

  function say(comm: string, data: unknown, buffers: readonly Uint8Array[] = []): Promise<Exchange> {
    return send("comm_msg", { comm_id: comm, data }, buffers);
  }

  function open(comm: string, target: string, data: unknown): Promise<Exchange> {
    return send("comm_open", { comm_id: comm, target_name: target, data });
  }

  function heard(
    comm: string,
    test: (data: JsonObject, message: Message) => boolean,
    what: string,
  ): Promise<Message> {
    return client.until(
      (message) =>
        message.content.comm_id === comm && test((message.content.data ?? {}) as JsonObject, message),
      what,
    );
  }

  function shown(exchange: Exchange, mime: string): JsonObject[] {
    return exchange.published.flatMap(({ content }) => {
      const data = (content.data ?? {}) as JsonObject;
      return mime in data ? [data[mime] as JsonObject] : [];
    });
  }

  async function comms(target = ""): Promise<unknown> {
    const { reply } = await client.request("shell", "comm_info_request", { target_name: target }).done;
    return reply.content.comms;
  }

  describe("comm", () => {
    it("opens to the front end, sends and hears JSON with bytes, and closes", async () => {
      const exchange =
        await client.execute(`const channel = comm.open("test.own", { a: 1 }, { buffers: [new Uint8Array([1, 2])] });
channel.onMessage((data, buffers) => {
  console.log("heard", data.n, [...(buffers[0] ?? [])]);
  channel.send({ twice: 2 * data.n }, { buffers: [new Float32Array([data.n])] });
});
channel.onClose((data) => console.log("closed", data.why));`);
      const opened = exchange.published.find(({ header }) => header.msg_type === "comm_open") as Message;
      const id = String(opened.content.comm_id);
      assert.deepEqual(opened.content, { comm_id: id, target_name: "test.own", data: { a: 1 } });
      assert.deepEqual([...(opened.buffers[0] ?? [])], [1, 2]);
      assert.deepEqual(await comms("test.own"), { [id]: { target_name: "test.own" } });

      await say(id, { n: 21 }, [new Uint8Array([7, 8])]);
      const reply = await heard(id, (data) => data.twice === 42, "the answer");
      assert.equal(new Float32Array(Uint8Array.from(reply.buffers[0] ?? []).buffer)[0], 21);
      await send("comm_close", { comm_id: id, data: { why: "done" } });
      await client.until(
        ({ content }) => String(content.text).includes("closed done"),
        "the line that the close printed",
      );
      assert.match(streamText(client.iopub), /heard 21 \[ 7, 8 \]\n/);
      assert.deepEqual(await comms("test.own"), {});
      assert.equal(resultText(await client.execute("channel.isOpen")), "false");
      const late = await client.execute("channel.send({})");
      assert.match(traceback(late).join("\n"), /"test\.own" is closed/);
    });

    it("answers a target that the front end opens, until told not to", async () => {
      await client.execute(`const stop = comm.onOpen("test.ask", (opened, data) => {
  opened.send({ hello: data.name });
  opened.onMessage(({ text }) => opened.send({ echo: text }));
});`);
      await open("a1", "test.ask", { name: "Ada" });
      await say("a1", { text: "right away" });
      await heard("a1", (data) => data.hello === "Ada", "the greeting");
      await heard("a1", (data) => data.echo === "right away", "the echo");
      await client.execute("stop()");
      await open("a2", "test.ask", {});
      const refused = await heard("a2", (_, { header }) => header.msg_type === "comm_close", "the refusal");
      assert.match(String((refused.content.data as JsonObject).error), /no comm target "test\.ask"/);
    });

    it("shows a failing handler under its cell and goes on", async () => {
      const cell = await client.execute(`const failing = comm.open("test.fail");
failing.onMessage(() => { throw new RangeError("not this"); });
failing.onMessage(() => failing.send({ still: "here" }));
failing.id`);
      const id = String(resultText(cell)).slice(1, -1);
      await say(id, {});
      await client.until(({ content }) => content.ename === "RangeError", "the error");
      const error = client.iopub.find(({ content }) => content.ename === "RangeError");
      assert.equal(error?.parent?.msg_id, cell.reply.parent?.msg_id);
      await heard(id, (data) => data.still === "here", "the second handler");
    });
  });

  describe("tables", () => {
    it("saves the first page only, and answers for the rest in any order", async () => {
      const exchange = await client.execute(
        `const rows = Array.from({ length: 100_000 }, (_, i) => ({ id: "P" + i, n: (i * 7919) % 100_003, x: i % 3 ? i / 7 : NaN }));
display.table(rows, { title: "Patients" });`,
        {},
        { cellId: "t1" },
      );
      const [payload] = shown(exchange, TABLE) as [JsonObject];
      assert.ok(JSON.stringify(payload).length < 20_000);
      assert.deepEqual(payload.columns, [
        { name: "id", unit: "", numeric: false, key: false },
        { name: "n", unit: "", numeric: true, key: false },
        { name: "x", unit: "", numeric: true, key: false },
      ]);
      assert.equal(payload.rowCount, 100_000);
      const saved = payload.rows as unknown[][];
      assert.equal(saved.length, 100);
      assert.deepEqual(saved.slice(0, 2), [
        ["P0", 0, null],
        ["P1", 7919, 1 / 7],
      ]);
      const data = exchange.published.find(({ content }) => content.data)?.content.data as JsonObject;
      assert.match(String(data["text/html"]), /20 of 100000 rows/);

      await open("t", "radbook.live", { id: payload.id });
      const ask = async (request: number, content: JsonObject): Promise<unknown[][]> => {
        await say("t", { request, content: { kind: "rows", columns: [0, 1, 2], count: 3, ...content } });
        await heard("t", (answer) => answer.request === request && answer.done === true, "the end");
        const message = await heard("t", (answer) => answer.request === request, "the rows");
        return ((message.content.data as JsonObject).content as { rows: unknown[][] }).rows;
      };
      assert.deepEqual(await ask(1, { start: 99_998 }), [
        ["P99998", (99_998 * 7919) % 100_003, 99_998 / 7],
        ["P99999", (99_999 * 7919) % 100_003, null],
      ]);
      const up = await ask(2, { start: 0, sort: { column: 1, descending: false } });
      assert.deepEqual(
        up.map((row) => row[1]),
        [0, 1, 2],
      );
      const text = await ask(3, {
        start: 9,
        columns: [0],
        sort: { column: 0, descending: false },
      });
      assert.deepEqual(text, [["P9"], ["P10"], ["P11"]]);
      const down = await ask(4, { start: 0, sort: { column: 2, descending: true } });
      assert.equal(down[0]?.[0], "P99998", "the largest first, missing values last");
      const last = await ask(5, { start: 99_997, sort: { column: 2, descending: true } });
      assert.deepEqual(
        last.map((row) => row[2]),
        [null, null, null],
      );
    });

    it("takes columns, lists and values that give their columns themselves", async () => {
      const exchange = await client.execute(`display.table({ a: new Float32Array([1, 2]), b: ["x", "y"] });
display.table([[1, "<i>"], [2]]);
({ [Symbol.for("Radbook.table")]: () => ({ rowCount: 1, title: "own", columns: [{ name: "v", unit: "mm", key: true, values: [5] }] }),
   [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "its own text" }) })`);
      const [columns, lists, own] = shown(exchange, TABLE) as [JsonObject, JsonObject, JsonObject];
      assert.deepEqual(columns.rows, [
        [1, "x"],
        [2, "y"],
      ]);
      assert.deepEqual(lists.rows, [
        [1, "<i>"],
        [2, null],
      ]);
      assert.deepEqual(own.columns, [{ name: "v", unit: "mm", numeric: true, key: true }]);
      assert.equal(resultText(exchange), "its own text");
      assert.ok(exchange.published.every(({ content }) => !JSON.stringify(content).includes("<td><i>")));
    });

    it("refuses what is no table", async () => {
      assert.match(traceback(await client.execute("display.table([1, 2])")).join("\n"), /row 0 is 1/);
      assert.match(traceback(await client.execute("display.table({})")).join("\n"), /list of rows/);
      const uneven = await client.execute("display.table({ a: [1], b: [1, 2] })");
      assert.match(traceback(uneven).join("\n"), /column "b" has 2 values, the table has 1 rows/);
    });
  });

  describe("widgets", () => {
    it("shares state, bytes and messages with its views", async () => {
      const exchange = await client.execute(`const w = widget({
  esm: "export default { render() {} }",
  css: ".a { color: red }",
  state: { count: 1, mask: new Uint8Array([1, 2, 3]), deep: { list: [new Uint8Array([9])] } },
});
w.on("change:count", (value) => console.log("count", value.toFixed(1)));
w.on("msg:custom", (content, buffers) => w.send({ back: content }, buffers));
w`);
      const [payload] = shown(exchange, WIDGET) as [JsonObject];
      assert.deepEqual(Object.keys(payload), ["version", "id"], "no code lies in the notebook");
      await open("w1", "radbook.widget", { id: payload.id });
      await open("w2", "radbook.widget", { id: payload.id });
      const first = await heard("w1", (data) => data.method === "open", "the state");
      assert.deepEqual(first.content.data, {
        method: "open",
        esm: "export default { render() {} }",
        css: ".a { color: red }",
        state: { count: 1, mask: null, deep: { list: [null] } },
        buffer_paths: [["mask"], ["deep", "list", 0]],
      });
      assert.deepEqual(
        first.buffers.map((bytes) => [...bytes]),
        [[1, 2, 3], [9]],
      );

      await say(
        "w1",
        { method: "update", state: { count: 5, mask: null, foreign: 1 }, buffer_paths: [["mask"]] },
        [new Uint8Array([4])],
      );
      await heard("w1", (data) => data.method === "ack", "the end of the handlers");
      assert.match(streamText(client.iopub), /count 5\.0\n/);
      const other = await heard("w2", (data) => data.method === "update", "the change in the other view");
      assert.deepEqual(other.content.data, {
        method: "update",
        state: { count: 5, mask: null },
        buffer_paths: [["mask"]],
      });
      assert.equal(resultText(await client.execute('[w.get("count"), [...w.get("mask")]]')), "[ 5, [ 4 ] ]");

      await client.execute('w.set("count", 6)');
      await heard("w1", (data) => (data.state as JsonObject | undefined)?.count === 6, "the kernel's change");
      await say("w1", { method: "custom", content: { hi: 1 } }, [new Uint8Array([3, 3])]);
      const back = await heard("w2", (data) => data.method === "custom", "the message");
      assert.deepEqual((back.content.data as JsonObject).content, { back: { hi: 1 } });
      assert.deepEqual([...(back.buffers[0] ?? [])], [3, 3]);
    });

    it("checks types of names and values", async () => {
      for (const code of ['w.set("count", "six")', 'w.get("cuont")', 'w.on("change:cuont", () => 0)'])
        assert.equal((await client.execute(code)).reply.content.ename, "TypeCheckError", code);
    });

    it("says that a widget is gone", async () => {
      await open("w3", "radbook.widget", { id: "gone" });
      const closed = await heard("w3", (_, { header }) => header.msg_type === "comm_close", "the refusal");
      assert.match(String((closed.content.data as JsonObject).error), /no widget "gone"/);
    });
  });

  describe("controls", () => {
    it("gives typed values, set from the page and from cells, and holds them to their range", async () => {
      const exchange = await client.execute(`const size = controls.slider({ min: 0, max: 10, label: "size" });
const kind = controls.dropdown({ options: ["lung", "bone"], value: "bone" });
const seen: number[] = [];
size.onChange((value) => { seen.push(value); });
display(size);
display(kind);
const narrow: "lung" | "bone" = kind.value;
[size.value, narrow]`);
      assert.equal(resultText(exchange), "[ 5, 'bone' ]");
      assert.deepEqual(shown(exchange, "text/plain").slice(0, 2), ["size: 5", "bone"], "on paper");
      const [slider, dropdown] = shown(exchange, WIDGET) as [JsonObject, JsonObject];
      await open("c1", "radbook.widget", { id: slider.id });
      await open("c2", "radbook.widget", { id: dropdown.id });
      const state = await heard("c2", (data) => data.method === "open", "the dropdown");
      assert.deepEqual((state.content.data as JsonObject).state, {
        disabled: false,
        label: "",
        options: ["lung", "bone"],
        value: 1,
      });
      await say("c1", { method: "update", state: { value: 99 } });
      await say("c2", { method: "update", state: { value: 0 } });
      await heard("c2", (data) => data.method === "ack", "the end");
      assert.equal(
        resultText(await client.execute("size.value = 3;\n[seen, size.value, kind.value]")),
        "[ [ 10, 3 ], 3, 'lung' ]",
      );
      const wrong = await client.execute('kind.value = "liver"');
      assert.equal(wrong.reply.content.ename, "TypeCheckError");
    });

    it("gives pairs, typed numbers and colors, holds what the page says to them, and can be disabled", async () => {
      const exchange =
        await client.execute(`const span = controls.range({ min: 0, max: 10, value: [8, 2], label: "span" });
const dose = controls.number({ min: 0, value: 2.5 });
const paint = controls.color({ value: "#FF0000" });
display(span); display(dose); display(paint);
const pair: readonly [number, number] = span.value;
[pair, dose.value, paint.value, span.disabled]`);
      assert.equal(resultText(exchange), "[ [ 2, 8 ], 2.5, '#ff0000', false ]");
      assert.deepEqual(shown(exchange, "text/plain").slice(0, 3), ["span: 2 – 8", "2.5", "#ff0000"]);
      for (const [i, [bad, name]] of [
        [[99, "x"], "span"],
        ["much", "dose"],
        ["red; background: url(x)", "paint"],
      ].entries()) {
        const { id } = shown(exchange, WIDGET)[i] as JsonObject;
        await open(`r${name}`, "radbook.widget", { id });
        await say(`r${name}`, { method: "update", state: { value: bad } });
        await heard(`r${name}`, (data) => data.method === "ack", "the end");
      }
      const held = await client.execute("span.disabled = true;\n[span.value, dose.value, paint.value]");
      assert.equal(resultText(held), "[ [ 0, 10 ], 2.5, '#ff0000' ]");
      await heard("rspan", ({ state }) => (state as JsonObject | undefined)?.disabled === true, "the rest");
      assert.match(traceback(await client.execute('paint.value = "red"')).join("\n"), /#rrggbb/);
    });

    it("renews what interact shows, and shows errors in its place", async () => {
      const exchange =
        await client.execute(`interact({ n: [0, 10], unit: ["mm", "cm"], on: true }, ({ n, unit, on }) => {
  if (n > 8) throw new RangeError("too large");
  return { [Symbol.for("Jupyter.display")]: () => ({ "text/plain": n.toFixed(0) + unit.toUpperCase() + on }) };
});`);
      assert.deepEqual(outline(exchange.published).slice(2, -1), Array(4).fill("display_data"));
      const name = exchange.published
        .map(({ content }) => (content.transient as JsonObject | undefined)?.display_id)
        .find(Boolean);
      const renewed = (text: string): Promise<Message> =>
        client.until(
          ({ header, content }) =>
            header.msg_type === "update_display_data" &&
            (content.transient as JsonObject).display_id === name &&
            String((content.data as JsonObject)["text/plain"]).includes(text),
          text,
        );
      const [slider, dropdown] = shown(exchange, WIDGET) as [JsonObject, JsonObject];
      await open("i1", "radbook.widget", { id: slider.id });
      await open("i2", "radbook.widget", { id: dropdown.id });
      await say("i1", { method: "update", state: { value: 7 } });
      await renewed("7MMtrue");
      await say("i2", { method: "update", state: { value: 1 } });
      await renewed("7CMtrue");
      await say("i1", { method: "update", state: { value: 9 } });
      const failed = await renewed("RangeError: too large");
      assert.ok("application/vnd.jupyter.stderr" in (failed.content.data as JsonObject));
      await say("i1", { method: "update", state: { value: 2 } });
      await renewed("2CMtrue");
    });

    it("counts clicks and runs what they start", async () => {
      const exchange = await client.execute(
        'const go = controls.button({ label: "Go", onClick: () => console.log("clicked", go.value) });\ngo',
      );
      const [payload] = shown(exchange, WIDGET) as [JsonObject];
      await open("b1", "radbook.widget", { id: payload.id });
      await say("b1", { method: "update", state: { value: 1 } });
      await client.until(({ content }) => String(content.text).includes("clicked 1"), "the click");
    });

    it("refuses impossible controls", async () => {
      assert.match(
        traceback(await client.execute("controls.slider({ min: 2, max: 1 })")).join("\n"),
        /min < max/,
      );
      const none = await client.execute("controls.dropdown({ options: [] as string[] })");
      assert.match(traceback(none).join("\n"), /at least one option/);
    });

    it("tells all views when the process of the cells ends", async () => {
      const ended = await client.execute("process.exit(3)");
      assert.equal(ended.reply.content.ename, "ProcessEnded");
      const closed = await heard("c1", (_, { header }) => header.msg_type === "comm_close", "the end");
      assert.match(String((closed.content.data as JsonObject).error), /process of the cells ended/);
      assert.deepEqual(await comms(), {});
    });
  });
});
