/**
 * The Cox elastic net against the exact optima of coxnet_glmnet.json (glmnet, polished by active-set Newton), glmnet's
 * sequence of penalties and cross-validation, and against coxnet_sksurv.json.
 */
import assert from "node:assert/strict";
import { cox } from "../../src/model/cox.js";
import { coxResiduals } from "../../src/model/cox-residuals.js";
import { type CoxNetOptions, coxnet } from "../../src/model/coxnet.js";
import type { FeatureTable } from "../../src/table/feature-table.js";
import type { SurvivalData } from "../../src/table/survival-data.js";
import {
  absence,
  assertAllClose,
  assertClose,
  readInput,
  readReference,
} from "../support/modelling-references.js";
import { breslowResidual, predictors, scalesOf, violation } from "../support/penalized-optimality.js";

/** The README of the references asks for these. */
const LAMBDA = 1e-10;
const KKT = 1e-9;
const COEFFICIENT = 1e-6;
const MEAN = 1e-7;
const SKSURV_COEFFICIENT = 1e-5;

interface Curve {
  readonly cvm: readonly number[];
  readonly cvsd: readonly number[];
  readonly lambda_min: number;
  readonly lambda_1se: number;
}
interface Coefficients {
  readonly nonzero_0based: readonly number[];
  readonly value: readonly number[];
}
interface PathReference {
  readonly alpha: number;
  readonly lambda: readonly number[];
  readonly nulldev: number;
  readonly coef: readonly (Coefficients & { readonly lambda_index_0based: number })[];
  readonly loglik_breslow_at_coef: readonly number[];
  readonly cv?: {
    readonly deviance_grouped: Curve;
    readonly deviance_ungrouped: Curve;
    readonly fold_events: readonly number[];
    readonly c_index_per_fold: readonly (readonly number[])[];
  };
}
interface DataReference {
  readonly n: number;
  readonly p: number;
  readonly events: number;
  readonly standardize: boolean;
  readonly penalty_factor: readonly number[] | null;
  readonly paths: Readonly<Record<string, PathReference>>;
}
interface SksurvReference {
  readonly l1_ratio: number;
  readonly normalize: boolean;
  readonly alphas: readonly number[];
  readonly deviance_ratio: readonly number[];
  readonly coef: Readonly<Record<string, Coefficients>>;
  readonly c_index_at_coef: readonly number[];
}

/** The columns of each data set; gse7390 has no ties, lung has. */
function dataOf(name: string): { readonly x: FeatureTable; readonly y: SurvivalData } {
  const isLung = name === "lung_ties";
  const cohort = isLung ? readInput("lung.csv").complete() : readInput("gse7390.csv");
  const columns = cohort.names.filter((column) => !["time", "event", "fold"].includes(column));
  return {
    x: cohort.numeric(columns),
    y: cohort.survival({ time: "time", event: "event", unit: "days" }),
  };
}

