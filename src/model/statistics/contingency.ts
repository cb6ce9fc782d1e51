/**
 * Tables of counts: Pearson's χ² test, and for two rows and columns odds ratio, risk ratio and φ.
 *
 * Source: Pearson 1900; Yates 1934; Cramér 1946; Woolf 1955 (interval of the odds ratio).
 * Layer:  model; imports core, table.
 */
import { chiSquareTail, normalQuantile } from "../../core/distributions.js";
import { InputError } from "../../core/errors.js";
import { checkSameIds } from "../../table/ids.js";
import type { Labels } from "../../table/labels.js";
import { formatP } from "../../table/render.js";
import { checkConfidence } from "./sample.js";
import {
  brief,
  type ConfidenceInterval,
  checkFinite,
  formatInterval,
  shown,
  type TestResult,
} from "./test-result.js";

/** Rows of counts. */
export type Counts = readonly (readonly number[])[];

/** Counts that were checked. */
export interface CheckedCounts {
  readonly counts: Counts;
  readonly rows: Float64Array;
  readonly columns: Float64Array;
  readonly n: number;
}

/** Pearson's χ² test. `statistic` is χ². */
export interface ChiSquareTest extends TestResult {
  readonly degreesOfFreedom: number;
  /** Counts expected without association; the test is only right if most are at least 5. */
  readonly expected: Counts;
  /** Cramér's V: 0 without, 1 with complete association. Without the continuity correction. */
  readonly cramersV: number;
}

/**
 * Counts of two classifications of the same patients.
 *
 * @throws InputError on mismatched ids.
 *
 * @example
 * model.statistics.chiSquare(model.statistics.crossTable(cohort.labels("sex"), cohort.labels("stage")))
 */
export function crossTable(rows: Labels, columns: Labels): Counts {
  checkSameIds(rows.ids, columns.ids, `"${rows.name}"`, `"${columns.name}"`);
  const table = rows.classes.map(() => columns.classes.map(() => 0));
  const codes = columns.codes;
  rows.codes.forEach((code, row) => {
    table[code][codes[row]]++;
  });
  return table;
}

/**
 * Tests whether rows and columns are associated.
 *
 * @param options.correct  Yates' continuity correction of two rows and columns, default true as in R.
 * @throws InputError on fewer than 2 rows or columns, negative or fractional counts, or an empty row or column.
 */
export function chiSquare(
  table: Counts,
  { correct = true }: { readonly correct?: boolean } = {},
): ChiSquareTest {
  const { counts, rows, columns, n } = checkCounts(table);
  const isSquare = rows.length === 2 && columns.length === 2;
  const expected = counts.map((row, i) => row.map((_, j) => (rows[i] * columns[j]) / n));
  const distance = counts.map((row, i) => row.map((count, j) => Math.abs(count - expected[i][j])));
  const shift = correct && isSquare ? Math.min(0.5, ...distance.flat()) : 0;
  const sum = (by: number): number =>
    distance.reduce(
      (total, row, i) => total + row.reduce((part, value, j) => part + (value - by) ** 2 / expected[i][j], 0),
      0,
    );
  const statistic = sum(shift);
  const df = (rows.length - 1) * (columns.length - 1);
  const p = chiSquareTail(statistic, df);
  const cramersV = Math.sqrt(sum(0) / n / (Math.min(rows.length, columns.length) - 1));
  const method = `Pearson's χ² test${correct && isSquare ? " with continuity correction" : ""}`;
  const low = expected.flat().filter((value) => value < 5).length;
  const warning =
    low > 0
      ? ` ${low} of ${rows.length * columns.length} expected counts are below 5: prefer Fisher's exact test.`
      : "";
  const result = {
    method,
    statistic,
    p,
    degreesOfFreedom: df,
    expected,
    cramersV,
    sentence: `${method}: χ² = ${brief(statistic)}, ${df} df, n = ${n}, ${formatP(p)}, Cramér's V = ${brief(cramersV)}.${warning}`,
  };
  return shown(result, [
    ["χ²", statistic],
    ["degrees of freedom", df],
    ["p", p],
    ["Cramér's V", cramersV],
  ]);
}

/** Measures of association of two rows and two columns. */
export interface Association {
  /** Cross product; with Woolf's interval. */
  readonly oddsRatio: number;
  readonly oddsRatioInterval: ConfidenceInterval;
  /** Share of the first column in the first row over that in the second. */
  readonly riskRatio: number;
  /** Correlation of the two, in [-1, 1]. */
  readonly phi: number;
  readonly sentence: string;
}

/** @throws InputError also if a count is 0: ratios are then 0 or infinite; `fisher` gives a finite interval on one side. */
export function association(
  table: Counts,
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): Association {
  checkConfidence(confidence);
  const { counts, rows, columns } = checkCounts(table);
  if (rows.length !== 2 || columns.length !== 2) {
    throw new InputError(
      `the odds ratio needs 2 rows and 2 columns, found ${rows.length} and ${columns.length}. Select two classes.`,
    );
  }
  const [[a, b], [c, d]] = counts as readonly (readonly [number, number])[];
  if (a * b * c * d === 0) {
    throw new InputError(
      `a count is 0 (${a}, ${b}; ${c}, ${d}): the odds ratio is 0 or infinite. Use statistics.fisher, whose interval is exact.`,
    );
  }
  const oddsRatio = (a * d) / (b * c);
  const width = normalQuantile((1 + confidence) / 2) * Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d);
  const oddsRatioInterval = {
    lower: oddsRatio * Math.exp(-width),
    upper: oddsRatio * Math.exp(width),
    confidence,
  };
  const riskRatio = a / rows[0] / (c / rows[1]);
  const phi = (a * d - b * c) / Math.sqrt(rows[0] * rows[1] * columns[0] * columns[1]);
  checkFinite("the odds ratio", oddsRatio, phi, oddsRatioInterval.upper);
  const sentence = `The odds ratio was ${brief(oddsRatio)} (${formatInterval(oddsRatioInterval)}), the risk ratio ${brief(riskRatio)}.`;
  return { oddsRatio, oddsRatioInterval, riskRatio, phi, sentence };
}

/** @throws InputError as `chiSquare`. */
export function checkCounts(table: Counts): CheckedCounts {
  const width = table[0]?.length ?? 0;
  if (table.length < 2 || width < 2 || table.some((row) => row.length !== width)) {
    throw new InputError(
      `a table of counts needs at least 2 rows and 2 columns, and rows of one length, found ${table.length} × ${width}.`,
    );
  }
  const bad = table.flat().find((count) => !(Number.isInteger(count) && count >= 0 && count <= 1e9));
  if (bad !== undefined) throw new InputError(`counts must be whole and not negative, found ${bad}.`);
  const rows = Float64Array.from(table, (row) => row.reduce((sum, count) => sum + count, 0));
  const columns = Float64Array.from(table[0], (_, j) => table.reduce((sum, row) => sum + row[j], 0));
  for (const [name, sums] of [
    ["row", rows],
    ["column", columns],
  ] as const) {
    const empty = sums.indexOf(0);
    if (empty >= 0) {
      throw new InputError(
        `${name} ${empty + 1} of the table has no patients. Drop that class from the comparison.`,
      );
    }
  }
  return { counts: table, rows, columns, n: rows.reduce((sum, value) => sum + value, 0) };
}
