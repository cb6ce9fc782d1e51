/** Options of the Kaplan–Meier figure: what is drawn is what the estimate says, on the axis that was asked for. */
import assert from "node:assert/strict";
import { InputError } from "../../src/core/errors.js";
import { indicators } from "../../src/model/indicators.js";
import { kaplanMeier } from "../../src/model/kaplan-meier.js";
import { logRankTrend } from "../../src/model/log-rank-trend.js";
import { parametricSurvival } from "../../src/model/parametric-survival.js";
import type { Figure } from "../../src/plot/figure.js";
import * as plot from "../../src/plot/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { Scores } from "../../src/table/scores.js";
import { SurvivalData } from "../../src/table/survival-data.js";
import { assertClose, type Row, rowsOf } from "../support/figure-spec.js";
import { svgTexts } from "../support/svg-text.js";

const ids = Array.from({ length: 60 }, (_, i) => `p${i}`);
const follow = new SurvivalData(
  ids,
  ids.map((_, i) => 30 + ((i * 370) % 1801)),
  ids.map((_, i) => i % 3 > 0),
  "days",
);
const arm = new Labels(
  ids,
  ids.map((_, i) => (i % 2 === 0 ? "a" : "b")),
  { name: "arm" },
);
const km = kaplanMeier(follow, { by: arm });

