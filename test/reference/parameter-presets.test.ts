/** The presets of published studies have the features that the studies count, with PyRadiomics' values. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { readNrrd, readNrrdMask } from "../../src/io/index.js";
import { extractor, presets } from "../../src/radiomics/index.js";
import { needData } from "../support/ibsi.js";

describe("the preset of Deep-RadScore", () => {
  it("has the 851 features of PyRadiomics, to 1e-6", async function () {
    const data = needData(this);
    const file = path.join(data, "reference/pyradiomics/brain1__f851.json");
    const expected: Record<string, number> = JSON.parse(readFileSync(file, "utf8")).features;
    const scan = await readNrrd(path.join(data, "pyradiomics/brain1_image.nrrd"));
    const mask = await readNrrdMask(path.join(data, "pyradiomics/brain1_label.nrrd"));
    const found = extractor(presets.deepRadScore)(scan, mask).features;
    assert.equal(found.length, 851);
    const wrong = found.filter(({ name, value }) => {
      const reference = expected[name] ?? Number.NaN;
      return !(Math.abs(value - reference) <= Math.max(1e-12, 1e-6 * Math.abs(reference)));
    });
    assert.deepEqual(wrong, []);
  });
});
