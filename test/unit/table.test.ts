/** Feature tables, survival data, labels and cohorts: rows keep their patients, and what is wrong is named. */
import assert from "node:assert/strict";
import { DISPLAY, type MimeBundle, type ShownTable, TABLE } from "../../src/core/display.js";
import { InputError } from "../../src/core/errors.js";
import { Cohort } from "../../src/table/cohort.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { SurvivalData } from "../../src/table/survival-data.js";

const ids = ["P1", "P2", "P3"];
const column = (name: string, ...values: number[]) => ({ name, unit: "", values: Float64Array.from(values) });
const table = new FeatureTable(ids, [
  { name: "volume", unit: "mm3", values: Float64Array.of(10, 30, 20) },
  column("contrast", 1, Number.NaN, 3),
]);
const cohort = new Cohort(ids, [
  { name: "months", cells: ["12", "", "3.5"] },
  { name: "dead", cells: ["1", "0", "true"] },
  { name: "stage", cells: ["10", "2", "2"] },
  { name: "note", cells: ["x", "y", ""] },
]);

describe("feature table", () => {
  it("refuses ids that repeat, columns that repeat, and columns of another length", () => {
    assert.throws(() => new FeatureTable(["a", "a"], []), /id "a" occurs twice, in rows 1 and 2/);
    assert.throws(() => new FeatureTable([""], []), /row 1 has no id/);
    assert.throws(() => new FeatureTable(ids, [column("v", 1, 2)]), /"v" has 2 values for 3 ids/);
    assert.throws(
      () => new FeatureTable(ids, [column("v", 1, 2, 3), column("v", 1, 2, 3)]),
      /"v" occurs twice/,
    );
  });

  it("joins columns only of the same patients in the same order", () => {
    const other = new FeatureTable(ids, [column("energy", 7, 8, 9)]);
    assert.deepEqual(table.join(other).names, ["volume", "contrast", "energy"]);
    const turned = other.pick(["P3", "P2", "P1"]);
    assert.throws(() => table.join(turned), /same patients in another order: row 1 is "P1" v. "P3"/);
    assert.throws(() => table.join(other.pick(["P1", "P2"])), /the right table lacks patient "P3"/);
    assert.throws(() => table.join(table), /"volume" occurs twice/);
    assert.deepEqual(Array.from(turned.pick(ids).column("energy")), [7, 8, 9]);
  });

  it("keeps values with their patients when rows are filtered", () => {
    const large = table.where((row) => row.volume > 15);
    assert.deepEqual(large.ids, ["P2", "P3"]);
    assert.deepEqual(Array.from(large.column("volume")), [30, 20]);
    assert.throws(() => table.where((row) => row.volum > 15), /no column "volum".*volume, contrast/);
  });

  it("offers patients to choose, but never the features that describe() has a row for", () => {
    const key = (of: FeatureTable): unknown =>
      (of as unknown as Record<symbol, () => ShownTable>)[TABLE]().columns[0];
    assert.deepEqual(key(table), { name: "id", values: ids, key: true, selectable: true });
    const summary = table.describe();
    const names = ["volume", "contrast"];
    for (const of of [
      summary,
      summary.select(["mean", "sd"]),
      summary.where(() => true),
      summary.pick(names),
    ])
      assert.deepEqual(key(of), { name: "feature", values: names, key: true });
  });

  it("describes each column, missing values apart", () => {
    const summary = table.describe();
    assert.deepEqual(summary.ids, ["volume", "contrast"]);
    assert.deepEqual(Array.from(summary.column("n")), [3, 2]);
    assert.deepEqual(Array.from(summary.column("missing")), [0, 1]);
    assert.deepEqual(Array.from(summary.column("median")), [20, 2]);
    assert.deepEqual(Array.from(summary.column("q1")), [15, 1.5]);
    assert.deepEqual(Array.from(summary.column("sd")), [10, Math.SQRT2]);
  });

  it("shows 10 rows and columns of a large table, escaped, and says what it hides", () => {
    const many = Array.from({ length: 100_000 }, (_, row) => `<${row}>`);
    const wide = Array.from({ length: 40 }, (_, at) => ({
      name: `f${at}`,
      unit: "HU",
      values: new Float64Array(many.length),
    }));
    const html = String(shown(new FeatureTable(many, wide))["text/html"]);
    assert.equal(html.match(/<tr>/g)?.length, 11);
    assert.ok(html.includes("&lt;0&gt;") && !html.includes("<0>"));
    assert.ok(html.includes("f9 (HU)") && !html.includes("f10"));
    assert.ok(html.includes("99990 more rows") && html.includes("30 more columns"));
  });
});

