/** Magics that the library brings along, in a running kernel: %cohort and %view. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { JsonObject } from "../../kernel-ext/src/wire/message.js";
import { KernelClient, outline, resultText, traceback } from "./client.js";

describe("kernel: magics of the library", function () {
  this.timeout(120_000);
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start();
    const rows = "patient,age,os_months,deceased\na,71,12.5,1\nb,58,30,0\n";
    writeFileSync(path.join(client.folder, "clinical.csv"), rows);
  });
  after(() => client.close());

  const complete = async (code: string): Promise<JsonObject> =>
    (await client.request("shell", "complete_request", { code, cursor_pos: [...code].length }).done).reply
      .content;

  it("%cohort reads a file whose columns are known to the types", async () => {
    const exchange = await client.execute(
      "%cohort clinical = clinical.csv id=patient\n" +
        "clinical.survival({ time: 'os_months', event: 'deceased', unit: 'months' }).time",
    );
    assert.equal(exchange.reply.content.status, "ok", traceback(exchange).join("\n"));
    assert.deepEqual(outline(exchange.published), [
      "status busy",
      "execute_input",
      "execute_result",
      "status idle",
    ]);
    assert.equal(resultText(exchange), "Float64Array(2) [ 12.5, 30 ]");
  });

  it("a misspelt column refuses the cell", async () => {
    const exchange = await client.execute(
      "clinical.survival({ time: 'os_month', event: 'deceased', unit: 'months' })",
    );
    assert.equal(exchange.reply.content.ename, "TypeCheckError");
    assert.match(String(exchange.reply.content.evalue), /"os_month".*"age" \| "os_months" \| "deceased"/);
    const row = await client.execute("clinical.where((row) => row.agee > 60)");
    assert.match(String(row.reply.content.evalue), /'agee' does not exist/);
  });

  it("a misspelt column is an error in the cell of %cohort already", async () => {
    const exchange = await client.execute("%cohort c2 = clinical.csv id=patient\nc2.text('Age')");
    assert.deepEqual(traceback(exchange).slice(-3), [
      "Cell [4], line 2, column 9",
      "> 2 | c2.text('Age')",
      "    |         ^^^^^",
    ]);
  });

  it("%cohort marks its line when the file or its id column is not there", async () => {
    const missing = await client.execute("1;\n%cohort c3 = clinic.csv");
    assert.match(traceback(missing)[0] ?? "", /^MagicError: cannot read clinic\.csv .*no such file/);
    assert.deepEqual(traceback(missing).slice(1), [
      "Cell [5], line 2",
      "> 2 | %cohort c3 = clinic.csv",
      `    | ${"^".repeat("%cohort c3 = clinic.csv".length)}`,
    ]);
    const id = await client.execute("%cohort c3 = clinical.csv");
    assert.match(traceback(id)[0] ?? "", /no column "id".*%cohort c3 = clinical\.csv id=patient/);
  });

  it("%cohort marks the name that is already taken in the cell", async () => {
    const exchange = await client.execute("const taken = 1;\n%cohort taken = clinical.csv id=patient");
    assert.deepEqual(traceback(exchange).slice(-2), [
      "> 2 | %cohort taken = clinical.csv id=patient",
      "    |         ^^^^^",
    ]);
  });

  it("%cohort follows %cd", async () => {
    await client.execute("import { mkdirSync, copyFileSync } from 'node:fs';");
    await client.execute("mkdirSync('deep'); copyFileSync('clinical.csv', 'deep/inner.csv');");
    const exchange = await client.execute("%cd deep\n%cohort inner = inner.csv id=patient\ninner.length");
    assert.equal(resultText(exchange), "2", traceback(exchange).join("\n"));
    assert.equal(
      resultText(await client.execute("%cohort again = inner.csv id=patient\nagain.ids")),
      "[ 'a', 'b' ]",
    );
    await client.execute("%cd");
  });

  it("completes files, columns of ids, and columns of a cohort that this very cell reads", async () => {
    assert.deepEqual((await complete("%coh")).matches, ["%cohort"]);
    assert.deepEqual((await complete("%cohort c = cl")).matches, ["clinical.csv"]);
    assert.deepEqual((await complete("%cohort c = clinical.csv id=p")).matches, ["id=patient"]);
    const typed = "%cohort c = clinical.csv id=patient\nc.text('";
    assert.deepEqual((await complete(typed)).matches, ["age", "os_months", "deceased"]);
  });

  it("%view marks what is no scan", async () => {
    const exchange = await client.execute("%view clinical");
    assert.equal(exchange.reply.content.ename, "TypeCheckError");
    assert.deepEqual(traceback(exchange).slice(-2), ["> 1 | %view clinical", "    |       ^^^^^^^^"]);
    const window = await client.execute("%view clinical window=lnug");
    assert.match(traceback(window)[0] ?? "", /no window "lnug"/);
  });

  it("%view shows a scan with its masks", async () => {
    await client.execute(
      "import { Volume, Mask } from 'radbook';\n" +
        "const geometry = { size: [8, 8, 8], spacing: [1, 1, 1], origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as const;",
    );
    const made = await client.execute(
      "const scan = new Volume(Float32Array.from({ length: 512 }, (_, i) => i), geometry, { name: 'scan' });\n" +
        "const spot = new Mask(Uint8Array.from({ length: 512 }, (_, i) => i === 300 ? 1 : 0), geometry, 'spot');",
    );
    assert.equal(made.reply.content.status, "ok", traceback(made).join("\n"));
    const exchange = await client.execute("%view scan, spot window=lung // as typed");
    assert.equal(exchange.reply.content.status, "ok", traceback(exchange).join("\n"));
    assert.deepEqual(outline(exchange.published).slice(2, -1), ["execute_result"]);
    const found = exchange.published.find(({ header }) => header.msg_type === "execute_result");
    const data = found?.content.data as Record<string, { regions: { name: string }[] }>;
    assert.deepEqual(
      data["application/vnd.radbook.volume+json"]?.regions.map(({ name }) => name),
      ["spot"],
    );
    const wrong = await client.execute("%view scan, 'spot'");
    assert.deepEqual(traceback(wrong).slice(-2), ["> 1 | %view scan, 'spot'", "    |             ^^^^^^"]);
  });

  it("%help explains them beside the kernel's own", async () => {
    const exchange = await client.execute("%help");
    const shown = exchange.published.find(({ header }) => header.msg_type === "display_data");
    assert.ok(shown);
    const text = (shown.content.data as Record<string, string>)["text/plain"] ?? "";
    for (const name of ["%cohort", "%view", "%time", "%%md", "%check"]) assert.ok(text.includes(name), name);
  });
});
