/** Magics: how lines become TypeScript, and what the first ones do in a running kernel. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { magics } from "../../kernel-ext/src/magics/registry.js";
import { rewrite } from "../../kernel-ext/src/magics/rewrite.js";
import { type Exchange, KernelClient, outline, resultText, streamText, traceback } from "./client.js";

describe("kernel: magics", () => {
  it("rewrites a line in place and says how far it moved", () => {
    const { text } = rewrite("const a = 1;\n%time a + 1;\na", magics);
    const lines = text.text.split("\n");
    assert.equal(lines.length, 3);
    assert.equal(lines[1], "await __cell.timer.time(async () => (a + 1));;");
    assert.equal((lines[1] ?? "").indexOf("a + 1"), "%time ".length + (text.shifts[1] ?? 0));
  });

  it("leaves percent signs alone that are none", () => {
    for (const code of ["const r = 7\n  % 2;", "`\n%time\n`", "/*\n%who\n*/", "'%time'"]) {
      assert.equal(rewrite(code, magics).text.text, code);
    }
  });

  it("refuses a magic that there is not", () => {
    assert.throws(() => rewrite("%tiem 1", magics), /no magic %tiem\. Did you mean %time\?/);
  });

  describe("in a kernel", () => {
    let client: KernelClient;
    before(async () => {
      client = await KernelClient.start();
    });
    after(() => client.close());

    it("%time prints the time of an expression and gives its value", async () => {
      const exchange = await client.execute("%time await Promise.resolve(6 * 7);");
      assert.match(streamText(exchange.published), /^Wall time: .*, processor time: .*\n$/);
      assert.equal(resultText(exchange), "42");
    });

    it("%time times a declaration, whose name stays", async () => {
      const exchange = await client.execute("%time const timed = [1, 2] // two");
      assert.match(streamText(exchange.published), /^Wall time/);
      assert.equal(resultText(await client.execute("timed.length")), "2");
    });

    it("puts the caret of an error under the line as typed", async () => {
      const exchange = await client.execute("1;\n%time timed.push('three')");
      assert.deepEqual(traceback(exchange).slice(2), [
        "> 2 | %time timed.push('three')",
        "    |                  ^^^^^^^",
      ]);
    });

    it("%who lists names with their types", async () => {
      const exchange = await client.execute("%who");
      assert.deepEqual(outline(exchange.published).slice(2, -1), ["display_data"]);
      assert.equal(shown(exchange)["text/plain"], "name   kind   type\ntimed  const  number[]");
    });

    it("%help lists all magics, or one", async () => {
      const all = await client.execute("%help");
      const text = shown(all)["text/plain"] ?? "";
      for (const { usage, doc } of magics.values())
        assert.ok(text.includes(usage) && text.includes(doc), usage);
      const one = await client.execute("%help time");
      assert.ok(!(shown(one)["text/html"] ?? "").includes("%who"));
    });

    it("an unknown magic refuses the cell", async () => {
      const exchange = await client.execute("%nope");
      assert.deepEqual(traceback(exchange), [
        "MagicError: there is no magic %nope. %help lists those that there are.",
        "Cell [8], line 1",
        "> 1 | %nope",
        "    | ^^^^^",
      ]);
    });

    it("%npm installs beside the notebook, for the same cell already", async () => {
      const source = path.join(client.folder, "own-package");
      mkdirSync(source);
      writeFileSync(
        path.join(source, "package.json"),
        JSON.stringify({ name: "own", version: "1.0.0", main: "i.js" }),
      );
      writeFileSync(path.join(source, "i.js"), "exports.answer = 42;");
      assert.equal((await client.execute("import { answer } from 'own';")).reply.content.status, "error");

      const exchange = await client.execute(
        "%npm install ./own-package\nimport { answer } from 'own'; answer",
      );
      assert.equal(exchange.reply.content.status, "ok", traceback(exchange).join("\n"));
      assert.match(streamText(exchange.published), /added 1 package/);
      assert.equal(resultText(exchange), "42");
      assert.ok(existsSync(path.join(client.folder, "node_modules/own")));
      assert.match(readFileSync(path.join(client.folder, "package.json"), "utf8"), /own-package/);
    });

    it("%npm reports what failed", async () => {
      const exchange = await client.execute("%npm install ./not-there");
      assert.equal(exchange.reply.content.ename, "MagicError");
      assert.match(String(exchange.reply.content.evalue), /failed with code/);
    });
  });
});

/** The bundle of what a cell displayed. */
function shown({ published }: Exchange): Record<string, string> {
  const found = published.find(({ header }) => header.msg_type === "display_data");
  assert.ok(found, "nothing was displayed");
  return found.content.data as Record<string, string>;
}
