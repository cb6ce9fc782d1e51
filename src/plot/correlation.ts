/**
 * The correlation of every feature with every other as a heat map, alike features beside each other.
 *
 * Layer:  plot; imports core, model, table.
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { ranksOf } from "../model/statistics/sample.js";
import type { FeatureTable } from "../table/feature-table.js";
import { averageLinkage, type Clustering } from "./cluster.js";
import { Figure } from "./figure.js";
import { drawn, fixed, headed, rowsDown, shorten, type TitleOptions, textAt, tip } from "./marks.js";
import { DIVERGING } from "./palette.js";
import { figureFrame, INK, PAPER, QUIET_INK } from "./theme.js";
import type { Spec } from "./vega.js";

export interface CorrelationOptions extends TitleOptions {
  /** "spearman" (default) or "pearson". */
  readonly method?: "spearman" | "pearson";
  /** Alike features beside each other, with their tree (average linkage of 1 − |r|), default true; else in their order. */
  readonly cluster?: boolean;
}

/** A larger map has no cell that could be read; it would be megabytes in the notebook. */
const MOST_FEATURES = 150;
const SIDE = 460;
const LARGEST_CELL = 38;
/** Cells from this size on hold a number, and a name. */
const NUMBER_CELL = 30;
const NAME_CELL = 11;
const TREE = 60;
/** From here on the cells are so dark that their numbers are written in the color of the paper. */
const STRONG = 0.72;

/**
 * Draws the correlations of the columns of a table.
 *
 * @param x  2 to 150 columns without missing values; choose them with `select` or after `dropCorrelated`.
 * @throws InputError on another number of columns, fewer than 3 patients, a missing or infinite value, or a constant column.
 *
 * @example
 * plot.correlation(features.select(selected), { method: "spearman" })
 */
export function correlation(x: FeatureTable, options: CorrelationOptions = {}): Figure {
  const { title = "", method = "spearman", cluster = true } = options;
  checkTable(x, method);
  const n = x.columns.length;
  const r = correlationMatrix(x, method);
  const tree = cluster
    ? averageLinkage(
        r.map((value, at) => (Math.floor(at / n) === at % n ? 0 : 1 - Math.abs(value))),
        n,
      )
    : null;
  const order = tree?.order ?? Array.from({ length: n }, (_, j) => j);
  const cell = Math.min(LARGEST_CELL, Math.max(4, Math.floor(SIDE / n)));
  const size = cell * n;
  const symbol = method === "spearman" ? "ρ" : "r";
  const places = { domain: [0, size], nice: false } as const;
  const cells = order.flatMap((row, i) =>
    order.map((column, j) => ({
      x: cell * j,
      x2: cell * (j + 1),
      y: cell * i,
      y2: cell * (i + 1),
      first: x.names[row],
      second: x.names[column],
      r: Number(r[row * n + column].toFixed(3)) + 0,
    })),
  );
  const along = (field: string): Json => ({ field, type: "quantitative", scale: places, axis: null });
  const alternative = headed(title, describe(x, r, method, symbol, tree !== null));
  return new Figure("correlation", alternative, {
    ...figureFrame(title, alternative),
    width: size,
    height: size,
    layer: [
      {
        data: { values: cells },
        mark: { type: "rect", strokeWidth: cell > 8 ? 1 : 0, stroke: PAPER },
        encoding: {
          x: along("x"),
          x2: { field: "x2" },
          y: rowsDown("y", size),
          y2: { field: "y2" },
          color: {
            field: "r",
            type: "quantitative",
            scale: { domain: [-1, 0, 1], range: DIVERGING, interpolate: "lab" },
            legend: {
              title: method === "spearman" ? "Spearman’s ρ" : "Pearson’s r",
              gradientLength: Math.min(size, 180),
              gradientThickness: 10,
              values: [-1, -0.5, 0, 0.5, 1],
              format: ".1f",
              offset: 18,
            },
          },
          tooltip: [tip("first", "Feature"), tip("second", "With"), tip("r", symbol, ".3f")],
        },
      },
      ...(cell >= NUMBER_CELL ? [numberLayer(cells, cell, along, size)] : []),
      ...(cell >= NAME_CELL ? nameLayers(order, x.names, cell, size) : []),
      ...(tree === null || n < 2 ? [] : [treeLayer(tree, n, cell, along, size)]),
    ],
  });
}

/** n × n, row-major. */
function correlationMatrix(x: FeatureTable, method: "spearman" | "pearson"): Float64Array {
  const n = x.columns.length;
  const unit = x.columns.map(({ name, values }) =>
    unitColumn(name, method === "spearman" ? ranksOf(values).rank : values),
  );
  const r = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    r[i * n + i] = 1;
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let row = 0; row < unit[i].length; row++) sum += unit[i][row] * unit[j][row];
      r[i * n + j] = Math.max(-1, Math.min(1, sum));
      r[j * n + i] = r[i * n + j];
    }
  }
  return r;
}

