/** ROC curves and DeLong's tests against pROC: roc_delong.json. */
import assert from "node:assert/strict";
import * as metrics from "../../src/model/metrics/index.js";
import type { Labels } from "../../src/table/labels.js";
import type { Scores } from "../../src/table/scores.js";
import {
  absence,
  assertAllClose,
  assertClose,
  type RNumber,
  readReference,
} from "../support/modelling-references.js";
import { labelsOf, scoresOf } from "../support/outcomes.js";
import {
  assertInterval,
  completeColumns,
  inputColumn,
  P,
  STATISTIC,
} from "../support/statistics-references.js";

interface CutReference {
  readonly threshold: number;
  readonly sensitivity: number;
  readonly specificity: number;
  readonly youden?: number;
}

interface ScoreReference {
  readonly auc: number;
  readonly var_delong: number;
  readonly ci95_delong: readonly number[];
  readonly ci90_delong: readonly number[];
  readonly ci95_logit_delong: readonly number[];
  readonly "partial_auc_spec_1_to_0.8": number;
  readonly partial_auc_corrected: number;
  readonly thresholds: readonly RNumber[];
  readonly sensitivities: readonly number[];
  readonly specificities: readonly number[];
  readonly youden_best: readonly CutReference[];
  readonly closest_topleft: readonly CutReference[];
}

interface RocReference {
  readonly n: number;
  readonly positives: number;
  readonly score1: ScoreReference;
  readonly score2: ScoreReference;
  readonly delong_paired: {
    readonly z: number;
    readonly p: number;
    readonly covariance: number;
    readonly diff: number;
    readonly ci95: readonly number[];
  };
  readonly delong_unpaired: { readonly D: number; readonly df: number; readonly p: number };
}

describe("ROC curves as pROC", () => {
  if (absence !== null) {
    it(`are compared with roc_delong.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const reference = readReference<Record<string, { readonly ref: RocReference }>>("roc_delong.json");
  const cases = rocCases();

  it("covers every case of the file", () => {
    assert.deepEqual(
      Object.keys(reference).filter((name) => name !== "versions"),
      Object.keys(cases),
    );
  });

  for (const [name, { y, scores }] of Object.entries(cases)) {
    const r = (reference[name] as { readonly ref: RocReference }).ref;
    for (const [at, score] of scores.entries()) {
      const expected = [r.score1, r.score2][at] as ScoreReference;
      it(`${name}, score ${at + 1}: area, curve and cuts`, () => {
        const found = metrics.auc(y, score);
        assert.deepEqual([y.length, found.positives], [r.n, r.positives]);
        assertClose(found.auc, expected.auc, STATISTIC, "area");
        assertClose(metrics.areaUnderCurve(y, score), expected.auc, STATISTIC, "area alone");
        assertClose(found.standardError ** 2, expected.var_delong, STATISTIC, "variance");
        assertInterval(found.interval, expected.ci95_delong, "95 %");
        assertInterval(metrics.auc(y, score, { confidence: 0.9 }).interval, expected.ci90_delong, "90 %");
        const logit = metrics.auc(y, score, { interval: "logit" });
        assertInterval(logit.interval, expected.ci95_logit_delong, "logit");

        const curve = metrics.roc(y, score);
        assertAllClose(curve.sensitivity.slice().reverse(), expected.sensitivities, STATISTIC, "sensitivity");
        assertAllClose(curve.specificity.slice().reverse(), expected.specificities, STATISTIC, "specificity");
        const part = metrics.partialArea(curve, [0.8, 1]);
        assertClose(part.area, expected["partial_auc_spec_1_to_0.8"], STATISTIC, "partial area");
        assertClose(part.corrected, expected.partial_auc_corrected, STATISTIC, "corrected partial area");
        assertCuts(metrics.bestCuts(curve), expected.youden_best);
        assertCuts(metrics.bestCuts(curve, "closest"), expected.closest_topleft);
      });
    }

    it(`${name}: DeLong's tests`, () => {
      const [first, second] = scores;
      const paired = metrics.compareAuc(y, first, second);
      assertClose(paired.statistic, r.delong_paired.z, STATISTIC, "z");
      assertClose(paired.p, r.delong_paired.p, P, "p");
      assertClose(paired.covariance, r.delong_paired.covariance, STATISTIC, "covariance");
      assertClose(paired.difference, r.delong_paired.diff, STATISTIC, "difference");
      assertInterval(paired.interval, r.delong_paired.ci95, "difference");
      const unpaired = metrics.compareAucOfGroups({ y, score: first }, { y, score: second });
      assertClose(unpaired.statistic, r.delong_unpaired.D, STATISTIC, "D");
      assertClose(unpaired.degreesOfFreedom, r.delong_unpaired.df, STATISTIC, "df");
      assertClose(unpaired.p, r.delong_unpaired.p, P, "p");
    });
  }
});

function assertCuts(found: readonly metrics.RocCut[], expected: readonly CutReference[]): void {
  assert.equal(found.length, expected.length, "number of cuts");
  // pROC lists them by rising threshold.
  [...found].reverse().forEach((cut, at) => {
    const r = expected[at] as CutReference;
    assertClose(cut.threshold, r.threshold, STATISTIC, "threshold");
    assertClose(cut.sensitivity, r.sensitivity, STATISTIC, "sensitivity");
    assertClose(cut.specificity, r.specificity, STATISTIC, "specificity");
    // pROC's "youden" is sensitivity + specificity.
    if (r.youden !== undefined) assertClose(cut.youden + 1, r.youden, STATISTIC, "Youden's index");
  });
}

function rocCases(): Record<string, { readonly y: Labels; readonly scores: readonly [Scores, Scores] }> {
  const negated = (values: Float64Array): Scores => scoresOf(values.map((value) => -value));
  const cancer = (name: string): Float64Array => inputColumn("breast_cancer.csv", name);
  const [event, ph, pat] = completeColumns("lung.csv", ["event", "ph.karno", "pat.karno"]) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const two = (name: string): Float64Array => inputColumn("two_models_probs.csv", name);
  return {
    bc_texture_vs_smoothness: {
      y: labelsOf(cancer("y")),
      scores: [negated(cancer("mean_texture")), negated(cancer("mean_smoothness"))],
    },
    lung_ties: { y: labelsOf(event), scores: [negated(ph), negated(pat)] },
    two_models: { y: labelsOf(two("y")), scores: [scoresOf(two("p1")), scoresOf(two("p2"))] },
  };
}
