/** The language of cells: names across cells, imports, types, in a running kernel. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { freshFolder, KernelClient, resultText, streamText, traceback } from "./client.js";

describe("kernel: language", () => {
  let client: KernelClient;
  before(async () => {
    const folder = freshFolder();
    addPackages(folder);
    client = await KernelClient.start(folder);
  });
  after(() => client.close());

  /** Runs cells in turn; all must succeed. Gives the text of the last one's value. */
  async function run(...cells: string[]): Promise<unknown> {
    let text: unknown;
    for (const code of cells) {
      const exchange = await client.execute(code);
      assert.equal(exchange.reply.content.status, "ok", traceback(exchange).join("\n"));
      text = resultText(exchange);
    }
    return text;
  }

  async function refusal(code: string): Promise<string> {
    const exchange = await client.execute(code);
    assert.equal(exchange.reply.content.status, "error", `${code} was not refused`);
    return traceback(exchange).join("\n");
  }

  it("lets an earlier closure see a later assignment", async () => {
    assert.equal(await run("let dose = 1; const seen = () => dose;", "dose = 2; dose++;", "seen()"), "3");
  });

  it("assigns to earlier names in patterns, shorthands and calls", async () => {
    assert.equal(
      await run(
        "let first = 0, second = 0, call = (n: number): number => n;",
        "[first] = [1]; ({ second } = { second: 2 }); call = (n) => n * 10;",
        "({ first, second, third: call(3) })",
      ),
      "{ first: 1, second: 2, third: 30 }",
    );
  });

  it("does not confuse an inner name with an earlier one", async () => {
    assert.equal(await run("let shade = 'outer';", "((shade: string) => shade + '!')('inner')"), "'inner!'");
    assert.equal(await run("const o = { shade: 1 }; o.shade"), "1");
    assert.equal(await run("shade"), "'outer'");
  });

  it("redeclares with a new type; old closures keep the old name", async () => {
    assert.equal(
      await run("const size = 1; const old = () => size;", "const size = 'large'; size.length"),
      "5",
    );
    assert.equal(await run("old()"), "1");
    assert.match(await refusal("size.toFixed()"), /TS2339|TS2551/);
  });

  it("redeclares classes, functions, types, interfaces and enums", async () => {
    await run(
      "class Shape { a = 1 } interface Row { a: number } type Id = number; enum Side { Left } function f() { return 1; }",
    );
    assert.equal(
      await run(
        "class Shape { b = 'b' } interface Row { b: string } type Id = string; enum Side { Up = 'up' } function f() { return 'f'; }",
        "const row: Row = new Shape(); const id: Id = row.b + f().length; [id, Side.Up]",
      ),
      "[ 'b1', 'up' ]",
    );
  });

  it("keeps types exact across cells", async () => {
    await run(
      "const modes = ['ct', 'pet'] as const; function pick<T extends readonly string[]>(all: T): T[number] { return all[0]!; }",
    );
    assert.match(await refusal("const wrong: 'mr' = pick(modes);"), /TS2322/);
    await run("const values = new Float32Array([1, 2]);");
    assert.match(await refusal("values.map((v) => v.length)"), /TS2339/);
  });

  it("is strict about null and missing types", async () => {
    await run("const maybe = new Map([['a', 1]]).get('a');");
    assert.match(await refusal("maybe + 1"), /TS18048/);
    assert.match(await refusal("function loose(x) { return x; }"), /TS7006/);
  });

  it("awaits at the top level, also in loops", async () => {
    assert.equal(await run("const later = await Promise.resolve(5); later + 1"), "6");
    const exchange = await client.execute(
      "for await (const v of (async function* () { yield 1; yield 2; })()) console.log(v);",
    );
    assert.equal(streamText(exchange.published), "1\n2\n");
  });

  it("disposes of `using` at the end of the cell", async () => {
    const exchange = await client.execute(
      "using handle = { open: true, [Symbol.dispose]() { console.log('closed'); } };\nconsole.log(handle.open);",
    );
    assert.equal(streamText(exchange.published), "true\nclosed\n");
  });

  it("imports ESM-only and CommonJS packages, with default, names and all", async () => {
    assert.equal(await run("import { double } from 'esm-only'; double(21)"), "42");
    assert.equal(await run("import triple, { named } from 'common'; [triple(2), named]"), "[ 6, 'hidden' ]");
    assert.equal(await run("import * as all from 'esm-only'; Object.keys(all)"), "[ 'double' ]");
    assert.equal(await run("double(2)"), "4");
    assert.match(await refusal("double('x')"), /TS2345/);
  });

  it("imports compiled packages by their own default", async () => {
    assert.equal(await run("import greet from 'compiled'; greet('you')"), "'hello you'");
  });

  it("imports Node's modules, types, JSON and TypeScript files beside the notebook", async () => {
    assert.equal(
      await run("import { sep } from 'node:path'; import type { Stats } from 'node:fs'; sep"),
      `'${path.sep}'`,
    );
    assert.equal(await run("import settings from './settings.json'; settings.bins + 1"), "33");
    assert.equal(await run("import { twice } from './helper.ts'; twice(4)"), "8");
    assert.equal(await run("(await import('esm-only')).double(1)"), "2");
    assert.equal(await run("require('common').named"), "'hidden'");
  });

  it("offers import.meta of the notebook's folder", async () => {
    assert.equal(await run("import.meta.dirname"), `'${client.folder}'`);
  });

  it("says so when a package or a name of it is missing", async () => {
    assert.match(await refusal("import { x } from 'not-there';"), /TS2307/);
    assert.match(await refusal("import { halve } from 'esm-only';"), /TS2305/);
  });

  it("takes export modifiers for harmless", async () => {
    assert.equal(await run("export const shared = 1; export function g() { return shared; }", "g()"), "1");
  });

  it("keeps what a failed cell had declared before, and only that", async () => {
    const failed = await client.execute(
      "const before = 1;\nconst broken: number = JSON.parse('{');\nconst after = 2;",
    );
    assert.equal(failed.reply.content.ename, "SyntaxError");
    assert.equal(await run("before"), "1");
    assert.match(await refusal("after"), /TS2304/);
  });

  it("finds the place of an error in characters beyond the basic plane", async () => {
    assert.match(await refusal("const smile = '😀'; smile.nothing"), /line 1, column 27/);
  });
});

/** Small packages of each kind in a folder's node_modules. */
function addPackages(folder: string): void {
  const write = (file: string, text: string): void => {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  };
  const esm = {
    name: "esm-only",
    type: "module",
    exports: { ".": { types: "./index.d.ts", import: "./index.js" } },
  };
  write("node_modules/esm-only/package.json", JSON.stringify(esm));
  write("node_modules/esm-only/index.js", "export const double = await Promise.resolve((n) => 2 * n);");
  write("node_modules/esm-only/index.d.ts", "export declare const double: (n: number) => number;");
  write("node_modules/common/package.json", JSON.stringify({ name: "common", main: "index.js" }));
  // The name is added in a way that Node does not foresee.
  write(
    "node_modules/common/index.js",
    "module.exports = (n) => 3 * n; Object.assign(module.exports, { named: 'hidden' });",
  );
  write(
    "node_modules/compiled/package.json",
    JSON.stringify({ name: "compiled", main: "index.js", types: "index.d.ts" }),
  );
  write(
    "node_modules/compiled/index.js",
    "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = (who) => 'hello ' + who;",
  );
  write("node_modules/compiled/index.d.ts", "export default function greet(who: string): string;");
  write("settings.json", JSON.stringify({ bins: 32 }));
  write("helper.ts", "export const twice = (n: number): number => n + n;");
}
