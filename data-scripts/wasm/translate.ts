/**
 * From the AssemblyScript source of the radiomics kernels to the text of the module that holds their bytes.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import asc from "assemblyscript/asc";

const SOURCE = path.resolve(import.meta.dirname, "../../src/radiomics/wasm/kernels.as");

/** The text of src/radiomics/wasm/kernels-binary.ts. */
export async function kernelsBinary(): Promise<string> {
  let binary: Uint8Array | undefined;
  const options = ["kernels.ts", "--outFile", "kernels.wasm", "-O3", "--runtime", "stub", "--noAssert"];
  const { error, stderr } = await asc.main([...options, "--enable", "simd"], {
    readFile: (name) => (name === "kernels.ts" ? readFileSync(SOURCE, "utf8") : null),
    writeFile: (name, contents) => {
      if (name === "kernels.wasm" && typeof contents !== "string") binary = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined) throw new Error(`kernels.as: ${stderr.toString()}`);
  const lines =
    Buffer.from(binary)
      .toString("base64")
      .match(/.{1,104}/g) ?? [];
  const text = lines.map((line) => `  "${line}"`).join(" +\n");
  return `/**
 * Bytes of \`kernels.as\`, in base64. Made by data-scripts/wasm/main.ts; a test makes them again.
 *
 * Layer:  radiomics; imports nothing.
 */
export const KERNELS_BINARY: string =
${text};
`;
}
