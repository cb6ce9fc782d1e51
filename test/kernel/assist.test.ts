/** Completion, inspection and is_complete: what helps a person to type. */
import assert from "node:assert/strict";
import { KernelClient } from "./client.js";

interface Typed {
  readonly text: string;
  readonly type: string;
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

  async function inspect(code: string, cursor = [...code].length): Promise<Record<string, unknown>> {
    const content = { code, cursor_pos: cursor, detail_level: 0 };
    return (await client.request("shell", "inspect_request", content).done).reply.content;
  }

  it("completes members of earlier values, with their kinds", async () => {
    const { matches, cursor_start, cursor_end, metadata } = await complete("scan.");
    assert.deepEqual(matches, ["modality", "read", "spacing"]);
    assert.deepEqual([cursor_start, cursor_end], [5, 5]);
    const typed = (metadata as { _jupyter_types_experimental: Typed[] })._jupyter_types_experimental;
    assert.deepEqual(typed[1], { text: "read", type: "function", start: 5, end: 5 });
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

  it("completes paths of imports", async () => {
    const { matches } = await complete("import { x } from 'node:pat");
    assert.ok((matches as string[]).includes("node:path"), String(matches));
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
