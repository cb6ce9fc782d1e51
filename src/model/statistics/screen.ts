/**
 * The same test of two groups for every feature of a table: fast enough for a hundred thousand of them.
 *
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { normalTwoSided, tTwoSided } from "../../core/distributions.js";
import { InputError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import { checkSameIds } from "../../table/ids.js";
import type { Labels } from "../../table/labels.js";
import { formatNumber, renderTable, rowList } from "../../table/render.js";
import { type Adjustment, adjust } from "./adjust.js";
import { studentTail } from "./student-tail.js";

export interface ScreenOptions {
  /** "student", "welch", or "mann-whitney" (default): asymptotic, with ties and continuity correction. */
  readonly test?: "student" | "welch" | "mann-whitney";
  /** Default "benjamini-hochberg": bounds the share of false discoveries. */
  readonly adjustment?: Adjustment;
}

/** Results in the order of the columns. */
export interface Screen {
  readonly features: readonly string[];
  /** t, or W of the first class. NaN for columns in `untested`. */
  readonly statistic: Float64Array;
  /** Two-sided. NaN for columns in `untested`. */
  readonly p: Float64Array;
  readonly adjusted: Float64Array;
  /** Columns with missing or infinite values or without any spread. They do not count for the adjustment. */
  readonly untested: readonly string[];
  readonly test: "student" | "welch" | "mann-whitney";
  readonly adjustment: Adjustment;
}

/**
 * Compares two classes on every feature. It learns from `y`: inside a cross-validation, screen the training patients only.
 *
 * @throws InputError on mismatched ids, unless 2 classes have at least 2 patients each.
 *
 * @example
 * const { features, adjusted } = model.statistics.screen(train.x, train.y);
 */
export function screen(x: FeatureTable, y: Labels, options: ScreenOptions = {}): Screen {
  const { test = "mann-whitney", adjustment = "benjamini-hochberg" } = options;
  checkSameIds(x.ids, y.ids, "the features", `"${y.name}"`);
  const present = y.counts.flatMap((count, code) => (count > 0 ? [code] : []));
  const [first = -1, second = -1] = present;
  if (present.length !== 2 || present.some((code) => y.counts[code] < 2)) {
    throw new InputError(
      `screening compares 2 classes with at least 2 patients each, but "${y.name}" has ` +
        `${y.classes.map((name, code) => `${name} ${y.counts[code]}`).join(", ")}.`,
    );
  }
  const codes = y.codes;
  const rows = [first, second].map((code) =>
    Uint32Array.from(codes.keys()).filter((row) => codes[row] === code),
  );
  const width = x.columns.length;
  const statistic = new Float64Array(width);
  const p = new Float64Array(width);
  const compare = comparerOf(test, rows[0], rows[1]);
  x.columns.forEach(({ values }, at) => {
    compare(values, at, statistic, p);
  });
  const features = x.names;
  const result = {
    features,
    statistic,
    p,
    adjusted: adjust(p, adjustment),
    untested: features.filter((_, at) => Number.isNaN(p[at])),
    test,
    adjustment,
  };
  return showAs(result, () => show(result));
}

/** Writes statistic and p of one column; NaN where there is nothing to test. */
type Comparer = (values: Float64Array, at: number, statistic: Float64Array, p: Float64Array) => void;

function comparerOf(test: ScreenOptions["test"], first: Uint32Array, second: Uint32Array): Comparer {
  if (test === "mann-whitney") return rankComparer(first, second);
  if (test === "student" || test === "welch") return meanComparer(first, second, test === "student");
  throw new InputError(`the test must be "student", "welch" or "mann-whitney", found "${String(test)}".`);
}

