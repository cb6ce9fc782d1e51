/** Figures of survival models: what is drawn is what the model says; grids keep what they hold. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { InputError, NumericalError } from "../../src/core/errors.js";
import { randomStream } from "../../src/core/random.js";
import { adjustedCurves } from "../../src/model/adjusted-curves.js";
import { coefficientTrends } from "../../src/model/coefficient-trend.js";
import { cox } from "../../src/model/cox.js";
import { coxInfluence } from "../../src/model/cox-influence.js";
import { coxResiduals, nullResiduals, schoenfeldResiduals } from "../../src/model/cox-residuals.js";
import { indicators } from "../../src/model/indicators.js";
import { kaplanMeier } from "../../src/model/kaplan-meier.js";
import { logRank } from "../../src/model/log-rank.js";
import { naturalSpline } from "../../src/model/natural-spline.js";
import { selectCut } from "../../src/model/select-cut.js";
import { loess } from "../../src/model/statistics/loess.js";
import { lowess } from "../../src/model/statistics/lowess.js";
import { membersOfBins } from "../../src/plot/bins.js";
import type { Figure } from "../../src/plot/figure.js";
import * as plot from "../../src/plot/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { SurvivalData } from "../../src/table/survival-data.js";
import { features, follow, ids, outcome } from "../support/figure-examples.js";
import { assertClose, type Row } from "../support/figure-spec.js";
import { svgTexts } from "../support/svg-text.js";

const stage = new Labels(
  ids,
  ids.map((_, i) => ["I", "II", "III"][(i * 7) % 3]),
  { classes: ["I", "II", "III"], name: "stage" },
);
const x = features.select(["Volume", "Age"]).join(indicators(stage));
const fitted = cox().fit(x, follow);

interface View {
  readonly mark?: { readonly type: string };
  readonly data?: { readonly values: readonly Row[] };
  readonly layer?: readonly View[];
  readonly encoding?: {
    readonly x: { readonly axis: { readonly values: readonly number[]; readonly labelExpr: string } };
  };
}

/** Rows of all marks of one type in a panel. */
function rowsIn(figure: Figure, panel: number, mark: string): readonly Row[] {
  const views = (figure.spec.concat ?? figure.spec.vconcat) as unknown as readonly View[];
  return (views[panel].layer ?? [])
    .filter((view) => view.mark?.type === mark)
    .flatMap((view) => view.data?.values ?? []);
}

function refused(make: () => unknown, words: RegExp): void {
  assert.throws(make, (error) => error instanceof InputError && words.test(error.message));
}

