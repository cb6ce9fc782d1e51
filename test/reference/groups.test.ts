/** Tests of k groups and of pairs against R: stats_k_sample.json, stats_paired_bland_altman.json, stats_p_adjust.json. */
import assert from "node:assert/strict";
import * as statistics from "../../src/model/statistics/index.js";
import {
  absence,
  assertAllClose,
  assertClose,
  fromR,
  type RNumber,
  readInput,
  readReference,
} from "../support/modelling-references.js";
import {
  assertInterval,
  assertTest,
  completeColumns,
  inputColumn,
  P,
  type RTest,
  STATISTIC,
} from "../support/statistics-references.js";

interface FTest {
  readonly F: number;
  readonly df: readonly number[];
  readonly p: number;
}

interface KSamples {
  readonly n: readonly number[];
  readonly anova: FTest & { readonly eta2: number };
  readonly welch_anova: RTest;
  readonly kruskal: RTest;
  readonly bartlett: RTest;
  readonly fligner: RTest;
  readonly pairwise_t_holm_pooled: readonly number[];
  readonly pairwise_wilcox_BH: readonly number[];
}

interface Pairs {
  readonly x?: readonly number[];
  readonly y?: readonly number[];
  readonly n: number;
  readonly t_paired: RTest;
  readonly t_one_sample_mu0: RTest;
  readonly signed_rank_asymptotic_correct: RTest;
  readonly signed_rank_asymptotic_nocorrect: RTest;
  readonly zeros: number;
  readonly signed_rank_exact_conditional: { readonly V: number; readonly p: number };
  readonly signed_rank_exact_R?: RTest;
  readonly coin_pratt_z: number;
  readonly coin_pratt_p: number;
  readonly sign_test: RTest;
  readonly bland_altman: {
    readonly bias: number;
    readonly sd: number;
    readonly loa: readonly number[];
    readonly loa_z: readonly number[];
    readonly bias_ci: readonly number[];
    readonly loa_lower_ci_approx: readonly number[];
    readonly loa_upper_ci_approx: readonly number[];
    readonly slope_diff_on_mean: number;
  };
  readonly lin_ccc: number;
}

const METHODS = {
  bonferroni: "bonferroni",
  holm: "holm",
  hochberg: "hochberg",
  hommel: "hommel",
  BH: "benjamini-hochberg",
  BY: "benjamini-yekutieli",
} as const;

