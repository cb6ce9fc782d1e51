/** Maximally selected log-rank statistics against R's maxstat (maxstat_cutpoint.json). */
import assert from "node:assert/strict";
import { cut } from "../../src/model/cut.js";
import { logRank } from "../../src/model/log-rank.js";
import { selectCut } from "../../src/model/select-cut.js";
import {
  absence,
  assertAllClose,
  assertClose,
  readInput,
  readReference,
} from "../support/modelling-references.js";

/** The README of the references asks for 1e-9. */
const TOLERANCE = 1e-9;

interface Reference {
  readonly x: string;
  readonly minprop: number;
  readonly maxprop: number;
  readonly statistic: number;
  readonly cutpoint: number;
  readonly cuts: readonly number[];
  readonly stats: readonly number[];
  readonly p: { readonly Lau92: number; readonly Lau94: number };
  readonly logrank_chisq_at_cuts: readonly number[];
  readonly best_logrank_cut: number;
  readonly median_cut: {
    readonly median: number;
    readonly n_low: number;
    readonly n_high: number;
    readonly chisq: number;
    readonly p: number;
  };
}

describe("cut points as maxstat", () => {
  if (absence !== null) {
    it(`are compared with maxstat_cutpoint.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const { versions: _, ...sets } = readReference<Record<string, Reference>>("maxstat_cutpoint.json");
  for (const [name, r] of Object.entries(sets)) {
    const data = () => {
      const cohort = readInput(`${name.split("_")[0]}.csv`);
      return {
        y: cohort.survival({ time: "time", event: "event", unit: "days" }),
        scores: cohort.numeric([r.x]).scores(r.x),
      };
    };

    it(`agree on ${name}: all cuts and statistics, both p values, to ${TOLERANCE}`, () => {
      const { y, scores } = data();
      const found = selectCut(scores, y, { minShare: r.minprop, maxShare: r.maxprop });
      assert.deepEqual(Array.from(found.cuts), r.cuts);
      assertAllClose(found.statistics, r.stats, TOLERANCE, "statistic");
      assert.equal(found.cut, r.cutpoint);
      assertClose(found.statistic, r.statistic, TOLERANCE, "largest statistic");
      // The formulas are bounds that can exceed 1; ours stop there.
      assertClose(found.asymptoticP, Math.min(1, r.p.Lau92), TOLERANCE, "p of 1992");
      // maxstat takes 1 − (Φ(b) − Φ(−b)), which is good to a unit roundoff of 1, not of p.
      const expected = Math.min(1, r.p.Lau94);
      assertClose(found.p, expected, TOLERANCE + Number.EPSILON / expected, "p of 1994");
    });

    it(`agree on ${name}: the log-rank test at every cut, and at the median, to ${TOLERANCE}`, () => {
      const { y, scores } = data();
      const chiSquares = r.cuts.map((at) => logRank(y, cut(scores, at)).chiSquare);
      assertAllClose(chiSquares, r.logrank_chisq_at_cuts, TOLERANCE, "chi-square");
      assert.equal(r.cuts[chiSquares.indexOf(Math.max(...chiSquares))], r.best_logrank_cut);
      const halves = cut(scores);
      assert.deepEqual(halves.counts, [r.median_cut.n_low, r.median_cut.n_high]);
      const test = logRank(y, halves);
      assertClose(test.chiSquare, r.median_cut.chisq, TOLERANCE, "chi-square at the median");
      assertClose(test.p, r.median_cut.p, TOLERANCE, "p at the median");
    });
  }

  it("refuse what cannot be cut, by name", () => {
    const cohort = readInput("lung.csv");
    const y = cohort.survival({ time: "time", event: "event", unit: "days" });
    const age = cohort.numeric(["age"]).scores("age");
    const sex = cohort.numeric(["sex"]).scores("sex");
    assert.throws(() => selectCut(age, y, { minShare: 0.9, maxShare: 0.1 }), /shares must rise/);
    assert.throws(() => selectCut(sex, y, { minShare: 0.1, maxShare: 0.2 }), /no value of "sex"/);
    assert.throws(() => selectCut(age.pick([...age.ids].reverse()), y), /another order/);
    assert.throws(
      () =>
        selectCut(
          age,
          y.where((row) => row.event === 0),
        ),
      /not the same patients/,
    );
  });
});
