/** What values look like under a cell: short, whatever they are, and never an error of the kernel's own. */
import assert from "node:assert/strict";
import type { JsonObject } from "../../kernel-ext/src/wire/message.js";
import { KernelClient, resultText, traceback } from "./client.js";

describe("kernel: values shown", () => {
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start();
  });
  after(() => client.close());

  async function shown(code: string): Promise<JsonObject> {
    const exchange = await client.execute(code);
    assert.equal(exchange.reply.content.status, "ok", traceback(exchange).join("\n"));
    const found = exchange.published.find(({ content }) => content.data !== undefined);
    assert.ok(found, "nothing was shown");
    return found.content.data as JsonObject;
  }

  const texts: readonly (readonly [code: string, text: string])[] = [
    ["new Map([[{ a: 1 }, new Set([1, 2])]])", "Map(1) { { a: 1 } => Set(2) { 1, 2 } }"],
    [
      "const round: Record<string, unknown> = { a: 1 }; round.self = round; round",
      "<ref *1> { a: 1, self: [Circular *1] }",
    ],
    ["({ get bad(): number { throw new Error('no'); }, ok: 1 })", "{ bad: [Getter], ok: 1 }"],
    ["10n ** 30n", "1000000000000000000000000000000n"],
    ["new Float32Array([1, 0.5])", "Float32Array(2) [ 1, 0.5 ]"],
    ["[undefined, null, NaN, -0]", "[ undefined, null, NaN, -0 ]"],
    ["Symbol('s')", "Symbol(s)"],
    ["new Date(0)", "1970-01-01T00:00:00.000Z"],
    ["class Shape {} Shape", "[class Shape]"],
    ["Promise.resolve(1)", "Promise { 1 }"],
    ["new Proxy({ a: 1 }, { get() { throw new Error('trap'); } })", "{ a: 1 }"],
    ["new Proxy({}, { get() { return () => 1; }, has() { throw new Error('trap'); } })", "{}"],
    [
      "({ toString() { throw new Error('no'); }, [Symbol.toPrimitive]() { throw new Error('no'); } })",
      "{\n  toString: [Function: toString],\n  [Symbol(Symbol.toPrimitive)]: [Function: [Symbol.toPrimitive]]\n}",
    ],
  ];
  for (const [code, text] of texts) {
    it(`shows ${code}`, async () => assert.equal(resultText(await client.execute(code)), text));
  }

  it("shows large values shortly, and says how much there is", async () => {
    for (const [code, beginning, end] of [
      ["new Uint8Array(1e6)", /^Uint8Array\(1000000\) \[\n/, /\.\.\. 999900 more items\n\]$/],
      ["'x'.repeat(1e6)", /^'xxx/, /'\.\.\. 990000 more characters$/],
      [
        "new Map(Array.from({ length: 1e5 }, (_, i) => [i, i]))",
        /^Map\(100000\) \{\n/,
        /\.\.\. 99900 more items\n\}$/,
      ],
      [
        "Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => ['k' + i, i]))",
        /^\{\n {2}k0: 0,/,
        /\n… [\d,]+ more characters$/,
      ],
      [
        "Array.from({ length: 200 }, () => Array.from({ length: 200 }, (_, i) => i))",
        /^\[\n/,
        /\n… [\d,]+ more characters$/,
      ],
      [
        "const deep: Record<string, unknown> = {}; let at = deep; for (let i = 0; i < 1e5; i++) { const next = {}; at.next = next; at = next; } deep",
        /^\{/,
        /\[Object\][\s}]*$/,
      ],
    ] as const) {
      const text = String(resultText(await client.execute(code)));
      assert.match(text, beginning);
      assert.match(text, end);
      assert.ok(text.length < 21_000, `${code}: ${text.length} characters`);
    }
  });

  it("knows images by their first bytes, whatever holds them, and leaves other bytes alone", async () => {
    const png = "[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]";
    for (const code of [
      `new Uint8Array(${png})`,
      `Buffer.from(${png})`,
      `new Uint8Array([9, ...${png}]).subarray(1)`,
    ]) {
      assert.equal((await shown(code))["image/png"], "iVBORw0KGgo=");
    }
    assert.deepEqual(Object.keys(await shown("new Uint8Array([1, 2, 3])")), ["text/plain"]);
  });

  it("lets a proxied value show itself", async () => {
    const data = await shown(
      "new Proxy({ [Symbol.for('Jupyter.display')]() { return { 'text/html': '<b>' }; } }, {})",
    );
    assert.equal(data["text/html"], "<b>");
  });

  it("reports the error of a value that cannot show itself, at its line", async () => {
    const exchange = await client.execute(
      "({\n  [Symbol.for('Jupyter.display')]() {\n    throw new RangeError('too wide');\n  },\n})",
    );
    assert.equal(exchange.reply.content.ename, "RangeError");
    assert.match(traceback(exchange).join("\n"), /> 3 \| {5}throw new RangeError/);
  });

  it("refuses a bundle that is none", async () => {
    const exchange = await client.execute("({ [Symbol.for('Jupyter.display')]: () => 5 })");
    assert.match(String(exchange.reply.content.evalue), /object of MIME types.*found 5/);
  });

  it("shows a table of 100,000 rows by its first page", async () => {
    const data = await shown(
      "display.table(Array.from({ length: 100_000 }, (_, i) => ({ id: 'P' + i, size: i / 2 })))",
    );
    const table = data["application/vnd.radbook.table+json"] as { rowCount: number; rows: unknown[] };
    assert.equal(table.rowCount, 100_000);
    assert.ok(table.rows.length <= 100, String(table.rows.length));
    assert.ok(JSON.stringify(data).length < 50_000);
  });
});
