/** The numbers that figures draw are those of the library. */
import assert from "node:assert/strict";
import { cox } from "../../src/model/cox.js";
import { coxSurvival } from "../../src/model/cox-survival.js";
import { coxnet } from "../../src/model/coxnet.js";
import { cumulativeIncidence, incidenceAt } from "../../src/model/cumulative-incidence.js";
import { kaplanMeier } from "../../src/model/kaplan-meier.js";
import { logistic } from "../../src/model/logistic.js";
import { calibrationCurve } from "../../src/model/metrics/calibration-curve.js";
import { confusion } from "../../src/model/metrics/confusion.js";
import { decisionCurve } from "../../src/model/metrics/decision-curve.js";
import { auc } from "../../src/model/metrics/delong.js";
import { averagePrecision, roc } from "../../src/model/metrics/roc.js";
import { blandAltman } from "../../src/model/statistics/bland-altman.js";
import { spearman } from "../../src/model/statistics/correlation.js";
import { screen } from "../../src/model/statistics/screen.js";
import { survivalCalibration } from "../../src/model/survival-calibration.js";
import { timeDependentAuc } from "../../src/model/time-dependent-auc.js";
import * as plot from "../../src/plot/index.js";
import { nomogramScale } from "../../src/plot/nomogram-scale.js";
import {
  cause,
  clinical,
  explanation,
  features,
  follow,
  ids,
  outcome,
  predicted,
  radiomics,
  readerB,
} from "../support/figure-examples.js";
import { assertClose, rowsOf } from "../support/figure-spec.js";

const one = { y: outcome, score: radiomics };
const both = { Radiomics: one, Clinical: { y: outcome, score: clinical } };
const p = explanation.features.length;

