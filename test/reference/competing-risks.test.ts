/** Aalen–Johansen incidence against R's survfit, its variance and Gray's test against R's cmprsk (competing_risks.json). */
import assert from "node:assert/strict";
import { cumulativeIncidence, type IncidenceGroup } from "../../src/model/cumulative-incidence.js";
import { indexOfTime } from "../../src/model/event-times.js";
import { grayTest } from "../../src/model/gray-test.js";
import {
  absence,
  assertAllClose,
  assertClose,
  readInput,
  readReference,
} from "../support/modelling-references.js";

/** The README of the references asks for 1e-10. */
const TOLERANCE = 1e-10;

interface CurveReference {
  readonly time: readonly number[];
  readonly n_risk: readonly number[];
  readonly pstate: readonly (readonly number[])[];
  readonly se: readonly (readonly number[])[];
}
interface Reference {
  readonly overall: CurveReference;
  readonly cmprsk_timepoints: {
    readonly time: readonly number[];
    readonly est: readonly (readonly number[])[];
    readonly var_aalen: readonly (readonly number[])[];
  };
  readonly by_group?: readonly (CurveReference & { readonly level: number })[];
  readonly gray_test?: {
    readonly stat: readonly number[];
    readonly p: readonly number[];
    readonly df: readonly number[];
  };
}

describe("competing risks as survfit and cmprsk", () => {
  if (absence !== null) {
    it(`are compared with competing_risks.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const { versions: _, ...sets } = readReference<Record<string, Reference>>("competing_risks.json");
  for (const [name, r] of Object.entries(sets)) {
    const cohort = name === "pbc" ? readInput("pbc.csv") : readInput("pbc.csv").complete(["trt"]);
    const y = cohort.survival({ time: "time", event: "status", unit: "days", happened: ["1", "2"] });
    const cause = cohort.labels("status");

    it(`agree on ${name}: at risk, probabilities and errors, to ${TOLERANCE}`, () => {
      const [all] = cumulativeIncidence(y, cause).groups;
      assert.ok(all !== undefined);
      assertCurve(all, r.overall);
      const { time, est, var_aalen } = r.cmprsk_timepoints;
      all.causes.forEach(({ incidence, aalenError }, c) => {
        const at = time.map((t) => indexOfTime(all.time, t));
        assertAllClose(
          at.map((k) => incidence[k] as number),
          est[c] as number[],
          TOLERANCE,
          "incidence as cmprsk",
        );
        assertAllClose(
          at.map((k) => (aalenError[k] as number) ** 2),
          var_aalen[c] as number[],
          TOLERANCE,
          "Aalen's variance",
        );
      });
    });

    const { by_group, gray_test } = r;
    if (by_group === undefined || gray_test === undefined) continue;
    it(`agree on ${name} by treatment, and Gray's test, to ${TOLERANCE}`, () => {
      const by = cohort.labels("trt");
      const { groups } = cumulativeIncidence(y, cause, { by });
      by_group.forEach((reference, g) => {
        assert.equal(groups[g]?.label, String(reference.level));
        assertCurve(groups[g] as IncidenceGroup, reference);
      });
      grayTest(y, cause, by).forEach((test, c) => {
        assertClose(test.chiSquare, gray_test.stat[c] as number, TOLERANCE, "chi-square");
        assertClose(test.p, gray_test.p[c] as number, TOLERANCE, "p");
        assert.equal(test.degreesOfFreedom, gray_test.df[c]);
      });
    });
  }
});

function assertCurve(found: IncidenceGroup, r: CurveReference): void {
  assert.deepEqual(Array.from(found.time), r.time);
  assert.deepEqual(Array.from(found.atRisk), r.n_risk);
  const states = [found.survival, ...found.causes.map((one) => one.incidence)];
  const errors = [found.survivalError, ...found.causes.map((one) => one.standardError)];
  r.time.forEach((_, at) => {
    const label = `at ${r.time[at]}`;
    assertAllClose(
      states.map((state) => state[at] as number),
      r.pstate[at] as number[],
      TOLERANCE,
      label,
    );
    assertAllClose(
      errors.map((error) => error[at] as number),
      r.se[at] as number[],
      TOLERANCE,
      `error ${label}`,
    );
  });
}
