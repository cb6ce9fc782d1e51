/** No feature without a judge: every entry of both catalogues has a published or peer value in the reference files. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { catalogue, pyradiomicsCatalogue } from "../../src/radiomics/index.js";
import { consensusValues, needData } from "../support/ibsi.js";

describe("the feature catalogues", () => {
  it("have a consensus value of the IBSI for every feature", function () {
    const tags = new Set(consensusValues(needData(this)).map(({ tag }) => withoutAggregation(tag)));
    const judged = (name: string): boolean => tags.has(name);
    const without = catalogue.features.map(({ name }) => name).filter((name) => !judged(name));
    assert.deepEqual(without, []);
    assert.equal(judged("cm_invented"), false);
  });

  it("have a value of PyRadiomics for every feature of PyRadiomics", function () {
    const names = pyradiomicsValues(needData(this));
    const without = pyradiomicsCatalogue.features.map(({ name }) => name).filter((name) => !names.has(name));
    assert.deepEqual(without, []);
    assert.equal(names.has("glcm_Invented"), false);
  });

  it("have every feature that the IBSI and PyRadiomics give values for", function () {
    const data = needData(this);
    const ibsi = new Set(catalogue.features.map(({ name }) => name));
    const missing = consensusValues(data).filter(({ tag }) => !ibsi.has(withoutAggregation(tag)));
    assert.deepEqual(missing, []);
    const known = new Set(pyradiomicsCatalogue.features.map(({ name }) => name));
    const unknown = [...pyradiomicsValues(data)].filter((name) => !known.has(name));
    assert.deepEqual(unknown, []);
  });
});

/** IBSI's tags add the aggregation to the names of texture features. */
function withoutAggregation(tag: string): string {
  return tag.replace(/_(2D|2_5D|3D)(_avg|_comb)?$/, "");
}

/** "class_Name" of every finite value in PyRadiomics' own baselines and the values made with PyRadiomics 3.1.0. */
function pyradiomicsValues(data: string): Set<string> {
  const names = new Set<string>();
  const add = (key: string, value: unknown): void => {
    const [image, featureClass, ...name] = key.split("_");
    if (image === "original" && value !== "" && Number.isFinite(Number(value))) {
      names.add(`${featureClass}_${name.join("_")}`);
    }
  };
  const folder = path.join(data, "reference");
  for (const file of readdirSync(path.join(folder, "pyradiomics"))) {
    const { features } = JSON.parse(readFileSync(path.join(folder, "pyradiomics", file), "utf8"));
    for (const [key, value] of Object.entries(features)) add(key, value);
  }
  for (const file of readdirSync(path.join(folder, "pyradiomics_baseline"))) {
    if (!file.endsWith(".csv")) continue;
    const text = readFileSync(path.join(folder, "pyradiomics_baseline", file), "utf8");
    for (const line of text.split(/\r?\n/)) add(line.split(",")[0] ?? "", line.split(",")[1] ?? "");
  }
  return names;
}
