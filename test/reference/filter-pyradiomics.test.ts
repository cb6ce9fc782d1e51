/** PyRadiomics' image types against the values of PyRadiomics 3.1.0, every feature of every filtered image. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { readNifti, readNiftiMask, readNrrd, readNrrdMask } from "../../src/io/index.js";
import { extractor, type PyradiomicsParameters } from "../../src/radiomics/index.js";
import { needData } from "../support/ibsi.js";

/** File of reference values, features of filtered images in it, and how its file stores the scan. */
const RUNS = [
  { name: "brain1__f851", values: 744, storedIntegers: true },
  { name: "prostate__f851", values: 744, storedIntegers: "unsigned" },
  { name: "ct__f851", values: 744, storedIntegers: false },
  { name: "brain1__force2d_norm_bc32", values: 558, storedIntegers: true },
  { name: "ct__force2d_norm_bc32", values: 558, storedIntegers: false },
  { name: "brain1__all", values: 1767, storedIntegers: true },
  { name: "prostate__all", values: 1767, storedIntegers: "unsigned" },
  { name: "ct__all", values: 1767, storedIntegers: false },
] as const;

/** README of the reference values: single precision for these images, and for all of the CT, whose file has single precision. */
const SINGLE = /^(log-sigma|gradient)/;

/**
 * The mean over voxels between two percentiles, both included. The image has few values, told apart by rounding alone, and
 * which of them equal the percentile is rounding of NumPy's.
 */
const ROUNDING = [
  "brain1__all lbp-3D-m2_firstorder_RobustMeanAbsoluteDeviation",
  "ct__all lbp-3D-m2_firstorder_RobustMeanAbsoluteDeviation",
];

interface Run {
  readonly image: string;
  readonly mask: string;
  readonly params: PyradiomicsParameters;
  readonly settings_full: { readonly label: number };
  readonly features: Readonly<Record<string, number>>;
}

describe("PyRadiomics' features of filtered images", function () {
  this.timeout(300_000);
  let data: string;

  before(function () {
    data = needData(this);
  });

  for (const { name, values, storedIntegers } of RUNS) {
    it(`${name}: ${values} values agree to 1e-6, or 1e-5 where PyRadiomics has single precision`, async () => {
      const file = path.join(data, "reference/pyradiomics", `${name}.json`);
      const run: Run = JSON.parse(readFileSync(file, "utf8"));
      const { label } = run.settings_full;
      const isNrrd = run.image.endsWith(".nrrd");
      const at = (file: string): string => path.join(data, isNrrd ? "pyradiomics" : "", file);
      const volume = isNrrd ? await readNrrd(at(run.image)) : await readNifti(at(run.image));
      const mask = isNrrd
        ? await readNrrdMask(at(run.mask), { label })
        : await readNiftiMask(at(run.mask), { label });
      const extract = extractor({ convention: "pyradiomics", parameters: run.params, storedIntegers });
      const found = extract(volume, mask).features;
      assert.deepEqual(
        found.map((feature) => feature.name),
        Object.keys(run.features),
      );
      const filtered = found.filter((feature) => !feature.name.startsWith("original_"));
      assert.equal(filtered.length, values);
      const wrong = filtered
        .map((feature) => {
          const value = run.features[feature.name] ?? Number.NaN;
          const isSingle = name.startsWith("ct") || SINGLE.test(feature.name);
          const isRounding = ROUNDING.includes(`${name} ${feature.name}`);
          return {
            name: feature.name,
            found: feature.value,
            value,
            relative: isRounding ? 1e-4 : isSingle ? 1e-5 : 1e-6,
          };
        })
        .filter(
          ({ found, value, relative }) =>
            !(Math.abs(found - value) <= Math.max(1e-12, relative * Math.abs(value))),
        );
      assert.deepEqual(wrong, []);
    });
  }
});
