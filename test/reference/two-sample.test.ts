/** Tests of two samples against R and SciPy: stats_two_sample.json, stats_two_sample_scipy.json. */
import assert from "node:assert/strict";
import * as statistics from "../../src/model/statistics/index.js";
import { absence, assertClose, fromR, readInput, readReference } from "../support/modelling-references.js";
import {
  assertInterval,
  assertTest,
  inputColumn,
  P,
  type RTest,
  STATISTIC,
} from "../support/statistics-references.js";

interface RTwoSample {
  readonly n: readonly number[];
  readonly student: RTest;
  readonly welch: RTest;
  readonly welch_less: RTest;
  readonly welch_greater_99: RTest;
  readonly cohen_d: number;
  readonly hedges_g: number;
  readonly var_test: RTest;
  readonly bartlett: RTest;
  readonly levene_median: { readonly F: number; readonly df: readonly number[]; readonly p: number };
  readonly ks: RTest;
  readonly mwu_asymptotic_correct: RTest;
  readonly mwu_asymptotic_nocorrect: RTest;
  readonly mwu_less_correct: RTest;
  readonly mwu_exact_conditional?: { readonly W: number; readonly p: number };
  readonly mwu_exact_R?: RTest;
  readonly coin_exact_p?: number;
  readonly auc_from_u: number;
}

interface SciPyTwoSample {
  readonly mwu_asymptotic: { readonly U: number; readonly p: number };
  readonly mwu_asymptotic_nocorrect: { readonly U: number; readonly p: number };
  readonly mwu_exact?: { readonly U: number; readonly p: number };
  readonly welch: { readonly t: number; readonly p: number; readonly df: number };
  readonly student: { readonly t: number; readonly p: number; readonly df: number };
  readonly ks: { readonly D: number; readonly p: number; readonly method: string };
  readonly hodges_lehmann_median_of_differences: number;
  readonly cliffs_delta: number;
  readonly levene_median: { readonly W: number; readonly p: number };
}

