/** Screening, filters, stability selection and harmonization: by their definitions, and on any small data set. */
import assert from "node:assert/strict";
import fc from "fast-check";
import * as statistics from "../../src/model/statistics/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { assertClose } from "../support/modelling-references.js";
import { labelsOf, rowIds } from "../support/outcomes.js";
import { anyValue, assertSound, soundOrNull } from "../support/sound-results.js";

const RUNS = 20_000;
/** Of the comparison of screening with the tests that it repeats, which have their own 20,000. */
const PARITY_RUNS = 4000;
const ALONE = { student: statistics.student, welch: statistics.welch } as const;
/** One pass over the values instead of two costs a few digits. */
const ROUNDING = 1e-9;

interface Member {
  readonly label: number;
  readonly values: readonly [number, number, number];
}

const members = fc.array(
  fc.record({ label: fc.integer({ min: 0, max: 1 }), values: fc.tuple(anyValue, anyValue, anyValue) }),
  { maxLength: 10 },
);

function tableOf(rows: readonly Member[]): FeatureTable {
  return new FeatureTable(
    rowIds(rows.length),
    ["a", "b", "c"].map((name, at) => ({
      name,
      unit: "mm",
      values: Float64Array.from(rows, (row) => row.values[at] as number),
    })),
  );
}

