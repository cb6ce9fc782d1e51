/**
 * How a feature is distributed: a histogram, or violins by group.
 *
 * Source: Freedman & Diaconis 1981 (bin width); Silverman 1986, eq. 3.31 (bandwidth, R's nrd0); Hintze & Nelson 1998 (violin).
 * Layer:  plot; imports core, table.
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import { formatNumber } from "../table/render.js";
import { quantileOfSorted } from "../table/summarize.js";
import { bandwidthOf, densityAt } from "./density.js";
import { Figure } from "./figure.js";
import {
  checkCount,
  drawn,
  groupColor,
  headed,
  numbers,
  shorten,
  type TitleOptions,
  tip,
  withUnit,
} from "./marks.js";
import type { FigureGroups } from "./mime.js";
import { roundStep } from "./survival-rows.js";
import { figureFrame, INK, PAPER } from "./theme.js";
import type { Spec } from "./vega.js";

export interface HistogramOptions extends TitleOptions {
  /** A histogram for each class, one over the other. */
  readonly by?: Labels;
  /** About how many bins; their width is round. Default by Freedman and Diaconis, 5 to 60. */
  readonly bins?: number;
}

const WIDTH = 440;
const HEIGHT = 280;
const ALL = "All patients";

/**
 * Draws how many patients have values in each bin. Bins are closed on the left; the last is closed on both sides.
 *
 * @throws InputError if there is no such feature, `by` holds other patients, `bins` is no count, or no patient has a value.
 *
 * @example
 * plot.histogram(features, "Volume", { by: cohort.labels("stage") })
 */
export function histogram(x: FeatureTable, feature: string, options: HistogramOptions = {}): Figure {
  const { title = "", by, bins } = options;
  if (bins !== undefined) checkCount("bins", bins);
  const groups = samplesOf(x, feature, by);
  const all = groups.flatMap(({ sorted }) => [...sorted]).sort((a, b) => a - b);
  const edges = binEdges(all, bins);
  const labels = groups.map(({ label }) => label);
  const rows = groups.flatMap(({ label, sorted, ids }) => {
    let from = 0;
    return countIn(sorted, edges).map((count, at) => {
      const row = { group: label, x: drawn(edges[at]), x2: drawn(edges[at + 1]), zero: 0, count };
      from += count;
      return { ...row, ids: ids.slice(from - count, from) };
    });
  });
  const xAxis = numbers("x", {
    title: withUnit(feature, x.unit(feature)),
    domain: [edges[0], edges[edges.length - 1]],
  });
  const y = numbers("count", { title: "Patients" }) as { readonly [key: string]: Json };
  const alternative = headed(
    title,
    `histogram of ${withUnit(feature, x.unit(feature))}. ${describe(groups)}`,
  );
  const spec: Spec = {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      {
        data: { values: rows.filter(({ count }) => count > 0) },
        mark: { type: "rect", opacity: groups.length > 1 ? 0.5 : 0.9, stroke: PAPER, strokeWidth: 0.8 },
        encoding: {
          x: xAxis,
          x2: { field: "x2" },
          y: { ...y, scale: { zero: true } },
          y2: { field: "zero" },
          color: groupColor(labels, { symbol: "square", columns: 3 }),
          tooltip: [
            tip("group", "Patients"),
            tip("x", "from", ".4~r"),
            tip("x2", "to", ".4~r"),
            tip("count", "Count", "d"),
          ],
        },
      },
    ],
  };
  return new Figure("histogram", alternative, spec, patientsOf(groups));
}

const VIOLIN = 90;
const CURVE_POINTS = 80;

/**
 * Draws the density of a feature in each class, with its quartiles and median. Each violin has the same area.
 *
 * @throws InputError if there is no such feature, `by` holds other patients, or no patient has a value.
 *
 * @example
 * plot.violin(features, "Joint entropy", cohort.labels("histology"))
 */
