/**
 * What stands behind figures of survival models against R 4.2.2, survival 3.5-3, splines and stats:
 * data-scripts/reference/survival-figures.R wrote the numbers, with 15 digits.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { type AdjustedCurvesOptions, adjustedCurves } from "../../src/model/adjusted-curves.js";
import { coefficientTrends } from "../../src/model/coefficient-trend.js";
import { cox } from "../../src/model/cox.js";
import { nullResiduals, partialResiduals } from "../../src/model/cox-residuals.js";
import { type LogRankOptions, logRank } from "../../src/model/log-rank.js";
import { pairwiseLogRank } from "../../src/model/pairwise-log-rank.js";
import type { TimeScale } from "../../src/model/proportionality.js";
import { loess } from "../../src/model/statistics/loess.js";
import { lowess } from "../../src/model/statistics/lowess.js";
import type { Cohort } from "../../src/table/cohort.js";
import { SurvivalData } from "../../src/table/survival-data.js";
import { absence, assertAllClose, assertClose, readInput } from "../support/modelling-references.js";

interface Smooth {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly f: number;
  readonly iter: number;
  readonly delta: number;
  readonly at: readonly number[];
  readonly value: readonly number[];
}
interface Local {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly span: number;
  readonly at: readonly number[];
  readonly value: readonly number[];
  readonly error: readonly number[];
  readonly residualScale: number;
  readonly degreesOfFreedom: number;
}
interface Drift {
  readonly transform: TimeScale;
  readonly times: readonly number[];
  readonly x: readonly number[];
  readonly at: readonly number[];
  /** By event, then covariate. */
  readonly residuals: readonly (readonly number[])[];
  /** By place, then covariate. */
  readonly fitted: readonly (readonly number[])[];
  readonly error: readonly (readonly number[])[];
  /** Of each covariate, and of all. */
  readonly p: readonly number[];
}
interface References {
  readonly smooths: readonly Smooth[];
  readonly locals: readonly Local[];
  readonly drifts: readonly Drift[];
  readonly adjusted: {
    readonly time: readonly number[];
    readonly single: readonly number[];
    /** By time, then sex. */
    readonly average: readonly (readonly number[])[];
    readonly marginal: readonly (readonly number[])[];
    readonly weighted: readonly (readonly number[])[];
  };
  readonly residuals: { readonly null: readonly number[]; readonly partial: readonly (readonly number[])[] };
  readonly tests: readonly { readonly test: string; readonly chiSquare: number; readonly p: number }[];
  readonly pairwise: {
    readonly first: readonly string[];
    readonly second: readonly string[];
    readonly p: readonly number[];
    readonly holm: readonly number[];
    readonly bh: readonly number[];
  };
}

const references = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, "../support/survival-figures-in-r.json"), "utf8"),
) as References;

/** Closed sums in both; R's numbers have 15 digits. */
const TOLERANCE = 1e-10;
/** What depends on coefficients: coxph and glm stop at a small change of the likelihood. */
const FITTED = 1e-7;

describe("loess of degree 1 as R's", () => {
  for (const { x, y, span, at, value, error, residualScale, degreesOfFreedom } of references.locals) {
    it(`through ${x.length} points at ${at.length} places, span ${span}`, () => {
      const found = loess(x, y, { span });
      assert.deepEqual([...found.x], at);
      assertAllClose(found.y, value, 1e-9, "height");
      assertAllClose(found.standardError, error, 1e-9, "error");
      assertClose(found.residualScale, residualScale, 1e-9, "residual scale");
      assertClose(found.degreesOfFreedom, degreesOfFreedom, 1e-9, "degrees of freedom");
    });
  }
});

describe("lowess as R's", () => {
  for (const { x, y, f, iter, delta, at, value } of references.smooths) {
    it(`through ${x.length} points, span ${f.toFixed(2)}, ${iter} rounds, delta ${delta}`, () => {
      const found = lowess(x, y, { span: f, rounds: iter, delta });
      assert.deepEqual([...found.x], at);
      assertAllClose(found.y, value, 1e-9, "height");
    });
  }
});

