/** What `import "radbook"` loads: the bundle of the present build and of no other, and in it all that the sources have. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import * as library from "../../src/index.js";
import * as magics from "../../src/magics/index.js";
import { patientFiles } from "../support/cohort-files.js";
import { freshFolder, put } from "../support/files.js";

const root = path.resolve(import.meta.dirname, "../..");

/** What a script of plain JavaScript prints, run without loaders and conditions. */
function output(script: string): string {
  return run(["--input-type=module", "-e", script]);
}

function run(args: readonly string[]): string {
  const env = { ...process.env, NODE_OPTIONS: "" };
  return execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", env }).trim();
}

describe("the built library", function () {
  this.timeout(60_000);
  const folder = freshFolder();

  it("has the names of the sources", () => {
    const names = (module: string): unknown =>
      JSON.parse(output(`console.log(JSON.stringify(Object.keys(await import("${module}")).sort()))`));
    assert.deepEqual(names("radbook"), Object.keys(library).sort());
    assert.deepEqual(names("radbook/magics"), Object.keys(magics).sort());
    const required =
      'import { createRequire } from "node:module";' +
      'console.log(createRequire(import.meta.url)("radbook").Volume.name)';
    assert.equal(output(required), "Volume");
  });

  it("comes from a bundle only if that was made from the build as it is", () => {
    const dist = path.join(folder(), "dist");
    for (const name of ["io", "magics"]) mkdirSync(path.join(dist, name), { recursive: true });
    copyFileSync(path.join(root, "src/built.mjs"), path.join(folder(), "built.mjs"));
    const code = (from: string): string => `export const from = ${JSON.stringify(from)};\n`;
    put(folder(), "package.json", '{ "type": "module" }');
    for (const name of ["index.js", "magics/index.js"]) put(dist, name, code("build"));
    const notes = ["tsconfig.data.tsbuildinfo", "io/tsconfig.tsbuildinfo", "tsconfig.tsbuildinfo"];
    for (const name of notes) put(dist, name, "first build");

    const built = pathToFileURL(path.join(folder(), "built.mjs")).href;
    const folderOf = `import { bundleFolder } from ${JSON.stringify(built)}; console.log(bundleFolder()?.pathname)`;
    const loaded = (): string =>
      output(
        `import { loadBuilt } from ${JSON.stringify(built)};` +
          'console.log(loadBuilt("index.js").from, loadBuilt("magics/index.js").from)',
      );
    assert.equal(loaded(), "build build", "no bundle");
    const bundle = output(folderOf);
    mkdirSync(bundle, { recursive: true });
    for (const name of ["index.js", "magics.js"]) put(bundle, name, code("bundle"));
    assert.equal(loaded(), "bundle bundle", "a bundle of this build");
    for (const name of notes) {
      put(dist, name, "second build");
      assert.equal(loaded(), "build build", `${name} has changed`);
      put(dist, name, "first build");
      assert.equal(loaded(), "bundle bundle", `${name} is as it was`);
    }
    rmSync(path.join(dist, "tsconfig.tsbuildinfo"));
    assert.equal(output(folderOf), "undefined", "a build that did not end");
    assert.equal(loaded(), "build build", "a build that did not end");
  });

  it("decodes and extracts in threads from a bundle as from the sources", async () => {
    execFileSync(process.execPath, ["setup/bundle.mjs"], { cwd: root });
    await patientFiles(folder(), 2);
    const bundle = output('import { bundleFolder } from "./src/built.mjs"; console.log(bundleFolder().href)');
    const cohort = [0, 1].map((n) => ({ id: `P${n}`, image: `ct${n}.nrrd`, mask: `gtv${n}.nrrd` }));
    const compressed = path.join(root, "test/support/dicom-syntaxes/jpeg-ls.dcm");
    const script = put(
      folder(),
      "extract.mjs",
      `import * as library from "${bundle}index.js";
      import { magics } from "${bundle}magics.js";
      const [cohort, folder, file] = process.argv.slice(2);
      const table = await library.radiomics.extractor()(JSON.parse(cohort), { folder, workers: 2 });
      const { voxels } = await library.io.readVolume(file);
      const names = [...magics, ...Object.values(library)].map(({ name }) => name);
      console.log(JSON.stringify([[...table.rows()], [...voxels], names.sort()]));`,
    );
    const inBundle = run([script, JSON.stringify(cohort), folder(), compressed]);
    const table = await library.radiomics.extractor()(cohort, { folder: folder(), workers: 2 });
    const { voxels } = await library.io.readVolume(compressed);
    const names = [...magics.magics, ...Object.values(library)].map((one) => (one as { name?: string }).name);
    assert.equal(inBundle, JSON.stringify([[...table.rows()], [...voxels], names.sort()]));
  });
});
