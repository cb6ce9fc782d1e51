/** Metrics of predictions against scikit-learn and R: metrics.json, reclassification_calibration.json. */
import assert from "node:assert/strict";
import * as metrics from "../../src/model/metrics/index.js";
import * as statistics from "../../src/model/statistics/index.js";
import { Labels } from "../../src/table/labels.js";
import { Probabilities } from "../../src/table/probabilities.js";
import type { Scores } from "../../src/table/scores.js";
import {
  absence,
  assertAllClose,
  assertClose,
  type RNumber,
  readInput,
  readReference,
} from "../support/modelling-references.js";
import { labelsOf, rowIds, scoresOf } from "../support/outcomes.js";
import { assertInterval, inputColumn } from "../support/statistics-references.js";

/** The README of the references: metrics to 1e-12, p to 1e-9. */
const METRIC = 1e-12;
const P = 1e-9;

/** R's glm takes standard errors from the weights of the last step but one: 1e-8 away from those of the optimum. */
const GLM = 3e-8;

/** Standard errors at the optimum by statsmodels 0.15.0: Logit by Newton's method, GLM with offset, both with tol=1e-15. */
const CONVERGED = {
  p1: { slope: 0.09409444477056048, inTheLarge: 0.10180565791596687 },
  p2: { slope: 0.08550630799180568, inTheLarge: 0.11602893416594418 },
} as const;

type Curve = Readonly<Record<"prob_true" | "prob_pred", readonly number[]>>;

interface BinaryReference {
  readonly cut: number;
  readonly confusion: Readonly<Record<"tn" | "fp" | "fn" | "tp", number>>;
  readonly auc: number;
  readonly average_precision: number;
  readonly accuracy: number;
  readonly balanced_accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly specificity: number;
  readonly npv: number;
  readonly f1: number;
  readonly f2: number;
  readonly kappa: number;
  readonly mcc: number;
  readonly brier: number;
  readonly log_loss: number;
  readonly youden: { readonly threshold: number; readonly j: number };
  readonly roc: Readonly<Record<"fpr" | "tpr" | "threshold", readonly RNumber[]>>;
  readonly pr_curve: Readonly<Record<"precision" | "recall" | "threshold", readonly number[]>>;
  readonly calibration_uniform: Curve;
  readonly calibration_quantile: Curve;
  readonly ece_10_uniform: number;
  readonly net_benefit: Readonly<Record<"threshold" | "model" | "treat_all", readonly number[]>>;
  readonly isotonic_fit_on_same_data: Readonly<Record<"x" | "y", readonly number[]>>;
}

interface MulticlassReference {
  readonly proba: readonly (readonly number[])[];
  readonly pred: readonly number[];
  readonly confusion: readonly (readonly number[])[];
  readonly accuracy: number;
  readonly balanced_accuracy: number;
  readonly f1: Readonly<Record<"macro" | "micro" | "weighted", number>>;
  readonly precision_macro: number;
  readonly recall_macro: number;
  readonly kappa: number;
  readonly kappa_linear: number;
  readonly kappa_quadratic: number;
  readonly mcc: number;
  readonly log_loss: number;
  readonly auc: Readonly<Record<"ovr_macro" | "ovr_weighted" | "ovo_macro" | "ovo_weighted", number>>;
}

interface CategoricalReference {
  readonly cuts: readonly number[] | number;
  readonly event_up: number;
  readonly event_down: number;
  readonly nonevent_up: number;
  readonly nonevent_down: number;
  readonly nri: number;
  readonly se: number;
  readonly se_null_pencina2008: number;
  readonly z: number;
  readonly z_null: number;
  readonly p: number;
  readonly p_null: number;
}

interface CalibrationReference {
  readonly calibration_slope: number;
  readonly slope_se: number;
  readonly calibration_intercept_joint: number;
  readonly calibration_in_the_large: number;
  readonly citl_se: number;
  readonly hosmer_lemeshow: {
    readonly observed: readonly number[];
    readonly expected: readonly number[];
    readonly n: readonly number[];
    readonly chisq: number;
    readonly df: number;
    readonly p: number;
  };
}