describe("tests of two samples as R and SciPy", () => {
  if (absence !== null) {
    it(`are compared with stats_two_sample.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const byR = readReference<Record<string, RTwoSample>>("stats_two_sample.json");
  const bySciPy = readReference<Record<string, SciPyTwoSample>>("stats_two_sample_scipy.json");

  for (const [name, [x, y]] of Object.entries(samples())) {
    const r = byR[name] as RTwoSample;
    it(`${name}: t tests`, () => {
      assert.deepEqual([x.length, y.length], r.n);
      for (const [found, expected, what] of [
        [statistics.student(x, y), r.student, "Student"],
        [statistics.welch(x, y), r.welch, "Welch"],
        [statistics.welch(x, y, { alternative: "less" }), r.welch_less, "less"],
        [statistics.welch(x, y, { alternative: "greater", confidence: 0.99 }), r.welch_greater_99, "greater"],
      ] as const) {
        assertTest(found, expected, what);
        assertClose(found.degreesOfFreedom, expected.df?.[0] ?? "NaN", STATISTIC, "df");
        assertClose(found.means[0], expected.estimate?.[0] ?? "NaN", STATISTIC, "mean");
        assertClose(found.means[1], expected.estimate?.[1] ?? "NaN", STATISTIC, "mean");
        assertInterval(found.interval, expected.ci, what);
      }
      const { cohenD, hedgesG } = statistics.student(x, y);
      assertClose(cohenD, r.cohen_d, STATISTIC, "Cohen's d");
      assertClose(hedgesG, r.hedges_g, STATISTIC, "Hedges' g");
    });

    it(`${name}: tests of variances`, () => {
      const ratio = statistics.varianceRatio(x, y);
      assertTest(ratio, r.var_test, "F");
      assert.deepEqual(ratio.degreesOfFreedom, r.var_test.df);
      assertInterval(ratio.interval, r.var_test.ci, "ratio");
      assertTest(statistics.bartlett([x, y]), r.bartlett, "Bartlett");
      const levene = statistics.levene([x, y]);
      assertTest(levene, { statistic: r.levene_median.F, p: r.levene_median.p }, "Levene");
      assert.deepEqual(levene.degreesOfFreedom, r.levene_median.df);
    });

    it(`${name}: Kolmogorov–Smirnov test`, () => {
      const found = statistics.kolmogorovSmirnov(x, y, { method: "asymptotic" });
      assertClose(found.statistic, r.ks.statistic, STATISTIC, "D");
      // R takes the tail from 1 and stops the series at 1e-6: absolute, and 0 for a small p.
      assert.ok(Math.abs(found.p - r.ks.p) < 1e-8, `${found.p} is not ${r.ks.p}`);
      const scipy = bySciPy[name]?.ks;
      if (scipy?.method !== "exact") return;
      assertTest(statistics.kolmogorovSmirnov(x, y), { statistic: scipy.D, p: scipy.p }, "exact");
    });

    it(`${name}: Mann–Whitney test`, () => {
      const method = "asymptotic";
      // The shift is compared with SciPy and with R's exact test: R's asymptotic one is that of another definition.
      const corrected = statistics.mannWhitney(x, y, { method });
      assertTest(corrected, r.mwu_asymptotic_correct, "corrected");
      assertTest(
        statistics.mannWhitney(x, y, { method, correct: false }),
        r.mwu_asymptotic_nocorrect,
        "not corrected",
      );
      assertTest(statistics.mannWhitney(x, y, { method, alternative: "less" }), r.mwu_less_correct, "less");
      assertClose(corrected.auc, r.auc_from_u, STATISTIC, "AUC");
      // R's uniroot finds the limits, which are differences of two values, to 1e-4.
      for (const [at, limit] of [corrected.interval.lower, corrected.interval.upper].entries()) {
        const expected = fromR(r.mwu_asymptotic_correct.ci?.[at] ?? "NaN");
        assert.ok(Math.abs(limit - expected) < 1e-4, `limit ${limit} is not ${expected}`);
      }
      if (r.mwu_exact_conditional === undefined) return;
      const exact = statistics.mannWhitney(x, y);
      assert.equal(exact.exact, true);
      assertTest(exact, { statistic: r.mwu_exact_conditional.W, p: r.mwu_exact_conditional.p }, "exact");
      assertClose(exact.p, r.coin_exact_p ?? "NaN", P, "p of coin");
      if (r.mwu_exact_R === undefined) return;
      assertTest(exact, r.mwu_exact_R, "exact by R");
      assertClose(exact.shift, r.mwu_exact_R.estimate?.[0] ?? "NaN", STATISTIC, "shift");
      assertInterval(exact.interval, r.mwu_exact_R.ci, "shift");
    });

    const scipy = bySciPy[name];
    if (scipy === undefined) continue;
    it(`${name}: SciPy agrees`, () => {
      const rank = statistics.mannWhitney(x, y, { method: "asymptotic" });
      assertTest(rank, { statistic: scipy.mwu_asymptotic.U, p: scipy.mwu_asymptotic.p }, "corrected");
      assertClose(rank.shift, scipy.hodges_lehmann_median_of_differences, STATISTIC, "shift");
      assertClose(rank.cliffsDelta, scipy.cliffs_delta, STATISTIC, "delta");
      assertTest(
        statistics.mannWhitney(x, y, { method: "asymptotic", correct: false }),
        { statistic: scipy.mwu_asymptotic_nocorrect.U, p: scipy.mwu_asymptotic_nocorrect.p },
        "not corrected",
      );
      if (scipy.mwu_exact !== undefined) {
        assertTest(
          statistics.mannWhitney(x, y),
          { statistic: scipy.mwu_exact.U, p: scipy.mwu_exact.p },
          "exact",
        );
      }
      assertTest(statistics.welch(x, y), { statistic: scipy.welch.t, p: scipy.welch.p }, "Welch");
      assertTest(statistics.student(x, y), { statistic: scipy.student.t, p: scipy.student.p }, "Student");
      const levene = { statistic: scipy.levene_median.W, p: scipy.levene_median.p };
      assertTest(statistics.levene([x, y]), levene, "Levene");
    });
  }

  it("covers every case of both files", () => {
    const covered = Object.keys(samples());
    const wanted = [...Object.keys(byR), ...Object.keys(bySciPy)].filter(
      (name) => name !== "versions" && name !== "rule",
    );
    assert.deepEqual(
      wanted.filter((name) => !covered.includes(name)),
      [],
    );
  });
});

function samples(): Record<string, readonly [Float64Array, Float64Array]> {
  const texture = inputColumn("breast_cancer.csv", "mean_texture");
  const malignant = inputColumn("breast_cancer.csv", "y");
  const age = inputColumn("lung.csv", "age");
  const sex = inputColumn("lung.csv", "sex");
  // Column 4 of the table, counted from 1, is the first gene.
  const gene = inputColumn("gse7390.csv", readInput("gse7390.csv").names[3] as string);
  const event = inputColumn("gse7390.csv", "event");
  const karno = inputColumn("veteran.csv", "karno");
  const treatment = inputColumn("veteran.csv", "trt");
  return {
    bc_texture_y0_vs_y1: [only(texture, malignant, 0), only(texture, malignant, 1)],
    lung_age_sex1_vs_2: [only(age, sex, 1), only(age, sex, 2)],
    gse_gene1_first12_e1_vs_first15_e0: [
      only(gene, event, 1).slice(0, 12),
      only(gene, event, 0).slice(0, 15),
    ],
    vet_karno_first20_trt1_vs_first18_trt2: [
      only(karno, treatment, 1).slice(0, 20),
      only(karno, treatment, 2).slice(0, 18),
    ],
    tiny_no_ties: [Float64Array.of(1.1, 2.2, 3.3, 4.7), Float64Array.of(2.5, 5.1, 6.6, 7.2, 8.8)],
  };
}

function only(values: Float64Array, by: Float64Array, group: number): Float64Array {
  return values.filter((_, row) => by[row] === group);
}
