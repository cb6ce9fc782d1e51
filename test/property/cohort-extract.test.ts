/** A cohort's features are the same to the bit for any number of threads; files keep them; parameter files mean one thing. */
import assert from "node:assert/strict";
import path from "node:path";
import fc from "fast-check";
import { stringify } from "yaml";
import { readParameters, writeCsv } from "../../src/io/index.js";
import { readCohort } from "../../src/io/read-cohort.js";
import { extractor, type PyradiomicsParameters } from "../../src/radiomics/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { freshFolder, put } from "../support/files.js";
import { asMask, asVolume, randomScan } from "../support/regions.js";

describe("cohorts of random scans", function () {
  this.timeout(120_000);
  const folder = freshFolder();

  it("have the same features for one, two and three threads, and from a journal", async () => {
    const extract = extractor({ discretize: { binWidth: 1 } });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(randomScan(4), { minLength: 1, maxLength: 6 }), async (scans) => {
        const patients = scans.map((scan, n) => ({ id: `P${n}`, image: asVolume(scan), mask: asMask(scan) }));
        const journal = path.join(folder(), `journal-${run++}`);
        const one = await extract(patients, { workers: 1, journal });
        const expected = patients.map(({ image, mask }) => extract(image, mask).features);
        assert.deepEqual(
          one.columns.map(({ values }) => [...values]),
          one.names.map((_, column) => expected.map((features) => features[column]?.value)),
        );
        for (const workers of [2, 3]) {
          const many = await extract(patients, { workers });
          assert.deepEqual([many.ids, many.columns], [one.ids, one.columns]);
        }
        const again = await extract(patients, { workers: 2, journal });
        assert.deepEqual([again.ids, again.columns], [one.ids, one.columns]);
        assert.equal(again.notes[0], `${scans.length} of ${scans.length} rows taken from the journal`);
      }),
      { numRuns: 15 },
    );
  });

  it("keep every double in CSV", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double(), { minLength: 1, maxLength: 20 }), async (numbers) => {
        const file = path.join(folder(), "f.csv");
        const ids = numbers.map((_, n) => `P${n}`);
        const values = Float64Array.from(numbers, (v) => (Number.isFinite(v) ? v + 0 : Number.NaN));
        await writeCsv(new FeatureTable(ids, [{ name: "x", unit: "mm", values }]), file);
        assert.deepEqual((await readCohort(file)).numeric(["x"]).column("x"), values);
      }),
      { numRuns: 50 },
    );
  });
});

describe("random parameters", () => {
  const folder = freshFolder();
  const positive = fc.double({ min: 0.01, max: 500, noNaN: true });
  const parameters: fc.Arbitrary<PyradiomicsParameters> = fc.record(
    {
      setting: fc.record(
        {
          binWidth: fc.option(positive),
          binCount: fc.option(fc.integer({ min: 1, max: 256 })),
          normalize: fc.option(fc.boolean()),
          force2D: fc.boolean(),
          resegmentRange: fc.option(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 2 })),
          weightingNorm: fc.option(fc.constantFrom("manhattan" as const, "no_weighting" as const)),
          resampledPixelSpacing: fc.option(fc.array(positive, { minLength: 3, maxLength: 3 })),
        },
        { requiredKeys: [], noNullPrototype: true },
      ),
      imageType: fc.record(
        {
          Original: fc.option(fc.constant({})),
          LoG: fc.record(
            { sigma: fc.array(positive, { minLength: 1, maxLength: 3 }) },
            { noNullPrototype: true },
          ),
          Wavelet: fc.option(fc.record({ binWidth: positive }, { noNullPrototype: true })),
        },
        { requiredKeys: [], noNullPrototype: true },
      ),
      featureClass: fc.record(
        {
          glcm: fc.option(fc.subarray(["Contrast", "MCC", "Idn"])),
          shape: fc.option(fc.constant([])),
        },
        { requiredKeys: [], noNullPrototype: true },
      ),
    },
    { requiredKeys: ["setting"], noNullPrototype: true },
  );

  it("are the same from YAML and from JSON as they are themselves", async () => {
    await fc.assert(
      fc.asyncProperty(parameters, async (given) => {
        for (const [name, text] of [
          ["p.yaml", stringify(given)],
          ["p.json", JSON.stringify(given)],
        ] as const) {
          // JSON has no infinite numbers.
          if (name === "p.json" && text !== JSON.stringify(JSON.parse(text))) continue;
          const expected = name === "p.json" ? JSON.parse(text) : given;
          const { content } = await readParameters(put(folder(), name, text));
          assert.deepEqual(content, expected);
        }
        extractor({ convention: "pyradiomics", parameters: given });
      }),
    );
  });
});
