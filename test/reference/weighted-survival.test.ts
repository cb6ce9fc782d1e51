/**
 * Case weights against survival 3.5-3 and glmnet 4.1-6 (R 4.2.2): data-scripts/reference/weighted-survival.R wrote the numbers.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { concordance } from "../../src/model/concordance.js";
import { type CoxOptions, cox } from "../../src/model/cox.js";
import { coxInfluence, robustCox } from "../../src/model/cox-influence.js";
import { coxResiduals, schoenfeldResiduals } from "../../src/model/cox-residuals.js";
import { coxSurvival } from "../../src/model/cox-survival.js";
import { coxnet } from "../../src/model/coxnet.js";
import { kaplanMeier } from "../../src/model/kaplan-meier.js";
import { proportionality } from "../../src/model/proportionality.js";
import type { FeatureTable } from "../../src/table/feature-table.js";
import { Scores } from "../../src/table/scores.js";
import { SurvivalData } from "../../src/table/survival-data.js";
import {
  absence,
  assertAllClose,
  assertClose,
  type RNumber,
  readInput,
} from "../support/modelling-references.js";

/** coxph was run to a relative change of 1e-13 of the likelihood; the file has 15 digits. */
const TOLERANCE = 1e-9;
/** Nothing is iterated in a curve. */
const CURVE = 1e-12;
/** glmnet was run with a threshold of 1e-22, which leaves this much of the coefficients. */
const NET = 1e-7;

interface Curve {
  readonly interval: "log" | "log-log" | "plain";
  readonly time: readonly number[];
  readonly atRisk: readonly number[];
  readonly event: readonly number[];
  readonly survival: readonly number[];
  readonly error: readonly RNumber[];
  readonly lower: readonly RNumber[];
  readonly upper: readonly RNumber[];
  readonly hazard: readonly number[];
  readonly hazardError: readonly number[];
  readonly quantile: readonly RNumber[];
  readonly quantileLower: readonly RNumber[];
  readonly quantileUpper: readonly RNumber[];
  /** Up to month 20. */
  readonly mean: number;
}
interface Regression {
  readonly ties: "efron" | "breslow";
  readonly stratified: boolean;
  readonly coefficients: readonly number[];
  readonly covariance: readonly number[];
  readonly naiveCovariance: readonly number[];
  readonly clustered: readonly number[];
  readonly means: readonly number[];
  readonly logLikelihood: number;
  readonly nullLogLikelihood: number;
  readonly score: number;
  readonly wald: number;
  /** Of every seventh patient; with several columns one after the other. */
  readonly martingale: readonly number[];
  readonly deviance: readonly number[];
  readonly scoreResiduals: readonly number[];
  readonly dfbeta: readonly number[];
  readonly dfbetas: readonly number[];
  /** Sums of squares by covariate. */
  readonly schoenfeld: readonly number[];
  readonly scaledSchoenfeld: readonly number[];
  /** The last is of all covariates together. */
  readonly zph: readonly number[];
  readonly zphIdentity: readonly number[];
  readonly concordance: number;
  readonly concordanceError: number;
  readonly pairs: readonly number[];
  /** At x = 0, stratum after stratum. */
  readonly hazard: readonly number[];
  /** Of rows 0 and 3. */
  readonly survival: readonly (readonly number[])[];
  readonly hazardError: readonly (readonly number[])[];
}
interface Net {
  readonly alpha: number;
  readonly columns: readonly string[];
  readonly weights: readonly number[];
  readonly lambda: readonly number[];
  readonly devianceRatio: readonly number[];
  /** Positions in `lambda` of the rows of `coefficients`. */
  readonly at: readonly number[];
  readonly coefficients: readonly (readonly number[])[];
  readonly cvm: readonly number[];
  readonly cvsd: readonly number[];
  readonly lambdaMin: number;
  readonly lambda1se: number;
}
type Kind = "frequency" | "sampling";
interface References {
  readonly weights: Readonly<Record<Kind, readonly number[]>>;
  readonly curves: Readonly<Record<Kind, readonly Curve[]>>;
  readonly regressions: Readonly<Record<Kind, readonly Regression[]>>;
  readonly nets: readonly Net[];
}

const references = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, "../support/weighted-survival-in-r.json"), "utf8"),
) as References;

