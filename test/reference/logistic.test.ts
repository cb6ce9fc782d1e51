/**
 * Logistic regression against R's glm (logistic_glm.json), and the penalised fits of logistic_sklearn.json: binary with
 * l2, l1 and both, and with three classes.
 */
import assert from "node:assert/strict";
import { logistic } from "../../src/model/logistic.js";
import { logisticNet } from "../../src/model/logistic-net.js";
import { multinomial } from "../../src/model/multinomial.js";
import type { Cohort } from "../../src/table/cohort.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import type { Labels } from "../../src/table/labels.js";
import {
  absence,
  assertAllClose,
  assertClose,
  readInput,
  readReference,
} from "../support/modelling-references.js";
import { predictors, scalesOf } from "../support/penalized-optimality.js";

/** The README of the references asks for 1e-10 (glm) and 1e-7 (scikit-learn). */
const GLM = 1e-10;
const SKLEARN = 1e-7;

interface GlmReference {
  readonly y: string;
  readonly covariates: readonly string[];
  readonly n: number;
  readonly coef: readonly number[];
  readonly se: readonly number[];
  readonly z: readonly number[];
  readonly p: readonly number[];
  readonly or: readonly number[];
  readonly wald_lower: readonly number[];
  readonly wald_upper: readonly number[];
  readonly deviance: number;
  readonly null_deviance: number;
  readonly loglik: number;
  readonly aic: number;
  readonly bic: number;
  readonly lr_stat: number;
  readonly lr_p: number;
  readonly fitted: readonly number[];
}
interface SklearnFit {
  readonly C: number;
  readonly l1_ratio: number;
  readonly coef: readonly (readonly number[])[];
  readonly intercept: readonly number[];
  readonly test_proba: readonly (readonly number[])[];
}

const inputs: Readonly<Record<string, string>> = { bc3: "breast_cancer.csv", lung_event: "lung.csv" };

