/**
 * Bundles the built library, some 350 modules, into a few files: `import "radbook"` then takes a third of the processor time.
 *
 * Made from what the compiler wrote, so that bundle and build cannot differ. Packages of others stay outside, and what is
 * imported on first use stays so. `src/built.mjs` says when a bundle is used.
 */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundledName, bundleFolder } from "../src/built.mjs";

const DIST = fileURLToPath(new URL("../src/dist/", import.meta.url));
const BUNDLES = path.join(DIST, "bundle");

/** Entries that one process may load together share their modules. A thread shares none; its module is named so. */
const THREADS = readdirSync(DIST, { recursive: true }).filter(
  (file) => file.endsWith("-thread.js") && !file.startsWith("bundle"),
);
const PROGRAMS = [["index.js", "magics/index.js"], ["cli.js"], ...THREADS.map((file) => [file])];

/** A process that began with an older bundle may still load parts of it. */
const KEEP_MS = 24 * 3_600_000;

const folder = bundleFolder();
if (folder === null) {
  process.stderr.write("There is no build to bundle. Run `npm run build` first.\n");
  process.exitCode = 1;
} else {
  await bundle(fileURLToPath(folder));
}

async function bundle(to) {
  mkdirSync(BUNDLES, { recursive: true });
  const part = mkdtempSync(path.join(BUNDLES, "part-"));
  for (const entries of PROGRAMS) await bundleProgram(entries, part);
  if (fileURLToPath(bundleFolder()) !== to) {
    rmSync(part, { recursive: true });
    throw new Error("the library was built anew meanwhile. Run this again.");
  }
  rmSync(to, { recursive: true, force: true });
  // Whole or not at all: what is found is used. By everybody, where several share a folder.
  chmodSync(part, 0o755);
  renameSync(part, to);
  for (const name of readdirSync(BUNDLES)) {
    const other = path.join(BUNDLES, name);
    if (other !== path.resolve(to) && Date.now() - statSync(other).mtimeMs > KEEP_MS)
      rmSync(other, { recursive: true });
  }
}

async function bundleProgram(entries, outdir) {
  const { outputFiles } = await build({
    entryPoints: Object.fromEntries(
      entries.map((entry) => [bundledName(entry.replaceAll("\\", "/")).slice(0, -3), path.join(DIST, entry)]),
    ),
    outdir,
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "warning",
    write: false,
  });
  for (const { path: file, text } of outputFiles)
    writeFileSync(file, file.endsWith(".js") ? withClassNames(text) : text);
}

/**
 * A class that mentions itself is `var A = class _A {` in a bundle: it gets its own name back, on the same line, for the source map.
 * esbuild's `keepNames` would do so at run time for every function, each time that a closure is made.
 */
function withClassNames(code) {
  return code.replace(
    /^(var (\w+) = class _\2( extends \w+)? \{)$/gm,
    '$1 static { Object.defineProperty(this, "name", { value: "$2" }); }',
  );
}