describe("figures of survival models", () => {
  it("Schoenfeld: a dot for each event, the trend of the model, its p, and times that are right on the scale", async () => {
    const found = coefficientTrends(fitted);
    const figure = plot.schoenfeld(found);
    const expected = schoenfeldResiduals(fitted, { scaled: true });
    found.covariates.forEach(({ name, value, lower }, panel) => {
      const dots = rowsIn(figure, panel, "circle");
      assert.deepEqual(
        dots.map(({ id }) => id),
        expected.ids,
      );
      for (const [i, dot] of dots.entries()) assertClose(dot.y, expected.column(name)[i], 1e-5);
      const corners = rowsIn(figure, panel, "area");
      corners.forEach((corner, i) => {
        assertClose(corner.y, value[i], 1e-5);
        assertClose(corner.lower, lower[i], 1e-5);
      });
    });
    // Where a tick stands on the axis, as a share of patients lost.
    const [{ encoding }] = ((figure.spec.concat as unknown as readonly View[])[0].layer ?? []).filter(
      ({ mark }) => mark?.type === "circle",
    );
    const { values, labelExpr } = encoding?.x.axis ?? assert.fail("no axis");
    const labels = [...labelExpr.matchAll(/'([\d.]+)'/g)].map(([, text]) => Number(text));
    assert.equal(labels.length, values.length);
    // On the scale "km" a time stands where 1 − S(t−) of the follow-up says.
    const curve = kaplanMeier(follow).groups[0];
    const texts = svgTexts(await plot.schoenfeld(found, { covariates: ["Age"] }).svg());
    const title = texts.find(({ text }) => text.startsWith("Time (")) ?? assert.fail("no axis title");
    const lowest = Math.max(...texts.filter(({ y }) => y < title.y).map(({ y }) => y));
    const ticks = texts.filter(({ y }) => y === lowest);
    assert.ok(ticks.length >= 4, `${ticks.map(({ text }) => text)}`);
    const [first, last] = [ticks[0], ticks[ticks.length - 1]];
    const lost = (time: number): number => 1 - curve.at([time - 1e-9])[0].survival;
    for (const [i, label] of labels.entries()) {
      assert.ok(Math.abs(values[i] - lost(label)) < 0.03, `${label} at ${values[i]}`);
    }
    for (const tick of ticks) {
      const part = (tick.x - first.x) / (last.x - first.x);
      const share =
        (lost(Number(tick.text)) - lost(Number(first.text))) /
        (lost(Number(last.text)) - lost(Number(first.text)));
      // Between two events the axis is straight where the estimate has a step.
      assert.ok(Math.abs(part - share) < 0.03, `${tick.text}: ${part} instead of ${share}`);
    }
    refused(() => plot.schoenfeld(found, { covariates: ["Grade"] }), /no covariate "Grade"/);
  });

  it("residuals: of each patient, over the linear predictor, the row, time or the covariate", () => {
    const deviance = coxResiduals(fitted, "deviance").values;
    const score = fitted.predict(x).values;
    rowsIn(plot.coxResiduals(fitted), 0, "circle").forEach((dot, i) => {
      assert.equal(dot.id, ids[i]);
      assertClose(dot.x, score[i], 1e-5);
      assertClose(dot.y, deviance[i], 1e-5);
    });
    const influence = plot.coxResiduals(fitted, { kind: "dfbetas" });
    const expected = coxInfluence(fitted, "dfbetas").column("Age");
    rowsIn(influence, 1, "circle").forEach((dot, i) => {
      assert.equal(dot.x, i + 1);
      assertClose(dot.y, expected[i], 1e-5);
    });
    const few = expected.filter((value) => Math.abs(value) > 2 / Math.sqrt(ids.length)).length;
    assert.match(influence.alternative, new RegExp(`Age: largest [^;]*, ${few} beyond 2 / √n`));
    const times = rowsIn(plot.coxResiduals(fitted, { kind: "schoenfeld" }), 0, "circle").map((dot) => dot.x);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => Number(a) - Number(b)),
    );
    assert.deepEqual(rowsIn(plot.coxResiduals(fitted, { smooth: false }), 0, "line").length, 2);
    refused(() => plot.coxResiduals(fitted, { kind: "odd" as never }), /kind must be/);
    refused(() => plot.coxResiduals(fitted, { against: "age" as never }), /against must be/);
    refused(() => plot.coxResiduals(fitted, { against: "covariate" }), /no covariate of their own/);
  });

  it("residuals: the trend is that of local regression, with its interval, and words say where it leaves 0", () => {
    const score = fitted.predict(x).values;
    const expected = loess(score, coxResiduals(fitted, "deviance").values);
    const corners = rowsIn(plot.coxResiduals(fitted), 0, "area");
    assert.equal(corners.length, expected.x.length);
    corners.forEach((corner, i) => {
      assertClose(corner.x, expected.x[i], 1e-5);
      assertClose(corner.y, expected.y[i], 1e-5);
      assertClose(corner.lower, expected.lower[i], 1e-5);
      assertClose(corner.upper, expected.upper[i], 1e-5);
    });
    assert.deepEqual(rowsIn(plot.coxResiduals(fitted, { band: false }), 0, "area"), []);
    // Age squared is left out: the residuals bend over age.
    const ages = Float64Array.from(ids, (_, i) => (i % 21) - 10);
    const bent = new SurvivalData(
      ids,
      ages.map((age, i) => (1 + ((i * 37) % 100) / 50) * Math.exp((-age * age) / 25)),
      ids.map(() => 1),
      "months",
    );
    const straight = cox().fit(new FeatureTable(ids, [{ name: "age", unit: "", values: ages }]), bent);
    const words = plot.coxResiduals(straight, { kind: "deviance" }).alternative;
    const [, places, all] =
      /leaves 0 at (\d+) of (\d+) places/.exec(words)?.map(Number) ?? assert.fail(words);
    assert.ok(places > all / 2, words);
    assert.match(
      plot.coxResiduals(fitted, { kind: "dfbetas" }).alternative,
      /interval of the trend (holds|leaves) 0/,
    );
  });

  it("functional form: residuals of the null model over the values that are there", () => {
    const holes = new FeatureTable(ids, [
      {
        name: "Volume",
        unit: "mL",
        values: features.column("Volume").map((value, i) => (i === 3 ? Number.NaN : value)),
      },
    ]);
    const dots = rowsIn(plot.functionalForm(follow, holes), 0, "circle");
    const left = nullResiduals(follow).values;
    assert.equal(dots.length, ids.length - 1);
    for (const dot of dots) assertClose(dot.y, left[ids.indexOf(String(dot.id))], 1e-5);
    const nobody = new SurvivalData(["a", "b"], [1, 2], [0, 0], "days");
    refused(() => nullResiduals(nobody), /none of 2 patients/);
  });

  it("adjusted curves: the steps of the model, and the patients of each group", () => {
    const both = x.join(indicators(outcome));
    const found = adjustedCurves(cox().fit(both, follow), { by: "outcome: relapse" });
    const figure = plot.adjustedCurves(found, { labels: { "outcome: relapse 1": "Relapse" } });
    assert.deepEqual(Object.keys(figure.groups), ["outcome: relapse 0", "Relapse"]);
    assert.deepEqual(
      figure.groups.Relapse,
      ids.filter((_, i) => outcome.values[i] === "relapse"),
    );
    assert.match(figure.alternative, /given Volume, Age, stage: II, stage: III/);
    refused(() => adjustedCurves(fitted, { by: "sex" }), /no column "sex"/);
    refused(() => adjustedCurves(fitted, { by: "Age" }), /at most 7 curves/);
    refused(() => adjustedCurves(fitted, { by: "Age", method: "odd" as never }), /method must be/);
    const strata = cox({ strata: outcome }).fit(x, follow);
    refused(() => adjustedCurves(strata, { by: "stage: II" }), /stratified model/);
    const alone = cox().fit(indicators(outcome), follow);
    refused(() => adjustedCurves(alone, { by: "outcome: relapse", method: "weighted" }), /another covariate/);
  });

  it("cut: every cut that was tried with its statistic, and the patients of both sides", () => {
    const volume = features.scores("Volume");
    const found = selectCut(volume, follow);
    const figure = plot.cutPoint(found, volume);
    const tries = rowsIn(figure, 1, "circle");
    tries.forEach((row, i) => {
      assertClose(row.x, found.cuts[i], 1e-5);
      assertClose(row.statistic, found.statistics[i], 1e-5);
      assert.equal(row.low, volume.values.filter((value) => value <= found.cuts[i]).length);
    });
    const bars = rowsIn(figure, 0, "rect");
    assert.equal(
      bars.reduce((sum, { count }) => sum + Number(count), 0),
      ids.length,
    );
    const [low] = Object.values(figure.groups);
    assert.deepEqual(
      low,
      ids.filter((_, i) => volume.values[i] <= found.cut),
    );
    refused(() => plot.cutPoint({ ...found, cut: 1e9 }, volume), /one side of the cut/);
  });

  it("bins are closed on the left, the last on both sides", () => {
    assert.deepEqual(membersOfBins([0, 1, 2, 0.5], [0, 1, 2]), [
      [0, 3],
      [1, 2],
    ]);
  });

  it("event times: everybody once, events below and censored above", () => {
    const figure = plot.eventTimes(follow);
    const [layer] = figure.spec.layer as unknown as readonly View[];
    const rows = layer.data?.values ?? [];
    const of = (group: string): number =>
      rows.filter((row) => row.group === group).reduce((sum, { count }) => sum + Number(count), 0);
    assert.deepEqual([of("Event"), of("Censored")], [follow.events, follow.length - follow.events]);
    assert.deepEqual(rows.flatMap((row) => row.ids as unknown as string[]).toSorted(), ids.toSorted());
  });

  it("event times: shares of those who left, and everybody who has left so far", () => {
    const layers = (show: "fraction" | "cumulative"): readonly View[] =>
      plot.eventTimes(follow, { show }).spec.layer as unknown as readonly View[];
    const bars = layers("fraction")[0].data?.values ?? [];
    for (const x of new Set(bars.map((bar) => bar.x))) {
      const own = bars.filter((bar) => bar.x === x);
      const counts = own.map(({ count }) => Number(count));
      const all = counts.reduce((sum, count) => sum + count, 0);
      assert.equal(own[own.length - 1].to, 1);
      for (const [k, { from, to }] of own.entries())
        assertClose(Number(to) - Number(from), counts[k] / all, 1e-5);
    }
    const [areas, points] = layers("cumulative").map(({ data }) => data?.values ?? []);
    for (const { time, events, censored } of points) {
      const left = (event: number): number =>
        ids.filter((_, i) => follow.event[i] === event && follow.time[i] <= Number(time) + 1e-9).length;
      assert.deepEqual([events, censored], [left(1), left(0)], `at ${time}`);
      const own = areas.filter((row) => row.time === time);
      assert.deepEqual(
        own.map(({ group, from, to }) => [group, from, to]),
        [
          ["Event", 0, events],
          ["Censored", events, Number(events) + Number(censored)],
        ],
      );
    }
    assert.equal(areas[areas.length - 1].to, ids.length);
    refused(() => plot.eventTimes(follow, { show: "radius" as never }), /show must be/);
    refused(() => plot.eventTimes(follow.pick([])), /no patient/);
  });

  it("forest: the reference of a group, patients and events of each line, and the model's fit", async () => {
    const figure = plot.forest(fitted, { groups: [stage] });
    const texts = svgTexts(await figure.svg());
    const line = (label: string): readonly string[] => {
      const y = texts.find(({ text }) => text === label)?.y ?? assert.fail(label);
      return texts.filter((t) => Math.abs(t.y - y) < 1).map(({ text }) => text);
    };
    const counts = (own: string): string[] => {
      const rows = [...ids.keys()].filter((row) => stage.values[row] === own);
      return [String(rows.length), String(rows.reduce((sum, row) => sum + follow.event[row], 0))];
    };
    assert.deepEqual(line("stage: I"), ["stage: I", ...counts("I"), "reference"]);
    assert.deepEqual(line("stage: III").slice(0, 3), ["stage: III", ...counts("III")]);
    assert.ok(texts.some(({ text }) => text.includes(`AIC ${fitted.aic.toFixed(1)}; concordance`)));
    refused(() => plot.forest(fitted, { groups: [outcome] }), /no column of "outcome"/);
  });

  it("facets: each class on the same axis, with its own test", () => {
    const figure = plot.survivalFacets(follow, outcome, { by: stage });
    const views = figure.spec.concat as unknown as readonly { readonly title: { readonly text: string } }[];
    assert.deepEqual(
      views.map(({ title }) => title.text),
      outcome.classes.map((name, c) => `outcome: ${name} (n = ${outcome.counts[c]})`),
    );
    const first = ids.filter((_, i) => outcome.values[i] === outcome.classes[0]);
    const { p } = logRank(follow.pick(first), stage.pick(first));
    assert.ok(figure.alternative.includes(`Log-rank p ${p < 0.001 ? "< 0.001" : "= "}`), figure.alternative);
    assert.deepEqual(figure.groups.II.toSorted(), ids.filter((_, i) => stage.values[i] === "II").toSorted());
  });

  it("grid: one PDF of all, their words, and a limit to them", async () => {
    const one = plot.kaplanMeier(kaplanMeier(follow));
    const figure = plot.grid([one, plot.forest(fitted)], { title: "Both" });
    assert.ok(figure.alternative.startsWith("Both: 2 figures. (1) Kaplan–Meier"));
    const folder = mkdtempSync(path.join(tmpdir(), "grid-"));
    await figure.save(path.join(folder, "both.pdf"), { width: "double" });
    assert.ok(readFileSync(path.join(folder, "both.pdf")).subarray(0, 5).toString() === "%PDF-");
    rmSync(folder, { recursive: true });
    assert.ok(plot.grid(new Array(60).fill(one)).alternative.length <= 5000);
    refused(() => plot.grid([]), /no figure/);
    refused(() => plot.grid([one], { columns: 0 }), /columns must/);
  });
});

