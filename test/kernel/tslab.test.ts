/** Notebooks written for the tslab kernel: what they import and call, served without that package. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { freshFolder, KernelClient, outline, resultText, traceback } from "./client.js";

describe("kernel: notebooks of tslab", () => {
  let client: KernelClient;
  before(async () => {
    const folder = freshFolder();
    // A real one that is installed would print to a kernel that is not there.
    mkdirSync(path.join(folder, "node_modules/tslab"), { recursive: true });
    writeFileSync(
      path.join(folder, "node_modules/tslab/package.json"),
      '{ "name": "tslab", "main": "i.js" }',
    );
    writeFileSync(path.join(folder, "node_modules/tslab/i.js"), "exports.display = null;");
    client = await KernelClient.start(folder);
    await client.execute('import * as tslab from "tslab";');
  });
  after(() => client.close());

  async function bundles(code: string): Promise<readonly (readonly [type: string, data: unknown])[]> {
    const { reply, published } = await client.execute(code);
    assert.equal(reply.content.status, "ok", String(reply.content.evalue));
    return published
      .filter(({ header }) => header.msg_type.endsWith("display_data"))
      .map(({ header, content }) => [header.msg_type, content.data]);
  }

  it("shows each kind of content under its type", async () => {
    const texts = {
      html: "text/html",
      markdown: "text/markdown",
      latex: "text/latex",
      svg: "image/svg+xml",
      javascript: "application/javascript",
      text: "text/plain",
    };
    for (const [name, type] of Object.entries(texts)) {
      assert.deepEqual(await bundles(`tslab.display.${name}("<a> $b$")`), [
        ["display_data", { [type]: "<a> $b$" }],
      ]);
    }
    const bytes = { png: "image/png", jpeg: "image/jpeg", gif: "image/gif", pdf: "application/pdf" };
    for (const [name, type] of Object.entries(bytes)) {
      assert.deepEqual(await bundles(`tslab.display.${name}(new Uint8Array([1, 2, 3]))`), [
        ["display_data", { [type]: "AQID" }],
      ]);
    }
    assert.deepEqual(await bundles('tslab.display.raw("text/x-own", "as it is")'), [
      ["display_data", { "text/x-own": "as it is" }],
    ]);
  });

  it("takes its names apart, and gives its versions", async () => {
    assert.deepEqual(await bundles('import { display } from "tslab"; display.html("<b>")'), [
      ["display_data", { "text/html": "<b>" }],
    ]);
    assert.equal(resultText(await client.execute("tslab.versions.node === process.version")), "true");
  });

  it("replaces what a display of its own has shown, also in a later cell", async () => {
    const first = await client.execute('const own = tslab.newDisplay(); own.text("one"); own.text("two");');
    assert.deepEqual(outline(first.published).slice(2, -1), ["display_data", "update_display_data"]);
    const [shown, changed] = first.published.slice(2, -1).map(({ content }) => content.transient);
    assert.deepEqual(shown, changed);
    const later = await client.execute('own.html("three")');
    assert.deepEqual(outline(later.published).slice(2, -1), ["update_display_data"]);
    assert.deepEqual(later.published[2]?.content.transient, shown);
  });

  it("is there for require, and cells have module and exports", async () => {
    assert.deepEqual(await bundles('require("tslab").display.html("<i>")'), [
      ["display_data", { "text/html": "<i>" }],
    ]);
    await client.execute(
      "exports.one = 1; module.exports.two = 2; if (require.main === module) exports.main = true;",
    );
    assert.equal(resultText(await client.execute("module.exports")), "{ one: 1, two: 2, main: true }");
    assert.equal(resultText(await client.execute("const module = 'own'; module")), "'own'");
    assert.equal(
      resultText(await client.execute("require('node:path').sep === require('path').sep")),
      "true",
    );
  });

  it("is typed", async () => {
    assert.match(
      traceback(await client.execute("tslab.display.html(5)")).join("\n"),
      /TS2345[\s\S]*column 20/,
    );
    assert.match(traceback(await client.execute("tslab.display.htm('a')"))[0] ?? "", /Did you mean 'html'/);
  });
});
