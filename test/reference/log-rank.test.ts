/** The log-rank test against R's survdiff: every test of logrank.json, strata and weights included. */
import assert from "node:assert/strict";
import { logRank } from "../../src/model/log-rank.js";
import {
  absence,
  assertAllClose,
  assertClose,
  readInput,
  readReference,
} from "../support/modelling-references.js";

/** The README of the references asks for 1e-10. */
const TOLERANCE = 1e-10;

interface LogRankReference {
  readonly group: string;
  readonly strata: string | null;
  readonly rho: number;
  readonly n_used: number;
  readonly levels: readonly string[];
  readonly n: readonly number[];
  readonly observed: readonly number[];
  readonly expected: readonly number[];
  readonly var: readonly (readonly number[])[];
  readonly chisq: number;
  readonly df: number;
  readonly p: number;
  readonly log_p: number;
}

describe("log-rank test as R's survdiff", () => {
  if (absence !== null) {
    it(`is compared with logrank.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const { datasets } = readReference<{ datasets: Record<string, LogRankReference[]> }>("logrank.json");
  for (const [name, tests] of Object.entries(datasets)) {
    for (const r of tests) {
      const strata = r.strata === null ? "" : ` within ${r.strata}`;
      it(`agrees on ${name} by ${r.group}${strata}, rho ${r.rho}, to ${TOLERANCE}`, () => {
        const columns = [r.group, ...(r.strata === null ? [] : [r.strata])];
        const cohort = readInput(`${name}.csv`).complete(columns);
        assert.equal(cohort.length, r.n_used);
        const y = cohort.survival({ time: "time", event: "event", unit: "days" });
        const found = logRank(y, cohort.labels(r.group), {
          rho: r.rho,
          ...(r.strata === null ? {} : { strata: cohort.labels(r.strata) }),
        });
        assert.deepEqual(
          found.groups.map((group) => [group.label, group.n]),
          r.levels.map((level, at) => [level, r.n[at]]),
        );
        const observed = found.groups.map((group) => group.observed);
        const expected = found.groups.map((group) => group.expected);
        assertAllClose(observed, r.observed, TOLERANCE, "observed");
        assertAllClose(expected, r.expected, TOLERANCE, "expected");
        assertAllClose(found.variance, r.var.flat(), TOLERANCE, "variance");
        assertClose(found.chiSquare, r.chisq, TOLERANCE, "chi-square");
        assert.equal(found.degreesOfFreedom, r.df);
        assertClose(found.p, r.p, TOLERANCE, "p");
        assertClose(found.logP, r.log_p, TOLERANCE, "log p");
      });
    }
  }
});