function meanComparer(first: Uint32Array, second: Uint32Array, pooled: boolean): Comparer {
  const [m, n] = [first.length, second.length];
  const total = m + n - 2;
  const tailOf = studentTail(total);
  const sums = new Float64Array(2);
  return (values, at, statistic, p) => {
    sumRows(values, first, sums);
    const [meanA, a] = sums;
    sumRows(values, second, sums);
    const [meanB, b] = sums;
    const partA = a / (m - 1) / m;
    const partB = b / (n - 1) / n;
    const error = Math.sqrt(pooled ? ((a + b) / total) * (1 / m + 1 / n) : partA + partB);
    const t = (meanA - meanB) / error;
    // The rule of the t test: a spread that is only rounding is none.
    const tested =
      error > 10 * Number.EPSILON * Math.max(Math.abs(meanA), Math.abs(meanB)) && Number.isFinite(t);
    statistic[at] = tested ? t : Number.NaN;
    if (!tested) p[at] = Number.NaN;
    else if (pooled) p[at] = tailOf(t);
    else {
      const share = partA / (partA + partB);
      p[at] = tTwoSided(t, 1 / (share ** 2 / (m - 1) + (1 - share) ** 2 / (n - 1)));
    }
  };
}

/**
 * Mean, and sum of squares around it, of some rows. One pass is exact enough because it starts from one of the values:
 * distances to it are of the size of the spread.
 */
function sumRows(values: Float64Array, rows: Uint32Array, into: Float64Array): void {
  const start = values[rows[0]];
  let sum = 0;
  let squares = 0;
  for (let i = 1; i < rows.length; i++) {
    const distance = values[rows[i]] - start;
    sum += distance;
    squares += distance * distance;
  }
  into[0] = start + sum / rows.length;
  into[1] = Math.max(0, squares - (sum * sum) / rows.length);
}

function rankComparer(first: Uint32Array, second: Uint32Array): Comparer {
  const [m, n] = [first.length, second.length];
  const size = m + n;
  const a = new Float64Array(m);
  const b = new Float64Array(n);
  return (values, at, statistic, p) => {
    let sum = 0;
    for (let i = 0; i < m; i++) sum += a[i] = values[first[i]];
    for (let i = 0; i < n; i++) sum += b[i] = values[second[i]];
    a.sort();
    b.sort();
    // Both sorted groups are walked through together, one group of equal values after the other.
    let [i, j, wins, ties] = [0, 0, 0, 0];
    while (i < m || j < n) {
      const value = j >= n || (i < m && a[i] < b[j]) ? a[i] : b[j];
      const [fromI, fromJ] = [i, j];
      while (i < m && a[i] === value) i++;
      while (j < n && b[j] === value) j++;
      const equal = i - fromI + j - fromJ;
      if (equal === 0) break;
      wins += (i - fromI) * (fromJ + (j - fromJ) / 2);
      ties += equal * equal * equal - equal;
    }
    const variance = ((m * n) / 12) * (size + 1 - ties / (size * (size - 1)));
    const tested = Number.isFinite(sum) && variance > 0;
    statistic[at] = tested ? wins : Number.NaN;
    const distance = wins - (m * n) / 2;
    p[at] = tested
      ? normalTwoSided((Math.abs(distance) - (distance === 0 ? 0 : 0.5)) / Math.sqrt(variance))
      : Number.NaN;
  };
}

const SHOWN_FEATURES = 15;

function show({ features, statistic, p, adjusted, untested, test, adjustment }: Screen): MimeBundle {
  const order = Array.from(features.keys())
    .filter((at) => !Number.isNaN(p[at]))
    .sort((a, b) => p[a] - p[b]);
  const found = order.filter((at) => adjusted[at] < 0.05).length;
  return renderTable({
    title: `${found} of ${order.length} features differ (${test}, adjusted p < 0.05 by ${adjustment})`,
    header: ["feature", test === "mann-whitney" ? "W" : "t", "p", "adjusted p"],
    rows: rowList(order, (at) => [
      features[at],
      formatNumber(statistic[at], 4),
      formatNumber(p[at], 3),
      formatNumber(adjusted[at], 3),
    ]),
    most: SHOWN_FEATURES,
    what: "features",
    notes:
      untested.length > 0
        ? [`${untested.length} features have missing values or no spread and were not tested`]
        : [],
  });
}
