/** One of each figure, of seeded patients: what the tests of figures look at, and the notebook that shows all of them. */
import { randomStream } from "../../src/core/random.js";
import { Explanation } from "../../src/explain/explanation.js";
import { groupDifference } from "../../src/explain/group-difference.js";
import { pairs } from "../../src/explain/pairs.js";
import { partialDependence } from "../../src/explain/partial.js";
import { treeInteractions } from "../../src/explain/tree.js";
import { adjustedCurves } from "../../src/model/adjusted-curves.js";
import { histogramBoosting } from "../../src/model/classification/boost-histogram.js";
import type { BoostingModel } from "../../src/model/classification/boost-model.js";
import { coefficientTrends } from "../../src/model/coefficient-trend.js";
import { cox } from "../../src/model/cox.js";
import { coxSurvival } from "../../src/model/cox-survival.js";
import { coxnet } from "../../src/model/coxnet.js";
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
import type { LearningCurve } from "../../src/model/validation/learning-curve.js";
import type { Figure } from "../../src/plot/figure.js";
import * as plot from "../../src/plot/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { Scores } from "../../src/table/scores.js";
import { SurvivalData } from "../../src/table/survival-data.js";
import { kaplanMeierExamples } from "./kaplan-meier-examples.js";

const random = randomStream("figures");

export const ids: readonly string[] = Array.from(
  { length: 120 },
  (_, i) => `P${String(i + 1).padStart(3, "0")}`,
);
/** What everything of a patient depends on. */
const hidden: readonly number[] = ids.map(() => random.normal());

/** A score that knows the hidden cause, the less the more noise. */
function scoreOf(name: string, noise: number): Scores {
  const values = hidden.map((cause) => 1 / (1 + Math.exp(-(cause + noise * random.normal() - 0.5))));
  return new Scores(ids, Float64Array.from(values), name);
}

export const outcome: Labels = new Labels(
  ids,
  hidden.map((cause) => (random.uniform() < 1 / (1 + Math.exp(-(1.6 * cause - 0.5))) ? "relapse" : "none")),
  { classes: ["none", "relapse"], name: "outcome" },
);
export const radiomics: Scores = scoreOf("Radiomics", 0.4);
export const clinical: Scores = scoreOf("Clinical", 1.5);

/** Name, unit, and what makes of a drawn value (about 10, 20, 30 … with a deviation of 3 to 6) one that the feature can have. */
const FEATURES: readonly (readonly [name: string, unit: string, toValue: (drawn: number) => number])[] = [
  ["Volume", "mL", (drawn) => drawn],
  ["Minor axis length", "mm", (drawn) => drawn],
  ["Joint entropy", "", (drawn) => 8 + (drawn - 31) / 4],
  ["Run length non-uniformity", "", (drawn) => 20 * drawn],
  ["90th percentile", "HU", (drawn) => 40 + 4 * (drawn - 50)],
  ["Zone variance", "", (drawn) => 10 * drawn],
  ["Contrast", "", (drawn) => drawn],
  ["Coarseness", "", (drawn) => drawn / 10_000],
  ["Age", "years", (drawn) => 66 + 0.9 * (drawn - 90)],
];

/** Values that follow the hidden cause less and less; neighbours resemble one another. */
const drawn: readonly Float64Array[] = FEATURES.map((_, j) =>
  Float64Array.from(
    hidden,
    (cause, i) =>
      10 * (j + 1) +
      (j % 3 === 1 ? -1 : 1) * cause * (3 - j / 3) +
      (1 + j / 2) * random.normal() +
      ((i * 7) % 5) * (j % 2),
  ),
);

export const features: FeatureTable = new FeatureTable(
  ids,
  FEATURES.map(([name, unit, toValue], j) => ({ name, unit, values: drawn[j].map(toValue) })),
);

/** Nobody is followed for more than five years. */
const deaths = hidden.map((cause) => -30 * Math.exp(-0.9 * cause) * Math.log(random.uniform()));
export const follow: SurvivalData = new SurvivalData(
  ids,
  deaths.map((death) => Math.round(10 * Math.min(60, death) + 1) / 10),
  hidden.map((cause, i) => random.uniform() < 0.75 + 0.05 * Math.sign(cause) && deaths[i] < 60),
  "months",
);

const net = coxnet({ folds: 5, seed: 7 }).fit(features, follow);

/** Of a model with an interaction: age matters more where volume is large. One value is missing. */
export const explanation: Explanation = (() => {
  const p = FEATURES.length;
  const data = features.toMatrix();
  data[5 * p + 2] = Number.NaN;
  const means = drawn.map((values) => values.reduce((sum, value) => sum + value, 0) / ids.length);
  const values = Float64Array.from(data, (value, at) => {
    const [i, j] = [Math.floor(at / p), at % p];
    const own = (Number.isNaN(value) ? 0 : drawn[j][i] - means[j]) / (j + 1);
    const sign = j === 8 ? Math.sign(drawn[0][i] - means[0]) : j % 3 === 1 ? -1 : 1;
    return 0.4 * own * sign * (1 - j / 10);
  });
  return new Explanation({
    ids,
    features: FEATURES.map(([name, unit]) => ({ name, unit })),
    values,
    data,
    base: 0.2,
    outputUnit: "log hazard",
  });
})();

