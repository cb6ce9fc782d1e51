/** One of each figure of explanations. */
import { groupDifference } from "../../src/explain/group-difference.js";
import { pairs } from "../../src/explain/pairs.js";
import { partialDependence } from "../../src/explain/partial.js";
import { tree, treeInteractions } from "../../src/explain/tree.js";
import type { Figure } from "../../src/plot/figure.js";
import * as plot from "../../src/plot/index.js";
import {
  boosted,
  byClass,
  byClassInLogOdds,
  chosen,
  explanation,
  graded,
  outcome,
} from "./figure-patients.js";

/** By name, each made when it is asked for. */
export const explanationExamples: Readonly<Record<string, () => Figure>> = {
  "shap-bar": () => plot.shapBar(explanation, { top: 6 }),
  "shap-bar-by": () => plot.shapBar(explanation, { top: 6, by: outcome, title: "By outcome" }),
  waterfall: () => plot.waterfall(explanation, "P003", { top: 6 }),
  dependence: () => plot.dependence(explanation, "Age"),
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
  "partial-dependence-shap": () => {
    const fitted = boosted();
    return plot.partialDependence(partialDependence(fitted, chosen, "Volume"), {
      patient: "P003",
      shap: tree(fitted, chosen, { background: chosen, scale: "probability" }),
    });
  },
  "partial-dependence-pair": () =>
    plot.partialDependence(partialDependence(boosted(), chosen, ["Volume", "Age"]), { patient: "P010" }),
  "shap-heatmap": () => plot.shapHeatmap(explanation, { top: 6 }),
  "shap-beeswarm": () => plot.beeswarm(explanation, { top: 6 }),
  "shap-beeswarm-cluster": () => plot.beeswarm(explanation, { cluster: 0.62, top: 7 }),
};