describe("smooth trends", () => {
  it("follow a straight line exactly, also beyond the outer knots", () => {
    const places = Float64Array.from({ length: 30 }, (_, i) => Math.sin(i) * 5);
    const line = places.map((place) => 2 - 3 * place);
    const at = Float64Array.of(-9, 0, 7.5);
    const { value } = naturalSpline(places, line, Float64Array.of(-4, -1, 2, 4), at);
    value.forEach((height, i) => {
      assert.ok(Math.abs(height - (2 - 3 * at[i])) < 1e-12);
    });
    lowess(places, line, { span: 0.4 }).y.forEach((height, i) => {
      assert.ok(Math.abs(height - (2 - 3 * places.toSorted()[i])) < 1e-12);
    });
  });

  it("have an interval from the scatter around them, or none where they go through all points", () => {
    const random = randomStream("loess");
    const places = Array.from({ length: 60 }, () => Math.round(20 * random.uniform()));
    let inside = 0;
    for (let run = 0; run < 200; run++) {
      const { x, lower, upper } = loess(
        places,
        places.map((place) => 3 - place / 4 + 2 * random.normal()),
      );
      const at = x.indexOf(10);
      if (lower[at] <= 0.5 && upper[at] >= 0.5) inside++;
    }
    // Of 200 intervals of 95 % coverage 190 hold the truth, with a standard error of 3.
    assert.ok(inside >= 180, `${inside} of 200 intervals hold the truth`);
    assert.ok(inside <= 199, `${inside} of 200 intervals hold the truth: they are too wide`);
    const through = loess([1, 2, 3], [5, 7, 1]);
    assert.deepEqual([...through.y], [5, 7, 1]);
    assert.ok([...through.lower, ...through.upper, ...through.standardError].every(Number.isNaN));
    const two = loess([0, 1, 0, 1, 1], [1, 2, 3, 4, 9]);
    assert.deepEqual([...two.y], [2, 5]);
  });

  it("pass through points that it fits exactly, wherever they lie", () => {
    // R 4.2.2: lowess(x, y)$y; with a robust round that takes rounding for outliers the fourth height would be 2.7.
    const x = [1.0, 0.7, 0.3, -0.9, 1.5];
    const y = [1.6, 2.7, -0.2, 1.0, -0.9];
    const expected = [1.0, -0.2, 2.7, 1.6, -0.9];
    for (const far of [0, 1e6]) {
      const found = lowess(
        x,
        y.map((height) => height + far),
      ).y;
      found.forEach((height, i) => {
        assertClose(height - far, expected[i], 1e-9);
      });
    }
  });

  it("refuse what they cannot follow", () => {
    refused(() => loess([1, 2], [1]), /2 or more points/);
    refused(() => loess([1, 2], [1, 2], { span: 2 }), /span must/);
    refused(() => loess([1, 2], [1, 2], { confidence: 1 }), /confidence must/);
    refused(() => lowess([1, 2], [1]), /2 or more points/);
    refused(() => lowess([1, 2], [1, 2], { span: 0 }), /span must/);
    refused(() => lowess([1, 2], [1, 2], { rounds: -1 }), /rounds must/);
    refused(() => lowess([1, 2], [1, 2], { delta: -1 }), /delta must/);
    const [few, knots] = [Float64Array.of(1, 1, 1), Float64Array.of(0, 1, 2)];
    assert.throws(() => naturalSpline(few, few, knots, few), NumericalError);
    refused(() => indicators(new Labels(["a"], ["x"])), /2 or more classes/);
  });
});
