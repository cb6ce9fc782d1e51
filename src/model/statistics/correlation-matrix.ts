/**
 * Correlations of every feature of one table with every feature of another, such as deep with radiomics features.
 *
 * Layer:  model; imports core, table and its own folder.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import { checkSameIds } from "../../table/ids.js";
import { formatNumber, renderTable } from "../../table/render.js";
import { correlateAll } from "./correlation-work.js";

export interface CorrelationMatrixOptions {
  /** Default "pearson"; "spearman" is that of the ranks. */
  readonly method?: "pearson" | "spearman";
  /** Whether to compute p, default false. Two-sided, by the t distribution. */
  readonly p?: boolean;
  /** Threads. The result is the same to the bit for any number. Default: up to 4 of the computer's cores where it takes long. */
  readonly workers?: number;
}

/** Correlations of features of two tables. */
export interface CorrelationMatrix {
  /** Features of the first and of the second table. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** rows × columns, row-major, in [-1, 1]; NaN for features in `untested`. */
  readonly r: Float64Array;
  /** The same shape, if asked for. */
  readonly p: Float64Array | null;
  /** Patients. */
  readonly n: number;
  /** Features with missing or infinite values or without any spread, of both tables. */
  readonly untested: readonly string[];
}

/**
 * @param y  The second table; default the first.
 * @throws InputError on mismatched ids, fewer than 3 patients, or a number of workers that makes no sense.
 *
 * @example
 * const { r, columns } = model.statistics.correlationMatrix(deep, radiomics, { p: true });
 * r[5 * columns.length + 7]; // of deep feature 5 with radiomics feature 7
 */
export function correlationMatrix(
  x: FeatureTable,
  y: FeatureTable = x,
  { method = "pearson", p = false, workers }: CorrelationMatrixOptions = {},
): CorrelationMatrix {
  checkSameIds(x.ids, y.ids, "the first table", "the second table");
  const n = x.length;
  if (n < 3) throw new InputError(`a correlation needs at least 3 patients, found ${n}.`);
  if (method !== "pearson" && method !== "spearman") {
    throw new InputError(`the method must be "pearson" or "spearman", found "${String(method)}".`);
  }
  const valuesOf = ({ columns }: FeatureTable): Float64Array[] => columns.map(({ values }) => values);
  const found = correlateAll(valuesOf(x), valuesOf(y), { method, p, n }, workers);
  const result: CorrelationMatrix = {
    rows: x.names,
    columns: y.names,
    r: found.r,
    p: found.p,
    n,
    untested: [
      ...new Set([
        ...y.names.filter((_, j) => found.ofSecond[j] === 0),
        ...x.names.filter((_, i) => found.ofFirst[i] === 0),
      ]),
    ],
  };
  return showAs(result, () => show(result));
}

const SHOWN_PAIRS = 15;

function show({ rows, columns, r, p, n, untested }: CorrelationMatrix): MimeBundle {
  const strongest: number[] = [];
  let least = 0;
  // The few strongest pairs, without sorting millions.
  for (let at = 0; at < r.length; at++) {
    const size = Math.abs(r[at]);
    if (!(size > least)) continue;
    strongest.push(at);
    strongest.sort((a, b) => Math.abs(r[b]) - Math.abs(r[a]));
    if (strongest.length <= SHOWN_PAIRS) continue;
    strongest.pop();
    least = Math.abs(r[strongest[SHOWN_PAIRS - 1]]);
  }
  return renderTable({
    title: `Correlations of ${rows.length} with ${columns.length} features in ${n} patients: the strongest`,
    header: ["feature", "with", "r", ...(p === null ? [] : ["p"])],
    rows: strongest.map((at) => [
      rows[Math.floor(at / columns.length)],
      columns[at % columns.length],
      formatNumber(r[at], 3),
      ...(p === null ? [] : [formatNumber(p[at], 3)]),
    ]),
    notes:
      untested.length > 0
        ? [`${untested.length} features have missing values or no spread and were not tested`]
        : [],
  });
}
