/**
 * Fine–Gray regression against cmprsk 2.2-11; robust Cox errors and calibration against survival 3.5-3 (R 4.2.2):
 * data-scripts/reference/survival.R wrote the numbers.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { cox } from "../../src/model/cox.js";
import { robustCox } from "../../src/model/cox-influence.js";
import { coxSurvival } from "../../src/model/cox-survival.js";
import { indexOfTime } from "../../src/model/event-times.js";
import { fineGray } from "../../src/model/fine-gray.js";
import { survivalCalibration } from "../../src/model/survival-calibration.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { SurvivalData } from "../../src/table/survival-data.js";
import { absence, assertAllClose, assertClose, readInput } from "../support/modelling-references.js";

/** crr was run to convergence (gtol 1e-13); coxph stops at a relative change of 1e-9 of the likelihood. */
const TOLERANCE = 1e-10;
const COXPH = 1e-8;

interface Regression {
  readonly cause: number;
  readonly coefficients: readonly number[];
  readonly covariance: readonly number[];
  readonly logLikelihood: number;
  readonly nullLogLikelihood: number;
  readonly time: readonly number[];
  readonly cumulativeHazard: readonly number[];
  /** Of rows 0 and 3, by time. */
  readonly incidence: readonly (readonly number[])[];
}
interface Robust {
  readonly ties: "efron" | "breslow";
  readonly clustered: boolean;
  readonly coefficients: readonly number[];
  readonly covariance: readonly number[];
}
interface Calibration {
  readonly horizon: number;
  readonly slope: number;
  readonly slopeError: number;
  readonly observedToExpected: number;
  readonly ici: number;
  readonly e50: number;
  readonly e90: number;
  readonly n: readonly number[];
  readonly predicted: readonly number[];
  readonly observed: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}
interface References {
  readonly days: readonly Regression[];
  readonly years: readonly Regression[];
  readonly robust: readonly Robust[];
  readonly calibration: Calibration;
}

const references = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, "../support/survival-in-r.json"), "utf8"),
) as References;

describe("survival regressions as R's cmprsk and survival", () => {
  if (absence !== null) {
    it(`are compared on pbc.csv and lung.csv (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }

  for (const [unit, regressions] of [
    ["days", references.days],
    ["years", references.years],
  ] as const) {
    for (const r of regressions) {
      it(`Fine–Gray regression of pbc, ${unit}${unit === "years" ? " (many ties)" : ""}, cause ${r.cause}`, () => {
        const cohort = readInput("pbc.csv");
        const table = cohort.numeric(["time", "status", "age", "edema", "bili"]);
        const x = new FeatureTable(table.ids, [
          { name: "age", unit: "years", values: table.column("age") },
          { name: "edema", unit: "", values: table.column("edema") },
          { name: "log bilirubin", unit: "", values: table.column("bili").map(Math.log) },
        ]);
        const time = table.column("time").map((days) => (unit === "days" ? days : Math.ceil(days / 365)));
        const status = table.column("status");
        const y = new SurvivalData(
          table.ids,
          time,
          status.map((s) => (s > 0 ? 1 : 0)),
          unit,
        );
        const fitted = fineGray({ causes: cohort.labels("status"), cause: String(r.cause) }).fit(x, y);
        assertAllClose(
          fitted.covariates.map((found) => found.coefficient),
          r.coefficients,
          TOLERANCE,
          "coefficient",
        );
        assertAllClose(fitted.covariance, r.covariance, TOLERANCE, "covariance");
        assertClose(fitted.logLikelihood, r.logLikelihood, TOLERANCE, "log likelihood");
        assertClose(fitted.nullLogLikelihood, r.nullLogLikelihood, TOLERANCE, "null log likelihood");
        const statistic = 2 * (r.logLikelihood - r.nullLogLikelihood);
        assertClose(fitted.likelihoodRatio.statistic, statistic, TOLERANCE, "likelihood ratio");
        assert.deepEqual(Array.from(fitted.baseline.time), r.time);
        const atZero = fitted.baseline.cumulativeHazard.map((hazard) => hazard * Math.exp(fitted.intercept));
        assertAllClose(atZero, r.cumulativeHazard, TOLERANCE, "baseline");
        const curves = fitted.incidence(x.pick([x.ids[0] as string, x.ids[3] as string]));
        curves.forEach(({ time: times, incidence }, k) => {
          r.time.forEach((t, at) => {
            const value = incidence[indexOfTime(times, t)] as number;
            assertClose(value, r.incidence[at]?.[k] as number, TOLERANCE, `incidence at ${t}`);
          });
        });
      });
    }
  }

  for (const r of references.robust) {
    it(`robust errors of Cox regression, ${r.ties} ties, ${r.clustered ? "by hospital" : "each patient"}`, () => {
      const names = ["age", "sex", "ph.karno"];
      const cohort = readInput("lung.csv").complete(["time", "event", ...names, "inst"]);
      const y = cohort.survival({ time: "time", event: "event", unit: "days" });
      const fitted = cox({ ties: r.ties }).fit(cohort.numeric(names), y);
      const { covariates, covariance } = robustCox(
        fitted,
        r.clustered ? { cluster: cohort.labels("inst") } : {},
      );
      assertAllClose(
        covariates.map((found) => found.coefficient),
        r.coefficients,
        COXPH,
        "coefficient",
      );
      assertAllClose(covariance, r.covariance, COXPH, "covariance");
    });
  }

  it("calibration at a horizon, of a model of half of gbsg on the other half", () => {
    const r = references.calibration;
    const cohort = readInput("gbsg.csv");
    const x = cohort.numeric(["age", "size", "nodes"]);
    const y = cohort.survival({ time: "time", event: "event", unit: "days" });
    const odd = y.ids.filter((_, row) => row % 2 === 0);
    const even = y.ids.filter((_, row) => row % 2 === 1);
    const fitted = cox().fit(x.pick(even), y.pick(even));
    const found = survivalCalibration(y.pick(odd), coxSurvival(fitted, x.pick(odd)), r.horizon);
    for (const key of ["slope", "slopeError", "observedToExpected", "ici", "e50", "e90"] as const)
      assertClose(found[key], r[key], COXPH, key);
    for (const key of ["n", "predicted", "observed", "lower", "upper"] as const) {
      assertAllClose(
        found.groups.map((group) => group[key]),
        r[key],
        COXPH,
        key,
      );
    }
  });
});