describe("figures of survival models as R's survival", () => {
  if (absence !== null) {
    it(`are compared on lung.csv and veteran.csv (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const lung = readInput("lung.csv").complete(["age", "sex", "ph.karno"]);
  const follow = followOf(lung);
  const fitted = cox().fit(lung.numeric(["age", "sex", "ph.karno"]), follow);
  const column = (rows: readonly (readonly number[])[], j: number): number[] => rows.map((row) => row[j]);

  for (const reference of references.drifts) {
    it(`trends of coefficients, time scale ${reference.transform}`, () => {
      const found = coefficientTrends(fitted, { scale: reference.transform });
      assertAllClose(found.at, reference.at, TOLERANCE, "place");
      assertClose(found.test.global.p, reference.p[3], FITTED, "global p");
      // Events of one time may be listed in any order.
      const order = [...found.time.keys()].sort(
        (a, b) =>
          found.time[a] - found.time[b] ||
          found.covariates[0].residuals[a] - found.covariates[0].residuals[b],
      );
      const expected = [...reference.times.keys()].sort(
        (a, b) =>
          reference.times[a] - reference.times[b] || reference.residuals[a][0] - reference.residuals[b][0],
      );
      assertAllClose(
        order.map((i) => found.scaled[i]),
        expected.map((i) => reference.x[i]),
        TOLERANCE,
        "scaled time",
      );
      found.covariates.forEach((trend, j) => {
        assertClose(trend.p, reference.p[j], FITTED, `p of ${trend.name}`);
        assertAllClose(
          order.map((i) => trend.residuals[i]),
          expected.map((i) => reference.residuals[i][j]),
          FITTED,
          `residual of ${trend.name}`,
        );
        assertAllClose(trend.value, column(reference.fitted, j), FITTED, `trend of ${trend.name}`);
        assertAllClose(trend.error, column(reference.error, j), FITTED, `error of ${trend.name}`);
      });
    });
  }

  it("residuals of a model without covariates, and partial residuals", () => {
    assertAllClose(nullResiduals(follow).values, references.residuals.null, TOLERANCE, "null residual");
    partialResiduals(fitted).columns.forEach(({ name, values }, j) => {
      assertAllClose(values, column(references.residuals.partial, j), FITTED, `partial residual of ${name}`);
    });
  });

  const { adjusted } = references;
  for (const [what, options, expected] of [
    ["of everybody", {}, [adjusted.single]],
    ["of each sex's patients", { by: "sex", method: "average" }, bothOf(adjusted.average)],
    ["standardized", { by: "sex" }, bothOf(adjusted.marginal)],
    ["weighted", { by: "sex", method: "weighted" }, bothOf(adjusted.weighted)],
  ] as readonly (readonly [string, AdjustedCurvesOptions, readonly (readonly number[])[]])[]) {
    it(`adjusted survival curves ${what}`, () => {
      const { curves } = adjustedCurves(fitted, options);
      assert.equal(curves.length, expected.length);
      curves.forEach(({ label, time, survival }, g) => {
        assert.deepEqual([...time], adjusted.time);
        assertAllClose(survival, expected[g], FITTED, label);
      });
    });
  }

  const veteran = readInput("veteran.csv");
  const cells = veteran.labels("celltype", { classes: ["adeno", "large", "smallcell", "squamous"] });
  const OPTIONS: Readonly<Record<string, LogRankOptions>> = {
    "log-rank": {},
    late: { gamma: 1 },
    middle: { rho: 1, gamma: 1 },
  };
  for (const { test, chiSquare, p } of references.tests) {
    it(`log-rank test of four groups, weights of ${test}`, () => {
      const found = logRank(followOf(veteran), cells, OPTIONS[test] ?? { weights: test as never });
      assertClose(found.chiSquare, chiSquare, TOLERANCE, "χ²");
      assertClose(found.p, p, 1e-9, "p");
    });
  }

  it("log-rank tests of all pairs, adjusted by Holm and by Benjamini and Hochberg", () => {
    const { first, second, p, holm, bh } = references.pairwise;
    for (const [adjustment, adjustedP] of [
      ["holm", holm],
      ["benjamini-hochberg", bh],
    ] as const) {
      const { pairs } = pairwiseLogRank(followOf(veteran), cells, { adjustment });
      assert.deepEqual(
        pairs.map((pair) => [pair.first, pair.second]),
        first.map((name, i) => [name, second[i]]),
      );
      assertAllClose(
        pairs.map((pair) => pair.p),
        p,
        1e-9,
        "p",
      );
      assertAllClose(
        pairs.map((pair) => pair.adjusted),
        adjustedP,
        1e-9,
        adjustment,
      );
    }
  });
});

function bothOf(rows: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return [0, 1].map((g) => rows.map((row) => row[g]));
}

function followOf(cohort: Cohort): SurvivalData {
  const table = cohort.numeric(["time", "event"]);
  return new SurvivalData(table.ids, table.column("time"), table.column("event"), "days");
}
