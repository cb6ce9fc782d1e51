/** A cohort extraction in a cell: the bar moves, the result is a table to page, and it says who failed. */
import assert from "node:assert/strict";
import type { JsonObject } from "../../kernel-ext/src/wire/message.js";
import { KernelClient } from "./client.js";

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
});
