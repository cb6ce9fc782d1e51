/** Any small data set gives numbers or a typed error: tests, agreement, resampling and selection. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { DISPLAY } from "../../src/core/display.js";
import * as statistics from "../../src/model/statistics/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { labelsOf, rowIds } from "../support/outcomes.js";
import { anyPairs, anySample, anyValue, assertSound, soundOrNull } from "../support/sound-results.js";

/** The issue asks for at least this many data sets per family. */
const RUNS = 20_000;

/** Runs each of the analyses on each data set; all must be sound, and a fair part of them must have an answer. */
function check<Data>(
  data: fc.Arbitrary<Data>,
  analyses: Readonly<Record<string, (data: Data) => unknown>>,
  infinite: readonly string[] = [],
): void {
  const answers = new Map(Object.keys(analyses).map((name) => [name, 0]));
  fc.assert(
    fc.property(data, (values) => {
      for (const [name, analyze] of Object.entries(analyses)) {
        const result = soundOrNull(() => analyze(values));
        if (result === null) continue;
        answers.set(name, (answers.get(name) ?? 0) + 1);
        assertSound(result, infinite, name);
      }
    }),
    { numRuns: RUNS },
  );
  for (const [name, count] of answers) {
    assert.ok(count > RUNS / 20, `${name}: only ${count} of ${RUNS} data sets had an answer`);
  }
}

const alternative = fc.constantFrom("two-sided" as const, "less" as const, "greater" as const);

