/**
 * Agreement, normality, resampling and selection against R and Python: stats_icc.json, stats_icc_pingouin.json,
 * stats_kappa.json, stats_misc.json, stats_bootstrap.json, kmeans_1d.json, mrmr.json.
 */
import assert from "node:assert/strict";
import * as statistics from "../../src/model/statistics/index.js";
import type { Labels } from "../../src/table/labels.js";
import {
  absence,
  assertAllClose,
  assertClose,
  readInput,
  readNumbers,
  readReference,
} from "../support/modelling-references.js";
import { labelsOf } from "../support/outcomes.js";
import {
  assertInterval,
  assertTest,
  completeColumns,
  inputColumn,
  P,
  STATISTIC,
} from "../support/statistics-references.js";

interface IccReference {
  readonly data?: readonly (readonly number[])[];
  readonly alpha: number;
  readonly type: readonly statistics.IccForm[];
  readonly icc: readonly number[];
  readonly F: readonly number[];
  readonly df1: readonly number[];
  readonly df2: readonly number[];
  readonly p: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly anova_ms: Readonly<Record<"ms_rows" | "ms_cols" | "ms_err", number>>;
}

interface PingouinIcc {
  readonly ICC: readonly number[];
  readonly F: readonly number[];
  readonly pval: readonly number[];
  readonly CI95: readonly (readonly number[])[];
}

interface KappaReference {
  readonly levels: readonly number[];
  readonly table: readonly (readonly number[])[];
  readonly kappa: number;
  readonly weighted_kappa_quadratic: number;
  readonly var_kappa: number;
  readonly ci95: readonly (readonly number[])[];
}

interface BootstrapReference {
  readonly estimate: number;
  readonly replicates: readonly number[];
  readonly percentile_95: readonly number[];
  readonly basic_95: readonly number[];
  readonly z0: number;
  readonly acceleration: number;
  readonly bca_levels: readonly number[];
  readonly bca_95: readonly number[];
  readonly se: number;
  readonly jackknife_se: number;
}

interface KMeansReference {
  readonly k: number;
  readonly n: number;
  readonly total_within_ss: number;
  readonly centers: readonly number[];
  readonly sizes: readonly number[];
  readonly thresholds_midpoint_of_centers: readonly number[];
  readonly largest_in_cluster: readonly number[];
}

interface Selection {
  readonly selected_0based: readonly number[];
  readonly score: readonly number[];
}

interface MrmrReference {
  readonly f_statistic: readonly number[];
  readonly fcq_anovaF_over_mean_abs_pearson: Selection;
  readonly mrmr_selection_package: readonly number[];
  readonly gaussian_mi_difference: Selection;
  readonly discrete_mid: Selection;
  readonly discrete_miq: Selection;
  readonly relevance_mi_discrete: readonly number[];
}

/**
 * Quadratic kappa's variance by statsmodels 0.15.0, cohens_kappa(table, wt="quadratic"): psych 2.2.9 gives 0.0114 for the
 * first table, 4 times as much, because it weighs the sums of the raters by themselves. Both agree without weights.
 */
const WEIGHTED_VARIANCE: Readonly<Record<string, number>> = {
  lung_ecog_vs_patkarno: 0.002685749308895594,
  binary: 0.0037992652388216964,
};

