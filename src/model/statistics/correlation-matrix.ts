/**
 * Correlations of every feature of one table with every feature of another, such as deep with radiomics features.
 *
 * Layer:  model; imports core, table, its own folder and the matrix products.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import { checkSameIds } from "../../table/ids.js";
import { formatNumber, renderTable } from "../../table/render.js";
import { withProducts } from "../wasm/products.js";
import { correlationTail } from "./correlation-tail.js";
import { ranksOf } from "./sample.js";

export interface CorrelationMatrixOptions {
  /** Default "pearson"; "spearman" is that of the ranks. */
  readonly method?: "pearson" | "spearman";
  /** Whether to compute p, default false. Two-sided, by the t distribution. */
  readonly p?: boolean;
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

/** Features that are multiplied at once: they and the second table then fit into the processor's cache. */
const BLOCK = 64;
/** Features of the second table that lie side by side, patient after patient. */
const PANEL = 4;
/** Squares outside of these have lost digits. */
const [SMALLEST, LARGEST] = [1e-250, 1e250];

/**
 * @param y  The second table; default the first.
 * @throws InputError on mismatched ids or fewer than 3 patients.
 *
 * @example
 * const { r, columns } = model.statistics.correlationMatrix(deep, radiomics, { p: true });
 * r[5 * columns.length + 7]; // of deep feature 5 with radiomics feature 7
 */
export function correlationMatrix(
  x: FeatureTable,
  y: FeatureTable = x,
  { method = "pearson", p = false }: CorrelationMatrixOptions = {},
): CorrelationMatrix {
  checkSameIds(x.ids, y.ids, "the first table", "the second table");
  const n = x.length;
  if (n < 3) throw new InputError(`a correlation needs at least 3 patients, found ${n}.`);
  if (method !== "pearson" && method !== "spearman") {
    throw new InputError(`the method must be "pearson" or "spearman", found "${String(method)}".`);
  }
  const r = new Float64Array(x.columns.length * y.columns.length);
  const unit = method === "pearson" ? unitOf : unitRanksOf;
  const untested = multiplyAll(x, y, unit, r);
  const result: CorrelationMatrix = {
    rows: x.names,
    columns: y.names,
    r,
    p: p ? tailsOf(r, n) : null,
    n,
    untested,
  };
  return showAs(result, () => show(result));
}

/** Writes centred values of length 1 from `offset` of `out`. @returns Whether the feature can be tested. */
type Unit = (values: Float64Array, out: Float64Array, offset: number) => boolean;

function multiplyAll(x: FeatureTable, y: FeatureTable, unit: Unit, r: Float64Array): string[] {
  const n = x.length;
  const [rows, columns] = [x.columns.length, y.columns.length];
  const panels = Math.ceil(columns / PANEL);
  const block = Math.min(BLOCK, rows);
  const untested = new Set<string>();
  const bytes = { x: block * n * 8, y: panels * n * PANEL * 8, r: block * PANEL * 8 };
  withProducts(bytes, ["y"], ({ kernels, buffer, at }) => {
    const first = new Float64Array(buffer, at.x, block * n);
    const second = new Float64Array(buffer, at.y, panels * n * PANEL);
    const product = new Float64Array(buffer, at.r, block * PANEL);
    const column = new Float64Array(n);
    const isTested = y.columns.map(({ values }, j) => {
      const tested = unit(values, column, 0);
      const start = (j - (j % PANEL)) * n + (j % PANEL);
      for (let row = 0; row < n; row++) second[start + row * PANEL] = tested ? column[row] : Number.NaN;
      return tested;
    });
    y.columns.forEach(({ name }, j) => {
      if (!isTested[j]) untested.add(name);
    });
    for (let start = 0; start < rows; start += block) {
      const many = Math.min(block, rows - start);
      for (let i = 0; i < many; i++) {
        const { name, values } = x.columns[start + i];
        if (unit(values, first, i * n)) continue;
        untested.add(name);
        first.fill(Number.NaN, i * n, i * n + n);
      }
      for (let panel = 0; panel < panels; panel++) {
        kernels.multiply(at.x, n * 8, 8, at.y + panel * n * PANEL * 8, at.r, many, n, PANEL);
        const from = panel * PANEL;
        const wide = Math.min(PANEL, columns - from);
        for (let i = 0; i < many; i++) {
          const to = (start + i) * columns + from;
          for (let j = 0; j < wide; j++) {
            const value = product[i * PANEL + j];
            r[to + j] = value > 1 ? 1 : value < -1 ? -1 : value;
          }
        }
      }
    }
  });
  return [...untested];
}

function unitOf(values: Float64Array, out: Float64Array, offset: number): boolean {
  const n = values.length;
  let sum = 0;
  for (let row = 0; row < n; row++) sum += values[row];
  const mean = sum / n;
  let squares = 0;
  let largest = 0;
  for (let row = 0; row < n; row++) {
    const value = values[row] - mean;
    out[offset + row] = value;
    squares += value * value;
    largest = Math.max(largest, Math.abs(values[row]));
  }
  if (!(squares > SMALLEST && squares < LARGEST)) return unitOfExtreme(values, out, offset);
  const length = Math.sqrt(squares);
  // The rule of a single correlation: a spread that is only rounding is none.
  if (!(length > 4 * Number.EPSILON * largest * Math.sqrt(n))) return false;
  for (let row = 0; row < n; row++) out[offset + row] /= length;
  return true;
}

/** The same for values whose squares or sum no double can hold. */
function unitOfExtreme(values: Float64Array, out: Float64Array, offset: number): boolean {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(largest > 0 && Number.isFinite(largest))) return false;
  const scaled = values.map((value) => value / largest);
  const mean = scaled.reduce((sum, value) => sum + value / scaled.length, 0);
  const spread = scaled.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
  if (!(spread > 4 * Number.EPSILON)) return false;
  const centered = scaled.map((value) => (value - mean) / spread);
  const length = Math.sqrt(centered.reduce((sum, value) => sum + value * value, 0));
  for (let row = 0; row < values.length; row++) out[offset + row] = centered[row] / length;
  return true;
}

function unitRanksOf(values: Float64Array, out: Float64Array, offset: number): boolean {
  return values.every(Number.isFinite) && unitOf(ranksOf(values).rank, out, offset);
}

function tailsOf(r: Float64Array, n: number): Float64Array {
  const tail = correlationTail(n);
  const p = new Float64Array(r.length);
  for (let at = 0; at < r.length; at++) p[at] = tail(r[at]);
  return p;
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