/** The same with grades of the minor axis, in log odds, in the order of time with a shift. */
export const graded: Explanation = (() => {
  const p = FEATURES.length;
  const { data, values } = explanation;
  return new Explanation({
    ids,
    features: explanation.features,
    values: values.map((value, at) => (at % p === 3 && at > (p * ids.length) / 2 ? value + 0.5 : value)),
    data: data.map((value, at) => (at % p === 1 ? Math.round((value - 20) / 4) : value)),
    base: -0.4,
    outputUnit: "log odds of relapse",
  });
})();

/** Of each class of three, which share the features out differently. */
const byClass: Readonly<Record<string, Explanation>> = Object.fromEntries(
  ["adenocarcinoma", "squamous cell carcinoma", "large cell carcinoma"].map((name, c) => [
    name,
    new Explanation({
      ...explanation,
      values: explanation.values.map((value, at) => 0.2 * value * (1 + Math.cos((at % FEATURES.length) + c))),
      base: 0.3,
      outputUnit: `probability of ${name}`,
    }),
  ]),
);

/** The same before they become probabilities. */
const byClassInLogOdds: Readonly<Record<string, Explanation>> = Object.fromEntries(
  Object.entries(byClass).map(([name, one], c) => [
    name,
    new Explanation({
      ...one,
      values: one.values.map((value) => 3 * value),
      base: c - 1.5,
      outputUnit: `log odds of ${name}`,
    }),
  ]),
);

const both = {
  Radiomics: { y: outcome, score: radiomics },
  Clinical: { y: outcome, score: clinical },
};

export const predicted: Labels = new Labels(
  ids,
  Array.from(radiomics.values, (value) => (value > 0.5 ? "relapse" : "none")),
  { classes: ["none", "relapse"], name: "predicted" },
);
const HISTOLOGY = ["adenocarcinoma", "squamous cell carcinoma", "large cell carcinoma"] as const;
const stage = new Labels(
  ids,
  Array.from(ids, (_, i) => HISTOLOGY[(i * i) % 3]),
  { classes: HISTOLOGY, name: "histology" },
);
const grade = new Labels(
  ids,
  ids.map((_, i) => ["I", "II", "III"][(i * 7) % 3]),
  { classes: ["I", "II", "III"], name: "grade" },
);
const grown = new Labels(
  ids,
  Array.from(ids, (_, i) => HISTOLOGY[i % 5 === 0 ? (i + 1) % 3 : (i * i) % 3]),
  {
    classes: HISTOLOGY,
    name: "predicted",
  },
);
export const readerB: Float64Array = features
  .column("Volume")
  .map((value) => 1.02 * value + 0.3 + 0.8 * random.normal());

/** Sixty features in families: those of one family resemble one another. */
const many = new FeatureTable(
  ids,
  Array.from({ length: 60 }, (_, j) => ({
    name: `Texture feature ${j + 1}`,
    unit: "",
    values: Float64Array.from(
      hidden,
      (cause, i) => cause * Math.sin(j % 7) + Math.cos(i * (1 + (j % 5))) + 0.6 * random.normal(),
    ),
  })),
);

const risk = new Labels(
  ids,
  Array.from(radiomics.values, (value) => (value > 0.45 ? "high" : "low")),
  {
    classes: ["low", "high"],
    name: "risk",
  },
);
/** Kind of each patient's event, and of the censored. */
export const cause: Labels = new Labels(
  ids,
  Array.from(ids, (_, i) => (follow.event[i] === 0 ? "none" : i % 3 === 0 ? "other death" : "relapse")),
  { name: "cause" },
);
const times = [6, 12, 18, 24, 36] as const;
/** Relapse comes before death. */
const relapseFree = new SurvivalData(
  ids,
  follow.time.map((time, i) => time * (0.4 + ((i * 7) % 10) / 20)),
  follow.event.map((event, i) => (event === 1 || i % 4 === 0 ? 1 : 0)),
  "months",
);

/** As a repeated cross-validation of growing training parts would find it. */
const learning: LearningCurve = {
  metric: "auc",
  method: "5-fold cross-validation",
  sentence: "More patients still help.",
  points: [20, 40, 60, 80, 96].map((size) => ({
    size,
    training: 0.8 + 2 / size,
    held: {
      value: 0.82 - 2.4 / size,
      interval: { lower: 0.74 - 3 / size, upper: 0.9 - 2 / size, confidence: 0.95 },
    },
  })),
};

const chosen = features.select(["Volume", "Minor axis length", "Age"]);
/** Trees, whose pairs of features can be told apart. */
const boosted = (): BoostingModel =>
  histogramBoosting({ rounds: 30, learningRate: 0.1 }).fit(chosen, outcome);

