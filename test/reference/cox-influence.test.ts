/**
 * Clustered errors of Cox regression against statsmodels 0.15.0: PHReg(time, [age, sex, ph.ecog], status, ties="breslow")
 * .fit(groups=inst) on the 226 complete rows of lung.csv.
 */
import assert from "node:assert/strict";
import { cox } from "../../src/model/cox.js";
import { robustCox } from "../../src/model/cox-influence.js";
import { absence, assertAllClose, readInput } from "../support/modelling-references.js";

/** As the other Cox references: its optimizer stops at about 1e-10. */
const TOLERANCE = 1e-8;

const coefficients = [0.011204924458760092, -0.5558254513757706, 0.46837865799179645];
const clustered = [0.006867511162294665, 0.11199820114271293, 0.11712326890785603];

describe("robust errors in Cox regression as statsmodels", () => {
  it(`agree on lung by hospital, to ${TOLERANCE}${absence === null ? "" : ` (skipped: ${absence})`}`, function () {
    if (absence !== null) return this.skip();
    const names = ["age", "sex", "ph.ecog"];
    const cohort = readInput("lung.csv").complete(["time", "event", ...names, "inst"]);
    assert.equal(cohort.length, 226);
    const y = cohort.survival({ time: "time", event: "event", unit: "days" });
    const model = cox({ ties: "breslow" }).fit(cohort.numeric(names), y);
    const { covariates, clusters } = robustCox(model, { cluster: cohort.labels("inst") });
    assert.equal(clusters, new Set(cohort.text("inst")).size);
    assertAllClose(
      covariates.map((found) => found.coefficient),
      coefficients,
      TOLERANCE,
      "coefficient",
    );
    assertAllClose(
      covariates.map((found) => found.standardError),
      clustered,
      TOLERANCE,
      "clustered error",
    );
  });
});