describe("any small data set gives numbers or a typed error", function () {
  // Tens of thousands of data sets take a minute on a busy machine.
  this.timeout(300_000);

  it(`tests of two samples, ${RUNS} data sets`, () => {
    check(
      fc.tuple(anySample, anySample, alternative),
      {
        student: ([x, y, side]) => statistics.student(x, y, { alternative: side }),
        welch: ([x, y, side]) => statistics.welch(x, y, { alternative: side }),
        oneSample: ([x, , side]) => statistics.oneSampleT(x, { alternative: side }),
        varianceRatio: ([x, y]) => statistics.varianceRatio(x, y),
        exactRanks: ([x, y, side]) => statistics.mannWhitney(x, y, { alternative: side }),
        ranks: ([x, y, side]) => statistics.mannWhitney(x, y, { alternative: side, method: "asymptotic" }),
        exactDistance: ([x, y]) => statistics.kolmogorovSmirnov(x, y),
        distance: ([x, y]) => statistics.kolmogorovSmirnov(x, y, { method: "asymptotic" }),
        permutation: ([x, y, side]) => statistics.permutationTest(x, y, { alternative: side, draws: 9 }),
        normality: ([x]) => statistics.shapiroWilk([...x, 1, 2]),
      },
      ["lower", "upper"],
    );
  });

  it(`tests of k samples, ${RUNS} data sets`, () => {
    check(fc.array(anySample, { maxLength: 4 }), {
      anova: (groups) => statistics.anova(groups),
      welchAnova: (groups) => statistics.welchAnova(groups),
      kruskalWallis: (groups) => statistics.kruskalWallis(groups),
      bartlett: (groups) => statistics.bartlett(groups),
      fligner: (groups) => statistics.fligner(groups),
      levene: (groups) => statistics.levene(groups),
      pairsByT: (groups) => statistics.pairwise(groups, { test: "t" }),
      pairsByRanks: (groups) => statistics.pairwise(groups, { adjustment: "hommel" }),
    });
  });

  it(`tests of pairs and correlations, ${RUNS} data sets`, () => {
    check(
      fc.tuple(anyPairs, alternative),
      {
        pairedT: ([[x, y], side]) => statistics.pairedT(x, y, { alternative: side }),
        exactSigned: ([[x, y], side]) => statistics.wilcoxonSignedRank(x, y, { alternative: side }),
        signed: ([[x, y]]) => statistics.wilcoxonSignedRank(x, y, { method: "asymptotic" }),
        pratt: ([[x, y]]) => statistics.wilcoxonSignedRank(x, y, { method: "asymptotic", zeros: "pratt" }),
        sign: ([[x, y], side]) => statistics.signTest(x, y, { alternative: side }),
        blandAltman: ([[x, y]]) => statistics.blandAltman(x, y),
        concordance: ([[x, y]]) => statistics.linConcordance(x, y),
        pearson: ([[x, y], side]) => statistics.pearson(x, y, { alternative: side }),
        spearman: ([[x, y], side]) => statistics.spearman(x, y, { alternative: side }),
        kendall: ([[x, y], side]) => statistics.kendall(x, y, { alternative: side }),
      },
      ["lower", "upper", "statistic"],
    );
  });

  it(`tables of counts, ${RUNS} data sets`, () => {
    const count = fc.oneof(
      { weight: 40, arbitrary: fc.integer({ min: 0, max: 6 }) },
      { weight: 1, arbitrary: fc.constantFrom(-1, 0.5, Number.NaN, 1e9) },
    );
    const table = fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
      .chain(([rows, columns]) =>
        fc.array(fc.array(count, { minLength: columns, maxLength: columns }), {
          minLength: rows,
          maxLength: rows,
        }),
      );
    check(
      fc.tuple(table, alternative, fc.integer({ min: -1, max: 12 }), fc.integer({ min: 0, max: 12 })),
      {
        chiSquare: ([rows]) => statistics.chiSquare(rows),
        fisher: ([rows, side]) => statistics.fisher(rows, { alternative: side }),
        binomial: ([, side, cases, n]) =>
          statistics.binomialTest(cases, n, { alternative: side, share: 0.3 }),
        wilson: ([, , cases, n]) => statistics.shareInterval(cases, n, { method: "wilson-corrected" }),
      },
      ["lower", "upper", "statistic", "oddsRatio"],
    );
    check(fc.array(fc.array(count, { minLength: 2, maxLength: 2 }), { minLength: 2, maxLength: 2 }), {
      association: (rows) => statistics.association(rows),
    });
  });

  it(`agreement of raters, ${RUNS} data sets`, () => {
    const raters = fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 5 }))
      .chain(([k, n]) =>
        fc.array(fc.array(anyValue, { minLength: n, maxLength: n }), { minLength: k, maxLength: k }),
      );
    check(raters, { icc: (values) => statistics.icc(values) });
    const rating = fc.integer({ min: 0, max: 2 });
    const classes = ["0", "1", "2"];
    check(
      fc.tuple(
        fc.array(fc.tuple(rating, rating), { maxLength: 9 }),
        fc.constantFrom("none", "linear", "quadratic"),
      ),
      {
        kappa: ([pairs, weights]) =>
          statistics.kappa(
            labelsOf(
              pairs.map(([a]) => a),
              classes,
            ),
            labelsOf(
              pairs.map(([, b]) => b),
              classes,
            ),
            { weights: weights as "none" | "linear" | "quadratic" },
          ),
      },
    );
  });

  it(`bootstrap, clusters and selection, ${RUNS} data sets`, () => {
    const criterion = fc.constantFrom(
      "f-correlation" as const,
      "gaussian" as const,
      "discrete-difference" as const,
      "discrete-quotient" as const,
    );
    check(
      fc.tuple(
        fc.array(fc.tuple(anyValue, anyValue, fc.integer({ min: 0, max: 1 })), { maxLength: 9 }),
        fc.integer({ min: 1, max: 3 }),
        criterion,
      ),
      {
        bootstrap: ([rows]) =>
          statistics.bootstrap(
            rows.length,
            (drawn) => drawn.reduce((sum, row) => sum + (rows[row]?.[0] as number), 0) / drawn.length,
            { draws: 9, seed: 1 },
          ),
        clusters: ([rows, k]) =>
          statistics.kMeans(
            rows.map(([value]) => value),
            k,
          ),
        mrmr: ([rows, count, by]) =>
          statistics.mrmr(
            new FeatureTable(
              rowIds(rows.length),
              [0, 1].map((at) => ({
                name: `x${at}`,
                unit: "",
                values: Float64Array.from(rows, (row) => row[at] as number),
              })),
            ),
            labelsOf(rows.map(([, , label]) => label)),
            { count, criterion: by },
          ),
        adjusted: ([rows]) =>
          statistics
            .adjust(
              rows.map(([p]) => Math.abs(p) / 9),
              "hommel",
            )
            .filter((p) => !Number.isNaN(p)),
        quantile: ([rows, type]) =>
          statistics.quantile(
            rows.map(([value]) => value),
            0.3,
            type as statistics.QuantileType,
          ),
      },
    );
  });
});

