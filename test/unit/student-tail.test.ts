/** Tails of Student's t for many values at once against the general function. */
import assert from "node:assert/strict";
import { tTwoSided } from "../../src/core/distributions.js";
import { studentTail } from "../../src/model/statistics/student-tail.js";
import { assertClose } from "../support/modelling-references.js";

/** As the references of modelling ask for p. */
const P = 1e-10;

describe("tails of Student's t", () => {
  for (const df of [1, 2, 3, 8, 97, 98, 1_000, 1_001, 30_000, 200_000]) {
    it(`with ${df} degrees of freedom are those of the general function, to ${P} however small`, () => {
      const tail = studentTail(df);
      assert.equal(tail(0), 1);
      for (let exponent = -12; exponent < 160; exponent += 0.05) {
        const t = 10 ** (exponent < 6 ? exponent : 6 + (exponent - 6) * 2);
        const expected = tTwoSided(t, df);
        if (expected > 1e-300) assertClose(tail(-t), expected, P, `p of ${t}`);
        else assert.equal(tail(t), expected);
      }
    });
  }
});
