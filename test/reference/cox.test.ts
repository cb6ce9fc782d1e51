/**
 * Cox regression against R's coxph: every data set and every number of cox.json, Efron and Breslow.
 */
import assert from "node:assert/strict";
import { cox } from "../../src/model/cox.js";
import type { CoxModel, ModelTest } from "../../src/model/cox-model.js";
import { coxResiduals, schoenfeldResiduals } from "../../src/model/cox-residuals.js";
import { coxSurvival } from "../../src/model/cox-survival.js";
import { proportionality, TIME_SCALES, type TimeScale } from "../../src/model/proportionality.js";
import {
  absence,
  assertAllClose,
  assertClose,
  readInput,
  readReference,
} from "../support/modelling-references.js";

/** The README of the references asks for 1e-8 on coefficients: R itself stops when the likelihood gains less than 1e-11. */
const TOLERANCE = 1e-8;
/**
 * What follows from a coefficient's error e: a p value moves by up to |z|·e·|z|, R's hazard by up to its mean covariate
 * times e. |z| stays below 7 in these data sets.
 */
const DERIVED = 49 * TOLERANCE;
/** The README of the references asks for 1e-7 on the test of proportional hazards. */
const ZPH_TOLERANCE = 1e-7;

interface Statistic {
  readonly stat: number;
  readonly df: number;
  readonly p: number;
}
interface FitReference {
  readonly coef: readonly number[];
  readonly se: readonly number[];
  readonly z: readonly number[];
  readonly p: readonly number[];
  readonly hr: readonly number[];
  readonly hr_lower: readonly number[];
  readonly hr_upper: readonly number[];
  readonly vcov: readonly (readonly number[])[];
  readonly loglik_null: number;
  readonly loglik: number;
  readonly lr: Statistic;
  readonly wald: Statistic;
  readonly score: Statistic;
  readonly aic: number;
  readonly concordance: number;
  readonly concordance_se: number;
  readonly means: readonly number[];
  readonly baseline_uncentered: {
    readonly time: readonly number[];
    readonly cumhaz: readonly number[];
    readonly strata?: readonly string[];
  };
  readonly lp_centered: readonly number[];
  readonly martingale: readonly number[];
  readonly deviance_resid: readonly number[];
  readonly schoenfeld: { readonly resid: readonly (readonly number[])[] };
  readonly zph: Readonly<Record<TimeScale, ZphReference>>;
  readonly survfit_first_rows?: SurvfitReference;
}
interface ZphReference {
  readonly terms: readonly string[];
  readonly chisq: readonly number[];
  readonly df: readonly number[];
  readonly p: readonly number[];
  readonly scaled_schoenfeld?: { readonly y: readonly (readonly number[])[] };
}
/** One row per time, one column per patient. */
interface SurvfitReference {
  readonly time: readonly number[];
  readonly surv: readonly (readonly number[])[];
  readonly se_cumhaz: readonly (readonly number[])[];
  readonly lower_log: readonly (readonly number[])[];
  readonly upper_log: readonly (readonly number[])[];
}
interface DataReference {
  readonly time: string;
  readonly status: string;
  readonly covariates: readonly string[];
  readonly strata: string | null;
  readonly rows_used_0based: readonly number[];
  readonly n: number;
  readonly events: number;
  readonly conf: number;
  readonly fits: Readonly<Record<"efron" | "breslow", FitReference>>;
}

