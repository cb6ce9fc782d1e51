/**
 * Translates the radiomics kernels from AssemblyScript to WebAssembly: writes src/radiomics/wasm/kernels-binary.ts.
 *
 * Run after every change of src/radiomics/wasm/kernels.as: npx tsx data-scripts/wasm/main.ts
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { kernelsBinary } from "./translate.js";

const target = path.resolve(import.meta.dirname, "../../src/radiomics/wasm/kernels-binary.ts");
writeFileSync(target, await kernelsBinary());
