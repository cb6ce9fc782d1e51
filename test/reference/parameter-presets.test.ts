/** The presets of published studies have the features that the studies count, with PyRadiomics' values. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { readNrrd, readNrrdMask } from "../../src/io/index.js";
import { extractor, type Feature, marginCatalogue, presets } from "../../src/radiomics/index.js";
import type { Mask } from "../../src/volume/mask.js";
import type { Volume } from "../../src/volume/volume.js";
import { needData } from "../support/ibsi.js";

describe("the preset of Deep-RadScore", () => {
  it("has the 851 features of PyRadiomics, to 1e-6", async function () {
    const data = needData(this);
    const file = path.join(data, "reference/pyradiomics/brain1__f851.json");
    const expected: Record<string, number> = JSON.parse(readFileSync(file, "utf8")).features;
    const { scan, mask } = await brain(data);
    const found = extractor(presets.deepRadScore)(scan, mask).features;
    assert.equal(found.length, 851);
    assert.deepEqual(wrongOf(found, expected), []);
  });
});

describe("the preset of RGDL", () => {
  it("has 72 features of PyRadiomics, of 128 and 32 bins, and 6 margin features of NumPy, to 1e-6", async function () {
    const data = needData(this);
    // Written by data-scripts/reference/rgdl.py.
    const file = new URL("../support/rgdl.json", import.meta.url);
    const expected: Record<string, number> = JSON.parse(readFileSync(file, "utf8")).features;
    const { scan, mask } = await brain(data);
    const found = extractor(presets.rgdl)(scan, mask).features;
    const classes = found.map(({ name }) => name.split("_")[1]);
    const counts = ["shape", "firstorder", "glcm", "glszm", "margin"].map(
      (name) => classes.filter((other) => other === name).length,
    );
    assert.deepEqual(counts, [14, 18, 24, 16, 6]);
    assert.equal(found.length, 78);
    assert.deepEqual(wrongOf(found, expected), []);
    // No margin feature without a judge.
    for (const { name } of marginCatalogue) assert.ok(Number.isFinite(expected[`original_${name}`]), name);
  });
});

async function brain(data: string): Promise<{ scan: Volume; mask: Mask }> {
  return {
    scan: await readNrrd(path.join(data, "pyradiomics/brain1_image.nrrd")),
    mask: await readNrrdMask(path.join(data, "pyradiomics/brain1_label.nrrd")),
  };
}

function wrongOf(found: readonly Feature[], expected: Readonly<Record<string, number>>): Feature[] {
  return found.filter(({ name, value }) => {
    const reference = expected[name] ?? Number.NaN;
    return !(Math.abs(value - reference) <= Math.max(1e-12, 1e-6 * Math.abs(reference)));
  });
}
