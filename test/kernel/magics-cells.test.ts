/** Magics in a running kernel: time, types, names, folders, variables, text cells, checks. */
import assert from "node:assert/strict";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { JsonObject } from "../../kernel-ext/src/wire/message.js";
import { type Exchange, KernelClient, outline, resultText, streamText, traceback } from "./client.js";

describe("kernel: magics of cells", function () {
  this.timeout(120_000);
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start();
    mkdirSync(path.join(client.folder, "data"));
    writeFileSync(path.join(client.folder, "data", "step.ts"), "const step = 1;\r\nstep + 1\n");
    await client.execute(
      "const list = [3, 1, 2]; let total = 6; let tally = 0; function twice(n: number): number { return 2 * n; }",
    );
  });
  after(() => client.close());

  const complete = async (code: string): Promise<unknown> =>
    (await client.request("shell", "complete_request", { code, cursor_pos: [...code].length }).done).reply
      .content.matches;
  const inspect = async (code: string, cursor: number): Promise<JsonObject> =>
    (await client.request("shell", "inspect_request", { code, cursor_pos: cursor, detail_level: 0 }).done)
      .reply.content;

  it("%%time prints the time of the whole cell after it, and the cell keeps its value and its names", async () => {
    const exchange = await client.execute(
      "%%time\nawait new Promise((next) => setTimeout(next, 30));\nconst sorted = list.toSorted(); // and so on\nsorted.length // three",
    );
    assert.deepEqual(outline(exchange.published), [
      "status busy",
      "execute_input",
      "stream stdout",
      "execute_result",
      "status idle",
    ]);
    assert.match(
      streamText(exchange.published),
      /^Wall time: (\d+\.?\d* ms|\d\.\d\d s), processor time: .*\n$/,
    );
    assert.equal(resultText(exchange), "3");
    assert.equal(resultText(await client.execute("sorted[0]")), "1");
  });

  it("%%time keeps magics and places of errors below it", async () => {
    const exchange = await client.execute("%%time\n1;\n%time list.psh(1)");
    assert.deepEqual(traceback(exchange).slice(-2), ["> 3 | %time list.psh(1)", "    |            ^^^"]);
    const late = await client.execute("%%time\n\nnull!.x");
    assert.ok(traceback(late).join("\n").includes("line 3"), traceback(late).join("\n"));
  });

  it("%timeit prints the mean time of one run of an expression, a statement, a promise", async () => {
    const line =
      /^\S+ (ns|µs|ms|s) ± \S+ (ns|µs|ms|s) per run \(mean ± standard deviation of 7 rounds, [\d,]+ runs each\)\n$/;
    for (const code of [
      "%timeit twice(3)",
      "%timeit for (const one of list) tally += one; // sum",
      "%timeit await Promise.resolve(1)",
      "%%timeit let sum = 0;\nfor (const one of list) sum += one; // sum\nsum",
    ]) {
      const exchange = await client.execute(code);
      assert.equal(exchange.reply.content.status, "ok", traceback(exchange).join("\n"));
      assert.match(streamText(exchange.published), line);
      assert.equal(resultText(exchange), undefined);
    }
    assert.match(
      traceback(await client.execute("%timeit"))[0] ?? "",
      /needs code behind it, such as %timeit f\(\)/,
    );
  });

  it("%timeit is interrupted like any code", async () => {
    const sent = client.begin("%timeit for (;;) {}");
    await new Promise((next) => setTimeout(next, 700));
    await client.request("control", "interrupt_request", {}).done;
    assert.equal((await sent.done).reply.content.ename, "Interrupted");
  });

  it("%type prints types without running, of names of this cell too", async () => {
    const exchange = await client.execute(
      "const pair = [1, 'a'] as const;\n%type pair\n%type list.map((one) => ({ one }))\n  %type await Promise.resolve(total = 7); // not run\ntotal",
    );
    assert.equal(streamText(exchange.published), 'readonly [1, "a"]\n{ one: number; }[]\nnumber\n');
    assert.equal(resultText(exchange), "6");
    const wrong = await client.execute("%type list.lenth");
    assert.deepEqual(traceback(wrong).slice(-2), ["> 1 | %type list.lenth", "    |            ^^^^^"]);
  });

  it("%who lists names that begin so", async () => {
    const shown = displayed(await client.execute("%who li"));
    assert.equal(shown["text/plain"], "name  kind   type\nlist  const  number[]");
    assert.match(streamText((await client.execute("%who zz")).published), /no name begins with zz/);
  });

  it("%reset forgets one name, none if one is misspelt, or all", async () => {
    await client.execute("const gone = 1, kept = 2;");
    const wrong = await client.execute("%reset gone keptt");
    assert.match(traceback(wrong)[0] ?? "", /declared keptt, so nothing was forgotten\. Did you mean kept\?/);
    assert.equal(resultText(await client.execute("gone")), "1");
    await client.execute("%reset gone");
    assert.match(String((await client.execute("gone")).reply.content.evalue), /Cannot find name 'gone'/);
    assert.equal(resultText(await client.execute("kept")), "2");

    const other = await KernelClient.start();
    try {
      await other.execute("const a = 1; let b = 2;");
      assert.equal((await other.execute("%reset")).reply.content.status, "ok");
      assert.equal((await other.execute("b = 3")).reply.content.ename, "TypeCheckError");
      assert.equal(resultText(await other.execute("const a = 'new'; a")), "'new'");
    } finally {
      await other.close();
    }
  });

  it("%cd moves relative paths, and says which folder is not there", async () => {
    const folder = realpathSync(client.folder);
    const exchange = await client.execute("%cd data\n(await import('node:fs')).existsSync('step.ts')");
    assert.equal(streamText(exchange.published), `${path.join(folder, "data")}\n`);
    assert.equal(resultText(exchange), "true");
    assert.deepEqual(await complete("%load st"), ["step.ts"]);
    const wrong = await client.execute("%cd ..\n%cd dta");
    assert.match(String(wrong.reply.content.evalue), /no folder .*dta\. .* has the folders data\./);
    await client.execute("%cd");
    assert.deepEqual(await complete("%cd "), ["data/"]);
  });

  it("%load puts a file in place of the cell", async () => {
    const { reply, published } = await client.execute("%load data/step.ts");
    assert.deepEqual(reply.content.payload, [
      { source: "set_next_input", text: "// %load data/step.ts\nconst step = 1;\nstep + 1", replace: true },
    ]);
    assert.deepEqual(outline(published), ["status busy", "execute_input", "status idle"]);
    const wrong = await client.execute("%load data/stp.ts");
    assert.match(traceback(wrong)[0] ?? "", /no file data\/stp\.ts .*Did you mean step\.ts\?/);
    assert.match(traceback(await client.execute("%load"))[0] ?? "", /needs a file/);
  });

  it("%run runs a file each time, and its exports are typed", async () => {
    const file = path.join(client.folder, "data", "my-step.ts");
    writeFileSync(file, "console.log('runs');\nexport const size: number = 3;\nexport type Size = number;\n");
    const first = await client.execute("%run data/my-step.ts\nmyStep.size");
    assert.equal(first.reply.content.status, "ok", traceback(first).join("\n"));
    assert.deepEqual(outline(first.published).slice(2, -1), ["stream stdout", "execute_result"]);
    assert.equal(resultText(first), "3");
    writeFileSync(file, "console.log('again');\nexport const size: string = 'four';\n");
    const second = await client.execute("%run other = data/my-step.ts\nother.size.length");
    assert.equal(streamText(second.published), "again\n");
    assert.equal(resultText(second), "4");
    assert.equal(streamText((await client.execute("%run data/my-step.ts")).published), "again\n");
    const wrong = await client.execute("%run data/my-step.ts\nmyStep.sise");
    assert.equal(wrong.reply.content.ename, "TypeCheckError");
    assert.match(traceback(await client.execute("%run data"))[0] ?? "", /needs a TypeScript file/);
    assert.match(traceback(await client.execute("%run data/my-stp.ts"))[0] ?? "", /Did you mean my-step\.ts/);
    assert.deepEqual(await complete("%run x = data/my"), ["my-step.ts"]);
  });

  it("%env sets, prints and lists variables, secrets hidden", async () => {
    await client.execute("%env RADBOOK_PLAIN = two words");
    await client.execute("%env RADBOOK_TOKEN=abc123");
    assert.equal(streamText((await client.execute("%env RADBOOK_PLAIN")).published), "two words\n");
    assert.equal(resultText(await client.execute("process.env.RADBOOK_TOKEN")), "'abc123'");
    const list = displayed(await client.execute("%env"))["text/plain"] ?? "";
    assert.match(list, /RADBOOK_PLAIN +two words/);
    assert.match(list, /RADBOOK_TOKEN +<hidden>/);
    assert.match(traceback(await client.execute("%env RADBOOK_NONE"))[0] ?? "", /is not set/);
    assert.match(traceback(await client.execute("%env 5=a"))[0] ?? "", /names no environment variable/);
  });

  it("%memory names what holds most", async () => {
    await client.execute("const large = { voxels: new Float32Array(4_000_000) };");
    assert.match(displayed(await client.execute("%memory"))["text/plain"] ?? "", /large +16\.0 MB/);
  });

  it("%%md and %%html show text with values, checked where they stand", async () => {
    const markdown = await client.execute("%%md\n# {{ list.length }} `a` \\ $b\n{{ twice(2) }} {{ 'x' }}");
    assert.deepEqual(outline(markdown.published), [
      "status busy",
      "execute_input",
      "display_data",
      "status idle",
    ]);
    assert.equal(displayed(markdown)["text/markdown"], "# 3 `a` \\ $b\n4 x");
    const html = await client.execute("%%html\n<b>{{ '<i>' }}</b>{{x}}");
    assert.equal(displayed(html)["text/html"], "<b>&#60;i&#62;</b>{{x}}");
    const wrong = await client.execute("%%md\n😀 {{ list.length }} and {{ list.lenth }}");
    assert.deepEqual(traceback(wrong).slice(-2), [
      "> 2 | 😀 {{ list.length }} and {{ list.lenth }}",
      `    | ${" ".repeat("😀 {{ list.length }} and {{ list.".length)}^^^^^`,
    ]);
    assert.deepEqual(await complete("%%md\n# {{ list.toSor"), ["toSorted"]);
    assert.deepEqual(await complete("%%md\nlis"), []);
  });

  it("%expand shows what magics become, and runs nothing", async () => {
    assert.equal(
      displayed(await client.execute("%expand %time total = 0"))["text/plain"],
      "await __cell.timer.time(async () => (total = 0));",
    );
    const cell = displayed(await client.execute("%%expand\n%time total = 0\n%cd data"));
    assert.match(cell["text/plain"] ?? "", /total = 0[\s\S]*\n__cell\.magic\.cd\("data"\);$/);
    assert.match(cell["text/markdown"] ?? "", /^```typescript\n/);
    assert.equal(resultText(await client.execute("total > 0")), "true");
    assert.match(traceback(await client.execute("%expand total"))[0] ?? "", /needs a magic/);
    assert.deepEqual(traceback(await client.execute("%expand %tiem 1")).slice(-1), [
      `    | ${"^".repeat("%expand %tiem 1".length)}`,
    ]);
  });

  it("%check off makes type errors warnings, on makes them errors again", async () => {
    const refused = await client.execute("const wrong: number = 'a';");
    assert.equal(refused.reply.content.ename, "TypeCheckError");
    const warned = await client.execute("%check off\nconst wrong: number = 'a';\nwrong");
    assert.deepEqual(outline(warned.published), [
      "status busy",
      "execute_input",
      "execute_result",
      "stream stderr",
      "status idle",
    ]);
    assert.match(
      streamText(warned.published, "stderr"),
      /^TS2322: [\s\S]*> 2 \| const wrong[\s\S]*%check is off\.\n$/,
    );
    assert.equal(resultText(warned), "'a'");
    assert.equal((await client.execute("const = 1")).reply.content.ename, "SyntaxError");
    assert.match(streamText((await client.execute("%check")).published), /check is off/);
    assert.equal((await client.execute("%check on\nlist.psh(1)")).reply.content.ename, "TypeCheckError");
    assert.match(traceback(await client.execute("%check maybe"))[0] ?? "", /on or off, not maybe/);
  });

  it("a cell magic that does not begin its cell says so", async () => {
    const exchange = await client.execute("1;\n  %%md");
    assert.match(traceback(exchange)[0] ?? "", /%%md takes the whole cell/);
    assert.deepEqual(traceback(exchange).slice(-2), ["> 2 |   %%md", "    |   ^^^^"]);
  });

  it("completes names, in the first line those of cell magics too, and arguments", async () => {
    assert.deepEqual(await complete("%%ti"), ["%%time", "%%timeit"]);
    assert.deepEqual(await complete("1;\n%%ti"), []);
    assert.deepEqual(await complete("%che"), ["%check"]);
    assert.deepEqual(await complete("%check "), ["on", "off"]);
    assert.deepEqual(await complete("%reset tot"), ["total"]);
    assert.deepEqual(await complete("%help memo"), ["memory"]);
    assert.deepEqual(await complete("%type list.toSor"), ["toSorted"]);
    assert.deepEqual(await complete("%%time\nlist.toSor"), ["toSorted"]);
    assert.deepEqual(await complete("%timeit await list.toSor"), ["toSorted"]);
    assert.ok(((await complete("%env PAT")) as string[]).includes("PATH"));
  });

  it("inspects magics and what is in them", async () => {
    const magic = await inspect("1;\n%timeit twice(1)", 6);
    assert.match(
      (magic.data as Record<string, string>)["text/plain"] ?? "",
      /^%timeit expression or statement\n\nRuns/,
    );
    const inside = await inspect("%timeit twice(1)", "%timeit twi".length);
    assert.match(
      (inside.data as Record<string, string>)["text/plain"] ?? "",
      /^function twice\(n: number\): number/,
    );
  });

  it("tells whether a cell with magics is complete", async () => {
    const ask = async (code: string): Promise<unknown> =>
      (await client.request("shell", "is_complete_request", { code }).done).reply.content.status;
    assert.equal(await ask("%time twice(2)"), "complete");
    assert.equal(await ask("%%md\n# It's {"), "complete");
    assert.equal(await ask("%%time\nif (true) {"), "incomplete");
  });
});

/** The bundle of what a cell displayed. */
function displayed({ published, reply }: Exchange): Record<string, string> {
  const found = published.find(({ header }) => header.msg_type === "display_data");
  assert.ok(found, `nothing was displayed: ${JSON.stringify(reply.content)}`);
  return found.content.data as Record<string, string>;
}
