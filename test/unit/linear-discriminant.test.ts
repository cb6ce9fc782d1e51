/** Linear discriminant analysis at the edge of what has an answer. */
import assert from "node:assert/strict";
import { NumericalError } from "../../src/core/errors.js";
import { linearDiscriminant } from "../../src/model/classification/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";

describe("linear discriminant analysis", () => {
  it("refuses a constant column also where the best shrinkage is 0 but for rounding", () => {
    // Two patients a class: Ledoit and Wolf's shrinkage is 0. Rounding made it 1e-17, and each class as likely as the others.
    const ids = ["a", "b", "c", "d", "e", "f"];
    const y = new Labels(ids, ["0", "1", "2", "0", "1", "2"]);
    const column = (name: string, ...values: number[]): FeatureTable["columns"][number] => ({
      name,
      unit: "",
      values: Float64Array.from(values),
    });
    const x = new FeatureTable(ids, [
      column(
        "first",
        1.6312841327217575,
        1.3447673022511668,
        4.780053157647813,
        -1.1373552243549507,
        1.836596027020243,
        6.0175112538072115,
      ),
      column("constant", 7, 7, 7, 7, 7, 7),
      column(
        "last",
        -0.4444465911671836,
        -0.5015289725971007,
        -1.295459704919745,
        -1.5222525933939086,
        0.8119919428747666,
        1.0284714331623799,
      ),
    ]);
    assert.throws(
      () => linearDiscriminant({ shrinkage: "auto" }).fit(x, y),
      (error) => error instanceof NumericalError && error.message.includes('"constant"'),
    );
  });
});
