/** Feature tables written to CSV and read back: numbers, units, provenance and failures. */
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { readFeatures, writeCsv } from "../../src/io/index.js";
import { extractor } from "../../src/radiomics/index.js";
import { ExtractedFeatures } from "../../src/table/extracted-features.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";
import { freshFolder, put, refuses } from "../support/files.js";
import { grid } from "../support/regions.js";

describe("a feature table read back", () => {
  const folder = freshFolder();
  const features = new FeatureTable(
    ["a", "b"],
    [
      { name: "morph_volume", unit: "mm³", values: Float64Array.of(0.1 + 0.2, 5e-324) },
      { name: "cm_contrast", unit: "", values: Float64Array.of(Number.NaN, -1.7976931348623157e308) },
    ],
  );

  it("is the same to the bit, units included", async () => {
    const file = path.join(folder(), "f.csv");
    await writeCsv(features, file);
    const back = await readFeatures(file);
    assert.deepEqual(back.ids, features.ids);
    assert.deepEqual(back.columns, features.columns);
  });

  it("has provenance and failures of an extraction, and says below who failed", async () => {
    const geometry = grid([3, 3, 3]);
    const image = new Volume(
      Float32Array.from({ length: 27 }, (_, p) => p),
      geometry,
      { modality: "CT", unit: "HU" },
    );
    const mask = new Mask(new Uint8Array(27).fill(1), geometry);
    const extract = extractor({ families: ["intensity statistics"] });
    const made = await extract(
      [
        { id: "P1", image, mask },
        { id: "P2", image, mask: "nowhere.nrrd" },
      ],
      { workers: 1 },
    );
    const file = path.join(folder(), "f.csv");
    await writeCsv(made, file);
    const back = await readFeatures(file);
    assert.ok(back instanceof ExtractedFeatures);
    assert.deepEqual(back.columns, made.columns);
    assert.equal(back.columns[0]?.unit, "HU");
    assert.deepEqual(back.failures, made.failures);
    assert.deepEqual(back.provenance, made.provenance);
    const second = path.join(folder(), "again.csv");
    await writeCsv(back, second);
    assert.equal(readFileSync(`${second}.json`, "utf8"), readFileSync(`${file}.json`, "utf8"));
  });

  it("has no units without its side file, which is refused if it is damaged or of another table", async () => {
    const file = path.join(folder(), "f.csv");
    await writeCsv(features, file);
    const beside = `${file}.json`;
    for (const content of [
      "",
      "7",
      '{"units": {"cm_contrast": 1}}',
      '{"units": {}, "failures": [1]}',
      '{"units": {}, "provenance": {}}',
    ]) {
      put(folder(), "f.csv.json", content);
      await refuses(() => readFeatures(file), beside, /not the side file/);
    }
    put(folder(), "f.csv.json", '{"units": {"other": "mm"}}');
    await refuses(() => readFeatures(file), beside, /"other".*another table/);
    rmSync(beside);
    assert.deepEqual(
      (await readFeatures(file)).columns.map(({ unit }) => unit),
      ["", ""],
    );
  });
});
