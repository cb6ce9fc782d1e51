/**
 * TypeScript, loaded from the machine code that an earlier kernel has left in the cache: compiling its 9 MB
 * takes longer than everything else before the first cell.
 *
 * It is reached as `#typescript` (package.json), whose types are those of the package itself.
 * Layer:  language; imports folders.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import v8 from "node:v8";
import vm from "node:vm";
import type ts from "typescript";
import { cacheFolder } from "../folders.js";

/** By then the first cells have run, and what they needed of the compiler is compiled and worth keeping. */
const SAVE_AFTER_MS = 5_000;

/** Of the memory in use, how much more is taken before the unused part of it is collected. */
const HEAP_GROWTH_PERCENT = 40;

type Wrapper = (
  exports: object,
  require: NodeJS.Require,
  module: object,
  file: string,
  folder: string,
) => void;

const typescript: typeof ts = load();

// biome-ignore lint/style/noDefaultExport: stands for a package that has one
export { typescript as default };

function load(): typeof ts {
  // Each check leaves a megabyte behind. V8 would let four times the compiler's own memory gather first.
  v8.setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  const require = createRequire(import.meta.url);
  const file = require.resolve("typescript");
  const kept = keptCode(file);
  const cachedData = readIfThere(kept);
  const script = new vm.Script(
    // As Node wraps it; the line stays the first.
    `(function (exports, require, module, __filename, __dirname) { ${readFileSync(file, "utf8")}\n})`,
    { filename: file, ...(cachedData ? { cachedData } : {}) },
  );
  const module = { exports: {} };
  const run = script.runInThisContext() as Wrapper;
  run(module.exports, createRequire(file), module, file, path.dirname(file));
  if (!cachedData || script.cachedDataRejected) setTimeout(() => save(script, kept), SAVE_AFTER_MS).unref();
  return module.exports as typeof ts;
}

/** Compiled code serves one source and one build of V8 with the same flags. */
function keptCode(file: string): string {
  const { size, mtimeMs } = statSync(file);
  const name = `typescript-${size}-${Math.round(mtimeMs)}-${v8.cachedDataVersionTag().toString(16)}.bin`;
  return path.join(cacheFolder(), name);
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Kernels may save at the same time: each writes its own file and puts it in place whole. */
function save(script: vm.Script, file: string): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const part = `${file}.${process.pid}`;
    writeFileSync(part, script.createCachedData());
    renameSync(part, file);
  } catch (error) {
    process.stderr.write(`radbook kernel: starts stay slow, nothing can be kept: ${String(error)}\n`);
  }
}