describe("selection of features", function () {
  // Tens of thousands of data sets take a minute on a busy machine.
  this.timeout(300_000);

  it(`screening gives for each column what its test alone gives, ${PARITY_RUNS} data sets`, () => {
    let compared = 0;
    fc.assert(
      fc.property(members, (rows) => {
        const [x, y] = [tableOf(rows), labelsOf(rows.map(({ label }) => label))];
        for (const test of ["student", "welch", "mann-whitney"] as const) {
          const found = soundOrNull(() => statistics.screen(x, y, { test, adjustment: "none" }));
          if (found === null) continue;
          x.columns.forEach(({ name, values }, at) => {
            const groups = Object.values(statistics.byClass({ ids: x.ids, values }, y));
            const [first = new Float64Array(), second = new Float64Array()] = groups;
            const alone = soundOrNull(() =>
              test === "mann-whitney"
                ? statistics.mannWhitney(first, second, { method: "asymptotic" })
                : ALONE[test](first, second),
            );
            const p = found.p[at] as number;
            assert.equal(found.untested.includes(name), Number.isNaN(p));
            if (alone === null || Number.isNaN(p)) return;
            compared++;
            const scale = Math.max(...[...values].map(Math.abs));
            // Near-constant groups leave no digits to compare.
            if (test !== "mann-whitney" && (scale > 1e3 || Math.abs(alone.statistic) > 1e5)) return;
            assertClose(p, alone.p, ROUNDING, `${test}: p`);
          });
        }
      }),
      { numRuns: PARITY_RUNS },
    );
    assert.ok(compared > PARITY_RUNS);
  });

  it("screening finds the tail of Student's t for any t", () => {
    // 12 patients, whose groups lie ever further apart: p from 1 to 1e-30.
    for (let distance = 0; distance < 2000; distance = distance * 1.5 + 0.01) {
      const values = Float64Array.from({ length: 12 }, (_, row) => (row % 3) + (row < 6 ? 0 : distance));
      const x = new FeatureTable(rowIds(12), [{ name: "x", unit: "", values }]);
      const y = labelsOf(Array.from({ length: 12 }, (_, row) => (row < 6 ? 0 : 1)));
      const found = statistics.screen(x, y, { test: "student" });
      const alone = statistics.student(values.slice(0, 6), values.slice(6));
      assertClose(found.p[0] as number, alone.p, 1e-10, `p at ${distance}`);
    }
  });

  it("a filter of reproducible features takes repetitions that differ by a constant as the limit of a vanishing error", () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6];
    const forms = ["ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"] as const;
    const table = (by: number, noise = 0): FeatureTable =>
      new FeatureTable(rowIds(8), [
        {
          name: "shifted",
          unit: "",
          values: Float64Array.from(values, (v, i) => v + by + noise * Math.sin(i)),
        },
        { name: "same", unit: "", values: Float64Array.from(values, (v) => v ** 2) },
      ]);
    for (const [shift, form, by] of [0.01, 0.3, 2, 40].flatMap((shift) =>
      forms.flatMap((form) => (["value", "lower"] as const).map((by) => [shift, form, by] as const)),
    )) {
      // The error is not taken to 0, only near it: the estimate and its interval go to a limit.
      const near = statistics.icc([table(0), table(shift, 1e-6)].map((one) => one.column("shifted")))[form];
      const limit = by === "lower" ? near.interval.lower : near.value;
      const filtered = (above: number): readonly string[] =>
        statistics.iccFilter([table(0), table(shift)], { above, form, by }).kept;
      const gap = 1e-4;
      if (limit - gap > -1) {
        assert.ok(filtered(limit - gap).includes("shifted"), `${form} ${by} of ${shift}: ${limit}`);
      }
      if (limit + gap < 1 && limit + gap > -1)
        assert.ok(!filtered(limit + gap).includes("shifted"), `${form} ${by} of ${shift}`);
      assert.ok(filtered(0.99).includes("same"));
    }
  });

  it(`filters and harmonization are sound, ${RUNS} data sets`, () => {
    let harmonized = 0;
    fc.assert(
      fc.property(members, (rows) => {
        const [x, batch] = [tableOf(rows), labelsOf(rows.map(({ label }) => label))];
        for (const work of [
          () => statistics.varianceFilter(x),
          () => statistics.correlationFilter(x, { from: 0.8 }),
          () => statistics.iccFilter([x, x.select(["c", "b", "a"])], { by: "value" }),
        ]) {
          const filter = soundOrNull(work);
          if (filter === null) continue;
          assert.deepEqual([...filter.kept, ...filter.dropped.map(({ feature }) => feature)].sort(), [
            "a",
            "b",
            "c",
          ]);
        }
        const fitted = soundOrNull(() => statistics.combat(x, batch));
        if (fitted === null) return;
        harmonized++;
        assertSound(fitted.apply(x, batch).columns);
      }),
      { numRuns: RUNS },
    );
    assert.ok(harmonized > RUNS / 10, `only ${harmonized} data sets were harmonized`);
  });

  it("the correlation filter leaves no pair at or above its limit, and drops nothing without reason", () => {
    const clean = fc.array(fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 0, max: 4 }))), {
      minLength: 4,
      maxLength: 9,
    });
    fc.assert(
      fc.property(clean, (values) => {
        const x = tableOf(values.map((row) => ({ label: 0, values: row as [number, number, number] })));
        const { kept, dropped } = statistics.correlationFilter(x, { from: 0.7 });
        const rho = (a: string, b: string): number | undefined =>
          soundOrNull(() => statistics.spearman(x.column(a), x.column(b)))?.rho;
        for (const a of kept) {
          for (const b of kept) if (a !== b) assert.ok(Math.abs(rho(a, b) ?? 1) < 0.7);
        }
        for (const { feature, reason } of dropped) {
          const repeated = kept.some((other) => Math.abs(rho(feature, other) ?? 0) >= 0.7 - 1e-9);
          assert.ok(repeated || reason === "constant", reason);
        }
      }),
    );
  });

  it("harmonization brings batches that only differ by shift and scale together, and leaves covariates' effects", () => {
    const n = 60;
    const batch = labelsOf(Array.from({ length: n }, (_, row) => row % 2));
    const age = Float64Array.from({ length: n }, (_, row) => (row * 7) % 31);
    const noise = (row: number, f: number): number => Math.sin(row * (f + 1.7) + f);
    const x = new FeatureTable(
      rowIds(n),
      Array.from({ length: 20 }, (_, f) => ({
        name: `f${f}`,
        unit: "",
        values: Float64Array.from({ length: n }, (__, row) => {
          const clean = noise(row, f) + 0.2 * (age[row] as number);
          return row % 2 === 0 ? clean : 2 * noise(row, f) + 0.2 * (age[row] as number) + 5;
        }),
      })),
    );
    const covariates = new FeatureTable(rowIds(n), [{ name: "age", unit: "years", values: age }]);
    const found = statistics.combat(x, batch, { covariates }).apply(x, batch, covariates);
    let shift = 0;
    let slope = 0;
    for (const { values } of found.columns) {
      const groups = Object.values(statistics.byClass({ ids: x.ids, values }, batch));
      const means = groups.map((group) => group.reduce((sum, value) => sum + value, 0) / group.length);
      shift += Math.abs((means[1] as number) - (means[0] as number)) / 20;
      slope += statistics.pearson(values, age).r / 20;
    }
    assert.ok(shift < 0.5, `the batches are still ${shift} apart`);
    assert.ok(slope > 0.6, `the correlation with age is ${slope}`);
    assert.throws(() => statistics.combat(x, batch).apply(x, labelsOf(age)), /has not seen/);
    assert.throws(() => statistics.combat(x, batch, { covariates }).apply(x, batch), /give them here too/);
    const confounded = new FeatureTable(rowIds(n), [
      { name: "scanner", unit: "", values: Float64Array.from(batch.codes) },
    ]);
    assert.throws(
      () => statistics.combat(x, batch, { covariates: confounded }),
      /cannot be told from that of the batches/,
    );
  });

  it("stability selection counts how often a feature is selected, the same for the same seed", () => {
    const x = tableOf(
      Array.from({ length: 20 }, (_, row) => ({
        label: 0,
        values: [(row % 2) + Math.sin(9 * row) / 9, Math.sin(row), Math.cos(3 * row)] as const,
      })),
    );
    const y = labelsOf(Array.from({ length: 20 }, (_, row) => row % 2));
    const select = (part: FeatureTable, of: typeof y): readonly string[] =>
      statistics.mrmr(part, of, { count: 1 }).selected;
    const run = (seed: number): statistics.Stability =>
      statistics.stabilitySelection(x, y, select, { draws: 40, seed });
    const found = run(1);
    assert.deepEqual(found.stable(0.9), ["a"]);
    assert.ok(Math.abs(found.frequency.reduce((sum, value) => sum + value, 0) - 1) < 1e-12);
    assert.deepEqual(run(1).frequency, found.frequency);
    const sizes = new Set<number>();
    statistics.stabilitySelection(x, y, (part) => {
      sizes.add(part.length);
      return [];
    });
    assert.deepEqual([...sizes], [10]);
    assert.throws(() => statistics.stabilitySelection(x, y, () => ["z"]), /no such column/);
  });

  it("names why a feature was dropped", () => {
    const x = new FeatureTable(rowIds(4), [
      { name: "flat", unit: "", values: Float64Array.of(1, 1, 1, 1) },
      { name: "hole", unit: "", values: Float64Array.of(1, Number.NaN, 3, 4) },
      { name: "good", unit: "", values: Float64Array.of(1, 5, 3, 4) },
      { name: "copy", unit: "", values: Float64Array.of(2, 10, 6, 8) },
    ]);
    assert.deepEqual(statistics.correlationFilter(x).dropped, [
      { feature: "flat", reason: "constant" },
      { feature: "hole", reason: "missing or infinite values" },
      { feature: "copy", reason: "correlation 1 with good" },
    ]);
    const { untested } = statistics.screen(x, labelsOf([0, 0, 1, 1]));
    assert.deepEqual(untested, ["flat", "hole"]);
  });
});
