/** The command line: values, tables, files, and what every kind of bad input says. Runs the built command as a process. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { extractor } from "../../src/radiomics/index.js";
import { patient, patientFiles } from "../support/cohort-files.js";
import { freshFolder, put } from "../support/files.js";
import { radbook } from "../support/radbook-command.js";

describe("radbook features, of a region", function () {
  this.timeout(60_000);
  const folder = freshFolder();
  beforeEach(() => patientFiles(folder(), 2));

  const scan = ["--image", "ct0.nrrd", "--mask", "gtv0.nrrd"];
  const run = (...args: string[]): ReturnType<typeof radbook> =>
    radbook(["features", ...args], { cwd: folder() });

  it("prints one JSON object of the library's values, missing ones as null", async () => {
    const { image, mask } = patient(0);
    for (const convention of ["ibsi", "pyradiomics"] as const) {
      const { code, stdout, stderr } = await run(...scan, "--convention", convention, "--json");
      assert.deepEqual([code, stderr], [0, ""]);
      const expected = extractor({ convention })(image, mask).features.map(({ name, value }) => [
        name,
        Number.isFinite(value) ? value : null,
      ]);
      assert.deepEqual(Object.entries(JSON.parse(stdout)), expected);
    }
  });

  it("prints a table to read, with units, and IBSI's features by default", async () => {
    const { code, stdout } = await run(...scan);
    assert.equal(code, 0);
    const features = extractor()(patient(0).image, patient(0).mask).features;
    assert.match(stdout, new RegExp(`^${features.length} features\nfeature +value +unit\n`));
    assert.match(stdout, /\nmorph_volume +\d+\.\d+ +mm³\n/);
  });

  it("takes the modality, and options or parameters from a file", async () => {
    const { image, mask } = patient(0);
    put(folder(), "ibsi.yaml", "discretize: { binCount: 8 }\nfamilies: [intensity histogram]\n");
    const ibsi = await run(...scan, "--modality", "CT", "--params", "ibsi.yaml", "--json");
    const eight = extractor({ discretize: { binCount: 8 }, families: ["intensity histogram"] })(image, mask);
    assert.equal(JSON.parse(ibsi.stdout).ih_entropy, eight.value("ih_entropy"));
    put(
      folder(),
      "py.json",
      '{"setting": {"binWidth": 5, "label": 1}, "featureClass": {"glcm": ["Contrast"]}}',
    );
    const py = await run(...scan, "--convention", "pyradiomics", "--params", "py.json", "--json");
    assert.deepEqual(Object.keys(JSON.parse(py.stdout)), ["original_glcm_Contrast"]);
  });

  it("refuses bad input with exit status 2 and one line that says what is wrong", async () => {
    put(folder(), "text.nrrd", "hello");
    put(folder(), "typo.yaml", "setting:\n  binWidht: 25\n");
    put(folder(), "broken.yaml", "setting: [1\n");
    put(folder(), "ibsi.yaml", "discretise: { binCount: 8 }\n");
    const whole = readFileSync(path.join(folder(), "ct0.nrrd"));
    put(folder(), "cut.nrrd", whole.subarray(0, whole.length - 30));
    const py = ["--convention", "pyradiomics"];
    const cases: [args: string[], pattern: RegExp][] = [
      [["--image", "ct0.nrrd"], /--mask is missing/],
      [["--mask", "gtv0.nrrd"], /--image is missing/],
      [["--imag", "ct0.nrrd"], /no option --imag\. Did you mean --image\?/],
      [[...scan, "--image", "ct1.nrrd"], /--image is given twice/],
      [[...scan, "--label"], /--label needs a value/],
      [[...scan, "--label", "one"], /--label must be a whole number from 1, found "one"/],
      [[...scan, "--label", "9"], /gtv0\.nrrd: label 9 is not in the file/],
      [[...scan, "--roi", "GTV-1"], /gtv0\.nrrd: a label image has labels and no names/],
      [[...scan, "--json=yes"], /--json takes no value/],
      [[...scan, "more"], /"more" stands alone/],
      [[...scan, "--convention", "ibis"], /--convention must be ibsi or pyradiomics.*Did you mean ibsi\?/],
      [[...scan, "--out", "x.csv"], /--out is for a cohort/],
      [["--image", "no.nrrd", "--mask", "gtv0.nrrd"], /no\.nrrd: there is no such file/],
      [["--image", "text.nrrd", "--mask", "gtv0.nrrd"], /text\.nrrd.*neither DICOM, NIfTI nor NRRD/],
      [["--image", "cut.nrrd", "--mask", "gtv0.nrrd"], /cut\.nrrd.*cut off/],
      [["--image", "ct0.nrrd", "--mask", "."], /this is a folder/],
      [[...scan, "--params", "no.yaml"], /no\.yaml: there is no such file/],
      [[...scan, "--params", "broken.yaml"], /broken\.yaml: this is not a parameter file:.* at line/],
      [[...scan, "--params", "ibsi.yaml"], /ibsi\.yaml: .*"discretise"\. Did you mean "discretize"\?/],
      [[...scan, "--params", "typo.yaml"], /typo\.yaml: this is a parameter file of PyRadiomics/],
      [[...scan, ...py, "--params", "typo.yaml"], /typo\.yaml: .*"binWidht".*Did you mean "binWidth"\?/],
    ];
    for (const [args, pattern] of cases) {
      const { code, stdout, stderr } = await run(...args);
      assert.equal(code, 2, `${args.join(" ")}: ${stderr}`);
      assert.equal(stdout, "", args.join(" "));
      assert.match(stderr, /^radbook: [^\n]+\n$/, args.join(" "));
      assert.match(stderr, pattern);
      assert.doesNotMatch(stderr, /internal error|\bat .*:\d+:\d+/);
    }
  });

  it("refuses commands that do not exist, and explains those that do", async () => {
    assert.deepEqual(
      (
        await Promise.all([["feature"], [], ["--help"], ["features", "--help"]].map((args) => radbook(args)))
      ).map(({ code }) => code),
      [2, 2, 0, 0],
    );
    assert.match((await radbook(["feature"])).stderr, /Did you mean "features"\?/);
    assert.match((await run("--help")).stdout, /--image FILE.*--cohort FILE\.csv/s);
  });

  it("ends without a word when its reader closes the pipe", async function () {
    if (process.platform === "win32") this.skip();
    const command = `"${process.execPath}" "${path.resolve("src/bin.mjs")}" features --image ct0.nrrd --mask gtv0.nrrd | head -1`;
    const shell = spawn("bash", ["-c", `set -o pipefail; ${command}`], { cwd: folder() });
    let stderr = "";
    shell.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    await new Promise((resolve) => shell.on("close", resolve));
    assert.equal(stderr, "");
  });
});

describe("radbook features, of a cohort", function () {
  this.timeout(60_000);
  const folder = freshFolder();

  it("writes a row for each patient, names those that fail, and goes on where it was left", async () => {
    const files = await patientFiles(folder(), 3);
    const lines = files.map(({ id, image, mask }) => `${id},${image},${mask}`);
    const csv = put(
      folder(),
      "cohort.csv",
      ["id,image,mask", ...lines, "P9,no.nrrd,gtv0.nrrd", ""].join("\n"),
    );
    const out = path.join(folder(), "out.csv");
    const args = ["features", "--cohort", csv, "--out", out, "--convention", "pyradiomics", "--workers", "2"];
    const journal = path.join(folder(), "j");
    const { code, stdout, stderr } = await radbook([...args, "--journal", journal]);
    assert.equal(code, 2);
    assert.match(stderr, /^radbook: patient P9 failed: [^\n]*no\.nrrd: there is no such file[^\n]*\n$/);
    assert.equal(stdout, `${out}: 3 patients, 107 features\n`);
    const rows = readFileSync(out, "utf8").trim().split("\r\n");
    assert.deepEqual(
      rows.map((row) => row.split(",")[0]),
      ["id", "P0", "P1", "P2"],
    );
    const { image, mask } = patient(2);
    const alone = extractor({ convention: "pyradiomics" })(image, mask).features;
    assert.deepEqual(
      rows[3]?.split(",").slice(1).map(Number),
      alone.map(({ value }) => value),
    );
    const beside = JSON.parse(readFileSync(`${out}.json`, "utf8"));
    assert.equal(beside.units.original_shape_MeshVolume, "mm³");
    assert.equal(beside.failures[0].id, "P9");
    assert.equal(beside.provenance.inputs.length, 6);

    writeFileSync(csv, ["id,image,mask", ...lines, ""].join("\n"));
    const again = await radbook([...args, "--journal", journal]);
    assert.deepEqual([again.code, again.stderr], [0, ""]);
    assert.equal(readFileSync(out, "utf8"), `${rows.join("\r\n")}\r\n`);
  });

  it("refuses what makes no sense, and writes nothing when every patient fails", async () => {
    const csv = put(folder(), "cohort.csv", "id,image,mask\nP1,no.nrrd,no.nrrd\n");
    const out = path.join(folder(), "out.csv");
    const cases: [args: string[], pattern: RegExp][] = [
      [["--cohort", csv], /--out is missing/],
      [["--cohort", csv, "--out", "x.txt"], /--out must end in \.csv or \.parquet/],
      [["--cohort", "no.csv", "--out", out], /no\.csv: cannot read/],
      [["--cohort", csv, "--out", out, "--id", "patient"], /no column "patient"/],
      [["--cohort", csv, "--out", out, "--image", "ct"], /no column "ct"/],
      [["--cohort", csv, "--out", out, "--workers", "0"], /--workers must be a whole number from 1/],
      [["--cohort", csv, "--out", out, "--workers", "1000"], /from 1 to 64/],
      [["--cohort", csv, "--out", out, "--label", "1"], /--label is for a single region/],
      [["--cohort", csv, "--out", out], /P1 failed.*\n.*no patient could be computed/],
    ];
    for (const [args, pattern] of cases) {
      const { code, stderr } = await radbook(["features", ...args], { cwd: folder() });
      assert.equal(code, 2, stderr);
      assert.match(stderr, pattern);
    }
    assert.equal(existsSync(out), false);
  });
});