export function violin(
  x: FeatureTable,
  feature: string,
  by: Labels,
  { title = "" }: TitleOptions = {},
): Figure {
  const groups = samplesOf(x, feature, by);
  const labels = groups.map(({ label }) => label);
  const curves = groups.map(({ sorted }) => densityOf(sorted));
  const most = Math.max(...curves.flatMap((curve) => curve.map(({ density }) => density)));
  const width = VIOLIN * groups.length;
  const axis = (field: string): Json => ({
    field,
    type: "quantitative",
    scale: { domain: [0, width], nice: false },
    axis: null,
  });
  const half = 0.44 * VIOLIN;
  const outline = curves.flatMap((curve, g) =>
    curve.map(({ value, density }) => ({
      group: labels[g],
      y: drawn(value),
      x: drawn(VIOLIN * (g + 0.5) - (half * density) / most),
      x2: drawn(VIOLIN * (g + 0.5) + (half * density) / most),
    })),
  );
  const boxes = groups.map(({ label, sorted }, g) => ({
    group: label,
    x: VIOLIN * (g + 0.5) - 5,
    x2: VIOLIN * (g + 0.5) + 5,
    middle: VIOLIN * (g + 0.5),
    median: drawn(quantileOfSorted(sorted, 0.5)),
    lower: drawn(quantileOfSorted(sorted, 0.25)),
    upper: drawn(quantileOfSorted(sorted, 0.75)),
    least: drawn(sorted[0]),
    most: drawn(sorted[sorted.length - 1]),
    n: sorted.length,
  }));
  const y = (field: string): Json => numbers(field, { title: withUnit(feature, x.unit(feature)) });
  const { legend: _legend, ...color } = groupColor(labels) as { readonly [key: string]: Json };
  const alternative = headed(
    title,
    `distribution of ${withUnit(feature, x.unit(feature))} by ${by.name}. ${describe(groups)}`,
  );
  const spec: Spec = {
    ...figureFrame(title, alternative),
    width,
    height: HEIGHT,
    layer: [
      {
        data: { values: outline },
        mark: { type: "area", orient: "horizontal", opacity: 0.45 },
        encoding: { y: y("y"), x: axis("x"), x2: { field: "x2" }, color: { ...color, legend: null } },
      },
      {
        data: { values: boxes },
        mark: { type: "rule", color: INK, strokeWidth: 1 },
        encoding: { x: axis("middle"), y: y("least"), y2: { field: "most" } },
      },
      {
        data: { values: boxes },
        mark: { type: "rect", color: INK, opacity: 0.85 },
        encoding: {
          x: axis("x"),
          x2: { field: "x2" },
          y: y("lower"),
          y2: { field: "upper" },
          tooltip: [
            tip("group", by.name),
            tip("n", "Patients", "d"),
            tip("median", "Median", ".4~r"),
            tip("lower", "Lower quartile", ".4~r"),
            tip("upper", "Upper quartile", ".4~r"),
          ],
        },
      },
      {
        data: { values: boxes },
        mark: { type: "circle", size: 45, color: PAPER, opacity: 1 },
        encoding: { x: axis("middle"), y: y("median") },
      },
      ...[
        { field: "name", dy: 18, fontSize: 12 },
        { field: "size", dy: 34, fontSize: 11 },
      ].map(({ field, dy, fontSize }) => ({
        data: {
          values: boxes.map(({ middle, group, n }) => ({
            middle,
            name: shorten(group, 15),
            size: `n = ${n}`,
          })),
        },
        mark: { type: "text", fontSize, baseline: "middle" },
        encoding: { x: axis("middle"), y: { value: HEIGHT + dy }, text: { field, type: "nominal" } },
      })),
    ],
  };
  return new Figure("violin", alternative, spec, patientsOf(groups));
}

interface Sample {
  readonly label: string;
  /** Rising, without missing values. */
  readonly sorted: Float64Array;
  /** Patient of each sorted value. */
  readonly ids: readonly string[];
  readonly missing: number;
}

/** Values of all patients, or of each class that has some. */
function samplesOf(x: FeatureTable, feature: string, by: Labels | undefined): readonly Sample[] {
  const values = x.column(feature);
  const infinite = values.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
  if (infinite >= 0) {
    throw new InputError(
      `"${feature}" of patient ${x.ids[infinite]} is infinite. Correct or drop that value.`,
    );
  }
  const sample = (label: string, own: readonly number[]): Sample => {
    const rows = own.filter((row) => !Number.isNaN(values[row])).sort((a, b) => values[a] - values[b]);
    return {
      label,
      sorted: Float64Array.from(rows, (row) => values[row]),
      ids: rows.map((row) => x.ids[row]),
      missing: own.length - rows.length,
    };
  };
  const every = Array.from(values.keys());
  const codes = by?.codes;
  const groups =
    by === undefined
      ? [sample(ALL, every)]
      : by.classes.map((name, code) =>
          sample(
            name,
            every.filter((row) => codes?.[row] === code),
          ),
        );
  if (by !== undefined) checkSameIds(x.ids, by.ids, "the features", `"${by.name}"`);
  const present = groups.filter(({ sorted }) => sorted.length > 0);
  if (present.length > 0) return present;
  throw new InputError(`"${feature}" has no value in any patient. Choose another feature.`);
}

function patientsOf(groups: readonly Sample[]): FigureGroups {
  return Object.fromEntries(groups.map(({ label, ids }) => [label, ids]));
}

/** Round edges that hold all values. */
export function binEdges(sorted: readonly number[], bins: number | undefined): readonly number[] {
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  if (low === high) return [low - 0.5, low + 0.5];
  const all = Float64Array.from(sorted);
  const spread = quantileOfSorted(all, 0.75) - quantileOfSorted(all, 0.25);
  const width = (2 * spread) / Math.cbrt(sorted.length);
  const count = bins ?? Math.min(60, Math.max(5, width > 0 ? Math.ceil((high - low) / width) : 5));
  const step = roundStep((high - low) / count);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

export function countIn(sorted: Float64Array, edges: readonly number[]): readonly number[] {
  const counts = new Array<number>(edges.length - 1).fill(0);
  let bin = 0;
  for (const value of sorted) {
    while (bin < counts.length - 1 && value >= edges[bin + 1]) bin++;
    counts[bin]++;
  }
  return counts;
}

/** Gaussian kernel density from the least to the largest value, at evenly spaced places. */
function densityOf(sorted: Float64Array): readonly { readonly value: number; readonly density: number }[] {
  const n = sorted.length;
  const [low, high] = [sorted[0], sorted[n - 1]];
  if (low === high) return [{ value: low, density: 1e-3 }];
  const width = bandwidthOf(sorted);
  return Array.from({ length: CURVE_POINTS + 1 }, (_, k) => {
    const value = low + ((high - low) * k) / CURVE_POINTS;
    return { value, density: densityAt(sorted, width, value) };
  });
}

function describe(groups: readonly Sample[]): string {
  const parts = groups.map(({ label, sorted, missing }) => {
    const [lower, median, upper] = [0.25, 0.5, 0.75].map((part) =>
      formatNumber(quantileOfSorted(sorted, part), 4),
    );
    return (
      `${label}: n = ${sorted.length}, median ${median} (quartiles ${lower} to ${upper})` +
      `${missing === 0 ? "" : `, ${missing} missing`}`
    );
  });
  return `${parts.join("; ")}.`;
}