describe("case weights as R's survival and glmnet", () => {
  if (absence !== null) {
    it(`are compared on lung.csv and gse7390.csv (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const cohort = readInput("lung.csv").complete(["time", "event", "age", "sex", "ph.karno", "inst"]);
  const days = cohort.survival({ time: "time", event: "event", unit: "days" });
  const y = new SurvivalData(
    days.ids,
    days.time.map((time) => Math.ceil(time / 30)),
    days.event,
    "months",
  );
  const some = y.ids.map((_, row) => row).filter((row) => row % 7 === 0);
  const weightsOf = (kind: Kind): Scores =>
    new Scores(y.ids, Float64Array.from(references.weights[kind]), "weight");

  for (const kind of ["frequency", "sampling"] as const) {
    for (const r of references.curves[kind]) {
      it(`Kaplan–Meier and Nelson–Aalen with ${kind} weights, ${r.interval} interval`, () => {
        const [curve] = kaplanMeier(y, { weights: weightsOf(kind), interval: r.interval }).groups;
        assert.ok(curve);
        assert.deepEqual(Array.from(curve.time), r.time);
        assertAllClose(curve.atRisk, r.atRisk, CURVE, "at risk");
        assertAllClose(curve.event, r.event, CURVE, "events");
        assertAllClose(curve.survival, r.survival, CURVE, "survival");
        assertAllClose(curve.standardError, r.error, CURVE, "standard error");
        assertAllClose(curve.lower, r.lower, CURVE, "lower");
        assertAllClose(curve.upper, r.upper, CURVE, "upper");
        assertAllClose(curve.cumulativeHazard, r.hazard, CURVE, "cumulative hazard");
        assertAllClose(curve.cumulativeHazardError, r.hazardError, CURVE, "its error");
        [0.25, 0.5].forEach((p, at) => {
          const { time, lower, upper } = curve.quantile(p);
          assertClose(time, r.quantile[at] as RNumber, CURVE, "quantile");
          assertClose(lower, r.quantileLower[at] as RNumber, CURVE, "lower quantile");
          assertClose(upper, r.quantileUpper[at] as RNumber, CURVE, "upper quantile");
        });
        assertClose(curve.restrictedMean(20).mean, r.mean, CURVE, "restricted mean");
      });
    }

    for (const r of references.regressions[kind]) {
      const names = r.stratified ? ["age", "ph.karno"] : ["age", "sex", "ph.karno"];
      const x = cohort.numeric(names);
      const options: CoxOptions = {
        ties: r.ties,
        weights: weightsOf(kind),
        ...(r.stratified && { strata: cohort.labels("sex") }),
      };
      const title = `Cox regression with ${kind} weights, ${r.ties} ties${r.stratified ? ", strata" : ""}`;

      it(`${title}: coefficients, errors, tests, baseline and concordance`, () => {
        const fitted = cox(options).fit(x, y);
        assertAllClose(fitted.coefficients, r.coefficients, TOLERANCE, "coefficient");
        assertAllClose(fitted.covariance, r.covariance, TOLERANCE, "covariance");
        assertAllClose(fitted.naiveCovariance, r.naiveCovariance, TOLERANCE, "naive covariance");
        const { covariance } = robustCox(fitted, { cluster: cohort.labels("inst") });
        assertAllClose(covariance, r.clustered, TOLERANCE, "covariance by hospital");
        assertAllClose(fitted.centers, r.means, TOLERANCE, "center");
        assertClose(fitted.logLikelihood, r.logLikelihood, TOLERANCE, "log likelihood");
        assertClose(fitted.nullLogLikelihood, r.nullLogLikelihood, TOLERANCE, "null log likelihood");
        assertClose(fitted.score.statistic, r.score, TOLERANCE, "score test");
        assertClose(fitted.wald.statistic, r.wald, TOLERANCE, "Wald test");
        assertClose(fitted.concordance.c, r.concordance, TOLERANCE, "concordance");
        assertClose(fitted.concordance.standardError, r.concordanceError, TOLERANCE, "its error");
        const { concordant, discordant, tiedRisk, tiedTime, tiedBoth } = concordance(
          y,
          fitted.predict(x),
          options,
        );
        assertAllClose([concordant, discordant, tiedRisk, tiedTime, tiedBoth], r.pairs, TOLERANCE, "pairs");
        const atZero = Math.exp(fitted.intercept);
        const hazard = fitted.baseline.flatMap(({ cumulativeHazard }) =>
          Array.from(cumulativeHazard, (h) => h * atZero),
        );
        assertAllClose(hazard, r.hazard, TOLERANCE, "baseline");
        if (r.stratified) return;
        const curves = coxSurvival(fitted, x.pick([x.ids[0] as string, x.ids[3] as string]));
        curves.forEach((curve, at) => {
          assertAllClose(curve.survival, r.survival[at] as number[], TOLERANCE, "survival");
          assertAllClose(curve.hazardError, r.hazardError[at] as number[], TOLERANCE, "error of ln S");
        });
      });

      it(`${title}: residuals, influence and the test of proportional hazards`, () => {
        const fitted = cox(options).fit(x, y);
        const seventh = (values: ArrayLike<number>): number[] => some.map((row) => values[row] as number);
        const columns = (table: FeatureTable): number[] =>
          table.columns.flatMap(({ values }) => seventh(values));
        const squares = (table: FeatureTable): number[] =>
          table.columns.map(({ values }) => values.reduce((sum, value) => sum + value * value, 0));
        assertAllClose(
          seventh(coxResiduals(fitted, "martingale").values),
          r.martingale,
          TOLERANCE,
          "martingale",
        );
        assertAllClose(seventh(coxResiduals(fitted, "deviance").values), r.deviance, TOLERANCE, "deviance");
        assertAllClose(columns(coxInfluence(fitted, "score")), r.scoreResiduals, TOLERANCE, "score");
        assertAllClose(columns(coxInfluence(fitted, "dfbeta")), r.dfbeta, TOLERANCE, "dfbeta");
        assertAllClose(columns(coxInfluence(fitted, "dfbetas")), r.dfbetas, TOLERANCE, "dfbetas");
        assertAllClose(squares(schoenfeldResiduals(fitted)), r.schoenfeld, TOLERANCE, "Schoenfeld");
        const scaled = schoenfeldResiduals(fitted, { scaled: true });
        assertAllClose(squares(scaled), r.scaledSchoenfeld, TOLERANCE, "scaled Schoenfeld");
        for (const [scale, expected] of [
          ["km", r.zph],
          ["identity", r.zphIdentity],
        ] as const) {
          const { covariates, global } = proportionality(fitted, { scale });
          const found = [...covariates, global].map(({ statistic }) => statistic);
          assertAllClose(found, expected, TOLERANCE, scale);
        }
      });
    }
  }

  for (const r of references.nets) {
    it(`Cox elastic net with weights, l1Ratio ${r.alpha}: the path and its cross-validation`, () => {
      const gse = readInput("gse7390.csv");
      const x = gse.numeric(r.columns);
      const raw = gse.survival({ time: "time", event: "event", unit: "days" });
      const untied = new SurvivalData(
        raw.ids,
        raw.time.map((time, row) => time + row / 1024),
        raw.event,
        "days",
      );
      const weights = new Scores(x.ids, Float64Array.from(r.weights));
      const options = { l1Ratio: r.alpha, weights };
      const own = coxnet({ ...options, lambdaCount: 2, folds: 0 }).fit(x, untied);
      assertClose(own.path.lambdas[0] as number, r.lambda[0] as number, 1e-10, "first lambda");
      // The others of glmnet fall by a power that it holds in single precision.
      const fitted = coxnet({ ...options, lambdas: r.lambda, foldIds: gse.labels("fold") }).fit(x, untied);
      assertAllClose(fitted.path.devianceRatio, r.devianceRatio, NET, "deviance ratio");
      r.at.forEach((position, at) => {
        const lambda = r.lambda[position] as number;
        const found = fitted.at(lambda).covariates;
        r.columns.forEach((name, j) => {
          const value = found.find((covariate) => covariate.name === name)?.coefficient ?? 0;
          const expected = r.coefficients[at]?.[j] as number;
          assert.ok(Math.abs(value - expected) < NET, `${name} at ${lambda}: ${value} is not ${expected}`);
        });
      });
      assertAllClose(fitted.crossValidation?.mean ?? [], r.cvm, NET, "cross-validated deviance");
      assertAllClose(fitted.crossValidation?.standardError ?? [], r.cvsd, NET, "its error");
      assertClose(fitted.crossValidation?.lambdaMin ?? Number.NaN, r.lambdaMin, 1e-10, "lambda.min");
      assertClose(fitted.crossValidation?.lambda1se ?? Number.NaN, r.lambda1se, 1e-10, "lambda.1se");
    });
  }
});
