/** Figures of survival curves, of the seeded patients of figure-examples.ts. */
import { indicators } from "../../src/model/indicators.js";
import { kaplanMeier } from "../../src/model/kaplan-meier.js";
import { logRank } from "../../src/model/log-rank.js";
import { parametricSurvival } from "../../src/model/parametric-survival.js";
import type { Figure } from "../../src/plot/figure.js";
import * as plot from "../../src/plot/index.js";
import type { Labels } from "../../src/table/labels.js";
import type { SurvivalData } from "../../src/table/survival-data.js";

/** By name, each made when it is asked for. */
export const kaplanMeierExamples = (
  follow: SurvivalData,
  risk: Labels,
  relapseFree: SurvivalData,
): Readonly<Record<string, () => Figure>> => ({
  "kaplan-meier": () =>
    plot.kaplanMeier(kaplanMeier(follow, { by: risk }), {
      p: logRank(follow, risk),
      cumulativeEvents: true,
      cumulativeCensored: true,
      legendTitle: "Risk",
    }),
  "kaplan-meier-events": () =>
    plot.kaplanMeier(kaplanMeier(follow, { by: risk }), {
      show: "events",
      p: logRank(follow, risk),
      until: 40,
    }),
  "kaplan-meier-hazard": () => plot.kaplanMeier(kaplanMeier(follow), { show: "hazard" }),
  "kaplan-meier-log-log": () =>
    plot.kaplanMeier(kaplanMeier(follow, { by: risk }), { show: "log-log", censorMarks: false, band: false }),
  "kaplan-meier-for-print": () =>
    plot.kaplanMeier(kaplanMeier(follow, { by: risk, overall: true }), {
      atRisk: "count and percent",
      band: "lines",
      censorBars: true,
      censorMarks: "tick",
      dashes: true,
      guide: { time: 2, lines: "horizontal" },
      labels: { low: "Low risk", high: "High risk", all: "Everybody" },
      legend: "right",
      p: logRank(follow, risk),
      pAt: [0.2, 0.1],
      percent: true,
      timeStep: 0.5,
      timeUnit: "years",
    }),
  "kaplan-meier-combined": () =>
    plot.kaplanMeier(
      {
        "Relapse-free": kaplanMeier(relapseFree, { by: risk }),
        Overall: kaplanMeier(follow, { by: risk }),
      },
      { atRisk: "with events", bandOpacity: 0.08, until: 36, title: "Two endpoints on one axis" },
    ),
  "kaplan-meier-parametric": () =>
    plot.kaplanMeier(kaplanMeier(follow, { by: risk }), {
      parametric: parametricSurvival().fit(indicators(risk), follow),
      p: logRank(follow, risk),
      legendTitle: "Risk",
      until: 72,
    }),
  "kaplan-meier-parametric-log-log": () =>
    plot.kaplanMeier(kaplanMeier(follow, { by: risk }), {
      parametric: parametricSurvival().fit(indicators(risk), follow),
      show: "log-log",
      censorMarks: false,
      atRisk: false,
    }),
  "kaplan-meier-inside": () =>
    plot.kaplanMeier(kaplanMeier(follow, { by: risk }), {
      atRiskInside: true,
      cumulativeEvents: true,
      censorBars: true,
      legendTitle: "Risk",
      p: logRank(follow, risk),
    }),
  "kaplan-meier-inside-range": () =>
    plot.kaplanMeier(kaplanMeier(follow), { atRiskInside: true, range: [0.35, 1], percent: true }),
});