describe("Cox elastic net as glmnet and scikit-survival", () => {
  if (absence !== null) {
    it(`is compared with coxnet_glmnet.json and coxnet_sksurv.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const {
    versions: _,
    input: __,
    ...data
  } = readReference<Record<string, DataReference>>("coxnet_glmnet.json");

  for (const [name, set] of Object.entries(data)) {
    for (const [label, r] of Object.entries(set.paths)) {
      const { x, y } = dataOf(name);
      const factors = Float64Array.from(set.penalty_factor ?? x.names.map(() => 1));
      const options: CoxNetOptions = {
        l1Ratio: r.alpha,
        standardize: set.standardize,
        penaltyFactors: Object.fromEntries(x.names.map((column, j) => [column, factors[j] as number])),
      };

      it(`falls through the penalties of glmnet, ${name} ${label}`, () => {
        assert.deepEqual([x.length, x.columns.length, y.events], [set.n, set.p, set.events]);
        const { path } = coxnet({ ...options, folds: 0, lambdaRatio: 0.01 }).fit(x, y);
        // glmnet's Fortran code takes the exponent 1 / 99 in single precision, its R code (used for lung) does not.
        const exponent = name === "lung_ties" ? 1 / 99 : Math.fround(1 / 99);
        const first = set.penalty_factor === null ? (r.lambda[0] as number) : exactFirst(x, y, factors);
        const expected = Array.from(path.lambdas, (_, k) => first * 0.01 ** (k / 99));
        assertAllClose(path.lambdas, expected, LAMBDA, "lambda");
        // With columns free of penalty, glmnet's first penalty comes from a fit that stopped early: only ratios compare.
        const shift = first / (r.lambda[0] as number);
        r.lambda.forEach((lambda, k) => {
          const own = (path.lambdas[k] as number) * 0.01 ** (k * (exponent - 1 / 99));
          assertClose(own, lambda * shift, LAMBDA, `lambda[${k}]`);
        });
        assert.ok(path.lambdas.length >= r.lambda.length);
        assertClose(path.nullDeviance, r.nulldev, 1e-12, "null deviance");
      });

      it(`reaches the exact optimum, ${name} ${label}: coefficients within ${COEFFICIENT}, conditions within ${KKT}`, () => {
        const fitted = coxnet({ ...options, folds: 0, lambdas: r.lambda }).fit(x, y);
        const scale = scalesOf(
          x.columns.map((column) => column.values),
          set.standardize,
        );
        const mean = factors.reduce((sum, factor) => sum + factor, 0) / factors.length;
        r.coef.forEach((reference, at) => {
          const lambda = r.lambda[reference.lambda_index_0based] as number;
          const expected = new Float64Array(set.p);
          reference.nonzero_0based.forEach((j, k) => {
            expected[j] = reference.value[k] as number;
          });
          const found = new Float64Array(set.p);
          for (const { name: column, coefficient } of fitted.path.at(lambda).covariates)
            found[x.names.indexOf(column)] = coefficient;
          found.forEach((value, j) => {
            const gap = Math.abs(value - (expected[j] as number));
            assert.ok(gap <= COEFFICIENT, `${x.names[j]} at ${lambda}: ${value} is not ${expected[j]}`);
          });
          const columns = x.columns.map((column) => column.values);
          const miss = violation(
            {
              columns,
              coefficients: found,
              scale,
              lambda,
              l1Ratio: r.alpha,
              factors: factors.map((factor) => factor / mean),
            },
            breslowResidual(y.time, y.event, predictors(columns, found)),
          );
          assert.ok(miss <= KKT, `conditions of the minimum at ${lambda} are missed by ${miss}`);
          const nullLogLik = r.loglik_breslow_at_coef[0] as number;
          if (set.penalty_factor === null) {
            const explained = (2 * ((r.loglik_breslow_at_coef[at] as number) - nullLogLik)) / r.nulldev;
            const own = fitted.path.devianceRatio[reference.lambda_index_0based] as number;
            assert.ok(Math.abs(own - explained) < 1e-10, `explains ${own} instead of ${explained}`);
          }
        });
      });

      const { cv } = r;
      if (cv === undefined) continue;
      it(`cross-validates on the given folds, ${name} ${label}: means within ${MEAN}, the same penalties`, () => {
        const foldIds = readInput("gse7390.csv").labels("fold");
        const validate = (measure: NonNullable<CoxNetOptions["measure"]>) =>
          coxnet({ ...options, foldIds, measure, lambdas: r.lambda }).fit(x, y).crossValidation;
        for (const [measure, curve] of [
          ["deviance", cv.deviance_grouped],
          ["deviance-within-fold", cv.deviance_ungrouped],
        ] as const) {
          const found = validate(measure);
          assert.ok(found !== null);
          assertAllClose(found.mean, curve.cvm, MEAN, `${measure} mean`);
          assertAllClose(found.standardError, curve.cvsd, MEAN, `${measure} standard error`);
          assert.equal(found.lambdaMin, curve.lambda_min);
          assert.equal(found.lambda1se, curve.lambda_1se);
          assert.deepEqual(
            found.folds.map((fold) => fold.weight),
            cv.fold_events,
          );
        }
        validate("concordance")?.folds.forEach((fold, k) => {
          assertAllClose(fold.scores, cv.c_index_per_fold[k] as number[], 1e-12, `C of fold ${fold.label}`);
        });
      });
    }
  }

  const {
    versions: ___,
    objective: ____,
    ...sksurv
  } = readReference<Record<string, SksurvReference>>("coxnet_sksurv.json");
  for (const [name, r] of Object.entries(sksurv)) {
    it(`agrees with scikit-survival, ${name}: coefficients within ${SKSURV_COEFFICIENT}`, () => {
      const { x, y } = dataOf("gse7390");
      // Columns of unit length instead of unit deviation: √n times the penalty, for the lasso.
      const factor = r.normalize ? Math.sqrt(x.length) : 1;
      const lambdas = r.alphas.map((alpha) => alpha * factor);
      const fitted = coxnet({ l1Ratio: r.l1_ratio, standardize: r.normalize, folds: 0, lambdas }).fit(x, y);
      assertAllClose(
        coxnet({
          l1Ratio: r.l1_ratio,
          standardize: r.normalize,
          folds: 0,
          lambdaCount: 50,
          lambdaRatio: 0.01,
        }).fit(x, y).path.lambdas,
        lambdas,
        LAMBDA,
        "alpha",
      );
      for (const [k, coefficients] of Object.entries(r.coef)) {
        const expected = new Float64Array(x.columns.length);
        coefficients.nonzero_0based.forEach((j, at) => {
          expected[j] = coefficients.value[at] as number;
        });
        const found = new Float64Array(x.columns.length);
        for (const { name: column, coefficient } of fitted.path.at(lambdas[Number(k)] as number).covariates)
          found[x.names.indexOf(column)] = coefficient;
        const columns = x.columns.map((column) => column.values);
        const scale = scalesOf(columns, r.normalize);
        const factors = new Float64Array(columns.length).fill(1);
        const missOf = (coefficients: Float64Array): number =>
          violation(
            {
              columns,
              coefficients,
              scale,
              lambda: lambdas[Number(k)] as number,
              l1Ratio: r.l1_ratio,
              factors,
            },
            breslowResidual(y.time, y.event, predictors(columns, coefficients)),
          );
        const gap = found.reduce(
          (most, value, j) => Math.max(most, Math.abs(value - (expected[j] as number))),
          0,
        );
        const [miss, missOfSksurv] = [missOf(found), missOf(expected)];
        assert.ok(miss <= KKT, `conditions of the minimum at ${k} are missed by ${miss}`);
        // Where scikit-survival stops too early for its own 1e-5 (one case, by 2.1e-5), it must be seen to be the worse one.
        const limit =
          missOfSksurv > 1000 * miss && name === "lasso_normalize" && k === "49" ? 3e-5 : SKSURV_COEFFICIENT;
        assert.ok(
          gap <= limit,
          `coefficients at ${k} differ by ${gap}; conditions missed by ${miss}, ${missOfSksurv}`,
        );
      }
    });
  }
});

/** First penalty where some columns are free: the largest gradient beside a model without penalty of the free columns. */
function exactFirst(x: FeatureTable, y: SurvivalData, factors: Float64Array): number {
  const free = x.names.filter((_, j) => factors[j] === 0);
  const residual = coxResiduals(cox({ ties: "breslow" }).fit(x.select(free), y), "martingale").values;
  const mean = factors.reduce((sum, factor) => sum + factor, 0) / factors.length;
  const columns = x.columns.map((column) => column.values);
  const scale = scalesOf(columns, true);
  return columns.reduce((most, column, j) => {
    if (factors[j] === 0) return most;
    const center = column.reduce((sum, value) => sum + value, 0) / column.length;
    const dot = column.reduce((sum, value, row) => sum + (value - center) * (residual[row] as number), 0);
    return Math.max(
      most,
      (Math.abs(dot) * mean) / ((scale[j] as number) * x.length * (factors[j] as number)),
    );
  }, 0);
}
