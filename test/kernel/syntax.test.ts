/** The whole language in cells: each row is a few cells, and the text of the last one's value. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { freshFolder, KernelClient, resultText, streamText, traceback } from "./client.js";

type Row = readonly [title: string, cells: readonly string[], text: string | undefined];

const ROWS: readonly Row[] = [
  [
    "decorators with their context and metadata",
    [
      "const notes: string[] = [];\nfunction noted<T extends (...all: never[]) => unknown>(method: T, context: ClassMethodDecoratorContext): T {\n" +
        "  context.metadata[context.name] = 'noted'; notes.push(String(context.name)); return method; }",
      "class Report { @noted write(): string { return 'written'; } }\n[new Report().write(), notes, Report[Symbol.metadata]]",
    ],
    "[ 'written', [ 'write' ], [Object: null prototype] { write: 'noted' } ]",
  ],
  [
    "accessors, private names and static blocks",
    [
      "class Box { static made = 0; #x = 2; static { Box.made = 5; } accessor y = 3; has(o: object): boolean { return #x in o; } }\n[Box.made, new Box().y, new Box().has(new Box())]",
    ],
    "[ 5, 3, true ]",
  ],
  [
    "abstract classes over cells",
    [
      "abstract class Base { abstract area(): number; twice(): number { return 2 * this.area(); } }",
      "class Square extends Base { override area(): number { return 9; } }\nnew Square().twice()",
    ],
    "18",
  ],
  [
    "a class declared anew with another shape, and one that extends it",
    [
      "class Part { a = 1 } const old = new Part();",
      "class Part { b = 'b' }",
      "class Whole extends Part { c = old.a }\nnew Whole()",
    ],
    "Whole { b: 'b', c: 1 }",
  ],
  [
    "enums, constant enums and namespaces, nested",
    [
      "enum Side { Left, Right = 'r' } const enum Bits { One = 1, Two = One << 1 } namespace Units { export const mm = 1; export namespace Deep { export const cm = 10 * mm; } }",
      "[Side[0], Side.Right, Bits.Two, Units.mm, Units.Deep.cm]",
    ],
    "[ 'Left', 'r', 2, 1, 10 ]",
  ],
  [
    "overloads over cells",
    [
      "function pick(one: number): number; function pick(one: string): string; function pick(one: unknown): unknown { return one; }",
      "const text: string = pick('a'); pick(1) + text.length",
    ],
    "2",
  ],
  [
    "generics with constraints and defaults",
    [
      "interface Named<T = string> { name: T } function names<T extends Named>(all: readonly T[]): T['name'][] { return all.map((one) => one.name); }",
      "names([{ name: 'a' }, { name: 'b' }]).join()",
    ],
    "'a,b'",
  ],
  [
    "conditional, mapped and template types, satisfies and assertions",
    [
      `type Flags<T> = { [K in keyof T as \`is\${Capitalize<string & K>}\`]: boolean }; const flags = { isAge: true } satisfies Flags<{ age: number }>; function sure(one: unknown): asserts one is string { if (typeof one !== 'string') throw new Error(); }`,
      "const unsure: unknown = 'abc'; sure(unsure); [flags.isAge, unsure.length]",
    ],
    "[ true, 3 ]",
  ],
  [
    "destructuring with defaults, rests and holes",
    [
      "const { a, b: [c, , ...d], ...others } = { a: 1, b: [2, 3, 4], e: 5 }; let [f, g = 7] = [6] as [number, number?];",
      "[f, g] = [g, f]; [a, c, d, others, f, g]",
    ],
    "[ 1, 2, [ 4 ], { e: 5 }, 7, 6 ]",
  ],
  [
    "assignments that look first",
    [
      "let none: number | null = null, zero = 0, one = 1;",
      "none ??= 4; zero ||= 5; one &&= 6; [none, zero, one]",
    ],
    "[ 4, 5, 6 ]",
  ],
  [
    "functions before their declaration",
    ["const early = hoisted();\nfunction hoisted(): string { return 'up'; }\nearly"],
    "'up'",
  ],
  [
    "var again and again, in blocks too",
    ["var again = 1; var again = 2; if (again) { var inside = again; }", "var again = 3 + inside; again"],
    "5",
  ],
  [
    "live bindings both ways, through loops and patterns",
    [
      "let shared = 1; const bump = (): number => ++shared; function read(): number { return shared; }",
      "bump(); shared += 10; for (shared of [shared, 20]) bump(); ({ shared } = { shared: shared + 1 });",
      "[shared, read()]",
    ],
    "[ 22, 22 ]",
  ],
  [
    "labels, regular expressions with slashes and quotes, templates in templates",
    [
      `let hits = 0;\nouter: for (const i of [1, 2, 3]) { for (;;) { if (i === 2) break outer; hits++; continue outer; } }\n['a/b"c'.replace(/[/\\]\`"']+/g, '-'), \`a\${\`b\${1 + 1}\`}c\`, hits]`,
    ],
    "[ 'a-b-c', 'ab2c', 1 ]",
  ],
  ["a block and an object in brackets", ["{ const inner = 1; }\n({ inner: 2 })"], "{ inner: 2 }"],
  [
    "await inside arguments, templates and conditions",
    [
      `const later = async <T,>(one: T): Promise<T> => one;\nif (await later(true)) [\`\${await later('a')}\`, Math.max(await later(1), (await Promise.all([2, 3].map(later)))[1]!)]`,
    ],
    undefined,
  ],
  [
    "asynchronous generators and for await",
    [
      "async function* steps(): AsyncGenerator<number> { yield 1; yield await Promise.resolve(2); }\nlet sum = 0; for await (const step of steps()) sum += step;\nsum",
    ],
    "3",
  ],
  [
    "bigint, separators, exponents, optional chains",
    ["const maybe: { deep?: { n: bigint } } = {};\n[2n ** 70n, 1_000.5, maybe.deep?.n ?? 'none']"],
    "[ 1180591620717411303424n, 1000.5, 'none' ]",
  ],
  [
    "text beyond the basic plane in names and values",
    ["const 名前 = '日本', 𝒳 = '🫁';", "名前 + 𝒳"],
    "'日本🫁'",
  ],
  ["a cell of comments only", ["// nothing\n/* at\nall */"], undefined],
  ["a line for the shell", ["#!/usr/bin/env node\n40 + 2"], "42"],
  ["a byte order mark", ["\ufeffconst marked = 1;\nmarked"], "1"],
  ["line ends of Windows", ["const two = `a\r\nb`;\r\n%time two\r\ntwo.length"], "3"],
  ["a directive and empty statements", ["'use strict';;\n1;;"], "1"],
  [
    "export in every form",
    [
      "export const shown = 1; export default class Standard {} export { shown as other }; export type Kind = 'a'; export enum Level { Low }",
      "const kind: Kind = 'a'; [shown, new Standard(), kind, Level.Low]",
    ],
    "[ 1, Standard {}, 'a', 0 ]",
  ],
  [
    "helpers of iterators, one value at a time",
    [
      "const seen: number[] = [];\nfunction* endless(): Generator<number> { try { for (let i = 1; ; i++) { seen.push(i); yield i; } } finally { seen.push(-1); } }\n[endless().filter((n) => n % 2 === 0).map((n, i) => n * 10 + i).drop(1).take(2).toArray(), seen.join()]",
    ],
    "[ [ 41, 62 ], '1,2,3,4,5,6,-1' ]",
  ],
  [
    "more helpers of iterators",
    [
      "class Twice extends Iterator<number> { #left = 2; next(): IteratorResult<number> { return this.#left-- > 0 ? { value: 7, done: false } : { value: undefined, done: true }; } }\n[[1, 2].values().flatMap((n) => [n, n]).toArray(), new Set([1, 2]).values().reduce((a, b) => a + b), Iterator.from([3]).some((n) => n === 3), [1].values().every((n) => n > 1), ['a', 'b'].values().find((one) => one > 'a'), [...new Twice().map((n) => n + 1)]]",
    ],
    "[ [ 1, 1, 2, 2 ], 3, true, false, 'b', [ 8, 8 ] ]",
  ],
  [
    "groups, sets and resolvers",
    [
      "const { promise, resolve } = Promise.withResolvers<number>(); resolve(5);\nconst byParity = Object.groupBy([1, 2, 3], (n) => (n % 2 === 0 ? 'even' : 'odd')); const odd: number[] | undefined = byParity.odd;\n[odd, Map.groupBy([1, 2], (n) => n > 1).get(true), await promise, new Set([1, 2]).union(new Set([3])).size, new Set([1, 2]).intersection(new Set([2])).has(2), new Set([1]).isSubsetOf(new Set([1, 2]))]",
    ],
    "[ [ 1, 3 ], [ 2 ], 5, 3, true, true ]",
  ],
  [
    "a default export without a name",
    [
      "export default function () { return 1; }",
      "export default async () => 3;",
      "export default class { x = 1 }",
    ],
    undefined,
  ],
  [
    "import after use",
    ["const joined = posix.join('a', 'b');\nimport { posix } from 'node:path';\njoined"],
    "'a/b'",
  ],
  [
    "imports of types only",
    [
      "import type { Stats } from 'node:fs'; import { type Dirent, existsSync } from 'node:fs'; let stats: Stats | Dirent | null = null;\nexistsSync('.')",
    ],
    "true",
  ],
  [
    "dynamic import with attributes",
    ["const loaded = await import('./settings.json', { with: { type: 'json' } });\nloaded.default.bins"],
    "32",
  ],
  [
    "JSON with attributes, of a package too",
    [
      "import own from './settings.json' with { type: 'json' };\nimport packed from 'many/data.json' with { type: 'json' };\n[own.bins, packed.rows]",
    ],
    "[ 32, 3 ]",
  ],
  [
    "exports maps: conditions, subpaths, patterns",
    ["import { where } from 'many'; import { part } from 'many/parts/one';\n[where, part]"],
    "[ 'node import', 1 ]",
  ],
  [
    "names of CommonJS, required too",
    [
      "import { alpha } from '@scope/plain'; import plain from '@scope/plain';\n[alpha, plain.alpha, require('@scope/plain').alpha]",
    ],
    "[ 1, 1, 1 ]",
  ],
  [
    "iterators and generators",
    ["function* counted(): Generator<number> { for (const n of progress([1, 2])) yield n; }\n[...counted()]"],
    "[ 1, 2 ]",
  ],
  [
    "augmentation of global types",
    [
      "declare global { interface Array<T> { last(): T | undefined } }\nArray.prototype.last = function () { return this[this.length - 1]; };",
      "[1, 2].last()",
    ],
    "2",
  ],
];