describe("tests of groups and pairs as R", () => {
  if (absence !== null) {
    it(`are compared with stats_k_sample.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }

  const byGroups = readReference<Record<string, KSamples>>("stats_k_sample.json");
  for (const [name, groups] of Object.entries(groupCases())) {
    const r = byGroups[name] as KSamples;
    const names = Object.keys(groups);
    it(`${name}: ${names.length} groups`, () => {
      assert.deepEqual(
        names.map((key) => groups[key]?.length),
        r.n,
      );
      const anova = statistics.anova(groups);
      assertTest(anova, { statistic: r.anova.F, p: r.anova.p }, "anova");
      assert.deepEqual(anova.degreesOfFreedom, r.anova.df);
      assertClose(anova.etaSquared, r.anova.eta2, STATISTIC, "eta²");
      const welch = statistics.welchAnova(groups);
      assertTest(welch, r.welch_anova, "Welch's anova");
      assertAllClose(welch.degreesOfFreedom, r.welch_anova.df ?? [], STATISTIC, "df");
      const kruskal = statistics.kruskalWallis(groups);
      assertTest(kruskal, r.kruskal, "Kruskal–Wallis");
      assert.equal(kruskal.degreesOfFreedom, r.kruskal.df?.[0]);
      assertTest(statistics.bartlett(groups), r.bartlett, "Bartlett");
      assertTest(statistics.fligner(groups), r.fligner, "Fligner");
      const t = statistics.pairwise(groups, { test: "t", adjustment: "holm" });
      const ranks = statistics.pairwise(groups, { adjustment: "benjamini-hochberg" });
      const adjusted = (found: typeof t): number[] => found.pairs.map((pair) => pair.adjusted);
      assertAllClose(adjusted(t), r.pairwise_t_holm_pooled, P, "pairwise t");
      assertAllClose(adjusted(ranks), r.pairwise_wilcox_BH, P, "pairwise ranks");
    });
  }

  const byPairs = readReference<Record<string, Pairs>>("stats_paired_bland_altman.json");
  for (const [name, r] of Object.entries(byPairs)) {
    if (name === "versions") continue;
    const [x, y] = pairCases(name, r);
    it(`${name}: paired tests`, () => {
      assert.equal(x.length, r.n);
      for (const [found, expected] of [
        [statistics.pairedT(x, y), r.t_paired],
        [statistics.oneSampleT(x.map((value, at) => value - (y[at] as number))), r.t_one_sample_mu0],
      ] as const) {
        assertTest(found, expected, found.method);
        assertInterval(found.interval, expected.ci, found.method);
      }
      const method = "asymptotic";
      const corrected = statistics.wilcoxonSignedRank(x, y, { method });
      assertTest(corrected, r.signed_rank_asymptotic_correct, "corrected");
      assert.equal(corrected.zeros, r.zeros);
      const plain = statistics.wilcoxonSignedRank(x, y, { method, correct: false });
      assertTest(plain, r.signed_rank_asymptotic_nocorrect, "not corrected");
      const exact = statistics.wilcoxonSignedRank(x, y, { method: "exact" });
      const { V, p } = r.signed_rank_exact_conditional;
      assertTest(exact, { statistic: V, p }, "exact");
      if (r.signed_rank_exact_R !== undefined) assertTest(exact, r.signed_rank_exact_R, "exact by R");
      const pratt = statistics.wilcoxonSignedRank(x, y, { method, zeros: "pratt" });
      assertClose(pratt.z, r.coin_pratt_z, STATISTIC, "z of Pratt");
      // coin takes p from 1 minus a sum, which leaves an absolute error of a few 1e-16.
      if (Math.abs(pratt.p - r.coin_pratt_p) > 1e-15) assertClose(pratt.p, r.coin_pratt_p, P, "p of Pratt");
      const sign = statistics.signTest(x, y);
      assertTest(sign, r.sign_test, "sign test");
      assertInterval(statistics.shareInterval(sign.statistic, sign.pairs), r.sign_test.ci, "share", P);
    });

    it(`${name}: agreement of Bland and Altman, and Lin's concordance`, () => {
      const b = r.bland_altman;
      const found = statistics.blandAltman(x, y);
      assertClose(found.bias, b.bias, STATISTIC, "bias");
      assertClose(found.sd, b.sd, STATISTIC, "sd");
      assertInterval(found.limits, b.loa_z, "limits");
      assertInterval(statistics.blandAltman(x, y, { multiple: 1.96 }).limits, b.loa, "limits at 1.96");
      assertInterval(found.biasInterval, b.bias_ci, "bias");
      assertInterval(found.lowerInterval, b.loa_lower_ci_approx, "lower limit");
      assertInterval(found.upperInterval, b.loa_upper_ci_approx, "upper limit");
      assertClose(found.slope, b.slope_diff_on_mean, STATISTIC, "slope");
      assertClose(statistics.linConcordance(x, y), r.lin_ccc, STATISTIC, "concordance");
    });
  }

  const byAdjustment =
    readReference<Record<string, Record<string, readonly RNumber[]>>>("stats_p_adjust.json");
  for (const [name, r] of Object.entries(byAdjustment)) {
    if (name === "versions") continue;
    it(`p.adjust: ${name}`, () => {
      const p = (r.p ?? []).map(fromR);
      for (const [key, method] of Object.entries(METHODS)) {
        assertAllClose(statistics.adjust(p, method), r[key] ?? [], STATISTIC, method);
      }
    });
  }
});

function groupCases(): Record<string, Record<string, Float64Array>> {
  const cases = [
    ["wine_alcohol", "wine.csv", "alcohol", "y"],
    ["veteran_karno_celltype", "veteran.csv", "karno", "celltype"],
    ["wine_first", "wine.csv", "malic_acid", "y"],
  ] as const;
  return Object.fromEntries(
    cases.map(([name, file, column, by]) => {
      const cohort = readInput(file);
      return [name, statistics.byClass(cohort.numeric([column]).scores(column), cohort.labels(by))];
    }),
  );
}

function pairCases(name: string, r: Pairs): readonly [Float64Array, Float64Array] {
  if (r.x !== undefined && r.y !== undefined) return [Float64Array.from(r.x), Float64Array.from(r.y)];
  const take = (columns: readonly Float64Array[], n: number): readonly [Float64Array, Float64Array] => [
    (columns[0] as Float64Array).slice(0, n),
    (columns[1] as Float64Array).slice(0, n),
  ];
  if (name.startsWith("lung")) return take(completeColumns("lung.csv", ["ph.karno", "pat.karno"]), 40);
  if (name.startsWith("bc")) {
    const columns = ["worst_radius", "mean_radius"].map((column) => inputColumn("breast_cancer.csv", column));
    return take(columns, 60);
  }
  const genes = readInput("gse7390.csv").names.slice(3, 5);
  return take(
    genes.map((gene) => inputColumn("gse7390.csv", gene)),
    25,
  );
}