describe("tables to sort and page", () => {
  const shownTable = (value: object): ShownTable => (value as Record<symbol, () => ShownTable>)[TABLE]();

  it("are the ids and all columns of a feature table, not copied", () => {
    const { rowCount, columns } = shownTable(table);
    assert.equal(rowCount, 3);
    assert.deepEqual(
      columns.map(({ name, unit, key }) => [name, unit, key]),
      [
        ["id", undefined, true],
        ["volume", "mm3", undefined],
        ["contrast", "", undefined],
      ],
    );
    assert.equal(columns[1].values, table.columns[0].values);
  });

  it("are a cohort's cells, numbers where all cells of a column are", () => {
    assert.deepEqual(
      shownTable(cohort).columns.map(({ values }) => [...(values as unknown[])]),
      [ids, [12, null, 3.5], ["1", "0", "true"], [10, 2, 2], ["x", "y", null]],
    );
  });

  it("do not change what a value prints", () => {
    assert.equal(Object.prototype.propertyIsEnumerable.call(table, TABLE), false);
  });
});

describe("survival data", () => {
  it("refuses bad times, bad events and unequal lengths, naming the patient", () => {
    const make = (time: number[], event: number[]): SurvivalData =>
      new SurvivalData(ids, time, event, "months");
    assert.throws(() => make([1, -2, 3], [1, 0, 1]), /patient P2 has -2 months/);
    assert.throws(() => make([1, Number.NaN, 3], [1, 0, 1]), /patient P2 has NaN months/);
    assert.throws(() => make([1, 2, 3], [1, 2, 1]), /patient P2 has 2/);
    assert.throws(() => make([1, 2], [1, 0, 1]), /found 2 times and 3 events/);
    assert.throws(() => new SurvivalData(ids, [1, 2, 3], [1, 0, 1], "hours" as "days"), /one of days, weeks/);
  });

  it("counts events and keeps rows together", () => {
    const y = new SurvivalData(ids, [1, 2, 3], [true, false, true], "months");
    assert.equal(y.events, 2);
    assert.deepEqual(Array.from(y.pick(["P3", "P2"]).time), [3, 2]);
    assert.deepEqual(y.where((row) => row.event === 1).ids, ["P1", "P3"]);
    assert.throws(() => y.pick(["P9"]), /no patient "P9"/);
  });
});

describe("labels", () => {
  it("sorts classes by number or by letter, or keeps the order that is given", () => {
    assert.deepEqual(new Labels(ids, ["10", "9", "10"]).classes, ["9", "10"]);
    assert.deepEqual(new Labels(ids, ["b", "a", "b"]).classes, ["a", "b"]);
    const given = new Labels(ids, ["low", "high", "low"], { classes: ["low", "high", "none"] });
    assert.deepEqual(given.counts, [2, 1, 0]);
    assert.throws(() => new Labels(ids, ["a", "b", "c"], { classes: ["a", "b"] }), /patient P3 has "c"/);
  });
});

describe("cohort", () => {
  it("names the patients whose follow-up is missing, and the remedy", () => {
    const columns = { time: "months", event: "dead", unit: "months" } as const;
    assert.throws(
      () => cohort.survival(columns),
      /"months" is empty for 1 of 3 patients: patient "P2".*complete/,
    );
    const known = cohort.complete(["months", "dead"]);
    assert.deepEqual(known.notes, ["1 of 3 patients dropped for missing values (months 1)"]);
    const y = known.survival(columns);
    assert.deepEqual(
      [y.ids, Array.from(y.time), Array.from(y.event)],
      [
        ["P1", "P3"],
        [12, 3.5],
        [1, 1],
      ],
    );
  });

  it("names the cell that is not a number or not an event", () => {
    assert.throws(() => cohort.numeric(["note"]), /patient P1, column "note": "x" is not a number/);
    assert.throws(
      () => cohort.pick(["P1"]).survival({ time: "months", event: "note", unit: "days" }),
      /"x" is not an event.*happened: \["x"\]/,
    );
    const y = cohort
      .pick(["P1", "P3"])
      .survival({ time: "months", event: "stage", unit: "days", happened: ["10"] });
    assert.deepEqual(Array.from(y.event), [1, 0]);
  });

  it("gives numbers with units and missing values, classes and filtered rows", () => {
    const months = cohort.numeric(["months"], { units: { months: "mo" } });
    assert.equal(months.unit("months"), "mo");
    assert.deepEqual(Array.from(months.column("months")), [12, Number.NaN, 3.5]);
    assert.deepEqual(cohort.labels("stage").classes, ["2", "10"]);
    assert.throws(() => cohort.labels("note"), InputError);
    const rows = cohort.where((row, text) => row.stage < 5 && text.note === "y");
    assert.deepEqual(rows.ids, ["P2"]);
    // @ts-expect-error a misspelt column does not even compile
    assert.throws(() => cohort.where((row) => row.stag > 1), /no column "stag"/);
  });
});

function shown(value: object): MimeBundle {
  return (Reflect.get(value, DISPLAY) as () => MimeBundle)();
}
