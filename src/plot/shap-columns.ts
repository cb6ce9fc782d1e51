/**
 * Which features of an explanation a figure shows, in which order, and the sum of the others; which patients it draws.
 *
 * Layer:  plot; imports core, explain, table.
 */
import { InputError } from "../core/errors.js";
import { randomStream } from "../core/random.js";
import { type Explanation, featureColumn } from "../explain/explanation.js";
import { checkCount } from "./marks.js";
import { similarityOrder } from "./shap-order.js";

/**
 * "mean": by mean absolute SHAP value. "largest": by the largest absolute value of any patient, so that what matters much for a few
 * comes up too. "similarity": those of the largest mean, but features that move the same patients alike beside each other. Names:
 * those features, in that order.
 */
export type FeatureOrder = "mean" | "largest" | "similarity" | readonly string[];

export interface FeatureRowOptions {
  /** Features shown one by one. Default 15, in heat maps and stacks 10. */
  readonly top?: number;
  /** From top to bottom, default "mean". */
  readonly order?: FeatureOrder;
  /** Whether those that are not shown are added up in one more row, default true. */
  readonly rest?: boolean;
}

/** A feature, or the sum of several. */
export interface FeatureRow {
  readonly name: string;
  /** "" for a sum. */
  readonly unit: string;
  readonly columns: readonly number[];
  /** Whose values stand for those of the row; null where they are of many features. */
  readonly valueColumn: number | null;
}

/**
 * The rows from top to bottom.
 *
 * @throws InputError if `top` is no count, the order is unknown, or a name is no feature's or repeated.
 */
export function featureRows(
  explanation: Explanation,
  { top = 15, order = "mean", rest = true }: FeatureRowOptions,
): readonly FeatureRow[] {
  checkCount("top", top);
  const ranked = orderedColumns(explanation, order);
  const isNamed = typeof order !== "string";
  // One feature left over is better shown than called "other".
  const most = isNamed ? order.length : rest && ranked.length === top + 1 ? top + 1 : top;
  const shown = ranked.slice(0, most);
  return rowsOfColumns(
    explanation,
    order === "similarity" ? alikeTogether(explanation, shown) : shown,
    rest ? ranked.slice(most) : [],
  );
}

/** Columns of like SHAP values beside each other, as in shap's `feature_order="hclust"`; the end that matters more comes first. */
function alikeTogether(
  { ids, features, values }: Explanation,
  columns: readonly number[],
): readonly number[] {
  const [n, p] = [ids.length, features.length];
  const turned = Float64Array.from(
    { length: columns.length * n },
    (_, at) => values[(at % n) * p + columns[Math.floor(at / n)]],
  );
  const order = similarityOrder(turned, columns.length, n);
  // Columns come ranked: a smaller place matters more.
  return (order[0] <= order[order.length - 1] ? order : order.toReversed()).map((at) => columns[at]);
}

/** A row for each shown column, and one for the sum of the others if there are some. */
export function rowsOfColumns(
  { features }: Explanation,
  shown: readonly number[],
  others: readonly number[],
): readonly FeatureRow[] {
  return [
    ...shown.map((j) => ({ name: features[j].name, unit: features[j].unit, columns: [j], valueColumn: j })),
    ...(others.length === 0
      ? []
      : [{ name: `Sum of ${others.length} others`, unit: "", columns: others, valueColumn: null }]),
  ];
}

/** All columns, the first first. */
function orderedColumns(explanation: Explanation, order: FeatureOrder): readonly number[] {
  if (order === "mean" || order === "similarity") return explanation.ranking();
  const { features, values } = explanation;
  const p = features.length;
  if (order === "largest") {
    const largest = new Float64Array(p);
    values.forEach((value, at) => {
      largest[at % p] = Math.max(largest[at % p], Math.abs(value));
    });
    return [...largest.keys()].sort((a, b) => largest[b] - largest[a] || a - b);
  }
  if (typeof order === "string" || order.length === 0) {
    throw new InputError(
      `the order must be "mean", "largest", "similarity" or names of features, found ${JSON.stringify(order)}.`,
    );
  }
  const named = order.map((name) => featureColumn(explanation, name));
  const twice = named.findIndex((j, at) => named.indexOf(j) !== at);
  if (twice >= 0) {
    throw new InputError(`the order names "${order[twice]}" twice. Name each feature once.`);
  }
  return [...named, ...explanation.ranking().filter((j) => !named.includes(j))];
}

/** Sum over the columns of a row for one patient. */
export function rowValue({ features, values }: Explanation, columns: readonly number[], i: number): number {
  const p = features.length;
  let sum = 0;
  for (const j of columns) sum += values[i * p + j];
  return sum;
}

/** Largest absolute value of a row of any of these patients. */
export function rowLargest(
  explanation: Explanation,
  columns: readonly number[],
  patients: Iterable<number>,
): number {
  let largest = 0;
  for (const i of patients) largest = Math.max(largest, Math.abs(rowValue(explanation, columns, i)));
  return largest;
}

/** Mean absolute value of a row over all patients. */
export function rowImportance(explanation: Explanation, columns: readonly number[]): number {
  const n = explanation.ids.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.abs(rowValue(explanation, columns, i));
  return sum / n;
}

/**
 * The patients that are drawn where all would be too many dots: all up to `most`, else a random sample that keeps the patients
 * with the lowest and the highest value of every row, so that the picture shows the same range.
 *
 * @param rows  Of the figure.
 * @returns Rows of the explanation, rising.
 */
export function drawnPatients(
  explanation: Explanation,
  rows: readonly FeatureRow[],
  most: number,
): readonly number[] {
  const n = explanation.ids.length;
  const all = Array.from({ length: n }, (_, i) => i);
  if (n <= most) return all;
  const kept = new Set<number>();
  for (const { columns } of rows) {
    let [low, high] = [0, 0];
    const moved = all.map((i) => rowValue(explanation, columns, i));
    moved.forEach((value, i) => {
      if (value < moved[low]) low = i;
      if (value > moved[high]) high = i;
    });
    kept.add(low).add(high);
  }
  // The same patients in every run: the figure of a notebook does not flicker.
  const random = randomStream(`drawn patients/${n}`);
  while (kept.size < most) kept.add(Math.floor(random.uniform() * n));
  return [...kept].sort((a, b) => a - b);
}

/** "1,500 of 5,000 patients are drawn", or "" if all are. */
export function sampleNote(shown: number, all: number): string {
  return shown === all
    ? ""
    : `${shown.toLocaleString("en")} of ${all.toLocaleString("en")} patients are drawn, the extremes among them`;
}
