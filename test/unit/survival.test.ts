/** What survival models refuse, what they say, and the rules at the edges. */
import assert from "node:assert/strict";
import { DISPLAY, type MimeBundle } from "../../src/core/display.js";
import { InputError, NumericalError } from "../../src/core/errors.js";
import { cox } from "../../src/model/cox.js";
import { cut } from "../../src/model/cut.js";
import { kaplanMeier } from "../../src/model/kaplan-meier.js";
import { logRank } from "../../src/model/log-rank.js";
import { split } from "../../src/model/split.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { Scores } from "../../src/table/scores.js";
import { SurvivalData } from "../../src/table/survival-data.js";

const ids = Array.from({ length: 8 }, (_, row) => `P${row}`);
const time = [1, 2, 3, 4, 5, 6, 7, 8];
const follow = (event: readonly number[], at: readonly number[] = time): SurvivalData =>
  new SurvivalData(ids.slice(0, at.length), at, event, "months");
const y = follow([1, 1, 0, 1, 1, 0, 1, 1]);
const table = (columns: Record<string, readonly number[]>, unit = ""): FeatureTable =>
  new FeatureTable(
    ids,
    Object.entries(columns).map(([name, values]) => ({ name, unit, values: Float64Array.from(values) })),
  );
const age = [3, 1, 4, 1, 5, 9, 2, 6];

describe("Cox regression", () => {
  it("names constant columns, collinear columns and columns with missing values", () => {
    const flat = [2, 2, 2, 2, 2, 2, 2, 2];
    const grade = [1, 2, 1, 3, 2, 2, 1, 3];
    const sum = age.map((value, row) => 2 * value - (grade[row] as number));
    const fitTo = (columns: Record<string, readonly number[]>): unknown => cox().fit(table(columns), y);
    assert.throws(() => fitTo({ age, flat }), /column "flat" \(always 2\) is constant/);
    assert.throws(
      () => fitTo({ age, grade, sum }),
      /"sum" is a linear combination of "age", "grade" \(collinear\)/,
    );
    assert.throws(
      () => fitTo({ age: [...age.slice(1), Number.NaN] }),
      /"age" has no value for 1 of 8 patients: patient "P7"/,
    );
    assert.throws(() => fitTo({}), /no columns/);
  });

  it("names the covariate whose coefficient is infinite", () => {
    const order = [8, 7, 6, 5, 4, 3, 2, 1];
    assert.throws(
      () => cox().fit(table({ order }), y),
      (error) => {
        assert.ok(error instanceof NumericalError);
        assert.match(error.message, /coefficient of "order" grows without limit.*separation/);
        return true;
      },
    );
    // Nobody with the marker has the event, so that its hazard is 0.
    const marker = [0, 0, 1, 0, 0, 1, 0, 0];
    assert.throws(() => cox().fit(table({ age, marker }), y), /coefficient of "marker" grows without limit/);
  });

  it("refuses data without events, and more columns than patients", () => {
    assert.throws(
      () => cox().fit(table({ age }), follow(time.map(() => 0))),
      /none of 8 patients has the event/,
    );
    const many = Object.fromEntries(
      Array.from({ length: 8 }, (_, at) => [`f${at}`, age.map((value) => value ** (at / 3))]),
    );
    assert.throws(() => cox().fit(table(many), y), InputError);
    assert.throws(() => cox({ confidence: 95 }), /confidence must lie between 0 and 1/);
  });

  it("predicts by column name and refuses another unit or an absent column", () => {
    const model = cox().fit(table({ age }, "years"), y);
    const extra = table({ other: time, age }, "years");
    assert.deepEqual(model.predict(extra).values, model.predict(table({ age }, "years")).values);
    assert.throws(() => model.predict(table({ age }, "months")), /fitted on "age" in "years".*"months"/);
    assert.throws(() => model.predict(table({ other: age })), /no column "age"/);
  });

  it("shows a table and a sentence with hazard ratio, interval and p", () => {
    const model = cox().fit(table({ "age<x>": age }, "years"), y);
    assert.match(model.sentence, /8 patients, 6 events\): age<x>, hazard ratio \d\.\d\d \(95 % CI .+, p = /);
    const html = String((Reflect.get(model, DISPLAY) as () => MimeBundle)()["text/html"]);
    assert.ok(html.includes("age&lt;x&gt; (per year)") && !html.includes("<x>"));
  });
});

describe("Kaplan–Meier", () => {
  it("takes the middle of a flat piece at one half as the median, and the rest of the curve if it ends there", () => {
    const median = (at: number[], event: number[]): number | undefined =>
      kaplanMeier(follow(event, at)).groups[0]?.median;
    assert.equal(median([1, 2, 3, 4], [1, 1, 1, 1]), 2.5);
    assert.equal(median([1, 2, 3, 9], [1, 1, 0, 0]), 5.5);
    assert.equal(median([1, 2, 3], [1, 1, 1]), 2);
    assert.ok(Number.isNaN(median([1, 2, 3], [1, 0, 0])));
  });

  it("has no limits where survival is 0 or 1 on the log–log scale", () => {
    const [curve] = kaplanMeier(follow([0, 1, 1], [1, 2, 3])).groups;
    assert.deepEqual(Array.from(curve?.survival ?? []), [1, 0.5, 0]);
    assert.deepEqual(Array.from(curve?.lower ?? [], Number.isNaN), [true, false, true]);
  });
});

describe("log-rank test", () => {
  it("refuses one group, no event, and groups that are never at risk together", () => {
    const half = new Labels(ids, ["a", "a", "a", "a", "b", "b", "b", "b"]);
    assert.throws(
      () =>
        logRank(
          y,
          new Labels(
            ids,
            ids.map(() => "a"),
          ),
        ),
      /at least 2 groups/,
    );
    assert.throws(() => logRank(follow(time.map(() => 0)), half), /nothing to test/);
    const strata = { strata: half };
    assert.throws(() => logRank(y, half, strata), NumericalError);
  });
});

describe("cut and split", () => {
  it("puts scores up to the median low and the others high, and refuses a cut that leaves one side empty", () => {
    const scores = new Scores(ids, Float64Array.from(age));
    assert.deepEqual(cut(scores).values, ["low", "low", "high", "low", "high", "high", "low", "high"]);
    assert.deepEqual(cut(scores, 5, ["A", "B"]).counts, [6, 2]);
    assert.throws(() => cut(scores, 9), /one side of 9/);
    assert.throws(() => cut(new Scores(ids, new Float64Array(8))), /no two groups/);
  });

  it("gives the same split for the same seed and another for another", () => {
    const x = table({ age });
    const parts = [1, 1, 2, 3, 4].map((seed) => split(x, y, { test: 0.5, seed }).test.y.ids.join());
    assert.equal(parts[0], parts[1]);
    assert.ok(new Set(parts).size > 1);
    const { train, test } = split(x, y, { test: 0.25, seed: 7 });
    assert.deepEqual([train.y.length, test.y.length], [6, 2]);
    assert.throws(() => split(x, y, { test: 1.5, seed: 7 }), /between 0 and 1/);
    assert.throws(() => split(x, y, { test: 0.01, seed: 7 }), /one part empty/);
  });
});