describe("what statistics refuse, and what they say", () => {
  const refused: readonly (readonly [string, () => unknown, RegExp])[] = [
    [
      "an empty group",
      () => statistics.welch([], [1, 2]),
      /first group has 0 values, but at least 2 are needed/,
    ],
    [
      "a missing value",
      () => statistics.mannWhitney([1, Number.NaN], [2]),
      /value 2 of 2 is missing.*Drop missing values/,
    ],
    ["constant groups", () => statistics.welch([3, 3, 3], [3, 3]), /all values of each group are the same/],
    ["all values tied", () => statistics.mannWhitney([1, 1], [1, 1]), /all 4 values are equal/],
    ["unequal pairs", () => statistics.pairedT([1, 2], [1]), /equal numbers, but there are 2 and 1/],
    [
      "pairs without difference",
      () => statistics.wilcoxonSignedRank([1, 2], [1, 2]),
      /all 2 pairs are equal/,
    ],
    [
      "a constant variable",
      () => statistics.pearson([1, 2, 3], [5, 5, 5]),
      /constant: it has no correlation/,
    ],
    [
      "an empty column",
      () =>
        statistics.fisher([
          [1, 0],
          [2, 0],
        ]),
      /column 2 of the table has no patients/,
    ],
    [
      "negative counts",
      () =>
        statistics.chiSquare([
          [1, -2],
          [3, 4],
        ]),
      /whole and not negative, found -2/,
    ],
    [
      "a zero in an odds ratio",
      () =>
        statistics.association([
          [0, 1],
          [2, 3],
        ]),
      /Use statistics\.fisher/,
    ],
    ["a p above 1", () => statistics.adjust([0.2, 1.5]), /p values lie in \[0, 1\], but value 2 is 1\.5/],
    [
      "identical raters",
      () =>
        statistics.icc([
          [1, 2, 3],
          [1, 2, 3],
        ]),
      /not the same column/,
    ],
    ["too many clusters", () => statistics.kMeans([1, 1, 2], 3), /number of distinct values \(2\), found 3/],
    [
      "other patients",
      () => statistics.crossTable(labelsOf([0, 1]), labelsOf([0, 1, 1])),
      /not the same patients/,
    ],
  ];
  for (const [what, work, message] of refused) {
    it(`refuses ${what}`, () => assert.throws(work, message));
  }

  it("shows results as text and HTML with their sentence", () => {
    const test = statistics.welch([1, 2, 3, 4], [2, 4, 6, 9]);
    const bundle = (test as unknown as Record<symbol, () => Record<string, string>>)[DISPLAY]?.();
    assert.match(bundle?.["text/plain"] ?? "", /^Welch's t test: p = 0\.1/);
    assert.ok(bundle?.["text/html"]?.includes("<table>"));
    assert.match(
      test.sentence,
      /difference -2\.75 \(95 % CI -7\.23 to 1\.73; Welch's t test, t = -1\.69, 4\.08 df, p = 0\.16; Hedges' g/,
    );
  });
});
