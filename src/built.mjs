/**
 * Loads the built library: its bundle, which starts three times as fast, if that was made from the build as it is now; else
 * the build itself, module by module.
 *
 * A bundle lies in a folder named after the hash of what the compiler notes about its input (`bundleFolder`): one that is older
 * than the build is never found, and one that is there is whole. Nothing here awaits, so that `require("radbook")` works too.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const DIST = new URL("./dist/", import.meta.url);

/** The compiler writes them last, and anew whenever a source or an option has changed. */
const NOTES = ["tsconfig.data.tsbuildinfo", "io/tsconfig.tsbuildinfo", "tsconfig.tsbuildinfo"];

const require = createRequire(import.meta.url);

let chosen;

/**
 * Modules of the library. All that one process loads comes from one place, else a class would be there twice.
 *
 * @param entry  Path in the build, e.g. "magics/index.js".
 */
export function loadBuilt(entry) {
  chosen ??= existing(bundleFolder()) ?? DIST;
  const name = chosen === DIST ? entry : bundledName(entry);
  return require(fileURLToPath(new URL(name, chosen)));
}

/** Where the bundle of the present build belongs, there or not; null if nothing is built. */
export function bundleFolder() {
  const hash = createHash("sha256");
  for (const name of NOTES) {
    const file = new URL(name, DIST);
    if (!existsSync(file)) return null;
    hash.update(readFileSync(file));
  }
  return new URL(`bundle/${hash.digest("hex").slice(0, 16)}/`, DIST);
}

/** In a bundle all entries lie side by side: index.js, magics.js. */
export function bundledName(entry) {
  return entry.replace(/\/index\.js$/, ".js").replace(/^.*\//, "");
}

function existing(folder) {
  return folder !== null && existsSync(folder) ? folder : undefined;
}
