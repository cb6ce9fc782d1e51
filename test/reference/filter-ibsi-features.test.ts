/** Intensity statistics of filtered images against the consensus values of IBSI 2, phase 2. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { extractor, type Filter } from "../../src/radiomics/index.js";
import { chestCt, columnValue, needData, type Phantom } from "../support/ibsi.js";

interface Reference {
  readonly config: string;
  readonly tag: string;
  readonly value: number;
  readonly tolerance: number;
}

/** reference/ibsi2_phase2_filters.csv: by slice for A, in the volume for B. */
const FILTERS: Readonly<Record<string, (dimensions: 2 | 3) => "original" | Filter>> = {
  1: () => "original",
  2: (dimensions) => ({ mean: { support: 5, dimensions } }),
  3: (dimensions) => ({ log: { sigmaMm: 1.5, dimensions } }),
  4: (dimensions) => ({
    laws: {
      kernels: dimensions === 2 ? "L5E5" : "L5E5E5",
      rotationInvariant: "max",
      energyRadius: 7,
      dimensions,
    },
  }),
  5: (dimensions) => ({
    gabor: { sigmaMm: 5, wavelengthMm: 2, aspect: 1.5, thetaStepDegrees: 22.5, dimensions },
  }),
  6: (dimensions) => ({
    wavelet: { name: "db3", map: dimensions === 2 ? "LH" : "LLH", rotationInvariant: "average", dimensions },
  }),
  7: (dimensions) => ({
    wavelet: {
      name: "db3",
      level: 2,
      map: dimensions === 2 ? "HH" : "HHH",
      rotationInvariant: "average",
      dimensions,
    },
  }),
  8: (dimensions) => ({ simoncelli: { level: 1, dimensions } }),
  9: (dimensions) => ({ simoncelli: { level: 2, dimensions } }),
};

describe("IBSI 2 reference values", function () {
  this.timeout(300_000);
  let references: Reference[];
  let chest: Phantom;

  before(async function () {
    const data = needData(this);
    references = readReferences(path.join(data, "reference/ibsi2_phase2_reference_values.csv"));
    chest = await chestCt(data);
  });

  it("are 323, for the 324th has no consensus", () => {
    assert.equal(references.length, 324);
    const open = references.filter(({ value }) => Number.isNaN(value));
    assert.deepEqual(
      open.map(({ config, tag }) => `${config} ${tag}`),
      ["8.B stat_qcod"],
    );
  });

  for (const [number, filterOf] of Object.entries(FILTERS)) {
    for (const [letter, dimensions] of [
      ["A", 2],
      ["B", 3],
    ] as const) {
      it(`${number}.${letter}: all consensus values are met within their tolerances`, () => {
        const filter = filterOf(dimensions);
        const features = extractor({
          ...(letter === "B" && { resample: { spacing: 1, interpolation: "cubic" } }),
          resegment: { range: [-1000, 400] },
          families: ["intensity statistics"],
          filters: [filter],
        })(chest.volume, chest.mask);
        assert.equal(features.features.length, 18);
        const [first] = features.features;
        const start = first?.name.replace(/stat_mean$/, "") ?? "";
        const rows = references.filter(({ config }) => config === `${number}.${letter}`);
        assert.equal(rows.length, 18);
        const wrong = rows
          .filter(({ value }) => !Number.isNaN(value))
          .map(({ tag, value, tolerance }) => ({
            tag,
            found: columnValue(features, start + tag),
            value,
            tolerance,
          }))
          .filter(({ found, value, tolerance }) => !(Math.abs(found - value) <= tolerance));
        assert.deepEqual(wrong, []);
      });
    }
  }
});

function readReferences(file: string): Reference[] {
  const [head = "", ...lines] = readFileSync(file, "utf8").trim().split(/\r?\n/);
  const columns = head.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? "";
    return {
      config: cell("config"),
      tag: cell("tag"),
      value: cell("value") === "" ? Number.NaN : Number(cell("value")),
      tolerance: Number(cell("tolerance")),
    };
  });
}
