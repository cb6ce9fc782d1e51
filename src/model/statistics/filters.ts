/**
 * Features to drop before a model sees them: without variance, repeating others, not reproducible.
 *
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { InputError, NumericalError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import { checkSameIds } from "../../table/ids.js";
import { formatNumber, renderTable, rowList } from "../../table/render.js";
import { type IccForm, icc, type ShiftedIcc, shiftedIcc } from "./icc.js";
import { meanOf, ranksOf, squaresAround, varianceOf } from "./sample.js";

/** Which features a filter keeps. `x.select(filter.kept)` applies it, also to new patients. */
export interface FeatureFilter {
  readonly name: string;
  readonly kept: readonly string[];
  readonly dropped: readonly { readonly feature: string; readonly reason: string }[];
}

/**
 * Drops features whose variance is not above a limit, and those with missing values.
 *
 * @param options.above  Default 0: only constant features are dropped.
 * @throws InputError on fewer than 2 patients.
 *
 * @example
 * const { kept } = model.statistics.varianceFilter(train.x);
 */
export function varianceFilter(
  x: FeatureTable,
  { above = 0 }: { readonly above?: number } = {},
): FeatureFilter {
  checkLimit("the variance", above, 0, Number.POSITIVE_INFINITY);
  checkRows(x, 2);
  return filterBy("variance filter", x, (values) => {
    const variance = spreadOf(values);
    return variance > above ? "" : `variance ${formatNumber(variance, 3)}`;
  });
}

export interface CorrelationFilterOptions {
  /** Drop features whose absolute correlation with a kept one reaches this, default 0.9. */
  readonly from?: number;
  /** Default "spearman", which outliers do not disturb. */
  readonly method?: "pearson" | "spearman";
}

/**
 * Keeps features in the order of the table, and drops each that repeats one that is kept already. Put the features that
 * should survive first. Constant features and those with missing values are dropped too.
 *
 * @throws InputError on fewer than 3 patients.
 */
export function correlationFilter(
  x: FeatureTable,
  { from = 0.9, method = "spearman" }: CorrelationFilterOptions = {},
): FeatureFilter {
  checkLimit("the correlation", from, 0, 1);
  checkRows(x, 3);
  if (method !== "pearson" && method !== "spearman") {
    throw new InputError(`the method must be "pearson" or "spearman", found "${String(method)}".`);
  }
  const kept: { readonly name: string; readonly scores: Float64Array }[] = [];
  return filterBy("correlation filter", x, (values, name) => {
    if (!(spreadOf(values) > 0)) return "constant";
    const scores = standardized(method === "pearson" ? values : ranksOf(values).rank);
    for (const other of kept) {
      let r = 0;
      for (let i = 0; i < scores.length; i++) r += scores[i] * other.scores[i];
      // Rounding must not let a copy pass at a limit of 1.
      if (Math.abs(r) >= from - 1e-12) return `correlation ${formatNumber(r, 3)} with ${other.name}`;
    }
    kept.push({ name, scores });
    return "";
  });
}

export interface IccFilterOptions {
  /** Drop features whose intraclass correlation is not above this, default 0.75. */
  readonly above?: number;
  /** Default "ICC2": absolute agreement of single raters. */
  readonly form?: IccForm;
  /** What must be above the limit: the "value", or the "lower" end of its 95 % interval (default). */
  readonly by?: "lower" | "value";
}

/**
 * Keeps reproducible features: those that agree between raters, scanners or repeated segmentations. Repetitions that differ by
 * exactly a constant have no error to estimate: they are consistent (ICC3 is 1), and agree (ICC1, ICC2) as far as the constant is
 * small beside the patients' differences.
 *
 * @param repetitions  k ≥ 2 tables of the same patients with the same columns.
 * @throws InputError on mismatched ids or columns.
 */
export function iccFilter(
  repetitions: readonly FeatureTable[],
  { above = 0.75, form = "ICC2", by = "lower" }: IccFilterOptions = {},
): FeatureFilter {
  checkLimit("the intraclass correlation", above, -1, 1);
  if (by !== "lower" && by !== "value")
    throw new InputError(`by must be "lower" or "value", found "${String(by)}".`);
  const [first, ...others] = repetitions;
  if (first === undefined || others.length === 0) {
    throw new InputError(`at least 2 repetitions are compared, found ${repetitions.length}.`);
  }
  checkRows(first, 2);
  others.forEach((other, at) => {
    checkSameIds(first.ids, other.ids, "the first repetition", `repetition ${at + 2}`);
  });
  return filterBy("reproducibility filter", first, (values, name) => {
    const columns = [values, ...others.map((other) => other.column(name))];
    if (columns.some((column) => !column.every(Number.isFinite))) return "missing values in a repetition";
    if (columns.some((column) => !(spreadOf(column) > 0))) return "constant";
    // Repetitions that are the same have no error to estimate: they agree perfectly.
    if (columns.every((column) => column.every((value, row) => value === values[row]))) return "";
    const found = singleForm(columns, form);
    if (found === null) return `${form} cannot be computed: too large, too small or too alike`;
    const value = by === "lower" ? found.interval.lower : found.value;
    return value > above
      ? ""
      : `${form} ${formatNumber(found.value, 3)}${by === "lower" ? `, lower end ${formatNumber(value, 3)}` : ""}`;
  });
}

/** One form of the intraclass correlation; null where it has no finite answer: one feature must not stop the others. */
function singleForm(columns: readonly Float64Array[], form: IccForm): ShiftedIcc | null {
  try {
    return shiftedIcc(columns, form) ?? icc(columns)[form];
  } catch (error) {
    if (error instanceof NumericalError) return null;
    throw error;
  }
}

/** Keeps the features for which there is no reason to drop them. */
function filterBy(
  name: string,
  x: FeatureTable,
  reasonAgainst: (values: Float64Array, name: string) => string,
): FeatureFilter {
  const kept: string[] = [];
  const dropped: { feature: string; reason: string }[] = [];
  for (const { name: feature, values } of x.columns) {
    const reason = values.every(Number.isFinite)
      ? reasonAgainst(values, feature)
      : "missing or infinite values";
    if (reason === "") kept.push(feature);
    else dropped.push({ feature, reason });
  }
  const filter = { name, kept, dropped };
  return showAs(filter, () => show(filter));
}

/** Variance, 0 where it is only rounding. */
function spreadOf(values: Float64Array): number {
  const variance = varianceOf(values);
  const size = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Math.sqrt(variance) > 4 * Number.EPSILON * size ? variance : 0;
}

/** Centered and of length 1: the product of two such is their correlation. */
function standardized(values: Float64Array): Float64Array {
  const mean = meanOf(values);
  const length = Math.sqrt(squaresAround(values, mean));
  return values.map((value) => (value - mean) / length);
}

function checkRows(x: FeatureTable, least: number): void {
  if (x.length >= least) return;
  throw new InputError(
    `the filter needs at least ${least} patients, found ${x.length}. Check the filter before.`,
  );
}

function checkLimit(what: string, limit: number, low: number, high: number): void {
  if (limit >= low && limit <= high) return;
  throw new InputError(`the limit of ${what} must lie between ${low} and ${high}, found ${limit}.`);
}

const SHOWN_DROPPED = 15;

function show({ name, kept, dropped }: FeatureFilter): MimeBundle {
  return renderTable({
    title: `${name}: ${kept.length} of ${kept.length + dropped.length} features kept`,
    header: ["dropped", "reason"],
    rows: rowList(dropped, ({ feature, reason }) => [feature, reason]),
    most: SHOWN_DROPPED,
    what: "features",
    words: [1],
  });
}