/** Centered, of length 1: the product of two such is their correlation. */
function unitColumn(name: string, values: Float64Array): Float64Array {
  const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scaled = values.map((value) => value / (scale || 1));
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
  const centered = scaled.map((value) => value - mean);
  const length = Math.sqrt(centered.reduce((sum, value) => sum + value * value, 0));
  if (length > 1e-12) return centered.map((value) => value / length);
  throw new InputError(
    `"${name}" is the same in all patients: it has no correlation. Drop constant columns first.`,
  );
}

function checkTable(x: FeatureTable, method: string): void {
  if (method !== "spearman" && method !== "pearson") {
    throw new InputError(`the method must be "spearman" or "pearson", found "${method}".`);
  }
  const n = x.columns.length;
  if (n < 2 || n > MOST_FEATURES) {
    throw new InputError(
      `a correlation map shows 2 to ${MOST_FEATURES} columns, found ${n}. Choose columns with select, or drop correlated ones first.`,
    );
  }
  if (x.length < 3) throw new InputError(`a correlation needs at least 3 patients, found ${x.length}.`);
  for (const { name, values } of x.columns) {
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) continue;
    throw new InputError(
      `"${name}" of patient ${x.ids[bad]} is ${Number.isNaN(values[bad]) ? "missing" : values[bad]}. ` +
        "Drop the column or those patients first, or fill the value.",
    );
  }
}

function numberLayer(
  cells: readonly Spec[],
  cell: number,
  along: (field: string) => Json,
  size: number,
): Spec {
  const rows = cells.map((one) => ({
    x: Number(one.x) + cell / 2,
    y: Number(one.y) + cell / 2,
    text: fixed(Number(one.r), 2),
    strong: Math.abs(Number(one.r)) > STRONG,
  }));
  return {
    data: { values: rows },
    mark: { type: "text", baseline: "middle", fontSize: 11 },
    encoding: {
      x: along("x"),
      y: rowsDown("y", size),
      text: { field: "text", type: "nominal" },
      color: { condition: { test: "datum.strong", value: PAPER }, value: INK },
    },
  };
}

/** Rows on the left, columns below. */
function nameLayers(order: readonly number[], names: readonly string[], cell: number, size: number): Spec[] {
  const fontSize = Math.min(12, cell);
  return order.flatMap((feature, i) => {
    const name = shorten(names[feature], 34);
    const middle = cell * (i + 0.5);
    return [
      textAt(name, { x: 0, y: middle, dx: -6, align: "right", fontSize }),
      textAt(name, { x: middle, y: size + 6, angle: 270, align: "right", fontSize }),
    ];
  });
}

/** Above the map: each merge is a bracket over the middles of its two clusters. */
function treeLayer(
  { merges, order }: Clustering,
  n: number,
  cell: number,
  along: (field: string) => Json,
  size: number,
): Spec {
  const middle: number[] = [];
  order.forEach((leaf, i) => {
    middle[leaf] = cell * (i + 0.5);
  });
  const highest = merges[merges.length - 1].height;
  const up = (height: number): number => -6 - (highest > 0 ? height / highest : 0) * TREE;
  const heights: number[] = new Array(n).fill(0);
  const lines = merges.flatMap(({ first, second, height }, k) => {
    const [a, b] = [middle[first], middle[second]];
    middle[n + k] = (a + b) / 2;
    heights[n + k] = height;
    return [
      { x: a, y: up(heights[first]) },
      { x: a, y: up(height) },
      { x: b, y: up(height) },
      { x: b, y: up(heights[second]) },
    ].map((point, place) => ({ x: drawn(point.x), y: drawn(point.y), merge: k, place }));
  });
  return {
    data: { values: lines },
    mark: { type: "line", color: QUIET_INK, strokeWidth: 1, strokeJoin: "miter" },
    encoding: {
      x: along("x"),
      y: rowsDown("y", size),
      detail: { field: "merge" },
      order: { field: "place", type: "quantitative" },
    },
  };
}

function describe(
  x: FeatureTable,
  r: Float64Array,
  method: string,
  symbol: string,
  clustered: boolean,
): string {
  const n = x.columns.length;
  const pairs: { readonly names: string; readonly value: number }[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) pairs.push({ names: `${x.names[j]} and ${x.names[i]}`, value: r[i * n + j] });
  }
  const strong = pairs.filter(({ value }) => Math.abs(value) > 0.9).length;
  pairs.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const named = pairs.slice(0, 3).map(({ names, value }) => `${names} (${symbol} = ${value.toFixed(2)})`);
  return (
    `${method === "spearman" ? "Spearman" : "Pearson"} correlation of ${n} features in ${x.length} patients` +
    `${clustered ? ", alike features beside each other" : ""}. ${strong} of ${pairs.length} pairs are above 0.9 in size. ` +
    `Strongest: ${named.join(", ")}.`
  );
}