describe("kernel: syntax", function () {
  this.timeout(120_000);
  let client: KernelClient;
  before(async () => {
    const folder = freshFolder();
    addFiles(folder);
    client = await KernelClient.start(folder);
  });
  after(() => client.close());

  for (const [title, cells, text] of ROWS) {
    it(`runs ${title}`, async () => {
      let found: unknown;
      for (const cell of cells) {
        const exchange = await client.execute(cell);
        assert.equal(exchange.reply.content.status, "ok", traceback(exchange).join("\n"));
        found = resultText(exchange);
      }
      assert.equal(found, text);
    });
  }

  it("disposes of what blocks and cells used, in order, also after an error", async () => {
    const exchange = await client.execute(
      "const end = (name: string): Disposable & AsyncDisposable => ({ [Symbol.dispose]() { console.log(name); }, async [Symbol.asyncDispose]() { console.log('later', name); } });\n" +
        "{ using a = end('a'); await using b = end('b'); console.log('in'); }\nawait using whole = end('whole');\nthrow new Error('stop');",
    );
    assert.equal(exchange.reply.content.ename, "Error");
    assert.equal(streamText(exchange.published), "in\nlater b\na\nlater whole\n");
  });

  it("refuses what is not allowed at the top level, at its place", async () => {
    for (const [code, fault] of [
      ["return 5", /TS1108[\s\S]*column 1\n/],
      ["if (true) return 5;", /TS1108[\s\S]*column 11\n/],
      ["function f() { await 1; }", /TS1308[\s\S]*column 16\n/],
      ["[1].map((one) => await one)", /TS1308[\s\S]*column 18\n/],
      ["yield 1", /TS1163/],
      ["with (Math) { max(1, 2); }", /TS1101/],
      ["new.target", /TS17013/],
      ["super.x", /TS2660/],
      ["break", /TS1105/],
    ] as const) {
      const exchange = await client.execute(code);
      assert.equal(exchange.reply.content.status, "error", code);
      assert.match(traceback(exchange).join("\n"), fault);
    }
  });

  it("resolves addresses as an import would, from the notebook", async () => {
    const exchange = await client.execute(
      "[import.meta.resolve('many'), import.meta.resolve('./helper.ts'), import.meta.resolve('node:fs'), import.meta.url, import.meta.filename]",
    );
    const at = (file: string): string => pathToFileURL(path.join(client.folder, file)).href;
    assert.deepEqual(
      [...String(resultText(exchange)).matchAll(/'([^']*)'/g)].map(([, one]) => one),
      [
        at("node_modules/many/node.mjs"),
        at("helper.ts"),
        "node:fs",
        at("notebook.js"),
        path.join(client.folder, "notebook.js"),
      ],
    );
  });

  it("runs a cell of 5,000 lines, and finds the place of an error in it", async () => {
    const lines = Array.from({ length: 5_000 }, (_, i) => `const line${i} = ${i};`);
    assert.equal(resultText(await client.execute([...lines, "line4999"].join("\n"))), "4999");
    lines[3_210] = "const wrong: string = 3210;";
    assert.match(traceback(await client.execute(lines.join("\n"))).join("\n"), /line 3211, column 7/);
  });

  it("keeps the places of errors in texts with line ends of Windows", async () => {
    const lines = traceback(await client.execute("const a = 1;\r\nconst b: string = a;\r\n"));
    assert.deepEqual(lines.slice(1), [lines[1], "> 2 | const b: string = a;", "    |       ^"]);
    const magic = traceback(await client.execute("1;\r\n%tiem 2\r\n"));
    assert.deepEqual(magic.slice(2), ["> 2 | %tiem 2", "    | ^^^^^^^"]);
  });
});

function addFiles(folder: string): void {
  const write = (file: string, text: string): void => {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  };
  write("settings.json", '{ "bins": 32 }');
  write("helper.ts", "export const helper = 1;");
  const exports = {
    ".": {
      types: "./index.d.ts",
      node: { import: "./node.mjs", require: "./node.cjs" },
      default: "./browser.js",
    },
    "./parts/*": { types: "./parts/*.d.ts", default: "./parts/*.mjs" },
    "./data.json": "./data.json",
  };
  write("node_modules/many/package.json", JSON.stringify({ name: "many", exports }));
  write("node_modules/many/index.d.ts", "export declare const where: string;");
  write("node_modules/many/node.mjs", "export const where = 'node import';");
  write("node_modules/many/node.cjs", "exports.where = 'node require';");
  write("node_modules/many/browser.js", "export const where = 'browser';");
  write("node_modules/many/parts/one.mjs", "export const part = 1;");
  write("node_modules/many/parts/one.d.ts", "export declare const part: number;");
  write("node_modules/many/data.json", '{ "rows": 3 }');
  write("node_modules/@scope/plain/package.json", '{ "name": "@scope/plain", "main": "i.js" }');
  write("node_modules/@scope/plain/i.js", "exports.alpha = 1;");
}
