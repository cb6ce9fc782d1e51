/**
 * Translates the kernels from AssemblyScript to WebAssembly: writes the modules that hold their bytes.
 *
 * Run after every change of a `.as` file: npx tsx data-scripts/wasm/main.ts
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { binaryModule, WASM_SOURCES } from "./translate.js";

for (const one of WASM_SOURCES) {
  writeFileSync(path.resolve(import.meta.dirname, "../..", one.target), await binaryModule(one));
}
