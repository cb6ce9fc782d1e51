/**
 * The multinomial elastic net against glmnet (test/support/multinomial-glmnet.json), the conditions of its minimum, and the
 * ridge of `multinomial`, which is tested against scikit-learn.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { multinomial } from "../../src/model/multinomial.js";
import { multinomialNet } from "../../src/model/multinomial-net.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { absence, assertAllClose, readInput } from "../support/modelling-references.js";
import { predictors, scalesOf } from "../support/penalized-optimality.js";

/** As for the other paths of glmnet: sequence 1e-10, conditions 1e-9. */
const LAMBDA = 1e-10;
const KKT = 1e-9;
/** glmnet ends its search 1e-5 from the minimum, even at the threshold 1e-14. */
const COEFFICIENT = 1e-5;
const DEVIANCE = 1e-6;

interface GlmnetFit {
  readonly grouped: boolean;
  readonly alpha: number;
  readonly lambda: readonly number[];
  /** Which penalties, from 1. */
  readonly at: readonly number[];
  /** By penalty and class. */
  readonly beta: readonly (readonly (readonly number[])[])[];
  readonly a0: readonly (readonly number[])[];
  readonly dev_ratio: readonly number[];
}

interface GlmnetPaths {
  readonly fits: readonly GlmnetFit[];
  readonly cv: {
    readonly lambda: readonly number[];
    readonly cvm: readonly number[];
    readonly cvsd: readonly number[];
    readonly lambda_min: number;
    readonly lambda_1se: number;
  };
}

