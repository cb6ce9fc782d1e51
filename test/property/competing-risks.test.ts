/** Competing risks on any small data set: curves that add up, errors by definition, tests that do not depend on the order. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import { cumulativeIncidence } from "../../src/model/cumulative-incidence.js";
import { grayTest } from "../../src/model/gray-test.js";
import { kaplanMeier } from "../../src/model/kaplan-meier.js";
import { Labels } from "../../src/table/labels.js";
import { soundOrNull } from "../support/sound-results.js";
import { groupsOf, idsOf, type Patient, patients, survivalOf } from "../support/survival-generators.js";

/** The issue asks for at least this many data sets per family. */
const RUNS = 20_000;

describe("competing risks", () => {
  it(`curves add up to 1, their errors are those of the definition, ${RUNS} data sets`, () => {
    fc.assert(
      fc.property(patients, (rows) => {
        fc.pre(rows.some((row) => row.event === 1));
        const [group] = cumulativeIncidence(survivalOf(rows), causesOf(rows)).groups;
        assert.ok(group !== undefined);
        const expected = errorsByDefinition(rows, group.time);
        group.time.forEach((_, at) => {
          const sum = group.causes.reduce((total, one) => total + (one.incidence[at] as number), 0);
          assertNear(sum + (group.survival[at] as number), 1);
          assertNear(group.survivalError[at] as number, expected.survival[at] as number);
          for (const one of group.causes) {
            assertNear(
              one.standardError[at] as number,
              (expected.causes.get(one.cause) as number[])[at] as number,
            );
            assert.ok(Number.isFinite(one.aalenError[at]) && (one.aalenError[at] as number) >= 0);
          }
        });
      }),
      { numRuns: RUNS },
    );
  });

  it("with one kind of event the incidence is what Kaplan and Meier's curve has lost", () => {
    fc.assert(
      fc.property(patients, (rows) => {
        fc.pre(rows.some((row) => row.event === 1));
        const y = survivalOf(rows);
        const one = new Labels(
          y.ids,
          rows.map(() => "death"),
        );
        const [group] = cumulativeIncidence(y, one).groups;
        const [curve] = kaplanMeier(y).groups;
        group?.causes[0]?.incidence.forEach((value, at) => {
          assertNear(value, 1 - (curve?.survival[at] as number));
        });
      }),
      { numRuns: 2000 },
    );
  });

  it(`Gray's test is a number or a typed error, the same whichever group comes last, ${RUNS} data sets`, () => {
    let tested = 0;
    fc.assert(
      fc.property(patients, (rows) => {
        const y = survivalOf(rows);
        const groups = groupsOf(rows);
        const turned = new Labels(groups.ids, groups.values, { classes: [...groups.classes].reverse() });
        const tests = soundOrNull(() => grayTest(y, causesOf(rows), groups));
        if (tests === null) return;
        tested++;
        for (const { chiSquare, p, logP } of tests) {
          assert.ok(
            Number.isFinite(chiSquare) && chiSquare >= -1e-9 && p >= 0 && p <= 1 && Number.isFinite(logP),
          );
        }
        const again = soundOrNull(() => grayTest(y, causesOf(rows), turned));
        const isStable = groups.counts.filter((count) => count > 0).length === 2;
        if (isStable && again !== null) {
          tests.forEach(({ chiSquare }, c) => {
            assert.ok(Math.abs(chiSquare - (again[c]?.chiSquare ?? 0)) <= 1e-6 * (1 + chiSquare));
          });
        }
      }),
      { numRuns: RUNS },
    );
    assert.ok(tested > RUNS / 10, `only ${tested} of ${RUNS} data sets could be tested`);
  });

  it("refuses other patients, and follow-up without events", () => {
    const rows: Patient[] = [1, 2, 3, 4].map((time) => ({
      time,
      event: 1,
      group: time % 2 === 0 ? "a" : "b",
      values: [0],
    }));
    const y = survivalOf(rows);
    const other = causesOf(rows).pick([...y.ids].reverse());
    assert.throws(() => cumulativeIncidence(y, other), /another order/);
    assert.throws(() => grayTest(y, causesOf(rows), groupsOf(rows).pick([...y.ids].reverse())), InputError);
    const none = survivalOf(rows.map((row) => ({ ...row, event: 0 as const })));
    assert.throws(() => cumulativeIncidence(none, causesOf(rows)), /none of 4 patients/);
  });
});

/** The sign of the second value tells the kind of event. */
function causesOf(rows: readonly Patient[]): Labels {
  return new Labels(
    idsOf(rows),
    rows.map((row) => ((row.values[0] as number) > 0 ? "relapse" : "death")),
    { name: "cause" },
  );
}

/** Root of the summed squared derivatives by each patient's weight, patient by patient and time by time. */
function errorsByDefinition(
  rows: readonly Patient[],
  times: Float64Array,
): { readonly survival: number[]; readonly causes: ReadonlyMap<string, number[]> } {
  const cause = causesOf(rows);
  const names = [...new Set(cause.values)];
  const square = new Map(["", ...names].map((name) => [name, times.map(() => 0)]));
  rows.forEach((own, i) => {
    let survival = 1;
    let s = 0;
    const f = new Map(names.map((name) => [name, 0]));
    times.forEach((time, at) => {
      const n = rows.filter((row) => row.time >= time).length;
      const rateOf = (name: string): number =>
        rows.filter((row, j) => row.time === time && row.event === 1 && cause.values[j] === name).length / n;
      const slopeOf = (name: string): number =>
        ((own.time === time && own.event === 1 && cause.values[i] === name ? 1 : 0) -
          (own.time >= time ? rateOf(name) : 0)) /
        n;
      const all = names.reduce((sum, name) => sum + rateOf(name), 0);
      const slope = names.reduce((sum, name) => sum + slopeOf(name), 0);
      for (const name of names) {
        f.set(name, (f.get(name) as number) + s * rateOf(name) + survival * slopeOf(name));
        (square.get(name) as Float64Array)[at] =
          ((square.get(name) as Float64Array)[at] as number) + (f.get(name) as number) ** 2;
      }
      s = s * (1 - all) - survival * slope;
      survival *= 1 - all;
      (square.get("") as Float64Array)[at] = ((square.get("") as Float64Array)[at] as number) + s ** 2;
    });
  });
  const rootOf = (name: string): number[] => Array.from(square.get(name) as Float64Array, Math.sqrt);
  return { survival: rootOf(""), causes: new Map(names.map((name) => [name, rootOf(name)])) };
}

/** Square roots of sums that cancel keep half of the digits. */
function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-7, `${actual} is not ${expected}`);
}
