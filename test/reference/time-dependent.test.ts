/** Time-dependent AUC and Brier score against scikit-survival (td_auc_brier.json), end to end with our own Cox model too. */
import assert from "node:assert/strict";
import { brierScore } from "../../src/model/brier.js";
import { cox } from "../../src/model/cox.js";
import { coxSurvival } from "../../src/model/cox-survival.js";
import { timeDependentAuc } from "../../src/model/time-dependent-auc.js";
import { Scores } from "../../src/table/scores.js";
import {
  absence,
  assertAllClose,
  assertClose,
  readInput,
  readReference,
} from "../support/modelling-references.js";

/** The README of the references asks for 1e-9. */
const TOLERANCE = 1e-9;

interface Reference {
  readonly coef: readonly number[];
  readonly lp_test: readonly number[];
  readonly times: readonly number[];
  readonly auc_ipcw_cumulative_dynamic: readonly number[];
  readonly mean_auc: number;
  readonly surv_prob_test: readonly (readonly number[])[];
  readonly brier: readonly number[];
  readonly integrated_brier_score: number;
}

describe("time-dependent AUC and Brier score as scikit-survival", () => {
  if (absence !== null) {
    it(`are compared with td_auc_brier.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const r = readReference<Reference>("td_auc_brier.json");
  const covariates = ["age", "size", "nodes", "hormon"];
  const cohort = readInput("gbsg.csv");
  const part = (odd: boolean) => {
    const own = cohort.pick(cohort.ids.filter((_, row) => (row % 2 === 1) === odd));
    return {
      x: own.numeric(covariates),
      y: own.survival({ time: "time", event: "event", unit: "days" }),
    };
  };
  const train = part(false);
  const test = part(true);

  it(`agree for the given predictions, to ${TOLERANCE}`, () => {
    const risk = new Scores(test.y.ids, Float64Array.from(r.lp_test));
    const auc = timeDependentAuc(test.y, risk, r.times, { train: train.y });
    assertAllClose(auc.auc, r.auc_ipcw_cumulative_dynamic, TOLERANCE, "AUC");
    assertClose(auc.mean, r.mean_auc, TOLERANCE, "mean AUC");
    const curves = test.y.ids.map((id, row) => ({
      id,
      time: Float64Array.from(r.times),
      survival: Float64Array.from(r.surv_prob_test[row] as number[]),
    }));
    const brier = brierScore(test.y, curves, r.times, { train: train.y });
    assertAllClose(brier.score, r.brier, TOLERANCE, "Brier score");
    assertClose(brier.integrated, r.integrated_brier_score, TOLERANCE, "integrated Brier score");
  });

  it("agree for the Cox model fitted here, to 1e-8 as the Cox references", () => {
    const fitted = cox({ ties: "breslow" }).fit(train.x, train.y);
    assertAllClose(fitted.coefficients, r.coef, 1e-8, "coefficient");
    const auc = timeDependentAuc(test.y, fitted.predict(test.x), r.times, { train: train.y });
    assertAllClose(auc.auc, r.auc_ipcw_cumulative_dynamic, 1e-8, "AUC");
    const brier = brierScore(test.y, coxSurvival(fitted, test.x), r.times, { train: train.y });
    assertAllClose(brier.score, r.brier, 1e-8, "Brier score");
    assert.ok(brier.integrated < 0.25);
  });

  it("refuse what cannot be compared, by name", () => {
    const risk = new Scores(test.y.ids, Float64Array.from(r.lp_test));
    assert.throws(() => timeDependentAuc(test.y, risk, []), /times must be positive and rising/);
    assert.throws(() => timeDependentAuc(test.y, risk, [300, 200]), /rising/);
    assert.throws(() => timeDependentAuc(test.y, risk, [1]), /at 1 days, 0 patients have had the event/);
    assert.throws(() => timeDependentAuc(test.y, risk, [99_999]), /nothing to compare|nobody stands/);
    assert.throws(() => timeDependentAuc(train.y, risk, [300]), /not the same patients/);
    const wrong = test.y.ids.map((id) => ({ id, time: Float64Array.of(1), survival: Float64Array.of(1.5) }));
    assert.throws(() => brierScore(test.y, wrong, [300]), /must lie in \[0, 1\].*1\.5/);
  });
});
