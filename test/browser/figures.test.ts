/** Every figure of a notebook: drawn in JupyterLab, light and dark, answers the pointer, and stays in HTML and PDF. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Locator } from "playwright-core";
import { useDesk } from "./desk.js";
import { pythonPath } from "./lab.js";

const DATA = `import { explain, FeatureTable, Labels, model, plot, Scores, SurvivalData } from "radbook";
const ids = Array.from({ length: 90 }, (_, i) => "P" + i);
const noise = (i: number, k: number) => { const s = Math.sin(i * 12.9898 + k * 78.233) * 43758.5453; return s - Math.floor(s) - 0.5; };
const hidden = ids.map((_, i) => 3 * noise(i, 0));
const column = (name: string, unit: string, k: number) =>
  ({ name, unit, values: Float64Array.from(hidden, (h, i) => 10 + h / k + 2 * noise(i, k)) });
const x = new FeatureTable(ids, [column("Volume", "mL", 1), column("Entropy", "", 2), column("Contrast", "", 3), column("Age", "years", 9)]);
const outcome = new Labels(ids, hidden.map((h, i) => (h + 2 * noise(i, 20) > 0 ? "yes" : "no")), { name: "relapse" });
const os = new SurvivalData(ids, hidden.map((h, i) => 30 * Math.exp(-h / 2) * (0.6 + noise(i, 21)) + 1), ids.map((_, i) => i % 4 > 0), "months");
const risk = new Labels(ids, hidden.map((h) => (h > 0 ? "high" : "low")), { name: "risk" });
const cause = new Labels(ids, ids.map((_, i) => (i % 4 === 0 ? "none" : i % 3 === 0 ? "other" : "relapse")), { name: "cause" });
const logistic = model.logistic().fit(x, outcome);
const cox = model.cox().fit(x, os);
const net = model.coxnet({ folds: 5, seed: 7 }).fit(x, os);
const score = logistic.predict(x);
const guess = new Labels(ids, Array.from(score.values, (p) => (p > 0.5 ? "yes" : "no")), { name: "guess" });
const explanation = explain.linear(cox, x);
const trees = model.classification.histogramBoosting({ rounds: 20, minLeaf: 5 }).fit(x, outcome);
const learning = await model.learningCurve(x, outcome, model.logistic(), { sizes: [30, 45, 60], folds: 3, seed: 7 });`;

/** What each cell shows, and a piece of what it says. */
const CELLS: readonly (readonly [source: string, words: RegExp])[] = [
  ["plot.roc({ y: outcome, score })", /ROC curve/],
  ["plot.precisionRecall({ y: outcome, score })", /average precision/],
  ["plot.calibration({ y: outcome, score })", /calibration slope/],
  ["plot.decisionCurve({ y: outcome, score })", /Decision curve/],
  ["plot.timeDependentAuc(model.timeDependentAuc(os, cox.predict(x), [6, 12, 24]))", /Time-dependent area/],
  ["plot.coefficientPath(net)", /Coefficients of 4 columns/],
  ["plot.crossValidation(net)", /5-fold cross-validated/],
  ["plot.kaplanMeier(model.kaplanMeier(os, { by: risk }), { p: model.logRank(os, risk) })", /Log-rank/],
  ["plot.cumulativeIncidence(model.cumulativeIncidence(os, cause, { by: risk }))", /Cumulative incidence/],
  ["plot.forest(cox)", /hazard ratios/i],
  ["plot.schoenfeld(model.coefficientTrends(cox))", /scaled Schoenfeld residuals/i],
  ["plot.coxResiduals(cox)", /deviance residual/i],
  ["plot.functionalForm(os, x)", /martingale residuals of 90 patients/i],
  [
    'plot.adjustedCurves(model.adjustedCurves(model.cox().fit(x.join(model.indicators(risk)), os), { by: "risk: low" }))',
    /standardized survival/i,
  ],
  [
    'plot.cutPoint(model.selectCut(x.scores("Volume"), os), x.scores("Volume"))',
    /selection of a cut of Volume/i,
  ],
  ["plot.eventTimes(os)", /times of \d+ events/i],
  ["plot.survivalFacets(os, outcome, { by: risk })", /2 figures/],
  ["plot.grid([plot.forest(cox), plot.eventTimes(os)])", /2 figures/],
  ["plot.nomogram(cox, x, { at: [12, 24] })", /Nomogram of a Cox model/],
  ["plot.shapBar(explanation)", /Mean absolute SHAP values/],
  ["plot.beeswarm(explanation)", /SHAP values of 90 patients/],
  ['plot.waterfall(explanation, "P3")', /SHAP values of patient P3/],
  ['plot.force(explanation, "P3")', /Forces on the answer for patient P3/],
  ['plot.dependence(explanation, "Volume")', /SHAP value of Volume/],
  ["plot.shapHeatmap(explanation)", /Heat map of the SHAP values/],
  ["plot.forceStack(explanation)", /Forces on the answers of 90 patients/],
  ["plot.shapDecision(explanation, { link: 'log' })", /Decision plot of 90 patients/],
  ["plot.shapViolin(explanation)", /Violins of the SHAP values/],
  ["plot.shapViolin(explanation, { layered: true })", /Layered violins/],
  ["plot.shapEmbedding(explanation)", /first two principal components/],
  ["plot.groupDifference(explain.groupDifference(explanation, outcome))", /Difference of mean SHAP values/],
  ['plot.shapMonitoring(explanation, "Volume", { step: 20 })', /SHAP values of Volume of 90 patients/],
  ["plot.shapInteractions(explain.treeInteractions(trees, x), x)", /SHAP interaction values of 90 patients/],
  [
    'plot.partialDependence(explain.partialDependence(logistic, x, "Volume"))',
    /Partial dependence of the .* on Volume/,
  ],
  ["plot.correlation(x)", /Spearman correlation of 4 features/],
  ["plot.confusion(model.metrics.confusion(outcome, guess))", /Confusion matrix of 90 patients/],
  [
    'plot.blandAltman(model.statistics.blandAltman(x.column("Volume"), x.column("Entropy")), { unit: "mL" })',
    /limits of agreement/,
  ],
  ["plot.volcano(model.statistics.screen(x, outcome), outcome)", /Volcano plot of 4 features/],
  ['plot.histogram(x, "Volume", { by: outcome })', /Histogram of Volume \(mL\)/],
  ['plot.violin(x, "Volume", outcome)', /Distribution of Volume/],
  ['plot.upset({ Lasso: ["Volume", "Age"], mRMR: ["Volume", "Entropy"] })', /Sizes of 2 sets/],
  ["plot.learningCurve(learning)", /Learning curve/],
];