describe("agreement, resampling and selection as R and Python", () => {
  if (absence !== null) {
    it(`are compared with stats_icc.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }

  const { versions: _, ...iccs } = readReference<Record<string, IccReference>>("stats_icc.json");
  const pingouin = readReference<Record<string, PingouinIcc>>("stats_icc_pingouin.json");
  for (const [name, r] of Object.entries(iccs)) {
    it(`${name}: six intraclass correlations`, () => {
      const found = statistics.icc(ratersOf(name, r), { confidence: 1 - r.alpha });
      r.type.forEach((form, at) => {
        const one = found[form];
        assertClose(one.value, r.icc[at] as number, STATISTIC, form);
        assertClose(one.f, r.F[at] as number, STATISTIC, `${form}: F`);
        assert.deepEqual(one.degreesOfFreedom, [r.df1[at], r.df2[at]]);
        assertClose(one.p, r.p[at] as number, P, `${form}: p`);
        // Limits come from quantiles, which R finds to 1e-11 or so.
        assertInterval(one.interval, [r.lower[at] as number, r.upper[at] as number], form, P);
      });
      assertClose(found.meanSquares.subjects, r.anova_ms.ms_rows, STATISTIC, "subjects");
      assertClose(found.meanSquares.raters, r.anova_ms.ms_cols, STATISTIC, "raters");
      assertClose(found.meanSquares.rest, r.anova_ms.ms_err, STATISTIC, "rest");
      const second = pingouin[name];
      if (second === undefined) return;
      found.all.forEach(({ value, f, p, interval }, at) => {
        assertClose(value, second.ICC[at] as number, STATISTIC, "pingouin's value");
        assertClose(f, second.F[at] as number, STATISTIC, "pingouin's F");
        assertClose(p, second.pval[at] as number, P, "pingouin's p");
        // pingouin rounds its intervals to 2 decimals.
        const [lower = Number.NaN, upper = Number.NaN] = second.CI95[at] ?? [];
        assert.ok(Math.abs(interval.lower - lower) < 0.00501 && Math.abs(interval.upper - upper) < 0.00501);
      });
    });
  }

  const { versions: __, ...kappas } = readReference<Record<string, KappaReference>>("stats_kappa.json");
  for (const [name, r] of Object.entries(kappas)) {
    it(`${name}: kappa`, () => {
      const [a, b] = ratingsOf(name, r.levels);
      const plain = statistics.kappa(a, b);
      assert.deepEqual([...plain.counts], r.table.flat());
      assertClose(plain.kappa, r.kappa, STATISTIC, "kappa");
      assertClose(plain.standardError ** 2, r.var_kappa, STATISTIC, "variance");
      const [lower = Number.NaN, , upper = Number.NaN] = r.ci95[0] ?? [];
      assertInterval(plain.interval, [lower, upper], "kappa");
      const weighted = statistics.kappa(a, b, { weights: "quadratic" });
      assertClose(weighted.kappa, r.weighted_kappa_quadratic, STATISTIC, "weighted kappa");
      assertClose(
        weighted.standardError ** 2,
        WEIGHTED_VARIANCE[name] ?? "NaN",
        STATISTIC,
        "weighted variance",
      );
    });
  }

  const misc = readReference<{
    readonly shapiro: Record<
      string,
      { readonly x?: readonly number[]; readonly statistic: number; readonly p: number }
    >;
    readonly quantile_types_of_1_to_10_sq: readonly {
      readonly type: statistics.QuantileType;
      readonly q: readonly number[];
    }[];
  }>("stats_misc.json");
  for (const [name, r] of Object.entries(misc.shapiro)) {
    it(`${name}: Shapiro–Wilk test`, () =>
      assertTest(statistics.shapiroWilk(normalityCase(name, r.x)), r, "W"));
  }
  for (const { type, q } of misc.quantile_types_of_1_to_10_sq) {
    it(`quantiles of type ${type}`, () => {
      const squares = Array.from({ length: 10 }, (___, at) => (at + 1) ** 2);
      const found = [0.05, 0.25, 0.5, 0.77, 0.95].map((p) => statistics.quantile(squares, p, type));
      assertAllClose(found, q, STATISTIC, "quantile");
    });
  }

  const {
    versions: ____,
    data: _____,
    ...bootstraps
  } = readReference<Record<string, BootstrapReference>>("stats_bootstrap.json");
  for (const [name, r] of Object.entries(bootstraps)) {
    it(`${name}: bootstrap with the same rows`, () => assertBootstrap(name, r));
  }

  const { versions: ______, ...clusters } =
    readReference<Record<string, readonly KMeansReference[]>>("kmeans_1d.json");
  for (const [name, references] of Object.entries(clusters)) {
    for (const r of references) {
      it(`${name}: ${r.k} clusters`, () => {
        const found = statistics.kMeans(clusterCase(name), r.k);
        assertClose(found.withinSquares, r.total_within_ss, STATISTIC, "sum of squares");
        assertAllClose(found.centers, r.centers, STATISTIC, "centers");
        assert.deepEqual(found.sizes, r.sizes);
        assertAllClose(found.thresholds, r.thresholds_midpoint_of_centers, STATISTIC, "thresholds");
        assert.deepEqual(found.largest, r.largest_in_cluster);
      });
    }
  }

  const selections = readReference<Record<string, MrmrReference>>("mrmr.json");
  for (const [name, file, outcome] of [
    ["breast_cancer", "breast_cancer.csv", "y"],
    ["gse7390_event", "gse7390.csv", "event"],
  ] as const) {
    it(`${name}: mRMR by four criteria`, () => {
      const r = selections[name] as MrmrReference;
      const cohort = readInput(file);
      const names = cohort.names.slice(name === "breast_cancer" ? 2 : 3);
      const [x, y] = [cohort.numeric(names), cohort.labels(outcome)];
      for (const [criterion, expected] of [
        ["f-correlation", r.fcq_anovaF_over_mean_abs_pearson],
        ["gaussian", r.gaussian_mi_difference],
        ["discrete-difference", r.discrete_mid],
        ["discrete-quotient", r.discrete_miq],
      ] as const) {
        const found = statistics.mrmr(x, y, { count: expected.score.length, criterion });
        const selected = expected.selected_0based.map((at) => names[at]);
        assert.deepEqual(found.selected, selected, criterion);
        // A score is a difference or quotient of rounded means.
        assertAllClose(found.score, expected.score, P, criterion);
        if (criterion === "f-correlation") {
          // scikit-learn takes F from differences of large sums, which leaves an absolute error.
          found.relevance.forEach((value, at) => {
            const f = r.f_statistic[at] as number;
            assert.ok(Math.abs(value - f) < 1e-10 * Math.max(1, f), `F[${at}]: ${value} is not ${f}`);
          });
          assert.deepEqual(
            selected,
            r.mrmr_selection_package.map((at) => names[at]),
          );
        }
        if (criterion === "discrete-quotient") {
          // A sum of terms of both signs and of size 0.1: absolute.
          found.relevance.forEach((value, at) => {
            assert.ok(
              Math.abs(value - (r.relevance_mi_discrete[at] as number)) < 1e-14,
              `information[${at}]`,
            );
          });
        }
      }
    });
  }
});

function ratersOf(name: string, r: IccReference): readonly Float64Array[] {
  const { data } = r;
  if (data !== undefined) {
    return (data[0] ?? []).map((_, rater) => Float64Array.from(data, (row) => row[rater] as number));
  }
  if (name.startsWith("icc_30x3"))
    return ["r1", "r2", "r3"].map((rater) => inputColumn("icc_30x3.csv", rater));
  return ["mean_radius", "worst_radius"].map((rater) => inputColumn("breast_cancer.csv", rater).slice(0, 30));
}

function ratingsOf(name: string, levels: readonly number[]): readonly [Labels, Labels] {
  const classes = levels.map(String);
  const [a, b] = ["a", "b"].map((rater) => {
    const values = inputColumn("kappa_pairs.csv", rater);
    return labelsOf(name === "binary" ? values.map((value) => (value > 1 ? 1 : 0)) : values, classes);
  });
  return [a as Labels, b as Labels];
}

function normalityCase(name: string, x: readonly number[] | undefined): ArrayLike<number> {
  if (x !== undefined) return x;
  if (name === "diabetes_bmi") return inputColumn("diabetes.csv", "bmi");
  return inputColumn("breast_cancer.csv", "mean_texture").slice(0, 100);
}

function clusterCase(name: string): Float64Array {
  if (name === "gse_gene1") return inputColumn("gse7390.csv", readInput("gse7390.csv").names[3] as string);
  if (name === "bc_mean_area") return inputColumn("breast_cancer.csv", "mean_area");
  return completeColumns("lung.csv", ["ph.karno"])[0] as Float64Array;
}

function assertBootstrap(name: string, r: BootstrapReference): void {
  const found = statistics.bootstrap(60, bootstrapCase(name), { rows: readNumbers("boot_idx_1000x60.csv") });
  assertClose(found.estimate, r.estimate, STATISTIC, "estimate");
  // Sums of 60 values near 1000 and products of them: the last digits depend on the order of adding.
  found.replicates.forEach((value, at) => {
    assert.ok(
      Math.abs(value - (r.replicates[at] as number)) < 1e-12 * Math.max(1, Math.abs(value)),
      `replicate ${at}`,
    );
  });
  assertInterval(found.percentile, r.percentile_95, "percentile");
  assertInterval(found.basic, r.basic_95, "basic");
  assertClose(found.standardError, r.se, STATISTIC, "standard error");
  assertClose(found.jackknifeError, r.jackknife_se, STATISTIC, "jackknife error");
  const { bca } = found;
  assert.ok(bca !== null);
  assertClose(bca.biasCorrection, r.z0, P, "bias correction");
  assert.ok(Math.abs(bca.acceleration - r.acceleration) < STATISTIC, "acceleration");
  assertAllClose(bca.levels, r.bca_levels, P, "levels");
  assertInterval(bca, r.bca_95, "BCa", P);
}

function bootstrapCase(name: string): (rows: Uint32Array) => number {
  const area = inputColumn("breast_cancer.csv", "mean_area");
  if (name === "mean_of_mean_area")
    return (rows) => rows.reduce((sum, row) => sum + (area[row] as number), 0) / rows.length;
  if (name === "median_of_mean_area")
    return (rows) =>
      statistics.quantile(
        Float64Array.from(rows, (row) => area[row] as number),
        0.5,
      );
  const [radius, texture] = ["mean_radius", "mean_texture"].map((column) =>
    inputColumn("breast_cancer.csv", column),
  ) as [Float64Array, Float64Array];
  const pick = (of: Float64Array, rows: Uint32Array): Float64Array =>
    Float64Array.from(rows, (row) => of[row] as number);
  return (rows) => statistics.pearson(pick(radius, rows), pick(texture, rows)).r;
}
