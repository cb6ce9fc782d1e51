/** What the gallery shows: one picture for each kind of figure and for the scan view, what it says, and the call that makes it. */
import type { FigureKind } from "../../src/plot/mime.js";

export interface GalleryEntry {
  /** "volume" is the scan view. */
  readonly kind: FigureKind | "volume";
  /** Name of the picture: a figure of test/support/figure-examples.ts, or a scan of scans.ts. */
  readonly picture: string;
  readonly says: string;
  /** A cell of a notebook. */
  readonly call: string;
}

export interface GalleryPart {
  readonly title: string;
  readonly entries: readonly GalleryEntry[];
}

const entry = (kind: GalleryEntry["kind"], picture: string, says: string, call: string): GalleryEntry => ({
  kind,
  picture,
  says,
  call,
});

export const GALLERY: readonly GalleryPart[] = [
  {
    title: "Scans",
    entries: [
      entry(
        "volume",
        "scan",
        "A CT in three planes, with the outline of the tumor; live in JupyterLab, this picture elsewhere.",
        'plot.volume(ct, { overlay: gtv, window: "lung", center: gtv.centroidMm })',
      ),
      entry(
        "volume",
        "scan-heat",
        "Colored values over the scan: a feature map, a dose, another modality, a saliency map.",
        "plot.volume(ct, { overlay: gtv, heat: { map, within: gtv } })",
      ),
    ],
  },
  {
    title: "Survival",
    entries: [
      entry(
        "kaplan-meier",
        "kaplan-meier",
        "Survival of groups with interval, censored patients, numbers at risk, medians and p.",
        "plot.kaplanMeier(model.kaplanMeier(os, { by: risk }), { p: model.logRank(os, risk) })",
      ),
      entry(
        "kaplan-meier",
        "kaplan-meier-parametric",
        "A parametric model over the steps, beyond the follow-up too.",
        "plot.kaplanMeier(model.kaplanMeier(os, { by: risk }), { parametric: model.parametricSurvival().fit(model.indicators(risk), os), until: 72 })",
      ),
      entry(
        "kaplan-meier",
        "kaplan-meier-inside",
        "Numbers at risk inside the axes, events and censored under them.",
        "plot.kaplanMeier(model.kaplanMeier(os, { by: risk }), { atRiskInside: true, cumulativeEvents: true, censorBars: true })",
      ),
      entry(
        "cumulative-incidence",
        "cumulative-incidence",
        "How many have had each of several events.",
        "plot.cumulativeIncidence(model.cumulativeIncidence(os, cause, { by: risk }))",
      ),
      entry("forest", "forest", "Hazard ratios of a Cox model with their intervals.", "plot.forest(cox)"),
      entry(
        "nomogram",
        "nomogram-cox",
        "Points of each value, and the survival that their sum predicts.",
        "plot.nomogram(cox, x, { at: [12, 36] })",
      ),
      entry(
        "time-dependent-auc",
        "time-dependent-auc",
        "How well a score tells at each time who has had the event.",
        "plot.timeDependentAuc(model.timeDependentAuc(os, score, [6, 12, 24]))",
      ),
      entry(
        "adjusted-curves",
        "adjusted-curves",
        "Survival of groups as if both had the same patients otherwise.",
        'plot.adjustedCurves(model.adjustedCurves(model.cox().fit(x.join(model.indicators(risk)), os), { by: "risk: high" }))',
      ),
      entry(
        "schoenfeld",
        "schoenfeld",
        "Whether hazard ratios stay the same over time.",
        "plot.schoenfeld(model.coefficientTrends(cox))",
      ),
      entry(
        "cox-residuals",
        "cox-residuals",
        "Patients whom a Cox model explains badly.",
        "plot.coxResiduals(cox)",
      ),
      entry(
        "functional-form",
        "functional-form",
        "Whether a feature acts along a straight line.",
        'plot.functionalForm(os, x.select(["Volume", "Joint entropy"]))',
      ),
      entry(
        "cut-point",
        "cut-point",
        "Where a feature parts patients best, and how sure that is.",
        'plot.cutPoint(model.selectCut(x.scores("Volume"), os), x.scores("Volume"))',
      ),
      entry("event-times", "event-times", "When events and censoring happened.", "plot.eventTimes(os)"),
      entry(
        "event-times",
        "event-times-cumulative",
        "How many have had the event or were censored so far.",
        'plot.eventTimes(os, { show: "cumulative" })',
      ),
      entry(
        "grid",
        "grid",
        "Several figures in one, for print.",
        "plot.grid([plot.kaplanMeier(model.kaplanMeier(os, { by: risk })), plot.forest(cox)])",
      ),
    ],
  },
  {
    title: "Classifiers and validation",
    entries: [
      entry(
        "roc",
        "roc",
        "ROC curves with bands and areas with intervals.",
        "plot.roc({ y: outcome, score })",
      ),
      entry(
        "precision-recall",
        "precision-recall",
        "Precision against recall, for rare outcomes.",
        "plot.precisionRecall({ y: outcome, score })",
      ),
      entry(
        "calibration",
        "calibration",
        "Whether predicted risks are true.",
        "plot.calibration({ y: outcome, score })",
      ),
      entry(
        "decision-curve",
        "decision-curve",
        "Net benefit of acting on a model.",
        "plot.decisionCurve({ y: outcome, score })",
      ),
      entry(
        "confusion-matrix",
        "confusion",
        "Who was taken for what.",
        "plot.confusion(model.metrics.confusion(outcome, guess))",
      ),
      entry(
        "learning-curve",
        "learning-curve",
        "Whether more patients would help.",
        "plot.learningCurve(await model.learningCurve(train.x, train.y, model.logistic(), { seed: 7 }))",
      ),
      entry(
        "coefficient-path",
        "coefficient-path",
        "Coefficients as the penalty falls.",
        "plot.coefficientPath(net)",
      ),
      entry(
        "cross-validation",
        "cross-validation",
        "Which penalty predicts best.",
        "plot.crossValidation(net)",
      ),
    ],
  },
  {
    title: "Features",
    entries: [
      entry(
        "histogram",
        "histogram-by",
        "How a feature is distributed in groups.",
        'plot.histogram(x, "Volume", { by: outcome })',
      ),
      entry("violin", "violin", "Densities and quartiles in groups.", 'plot.violin(x, "Volume", outcome)'),
      entry(
        "correlation",
        "correlation",
        "Which features say the same, with their tree.",
        "plot.correlation(x)",
      ),
      entry(
        "volcano",
        "volcano",
        "Effect and p of every feature.",
        "plot.volcano(model.statistics.screen(x, outcome), outcome)",
      ),
      entry(
        "bland-altman",
        "bland-altman",
        "Whether two readers agree.",
        'plot.blandAltman(model.statistics.blandAltman(x.column("Volume"), again), { unit: "mL" })',
      ),
      entry(
        "upset",
        "upset",
        "Which features several methods chose together.",
        'plot.upset({ Lasso: ["Volume", "Age"], mRMR: ["Volume", "Entropy"] })',
      ),
    ],
  },
  {
    title: "Explanations",
    entries: [
      entry(
        "shap-beeswarm",
        "shap-beeswarm",
        "SHAP values of all patients, a dot each; color is the feature's value.",
        "plot.beeswarm(explanation, { top: 6 })",
      ),
      entry(
        "shap-beeswarm",
        "shap-beeswarm-cluster",
        "The same, with features that say the same beside each other.",
        "plot.beeswarm(explanation, { cluster: 0.62, top: 7 })",
      ),
      entry(
        "shap-bar",
        "shap-bar",
        "How much each feature matters.",
        "plot.shapBar(explanation, { top: 6 })",
      ),
      entry(
        "shap-bar",
        "shap-bar-by",
        "The same in groups of patients.",
        "plot.shapBar(explanation, { by: outcome })",
      ),
      entry(
        "shap-bar",
        "shap-bar-patient",
        "What moved the answer for one patient.",
        'plot.shapBar(explanation, { patient: "P003" })',
      ),
      entry(
        "shap-bar",
        "shap-bar-classes",
        "Several classes, end to end.",
        'plot.shapBar({ "stage I": forStageI, "stage II": forStageII })',
      ),
      entry(
        "shap-bar",
        "shap-bar-cluster",
        "Features that say the same, beside each other.",
        "plot.shapBar(explanation, { cluster: 0.6 })",
      ),
      entry(
        "shap-waterfall",
        "waterfall",
        "From the base to one patient's answer.",
        'plot.waterfall(explanation, "P003")',
      ),
      entry("shap-force", "force", "The same on one line.", 'plot.force(explanation, "P003")'),
      entry(
        "shap-force-stack",
        "force-stack",
        "Forces of all patients side by side, alike ones together.",
        "plot.forceStack(explanation, { top: 6 })",
      ),
      entry(
        "shap-decision",
        "shap-decision-truth",
        "How answers grow, feature by feature, as probabilities; dashed are those on the wrong side.",
        'plot.shapDecision(explanation, { truth: outcome, link: "logit" })',
      ),
      entry(
        "shap-decision",
        "shap-decision-classes",
        "One patient's answers for all classes, from one base.",
        'plot.shapDecision({ "stage I": forStageI, "stage II": forStageII }, { patient: "P010" })',
      ),
      entry(
        "shap-heatmap",
        "shap-heatmap",
        "SHAP values of all patients, alike ones beside each other.",
        "plot.shapHeatmap(explanation, { top: 6 })",
      ),
      entry(
        "shap-violin",
        "shap-violin",
        "Where patients are many; color is the mean feature value there.",
        "plot.shapViolin(explanation, { top: 6 })",
      ),
      entry(
        "shap-layered-violin",
        "shap-layered-violin",
        "One layer for patients of like feature value.",
        "plot.shapViolin(explanation, { top: 6, layered: true })",
      ),
      entry(
        "shap-dependence",
        "dependence",
        "A feature's SHAP value against its value; color is the feature that it goes with.",
        'plot.dependence(explanation, "Age")',
      ),
      entry(
        "shap-dependence",
        "dependence-panels",
        "Several features on one scale, colored by groups.",
        'plot.dependence(explanation, ["Volume", "Age"], { color: outcome })',
      ),
      entry(
        "shap-dependence",
        "interaction-dependence",
        "What two features do together.",
        'plot.interactionDependence(explain.treeInteractions(trees, x), x, ["Volume", "Age"])',
      ),
      entry(
        "partial-dependence",
        "partial-dependence",
        "What the model would say if one feature were another; a line for each patient.",
        'plot.partialDependence(explain.partialDependence(fitted, x, "Volume"), { patient: "P003" })',
      ),
      entry(
        "partial-dependence",
        "partial-dependence-pair",
        "The same for two features at once: lines of equal answer, and a dot for each patient.",
        'plot.partialDependence(explain.partialDependence(fitted, x, ["Volume", "Age"]), { patient: "P010" })',
      ),
      entry(
        "shap-interactions",
        "shap-interactions",
        "What features do alone and in pairs.",
        "plot.shapInteractions(explain.treeInteractions(trees, x), x)",
      ),
      entry(
        "shap-embedding",
        "shap-embedding",
        "Who is explained alike lies close together.",
        "plot.shapEmbedding(explanation)",
      ),
      entry(
        "shap-group-difference",
        "shap-group-difference",
        "Why a model answers differently for two groups.",
        "plot.groupDifference(explain.groupDifference(explanation, outcome))",
      ),
      entry(
        "shap-monitoring",
        "shap-monitoring",
        "Where in time a feature began to matter differently.",
        'plot.shapMonitoring(explanation, "Age", { step: 20 })',
      ),
    ],
  },
];
