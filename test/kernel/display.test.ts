/** Progress, known kinds of values, the console and questions, over real sockets. */
import assert from "node:assert/strict";
import type { JsonObject, Message } from "../../kernel-ext/src/wire/message.js";
import { type Exchange, KernelClient, outline, resultText, streamText, traceback } from "./client.js";

/** The smallest PNG image. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

describe("kernel: display", () => {
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start();
  });
  after(() => client.close());

  function displays(exchange: Exchange): Message[] {
    return exchange.published.filter(({ header }) => /display_data$/.test(header.msg_type));
  }

  function dataOf(message: Message | undefined): JsonObject {
    return (message?.content.data ?? {}) as JsonObject;
  }

  function plain(message: Message | undefined): string {
    return String(dataOf(message)["text/plain"]);
  }

  describe("progress", () => {
    it("moves one output while a cell blocks, and leaves one line", async () => {
      const code = `let sum = 0;
for (const id of progress(["a", "b", "c", "d"], { label: "Patients" })) {
  const end = Date.now() + 130;
  while (Date.now() < end) sum += id.length;
}`;
      const sent = client.begin(code);
      const moving = await client.until(
        ({ header, parent }) => header.msg_type === "update_display_data" && parent?.msg_id === sent.id,
        "a moved bar",
      );
      assert.match(plain(moving), /^Patients \[[#.]{20}\] [123] of 4 · .* · 0\.\d s/);
      const shown = displays(await sent.done);
      const ids = new Set(shown.map(({ content }) => (content.transient as JsonObject).display_id));
      assert.equal(ids.size, 1);
      assert.deepEqual(new Set(outline(shown.slice(1))), new Set(["update_display_data"]));
      assert.equal(outline(shown)[0], "display_data");
      assert.ok(shown.length >= 4 && shown.length <= 8, `${shown.length} messages`);
      assert.match(plain(shown.at(-1)), /^Patients: 4 in 0\.\d s, \d+\.\d\/s$/);
    });

    it("paints at most ten times a second", async () => {
      const exchange = await client.execute(
        "const start = Date.now();\nfor (const i of progress(300_000)) if (Date.now() - start > 400) break;\nDate.now() - start",
      );
      const most = 2 + Number(resultText(exchange)) / 100;
      assert.ok(displays(exchange).length <= most, `${displays(exchange).length} of at most ${most}`);
    });

    it("shows rate and remaining time", async () => {
      const exchange = await client.execute(
        "for (const i of progress(8)) { const end = Date.now() + 60; while (Date.now() < end); }",
      );
      const texts = displays(exchange).map(plain);
      assert.ok(
        texts.some((text) => /^\[#+\.+\] \d of 8 · \d+\.\d\/s · 0\.\d s · 0\.\d s left$/.test(text)),
        texts.join("\n"),
      );
    });

    it("puts loops inside loops into the same output, of which the outermost leaves its line", async () => {
      const exchange = await client.execute(`for (const i of progress([1, 2], { label: "outer" }))
  for (const j of progress(3, { label: "inner" })) { const end = Date.now() + 60; while (Date.now() < end); }
for (const k of progress(new Set(["x"]), { label: "next" }));`);
      const texts = displays(exchange).map(plain);
      assert.ok(
        texts.some((text) => /^outer .* of 2 .*\n {2}inner .* of 3 /.test(text)),
        texts.join("\n"),
      );
      const last = new Map(
        displays(exchange).map((message) => [
          (message.content.transient as JsonObject).display_id,
          plain(message),
        ]),
      );
      assert.deepEqual(
        [...last.values()].map((text) => text.replace(/ in .*/, "")),
        ["outer: 2", "next: 1"],
      );
    });

    it("says where a loop was left, by break, by an error and by an interrupt", async () => {
      const broken = await client.execute("for (const i of progress(10)) if (i === 3) break;");
      assert.match(plain(displays(broken).at(-1)), /^stopped at 3 of 10 after /);
      const failed = await client.execute(
        'for (const i of progress([1, 2, 3])) if (i === 2) throw new Error("x");',
      );
      assert.match(plain(displays(failed).at(-1)), /^stopped at 1 of 3 after /);
      const sent = client.begin("for (const i of progress([1, 2])) while (true);");
      await client.until(
        ({ header, parent }) => header.msg_type === "display_data" && parent?.msg_id === sent.id,
        "the bar",
      );
      await client.request("control", "interrupt_request", {}).done;
      assert.match(plain(displays(await sent.done).at(-1)), /^stopped at 0 of 2 after /);
      const next = await client.execute("for (const i of progress([1]));");
      assert.match(plain(displays(next).at(-1)), /^1 in /);
    });

    it("goes through asynchronous and endless items and takes steps by hand", async () => {
      const exchange = await client.execute(`async function* scans() { yield 1; yield 2; }
let n = 0;
for await (const scan of progress(scans(), { label: "scans" })) n += scan;
const work = progress(5, { label: "work" });
work.advance(2);
work.set(5);
[n, work.done, work.total]`);
      assert.equal(resultText(exchange), "[ 3, 5, 5 ]");
      const lines = displays(exchange)
        .map(plain)
        .filter((text) => / in /.test(text));
      assert.deepEqual(
        lines.map((text) => text.replace(/ in .*/, "")),
        ["scans: 2", "work: 5"],
      );
    });

    it("keeps the types of the items and refuses what is no loop", async () => {
      const refused = await client.execute("for (const x of progress([1, 2])) x.toUpperCase();");
      assert.match(traceback(refused).join("\n"), /toUpperCase/);
      assert.match(traceback(await client.execute("progress(-1)")).join("\n"), /whole number of steps/);
      assert.match(traceback(await client.execute("progress(null as never)")).join("\n"), /a loop can go/);
    });

    it("escapes labels", async () => {
      const exchange = await client.execute('for (const i of progress(1, { label: "<b>&" }));');
      for (const message of displays(exchange))
        assert.match(String(dataOf(message)["text/html"]), /&lt;b&gt;&amp;/);
    });
  });

  describe("values", () => {
    it("shows image bytes as images, as a result and by display", async () => {
      const code = `const png = Buffer.from("${PNG}", "base64");\ndisplay(png);\ndisplay.png(png);\npng`;
      const exchange = await client.execute(code);
      const result = exchange.published.find(({ header }) => header.msg_type === "execute_result");
      for (const message of [...displays(exchange), result]) {
        const data = dataOf(message);
        assert.deepEqual(data["image/png"], PNG);
        assert.equal(data["text/plain"], "image/png, 70 bytes");
      }
      const wrong = await client.execute("display.jpeg(new Uint8Array([1, 2, 3]))");
      assert.match(traceback(wrong).join("\n"), /not image\/jpeg/);
      assert.equal(
        resultText(await client.execute("new Uint8Array([1, 2])")),
        "Uint8Array(2) [ 1, 2 ]",
        "other bytes stay text",
      );
    });

    it("shows Vega-Lite specifications as charts", async () => {
      const spec = { mark: "bar", data: { values: [{ a: 1 }] }, encoding: { x: { field: "a" } } };
      const schema = "https://vega.github.io/schema/vega-lite/v5.json";
      const exchange = await client.execute(
        `display.vegaLite(${JSON.stringify(spec)});\n(${JSON.stringify({ $schema: schema, ...spec })})`,
      );
      assert.deepEqual(dataOf(displays(exchange)[0])["application/vnd.vegalite.v5+json"], spec);
      const result = exchange.published.find(({ header }) => header.msg_type === "execute_result");
      assert.deepEqual(dataOf(result)["application/vnd.vegalite.v5+json"], { $schema: schema, ...spec });
      const other = await client.execute('({ $schema: "https://json-schema.org/draft/2020-12/schema" })');
      const data = dataOf(other.published.find(({ header }) => header.msg_type === "execute_result"));
      assert.deepEqual(Object.keys(data), ["text/plain"]);
    });

    it("shows HTML, Markdown, LaTeX and SVG text as such", async () => {
      const exchange = await client.execute(
        'display.html("<b>bold</b>"); display.markdown("# A"); display.latex("x^2"); display.latex("$y$"); display.svg("<svg/>");',
      );
      assert.deepEqual(displays(exchange).map(dataOf), [
        { "text/html": "<b>bold</b>", "text/plain": "bold" },
        { "text/markdown": "# A", "text/plain": "# A" },
        { "text/latex": "$$x^2$$", "text/plain": "x^2" },
        { "text/latex": "$y$", "text/plain": "$y$" },
        { "image/svg+xml": "<svg/>", "text/plain": "image/svg+xml" },
      ]);
    });

    it("changes a named output, also from another cell", async () => {
      await client.execute('display.html("<i>one</i>", { display_id: "name-1" });');
      const exchange = await client.execute('display("two", { display_id: "name-1", update: true });');
      assert.deepEqual(outline(displays(exchange)), ["update_display_data"]);
      assert.deepEqual(displays(exchange)[0]?.content.transient, { display_id: "name-1" });
    });

    it("takes a bundle as it is", async () => {
      const exchange = await client.execute(
        'display({ "application/x-own": { a: 1 }, "text/plain": "own" }, { raw: true });',
      );
      assert.deepEqual(dataOf(displays(exchange)[0]), {
        "application/x-own": { a: 1 },
        "text/plain": "own",
      });
    });
  });

  describe("console", () => {
    it("prints tables, directories and times", async () => {
      const exchange = await client.execute(
        'console.table([{ id: "a", n: 1 }, { id: "b", n: 2 }]);\nconsole.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 });\nconsole.time("work");\nconsole.timeEnd("work");',
      );
      const text = streamText(exchange.published);
      assert.match(text, /│ \(index\) │ id {2}│ n │\n.*\n│ 0 {7}│ 'a' │ 1 │\n│ 1 {7}│ 'b' │ 2 │/);
      assert.match(text, /\{ a: \[Object\] \}\nwork: [\d.]+ms\n$/);
    });

    it("indents groups, and no cell after the one that left a group open", async () => {
      const open = await client.execute(
        'console.group("A");\nconsole.log("x\\ny");\nconsole.group("B");\nconsole.log("z");\nthrow new Error("left");',
      );
      assert.equal(streamText(open.published), "A\n  x\n  y\n  B\n    z\n");
      assert.equal(streamText((await client.execute('console.log("plain");')).published), "plain\n");
    });
  });

  describe("questions", () => {
    function reply(question: Message, value: string): void {
      const header = client.codec.header("input_reply");
      const parent = question.header;
      const content = { status: "ok", value };
      client.sendFrames(
        "stdin",
        client.codec.encode({ identities: [], header, parent, metadata: {}, content, buffers: [] }),
      );
    }

    it("answers prompt() in the same line of code, while other requests are served", async () => {
      const sent = client.begin('const name = prompt("Name? ");\nname.length', { allow_stdin: true });
      const question = await client.question();
      assert.deepEqual(question.content, { prompt: "Name? ", password: false });
      await client.request("control", "kernel_info_request", {}).done;
      reply(question, "Aδα😀");
      assert.equal(resultText(await sent.done), "5");
    });

    it("hides passwords, in order with input()", async () => {
      const code =
        'const both = await Promise.all([input("a"), input("b")]);\nboth.join() + prompt("c", { password: true })';
      const sent = client.begin(code, { allow_stdin: true });
      for (const [text, password] of [
        ["a", false],
        ["b", false],
        ["c", true],
      ] as const) {
        const question = await client.question();
        assert.deepEqual(question.content, { prompt: text, password });
        reply(question, text.toUpperCase());
      }
      assert.equal(resultText(await sent.done), "'A,BC'");
    });

    it("refuses where no input is taken", async () => {
      const exchange = await client.execute('prompt("Name? ")', { allow_stdin: false });
      assert.match(traceback(exchange).join("\n"), /takes no input/);
    });

    it("is interrupted while it waits, and the next question has its own answer", async () => {
      for (const code of ['prompt("one")', 'await input("one")']) {
        const sent = client.begin(code, { allow_stdin: true });
        await client.question();
        await client.request("control", "interrupt_request", {}).done;
        assert.equal((await sent.done).reply.content.ename, "Interrupted");
        const next = client.begin('prompt("two")', { allow_stdin: true });
        const question = await client.question();
        assert.equal(question.content.prompt, "two");
        reply(question, "2");
        assert.equal(resultText(await next.done), "'2'");
      }
    });

    it("keeps comm messages that come while it waits, in order", async () => {
      await client.execute(`const heard: number[] = [];
({ [Symbol.for("Radbook.live")]: { id: "keeps", *answer(n: number) { heard.push(n); yield { content: n }; } } })`);
      const send = (type: string, content: JsonObject): void => {
        client.request("shell", type, content, { needsReply: false });
      };
      const sent = client.begin('prompt("now")', { allow_stdin: true });
      const question = await client.question();
      send("comm_open", { comm_id: "k1", target_name: "radbook.live", data: { id: "keeps" } });
      for (const n of [1, 2, 3]) send("comm_msg", { comm_id: "k1", data: { request: n, content: n } });
      reply(question, "yes");
      await sent.done;
      await client.until(
        ({ content }) =>
          content.comm_id === "k1" &&
          (content.data as JsonObject).request === 3 &&
          "done" in (content.data as object),
        "the last answer",
      );
      assert.equal(resultText(await client.execute("heard")), "[ 1, 2, 3 ]");
    });
  });
});
