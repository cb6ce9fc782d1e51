/** Parametric survival regressions against survreg of R's survival 3.5-3: data-scripts/reference/parametric-survival.R wrote the numbers. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { ParametricDistribution } from "../../src/model/parametric-distribution.js";
import type { ParametricSurvivalModel } from "../../src/model/parametric-model.js";
import { parametricSurvival } from "../../src/model/parametric-survival.js";
import { Scores } from "../../src/table/scores.js";
import { absence, assertAllClose, assertClose, readInput } from "../support/modelling-references.js";

/** survreg was run until the likelihood changed by less than 1e-15 of itself; the last step of Newton's method is then far below 1e-9. */
const TOLERANCE = 1e-9;

interface Regression {
  readonly input: string;
  readonly columns: readonly string[];
  readonly distribution: ParametricDistribution;
  /** Intercept first. */
  readonly coefficients: readonly number[];
  readonly scale: number;
  readonly covariance: readonly number[];
  readonly logLikelihood: number;
  readonly nullLogLikelihood: number;
  readonly aic: number;
  readonly bic: number;
  /** By share, of rows 0, 3 and 10. */
  readonly logQuantile: readonly (readonly number[])[];
  readonly logQuantileError: readonly (readonly number[])[];
  readonly quantile: readonly (readonly number[])[];
  readonly times: readonly number[];
  /** By time. */
  readonly survival: readonly (readonly number[])[];
}

const references = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, "../support/parametric-survival-in-r.json"), "utf8"),
) as {
  readonly shares: readonly number[];
  readonly cases: readonly Regression[];
  readonly weighted: readonly (Regression & { readonly weights: readonly number[] })[];
};

function regression(r: Regression, weights?: readonly number[]): ParametricSurvivalModel {
  const cohort = readInput(`${r.input}.csv`).complete([
    "time",
    "event",
    ...(r.input === "lung" ? ["age", "sex", "ph.karno"] : []),
  ]);
  const y = cohort.survival({ time: "time", event: "event", unit: "days" });
  const { distribution } = r;
  const recipe =
    weights === undefined
      ? parametricSurvival({ distribution })
      : parametricSurvival({
          distribution,
          weights: new Scores(y.ids, Float64Array.from(weights), "weight"),
        });
  return recipe.fit(cohort.numeric(r.columns), y);
}

function compareEstimates(fitted: ParametricSurvivalModel, r: Regression): void {
  assertAllClose(
    [fitted.intercept, ...fitted.covariates.map((found) => found.coefficient)],
    r.coefficients,
    TOLERANCE,
    "coefficient",
  );
  assertClose(fitted.scale, r.scale, TOLERANCE, "scale");
  assertAllClose(fitted.covariance, r.covariance, TOLERANCE, "covariance");
  assertClose(fitted.logLikelihood, r.logLikelihood, 1e-12, "log likelihood");
  assertClose(fitted.nullLogLikelihood, r.nullLogLikelihood, 1e-12, "null log likelihood");
  assertClose(fitted.aic, r.aic, 1e-12, "AIC");
}

describe("parametric survival regressions as R's survreg", () => {
  if (absence !== null) {
    it(`are compared on lung.csv, gbsg.csv and veteran.csv (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }

  for (const r of references.cases) {
    it(`${r.distribution} times of ${r.input} by ${r.columns.join(", ") || "nothing"}`, () => {
      const fitted = regression(r);
      compareEstimates(fitted, r);
      assertClose(fitted.bic, r.bic, 1e-12, "BIC");
      const { x } = fitted.training;
      const some = x.pick([0, 3, 10].map((row) => x.ids[row] as string));
      references.shares.forEach((share, at) => {
        const found = fitted.quantile(some, share);
        assertAllClose(found.column("time"), r.quantile[at] ?? [], TOLERANCE, `time by ${share}`);
        const errors = found
          .column("upper")
          .map(
            (upper, row) =>
              Math.log(upper / (found.column("lower")[row] as number)) / (2 * 1.959963984540054),
          );
        assertAllClose(errors, r.logQuantileError[at] ?? [], 1e-8, `error of ln time by ${share}`);
      });
      fitted.survival(some, r.times).forEach(({ survival }, row) => {
        const expected = r.survival.map((values) => values[row] as number);
        assertAllClose(survival, expected, 1e-8, "survival");
      });
    });
  }

  for (const r of references.weighted) {
    const kind = r.weights.every(Number.isInteger) ? "frequency" : "sampling";
    it(`${r.distribution} times of lung with ${kind} weights`, () => {
      compareEstimates(regression(r, r.weights), r);
    });
  }
});