describe("the numbers of figures", () => {
  it("ROC: every drawn point is one of the curve, and the area under the drawn line is the curve's", () => {
    const figure = plot.roc(both, { band: false });
    for (const [name, { y, score }] of Object.entries(both)) {
      const curve = roc(y, score);
      const points = rowsOf(figure, "line", 1).filter((row) => String(row.group).startsWith(name));
      for (const { x, y: height } of points) {
        const isOnCurve = curve.sensitivity.some(
          (value, at) =>
            Math.abs(value - Number(height)) < 1e-5 && Math.abs(1 - curve.specificity[at] - Number(x)) < 1e-5,
        );
        assert.ok(isOnCurve, `${x}, ${height}`);
      }
      let area = 0;
      for (let at = 1; at < points.length; at++)
        area +=
          ((Number(points[at].x) - Number(points[at - 1].x)) *
            (Number(points[at].y) + Number(points[at - 1].y))) /
          2;
      const found = auc(y, score);
      assertClose(area, found.auc, 1e-5);
      assert.ok(
        figure.alternative.includes(
          `${found.auc.toFixed(3)} (95 % interval ${found.interval.lower.toFixed(3)}`,
        ),
      );
    }
  });

  it("precision–recall: the steps give the average precision, the dashed line the share with the outcome", () => {
    const figure = plot.precisionRecall(one);
    const points = rowsOf(figure, "line", 1);
    let sum = 0;
    for (let at = 1; at < points.length; at++)
      sum += (Number(points[at].x) - Number(points[at - 1].x)) * Number(points[at].y);
    assertClose(sum, averagePrecision(outcome, radiomics), 1e-5);
    assert.equal(rowsOf(figure, "line", 0)[0].y, outcome.counts[1] / outcome.length);
  });

  it("calibration: points are those of the curve of equal groups, intervals hold them", () => {
    const curve = calibrationCurve(outcome, radiomics, { bins: 10, strategy: "quantile" });
    const rows = rowsOf(plot.calibration(one), "circle");
    assert.equal(rows.length, curve.n.length);
    for (const [at, row] of rows.entries()) {
      assertClose(row.x, curve.predicted[at], 1e-5);
      assertClose(row.y, curve.observed[at], 1e-5);
      assert.equal(row.n, curve.n[at]);
      assert.ok(Number(row.lower) <= Number(row.y) + 1e-9 && Number(row.upper) >= Number(row.y) - 1e-9);
    }
    const counted = rowsOf(plot.calibration(one), "rect").reduce((sum, row) => sum + Number(row.count), 0);
    assert.equal(counted, outcome.length, "each prediction is in one bar");
  });

  it("calibration of survival: points are its groups, the line is its curve", () => {
    const x = features.select(["Volume", "Age"]);
    const found = survivalCalibration(follow, coxSurvival(cox().fit(x, follow), x), 24, { groups: 4 });
    const figure = plot.survivalCalibration(found);
    const rows = rowsOf(figure, "circle");
    assert.equal(rows.length, 4);
    for (const [at, row] of rows.entries()) {
      assertClose(row.x, found.groups[at].predicted, 1e-5);
      assertClose(row.y, found.groups[at].observed, 1e-5);
      assertClose(row.upper, found.groups[at].upper, 1e-5);
    }
    for (const [at, row] of rowsOf(figure, "line", 1).entries())
      assertClose(row.y, found.curve.observed[at], 1e-5);
    assert.ok(figure.alternative.includes(`index ${found.ici.toFixed(3)}`), figure.alternative);
  });

  it("decision curve: net benefit of model, all and none", () => {
    const rows = rowsOf(plot.decisionCurve({ Radiomics: one }, { range: [0.1, 0.5] }), "circle");
    const thresholds = [...new Set(rows.map((row) => Number(row.x)))];
    const curve = decisionCurve(outcome, radiomics, { thresholds });
    for (const [at, row] of rows.filter(({ group }) => group === "Radiomics").entries())
      assertClose(row.y, curve.model[at], 1e-5);
    for (const row of rows.filter(({ group }) => group === "Treat all"))
      assertClose(row.y, curve.treatAll[thresholds.indexOf(Number(row.x))], 1e-5);
    assert.ok(rows.filter(({ group }) => group === "Treat none").every(({ y }) => y === 0));
  });

  it("coefficient path and cross-validation: values, choices and numbers of columns", () => {
    const net = coxnet({ folds: 5, seed: 7 }).fit(features, follow);
    const table = net.path.coefficients();
    const lines = rowsOf(plot.coefficientPath(net), "line", 1);
    for (const { name, x, y } of lines) {
      const k = net.path.lambdas.findIndex((lambda) => Math.abs(lambda - Number(x)) <= 1e-5 * lambda);
      assertClose(y, table.columns[k].values[table.ids.indexOf(String(name))], 1e-5);
    }
    const found = net.crossValidation ?? assert.fail("no cross-validation");
    const scores = rowsOf(plot.crossValidation(net), "circle");
    for (const [k, row] of scores.entries()) {
      assertClose(row.y, found.mean[k], 1e-5);
      assertClose(Number(row.upper) - Number(row.y), found.standardError[k], 1e-4);
      assert.equal(row.columns, net.path.nonzero[k]);
    }
    const chosen = rowsOf(plot.crossValidation(net), "rule").map((row) => Number(row.x));
    assertClose(chosen[0], found.lambdaMin, 1e-5);
    assertClose(chosen[1], found.lambda1se, 1e-5);
  });

  it("SHAP bar, waterfall, force, dependence and heat map: sums lead from the base to the answer", () => {
    const bars = rowsOf(plot.shapBar(explanation, { top: 3 }), "rect");
    const means = explanation.meanAbsolute();
    const ranked = explanation.ranking();
    for (const [at, bar] of bars.slice(0, 3).entries()) assertClose(bar.x, means[ranked[at]], 1e-5);
    assertClose(
      bars[3].x,
      ranked.slice(3).reduce((sum, j) => sum + means[j], 0),
      1e-5,
    );

    const row = 7;
    let answer = explanation.base;
    for (let j = 0; j < p; j++) answer += explanation.values[row * p + j];
    const arrows = rowsOf(plot.waterfall(explanation, ids[row]), "area");
    const moved = arrows.filter((_, at) => at % 3 === 0).reduce((sum, arrow) => sum + Number(arrow.value), 0);
    assertClose(explanation.base + moved, answer, 1e-5);
    const levels = rowsOf(plot.waterfall(explanation, ids[row]), "rule", 1);
    assertClose(levels[0].x, answer, 1e-5);

    const segments = rowsOf(plot.force(explanation, ids[row]), "rect");
    for (const { x, x2, value } of segments) assertClose(Number(x2) - Number(x), Number(value), 1e-4);
    assertClose(explanation.base + segments.reduce((sum, { value }) => sum + Number(value), 0), answer, 1e-4);

    const dots = rowsOf(plot.dependence(explanation, "Age", { color: null }), "circle");
    for (const [i, dot] of dots.entries()) {
      assertClose(dot.x, explanation.data[i * p + 8], 1e-5);
      assertClose(dot.y, explanation.values[i * p + 8], 1e-5);
    }
    const cells = rowsOf(plot.shapHeatmap(explanation, { top: 20 }), "rect");
    for (const { patient, feature, value } of cells) {
      const j = explanation.features.findIndex(({ name }) => name === feature);
      assertClose(value, explanation.values[ids.indexOf(String(patient)) * p + j], 1e-5);
    }
    assert.equal(cells.length, explanation.values.length);
  });

  it("dependence: chooses the feature that interacts, and leaves out patients without a value", () => {
    assert.match(plot.dependence(explanation, "Age").alternative, /Color shows Volume\.$/);
    const entropy = plot.dependence(explanation, "Joint entropy");
    assert.equal(rowsOf(entropy, "circle").length, ids.length - 1);
    assert.match(entropy.alternative, /missing in 1/);
  });

  it("correlation: every cell is Spearman's ρ, and neighbours in the order of the tree", () => {
    const cells = rowsOf(plot.correlation(features), "rect");
    assert.equal(cells.length, features.names.length ** 2);
    for (const { first, second, r } of cells) {
      if (first === second) assert.equal(r, 1);
      else
        assertClose(r, spearman(features.column(String(first)), features.column(String(second))).rho, 6e-4);
    }
    const plain = rowsOf(plot.correlation(features, { cluster: false }), "rect");
    assert.deepEqual([...new Set(plain.map(({ first }) => first))], [...features.names]);
  });

  it("confusion: counts, and shares of the true class", () => {
    const found = confusion(outcome, predicted);
    const cells = rowsOf(plot.confusion(found), "rect");
    assert.deepEqual(
      cells.map(({ count }) => count),
      [...found.counts],
    );
    assertClose(cells[3].share, found.perClass[1].recall, 1e-12);
  });

  it("Bland–Altman: points, mean difference and limits", () => {
    const agreement = blandAltman(features.column("Volume"), readerB);
    const figure = plot.blandAltman(agreement, { unit: "mL" });
    const dots = rowsOf(figure, "circle");
    for (const [at, dot] of dots.entries()) assertClose(dot.y, agreement.difference[at], 1e-5);
    const lines = [1, 2, 3].map((nth) => rowsOf(figure, "rule", nth)[0].y);
    for (const [at, value] of [agreement.limits.upper, agreement.bias, agreement.limits.lower].entries())
      assertClose(lines[at], value, 1e-5);
  });

  it("volcano: rank-biserial correlation by its definition, and colors by adjusted p", () => {
    const found = screen(features, outcome);
    const dots = rowsOf(plot.volcano(found, outcome), "circle");
    assert.equal(dots.length, features.names.length);
    const codes = outcome.codes;
    for (const { feature, x, y, group } of dots) {
      const values = features.column(String(feature));
      let wins = 0;
      let pairs = 0;
      for (let i = 0; i < ids.length; i++) {
        for (let k = 0; k < ids.length; k++) {
          if (codes[i] !== 0 || codes[k] !== 1) continue;
          pairs++;
          wins += Math.sign(values[i] - values[k]);
        }
      }
      const at = found.features.indexOf(String(feature));
      assertClose(x, wins / pairs, 1e-5);
      assertClose(y, -Math.log10(found.p[at]), 1e-5);
      assert.equal(String(group).startsWith("Higher in"), found.adjusted[at] < 0.05);
    }
  });

  it("cumulative incidence: the last corner of each curve, and numbers at risk", () => {
    const found = cumulativeIncidence(follow, cause);
    const [group] = found.groups;
    const rows = rowsOf(plot.cumulativeIncidence(found), "line");
    for (const name of ["relapse", "other death"]) {
      const own = rows.filter((row) => row.group === name);
      const last = own[own.length - 1];
      assertClose(last.incidence, incidenceAt(group, name, Number(last.time)), 1e-5);
      assert.deepEqual([own[0].time, own[0].incidence], [0, 0]);
    }
    const table = rowsOf(plot.cumulativeIncidence(found), "text", 1);
    for (const { time, text } of table)
      assert.equal(text, String(follow.time.filter((value) => value >= Number(time)).length));
  });

  it("Kaplan–Meier as events and as hazard: 1 − S and −ln S", () => {
    const km = kaplanMeier(follow);
    const [curve] = km.groups;
    const events = rowsOf(plot.kaplanMeier(km, { show: "events" }), "line");
    const hazard = rowsOf(plot.kaplanMeier(km, { show: "hazard" }), "line");
    for (let i = 0; i < curve.time.length; i++) {
      assertClose(events[i + 1].survival, 1 - curve.survival[i], 1e-5);
      if (curve.survival[i] > 0) assertClose(hazard[i + 1].survival, -Math.log(curve.survival[i]), 1e-4);
    }
    const table = rowsOf(plot.kaplanMeier(km, { atRisk: false, cumulativeEvents: true }), "text", 1);
    for (const { time, text } of table) {
      const before = follow.ids.filter(
        (_, i) => follow.event[i] === 1 && follow.time[i] <= Number(time),
      ).length;
      assert.equal(text, String(before));
    }
  });

  it("time-dependent AUC: its values at its times", () => {
    const found = timeDependentAuc(follow, radiomics, [6, 12, 24]);
    const rows = rowsOf(plot.timeDependentAuc(found), "circle");
    for (const [at, row] of rows.entries()) {
      assert.equal(row.x, found.times[at]);
      assertClose(row.y, found.auc[at], 1e-5);
    }
  });

  it("nomogram: the points of each patient add up to the model's own prediction", () => {
    const x = features.select(["Volume", "Minor axis length", "Age"]);
    const survival = cox().fit(x, follow);
    const relapse = logistic().fit(x, outcome);
    const curves = coxSurvival(survival, x);
    const [cut] = nomogramScale(survival, x, [12]).predictions;
    const [probability] = nomogramScale(relapse, x, []).predictions;
    for (const row of [0, 17, 63]) {
      const total = (fitted: typeof survival | typeof relapse): number =>
        nomogramScale(fitted, x, [12]).covariates.reduce(
          (sum, axis, j) => sum + axis.pointsAt(x.columns[j].values[row]),
          0,
        );
      const { time, survival: values } = curves[row];
      assertClose(
        cut.probabilityAt(total(survival)),
        values[time.findLastIndex((value) => value <= 12)],
        1e-9,
      );
      assertClose(probability.probabilityAt(total(relapse)), relapse.predict(x).values[row], 1e-9);
      assertClose(cut.totalAt(cut.probabilityAt(50)), 50, 1e-9);
    }
    const largest = Math.max(...nomogramScale(survival, x, [12]).covariates.map(({ most }) => most));
    assertClose(largest, 100, 1e-9);
  });

  it("histogram and violin: every patient in one bin; quartiles", () => {
    const bins = rowsOf(plot.histogram(features, "Volume"), "rect");
    const values = features.column("Volume");
    for (const { x, x2, count } of bins)
      assert.equal(count, values.filter((value) => value >= Number(x) && value < Number(x2)).length);
    assert.equal(
      bins.reduce((sum, { count }) => sum + Number(count), 0),
      ids.length,
    );
    const [box] = rowsOf(plot.violin(features, "Volume", outcome), "rect");
    const own = values.filter((_, i) => outcome.values[i] === "none").sort();
    assertClose(box.median, own[(own.length - 1) / 2], 1e-5);
  });

  it("upset: names in exactly each combination", () => {
    const figure = plot.upset({ A: ["a", "b", "c", "c"], B: ["b", "c", "d"], C: ["c"] });
    assert.deepEqual(
      rowsOf(figure, "rect").map(({ words }) => words),
      [
        "only in A: 1",
        "only in B: 1",
        "only in A and B: 1",
        "only in A and B and C: 1",
        "A: 3",
        "B: 3",
        "C: 1",
      ],
    );
  });
});
