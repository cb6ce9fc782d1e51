/** Errors of cells over real sockets: exact tracebacks, and the cell that each belongs to. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Message } from "../../kernel-ext/src/wire/message.js";
import { type Exchange, KernelClient, resultText, traceback } from "./client.js";

describe("kernel: errors", () => {
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start();
  });
  after(() => client.close());

  /** The traceback of a cell, which it calls "Cell [n]" whatever its number. */
  async function failing(code: string): Promise<string[]> {
    const exchange = await client.execute(code);
    assert.equal(exchange.reply.content.status, "error", code);
    return anonymous(traceback(exchange), exchange);
  }
  function anonymous(lines: readonly string[], { reply }: Exchange): string[] {
    return lines.map((line) => line.replaceAll(`Cell [${reply.content.execution_count}]`, "Cell [n]"));
  }
  function write(name: string, text: string): string {
    const file = path.join(client.folder, name);
    writeFileSync(file, text);
    return file;
  }

  it("have the messages of a cause and of its cause, each with its line", async () => {
    const code =
      'const inner = new TypeError("inner", { cause: "why" });\nthrow new Error("outer", { cause: inner });';
    assert.deepEqual(await failing(code), [
      "Error: outer",
      "Cell [n], line 2",
      '  1 | const inner = new TypeError("inner", { cause: "why" });',
      '> 2 | throw new Error("outer", { cause: inner });',
      "    |       ^",
      "    at Cell [n]:2:7",
      "",
      "Caused by: TypeError: inner",
      "Cell [n], line 1",
      '> 1 | const inner = new TypeError("inner", { cause: "why" });',
      "    |               ^",
      '  2 | throw new Error("outer", { cause: inner });',
      "    at Cell [n]:1:15",
      "",
      "Caused by: 'why'",
    ]);
  });

  it("are told once where an error is its own cause", async () => {
    const lines = await failing('const loop: Error = new Error("self");\nloop.cause = loop; throw loop;');
    assert.deepEqual(lines.filter((line) => line.includes("self")).length, 2);
    assert.ok(!lines.some((line) => line.startsWith("Caused by")));
  });

  it("list the parts of an aggregate error, the first of many", async () => {
    const two = await failing('await Promise.any([Promise.reject(new Error("x1")), Promise.reject("x2")]);');
    assert.equal(two[0], "AggregateError: All promises were rejected");
    assert.deepEqual(
      two.filter((line) => line.startsWith("One of")),
      ["One of the errors: Error: x1", "One of the errors: 'x2'"],
    );
    const many = await failing("throw new AggregateError(Array.from({ length: 50 }, (_, i) => i), 'many');");
    assert.equal(many.filter((line) => line.startsWith("One of")).length, 5);
    assert.equal(many.at(-1), "… and 45 more errors");
  });

  it("show both of an error and the one in disposing", async () => {
    const lines = await failing(
      '{ using x = { [Symbol.dispose]() { throw new Error("in disposing"); } }; throw new RangeError("in the block"); }',
    );
    assert.match(String(lines[0]), /^SuppressedError: /);
    assert.ok(lines.includes("While a resource was disposed of: Error: in disposing"), lines.join("\n"));
    assert.ok(lines.includes("Before that: RangeError: in the block"), lines.join("\n"));
  });

  it("fold the frames of endless recursion", async () => {
    const lines = await failing("function deep(n: number): number { return deep(n + 1) + 1; }\ndeep(0);");
    assert.equal(lines[0], "RangeError: Maximum call stack size exceeded");
    assert.match(lines.at(-1) ?? "", /^ {4}… \d+ more times$/);
    assert.ok(lines.length < 12, lines.join("\n"));
    const pair = await failing(
      "const a = (n: number): number => b(n) + 1;\nconst b = (n: number): number => a(n) + 1;\na(0);",
    );
    assert.ok(pair.length < 30, pair.join("\n"));
    assert.match(pair.at(-1) ?? "", /^ {4}… \d+ more$/);
  });

  it("have the person's frames only: none of built-in functions, of Node or of iterators", async () => {
    assert.deepEqual((await failing("[1].map((x) => { throw new Error('m' + x); });")).slice(4), [
      "    at Cell [n]:1:24",
      "    at Cell [n]:1:5",
    ]);
    const iterator =
      "async function* numbers() { yield 1; throw new RangeError('broke'); }\nfor await (const n of numbers());";
    assert.deepEqual((await failing(iterator)).slice(5), [
      "    at numbers (Cell [n]:1:44)",
      "    at Cell [n]:2:18",
    ]);
    assert.deepEqual((await failing("eval(\"throw new Error('inside')\");")).slice(4), [
      "    at eval (evaluated:1:7)",
      "    at Cell [n]:1:1",
    ]);
  });

  it("of another realm are errors as well", async () => {
    const exchange = await client.execute(
      'import { runInNewContext } from "node:vm";\nrunInNewContext("null.x");',
    );
    assert.equal(exchange.reply.content.ename, "TypeError");
    assert.match(String(exchange.reply.content.evalue), /^Cannot read properties of null/);
    assert.deepEqual(anonymous(traceback(exchange), exchange).slice(1, 5), [
      "Cell [n], line 2",
      '  1 | import { runInNewContext } from "node:vm";',
      '> 2 | runInNewContext("null.x");',
      "    | ^",
    ]);
  });

  it("say what was thrown where it is no error, and what to throw", async () => {
    for (const [code, shown] of Object.entries({
      "throw 'text';": "'text'",
      "throw { code: 5 };": "{ code: 5 }",
      "throw null;": "null",
      "throw undefined;": "undefined",
      "throw Symbol('s');": "Symbol(s)",
      "await Promise.reject(7);": "7",
    })) {
      const exchange = await client.execute(code);
      assert.deepEqual(
        [exchange.reply.content.ename, exchange.reply.content.evalue],
        ["Uncaught", shown],
        code,
      );
      assert.match(traceback(exchange)[1] ?? "", /throw new Error/);
    }
  });

  it("that refuse to be looked at end their cell all the same", async () => {
    for (const code of [
      "throw new Proxy(new Error('p'), { get() { throw new Error('trap'); } });",
      "throw { [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('no'); } };",
      "throw Object.assign(new Error('odd'), { stack: 5, name: Symbol('n') });",
      "throw Object.defineProperty(new Error(), 'message', { get() { throw 1; } });",
      "throw Object.create(null);",
      "const frozen = Object.freeze(new Error('frozen')); throw frozen;",
    ]) {
      const { reply } = await client.execute(code);
      assert.equal(reply.content.status, "error", code);
      assert.equal(typeof reply.content.ename, "string");
      assert.equal(typeof reply.content.evalue, "string");
    }
    assert.equal(resultText(await client.execute("1")), "1");
  });

  it("in a file beside the notebook show its line, then the cell's", async () => {
    const file = write(
      "helper.ts",
      "interface Far {\n  a: number;\n}\nexport function f(n: number): Far {\n  throw new RangeError('far ' + n);\n}\n",
    );
    assert.deepEqual(await failing('import { f } from "./helper.ts";\nf(1);'), [
      "RangeError: far 1",
      "helper.ts, line 5",
      "  4 | export function f(n: number): Far {",
      "> 5 |   throw new RangeError('far ' + n);",
      "    |         ^",
      "  6 | }",
      `    at f (${file}:5:9)`,
      "    at Cell [n]:2:1",
    ]);
  });

  it("of the syntax of a file beside the notebook say where", async () => {
    const file = write("broken.ts", "export const a = 1;\nconst b: number = ;\n");
    const lines = await failing('import { a } from "./broken.ts"; a');
    assert.equal(lines[0], `SyntaxError: ${file}:2:19: Expression expected.`);
  });

  it("inside the library are one line with the function that was called", async () => {
    const lines = await failing(
      'import { radiomics } from "radbook";\nradiomics.extractor({ discretize: { binWidth: -25 } });',
    );
    assert.match(lines[0] ?? "", /^InputError: discretize\.binWidth must be positive, found -25\. /);
    assert.deepEqual(lines.slice(1), [
      "Cell [n], line 2",
      '  1 | import { radiomics } from "radbook";',
      "> 2 | radiomics.extractor({ discretize: { binWidth: -25 } });",
      "    |           ^",
      "    at extractor (radbook)",
      "    at Cell [n]:2:11",
    ]);
    const installed = await failing('import ts from "typescript";\n(ts as any).createProgram(5);');
    assert.match(installed.at(-2) ?? "", /^ {4}at \S+ \(typescript\)$/);
  });

  it("that nobody waits for are put under their cell, also while another one runs", async () => {
    const words = ["timer", "rejection", "no error", "async function", "immediate", "text in timer"];
    const { reply } = await client.execute(
      [
        "setTimeout(() => { throw new Error('timer'); }, 150);",
        "setTimeout(() => { void Promise.reject(new Error('rejection')); }, 160);",
        "setTimeout(() => { void Promise.reject('no error'); }, 170);",
        "void (async () => { await new Promise((r) => setTimeout(r, 180)); throw new Error('async function'); })();",
        "setTimeout(() => setImmediate(() => { throw new Error('immediate'); }), 190);",
        "setTimeout(() => { throw 'text in timer'; }, 200);",
        "undefined",
      ].join("\n"),
    );
    const other = await client.execute("await new Promise((r) => setTimeout(r, 500)); 'other'");
    assert.equal(resultText(other), "'other'", "the cell that ran meanwhile is not harmed");
    for (const word of words) {
      const found: Message = await client.until(
        ({ header, content }) =>
          header.msg_type === "error" && String(content.evalue).replaceAll("'", "") === word,
        word,
      );
      assert.equal(found.parent?.msg_id, reply.parent?.msg_id, word);
    }
  });

  it("of IPython's habits say what to use instead", async () => {
    for (const [code, remedy] of Object.entries({
      "!ls -la": /execSync\("ls -la", \{ stdio: "inherit" \}\)/,
      "const files = !ls": /execSync\("ls"/,
      "console?": /%type console,/,
      "?console.log": /%type console\.log,/,
      "console??": /Shift\+Tab/,
    })) {
      const exchange = await client.execute(`// first\n${code}`);
      assert.match(String(exchange.reply.content.evalue), remedy, code);
      assert.deepEqual(anonymous(traceback(exchange), exchange).slice(1), [
        "Cell [n], line 2",
        `> 2 | ${code}`,
        `    | ${"^".repeat(code.length)}`,
      ]);
    }
    assert.equal(resultText(await client.execute("const yes = false;\n!yes")), "true");
  });
});
