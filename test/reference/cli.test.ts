/** The command line against PyRadiomics 3.1.0 and the IBSI: every value that it prints, for every way to name a region. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { io, radiomics } from "../../src/index.js";
import { CONFIGURATIONS, chestCt, consensusValues, needData } from "../support/ibsi.js";
import { radbook } from "../support/radbook-command.js";

/** Reference file, its number of values, and how they are reached: by default settings, or by its own parameters as a file. */
const RUNS = [
  { name: "brain1__default", params: false, values: 107 },
  { name: "brain1__f851", params: true, values: 851 },
  { name: "prostate__default", params: false, values: 107 },
  { name: "prostate__all", params: true, values: 1874 },
  { name: "ct__f851", params: true, values: 851 },
] as const;

/** As in filter-pyradiomics.test.ts: single precision for these images, and for all of the CT. */
const SINGLE = /^(log-sigma|gradient)/;

interface Run {
  readonly image: string;
  readonly mask: string;
  readonly params: unknown;
  readonly settings_full: { readonly label: number };
  readonly features: Readonly<Record<string, number>>;
}

describe("radbook features", function () {
  this.timeout(240_000);
  let data: string;
  let folder: string;

  before(function () {
    data = needData(this);
    folder = mkdtempSync(path.join(tmpdir(), "radbook-test-"));
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  for (const { name, params, values } of RUNS) {
    it(`${name}: ${values} values of PyRadiomics agree to 1e-6, or 1e-5 where it has single precision`, async () => {
      const file = path.join(data, "reference/pyradiomics", `${name}.json`);
      const run: Run = JSON.parse(readFileSync(file, "utf8"));
      const at = (file: string): string => path.join(data, file.endsWith(".nrrd") ? "pyradiomics" : "", file);
      const args = [
        "features",
        "--image",
        at(run.image),
        "--mask",
        at(run.mask),
        "--convention",
        "pyradiomics",
      ];
      args.push("--label", String(run.settings_full.label));
      if (params) {
        const parameters = path.join(folder, `${name}.json`);
        writeFileSync(parameters, JSON.stringify(run.params));
        args.push("--params", parameters);
      }
      const { code, stdout, stderr } = await radbook([...args, "--json"]);
      assert.deepEqual([code, stderr], [0, ""]);
      const found: Record<string, number> = JSON.parse(stdout);
      // PyRadiomics orders its classes as they were switched on.
      assert.deepEqual(Object.keys(found).sort(), Object.keys(run.features).sort());
      assert.equal(Object.keys(found).length, values);
      const wrong = Object.entries(run.features).filter(([feature, value]) => {
        const relative = name.startsWith("ct") || SINGLE.test(feature) ? 1e-5 : 1e-6;
        const difference = Math.abs((found[feature] ?? Number.NaN) - value);
        return !(difference <= Math.max(1e-12, relative * Math.abs(value)));
      });
      assert.deepEqual(wrong, []);
    });
  }

  it("IBSI's configuration C of the chest CT, from DICOM and contours and from NIfTI with --modality CT", async () => {
    const parameters = path.join(folder, "c.json");
    writeFileSync(parameters, JSON.stringify(CONFIGURATIONS.C));
    const ct = path.join(data, "ibsi_1_ct_radiomics_phantom");
    const dicom = [
      "--image",
      path.join(ct, "dicom/image"),
      "--mask",
      path.join(ct, "dicom/mask/DCM_RS_00060.dcm"),
    ];
    const nifti = [
      ...["--image", path.join(ct, "nifti/image/phantom.nii.gz")],
      ...["--mask", path.join(ct, "nifti/mask/mask.nii.gz"), "--modality", "CT"],
    ];
    const expected = consensusValues(data).filter(({ config }) => config === "C");
    assert.ok(expected.length > 200);
    for (const source of [[...dicom, "--roi", "GTV-1"], dicom, nifti]) {
      const { code, stdout, stderr } = await radbook([
        "features",
        ...source,
        "--params",
        parameters,
        "--json",
      ]);
      assert.deepEqual([code, stderr], [0, ""]);
      const found: Record<string, number> = JSON.parse(stdout);
      const wrong = expected.filter(({ tag, value, tolerance }) => {
        const rounded = Number((found[tag] ?? Number.NaN).toPrecision(3));
        return !(
          Math.min(Math.abs((found[tag] ?? Number.NaN) - value), Math.abs(rounded - value)) <=
          tolerance + 1e-9
        );
      });
      assert.deepEqual(wrong, []);
    }
    const wrongName = await radbook(["features", ...dicom, "--roi", "GTV1", "--json"]);
    assert.equal(wrongName.code, 2);
    assert.match(wrongName.stderr, /no region "GTV1"; did you mean "GTV-1"\?/);
  });

  it("takes a segment of a DICOM segmentation by name or number", async () => {
    const { volume, mask } = await chestCt(data);
    const seg = path.join(folder, "seg.dcm");
    const image = path.join(data, "ibsi_1_ct_radiomics_phantom/dicom/image");
    await io.writeSeg([mask], seg, { source: image });
    const args = ["features", "--image", image, "--mask", seg, "--convention", "pyradiomics", "--json"];
    const choices = [[], ["--roi", "GTV-1"], ["--label", "1"]];
    const outputs = await Promise.all(choices.map((choice) => radbook([...args, ...choice])));
    const first = JSON.parse(outputs[0]?.stdout ?? "");
    const expected = radiomics.extractor({ convention: "pyradiomics" })(volume, mask).features;
    assert.deepEqual(
      Object.entries(first),
      expected.map(({ name, value }) => [name, value]),
    );
    for (const { stdout } of outputs) assert.deepEqual(JSON.parse(stdout), first);
  });
});
