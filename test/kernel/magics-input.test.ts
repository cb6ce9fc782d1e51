/** What each magic says to input that it cannot take, and that each is documented and completed. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { allMagics } from "../../kernel-ext/src/magics/contributed.js";
import { magicKey } from "../../kernel-ext/src/magics/magic.js";
import type { JsonObject } from "../../kernel-ext/src/wire/message.js";
import { freshFolder, KernelClient, traceback } from "./client.js";

/** A cell → what its error says. The caret is under the magic or its argument. */
const REFUSED: readonly (readonly [code: string, message: RegExp])[] = [
  ["%time", /%time needs code behind it, such as %time f\(\)/],
  ["%timeit", /%timeit needs code behind it/],
  ["%%time", /%%time needs lines below it: runs the cell/],
  ["%%timeit", /%%timeit needs lines below it/],
  ["%type", /%type needs an expression, such as %type/],
  ["%type const a = 1", /%type needs an expression/],
  ["%reset scna", /declared scna, so nothing was forgotten\. Did you mean scan\?/],
  ["%help tiem", /no magic %tiem\. Did you mean %time\?/],
  ["%npm", /%npm needs a command, one of install/],
  ["%npm instal left-pad", /npm has no command instal\. Did you mean %npm install\?/],
  ["%load", /%load needs a file, such as %load analysis\.ts/],
  ["%load data/stpe.ts", /no file data\/stpe\.ts .*Did you mean step\.ts\?/],
  ["%load data", /data is a folder\. Name a file in it/],
  ["%run", /%run needs a TypeScript file, such as %run prepare\.ts/],
  ["%run data/clinical.csv", /%run needs a TypeScript file/],
  ["%run data/stpe.ts", /Did you mean step\.ts\?/],
  ["%expand", /%expand needs a magic, such as %expand %time f\(\)/],
  ["%expand 5", /%expand needs a magic/],
  ["%%expand", /%%expand needs lines below it/],
  ["%env 5=a", /names no environment variable\. Write %env NAME=VALUE/],
  ["%env RADBOOK_NONE", /RADBOOK_NONE is not set\. Set it with %env RADBOOK_NONE=VALUE/],
  ["%cd nowhere", /no folder .*nowhere\. .* has the folders data/],
  ["%cd data/step.ts", /step\.ts is a file, not a folder/],
  ["%memory now", /%memory takes nothing behind it; found now/],
  ["%check perhaps", /on or off, not perhaps\. Write %check on or %check off/],
  ["%view", /%view needs a scan, such as %view ct/],
  ["%view scna", /Cannot find name 'scna'\. Did you mean 'scan'\?/],
  ["%cohort", /%cohort needs a name and a file/],
  ["%cohort c = data/clincal.csv", /cannot read data\/clincal\.csv/],
  ["%%md", /%%md needs lines below it: shows the cell as Markdown/],
  ["%%md title\ntext", /%%md takes nothing behind it; found title/],
  ["%%html", /%%html needs lines below it/],
  ["%%html b\ntext", /%%html takes nothing behind it/],
  ["%%sql", /%%sql needs lines below it: runs the cell as SQL/],
  ["%%sql 5\nselect 1", /"5" is no name for the rows\. Write %%sql/],
  ["%%sql\nselec 1", /syntax error at or near "selec"/],
  ["%%who\n", /no magic %%who\. Did you mean %who\?/],
  ["%tiem 1", /no magic %tiem\. Did you mean %time\? %help lists/],
];

describe("kernel: input of magics", function () {
  this.timeout(120_000);
  let client: KernelClient;
  before(async () => {
    const folder = freshFolder();
    mkdirSync(path.join(folder, "data"));
    mkdirSync(path.join(folder, "node_modules/@scope/left"), { recursive: true });
    mkdirSync(path.join(folder, "node_modules/leftover"), { recursive: true });
    writeFileSync(path.join(folder, "data/step.ts"), "export const step = 1;\n");
    writeFileSync(path.join(folder, "data/clinical.csv"), "id,age\nP1,61\n");
    client = await KernelClient.start(folder);
    await client.execute("const scan = { spacing: [1, 1, 1] };");
  });
  after(() => client.close());

  for (const [code, message] of REFUSED) {
    it(`${JSON.stringify(code)} says what to do`, async () => {
      const exchange = await client.execute(code);
      assert.equal(exchange.reply.content.status, "error", "it was taken");
      const lines = traceback(exchange);
      assert.match(lines.join("\n"), message);
      const shown = lines.findIndex((line) => line.startsWith("> 1 | ") || line.startsWith("> 2 | "));
      assert.ok(shown > 0, lines.join("\n"));
      assert.match(lines[shown + 1] ?? "", /^ +\| *\^/);
      assert.ok(!lines.some((line) => /kernel-ext|node:internal/.test(line)), lines.join("\n"));
    });
  }

  it("every magic is explained by %help NAME, inspected and completed", async () => {
    const all = [...(await allMagics()).values()];
    const names = all.map(({ name }) => name);
    for (const name of "time timeit who type reset help npm load run expand env cd memory view cohort md html sql check".split(
      " ",
    )) {
      assert.ok(names.includes(name), `there is no ${name}`);
    }
    for (const magic of all) {
      const key = magicKey(magic);
      const help = await client.execute(`%help ${magic.name}`);
      const table = help.published.find(({ header }) => header.msg_type === "display_data");
      const text = ((table?.content.data ?? {}) as JsonObject)["text/plain"];
      assert.ok(String(text).includes(magic.usage) && String(text).includes(magic.doc), key);
      const inspected = await client.request("shell", "inspect_request", { code: key, cursor_pos: 2 }).done;
      assert.match(JSON.stringify(inspected.reply.content.data), new RegExp(key));
      assert.ok((await complete(key.slice(0, -1))).includes(key), key);
    }
  });

  it("completes file names, installed packages, and the magic inside %expand", async () => {
    assert.deepEqual(await complete("%load data/cl"), ["clinical.csv"]);
    assert.deepEqual(await complete("%run data/"), ["step.ts"]);
    assert.deepEqual(await complete("%cohort c = data/"), ["clinical.csv"]);
    assert.deepEqual(await complete("%npm uninstall lef"), ["leftover"]);
    assert.deepEqual(await complete("%npm update leftover @sc"), ["@scope/left"]);
    assert.deepEqual(await complete("%npm install lef"), []);
    assert.deepEqual(await complete("%expand %che"), ["%check"]);
    assert.deepEqual(await complete("%view sc"), ["scan"]);
    assert.deepEqual(await complete("%time scan.sp"), ["spacing"]);
  });

  async function complete(code: string): Promise<string[]> {
    const { reply } = await client.request("shell", "complete_request", { code, cursor_pos: code.length })
      .done;
    return reply.content.matches as string[];
  }
});
