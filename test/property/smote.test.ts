/** SMOTE by its definition: synthetic patients lie between a patient and one of the nearest of the same class. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { smote } from "../../src/model/classification/smote.js";
import { labelsOf } from "../support/outcomes.js";
import { type SmallPatient, smallPatient, smallTable } from "../support/small-patients.js";
import { anyValue, assertSound, soundOrNull } from "../support/sound-results.js";

/** The issue asks for at least this many data sets per family. */
const RUNS = 20_000;

type Point = readonly [number, number];

const patientsOf = (value: fc.Arbitrary<number>, maxLength: number): fc.Arbitrary<readonly SmallPatient[]> =>
  fc.array(smallPatient(value), { maxLength });

describe("SMOTE", function () {
  this.timeout(120_000);

  it("fills every class up with points between neighbors, and leaves the patients as they are", () => {
    const settings = fc.record({
      k: fc.integer({ min: 1, max: 3 }),
      share: fc.constantFrom(0.5, 0.8, 1),
      seed: fc.integer({ min: 0, max: 99 }),
    });
    fc.assert(
      fc.property(patientsOf(fc.integer({ min: -50, max: 50 }), 24), settings, (rows, { k, share, seed }) => {
        const [x, y] = [smallTable(rows), labelsOf(rows.map(({ label }) => label))];
        const found = soundOrNull(() => smote({ k, share, seed }).resample(x, y));
        if (found === null) return;
        const { features, labels } = found;
        assert.deepEqual(features.ids, labels.ids);
        assert.deepEqual(features.ids.slice(0, rows.length), x.ids);
        assert.deepEqual(labels.values.slice(0, rows.length), y.values);
        const before = y.counts;
        const wanted = Math.floor(share * Math.max(...before));
        assert.deepEqual(
          labels.counts,
          before.map((count) => (count === 0 ? 0 : Math.max(count, wanted))),
        );
        const points = features.ids.map(
          (_, row): Point => [features.column("a")[row] as number, features.column("b")[row] as number],
        );
        assert.deepEqual(
          points.slice(0, rows.length),
          rows.map(({ values }) => values),
        );
        points.slice(rows.length).forEach((point, at) => {
          const own = rows.filter(({ label }) => String(label) === labels.values[rows.length + at]);
          const isBetween = own.some(({ values: from }, row) =>
            nearestOf(own, row, k).some((to) => liesBetween(point, from, to)),
          );
          assert.ok(isBetween, `${point.join(", ")} lies between no neighbors`);
        });
      }),
    );
  });

  it(`gives finite values or a typed error, ${RUNS} data sets`, () => {
    let answers = 0;
    fc.assert(
      fc.property(patientsOf(anyValue, 9), (rows) => {
        const y = labelsOf(rows.map(({ label }) => label));
        const found = soundOrNull(() => smote({ k: 1 }).resample(smallTable(rows), y));
        if (found === null) return;
        answers++;
        for (const column of found.features.columns) assertSound(column.values, [], column.name);
      }),
      { numRuns: RUNS },
    );
    assert.ok(answers > RUNS / 20, `only ${answers} of ${RUNS} had an answer`);
  });

  it("draws the same with the same seed, and never takes an id that is there", () => {
    const rows = Array.from(
      { length: 9 },
      (_, row): SmallPatient => ({ label: Number(row > 5), values: [row, row * row] }),
    );
    const x = smallTable(rows);
    const y = labelsOf(rows.map(({ label }) => label));
    const drawn = (seed: number): Float64Array => smote({ k: 2, seed }).resample(x, y).features.column("b");
    assert.deepEqual(drawn(1), drawn(1));
    assert.notDeepEqual(drawn(1), drawn(2));
    const once = smote({ k: 2 }).resample(x, y);
    assert.deepEqual(once.features.ids.slice(-3), ["synthetic/1/1", "synthetic/1/2", "synthetic/1/3"]);
    const few = smote({ k: 2 }).resample(
      once.features.pick(once.features.ids.slice(1)),
      once.labels.pick(once.labels.ids.slice(1)),
    );
    assert.equal(few.features.ids.at(-1), "+synthetic/0/1");
    assert.throws(() => smote({ k: 4 }).resample(x, y), /class "1" has 3 patients: 4 neighbors/);
  });
});

/** All that may count as one of the k nearest others, where distances are equal. */
function nearestOf(own: readonly SmallPatient[], row: number, k: number): readonly Point[] {
  const distance = (at: number): number => {
    const [a, b] = (own[at] as SmallPatient).values;
    const [c, d] = (own[row] as SmallPatient).values;
    return Math.hypot(a - c, b - d);
  };
  const others = own.map((_, at) => at).filter((at) => at !== row);
  const limit = others.map(distance).sort((a, b) => a - b)[k - 1] as number;
  return others.filter((at) => distance(at) <= limit).map((at) => (own[at] as SmallPatient).values);
}

function liesBetween([x, y]: Point, [a, b]: Point, [c, d]: Point): boolean {
  const length = Math.hypot(c - a, d - b);
  if (length === 0) return x === a && y === b;
  const along = ((x - a) * (c - a) + (y - b) * (d - b)) / length / length;
  const aside = Math.abs((x - a) * (d - b) - (y - b) * (c - a)) / length;
  return along >= -1e-9 && along <= 1 + 1e-9 && aside < 1e-9 * (1 + length);
}