const HEAT_MAP = CELLS.findIndex(([source]) => source.startsWith("plot.shapHeatmap"));
/** Paper of both themes, as the browser writes it. */
const LIGHT = "rgb(255, 255, 255)";
const DARK = "rgb(17, 17, 17)";

describe("all figures in one notebook", function () {
  this.timeout(360_000);
  const desk = useDesk({ viewport: { width: 1200, height: 1100 } });
  const figure = (index: number): Locator => desk.cell(index + 1).locator(".rb-Figure");
  const stage = (index: number): Locator => figure(index).locator(".rb-Figure-stage");

  before(async function () {
    this.timeout(360_000);
    await desk.openCells("figures.ipynb", [DATA, ...CELLS.map(([source]) => source)]);
    await desk.runAll();
  });

  it("draws each as a chart that says its result", async () => {
    for (const [at, [source, words]] of CELLS.entries()) {
      await desk.cell(at + 1).scrollIntoViewIfNeeded();
      const marks = stage(at).locator("svg [role=graphics-symbol]");
      await marks.first().waitFor({ state: "attached" });
      assert.ok((await marks.count()) > 3, source);
      assert.match((await stage(at).getAttribute("aria-label")) ?? "", words, source);
    }
  });

  it("shows the numbers of a dot under the pointer", async () => {
    const at = CELLS.findIndex(([source]) => source.startsWith("plot.volcano"));
    await desk.cell(at + 1).scrollIntoViewIfNeeded();
    await stage(at).locator("path[aria-roledescription=circle]").first().hover();
    const tip = figure(at).locator(".rb-Figure-tip");
    await tip.waitFor({ state: "visible" });
    assert.match(await tip.innerText(), /Feature: (Volume|Entropy|Contrast|Age)\nEffect: .*\np: /);
    await desk.shot("figures-hover");
  });

  it("turns dark with JupyterLab's theme, and light again", async () => {
    const on = (at: number, color: string): Promise<void> =>
      stage(at).locator(`svg[style*="${color}"]`).waitFor({ state: "attached" });
    const turn = async (theme: string): Promise<void> => {
      await desk.page.getByRole("menuitem", { name: "Settings", exact: true }).click();
      await desk.page.locator(".lm-Menu-itemLabel").getByText("Theme", { exact: true }).click();
      await desk.page.locator(".lm-Menu-itemLabel").getByText(theme, { exact: true }).click();
    };
    await on(HEAT_MAP, LIGHT);
    await turn("JupyterLab Dark");
    await desk.cell(HEAT_MAP + 1).scrollIntoViewIfNeeded();
    for (const at of CELLS.keys()) await on(at, DARK);
    await desk.shot("figures-dark");
    await turn("JupyterLab Light");
    await on(HEAT_MAP, LIGHT);
  });

  it("keeps each in HTML by nbconvert, and in the PDF printed from it", async () => {
    await desk.save();
    const notebook = path.join(desk.folder, "figures.ipynb");
    const made = spawnSync(pythonPath(), ["-m", "nbconvert", "--to", "html", notebook], { encoding: "utf8" });
    assert.equal(made.status, 0, made.stderr);
    const page = await desk.newPage();
    await page.route(/^https?:/, (route) => route.abort());
    await page.goto(pathToFileURL(notebook.replace(/ipynb$/, "html")).href, {
      waitUntil: "domcontentloaded",
    });
    const pictures = await page
      .locator(".jp-OutputArea img")
      .evaluateAll((images) =>
        (images as HTMLImageElement[]).map(({ complete, naturalWidth }) => complete && naturalWidth > 200),
      );
    assert.deepEqual(
      pictures,
      CELLS.map(() => true),
    );
    const pdf = (await page.pdf()).toString("latin1");
    assert.ok((pdf.match(/\/Subtype \/Image/g)?.length ?? 0) >= CELLS.length);
    await page.context().close();
  });

  it("raised no error in the page", () => {
    assert.deepEqual(desk.faults, []);
  });
});
