/** Tables of counts and correlations against R and SciPy: stats_tables.json, stats_tables_scipy.json, stats_correlation.json. */
import assert from "node:assert/strict";
import * as statistics from "../../src/model/statistics/index.js";
import {
  absence,
  assertAllClose,
  assertClose,
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

interface RTable {
  readonly table: readonly (readonly number[])[];
  readonly chisq: RTest;
  readonly expected: readonly (readonly number[])[];
  readonly fisher: { readonly p: number };
  readonly chisq_yates?: RTest;
  readonly fisher_less?: RTest;
  readonly fisher_greater?: RTest;
  readonly odds_ratio_sample?: number;
  readonly log_or_wald_ci?: readonly number[];
  readonly risk_ratio?: number;
  readonly phi?: number;
  readonly cramers_v: number;
}

interface SciPyTable {
  readonly table: readonly (readonly number[])[];
  readonly chi2: number;
  readonly p: number;
  readonly conditional_or: number;
  readonly conditional_or_ci95: readonly RNumber[];
  readonly fisher: Readonly<Record<"two-sided" | "less" | "greater", number>>;
  readonly yates: { readonly chi2: number; readonly p: number };
  readonly barnard_p: number | null;
}

interface Correlation {
  readonly n: number;
  readonly pearson: RTest;
  readonly pearson_99: readonly number[];
  readonly spearman_t_approx: { readonly rho: number; readonly t: number; readonly p: number };
  readonly kendall_b: RTest;
  readonly spearman_exact?: RTest;
  readonly kendall_exact?: RTest;
}

/** R's uniroot, which gives the conditional odds ratio and its interval, is good to 1e-5 and worse in a flat tail. */
const UNIROOT = 1e-2;
/** SciPy's root finder stops at 1e-13 of the odds ratio or of its logarithm. */
const BRENT = 1e-9;

describe("tables of counts as R and SciPy", () => {
  if (absence !== null) {
    it(`are compared with stats_tables.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const byR = readReference<{ readonly tables: Record<string, RTable> }>("stats_tables.json").tables;
  for (const [name, r] of Object.entries(byR)) {
    it(`${name}: R agrees`, () => {
      const plain = statistics.chiSquare(r.table, { correct: false });
      assertTest(plain, r.chisq, "chi-square");
      assert.equal(plain.degreesOfFreedom, r.chisq.df?.[0]);
      assertAllClose(plain.expected.flat(), r.expected.flat(), STATISTIC, "expected");
      assertClose(plain.cramersV, r.cramers_v, STATISTIC, "Cramér's V");
      assertClose(statistics.fisher(r.table).p, r.fisher.p, P, "Fisher");
      if (r.chisq_yates === undefined) return;
      const corrected = statistics.chiSquare(r.table);
      // R leaves 5e-30 where the correction takes away all of the distance.
      if (r.chisq_yates.statistic > 1e-20) assertTest(corrected, r.chisq_yates, "Yates");
      for (const [alternative, expected] of [
        ["less", r.fisher_less],
        ["greater", r.fisher_greater],
      ] as const) {
        const found = statistics.fisher(r.table, { alternative });
        assertClose(found.p, expected?.p ?? "NaN", P, alternative);
        assert.ok(found.interval !== null);
        assertInterval(found.interval, expected?.ci, alternative, UNIROOT);
      }
      const measures = statistics.association(r.table);
      assertClose(measures.oddsRatio, r.odds_ratio_sample ?? "NaN", STATISTIC, "odds ratio");
      assertInterval(measures.oddsRatioInterval, r.log_or_wald_ci, "odds ratio");
      assertClose(measures.riskRatio, r.risk_ratio ?? "NaN", STATISTIC, "risk ratio");
      assertClose(measures.phi, r.phi ?? "NaN", STATISTIC, "phi");
    });
  }

  const bySciPy = readReference<{ readonly tables: Record<string, SciPyTable> }>(
    "stats_tables_scipy.json",
  ).tables;
  for (const [name, r] of Object.entries(bySciPy)) {
    it(`${name}: SciPy agrees`, () => {
      assertTest(
        statistics.chiSquare(r.table, { correct: false }),
        { statistic: r.chi2, p: r.p },
        "chi-square",
      );
      const corrected = statistics.chiSquare(r.table);
      assert.ok(Math.abs(corrected.statistic - r.yates.chi2) <= STATISTIC * (1 + r.yates.chi2), "Yates");
      assertClose(corrected.p, r.yates.p, P, "Yates: p");
      for (const alternative of ["two-sided", "less", "greater"] as const) {
        assertClose(statistics.fisher(r.table, { alternative }).p, r.fisher[alternative], P, alternative);
      }
      const { oddsRatio, interval } = statistics.fisher(r.table);
      assertClose(oddsRatio ?? Number.NaN, r.conditional_or, BRENT, "conditional odds ratio");
      assert.ok(interval !== null);
      assertInterval(interval, r.conditional_or_ci95, "conditional odds ratio", BRENT);
      if (r.barnard_p !== null) assertClose(statistics.barnard(r.table).p, r.barnard_p, P, "Barnard");
    });
  }

  it("makes the tables from the classes of patients", () => {
    const lung = readInput("lung.csv");
    const table = statistics.crossTable(lung.labels("sex"), lung.labels("event"));
    assert.deepEqual(table, byR.lung_sex_event?.table);
  });

  const correlations = readReference<Record<string, Correlation>>("stats_correlation.json");
  for (const [name, [x, y]] of Object.entries(pairCases())) {
    const r = correlations[name] as Correlation;
    it(`${name}: correlations by R`, () => {
      assert.equal(x.length, r.n);
      const pearson = statistics.pearson(x, y);
      assertTest(pearson, r.pearson, "Pearson");
      assertClose(pearson.r, r.pearson.estimate?.[0] ?? "NaN", STATISTIC, "r");
      assertInterval(pearson.interval, r.pearson.ci, "r");
      assertInterval(statistics.pearson(x, y, { confidence: 0.99 }).interval, r.pearson_99, "r at 99 %");
      const spearman = statistics.spearman(x, y, { exact: false });
      assertClose(spearman.rho, r.spearman_t_approx.rho, STATISTIC, "rho");
      assertTest(spearman, { statistic: r.spearman_t_approx.t, p: r.spearman_t_approx.p }, "Spearman");
      const kendall = statistics.kendall(x, y, { exact: false });
      assertClose(kendall.tau, r.kendall_b.estimate?.[0] ?? "NaN", STATISTIC, "tau");
      assertTest(kendall, r.kendall_b, "Kendall");
      if (r.spearman_exact !== undefined)
        assertTest(statistics.spearman(x, y), r.spearman_exact, "exact Spearman");
      if (r.kendall_exact !== undefined)
        assertTest(statistics.kendall(x, y), r.kendall_exact, "exact Kendall");
    });
  }

  it("covers every case of the correlations", () => {
    assert.deepEqual(
      Object.keys(correlations).filter((name) => name !== "versions"),
      Object.keys(pairCases()),
    );
  });
});

function pairCases(): Record<string, readonly [Float64Array, Float64Array]> {
  const [first = "", second = ""] = readInput("gse7390.csv").names.slice(3, 5);
  const [a, b] = [inputColumn("gse7390.csv", first), inputColumn("gse7390.csv", second)];
  const [age, karno] = completeColumns("lung.csv", ["age", "ph.karno"]) as [Float64Array, Float64Array];
  return {
    diabetes_bmi_bp: [inputColumn("diabetes.csv", "bmi"), inputColumn("diabetes.csv", "bp")],
    lung_age_karno_ties: [age, karno],
    gse_first8: [a.slice(0, 8), b.slice(0, 8)],
    gse_gene1_gene2: [a, b],
  };
}