/** By name, each made when it is asked for. */
export const examples: Readonly<Record<string, () => Figure>> = {
  roc: () => plot.roc(both, { title: "Relapse within two years" }),
  "one-roc": () => plot.roc(both.Radiomics),
  "precision-recall": () => plot.precisionRecall(both),
  calibration: () => plot.calibration(both.Radiomics, { title: "Calibration" }),
  "calibration-two": () => plot.calibration(both, { groups: 6 }),
  "survival-calibration": () =>
    plot.survivalCalibration(survivalCalibration(follow, coxSurvival(cox().fit(chosen, follow), chosen), 24)),
  "decision-curve": () => plot.decisionCurve(both, { range: [0.05, 0.8] }),
  "shap-bar": () => plot.shapBar(explanation, { top: 6 }),
  "shap-bar-by": () => plot.shapBar(explanation, { top: 6, by: outcome, title: "By outcome" }),
  waterfall: () => plot.waterfall(explanation, "P003", { top: 6 }),
  dependence: () => plot.dependence(explanation, "Age"),
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
  force: () => plot.force(explanation, "P003"),
  "force-logit": () => plot.force(graded, "P004", { link: "logit" }),
  "force-stack": () => plot.forceStack(explanation, { top: 6 }),
  "force-stack-feature": () =>
    plot.forceStack(graded, { top: 4, patients: { feature: "Volume" }, link: "logit", title: "By volume" }),
  "waterfall-log": () => plot.waterfall(explanation, "P010", { link: "log", top: 5 }),
  "shap-bar-patient": () => plot.shapBar(explanation, { patient: "P003", top: 6 }),
  "shap-bar-classes": () => plot.shapBar(byClass, { top: 6 }),
  "shap-bar-cluster": () => plot.shapBar(explanation, { cluster: 0.6, top: 9 }),
  "shap-decision": () => plot.shapDecision(explanation, { top: 8 }),
  "shap-decision-truth": () =>
    plot.shapDecision(graded, { truth: outcome, link: "logit", title: "On the wrong side" }),
  "shap-decision-one": () => plot.shapDecision(graded, { ids: ["P004"], base: 0 }),
  "shap-decision-similarity": () =>
    plot.shapDecision(explanation, { order: "similarity", ids: ["P003", "P010", "P040"], legend: true }),
  "shap-decision-classes": () =>
    plot.shapDecision(byClassInLogOdds, {
      patient: "P010",
      highlight: ["large cell carcinoma"],
      link: "logit",
    }),
  "shap-violin": () => plot.shapViolin(explanation, { top: 6 }),
  "shap-layered-violin": () => plot.shapViolin(explanation, { top: 6, layered: true }),
  "shap-embedding": () => plot.shapEmbedding(explanation),
  "shap-embedding-feature": () => plot.shapEmbedding(explanation, { color: "Age", of: "value" }),
  "shap-group-difference": () =>
    plot.groupDifference(groupDifference(explanation, outcome, { seed: 1 }), { top: 6 }),
  "shap-monitoring": () => plot.shapMonitoring(graded, "Run length non-uniformity", { step: 20 }),
  "shap-interactions": () => plot.shapInteractions(treeInteractions(boosted(), chosen), chosen),
  "shap-beeswarm-pairs": () => plot.beeswarm(pairs(treeInteractions(boosted(), chosen))),
  "shap-beeswarm-log": () => plot.beeswarm(explanation, { order: "largest", top: 4, rest: false, log: true }),
  "shap-heatmap-feature": () => plot.shapHeatmap(explanation, { top: 5, patients: { feature: "Age" } }),
  "dependence-graded": () => plot.dependence(graded, "Minor axis length"),
  "dependence-missing": () => plot.dependence(explanation, "Joint entropy", { color: null, opacity: 0.5 }),
  "dependence-panels": () => plot.dependence(explanation, ["Volume", "Age"], { color: outcome }),
  "dependence-overlay": () =>
    plot.dependence(explanation, "Volume", {
      color: null,
      dotSize: 5,
      overlay: {
        "Straight line": [
          [4, 16],
          [-2.4, 2.4],
        ],
        "Published model": [
          [4, 8, 12, 16],
          [-1.5, -1, 0.5, 2],
        ],
      },
    }),
  "interaction-dependence": () =>
    plot.interactionDependence(treeInteractions(boosted(), chosen), chosen, ["Volume", "Age"]),
  "interaction-dependence-alone": () =>
    plot.interactionDependence(treeInteractions(boosted(), chosen), chosen, ["Volume", "Volume"], {
      color: outcome,
    }),
  "partial-dependence": () =>
    plot.partialDependence(partialDependence(boosted(), chosen, "Volume"), { patient: "P003" }),
  "shap-heatmap": () => plot.shapHeatmap(explanation, { top: 6 }),
  "shap-beeswarm": () => plot.beeswarm(explanation, { top: 6 }),
  "shap-beeswarm-cluster": () => plot.beeswarm(explanation, { cluster: 0.62, top: 7 }),
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
  "survival-facets": () => plot.survivalFacets(follow, outcome, { by: risk, title: "By outcome" }),
  grid: () =>
    plot.grid([plot.kaplanMeier(kaplanMeier(follow, { by: risk })), plot.forest(cox().fit(chosen, follow))]),
  "coefficient-path": () => plot.coefficientPath(net),
  "cross-validation": () => plot.crossValidation(net),
};
