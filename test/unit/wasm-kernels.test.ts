/** The kernels in WebAssembly are what their source in the repository gives. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { binaryModule, WASM_SOURCES } from "../../data-scripts/wasm/translate.js";

describe("the kernels in WebAssembly", () => {
  for (const one of WASM_SOURCES) {
    it(`are the bytes that ${one.source} translates to`, async function () {
      this.timeout(120_000);
      const file = path.resolve(import.meta.dirname, "../..", one.target);
      assert.equal(
        readFileSync(file, "utf8"),
        await binaryModule(one),
        "run npx tsx data-scripts/wasm/main.ts",
      );
    });
  }
});
