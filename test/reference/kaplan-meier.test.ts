/** Kaplan–Meier against R's survival package: every data set, group, interval and quantile of km.json. */
import assert from "node:assert/strict";
import { kaplanMeier } from "../../src/model/kaplan-meier.js";
import type { KaplanMeierCurve } from "../../src/model/kaplan-meier-curve.js";
import type { SurvivalInterval } from "../../src/model/survival-interval.js";
import {
  absence,
  assertAllClose,
  assertClose,
  type RNumber,
  readInput,
  readReference,
} from "../support/modelling-references.js";

/** The README of the references asks for 1e-12. */
const TOLERANCE = 1e-12;
const INTERVALS: readonly SurvivalInterval[] = ["plain", "log", "log-log", "logit", "arcsin"];

interface Limits {
  readonly lower: readonly RNumber[];
  readonly upper: readonly RNumber[];
}
interface CurveReference {
  readonly n: number;
  readonly events: number;
  readonly conf: number;
  readonly time: readonly number[];
  readonly n_risk: readonly number[];
  readonly n_event: readonly number[];
  readonly n_censor: readonly number[];
  readonly surv: readonly number[];
  readonly se_surv_greenwood: readonly RNumber[];
  readonly nelson_aalen: readonly number[];
  readonly se_nelson_aalen: readonly number[];
  readonly ci: Readonly<Record<SurvivalInterval, Limits>>;
  readonly quantiles: { readonly p: readonly number[] } & Readonly<
    Record<SurvivalInterval, Limits & { readonly est: readonly RNumber[] }>
  >;
  readonly at: {
    readonly time: readonly number[];
    readonly surv: readonly number[];
    readonly se: readonly RNumber[];
    readonly loglog_lower: readonly RNumber[];
    readonly loglog_upper: readonly RNumber[];
    readonly n_risk: readonly number[];
  };
  readonly rmst:
    | readonly Readonly<Record<"tau" | "rmst" | "se", number>>[]
    | Readonly<Record<"tau" | "rmst" | "se", number>>;
}
interface GroupReference {
  readonly levels: readonly (string | number)[];
  readonly by_level: readonly CurveReference[];
}
interface KmReference {
  readonly datasets: Readonly<Record<string, Readonly<Record<string, CurveReference | GroupReference>>>>;
}

describe("Kaplan–Meier as R's survfit", () => {
  if (absence !== null) {
    it(`is compared with km.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  for (const [name, groupings] of Object.entries(readReference<KmReference>("km.json").datasets)) {
    const cohort = readInput(`${name.replace("_conf90", "")}.csv`);
    for (const [group, reference] of Object.entries(groupings)) {
      it(`agrees on ${name}, ${group}, in all five intervals to ${TOLERANCE}`, () => {
        const isGrouped = "levels" in reference;
        const known = isGrouped ? cohort.complete([group]) : cohort;
        const y = known.survival({ time: "time", event: "event", unit: "days" });
        const expected = isGrouped ? reference.by_level : [reference];
        for (const interval of INTERVALS) {
          const confidence = expected[0]?.conf ?? 0.95;
          const km = kaplanMeier(y, {
            confidence,
            interval,
            ...(isGrouped ? { by: known.labels(group) } : {}),
          });
          assert.equal(km.groups.length, expected.length);
          if (isGrouped)
            assert.deepEqual(
              km.groups.map((curve) => curve.label),
              reference.levels.map(String),
            );
          km.groups.forEach((curve, at) => {
            compare(curve, expected[at] as CurveReference, interval);
          });
        }
      });
    }
  }
});

function compare(curve: KaplanMeierCurve, r: CurveReference, interval: SurvivalInterval): void {
  assert.deepEqual([curve.n, curve.events], [r.n, r.events]);
  assert.deepEqual(Array.from(curve.time), r.time);
  assert.deepEqual(Array.from(curve.atRisk), r.n_risk);
  assert.deepEqual(Array.from(curve.event), r.n_event);
  assert.deepEqual(Array.from(curve.censored), r.n_censor);
  assertAllClose(curve.survival, r.surv, TOLERANCE, "S");
  assertAllClose(curve.standardError, r.se_surv_greenwood, TOLERANCE, "se of S");
  assertAllClose(curve.cumulativeHazard, r.nelson_aalen, TOLERANCE, "Nelson–Aalen");
  assertAllClose(curve.cumulativeHazardError, r.se_nelson_aalen, TOLERANCE, "se of Nelson–Aalen");
  assertAllClose(curve.lower, r.ci[interval].lower, TOLERANCE, `${interval} lower`);
  assertAllClose(curve.upper, r.ci[interval].upper, TOLERANCE, `${interval} upper`);
  const quantiles = r.quantiles.p.map((p) => curve.quantile(p));
  const q = r.quantiles[interval];
  assertAllClose(
    quantiles.map((found) => found.time),
    q.est,
    TOLERANCE,
    "quantile",
  );
  assertAllClose(
    quantiles.map((found) => found.lower),
    q.lower,
    TOLERANCE,
    `${interval} quantile, lower`,
  );
  assertAllClose(
    quantiles.map((found) => found.upper),
    q.upper,
    TOLERANCE,
    `${interval} quantile, upper`,
  );
  const points = curve.at(r.at.time);
  assertAllClose(
    points.map((found) => found.survival),
    r.at.surv,
    TOLERANCE,
    "S at times",
  );
  assertAllClose(
    points.map((found) => found.standardError),
    r.at.se,
    TOLERANCE,
    "se at times",
  );
  assert.deepEqual(
    points.map((found) => found.atRisk),
    r.at.n_risk,
  );
  if (interval === "log-log") {
    assertAllClose(
      points.map((found) => found.lower),
      r.at.loglog_lower,
      TOLERANCE,
      "lower at times",
    );
    assertAllClose(
      points.map((found) => found.upper),
      r.at.loglog_upper,
      TOLERANCE,
      "upper at times",
    );
  }
  for (const { tau, rmst, se } of [r.rmst].flat()) {
    const found = curve.restrictedMean(tau);
    assertClose(found.mean, rmst, TOLERANCE, `restricted mean to ${tau}`);
    assertClose(found.standardError, se, TOLERANCE, `its standard error`);
  }
}