describe("Kaplan–Meier figure, options", () => {
  it("shows days as years: each corner and each number at risk at its own time", () => {
    const figure = plot.kaplanMeier(km, { timeUnit: "years", timeStep: 1 });
    const [curve] = km.groups;
    const corners = rowsOf(figure, "line").filter(({ group }) => group === "a");
    for (const [i, day] of curve.time.entries()) assertClose(corners[i + 1].time, day / 365.25, 1e-5);
    const cells = rowsOf(figure, "text", 2);
    assert.deepEqual(
      cells.map(({ time }) => time),
      [0, 1, 2, 3, 4],
    );
    for (const { time, text } of cells) {
      const expected = ids.filter((_, p) => p % 2 === 0 && follow.time[p] >= 365.25 * Number(time)).length;
      assert.equal(text, String(expected), `at ${time} years`);
    }
    const median = (curve.median / 365.25).toPrecision(4);
    assert.ok(
      figure.alternative.includes(`a: n = 30, 20 events, median ${Number(median)} years`),
      figure.alternative,
    );
  });

  it("draws ln(−ln S) over the logarithm of time, where curves of proportional hazards are parallel", () => {
    // Weibull times with hazards of ratio 4: the quantiles are exact, so the distance is ln 4.
    const n = 200;
    const names = Array.from({ length: 2 * n }, (_, i) => `w${i}`);
    const time = names.map((_, i) => (-Math.log(1 - ((i % n) + 0.5) / n) / (i < n ? 1 : 4)) ** 0.7);
    const y = new SurvivalData(
      names,
      time,
      time.map(() => 1),
      "years",
    );
    const by = new Labels(
      names,
      names.map((_, i) => (i < n ? "slow" : "fast")),
    );
    const rows = rowsOf(plot.kaplanMeier(kaplanMeier(y, { by }), { show: "log-log" }), "line");
    const line = (group: string): Row[] => rows.filter((row) => row.group === group);
    const [slow, fast] = [line("slow"), line("fast")];
    // All but the last time, at which nobody is left.
    assert.equal(slow.length, n - 1);
    for (const [i, row] of slow.entries()) {
      assertClose(row.survival, Math.log(-Math.log(1 - (i + 1) / n)), 1e-4);
      assert.equal(row.survival, fast[i].survival);
      assertClose(Number(row.time) / Number(fast[i].time), 4 ** 0.7, 1e-4);
    }
  });

  it("writes shares, censored and events so far beside the numbers at risk", () => {
    const at = (i: number, day: number, event: 0 | 1): boolean =>
      i % 2 === 0 && follow.time[i] <= day && follow.event[i] === event;
    for (const [atRisk, expected] of [
      ["percent", (n: number) => String(Math.round((100 * n) / 30))],
      ["count and percent", (n: number) => `${n} (${Math.round((100 * n) / 30)})`],
      ["with censored", (n: number, day: number) => `${n} (${ids.filter((_, i) => at(i, day, 0)).length})`],
      ["with events", (n: number, day: number) => `${n} (${ids.filter((_, i) => at(i, day, 1)).length})`],
    ] as const) {
      for (const { time, text } of rowsOf(plot.kaplanMeier(km, { atRisk }), "text", 2)) {
        const day = Number(time);
        const left = ids.filter((_, i) => i % 2 === 0 && follow.time[i] >= day).length;
        assert.equal(text, expected(left, day), `${atRisk} at ${day}`);
      }
    }
  });

  it("counts the censored of each time in bars", () => {
    const bars = layersOf(plot.kaplanMeier(km, { censorBars: true, guide: false }))
      .filter(({ mark, data }) => mark.type === "rule" && data.values[0].count !== undefined)
      .flatMap(({ data }) => data.values);
    const drawn = bars.reduce((sum, { count }) => sum + Number(count), 0);
    assert.equal(drawn, follow.length - follow.events);
  });

  it("reads the curves at a time and at a survival, in lines and in words", () => {
    const figure = plot.kaplanMeier(km, { guide: { time: 730, survival: 0.75 } });
    const [a, b] = km.groups;
    const rows = rowsOf(figure, "rule");
    for (const curve of [a, b]) {
      const [{ survival, lower, upper }] = curve.at([730]);
      assert.ok(rows.some((row) => row.from === survival && row.until === 730));
      const words = `survival at 730 days ${survival.toFixed(2)} (${lower.toFixed(2)} to ${upper.toFixed(2)})`;
      assert.ok(figure.alternative.includes(words), figure.alternative);
      const quartile = curve.quantile(0.25).time;
      assert.ok(rows.some((row) => row.time === quartile && row.until === quartile && row.to === 0.75));
    }
    const flat = rowsOf(plot.kaplanMeier(km, { guide: { survival: 0.5, lines: "horizontal" } }), "rule");
    assert.deepEqual([flat.length, flat[0].from, flat[0].to], [1, 0.5, 0.5]);
    assert.throws(() => rowsOf(plot.kaplanMeier(km, { guide: false }), "rule"), /no rule layer/);
  });

  it("draws everybody beside the groups, and several estimates on one axis", () => {
    const all = kaplanMeier(follow, { by: arm, overall: true });
    assert.deepEqual(
      all.groups.map(({ label, n }) => [label, n]),
      [
        ["a", 30],
        ["b", 30],
        ["all", 60],
      ],
    );
    assert.deepEqual(all.groups[2].survival, kaplanMeier(follow).groups[0].survival);
    const both = plot.kaplanMeier({ Overall: kaplanMeier(follow), Arms: km });
    assert.deepEqual(
      [...new Set(rowsOf(both, "line").map(({ group }) => group))],
      ["Overall", "Arms, a", "Arms, b"],
    );
  });

  it("says whom each curve, event and censor mark stands for", () => {
    const figure = plot.kaplanMeier(km, { labels: { a: "Arm A" } });
    assert.deepEqual(Object.keys(figure.groups), ["Arm A", "b"]);
    assert.deepEqual(figure.groups["Arm A"].toSorted(), ids.filter((_, i) => i % 2 === 0).toSorted());
    for (const [mark, event] of [
      ["point", 0],
      ["circle", 1],
    ] as const) {
      const found = rowsOf(figure, mark).flatMap((row) => row.ids as unknown as string[]);
      assert.deepEqual(found.toSorted(), ids.filter((_, i) => follow.event[i] === event).toSorted());
    }
  });

  it("counts case weights, and knows the patients behind them", () => {
    const weights = new Scores(
      ids,
      Float64Array.from(ids, (_, i) => 0.5 + (i % 4) / 4),
    );
    const figure = plot.kaplanMeier(kaplanMeier(follow, { weights }), { atRisk: "count and percent" });
    const whom = rowsOf(figure, "circle").flatMap((row) => row.ids as unknown as string[]);
    assert.deepEqual(whom.toSorted(), ids.filter((_, i) => follow.event[i] === 1).toSorted());
    assert.equal(rowsOf(figure, "text", 1)[0].text, "52.5 (100)");
  });

  it("names the test for trend, and puts p where it was asked for", async () => {
    const figure = plot.kaplanMeier(km, { p: logRankTrend(follow, arm), pAt: [900, 0.5], range: [0, 2] });
    const texts = svgTexts(await figure.svg());
    const p = texts.find(({ text }) => text.startsWith("Log-rank for trend p")) ?? assert.fail("no p");
    const tick = texts.find(({ text }) => text === "1000") ?? assert.fail("no tick");
    assert.match(plot.kaplanMeier(km, { p: "Cox p = 0.02" }).alternative, / Cox p = 0\.02\.$/);
    const zero = texts.find(({ text }) => text === "0") ?? assert.fail("no tick");
    assert.ok(Math.abs((p.x - zero.x) / (tick.x - zero.x) - 0.9) < 0.01, `${p.x}`);
  });

  it("draws the model's mean survival of each group over its steps, up to the end of the axis", () => {
    const age = Float64Array.from(ids, (_, i) => 40 + ((i * 17) % 31));
    const x = indicators(arm).join(new FeatureTable(ids, [{ name: "age", unit: "years", values: age }]));
    const fitted = parametricSurvival({ distribution: "log-logistic" }).fit(x, follow);
    const figure = plot.kaplanMeier(km, { parametric: fitted, timeUnit: "years", until: 8 });
    const [steps, smooth] = [rowsOf(figure, "line", 0), rowsOf(figure, "line", 1)];
    assert.equal(steps.length, 62);
    assert.equal(rowsOf(figure, "area").length, smooth.length, "only the model has a band");
    for (const group of ["a", "b"]) {
      const rows = smooth.filter((row) => row.group === group);
      assert.deepEqual([rows[0].time, rows[0].survival, rows[rows.length - 1].time], [0, 1, 8]);
      const patients = ids.filter((_, i) => arm.values[i] === group);
      for (const row of rows.slice(1)) {
        const each = fitted.survival(x.pick(patients), [Number(row.time) * 365.25]);
        const mean = each.reduce((sum, { survival }) => sum + survival[0], 0) / each.length;
        assertClose(row.survival, mean, 1e-5);
        assert.ok(Number(row.lower) < mean && mean < Number(row.upper));
      }
    }
    assert.match(figure.alternative, /Survival at 8 years by a log-logistic model: a 0\.\d\d \(/);
    const onlySteps = plot.kaplanMeier(km, { parametric: fitted, parametricBand: false, band: "lines" });
    assert.throws(() => rowsOf(onlySteps, "area"), /no area layer/);
    const early = plot.kaplanMeier(km, { parametric: fitted, show: "hazard", range: [0, 0.2] });
    assert.ok(rowsOf(early, "line", 1).every(({ y }) => Number(y) <= 0.2));
  });

  it("refuses a model of other times, events, units or patients", () => {
    const x = indicators(arm);
    const later = new SurvivalData(
      ids,
      follow.time.map((time) => time + 1),
      follow.event,
      "days",
    );
    const weeks = new SurvivalData(ids, follow.time, follow.event, "weeks");
    const other = new SurvivalData(
      ids,
      follow.time,
      follow.event.map((event) => 1 - event),
      "days",
    );
    const half = ids.slice(0, 40);
    for (const [table, y] of [
      [x, later],
      [x, weeks],
      [x, other],
      [x.pick(half), follow.pick(half)],
    ] as const) {
      const parametric = parametricSurvival().fit(table, y);
      assert.throws(
        () => plot.kaplanMeier(km, { parametric }),
        (error) => error instanceof InputError && /not fitted to the follow-up of "a"/.test(error.message),
      );
    }
  });

  it("puts the numbers at risk between the curves and the axis, the other tables under it", async () => {
    const options = { cumulativeEvents: true, timeUnit: "years", timeStep: 1, censorBars: true } as const;
    const figures = [plot.kaplanMeier(km, options), plot.kaplanMeier(km, { ...options, atRiskInside: true })];
    const [below, inside] = await Promise.all(
      figures.map(async (figure) => {
        const texts = svgTexts(await figure.svg());
        const place = (words: string): number =>
          texts.find(({ text }) => text === words)?.y ?? assert.fail(words);
        return {
          axis: place("Time (years)"),
          zero: place("0.00"),
          table: place("Number at risk"),
          events: place("Cumulative events"),
          texts,
        };
      }),
    );
    assert.ok(below.zero < below.axis && below.axis < below.table && below.table < below.events);
    assert.ok(inside.zero < inside.table && inside.table < inside.axis && inside.axis < inside.events);
    assert.deepEqual(inside.texts.map(({ text }) => text).sort(), below.texts.map(({ text }) => text).sort());
    // The curves keep their height.
    const top = (texts: typeof below.texts): number =>
      texts.find(({ text }) => text === "1.00")?.y ?? assert.fail("no tick");
    assert.ok(Math.abs(below.zero - top(below.texts) - (inside.zero - top(inside.texts))) < 0.5);
  });

  for (const [what, make, words] of [
    ["a label of no group", () => plot.kaplanMeier(km, { labels: { c: "C" } }), /labels names "c"/],
    [
      "estimates in other units",
      () => plot.kaplanMeier({ A: km, B: inYears() }),
      /one unit and one confidence/,
    ],
    ["no estimate", () => plot.kaplanMeier({}), /no curve to draw/],
    ["an unknown unit", () => plot.kaplanMeier(km, { timeUnit: "hours" as never }), /timeUnit must be/],
    ["too many ticks", () => plot.kaplanMeier(km, { timeStep: 1 }), /at most 40 ticks/],
    ["a range that falls", () => plot.kaplanMeier(km, { range: [1, 0] }), /two rising numbers/],
    ["a band that nobody sees", () => plot.kaplanMeier(km, { bandOpacity: 0 }), /bandOpacity must/],
    ["an unknown mark", () => plot.kaplanMeier(km, { censorMarks: "star" as never }), /censorMarks must be/],
    ["an unknown table", () => plot.kaplanMeier(km, { atRisk: "some" as never }), /atRisk must be/],
    ["a time beyond the axis", () => plot.kaplanMeier(km, { guide: { time: 9000 } }), /guide.time must/],
    ["a survival of 1", () => plot.kaplanMeier(km, { guide: { survival: 1 } }), /guide.survival must/],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(make, (error) => error instanceof InputError && words.test(error.message));
    });
  }
});

interface Layer {
  readonly mark: { readonly type: string };
  readonly data: { readonly values: readonly Row[] };
}

function layersOf(figure: Figure): readonly Layer[] {
  return figure.spec.layer as unknown as readonly Layer[];
}

function inYears(): ReturnType<typeof kaplanMeier> {
  return kaplanMeier(new SurvivalData(["a", "b"], [1, 2], [1, 1], "years"));
}
