/** A cohort extraction in a cell: the bar moves, the result is a table to page, and it says who failed. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { JsonObject } from "../../kernel-ext/src/wire/message.js";
import { KernelClient, resultText } from "./client.js";

const CELL = `import { Mask, radiomics, Volume } from "radbook";
const geometry = { size: [4, 4, 4], spacing: [1, 1, 1], origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as const;
const patients = [0, 1, 2, 3].map((n) => ({
  id: "P" + n,
  image: new Volume(Float32Array.from({ length: 64 }, (_, p) => p * n), geometry),
  mask: n === 2 ? "nowhere.nrrd" : new Mask(new Uint8Array(64).fill(1), geometry),
}));
const bar = progress(patients.length, { label: "Patients" });
const extract = radiomics.extractor({ families: ["intensity statistics"] });
const features = await extract(patients, { workers: 2, onProgress: ({ done }) => bar.set(done) });
bar.end();
features`;

/** Patients without end: an extraction of them that nobody stops goes on for ever. */
const endless = (journal: string): string => `import { Mask, radiomics, Volume } from "radbook";
import { readFileSync } from "node:fs";
const entries = () => readFileSync(${JSON.stringify(journal)}, "utf8").split("\\n").filter((line) => line !== "").length;
const geometry = { size: [4, 4, 4], spacing: [1, 1, 1], origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as const;
function* patients() {
  for (let n = 0; ; n++) {
    const image = new Volume(Float32Array.from({ length: 64 }, (_, p) => p * n), geometry);
    yield { id: "P" + n, image, mask: new Mask(new Uint8Array(64).fill(1), geometry) };
  }
}
await radiomics.extractor({ families: ["intensity statistics"] })(patients(), {
  workers: 2,
  journal: ${JSON.stringify(journal)},
  onProgress: ({ done }) => { if (done === 3) console.log("three"); },
});`;

describe("kernel: a cohort extraction", () => {
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start();
  });
  after(() => client.close());

  it("moves the kernel's progress bar and shows its rows, and its failures, as a table", async () => {
    const exchange = await client.execute(CELL);
    const data = exchange.published.map(({ content }) => (content.data ?? {}) as JsonObject);
    const table = data.find((bundle) => "application/vnd.radbook.table+json" in bundle);
    assert.ok(table !== undefined, JSON.stringify(exchange.reply.content));
    const payload = table["application/vnd.radbook.table+json"] as JsonObject;
    assert.equal(payload.rowCount, 3);
    assert.match(
      JSON.stringify(payload),
      /1 of 4 patients failed, first P2: .*nowhere\.nrrd: there is no such file/,
    );
    assert.match(String(table["text/plain"]), /3 rows × 18 columns.*1 of 4 patients failed/s);
    const bars = data.map((bundle) => String(bundle["text/plain"]));
    assert.ok(
      bars.some((text) => /^Patients: 4 in /.test(text)),
      bars.join("\n"),
    );
  });

  for (const how of ["message", "signal"]) {
    it(`is stopped with its threads by an interrupt by ${how}; the journal keeps what is done, and the next goes on`, async () => {
      const folder = mkdtempSync(path.join(tmpdir(), "radbook-test-"));
      try {
        const sent = client.begin(endless(path.join(folder, "journal")));
        await client.until(
          ({ parent, header }) => parent?.msg_id === sent.id && header.msg_type === "stream",
          "the first patients",
        );
        if (how === "signal") client.process.kill("SIGINT");
        else await client.request("control", "interrupt_request", {}).done;
        const { reply } = await sent.done;
        assert.equal(reply.content.ename, "Interrupted");
        // A turn of the threads, so that what they were writing is written.
        const lines = async (): Promise<number> =>
          Number(resultText(await client.execute("await new Promise((r) => setTimeout(r, 700)); entries()")));
        const before = await lines();
        assert.ok(before >= 3, `${before} entries`);
        assert.equal(await lines(), before);
        const { reply: next } = await client.execute(CELL);
        assert.equal(next.content.status, "ok");
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