interface ReclassificationReference {
  readonly two: {
    readonly cut: number;
    readonly mcnemar: Readonly<
      Record<
        | "b_model1_wrong_model2_right"
        | "c_model1_right_model2_wrong"
        | "chisq"
        | "p"
        | "chisq_cc"
        | "p_cc"
        | "p_exact",
        number
      >
    >;
    readonly continuous_nri: Readonly<
      Record<"nri" | "se" | "z" | "p" | "nri_events" | "nri_nonevents", number>
    >;
    readonly idi: Readonly<Record<"idi" | "se" | "z" | "p" | "improveSens" | "improveSpec", number>>;
    readonly categorical_nri: readonly CategoricalReference[];
  };
  readonly calibration_p1: CalibrationReference;
  readonly calibration_p2: CalibrationReference;
  readonly binom_ci: readonly {
    readonly k: number;
    readonly n: number;
    readonly clopper_pearson: readonly number[];
    readonly wilson: readonly number[];
    readonly wilson_cc: readonly number[];
    readonly p_half_exact: number;
  }[];
}

describe("metrics of predictions as scikit-learn and R", () => {
  if (absence !== null) {
    it(`are compared with metrics.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const reference = readReference<{
    readonly p2: BinaryReference;
    readonly "p1_cut0.3": BinaryReference;
    readonly wine_multiclass: MulticlassReference;
  }>("metrics.json");
  const column = (name: string): Float64Array => inputColumn("two_models_probs.csv", name);
  const y = labelsOf(column("y"));
  const [p1, p2] = [scoresOf(column("p1")), scoresOf(column("p2"))];

  for (const [name, p, r] of [
    ["p2", p2, reference.p2],
    ["p1", p1, reference["p1_cut0.3"]],
  ] as const) {
    it(`${name} at ${r.cut}: confusion and what follows from it`, () => assertBinary(y, p, r));
    it(`${name}: curves`, () => assertCurves(y, p, r));
  }

  it("wine: metrics of three classes", () => assertMulticlass(reference.wine_multiclass));

  const { two, binom_ci, ...calibrations } = readReference<ReclassificationReference>(
    "reclassification_calibration.json",
  );
  it("compares two predictions: McNemar, net reclassification, integrated discrimination", () =>
    assertReclassification(y, p1, p2, two));

  for (const [name, p, r] of [
    ["p1", p1, calibrations.calibration_p1],
    ["p2", p2, calibrations.calibration_p2],
  ] as const) {
    it(`${name}: calibration slope, in the large, Hosmer–Lemeshow`, () => {
      const found = metrics.calibration(y, p);
      assertClose(found.slope.value, r.calibration_slope, METRIC, "slope");
      assertClose(found.slope.standardError, r.slope_se, GLM, "error of the slope by R");
      assertClose(found.slope.standardError, CONVERGED[name].slope, METRIC, "error of the slope");
      // Both intercepts are differences of numbers near 1 and nearly cancel: absolute.
      assert.ok(Math.abs(found.intercept - r.calibration_intercept_joint) < METRIC, "intercept");
      assert.ok(Math.abs(found.inTheLarge.value - r.calibration_in_the_large) < METRIC, "in the large");
      assertClose(found.inTheLarge.standardError, r.citl_se, GLM, "error in the large by R");
      assertClose(found.inTheLarge.standardError, CONVERGED[name].inTheLarge, METRIC, "error in the large");
      const test = metrics.hosmerLemeshow(y, p);
      const h = r.hosmer_lemeshow;
      assert.deepEqual(
        test.groups.map(({ n, observed }) => [n, observed]),
        h.n.map((n, at) => [n, h.observed[at]]),
      );
      assertAllClose(
        test.groups.map(({ expected }) => expected),
        h.expected,
        METRIC,
        "expected",
      );
      assertClose(test.statistic, h.chisq, METRIC, "chi-square");
      assert.equal(test.degreesOfFreedom, h.df);
      assertClose(test.p, h.p, P, "p");
    });
  }

  for (const r of binom_ci) {
    it(`intervals of ${r.k} of ${r.n}`, () => {
      assertInterval(statistics.shareInterval(r.k, r.n), r.clopper_pearson, "exact", METRIC);
      assertInterval(statistics.shareInterval(r.k, r.n, { method: "wilson" }), r.wilson, "Wilson", METRIC);
      const corrected = statistics.shareInterval(r.k, r.n, { method: "wilson-corrected" });
      assertInterval(corrected, r.wilson_cc, "corrected", METRIC);
      assertClose(statistics.binomialTest(r.k, r.n).p, r.p_half_exact, P, "p");
    });
  }
});

function assertBinary(y: Labels, p: Scores, r: BinaryReference): void {
  const found = metrics.binaryAt(y, p, r.cut);
  const { tn, fp, fn, tp } = r.confusion;
  const counts = [found.trueNegatives, found.falsePositives, found.falseNegatives, found.truePositives];
  assert.deepEqual(counts, [tn, fp, fn, tp]);
  assertClose(found.accuracy.value, r.accuracy, METRIC, "accuracy");
  assertClose(found.balancedAccuracy, r.balanced_accuracy, METRIC, "balanced accuracy");
  assertClose(found.precision.value, r.precision, METRIC, "precision");
  assertClose(found.sensitivity.value, r.recall, METRIC, "recall");
  assertClose(found.specificity.value, r.specificity, METRIC, "specificity");
  assertClose(found.negativePredictiveValue.value, r.npv, METRIC, "negative predictive value");
  assertClose(found.f, r.f1, METRIC, "F1");
  assertClose(metrics.binaryAt(y, p, r.cut, { beta: 2 }).f, r.f2, METRIC, "F2");
  assertClose(found.kappa, r.kappa, METRIC, "kappa");
  assertClose(found.mcc, r.mcc, METRIC, "MCC");
  // The same from predicted classes.
  const called = new Labels(
    y.ids,
    Array.from(p.values, (value) => (value >= r.cut ? "1" : "0")),
  );
  const byClass = metrics.binary(y, called);
  assert.deepEqual([byClass.f, byClass.mcc, byClass.kappa], [found.f, found.mcc, found.kappa]);
  const matrix = metrics.confusion(y, called);
  assert.deepEqual([...matrix.counts], [tn, fp, fn, tp]);
  assertClose(matrix.kappa, r.kappa, METRIC, "kappa of the matrix");
  assertClose(matrix.mcc, r.mcc, METRIC, "MCC of the matrix");
}

function assertCurves(y: Labels, p: Scores, r: BinaryReference): void {
  assertClose(metrics.areaUnderCurve(y, p), r.auc, METRIC, "area");
  assertClose(metrics.averagePrecision(y, p), r.average_precision, METRIC, "average precision");
  assertClose(metrics.brier(y, p), r.brier, METRIC, "Brier");
  assertClose(metrics.logLoss(y, p), r.log_loss, METRIC, "log loss");
  const curve = metrics.roc(y, p);
  assertAllClose(curve.threshold, r.roc.threshold, METRIC, "threshold");
  assertAllClose(curve.sensitivity, r.roc.tpr, METRIC, "sensitivity");
  assertAllClose(
    curve.specificity.map((value) => 1 - value),
    r.roc.fpr,
    METRIC,
    "1 − specificity",
  );
  const [cut] = metrics.bestCuts(curve);
  assertClose(cut?.score ?? Number.NaN, r.youden.threshold, METRIC, "Youden's cut");
  assertClose(cut?.youden ?? Number.NaN, r.youden.j, METRIC, "Youden's index");
  const pr = metrics.precisionRecall(y, p);
  assertAllClose(pr.precision.slice().reverse(), r.pr_curve.precision, METRIC, "precision");
  assertAllClose(pr.recall.slice().reverse(), r.pr_curve.recall, METRIC, "recall");
  assertAllClose(pr.threshold.slice(1).reverse(), r.pr_curve.threshold, METRIC, "threshold");
  for (const [strategy, expected] of [
    ["uniform", r.calibration_uniform],
    ["quantile", r.calibration_quantile],
  ] as const) {
    const bins = metrics.calibrationCurve(y, p, { strategy });
    assertAllClose(bins.observed, expected.prob_true, METRIC, "observed");
    assertAllClose(bins.predicted, expected.prob_pred, METRIC, "predicted");
  }
  assertClose(metrics.expectedCalibrationError(y, p), r.ece_10_uniform, METRIC, "calibration error");
  const decision = metrics.decisionCurve(y, p, { thresholds: r.net_benefit.threshold });
  // Net benefit is a difference: absolute.
  decision.model.forEach((value, at) => {
    assert.ok(Math.abs(value - (r.net_benefit.model[at] as number)) < METRIC, "net benefit");
    assert.ok(Math.abs((decision.treatAll[at] as number) - (r.net_benefit.treat_all[at] as number)) < METRIC);
  });
  const isotonic = metrics.isotonic(y, p);
  assertAllClose(isotonic.x, r.isotonic_fit_on_same_data.x, METRIC, "x");
  assertAllClose(isotonic.y, r.isotonic_fit_on_same_data.y, METRIC, "y");
}

function assertMulticlass(r: MulticlassReference): void {
  const wine = readInput("wine.csv").numeric(["y", "fold"]);
  const test = wine.column("y").filter((_, row) => wine.column("fold")[row] === 1);
  const y = labelsOf(test);
  const probability = new Probabilities(rowIds(test.length), y.classes, Float64Array.from(r.proba.flat()));
  const predicted = probability.likeliest();
  assert.deepEqual(predicted.values.map(Number), r.pred);
  const found = metrics.confusion(y, predicted);
  assert.deepEqual([...found.counts], r.confusion.flat());
  assertClose(found.accuracy, r.accuracy, METRIC, "accuracy");
  assertClose(found.accuracy, r.f1.micro, METRIC, "micro F1 is the accuracy");
  assertClose(found.balancedAccuracy, r.balanced_accuracy, METRIC, "balanced accuracy");
  assertClose(found.macro.f1, r.f1.macro, METRIC, "macro F1");
  assertClose(found.weighted.f1, r.f1.weighted, METRIC, "weighted F1");
  assertClose(found.macro.precision, r.precision_macro, METRIC, "macro precision");
  assertClose(found.macro.recall, r.recall_macro, METRIC, "macro recall");
  assertClose(found.kappa, r.kappa, METRIC, "kappa");
  assertClose(found.kappaLinear, r.kappa_linear, METRIC, "linear kappa");
  assertClose(found.kappaQuadratic, r.kappa_quadratic, METRIC, "quadratic kappa");
  assertClose(found.mcc, r.mcc, METRIC, "MCC");
  assertClose(metrics.logLoss(y, probability), r.log_loss, METRIC, "log loss");
  for (const against of ["rest", "pairs"] as const) {
    for (const average of ["macro", "weighted"] as const) {
      const key = `${against === "rest" ? "ovr" : "ovo"}_${average}` as const;
      assertClose(metrics.multiclassAuc(y, probability, { against, average }), r.auc[key], METRIC, key);
    }
  }
}

function assertReclassification(
  y: Labels,
  p1: Scores,
  p2: Scores,
  r: ReclassificationReference["two"],
): void {
  const called = (p: Scores): Labels =>
    new Labels(
      y.ids,
      Array.from(p.values, (value) => (value >= r.cut ? "1" : "0")),
    );
  const corrected = metrics.mcnemar(y, called(p1), called(p2));
  assert.equal(corrected.onlySecondRight, r.mcnemar.b_model1_wrong_model2_right);
  assert.equal(corrected.onlyFirstRight, r.mcnemar.c_model1_right_model2_wrong);
  assertClose(corrected.statistic, r.mcnemar.chisq_cc, METRIC, "corrected chi-square");
  assertClose(corrected.p, r.mcnemar.p_cc, P, "corrected p");
  assertClose(corrected.pExact, r.mcnemar.p_exact, P, "exact p");
  const plain = metrics.mcnemar(y, called(p1), called(p2), { correct: false });
  assertClose(plain.statistic, r.mcnemar.chisq, METRIC, "chi-square");
  assertClose(plain.p, r.mcnemar.p, P, "p");

  const continuous = metrics.netReclassification(y, p1, p2);
  assertClose(continuous.nri, r.continuous_nri.nri, METRIC, "NRI");
  assertClose(continuous.standardError, r.continuous_nri.se, METRIC, "error");
  assertClose(continuous.statistic, r.continuous_nri.z, METRIC, "z");
  assertClose(continuous.p, r.continuous_nri.p, P, "p");
  assertClose(continuous.events, r.continuous_nri.nri_events, METRIC, "events");
  assertClose(continuous.nonevents, r.continuous_nri.nri_nonevents, METRIC, "non-events");

  for (const c of r.categorical_nri) {
    const cuts = typeof c.cuts === "number" ? [c.cuts] : c.cuts;
    const found = metrics.netReclassification(y, p1, p2, { cuts });
    const pairs = [
      [found.eventsUp, c.event_up],
      [found.eventsDown, c.event_down],
      [found.noneventsUp, c.nonevent_up],
      [found.noneventsDown, c.nonevent_down],
      [found.nri, c.nri],
      [found.standardError, c.se],
      [found.nullStandardError, c.se_null_pencina2008],
      [found.statistic, c.z],
      [found.nullZ, c.z_null],
    ] as const;
    for (const [actual, expected] of pairs)
      assertClose(actual, expected, METRIC, `NRI at ${cuts.join(", ")}`);
    assertClose(found.p, c.p, P, "p");
    assertClose(found.nullP, c.p_null, P, "p of the null");
  }

  const idi = metrics.integratedDiscrimination(y, p1, p2);
  assertClose(idi.idi, r.idi.idi, METRIC, "IDI");
  assertClose(idi.standardError, r.idi.se, METRIC, "error");
  assertClose(idi.statistic, r.idi.z, METRIC, "z");
  assertClose(idi.p, r.idi.p, P, "p");
  assertClose(idi.sensitivity, r.idi.improveSens, METRIC, "sensitivity");
  assertClose(idi.specificity, r.idi.improveSpec, METRIC, "specificity");
}
