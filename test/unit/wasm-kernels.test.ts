/** The kernels in WebAssembly are what their source in the repository gives. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { kernelsBinary } from "../../data-scripts/wasm/translate.js";

describe("the radiomics kernels", () => {
  it("are the bytes that their source translates to", async function () {
    this.timeout(120_000);
    const file = path.resolve(import.meta.dirname, "../../src/radiomics/wasm/kernels-binary.ts");
    assert.equal(readFileSync(file, "utf8"), await kernelsBinary(), "run npx tsx data-scripts/wasm/main.ts");
  });
});
