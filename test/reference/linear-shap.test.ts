/** Linear SHAP against the shap package and against its own definition. */
import assert from "node:assert/strict";
import { linear } from "../../src/explain/linear.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { absence, readReference } from "../support/modelling-references.js";

interface LinearReference {
  readonly coef: readonly number[];
  readonly intercept: number;
  readonly background_mean: readonly number[];
  readonly X: readonly (readonly number[])[];
  readonly phi: readonly (readonly number[])[];
  readonly expected_value: number;
}

describe("linear SHAP", () => {
  it("agrees with shap 0.51 to 1e-10 on 15 patients and 30 features", function () {
    if (absence !== null) {
      console.log(`      skipped: ${absence}`);
      return this.skip();
    }
    const reference = readReference<{ linear: LinearReference }>("shap_linear_kernel.json").linear;
    const x = table(reference.X);
    const model = {
      covariates: reference.coef.map((coefficient, j) => ({ name: `x${j}`, unit: "", coefficient })),
      intercept: reference.intercept,
      outputUnit: "log odds",
    };
    const found = linear(model, x, { background: table([reference.background_mean]) });
    assert.ok(Math.abs(found.base - reference.expected_value) <= 1e-10);
    const expected = reference.phi.flat();
    assert.equal(found.values.length, expected.length);
    for (const [k, phi] of expected.entries())
      assert.ok(Math.abs(found.values[k] - phi) <= 1e-10, `value ${k}`);
  });

  it("names the patient whose value is missing", () => {
    const model = {
      covariates: [{ name: "x0", unit: "", coefficient: 2 }],
      intercept: 0,
      outputUnit: "log odds",
    };
    assert.throws(
      () => linear(model, table([[1], [Number.NaN]]), { background: table([[0]]) }),
      /"x0" of patient 1 is missing/,
    );
  });
});

function table(rows: readonly (readonly number[])[]): FeatureTable {
  const columns = (rows[0] ?? []).map((_, j) => ({
    name: `x${j}`,
    unit: "",
    values: Float64Array.from(rows, (row) => row[j]),
  }));
  return new FeatureTable(
    rows.map((_, i) => String(i)),
    columns,
  );
}
