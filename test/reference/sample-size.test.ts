/** Events and patients that a study needs, against sample_size.json (formulas, and R's power.t.test and power.prop.test). */
import assert from "node:assert/strict";
import {
  freedmanEvents,
  proportionPatients,
  schoenfeldEvents,
  tTestPatients,
} from "../../src/model/sample-size.js";
import { absence, assertClose, readReference } from "../support/modelling-references.js";

/** The README of the references asks for 1e-9. */
const TOLERANCE = 1e-9;

interface Plan {
  readonly alpha: number;
  readonly power: number;
}
interface Reference {
  readonly schoenfeld_events: readonly (Plan & { prop_group1: number; hr: number; events: number })[];
  readonly freedman_events: readonly (Plan & { hr: number; events: number })[];
  readonly t_test: readonly (Plan & { delta: number; sd: number; n_per_group: number })[];
  readonly prop_test: readonly (Plan & { p1: number; p2: number; n_per_group_R: number })[];
}

describe("sample sizes", () => {
  if (absence !== null) {
    it(`are compared with sample_size.json (skipped: ${absence})`, function () {
      this.skip();
    });
  } else {
    const reference = readReference<Reference>("sample_size.json");
    it(`agree with Schoenfeld's and Freedman's formulas, to ${TOLERANCE}`, () => {
      for (const { prop_group1: share, hr: hazardRatio, events, ...plan } of reference.schoenfeld_events)
        assertClose(schoenfeldEvents({ ...plan, share, hazardRatio }), events, TOLERANCE, "events");
      for (const { hr: hazardRatio, events, ...plan } of reference.freedman_events)
        assertClose(
          freedmanEvents({ alpha: plan.alpha, power: plan.power, hazardRatio }),
          events,
          TOLERANCE,
          "events",
        );
    });

    it(`agree with R's power.t.test and power.prop.test, to ${TOLERANCE}`, () => {
      for (const { delta: difference, sd: deviation, n_per_group, alpha, power } of reference.t_test)
        assertClose(
          tTestPatients({ alpha, power, difference, deviation }),
          n_per_group,
          TOLERANCE,
          "patients",
        );
      for (const { p1: first, p2: second, n_per_group_R, alpha, power } of reference.prop_test)
        assertClose(
          proportionPatients({ alpha, power, first, second }),
          n_per_group_R,
          TOLERANCE,
          "patients",
        );
    });
  }

  it("refuse plans that cannot be meant", () => {
    assert.throws(() => schoenfeldEvents({ hazardRatio: 1 }), /not 1/);
    assert.throws(() => schoenfeldEvents({ hazardRatio: 0.5, share: 1 }), /share/);
    assert.throws(() => freedmanEvents({ hazardRatio: -1 }), /hazard ratio/);
    assert.throws(() => tTestPatients({ difference: 0, deviation: 1 }), /difference other than 0/);
    assert.throws(() => tTestPatients({ difference: 1, deviation: 1, power: 0.01 }), /power must exceed/);
    assert.throws(() => proportionPatients({ first: 0.5, second: 0.5 }), /must differ/);
  });
});