describe("logistic regression as glm and scikit-learn", () => {
  if (absence !== null) {
    it(`is compared with logistic_glm.json and logistic_sklearn.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const { versions: _, ...glm } = readReference<Record<string, GlmReference>>("logistic_glm.json");
  for (const [name, r] of Object.entries(glm)) {
    it(`agrees with glm on ${name}: coefficients, tests, deviance, fitted probabilities to ${GLM}`, () => {
      const cohort = readInput(inputs[name] as string).complete([r.y, ...r.covariates]);
      assert.equal(cohort.length, r.n);
      const x = cohort.numeric([...r.covariates]);
      const model = logistic().fit(x, cohort.labels(r.y));
      const terms = [model.constant, ...model.covariates];
      for (const [key, field] of [
        ["coefficient", "coef"],
        ["standardError", "se"],
        ["z", "z"],
        ["oddsRatio", "or"],
        ["lower", "wald_lower"],
        ["upper", "wald_upper"],
      ] as const) {
        // exp of a coefficient c has c times its relative error.
        const tolerance = field === "coef" || field === "se" || field === "z" ? GLM : 100 * GLM;
        assertAllClose(
          terms.map((term) => term[key]),
          r[field],
          tolerance,
          key,
        );
      }
      terms.forEach((term, j) => {
        // p of z = 11 has z² times the relative error of z.
        assertClose(term.p, r.p[j] as number, GLM * (1 + term.z ** 2), `p of ${term.name}`);
        assertClose(Math.exp(term.logP), r.p[j] as number, GLM * (1 + term.z ** 2), `log p of ${term.name}`);
      });
      assertClose(model.deviance, r.deviance, GLM, "deviance");
      assertClose(model.nullDeviance, r.null_deviance, GLM, "null deviance");
      assertClose(model.logLikelihood, r.loglik, GLM, "log likelihood");
      assertClose(model.aic, r.aic, GLM, "AIC");
      assertClose(model.bic, r.bic, GLM, "BIC");
      assertClose(model.likelihoodRatio.statistic, r.lr_stat, GLM, "likelihood ratio");
      assertClose(model.likelihoodRatio.p, r.lr_p, GLM * 100, "p of the likelihood ratio");
      assertAllClose(model.predict(x).values, r.fitted, GLM, "fitted");
    });
  }

  const sklearn =
    readReference<
      Readonly<Record<"breast_cancer" | "wine_multinomial", { readonly fits: readonly SklearnFit[] }>>
    >("logistic_sklearn.json");
  for (const r of sklearn.breast_cancer.fits) {
    it(`agrees with scikit-learn at C = ${r.C}, l1_ratio = ${r.l1_ratio}, to ${SKLEARN}`, () => {
      const { names, train, held, standard, cohort } = standardizedOnTrain("breast_cancer.csv");
      // Theirs is C · Σ loss + penalty, ours Σ loss / n + λ · penalty.
      const lambda = 1 / (r.C * train.length);
      const options = { l1Ratio: r.l1_ratio, standardize: false, folds: 0, lambdas: [lambda] };
      const fitted = logisticNet(options)
        .fit(standard.pick(train), cohort.labels("y").pick(train))
        .at(lambda);
      const found = new Map(fitted.covariates.map((one) => [one.name, one.coefficient]));
      assertAllClose(
        names.map((name) => found.get(name) ?? 0),
        r.coef[0] as number[],
        SKLEARN,
        "coefficient",
      );
      assertClose(fitted.intercept, r.intercept[0] as number, SKLEARN, "intercept");
      const p = fitted.predict(standard.pick(held)).values;
      r.test_proba.forEach(([, expected], row) => {
        const gap = Math.abs((p[row] as number) - (expected as number));
        assert.ok(gap <= SKLEARN, `probability ${row} differs by ${gap}`);
      });
    });
  }

  for (const r of sklearn.wine_multinomial.fits) {
    it(`agrees with scikit-learn on three classes at C = ${r.C}, to ${SKLEARN}`, () => {
      const { train, held, standard, cohort } = standardizedOnTrain("wine.csv");
      const fitted = multinomial({ lambda: 1 / (r.C * train.length), standardize: false }).fit(
        standard.pick(train),
        cohort.labels("y").pick(train),
      );
      // Their objective curves by 1 or more in every coefficient, so that lbfgs is off by as much as the slope it leaves.
      const left = slopeLeft(r, standard.pick(train), cohort.labels("y").pick(train));
      assert.ok(left < 1e-5, `lbfgs leaves a slope of ${left}`);
      r.coef.forEach((expected, c) => {
        const found = fitted.coefficients.columns[c]?.values as Float64Array;
        expected.forEach((value, j) => {
          assert.ok(Math.abs((found[j] as number) - value) <= SKLEARN + left, `${found[j]} is not ${value}`);
        });
        const gap = Math.abs((fitted.intercepts[c] as number) - (r.intercept[c] as number));
        assert.ok(gap <= SKLEARN + left, `intercept differs by ${gap}`);
      });
      const p = fitted.predict(standard.pick(held)).values;
      r.test_proba.flat().forEach((expected, at) => {
        assert.ok(Math.abs((p[at] as number) - expected) <= SKLEARN + left, `probability ${at}`);
      });
    });
  }
});

/** Columns of deviation 1 (over n) in the training rows, as scikit-learn's StandardScaler; fold 1 is held out. */
function standardizedOnTrain(input: string): {
  readonly cohort: Cohort;
  readonly names: readonly string[];
  readonly train: readonly string[];
  readonly held: readonly string[];
  readonly standard: FeatureTable;
} {
  const cohort = readInput(input);
  const names = cohort.names.filter((column) => !["y", "fold"].includes(column));
  const folds = cohort.text("fold");
  const train = cohort.ids.filter((_, row) => folds[row] !== "1");
  const held = cohort.ids.filter((_, row) => folds[row] === "1");
  const all = cohort.numeric(names);
  const raw = all.pick(train).columns.map((column) => column.values);
  const scale = scalesOf(raw, true);
  const mean = raw.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  const standard = new FeatureTable(
    all.ids,
    all.columns.map((column, j) => ({
      ...column,
      values: column.values.map((value) => (value - (mean[j] as number)) / (scale[j] as number)),
    })),
  );
  return { cohort, names, train, held, standard };
}

/** Length of the slope of C · Σ loss + |w|² / 2 at the reference's own coefficients. */
function slopeLeft(r: SklearnFit, x: FeatureTable, y: Labels): number {
  const columns = x.columns.map((column) => column.values);
  const scores = r.coef.map((own, c) =>
    predictors(columns, Float64Array.from(own)).map((eta) => eta + (r.intercept[c] as number)),
  );
  const total = x.ids.map((_, row) => scores.reduce((sum, score) => sum + Math.exp(score[row] as number), 0));
  const slopes = r.coef.flatMap((own, c) => {
    const miss = x.ids.map(
      (_, row) =>
        Math.exp(scores[c]?.[row] as number) / (total[row] as number) - (y.codes[row] === c ? 1 : 0),
    );
    const ones = r.C * miss.reduce((sum, each) => sum + each, 0);
    return [
      ones,
      ...columns.map(
        (column, j) =>
          r.C * miss.reduce((sum, each, row) => sum + each * (column[row] as number), 0) + (own[j] as number),
      ),
    ];
  });
  return Math.hypot(...slopes);
}