describe("Cox regression as R's coxph", () => {
  if (absence !== null) {
    it(`is compared with cox.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const { datasets } = readReference<{ datasets: Record<string, DataReference> }>("cox.json");
  for (const [name, reference] of Object.entries(datasets)) {
    for (const ties of ["efron", "breslow"] as const) {
      it(`agrees on ${name}, ${ties} ties, to ${TOLERANCE}`, () => {
        const { model, scores } = fitted(name, reference, ties);
        assert.deepEqual([model.n, model.events], [reference.n, reference.events]);
        compare(model, scores, reference.fits[ties]);
      });

      it(`agrees on the residuals, the test of proportional hazards and predicted survival of ${name}, ${ties} ties`, () => {
        const { model } = fitted(name, reference, ties);
        compareResiduals(model, reference.fits[ties]);
        compareProportionality(model, reference.fits[ties].zph);
        const predicted = reference.fits[ties].survfit_first_rows;
        if (predicted !== undefined) compareSurvival(model, predicted);
      });
    }
  }
});

function fitted(
  name: string,
  r: DataReference,
  ties: "efron" | "breslow",
): { readonly model: CoxModel; readonly scores: Float64Array } {
  const input = name.startsWith("lung") ? "lung.csv" : `${name}.csv`;
  const columns = [r.time, r.status, ...r.covariates, ...(r.strata === null ? [] : [r.strata])];
  const cohort = readInput(input).complete(columns);
  assert.deepEqual(cohort.ids, r.rows_used_0based.map(String));
  const y = cohort.survival({ time: r.time, event: r.status, unit: "days" });
  const x = cohort.numeric(r.covariates);
  const strata = r.strata === null ? {} : { strata: cohort.labels(r.strata) };
  const model = cox({ ties, confidence: r.conf, ...strata }).fit(x, y);
  return { model, scores: model.predict(x).values };
}

function compare(model: CoxModel, scores: Float64Array, r: FitReference): void {
  const { covariates, centers, baseline } = model;
  const all = (of: (found: CoxModel["covariates"][number]) => number): number[] => covariates.map(of);
  assertAllClose(
    all((found) => found.coefficient),
    r.coef,
    TOLERANCE,
    "coefficient",
  );
  assertAllClose(
    all((found) => found.standardError),
    r.se,
    TOLERANCE,
    "standard error",
  );
  assertAllClose(
    all((found) => found.z),
    r.z,
    TOLERANCE,
    "z",
  );
  assertAllClose(
    all((found) => found.p),
    r.p,
    DERIVED,
    "p",
  );
  assertAllClose(
    all((found) => found.hazardRatio),
    r.hr,
    TOLERANCE,
    "hazard ratio",
  );
  assertAllClose(
    all((found) => found.lower),
    r.hr_lower,
    TOLERANCE,
    "lower",
  );
  assertAllClose(
    all((found) => found.upper),
    r.hr_upper,
    TOLERANCE,
    "upper",
  );
  const variances = all((found) => found.standardError ** 2);
  model.covariance.forEach((value, at) => {
    // A covariance can be near 0: its error is relative to the two variances.
    const row = Math.floor(at / covariates.length);
    const column = at % covariates.length;
    const scale = Math.sqrt((variances[row] as number) * (variances[column] as number));
    const expected = (r.vcov[row] as readonly number[])[column] as number;
    assert.ok(Math.abs(value - expected) <= TOLERANCE * scale, `covariance ${row}, ${column}`);
  });
  assertClose(model.logLikelihood, r.loglik, TOLERANCE, "log likelihood");
  assertClose(model.nullLogLikelihood, r.loglik_null, TOLERANCE, "null log likelihood");
  compareTest(model.likelihoodRatio, r.lr, "likelihood ratio");
  compareTest(model.wald, r.wald, "Wald");
  compareTest(model.score, r.score, "score");
  assertClose(model.aic, r.aic, TOLERANCE, "AIC");
  assertClose(model.concordance.c, r.concordance, TOLERANCE, "concordance");
  assertClose(model.concordance.standardError, r.concordance_se, TOLERANCE, "its standard error");
  assertAllClose(centers, r.means, TOLERANCE, "center");
  scores.forEach((score, row) => {
    assert.ok(Math.abs(score - (r.lp_centered[row] as number)) <= DERIVED, `score of row ${row}`);
  });
  // R's reference is the hazard where every covariate is 0.
  const atZero = Math.exp(
    -covariates.reduce((sum, found, j) => sum + found.coefficient * (centers[j] as number), 0),
  );
  assert.deepEqual(
    baseline.flatMap((stratum) => Array.from(stratum.time)),
    r.baseline_uncentered.time,
  );
  const hazard = baseline.flatMap((stratum) =>
    Array.from(stratum.cumulativeHazard, (value) => value * atZero),
  );
  assertAllClose(hazard, r.baseline_uncentered.cumhaz, DERIVED, "baseline hazard");
  if (r.baseline_uncentered.strata !== undefined) {
    const strata = baseline.flatMap((stratum) => Array.from(stratum.time, () => stratum.stratum));
    // R writes "sex=1" or "1", depending on the way the term is named.
    assert.deepEqual(
      strata,
      r.baseline_uncentered.strata.map((label) => label.replace(/^.*=/, "")),
    );
  }
}

function compareResiduals(model: CoxModel, r: FitReference): void {
  const close = (actual: ArrayLike<number>, expected: readonly number[], what: string): void => {
    assert.equal(actual.length, expected.length, what);
    expected.forEach((value, at) => {
      // Residuals pass through 0: the error is that of the hazard, at most a few units.
      assert.ok(
        Math.abs((actual[at] as number) - value) <= DERIVED * Math.max(1, Math.abs(value)),
        `${what} ${at}`,
      );
    });
  };
  close(coxResiduals(model, "martingale").values, r.martingale, "martingale residual");
  close(coxResiduals(model, "deviance").values, r.deviance_resid, "deviance residual");
  const scaled = r.zph.km.scaled_schoenfeld?.y ?? [];
  model.covariates.forEach(({ name }, j) => {
    const column = (rows: readonly (readonly number[])[]): number[] => rows.map((row) => row[j] as number);
    close(
      schoenfeldResiduals(model).column(name),
      column(r.schoenfeld.resid),
      `Schoenfeld residual of ${name}`,
    );
    const found = schoenfeldResiduals(model, { scaled: true }).column(name);
    close(found, column(scaled), `scaled Schoenfeld residual of ${name}`);
  });
}

function compareProportionality(model: CoxModel, r: Readonly<Record<TimeScale, ZphReference>>): void {
  for (const scale of TIME_SCALES) {
    const { covariates, global } = proportionality(model, { scale });
    const tests = [...covariates, { name: "GLOBAL", ...global }];
    const { terms, chisq, df, p } = r[scale];
    assert.deepEqual(
      tests.map((test) => [test.name, test.degreesOfFreedom]),
      terms.map((term, at) => [term, df[at]]),
    );
    assertAllClose(
      tests.map((test) => test.statistic),
      chisq,
      ZPH_TOLERANCE,
      `${scale}, chi-square`,
    );
    assertAllClose(
      tests.map((test) => test.p),
      p,
      ZPH_TOLERANCE,
      `${scale}, p`,
    );
  }
}

function compareSurvival(model: CoxModel, r: SurvfitReference): void {
  const first = model.training.x.pick(model.training.x.ids.slice(0, 2));
  coxSurvival(model, first).forEach((curve, patient) => {
    const column = (rows: readonly (readonly number[])[]): number[] =>
      rows.map((row) => row[patient] as number);
    assert.deepEqual(Array.from(curve.time), r.time);
    assertAllClose(curve.survival, column(r.surv), DERIVED, "survival");
    assertAllClose(curve.hazardError, column(r.se_cumhaz), DERIVED, "standard error of the hazard");
    assertAllClose(curve.lower, column(r.lower_log), DERIVED, "lower limit");
    assertAllClose(curve.upper, column(r.upper_log), DERIVED, "upper limit");
  });
}

function compareTest(found: ModelTest, expected: Statistic, what: string): void {
  assertClose(found.statistic, expected.stat, TOLERANCE, what);
  assert.equal(found.degreesOfFreedom, expected.df);
  assertClose(found.p, expected.p, DERIVED, `${what}, p`);
}