describe("multinomial elastic net as glmnet", () => {
  if (absence !== null) {
    it(`is compared with glmnet on the wine data (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const file = path.resolve(import.meta.dirname, "../support/multinomial-glmnet.json");
  const reference = JSON.parse(readFileSync(file, "utf8")) as GlmnetPaths;
  const cohort = readInput("wine.csv");
  const x = cohort.numeric(cohort.names.slice(2));
  const y = cohort.labels("y");

  for (const r of reference.fits) {
    const options = { l1Ratio: r.alpha, grouped: r.grouped, folds: 0 };
    const label = `alpha ${r.alpha}, ${r.grouped ? "grouped" : "ungrouped"}`;
    it(`starts the sequence at the same penalty, ${label}`, () => {
      const found = multinomialNet({ ...options, lambdaCount: 20, lambdaRatio: 0.01 }).fit(x, y);
      assertAllClose(found.lambdas, r.lambda, LAMBDA, "lambda");
    });

    it(`finds the same coefficients, at the minimum, ${label}`, () => {
      const path = multinomialNet({ ...options, lambdas: r.lambda }).fit(x, y);
      r.dev_ratio.forEach((value, at) => {
        const gap = Math.abs((path.devianceRatio[at] as number) - value);
        assert.ok(gap <= DEVIANCE, `explained deviance ${at} differs by ${gap}`);
      });
      r.at.forEach((place, at) => {
        const lambda = r.lambda[place - 1] as number;
        const { coefficients, intercepts } = path.at(lambda).chosen;
        const found = coefficients.columns.map(({ values }) =>
          Float64Array.from(x.names, (name) => values[coefficients.ids.indexOf(name)] ?? 0),
        );
        found.forEach((own, c) => {
          own.forEach((value, j) => {
            const gap = Math.abs(value - (r.beta[at]?.[c]?.[j] as number));
            assert.ok(gap <= COEFFICIENT, `${x.names[j]}, class ${c}, at ${lambda}: off by ${gap}`);
          });
          const gap = Math.abs((intercepts[c] as number) - (r.a0[at]?.[c] as number));
          assert.ok(gap <= COEFFICIENT, `intercept of class ${c} at ${lambda}: off by ${gap}`);
        });
        const miss = violation(x, y, found, intercepts, { lambda, l1Ratio: r.alpha, grouped: r.grouped });
        assert.ok(miss <= KKT, `conditions at ${lambda} are missed by ${miss}`);
      });
    });
  }

  it("cross-validates on the given folds", () => {
    const { cv } = reference;
    const foldIds = new Labels(
      y.ids,
      y.ids.map((_, row) => String((row % 5) + 1)),
    );
    const options = { l1Ratio: 0.5, grouped: true, lambdas: cv.lambda, foldIds };
    const found = multinomialNet(options).fit(x, y).crossValidation;
    assert.ok(found !== null);
    assertAllClose(found.mean, cv.cvm, DEVIANCE, "mean");
    assertAllClose(found.standardError, cv.cvsd, DEVIANCE, "standard error");
    assert.equal(found.lambdaMin, cv.lambda_min);
    assert.equal(found.lambda1se, cv.lambda_1se);
  });

  it("is the ridge of multinomial without a share of the lasso", () => {
    const lambda = 0.02;
    const ridge = multinomial({ lambda }).fit(x, y);
    const net = multinomialNet({ l1Ratio: 0, folds: 0, lambdas: [lambda] })
      .fit(x, y)
      .at(lambda).chosen;
    net.coefficients.columns.forEach(({ values }, c) => {
      assertAllClose(values, [...(ridge.coefficients.columns[c]?.values ?? [])], 1e-6, `class ${c}`);
    });
    assertAllClose(net.intercepts, [...ridge.intercepts], 1e-6, "intercepts");
  });

  it("with class weights is the fit to patients who occur as often as they weigh", () => {
    // Class 2 twice: its patients once more, with ids of their own.
    const rare = y.ids.filter((_, row) => y.values[row] === "2");
    const ids = [...y.ids, ...rare.map((id) => `${id} again`)];
    const twice = x.columns.map((column) => ({
      ...column,
      values: Float64Array.from(
        ids,
        (id) => column.values[x.ids.indexOf(id.split(" ")[0] ?? "")] ?? Number.NaN,
      ),
    }));
    const table = new FeatureTable(ids, twice);
    const labels = new Labels(ids, [...y.values, ...rare.map(() => "2")], { name: "y" });
    const options = { folds: 0, lambdas: [0.05], standardize: false, l1Ratio: 0.5 };
    const weighted = multinomialNet({ ...options, classWeights: { 2: 2 } })
      .fit(x, y)
      .at(0.05).chosen;
    const repeated = multinomialNet(options).fit(table, labels).at(0.05).chosen;
    assert.deepEqual(weighted.coefficients.ids, repeated.coefficients.ids);
    weighted.coefficients.columns.forEach(({ values }, c) => {
      assertAllClose(values, [...(repeated.coefficients.columns[c]?.values ?? [])], 1e-6, `class ${c}`);
    });
  });
});

/** Largest violation of the conditions of the minimum, by definition. */
function violation(
  x: FeatureTable,
  y: Labels,
  coefficients: readonly Float64Array[],
  intercepts: Float64Array,
  {
    lambda,
    l1Ratio,
    grouped,
  }: { readonly lambda: number; readonly l1Ratio: number; readonly grouped: boolean },
): number {
  const columns = x.columns.map(({ values }) => values);
  const scale = scalesOf(columns, true);
  const eta = coefficients.map((own, c) =>
    predictors(columns, own).map((value) => value + (intercepts[c] as number)),
  );
  const residuals = eta.map((own, c) =>
    own.map((value, row) => {
      const total = eta.reduce((sum, other) => sum + Math.exp((other[row] as number) - value), 0);
      return ((y.codes[row] === c ? 1 : 0) - 1 / total) / x.length;
    }),
  );
  const misses = residuals.map((residual) => Math.abs(residual.reduce((sum, value) => sum + value, 0)));
  columns.forEach((column, j) => {
    const unit = scale[j] as number;
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    const b = coefficients.map((own) => (own[j] as number) * unit);
    const rest = residuals.map((residual, c) => {
      const gradient = residual.reduce(
        (sum, r, row) => sum + (r * ((column[row] as number) - mean)) / unit,
        0,
      );
      return gradient - lambda * (1 - l1Ratio) * (b[c] as number);
    });
    const limit = lambda * l1Ratio;
    const blocks = grouped ? [{ b, rest }] : b.map((value, c) => ({ b: [value], rest: [rest[c] as number] }));
    for (const block of blocks) {
      const length = Math.hypot(...block.b);
      misses.push(
        length === 0
          ? Math.hypot(...block.rest) - limit
          : Math.hypot(...block.rest.map((value, c) => value - (limit * (block.b[c] as number)) / length)),
      );
    }
  });
  return Math.max(...misses);
}
