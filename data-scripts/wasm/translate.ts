/**
 * From AssemblyScript sources to the text of the modules that hold their bytes.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import asc from "assemblyscript/asc";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** A source of WebAssembly in the repository, and the module that is made of it. */
export interface WasmSource {
  readonly source: string;
  readonly target: string;
  /** Name of the constant. */
  readonly name: string;
  readonly layer: string;
}

export const WASM_SOURCES: readonly WasmSource[] = [
  {
    source: "src/radiomics/wasm/kernels.as",
    target: "src/radiomics/wasm/kernels-binary.ts",
    name: "KERNELS_BINARY",
    layer: "radiomics",
  },
  {
    source: "src/model/wasm/products.as",
    target: "src/model/wasm/products-binary.ts",
    name: "PRODUCTS_BINARY",
    layer: "model",
  },
  {
    source: "src/model/wasm/histograms.as",
    target: "src/model/wasm/histograms-binary.ts",
    name: "HISTOGRAMS_BINARY",
    layer: "model",
  },
];

/** The text of the module. */
export async function binaryModule({ source, name, layer }: WasmSource): Promise<string> {
  let binary: Uint8Array | undefined;
  const options = ["source.ts", "--outFile", "out.wasm", "-O3", "--runtime", "stub", "--noAssert"];
  const { error, stderr } = await asc.main([...options, "--enable", "simd"], {
    readFile: (file) => (file === "source.ts" ? readFileSync(path.join(ROOT, source), "utf8") : null),
    writeFile: (file, contents) => {
      if (file === "out.wasm" && typeof contents !== "string") binary = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined) throw new Error(`${source}: ${stderr.toString()}`);
  const lines =
    Buffer.from(binary)
      .toString("base64")
      .match(/.{1,104}/g) ?? [];
  const text = lines.map((line) => `  "${line}"`).join(" +\n");
  return `/**
 * Bytes of \`${path.basename(source)}\`, in base64. Made by data-scripts/wasm/main.ts; a test makes them again.
 *
 * Layer:  ${layer}; imports nothing.
 */
export const ${name}: string =
${text};
`;
}
