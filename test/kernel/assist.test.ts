/** Completion, inspection and is_complete: what helps a person to type. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { KernelClient } from "./client.js";

interface Typed {
  readonly text: string;
  readonly type: string;
  readonly signature?: string;
  readonly start: number;
  readonly end: number;
}

describe("kernel: assistance", () => {
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start();
    await client.execute(
      "/** Volume of a ball. */ function ballVolume(radius: number): number { return 4.19 * radius ** 3; }\n" +
        "const scan = { spacing: [1, 1, 3], modality: 'CT', read(): number { return 1; } }; let ballast = 1;",
    );
  });
  after(() => client.close());

  async function complete(code: string, cursor = [...code].length): Promise<Record<string, unknown>> {
    return (await client.request("shell", "complete_request", { code, cursor_pos: cursor }).done).reply
      .content;
  }

  async function inspect(
    code: string,
    cursor = [...code].length,
    detail = 0,
  ): Promise<Record<string, unknown>> {
    const content = { code, cursor_pos: cursor, detail_level: detail };
    return (await client.request("shell", "inspect_request", content).done).reply.content;
  }

  it("completes members of earlier values, with their kinds", async () => {
    const { matches, cursor_start, cursor_end, metadata } = await complete("scan.");
    assert.deepEqual(matches, ["modality", "read", "spacing"]);
    assert.deepEqual([cursor_start, cursor_end], [5, 5]);
    const typed = (metadata as { _jupyter_types_experimental: Typed[] })._jupyter_types_experimental;
    assert.deepEqual(typed[1], {
      text: "read",
      type: "function",
      signature: "() => number",
      start: 5,
      end: 5,
    });
  });

  it("completes names of all cells and of this one", async () => {
    assert.deepEqual((await complete("ball")).matches, ["ballast", "ballVolume"]);
    assert.deepEqual((await complete("const ballroom = 1;\nballr")).matches, ["ballroom"]);
  });

  it("completes inside what is not finished yet", async () => {
    assert.deepEqual((await complete("function f() { if (scan.mo")).matches, ["modality"]);
    const { matches, cursor_start, cursor_end } = await complete("scan.sp + 1", 7);
    assert.deepEqual([matches, cursor_start, cursor_end], [["spacing"], 5, 7]);
  });

  it("counts positions in code points", async () => {
    const { matches, cursor_start, cursor_end } = await complete("const s = '😀😀'; scan.mod");
    assert.deepEqual([matches, cursor_start, cursor_end], [["modality"], 21, 24]);
  });

  it("tells what each name stands for, also through imports", async () => {
    const kinds = async (code: string): Promise<string[]> => {
      const { metadata } = await complete(code);
      const typed = (metadata as { _jupyter_types_experimental: Typed[] })._jupyter_types_experimental;
      return typed.map(({ text, type }) => `${text} ${type}`);
    };
    await client.execute(
      "import { basename } from 'node:path'; import * as paths from 'node:path'; import { Stats } from 'node:fs';\n" +
        "class Shape {} enum Side { Left } interface Shown { a: 1 } const short = (n: number): number => n;",
    );
    assert.deepEqual(await kinds("Shap"), ["Shape class"]);
    assert.deepEqual(await kinds("let s: Sho"), ["Shown interface"]);
    assert.deepEqual(await kinds("Sid"), ["Side enum"]);
    assert.deepEqual(await kinds("basen"), ["basename function"]);
    assert.deepEqual(await kinds("sho"), ["short function"]);
    assert.deepEqual(await kinds("pat"), ["paths module"]);
    assert.deepEqual(await kinds("whi"), ["while keyword"]);
  });

  it("offers members only after a dot, and names of the notebook before all others", async () => {
    assert.deepEqual((await complete("ballast.toE")).matches, ["toExponential"]);
    assert.ok(((await complete("ballast.")).matches as string[]).length < 10);
    const first = ((await complete("")).matches as string[]).slice(0, 2);
    assert.deepEqual(first, ["ballast", "ballVolume"]);
  });

  it("completes keys of options and texts of unions", async () => {
    await client.execute(
      "interface Options { binWidth?: number; mode: 'ibsi' | 'pyradiomics' } function extract(options: Options): void {}",
    );
    assert.deepEqual((await complete("extract({  })", 10)).matches, ["mode", "binWidth"]);
    assert.deepEqual((await complete("extract({ mode: '' })", 17)).matches, ["ibsi", "pyradiomics"]);
    assert.deepEqual((await complete("extract({ mode: 'py")).matches, ["pyradiomics"]);
    assert.deepEqual((await complete("scan['mo")).matches, ["modality"]);
  });

  it("completes in a cell that has errors elsewhere, and in the middle of a word", async () => {
    assert.deepEqual((await complete("const e: string = 1; const q = ((; scan.mo")).matches, ["modality"]);
    const { matches, cursor_start, cursor_end } = await complete("scan.modality", 7);
    assert.deepEqual([matches, cursor_start, cursor_end], [["modality"], 5, 7]);
  });

  it("completes paths of imports: modules of Node, packages with their subpaths, files", async () => {
    const write = (file: string, text: string): void => {
      mkdirSync(path.dirname(path.join(client.folder, file)), { recursive: true });
      writeFileSync(path.join(client.folder, file), text);
    };
    write("node_modules/@scope/tool/package.json", '{ "name": "@scope/tool", "main": "i.js" }');
    write(
      "node_modules/expo/package.json",
      JSON.stringify({
        name: "expo",
        exports: {
          ".": "./i.js",
          "./deep": "./d.js",
          "./parts/*": { node: { import: "./p/*.mjs" } },
          "./no": null,
        },
      }),
    );
    write("node_modules/expo/p/one.mjs", "");
    write("node_modules/expo/p/two.mjs", "");
    write("steps/prepare.ts", "export const prepared = 1;");
    write("notes.txt", "");
    const matches = async (code: string): Promise<unknown> => (await complete(code)).matches;
    assert.ok(((await matches("import { x } from 'node:pat")) as string[]).includes("node:path"));
    assert.deepEqual(await matches('import "@sc'), ["@scope/tool"]);
    assert.deepEqual(await matches("import x from 'expo/"), [
      "expo/deep",
      "expo/parts/one",
      "expo/parts/two",
    ]);
    assert.ok(((await matches("import { io } from 'rad")) as string[]).includes("radbook"));
    assert.deepEqual(await matches("import x from './st"), ["./steps/"]);
    assert.deepEqual(await matches("const x = await import('./steps/"), ["./steps/prepare.ts"]);
    assert.deepEqual(await matches("require('./no"), []);
    const { cursor_start, cursor_end } = await complete("'😀'; import x from 'exp");
    assert.deepEqual([cursor_start, cursor_end], [20, 23]);
  });

  it("completes magics and their arguments", async () => {
    assert.deepEqual((await complete("1;\n%ti")).matches, ["%time", "%timeit"]);
    assert.deepEqual((await complete("%npm inst")).matches, ["install"]);
    assert.deepEqual((await complete("%time scan.mod")).matches, ["modality"]);
  });

  it("does not offer the kernel's own names", async () => {
    assert.deepEqual((await complete("__ce")).matches, []);
  });

  it("inspects with type and documentation", async () => {
    const { found, data } = await inspect("ballVolume(1)", 4);
    assert.equal(found, true);
    assert.equal(
      (data as Record<string, string>)["text/plain"],
      "function ballVolume(radius: number): number\n\nVolume of a ball.",
    );
    const { data: value } = await inspect("ballast");
    assert.equal((value as Record<string, string>)["text/plain"], "let ballast: number");
  });

  it("inspects what the libraries document", async () => {
    const number = (await inspect("parseInt")).data as Record<string, string>;
    assert.match(number["text/plain"] ?? "", /^function parseInt\(string: string, radix\?: number\): number/);
    assert.match(
      number["text/plain"] ?? "",
      /Converts a string to an integer\.[\s\S]*@param string A string/,
    );
    const read = (await inspect("process.cwd", 10)).data as Record<string, string>;
    assert.match(read["text/markdown"] ?? "", /current working directory of the Node\.js/);
  });

  it("shows at an opening bracket or comma how the function is called", async () => {
    await client.execute(
      "/** Cuts.\n * @param at Where to cut. */ function cut(text: string, at: number): string; function cut(list: number[]): number[];\n" +
        "function cut(one: string | number[]): string | number[] { return one; }",
    );
    const call = (await inspect("cut('a', ")).data as Record<string, string>;
    assert.match(
      call["text/plain"] ?? "",
      /^cut\(text: string, at: number\): string\ncut\(list: number\[\]\): number\[\]\n\nat: Where to cut\.\n\nCuts\./,
    );
    const map = (await inspect("scan.spacing.map(")).data as Record<string, string>;
    assert.match(map["text/plain"] ?? "", /^map\(callbackfn: [\s\S]*Calls a defined callback function/);
  });

  it("shows the source where more detail is asked for", async () => {
    const text = async (code: string): Promise<string> =>
      ((await inspect(code, [...code].length, 1)).data as Record<string, string>)["text/plain"] ?? "";
    assert.match(
      await text("ballVolume"),
      /\n\nfunction ballVolume\(radius: number\): number \{ return 4\.19 \* radius \*\* 3; \}$/,
    );
    assert.match(await text("ballast"), /\n\nlet ballast = 1;$/);
  });

  it("shows the members of a type", async () => {
    await client.execute("interface Meal { name: string; calories: number }");
    const { data } = await inspect("const dinner: Meal = x", 17);
    assert.equal(
      (data as Record<string, string>)["text/plain"],
      "interface Meal { name: string; calories: number }",
    );
    const module = (await inspect("import * as book from 'radbook'; book")).data as Record<string, string>;
    assert.doesNotMatch(module["text/plain"] ?? "", /\/src\//);
  });

  it("inspects nothing where there is nothing", async () => {
    assert.equal((await inspect("   ")).found, false);
  });

  it("tells complete, incomplete and invalid, with the indent of the next line", async () => {
    const ask = async (code: string): Promise<unknown> =>
      (await client.request("shell", "is_complete_request", { code }).done).reply.content;
    assert.deepEqual(await ask("const a = 1;"), { status: "complete" });
    assert.deepEqual(await ask("function f() {\n  if (true) {"), { status: "incomplete", indent: "    " });
    assert.deepEqual(await ask("const = 1"), { status: "invalid" });
  });
});
