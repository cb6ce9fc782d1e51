/** Explanations: what is refused, and what is read off them. */
import assert from "node:assert/strict";
import { InputError } from "../../src/core/errors.js";
import { Explanation, type ExplanationParts } from "../../src/explain/explanation.js";
import { absence, readReference } from "../support/modelling-references.js";

const parts: ExplanationParts = {
  ids: ["a", "b"],
  features: [
    { name: "age", unit: "years" },
    { name: "volume", unit: "mL" },
  ],
  values: Float64Array.of(0.5, -2, -0.5, 1),
  data: Float64Array.of(60, 12, Number.NaN, 30),
  base: 1,
  outputUnit: "log hazard",
};

describe("an explanation", () => {
  it("ranks features by their mean absolute SHAP value", () => {
    const explanation = new Explanation(parts);
    assert.deepEqual([...explanation.meanAbsolute()], [0.5, 1.5]);
    assert.deepEqual(explanation.ranking(), [1, 0]);
  });

  it("accepts outputs that its values add up to, and refuses others", () => {
    new Explanation(parts, Float64Array.of(-0.5, 1.5));
    assert.throws(
      () => new Explanation(parts, Float64Array.of(-0.5, 1.6)),
      isInputError(/patient b add up to 1.5, but the model's output is 1.6/),
    );
    assert.throws(() => new Explanation(parts, Float64Array.of(1)), isInputError(/2 outputs, found 1/));
  });

  const wrong: readonly [string, Partial<ExplanationParts>, RegExp][] = [
    ["too few values", { values: Float64Array.of(1, 2, 3) }, /need 4 SHAP values, found 3/],
    ["too few data", { data: Float64Array.of(1) }, /need 4 feature values, found 1/],
    ["no patients", { ids: [], values: new Float64Array(), data: new Float64Array() }, /found 0 and 2/],
    [
      "a SHAP value that is NaN",
      { values: Float64Array.of(1, Number.NaN, 1, 1) },
      /"volume" of patient a has NaN/,
    ],
    [
      "an infinite feature value",
      { data: Float64Array.of(1, 1, -Infinity, 1) },
      /"age" of patient b has -Infinity/,
    ],
    ["a base that is NaN", { base: Number.NaN }, /base must be finite/],
    ["a repeated name", { features: [parts.features[0], parts.features[0]] }, /"age" is empty or repeated/],
  ];
  for (const [what, change, message] of wrong) {
    it(`refuses ${what}`, () => {
      assert.throws(() => new Explanation({ ...parts, ...change }), isInputError(message));
    });
  }

  it("accepts the reference SHAP values of gradient boosting as adding up", function () {
    if (absence !== null) {
      console.log(`      skipped: ${absence}`);
      this.skip();
    }
    const { X, raw, path_dependent } = readReference<{
      X: number[][];
      raw: number[];
      path_dependent: { expected_value: number[]; phi: number[][] };
    }>("shap_gbt_breast_cancer.json");
    new Explanation(
      {
        ids: X.map((_, i) => String(i)),
        features: X[0].map((_, j) => ({ name: `x${j}`, unit: "" })),
        values: Float64Array.from(path_dependent.phi.flat()),
        data: Float64Array.from(X.flat()),
        base: path_dependent.expected_value[0],
        outputUnit: "log odds",
      },
      Float64Array.from(raw),
    );
  });
});

function isInputError(message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof InputError && message.test(error.message);
}
