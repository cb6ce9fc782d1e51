/**
 * Fisher's exact test: whether rows and columns of a table of counts are associated, given their sums.
 *
 * Source: Fisher 1935; Freeman & Halton 1951 (more than two rows and columns); Cornfield 1956 (conditional odds ratio).
 * Layer:  model; imports core, table.
 */
import { InputError, NumericalError } from "../../core/errors.js";
import { logGamma } from "../../core/gamma.js";
import { formatP } from "../../table/render.js";
import { type CheckedCounts, type Counts, checkCounts } from "./contingency.js";
import { type Hypergeometric, hypergeometric } from "./hypergeometric.js";
import { checkConfidence } from "./sample.js";
import {
  type Alternative,
  brief,
  type ConfidenceInterval,
  checkAlternative,
  formatInterval,
  shown,
  type TestResult,
} from "./test-result.js";

export interface FisherOptions {
  /** Of two rows and columns only, default "two-sided". "greater": the odds ratio is above 1. */
  readonly alternative?: Alternative;
  /** Of the interval of the odds ratio, default 0.95. */
  readonly confidence?: number;
}

/** Fisher's exact test. `statistic` is the conditional odds ratio, 0 for tables larger than 2 × 2, which have none. */
export interface FisherTest extends TestResult {
  /** Conditional maximum likelihood; Infinity or 0 if a count is 0. null for larger tables. */
  readonly oddsRatio: number | null;
  /** Exact interval, one-sided like the test. null for larger tables. */
  readonly interval: ConfidenceInterval | null;
}

/** Two-sided p adds all tables that are no more likely than this one, with R's margin for rounding. */
const MARGIN = 1 + 1e-7;
const MOST_PATIENTS = 1_000_000;
/** More tables than this take minutes. */
const MOST_TABLES = 5e7;

/**
 * @throws InputError as `chiSquare`; NumericalError if a large table has too many rearrangements to be counted.
 *
 * @example
 * const { oddsRatio, p } = model.statistics.fisher([[12, 30], [25, 21]]);
 */
export function fisher(table: Counts, options: FisherOptions = {}): FisherTest {
  const { alternative = "two-sided", confidence = 0.95 } = options;
  checkAlternative(alternative);
  checkConfidence(confidence);
  const checked = checkCounts(table);
  if (checked.n > MOST_PATIENTS) {
    throw new InputError(
      `the exact test is for up to ${MOST_PATIENTS} patients, found ${checked.n}. Use statistics.chiSquare, which is accurate for so many.`,
    );
  }
  const isSquare = checked.rows.length === 2 && checked.columns.length === 2;
  return isSquare ? fourfold(checked, alternative, confidence) : larger(checked);
}

function fourfold(
  { counts, rows, columns, n }: CheckedCounts,
  alternative: Alternative,
  confidence: number,
): FisherTest {
  const chance = hypergeometric(rows[0], columns[0], n);
  const found = counts[0][0];
  const p = tailOf(chance, found, alternative);
  const oddsRatio = mostLikelyOdds(chance, found);
  const outer = alternative === "two-sided" ? (1 - confidence) / 2 : 1 - confidence;
  const interval = {
    lower: alternative === "less" ? 0 : oddsWhere(chance, found, "greater", outer),
    upper: alternative === "greater" ? Number.POSITIVE_INFINITY : oddsWhere(chance, found, "less", outer),
    confidence,
  };
  const result = {
    method: "Fisher's exact test",
    statistic: oddsRatio,
    p,
    oddsRatio,
    interval,
    sentence: `The odds ratio was ${formatOdds(oddsRatio)} (${formatInterval(interval)}; Fisher's exact test, ${formatP(p)}).`,
  };
  return shown(result, [
    ["odds ratio", formatOdds(oddsRatio)],
    ["interval", formatInterval(interval)],
    ["p", p],
  ]);
}

