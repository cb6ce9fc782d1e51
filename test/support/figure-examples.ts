/** One of each figure, of seeded patients: what the tests of figures look at, and the notebook that shows all of them. */
import { adjustedCurves } from "../../src/model/adjusted-curves.js";
import { coefficientTrends } from "../../src/model/coefficient-trend.js";
import { cox } from "../../src/model/cox.js";
import { coxSurvival } from "../../src/model/cox-survival.js";
import { cumulativeIncidence } from "../../src/model/cumulative-incidence.js";
import { grayTest } from "../../src/model/gray-test.js";
import { indicators } from "../../src/model/indicators.js";
import { kaplanMeier } from "../../src/model/kaplan-meier.js";
import { logistic } from "../../src/model/logistic.js";
import { confusion } from "../../src/model/metrics/confusion.js";
import { selectCut } from "../../src/model/select-cut.js";
import { blandAltman } from "../../src/model/statistics/bland-altman.js";
import { screen } from "../../src/model/statistics/screen.js";
import { survivalCalibration } from "../../src/model/survival-calibration.js";
import { timeDependentAuc } from "../../src/model/time-dependent-auc.js";
import type { Figure } from "../../src/plot/figure.js";
import * as plot from "../../src/plot/index.js";
import { explanationExamples } from "./explanation-examples.js";
import {
  both,
  cause,
  chosen,
  clinical,
  features,
  follow,
  grade,
  grown,
  learning,
  many,
  net,
  outcome,
  predicted,
  radiomics,
  readerB,
  relapseFree,
  risk,
  stage,
  times,
} from "./figure-patients.js";
import { kaplanMeierExamples } from "./kaplan-meier-examples.js";

export {
  cause,
  clinical,
  explanation,
  features,
  follow,
  graded,
  ids,
  outcome,
  predicted,
  radiomics,
  readerB,
} from "./figure-patients.js";

/** By name, each made when it is asked for. */
export const examples: Readonly<Record<string, () => Figure>> = {
  ...explanationExamples,
  roc: () => plot.roc(both, { title: "Relapse within two years" }),
  "one-roc": () => plot.roc(both.Radiomics),
  "precision-recall": () => plot.precisionRecall(both),
  calibration: () => plot.calibration(both.Radiomics, { title: "Calibration" }),
  "calibration-two": () => plot.calibration(both, { groups: 6 }),
  "survival-calibration": () =>
    plot.survivalCalibration(survivalCalibration(follow, coxSurvival(cox().fit(chosen, follow), chosen), 24)),
  "decision-curve": () => plot.decisionCurve(both, { range: [0.05, 0.8] }),
  correlation: () => plot.correlation(features),
  "correlation-large": () => plot.correlation(many, { method: "pearson" }),
  confusion: () => plot.confusion(confusion(outcome, predicted)),
  "confusion-long": () => plot.confusion(confusion(stage, grown), { title: "Histology" }),
  "bland-altman": () =>
    plot.blandAltman(blandAltman(features.column("Volume"), readerB), { unit: "mL", title: "Two readers" }),
  volcano: () => plot.volcano(screen(many, outcome), outcome),
  ...kaplanMeierExamples(follow, risk, relapseFree),
  "cumulative-incidence": () =>
    plot.cumulativeIncidence(cumulativeIncidence(follow, cause, { by: risk }), {
      p: grayTest(follow, cause, risk),
    }),
  "time-dependent-auc": () =>
    plot.timeDependentAuc({
      Radiomics: timeDependentAuc(follow, radiomics, times),
      Clinical: timeDependentAuc(follow, clinical, times),
    }),
  "learning-curve": () => plot.learningCurve(learning),
  histogram: () => plot.histogram(features, "Volume"),
  "histogram-by": () => plot.histogram(features, "Volume", { by: outcome, title: "Volume by outcome" }),
  violin: () => plot.violin(features, "Volume", outcome),
  upset: () =>
    plot.upset({
      mRMR: features.names.slice(0, 6),
      Lasso: ["Volume", "Contrast", "Age", "Minor axis length"],
      "ICC above 0.9": features.names.filter((_, j) => j % 2 === 0),
    }),
  "nomogram-cox": () => plot.nomogram(cox().fit(chosen, follow), chosen, { at: [12, 36], title: "Survival" }),
  "nomogram-logistic": () => plot.nomogram(logistic().fit(chosen, outcome), chosen),
  forest: () => plot.forest(cox().fit(chosen, follow)),
  "forest-groups": () =>
    plot.forest(cox().fit(chosen.join(indicators(grade)), follow), {
      groups: [grade],
      title: "Overall survival",
    }),
  schoenfeld: () =>
    plot.schoenfeld(coefficientTrends(cox().fit(chosen, follow)), { title: "Proportional hazards" }),
  "cox-residuals": () => plot.coxResiduals(cox().fit(chosen, follow)),
  "cox-influence": () => plot.coxResiduals(cox().fit(chosen, follow), { kind: "dfbetas" }),
  "functional-form": () => plot.functionalForm(follow, features.select(["Volume", "Joint entropy"])),
  "adjusted-curves": () =>
    plot.adjustedCurves(
      adjustedCurves(cox().fit(chosen.join(indicators(risk)), follow), { by: "risk: high" }),
      { labels: { "risk: high 0": "low risk", "risk: high 1": "high risk" } },
    ),
  "cut-point": () => plot.cutPoint(selectCut(features.scores("Volume"), follow), features.scores("Volume")),
  "event-times": () => plot.eventTimes(follow),
  "event-times-cumulative": () => plot.eventTimes(follow, { show: "cumulative" }),
  "event-times-fraction": () => plot.eventTimes(follow, { show: "fraction", title: "Who left how" }),
  "survival-facets": () => plot.survivalFacets(follow, outcome, { by: risk, title: "By outcome" }),
  grid: () =>
    plot.grid([plot.kaplanMeier(kaplanMeier(follow, { by: risk })), plot.forest(cox().fit(chosen, follow))]),
  "coefficient-path": () => plot.coefficientPath(net),
  "cross-validation": () => plot.crossValidation(net),
};