function tailOf(chance: Hypergeometric, found: number, alternative: Alternative): number {
  const { low, high, probability } = chance;
  const limit = probability[found - low] * MARGIN;
  let p = 0;
  for (let k = low; k <= high; k++) {
    const at = probability[k - low];
    const counts =
      alternative === "two-sided" ? at <= limit : alternative === "less" ? k <= found : k >= found;
    if (counts) p += at;
  }
  return Math.min(1, p);
}

/** The odds ratio at which the count found is the expected one. */
function mostLikelyOdds(chance: Hypergeometric, found: number): number {
  if (found === chance.low) return 0;
  if (found === chance.high) return Number.POSITIVE_INFINITY;
  return solveOdds((logOdds) => found - chance.tilted(logOdds).mean);
}

/** The odds ratio at which the tail of the count found has this probability. */
function oddsWhere(chance: Hypergeometric, found: number, tail: "less" | "greater", level: number): number {
  if (tail === "greater") {
    if (found === chance.low) return 0;
    return solveOdds((logOdds) => level - chance.tilted(logOdds).atLeast(found));
  }
  if (found === chance.high) return Number.POSITIVE_INFINITY;
  return solveOdds((logOdds) => chance.tilted(logOdds).atMost(found) - level);
}

/** exp of the root of a function that falls with the log odds. */
function solveOdds(excess: (logOdds: number) => number): number {
  let [low, high] = [-1, 1];
  while (excess(low) < 0) low *= 2;
  while (excess(high) > 0) high *= 2;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high || high - low < 1e-16) return Math.exp(middle);
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
}

/** All tables with the same sums, column by column. */
function larger({ counts, rows, columns, n }: CheckedCounts): FisherTest {
  const factorial = Float64Array.from({ length: n + 1 }, (_, k) => logGamma(k + 1));
  // The shorter side is filled at once; transposing changes no probability.
  const [side, along] = rows.length <= columns.length ? [rows, columns] : [columns, rows];
  refuseLarge(side, along);
  const sumOver = (values: Float64Array): number => values.reduce((sum, value) => sum + factorial[value], 0);
  const constant = sumOver(rows) + sumOver(columns) - factorial[n];
  const observed = constant - counts.flat().reduce((sum, count) => sum + factorial[count], 0);
  const limit = observed + Math.log(MARGIN);
  const left = side.slice();
  const last = side.length - 1;
  let p = 0;
  const fill = (column: number, row: number, rest: number, log: number): void => {
    if (column === along.length - 1) {
      // What is left of the sums fills the last column.
      const final = left.reduce((sum, value) => sum - factorial[value], log);
      if (final <= limit) p += Math.exp(final);
      return;
    }
    if (row === last) {
      if (rest > left[last]) return;
      left[last] -= rest;
      fill(column + 1, 0, along[column + 1], log - factorial[rest]);
      left[last] += rest;
      return;
    }
    const most = Math.min(rest, left[row]);
    for (let count = 0; count <= most; count++) {
      left[row] -= count;
      fill(column, row + 1, rest - count, log - factorial[count]);
      left[row] += count;
    }
  };
  fill(0, 0, along[0], constant);
  p = Math.min(1, p);
  const result = {
    method: "Fisher's exact test (Freeman–Halton)",
    statistic: 0,
    p,
    oddsRatio: null,
    interval: null,
    sentence: `Fisher's exact test of ${rows.length} × ${columns.length} counts (n = ${n}): ${formatP(p)}.`,
  };
  return shown(result, [
    ["n", n],
    ["p", p],
  ]);
}

/** An upper bound of the number of tables: how each column but the last can be filled by itself. */
function refuseLarge(side: Float64Array, along: Float64Array): void {
  let tables = 1;
  for (const total of along.subarray(0, along.length - 1)) {
    let ways = 1;
    for (const most of side.subarray(0, side.length - 1)) ways *= Math.min(total, most) + 1;
    tables *= ways;
  }
  if (tables <= MOST_TABLES) return;
  throw new NumericalError(
    "this table of counts has too many rearrangements for the exact test. Merge classes, or use statistics.chiSquare, " +
      "which is accurate for counts as large as these.",
  );
}

function formatOdds(odds: number): string {
  return odds === Number.POSITIVE_INFINITY ? "∞" : brief(odds);
}
